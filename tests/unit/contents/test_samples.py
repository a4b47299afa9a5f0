"""On the sample drafts: nothing that extraction sees is lost, and all is kept."""

from pathlib import Path

import pytest

from review.contents import fold
from review.contents.canonical import contents_of
from review.contents.compare import compare, written_out
from review.contents.interface import from_json, to_json
from review.errors import UnreadableError
from review.extract.read import read

_FOLDER = Path(__file__).resolve().parents[3] / "sample_docs"
_SEEN_PARTS = {"body", "table", "footnote", "textbox"}


def _samples(*endings: str) -> list[Path]:
    return sorted(path for path in _FOLDER.rglob("*") if path.suffix in endings)


@pytest.mark.parametrize(
    "path", _samples(".docx", ".html", ".txt"), ids=lambda p: p.name
)
def test_every_visible_text_stands_in_the_contents(path: Path) -> None:
    data = path.read_bytes()
    found = contents_of(data, path.name)
    bare = "".join(p.value for p in found.body if p.kind == "text" and not p.marks)
    shown = bare + "".join(p.value for p in found.body if p.kind == "text")
    lost = [
        text
        for block in read(data, path.name).blocks
        if not block.hidden and block.where.part in _SEEN_PARTS
        for text in block.cells or (block.text,)
        if fold.plain(text) not in shown
    ]
    assert lost == []


@pytest.mark.parametrize(
    "path", _samples(".docx", ".html", ".xlsx"), ids=lambda p: p.name
)
def test_every_sample_can_be_kept_and_compared(path: Path) -> None:
    try:
        found = contents_of(path.read_bytes(), path.name)
    except UnreadableError as error:
        assert error.message  # noqa: PT017 - a sample may be locked on purpose
        return
    assert from_json(to_json(found)) == found
    assert compare(found, found).same
    assert written_out(found)
