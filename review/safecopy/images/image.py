"""Safe copies of pictures: the pixels, upright, and nothing else."""

import io
from typing import Final

from PIL import Image, ImageOps, ImageSequence

from review.errors import CorruptError, UnsupportedError
from review.extract.limits import Limits
from review.safecopy.images.bare import FAULTS, opened_picture, stripped
from review.safecopy.interface import Cleaned, Tally

_SAVED: Final = {
    "PNG": "png",
    "JPEG": "jpeg",
    "MPO": "jpeg",
    "TIFF": "tiff",
    "BMP": "bmp",
    "WEBP": "webp",
    "GIF": "gif",
}
_JPEG: Final = {"quality": 95, "subsampling": 0}
_FIXED: Final[dict[str, dict[str, object]]] = {
    "JPEG": {**_JPEG},
    "MPO": {**_JPEG},
    "TIFF": {"compression": "tiff_lzw"},
    "WEBP": {"lossless": True, "exact": True},
}
# What decides how the pixels look.
_KEPT: Final = {
    "JPEG": ("dpi", "icc_profile", "progressive"),
    "MPO": ("dpi", "icc_profile", "progressive"),
    "TIFF": ("dpi", "icc_profile"),
    "WEBP": ("icc_profile", "duration", "loop"),
    "PNG": ("dpi", "icc_profile", "duration"),
    "BMP": ("dpi",),
}
_MOST_FRAMES: Final = 500
_ORIENTATION: Final = 0x0112


class ImageCleaner:
    """Picture files of the common kinds."""

    reads: Final = frozenset(
        ["image", "png", "jpg", "jpeg", "tiff", "bmp", "webp", "gif"]
    )

    def clean(self, data: bytes, limits: Limits) -> Cleaned:
        """Return a picture file of the same kind that holds only pixels.

        Raises:
            CorruptError: It does not open.
            UnsupportedError: It is of another kind.
        """
        del limits
        picture = opened_picture(data)
        kind = picture.format or ""
        if kind not in _SAVED:
            raise UnsupportedError(
                "这种图片格式不能制作安全副本；请另存为 PNG 或 JPEG 后再试。"
            )
        made = _written(picture, data, kind)
        tally = Tally()
        tally.add("拍摄、编辑信息和附带数据", "图片", _carries(data, picture))
        if kind == "MPO":
            tally.add("同一文件里的其他图片", "图片")
        return Cleaned(data=made, format=_SAVED[kind], removed=tally.traces())


def _written(picture: Image.Image, data: bytes, kind: str) -> bytes:
    """Return the pixels as a file of the same kind."""
    if kind == "GIF":
        return stripped(data, "picture.gif")[0]
    try:
        frames = _frames(picture)
        out = io.BytesIO()
        options = _options(picture, kind)
        if len(frames) > 1:
            options |= {"save_all": True, "append_images": frames[1:]}
        frames[0].save(out, {"MPO": "JPEG"}.get(kind, kind), **options)
    except FAULTS as fault:
        raise CorruptError(
            "图片已损坏，不能制作安全副本；请重新导出后再试。"
        ) from fault
    return out.getvalue()


def upright(data: bytes) -> bytes:
    """Return a picture turned as its file says; one that stands upright as it is.

    Raises:
        CorruptError: It does not open.
    """
    picture = opened_picture(data)
    kind = picture.format or ""
    turned = picture.getexif().get(_ORIENTATION, 1) not in {0, 1}
    return _written(picture, data, kind) if turned and kind in _SAVED else data


def _frames(picture: Image.Image) -> list[Image.Image]:
    """Return every frame, turned upright, without anything attached."""
    if picture.format in {"MPO", "JPEG"}:
        return [_bare(picture)]
    if getattr(picture, "n_frames", 1) > _MOST_FRAMES:
        raise UnsupportedError("图片的帧数过多，请拆分后再试。")
    return [_bare(frame) for frame in ImageSequence.Iterator(picture)]


def _bare(frame: Image.Image) -> Image.Image:
    """Return a picture made of pixels alone."""
    upright = ImageOps.exif_transpose(frame)
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    if upright.mode == "P" and (palette := upright.getpalette()):
        bare.putpalette(palette)
    if "transparency" in frame.info:
        bare.info["transparency"] = frame.info["transparency"]
    return bare


def _options(picture: Image.Image, kind: str) -> dict[str, object]:
    options: dict[str, object] = dict(_FIXED.get(kind, {}))
    for name in _KEPT.get(kind, ()):
        if picture.info.get(name):
            options[name] = picture.info[name]
    if "dpi" in options:
        options["dpi"] = tuple(float(one) for one in picture.info["dpi"])
    return options


def _carries(data: bytes, picture: Image.Image) -> bool:
    """Tell whether the file held anything but pixels."""
    if picture.format == "TIFF":
        return True
    return bool(stripped(data, "picture")[1]) or bool(
        picture.getexif().get(_ORIENTATION)
    )
