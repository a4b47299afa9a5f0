"""What reading drafts needs of the machine: walls, a converter, character recognition."""

from collections.abc import Iterator

from review.cli.doctor_result import Result, note, ok
from review.errors import UnreadableError
from review.picture.png import png_of
from review.reading import aids_of
from review.sandbox.walls import bubblewrap
from review.settings import Settings

# An empty old text document, for the converter to show that it works.
_SPECIMEN = rb"{\rtf1\ansi xianshen}"


def reading(settings: Settings) -> Iterator[Result]:
    """Try the walls, the converter and the recognition, each as a draft would."""
    yield walls()
    yield converter(settings)
    yield recognition(settings)


def walls() -> Result:
    """Examine whether strange files are opened behind walls."""
    name = "文件隔离"
    if bubblewrap() is None:
        advice = (
            "请安装 bubblewrap（apt-get install bubblewrap）；"
            "已安装的，请允许普通用户建立命名空间。"
        )
        return note(name, "只有时间和内存限制，没有隔离", advice)
    return ok(name, "打开文件的进程不能上网，也看不到别的文件")


def converter(settings: Settings) -> Result:
    """Have a small document of an old format converted."""
    name = "旧格式转换"
    try:
        aids_of(settings).converted(_SPECIMEN, "docx")
    except UnreadableError as error:
        advice = "不处理 doc、wps、ppt、rtf 等旧格式的，可以不管。"
        return note(name, error.message, advice)
    return ok(name, "能转换 doc、wps、ppt、rtf 等旧格式")


def recognition(settings: Settings) -> Result:
    """Have a small picture read."""
    name = "图片文字识别"
    try:
        aids_of(settings).recognized(_blank())
    except UnreadableError as error:
        return note(name, error.message, "在修好之前，图片里的文字只能由人查看。")
    return ok(name, "能识别扫描件和图片里的文字")


def _blank() -> bytes:
    """Return a small white picture."""
    side, channels = 64, 3
    pixels = memoryview(b"\xff" * (side * side * channels))
    return png_of(pixels, width=side, height=side, stride=side * channels)
