"""Opening picture files within bounds: what they are, how large, frame by frame."""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from review.errors import CorruptError, TooLargeError

# Named one by one, so that nobody's file wakes another decoder.
FORMATS: Final = tuple(
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
# What decoders stumble over when a file is damaged.
FAULTS: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
    zlib.error,
)
MOST_PIXELS: Final = 80_000_000  # an A3 page at 600 dpi is 70 million
_DAMAGED: Final = "图片不完整或已损坏，无法打开，请重新导出后再提交。"
_MARKS: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
)
_BMP_HEADS: Final = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_DEEP: Final = ("I", "F")
_PLAIN: Final = frozenset({"1", "L", "RGB"})
_TURNS: Final[dict[object, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def kind_of(data: bytes) -> str | None:
    """Return which kind of picture file begins like this; None when it is none."""
    for mark, kind in _MARKS:
        if data.startswith(mark):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    # Two letters alone would take every text that begins with them.
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADS:
        return "bmp"
    return None


@contextmanager
def opened(data: bytes, most_pixels: int = MOST_PIXELS) -> Iterator[Image.Image]:
    """Open a picture file; no pixel is decoded before its declared size is checked.

    Raises:
        CorruptError: It is no picture that is read here, or damaged.
        TooLargeError: It declares more pixels than allowed.
    """
    try:
        with (
            warnings.catch_warnings(action="ignore"),  # such as of odd properties
            Image.open(io.BytesIO(data), formats=FORMATS) as image,
        ):
            check(image, most_pixels)
            yield image
    except Image.DecompressionBombError:
        raise _too_large(most_pixels) from None
    except FAULTS:
        raise CorruptError(_DAMAGED) from None


def check(image: Image.Image, most_pixels: int = MOST_PIXELS) -> None:
    """Refuse a frame that declares too many pixels.

    Raises:
        TooLargeError: It does.
        CorruptError: It has no area.
    """
    width, height = image.size
    if width <= 0 or height <= 0:
        raise CorruptError(_DAMAGED)
    if width * height > most_pixels:
        raise _too_large(most_pixels)


def upright(image: Image.Image, *, longest: int, ground: str = "white") -> Image.Image:
    """Return the present frame in red, green and blue, turned as it is shown.

    It is made no longer than `longest`; what is transparent shows the ground.
    """
    turn = _TURNS.get(_orientation(image))
    image.draft("RGB", (longest, longest))
    image.load()
    shown = flat(image, longest=longest, ground=ground)
    if turn is None:
        return shown.copy() if shown is image else shown  # the file will be closed
    return shown.transpose(turn)


def flat(image: Image.Image, *, longest: int, ground: str = "white") -> Image.Image:
    """Return an image in red, green and blue on a ground, made small first."""
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode in _DEEP:
        image = _eight_bits(image)
    if see_through(image):
        seen = _shrunk(image.convert("RGBA"), longest)
        return Image.alpha_composite(
            Image.new("RGBA", seen.size, ground), seen
        ).convert("RGB")
    if image.mode == "RGB":
        return _shrunk(image, longest)
    coarse = image if image.mode in _PLAIN else image.convert("RGB")
    if coarse.mode == "1":
        coarse = coarse.convert("L")
    return _shrunk(coarse, longest).convert("RGB")


def see_through(image: Image.Image) -> bool:
    """Tell whether parts of an image may be transparent."""
    return (
        "A" in image.getbands()
        or "a" in image.getbands()
        or ("transparency" in image.info)
    )


def _shrunk(image: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    size = (
        max(round(image.width * scale), 1),
        max(round(image.height * scale), 1),
    )
    return image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def _eight_bits(image: Image.Image) -> Image.Image:
    low, high = image.convert("F").getextrema()
    if not isinstance(low, float) or not isinstance(high, float) or high <= low:
        return Image.new("L", image.size)
    spread = 255 / (high - low)
    return (
        image.convert("F")
        .point(lambda value: value * spread - low * spread)
        .convert("L")
    )


def _orientation(image: Image.Image) -> object:
    try:
        return image.getexif().get(0x0112)
    except FAULTS:
        return None  # the picture itself may be sound


def _too_large(most_pixels: int) -> TooLargeError:
    return TooLargeError(
        f"图片超过 {most_pixels // 10_000} 万像素的上限，未予读取，请降低分辨率或裁成几张后再提交。"
    )
