"""A picture file as a page of its own, or as many as it has frames."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from review.errors import CorruptError, NotFoundError, TooLargeError
from review.picture.bounds import MOST_OPENED, MOST_PAGES, scale_of
from review.picture.interface import Pages, Picture, Size
from review.picture.png import png_of

# Named one by one, so that nobody's file wakes another decoder.
_FORMATS: Final = tuple(
    one.format
    for one in (
        BmpImagePlugin.BmpImageFile,
        GifImagePlugin.GifImageFile,
        JpegImagePlugin.JpegImageFile,
        PngImagePlugin.PngImageFile,
        TiffImagePlugin.TiffImageFile,
        WebPImagePlugin.WebPImageFile,
    )
)
_DAMAGED: Final = "图片已损坏，画不出来，请下载原件查看。"
_TOO_LARGE: Final = "图片的像素过多，不能在网页上显示，请下载后打开查看。"


def pages_of_image(data: bytes) -> Pages:
    """Return a size a frame, turned as it is shown.

    Raises:
        CorruptError: It does not open.
        TooLargeError: It has too many pixels.
    """
    with _opened(data) as image:
        count = min(getattr(image, "n_frames", 1), MOST_PAGES)
        return Pages(tuple(_size(image, frame) for frame in range(count)))


def draw_image(data: bytes, page: int, *, width_px: int) -> Picture:
    """Return a frame on white, never larger than it is.

    Raises:
        NotFoundError: There is no such frame.
        CorruptError: It does not open.
        TooLargeError: It has too many pixels.
    """
    with _opened(data) as image:
        if not 1 <= page <= min(getattr(image, "n_frames", 1), MOST_PAGES):
            raise NotFoundError("没有这一页，请核对页码。")
        size = _size(image, page - 1)
        scale = min(scale_of(size, width_px), 1.0)
        width, height = (
            max(round(size.width * scale), 1),
            max(round(size.height * scale), 1),
        )
        longer = max(width, height)  # whichever way the file has it turned
        image.draft("RGB", (longer, longer))
        upright = _on_white(ImageOps.exif_transpose(image))
        shown = upright.resize((width, height), reducing_gap=2.0)
        pixels = memoryview(shown.tobytes())
        png = png_of(pixels, width=width, height=height, stride=width * 3)
        return Picture(png, width, height)


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """Open an image; whatever its decoder stumbles over means that it is damaged."""
    try:
        with (
            warnings.catch_warnings(action="ignore"),  # such as of odd properties
            Image.open(io.BytesIO(data), formats=_FORMATS) as image,
        ):
            yield image
    except Image.DecompressionBombError:
        raise TooLargeError(_TOO_LARGE) from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError):
        raise CorruptError(_DAMAGED) from None


def _size(image: Image.Image, frame: int) -> Size:
    if frame:
        image.seek(frame)
    width, height = image.size
    if width * height > MOST_OPENED:
        raise TooLargeError(_TOO_LARGE)
    turned = image.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    return Size(height, width) if turned else Size(width, height)


def _on_white(image: Image.Image) -> Image.Image:
    """Return the image in red, green and blue, what is transparent in white."""
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    ground = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(ground, seen).convert("RGB")
