"""The draft that a page draws is the draft that was read, to the last character."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.case.values import File
from review.extract.interface import Block, Document
from review.extract.read import read
from review.normalize.passages import LONGEST, normalize
from review.pipeline import Scanner
from review.report.as_json import layout_as_json, report_as_json
from review.service.cases.draft_layout import laid
from review.service.cases.draft_marks import Mark, Text, cells_of, joined, runs_of
from review.service.cases.draft_shapes import DraftBlock, DraftFile, Run
from review.service.cases.draft_view import file_view
from review.service.machine import passes
from review.service.machine.passes import Pass
from review.spans import Location

_SAMPLES = Path(__file__).resolve().parents[2] / "sample_docs"
_DRAFTS = sorted(
    one for one in _SAMPLES.iterdir() if one.suffix not in {"", ".md", ".jsonl"}
)
_SEVERITIES = ("notice", "review", "block")

_TEXTS = st.text(alphabet="云山学院。；！ \t\n”)a", max_size=60).flatmap(
    lambda text: st.integers(1, 60).map(lambda times: text * times)
)


def _full(scanner: Scanner, path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    report = scanner.scan(data, path.name)
    file = File(name=path.name, role="body", size=len(data), digest=report.sha256)
    made = passes.to_json(Pass(1, file, report), scanner.lexicon.about)
    return passes.from_json(file, made).full


def _lines(blocks: tuple[DraftBlock, ...]) -> Iterator[list[tuple[Run, ...]]]:
    """Yield what was one block of the document: its runs, or those of its cells."""
    for block in blocks:
        if block.kind == "table":
            for row in block.rows:
                yield [cell.runs for cell in row.cells]
        else:
            yield [block.runs]


def _text(line: list[tuple[Run, ...]]) -> str:
    return "\t".join("".join(run.text for run in runs) for runs in line)


def _marked(view: DraftFile, finding: str) -> str:
    """Return the characters that are marked as that finding's."""
    return "".join(
        run.text
        for line in (*_lines(view.visible), *_lines(view.hidden))
        for runs in line
        for run in runs
        if finding in run.findings
    )


@pytest.mark.parametrize("path", _DRAFTS, ids=lambda path: path.name)
def test_a_sample_is_drawn_whole_with_its_findings(
    scanner: Scanner, path: Path
) -> None:
    full = _full(scanner, path)
    view = file_view(full)
    document = read(path.read_bytes(), path.name)
    for hidden, drawn in ((False, view.visible), (True, view.hidden)):
        wanted = [one.text for one in document.blocks if one.hidden is hidden]
        assert [_text(line) for line in _lines(drawn)] == wanted
    assert full["findings"] == [] or view.findings
    for one in full["findings"]:
        marked = _marked(view, one["id"])
        if one["passage"] is None:
            assert marked == ""
            assert one["id"] in {each.id for each in view.about_whole}
        else:
            # A tab stands between cells and is drawn by neither.
            assert marked == one["text"].replace("\t", "")


@pytest.mark.parametrize("path", _DRAFTS[:6], ids=lambda path: path.name)
def test_each_finding_begins_once(scanner: Scanner, path: Path) -> None:
    full = _full(scanner, path)
    view = file_view(full)
    begun = [
        name
        for line in (*_lines(view.visible), *_lines(view.hidden))
        for runs in line
        for run in runs
        for name in run.begins
    ]
    placed = {one["id"] for one in full["findings"] if one["passage"] is not None}
    assert len(begun) == len(set(begun))
    assert set(begun) == placed


@pytest.mark.parametrize("path", _DRAFTS[:3], ids=lambda path: path.name)
def test_a_report_without_layout_is_drawn_by_its_passages(
    scanner: Scanner, path: Path
) -> None:
    full = _full(scanner, path)
    new = file_view(full)
    old = file_view({name: one for name, one in full.items() if name != "layout"})
    assert new.laid_out
    assert not old.laid_out
    assert [_text(line) for line in _lines(old.visible)] == [
        one["text"] for one in full["text"] if not one["hidden"]
    ]
    for one in full["findings"]:
        if one["passage"] is not None:
            assert _marked(old, one["id"]) == one["text"]


@pytest.mark.parametrize("path", _DRAFTS[:3], ids=lambda path: path.name)
def test_the_contracts_report_knows_no_layout(scanner: Scanner, path: Path) -> None:
    assert "layout" not in report_as_json(scanner.scan(path.read_bytes(), path.name))


def test_no_text_stands_twice_in_the_layout(scanner: Scanner) -> None:
    full = _full(scanner, _DRAFTS[0])
    assert not [
        piece
        for one in full["layout"]
        for piece in one["pieces"]
        if isinstance(piece, str) and piece.strip()
    ]


@given(texts=st.lists(_TEXTS, max_size=6))
def test_blocks_come_back_from_their_pieces(texts: list[str]) -> None:
    blocks = tuple(
        Block(one, Location(paragraph=at)) for at, one in enumerate(texts, 1)
    )
    text = normalize(Document("稿件.txt", "text", "", 0, blocks))
    assert [one.block for one in text.layout] == list(blocks)
    full = {
        "layout": layout_as_json(text),
        "text": [{"passage": one.index, "text": one.source} for one in text.passages],
        "findings": [],
    }
    assert [one.text.text for one in laid(full)] == texts
    assert [one.where for one in laid(full)] == [one.where for one in blocks]
    assert all(one.source.strip() for one in text.passages)
    assert max((len(one.source) for one in text.passages), default=0) <= LONGEST * 5


@given(cells=st.lists(st.text(alphabet="云a \n", max_size=5), min_size=1, max_size=5))
def test_cells_come_back_from_their_lengths(cells: list[str]) -> None:
    block = Block(
        "\t".join(cells), Location("table", row=1), role="row", cells=tuple(cells)
    )
    (entry,) = layout_as_json(normalize(Document("表.html", "html", "", 0, (block,))))
    whole = Text(block.text)
    drawn = cells_of(whole, entry["cells"])
    assert ["".join(run.text for run in one.runs) for one in drawn] == cells


@st.composite
def _texts_with_marks(draw: st.DrawFn) -> Text:
    text = draw(st.text(alphabet="云山\t学院", max_size=20))
    spans = draw(
        st.lists(
            st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=5
        )
    )
    return Text(
        text,
        tuple(
            Mark(f"1.f{at}", draw(st.sampled_from(_SEVERITIES)), *sorted(span))  # type: ignore[arg-type]  # - drawn from them
            for at, span in enumerate(spans, start=1)
        ),
    )


@given(
    pieces=st.lists(st.text(alphabet="云a ", min_size=1, max_size=6), max_size=5),
    choose=st.data(),
)
def test_marks_move_with_their_passages(
    pieces: list[str], choose: st.DataObject
) -> None:
    texts = {at: one for at, one in enumerate(pieces) if one.strip()}
    numbers = [at if at in texts else one for at, one in enumerate(pieces)]
    found = {}
    for at, one in texts.items():
        start = choose.draw(st.integers(0, len(one) - 1))
        end = choose.draw(st.integers(start + 1, len(one)))
        found[at] = [
            {"id": f"1.f{at}", "severity": "review", "start": start, "end": end}
        ]
    whole = joined(numbers, texts, found)
    assert whole.text == "".join(pieces)
    for mark in whole.marks:
        at = int(mark.id.removeprefix("1.f"))
        before = len("".join(pieces[:at]))
        assert (mark.start, mark.end) == (
            before + found[at][0]["start"],
            before + found[at][0]["end"],
        )
    assert len(whole.marks) == len(texts)


@given(whole=_texts_with_marks())
def test_runs_mark_exactly_what_was_found(whole: Text) -> None:
    runs = runs_of(whole)
    assert "".join(run.text for run in runs) == whole.text
    by_id: Mapping[str, Mark] = {one.id: one for one in whole.marks}
    for mark in whole.marks:
        marked = "".join(run.text for run in runs if mark.id in run.findings)
        assert marked == whole.text[mark.start : mark.end]
        begun = [run for run in runs if mark.id in run.begins]
        assert len(begun) == (mark.start < mark.end)
    for run in runs:
        gravest = [_SEVERITIES.index(by_id[one].severity) for one in run.findings]
        wanted = _SEVERITIES[max(gravest)] if gravest else None
        assert run.severity == wanted


@given(whole=_texts_with_marks())
def test_cells_begin_each_finding_once(whole: Text) -> None:
    lengths = [len(one) for one in whole.text.split("\t")]
    runs = [run for cell in cells_of(whole, lengths) for run in cell.runs]
    assert "".join(run.text for run in runs) == whole.text.replace("\t", "")
    for mark in whole.marks:
        wanted = whole.text[mark.start : mark.end].replace("\t", "")
        marked = "".join(run.text for run in runs if mark.id in run.findings)
        assert marked == wanted
        assert sum(mark.id in run.begins for run in runs) == bool(wanted)
