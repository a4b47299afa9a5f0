"""Join what a file says itself with what its conversion says, each thing once."""

from collections.abc import Iterable
from typing import Final

from review import digests
from review.extract.interface import (
    Block,
    Convertible,
    Embedded,
    Extraction,
    Gap,
    Picture,
)
from review.spans import Location

_PROPERTY: Final = "文件属性"
_SHORT: Final = 8  # letters that may stand in many places
_WORK: Final = 2_000_000_000  # letters that the search for parts may go over
_NEW_NAMES: Final[dict[Convertible, str]] = {
    "docx": "Word 文档（docx）",
    "pptx": "演示文稿（pptx）",
    "xlsx": "表格（xlsx）",
}


def merged(converted: Extraction, own: Extraction) -> Extraction:
    """Return the conversion, and of the file's own reading all that it lacks.

    The properties of the conversion are left out: they are the converter's, and those of
    the file are in its own reading.
    A block of one's own is left out where the conversion has one of the same letters that
    is as hidden as this one; a picture or a file where it has the same bytes.
    """
    kept = tuple(one for one in converted.blocks if one.detail != _PROPERTY)
    known = _Known(kept)
    return Extraction(
        (*kept, *(one for one in own.blocks if not known.has(one))),
        tuple(dict.fromkeys((*converted.gaps, *own.gaps))),
        _files((*converted.embedded, *own.embedded)),
        _pictures((*converted.pictures, *own.pictures)),
    )


def roughly(own: Extraction, why: str) -> Extraction:
    """Return the file's own reading where it could not be converted, with a gap.

    `why` is the sentence that says why there is no conversion.
    """
    name = _NEW_NAMES.get(own.convert or "docx", "新格式")
    message = (
        f"旧格式文件没有经过转换，文字按文件内部结构读取，编号、版式和部分表格可能读得不全；"
        f"请另存为{name}后再提交，或对照原件人工查看。原因：{why}"
    )
    gap = Gap(Location(), "unsupported_part", message)
    return Extraction(own.blocks, (*own.gaps, gap), own.embedded, own.pictures)


class _Known:
    """The texts of a conversion, by their letters."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        """Gather seen and hidden texts apart."""
        kept = tuple(blocks)
        self._seen = {_letters(one.text) for one in kept if not one.hidden}
        self._hidden = {_letters(one.text) for one in kept if one.hidden}
        self._all = "\n".join(_letters(one.text) for one in kept if not one.hidden)
        self._left = _WORK

    def has(self, block: Block) -> bool:
        """Tell whether the conversion says this too."""
        letters = _letters(block.text)
        if block.hidden:
            return letters in self._hidden
        if letters in self._seen:
            return True
        if len(letters) < _SHORT or self._left < len(self._all) or block.cells:
            return False
        self._left -= len(self._all)
        return letters in self._all


def _letters(text: str) -> str:
    return "".join(one for one in text if not one.isspace())


def _files(files: Iterable[Embedded]) -> tuple[Embedded, ...]:
    found = {digests.of_bytes(one.data): one for one in reversed(tuple(files))}
    return tuple(reversed(found.values()))


def _pictures(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    kept: dict[tuple[str, bool], Picture] = {}
    for one in pictures:
        kept.setdefault((digests.of_bytes(one.data), one.page), one)
    return tuple(kept.values())
