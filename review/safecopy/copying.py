"""Make a safe copy: read, clean, read again, compare."""

from typing import Final

from review.errors import UnreadableError, UnsupportedError
from review.extract.interface import Document
from review.extract.limits import Limits
from review.extract.ole.ole import MAGIC
from review.extract.read import read
from review.safecopy.characters import squeezed
from review.safecopy.cleaners import CLEANERS
from review.safecopy.compare import check, has_pictures
from review.safecopy.interface import SafeCopy, Trace

_ENCRYPTED: Final = "Encrypt".encode("utf-16-le")  # begins the name of a stream
_OLD: Final = (
    (MAGIC, "docx、xlsx 或 pptx"),
    (b"{\\rtf", "docx"),
)


def safe_copy(data: bytes, name: str, limits: Limits = Limits()) -> SafeCopy:
    """Return a copy of a draft that holds only what is seen.

    The copy was read again with the same extraction: it holds nothing hidden but
    what `kept` names, and its visible text is that of the original.

    Raises:
        UnreadableError: The draft is encrypted, damaged or of a format of which
            no copy can be made, or something in it cannot be taken out.
    """
    _forbid_old_formats(data)
    before = read(data, name, limits)
    cleaner = next((one for one in CLEANERS if before.format in one.reads), None)
    if cleaner is None:
        raise UnsupportedError(
            "暂不能为这种格式制作安全副本；请另存为 docx、xlsx、pptx 或 PDF 后再试。"
        )
    cleaned = cleaner.clean(data, limits)
    after = _read_again(cleaned.data, name, limits)
    characters = check(before, after, cleaned)
    removed = cleaned.removed or _untold(before, after)
    return SafeCopy(
        data=cleaned.data,
        format=cleaned.format,
        removed=removed,
        kept=cleaned.kept,
        characters=characters,
        pictures=has_pictures(after),
    )


def _untold(before: Document, after: Document) -> tuple[Trace, ...]:
    """Return what is gone though the cleaner, which rebuilds files, met none of it."""
    left = {squeezed(one.text) for one in after.blocks if one.hidden}
    gone = [
        one
        for one in before.blocks
        if one.hidden and squeezed(one.text) and squeezed(one.text) not in left
    ]
    return (Trace("其他隐藏内容", "整个文件", len(gone)),) if gone else ()


def _read_again(data: bytes, name: str, limits: Limits) -> Document:
    try:
        return read(data, name, limits)
    except UnreadableError as error:
        raise UnsupportedError(
            "清除后的副本无法重新读取，没有生成安全副本；请在原来的软件里另存一份后再试。"
        ) from error


def _forbid_old_formats(data: bytes) -> None:
    """Refuse the formats whose hidden content nobody can take out for certain."""
    for mark, better in _OLD:
        if data.startswith(mark) and _ENCRYPTED not in data:
            raise UnsupportedError(
                f"旧格式（doc、xls、ppt、wps、et、dps、rtf、msg）不能直接清除隐藏内容；"
                f"请用 WPS 或 Office 另存为 {better} 后再试。"
            )
