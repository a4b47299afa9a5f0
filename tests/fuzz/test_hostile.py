"""Files made to break readers give a gap or a clear message: soon, and in little memory."""

import gc
from pathlib import Path

import pytest
import regex

from review.errors import UnreadableError
from review.extract.interface import Document, Gap
from review.extract.limits import Limits
from review.extract.read import read
from review.sandbox.reader import SandboxReader
from tests.fuzz.families import Handed
from tests.fuzz.hostile import HOSTILE
from tests.fuzz.trying import empty_temp, forget_peak, in_time, memory

_MOST_MB = 512
# Longer than a second to make or to read.
_SLOW = {
    *("flat-bomb.zip", "nested-bomb.zip", "many-members.zip", "spaces.gz"),
    *("spaces-400mb.gz", "bomb.xz", "wide-row.xlsx", "many-rows.xlsx"),
    *("many-paragraphs.docx", "doubling-units.ofd", "empty-pages.pdf"),
    *("one-page-again.pdf", "bomb.pdf", "vast-picture.pdf", "long-content.pdf"),
    *("frames.tiff", "frames.gif", "many-parts.eml", "long-header.eml", "deep.rtf"),
    *("wide-cells.html", "styled.html", "many-rows.html", "one-line.csv"),
    *("commas.csv", "open-quote.csv", "one-line.txt", "many-lines.txt"),
    *("attributes.xml", "deep.docx", "objects.rtf", "binary.rtf"),
}
# Odd, and yet there is nothing in them that could not be read.
_WHOLE = {
    *("wandering-names.zip", "many-rows.xlsx", "repeats.ods", "nested-tables.docx"),
    *("long-header.eml", "wide-cells.html", "styled.html", "comments.html"),
    *("one-line.txt", "long-content.pdf", "many-paragraphs.docx", "truncated.pdf"),
}
_SECRETS = regex.compile(r"root:|daemon:")


def _named() -> list[object]:
    return [
        pytest.param(name, marks=pytest.mark.slow) if name in _SLOW else name
        for name in HOSTILE
    ]


@pytest.mark.parametrize("name", _named())
def test_a_hostile_file_gives_a_gap_or_a_clear_message(name: str) -> None:
    data = HOSTILE[name]()
    gc.collect()
    forget_peak()
    before = memory("VmRSS")
    with empty_temp() as room:
        said = _said(data)
        assert list(room.iterdir()) == []
    assert memory("VmHWM") - before <= _MOST_MB
    if isinstance(said, str):
        assert regex.fullmatch(r"\p{Han}.*|.*\p{Han}.*[。]", said)
        return
    assert said.gaps or name in _WHOLE
    assert len(said.gaps) <= 50
    assert all(regex.search(r"\p{Han}", one.message) for one in said.gaps)
    assert not any(_SECRETS.search(one.text) for one in said.blocks)


def _said(data: bytes) -> Document | str:
    try:
        with in_time():
            return read(data, "a", aids=Handed())
    except UnreadableError as error:
        return error.message


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["turning-unit.ofd", "laughs.docx", "flat-bomb.zip", "endless-pages.pdf"]
)
def test_the_sandbox_says_the_same(name: str) -> None:
    data = HOSTILE[name]()
    try:
        found: Document | str = SandboxReader()(data, "a", Limits())
    except UnreadableError as error:
        found = error.message
    assert found == _said(data)


def test_names_that_lead_elsewhere_are_only_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    document = read(HOSTILE["wandering-names.zip"](), "a.zip")
    assert sum(one.text.startswith("机密正文") for one in document.blocks) > 5
    assert any("../../../etc/passwd" in one.text for one in document.blocks)
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "a", inside]


def _gap(name: str, **bounds: int) -> Gap:
    document = read(HOSTILE[name](), "a", Limits(**bounds))
    (gap,) = {one.message: one for one in document.gaps}.values()
    return gap


def test_a_unit_that_holds_itself_is_drawn_once_and_said() -> None:
    document = read(HOSTILE["turning-unit.ofd"](), "a")
    assert {one.code for one in document.gaps} == {"too_large"}
    assert [one.where.page for one in document.gaps] == [*range(1, 21)]


@pytest.mark.parametrize("drawn", [0, 1, 500])
def test_units_draw_no_more_than_the_limit(drawn: int) -> None:
    gap = _gap("doubling-units.ofd", drawn=drawn)
    assert (gap.code, gap.message) == ("too_large", "第 1 页图元过多，只读了一部分。")


_SIXTY = {
    "txt": "一\n".encode() * 60,
    "csv": "姓名,学号\n".encode() * 60,
    "html": "<p>一".encode() * 60,
}


@pytest.mark.parametrize("kind", _SIXTY)
def test_a_draft_of_too_many_paragraphs_is_refused(kind: str) -> None:
    data = _SIXTY[kind]
    assert len(read(data, "a", Limits(blocks=60)).blocks) == 60
    with pytest.raises(UnreadableError, match="过多"):
        read(data, "a", Limits(blocks=59))


def test_a_table_of_too_many_cells_is_refused() -> None:
    data = "姓名,学号\n".encode() * 50
    assert read(data, "a", Limits(cells=350)).blocks
    with pytest.raises(UnreadableError, match="单元格过多"):
        read(data, "a", Limits(cells=349))
