"""The families of formats that are fuzzed, each with its seeds and what is done to them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from review.errors import UnsupportedError
from review.extract.formats import FORMATS
from review.extract.interface import Convertible, Document, Line
from review.extract.read import read
from review.safecopy.copying import safe_copy
from review.safecopy.interface import SafeCopy

CORPUS: Final = Path(__file__).with_name("corpus")
_CONVERTED: Final = {"docx": "docx", "xlsx": "xlsx", "pptx": "pptx"}


class Handed:
    """Aids that convert any old file into the same new one, and read no picture."""

    def converted(self, data: bytes, to: Convertible) -> bytes:
        """Return a sound file, so that what the old one yields is joined with it."""
        del data
        return _first(_CONVERTED[to])

    def recognized(self, picture: bytes) -> tuple[Line, ...]:
        """Read nothing."""
        del picture
        raise UnsupportedError("这里不识别图片。")


@dataclass(frozen=True, slots=True)
class Family:
    """Some formats; `folders` of the corpus hold the seeds."""

    name: str
    folders: tuple[str, ...]
    run: Callable[[bytes], object]
    gives: type[object]
    mutants: int  # so many in every run of the tests

    def seeds(self) -> tuple[bytes, ...]:
        """Return the seeds, and what once broke an extractor, in a fixed order."""
        files = (one for folder in self.folders for one in _files(folder))
        return tuple(one.read_bytes() for one in files)


def _files(folder: str) -> list[Path]:
    return sorted(one for one in (CORPUS / folder).iterdir() if one.is_file())


@cache
def _first(folder: str) -> bytes:
    return _files(folder)[0].read_bytes()


def _read(data: bytes) -> Document:
    return read(data, "a", aids=Handed())


def _cleaned(data: bytes) -> SafeCopy:
    return safe_copy(data, "a")


# Formats that are tried together; any other is a family by its own name.
_FAMILY_OF: Final = {
    "txt": "text",
    "eml": "mail",
    "msg": "mail",
    "tnef": "mail",
    "vcf": "card",
    "ics": "card",
    **dict.fromkeys(("odt", "ods", "odp"), "odf"),
    **dict.fromkeys(("png", "jpg", "tiff", "bmp", "webp", "gif"), "image"),
    **dict.fromkeys(("zip", "7z", "rar", "tar", "gz", "bz2", "xz", "sfx"), "archive"),
}
_FEWER: Final = {"pdf": 150, "xlsx": 500}
_CLEANED: Final = ("docx", "xlsx", "pptx", "pdf", "html", "image", "text")


def family_of(format_name: str) -> str:
    """Return the family, and the folder of the corpus, that a format is tried with."""
    return _FAMILY_OF.get(format_name, format_name)


_READ: Final = tuple(dict.fromkeys(family_of(one.format) for one in FORMATS))
FAMILIES: Final = {
    one.name: one
    for one in (
        *(
            Family(name, (name,), _read, Document, _FEWER.get(name, 1000))
            for name in _READ
        ),
        Family("clean", _CLEANED, _cleaned, SafeCopy, 300),
    )
}
