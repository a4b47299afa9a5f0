"""The table of figures: what counts as reached, what its page says, how intervals are drawn."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import document, resampled, run
from benchmarks.rows import AbsentError, Row, holds, left_out
from benchmarks.sections import SECTIONS, Section
from review.evaluation.data import Labelled, LabelledDraft
from review.evaluation.judge import Judgement, Outcome


@pytest.mark.parametrize(
    ("figure", "wanted", "reached"),
    [
        ("0.93", "<= 1", True),
        ("1.01", "<= 1", False),
        ("559 ms, worst 700", "<= 1500 ms", True),
        ("1,600 ms", "<= 1500 ms", False),
        ("2.03x", ">= 1.7x", True),
        ("0.29%", "<= 2%", True),
        ("999", "= 1000", False),
        ("1000", "= 1000", True),
        ("12 ms", "", None),
        ("not measured: no Chromium", "<= 1500 ms", None),
    ],
)
def test_a_figure_is_held_against_what_was_asked(
    figure: str, wanted: str, reached: object
) -> None:
    assert holds(Row("one", figure, wanted)) is reached


@pytest.mark.parametrize(
    ("figure", "wanted"), [("2 s", "<= 1500 ms"), ("fast", "<= 1 s"), ("1", "below 2")]
)
def test_what_cannot_be_compared_is_no_figure(figure: str, wanted: str) -> None:
    with pytest.raises(ValueError, match="one"):
        holds(Row("one", figure, wanted))


def _state(*rows: Row, others: float = 0.0) -> dict[str, Any]:
    return {
        SECTIONS[0].name: {
            "rows": [one._asdict() for one in rows],
            "at": "2026-11-23T08:00:00+00:00",
            "commit": "0123456789",
            "machine": "an invented machine",
            "others": others,
            "seconds": 12.0,
        }
    }


def test_the_page_tells_what_is_missed_and_what_is_not_there() -> None:
    rows = [Row("slow", "3 s", "<= 2 s", "bare 1 s"), *left_out("pages", "no browser")]
    page = document.page(_state(*rows, others=0.4))
    assert "| slow | ≤ 2 s | 3 s | **missed** | bare 1 s |" in page
    assert "- slow: 3 s, asked ≤ 2 s" in page
    assert "not measured: no browser" in page
    assert "The machine was shared" in page
    assert f"not measured: `make bench ONLY={SECTIONS[1].name}`" in page
    assert "The machine was shared" not in document.page(_state(*rows))


def test_an_interval_has_a_column_only_where_there_is_one() -> None:
    page = document.page(_state(Row("recall", "0.95", ">= 0.9", "", "0.90–0.98")))
    assert "| figure | asked | measured | interval |  | beside |" in page
    assert "| recall | ≥ 0.9 | 0.95 | 0.90–0.98 | reached |  |" in page


def test_the_page_is_what_the_figures_say() -> None:
    assert document.PAGE.read_text("utf-8") == document.page(document.known())


def test_no_section_is_kept_that_nobody_measures() -> None:
    assert set(document.known()) <= {one.name for one in SECTIONS}


def test_what_a_machine_lacks_takes_the_figures_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def rows(_: object) -> list[Row]:
        raise AbsentError("no such program")

    monkeypatch.setattr(run, "section", lambda name: Section(name, "A title", rows))
    run._measure("any", tmp_path / "rows.json", quick=True)
    kept = [Row(**one) for one in json.loads((tmp_path / "rows.json").read_text())]
    assert kept == [Row("A title", "not measured: no such program")]


# --- intervals ---


def _judged(
    *paragraphs: tuple[bool, bool],
) -> tuple[LabelledDraft, list[Judgement]]:
    """Return a draft of paragraphs that disclose or not, and are flagged or not."""
    labelled = tuple(
        Labelled(
            f"{at}",
            "文",
            told,
            "exam" if told else None,
            None,
            (),
            at % 2 == 0,
            "plain",
        )
        for at, (told, _) in enumerate(paragraphs)
    )
    judgements = [
        Judgement(
            passage=one,
            outcomes={"both": Outcome(flag, float(flag))},
            category="exam" if flag else None,
            tier=None,
            clauses=(),
            findings=(),
        )
        for one, (_, flag) in zip(labelled, paragraphs, strict=True)
    ]
    return LabelledDraft("draft", "", "", labelled, alone=False), judgements


def test_figures_are_those_of_the_evaluation() -> None:
    judged = [
        _judged((True, True), (False, False)),
        _judged((True, False), (False, True)),
        _judged((False, False)),
    ]
    sample = resampled.sample_of(judged, ("both",))
    assert resampled.recall()(sample) == pytest.approx(1 / 2)
    assert resampled.precision()(sample) == pytest.approx(1 / 2)
    assert resampled.false_flags()(sample) == pytest.approx(1 / 3)
    assert resampled.category_accuracy()(sample) == pytest.approx(1)
    assert resampled.drafts_flagged(leaking=True)(sample) == pytest.approx(1)
    assert resampled.drafts_flagged(leaking=False)(sample) == 0


def test_drafts_are_drawn_whole() -> None:
    # Ten leaks in one draft and one in another: drawn apart they would look certain.
    judged = [_judged(*[(True, True)] * 10), _judged((True, False))]
    sample = resampled.sample_of(judged, ("both",))
    found, interval = resampled.with_interval(sample, resampled.recall())
    assert found == pytest.approx(10 / 11)
    assert interval == "0.000–1.000"
    assert resampled.with_interval(sample, resampled.recall())[1] == interval


def test_all_of_few_is_not_certain() -> None:
    judged = [_judged((True, True)) for _ in range(5)]
    sample = resampled.sample_of(judged, ("both",))
    found, interval = resampled.with_interval(sample, resampled.recall())
    assert found == 1
    assert interval == "0.566–1.000"


def test_of_nothing_there_is_no_figure() -> None:
    sample = resampled.sample_of([_judged((False, False))], ("both",))
    assert resampled.with_interval(sample, resampled.recall()) == (None, "")
    assert resampled.average()(sample) is None
