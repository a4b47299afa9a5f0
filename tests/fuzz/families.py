"""The families of formats that are fuzzed, each with its seeds and what is done to them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from review.errors import UnsupportedError
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


_READ: Final = (
    *("docx", "xlsx", "pptx", "odf", "ofd", "pdf", "doc", "xls", "ppt", "wps"),
    *("rtf", "html", "mhtml", "mail", "text", "csv", "xml", "image", "archive"),
)
_FEWER: Final = {"pdf": 150, "xlsx": 500}
_CLEANED: Final = ("docx", "xlsx", "pptx", "pdf", "html", "image", "text")
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
