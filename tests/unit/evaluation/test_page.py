"""The page of an evaluation is whole, says what it holds, asks for nothing."""

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
import regex
from rich.console import Console

from review.evaluation.calibration import PROBABLE, calibration
from review.evaluation.clauses import by_clause
from review.evaluation.drafts import Judged, measure_drafts
from review.evaluation.measure import measure
from review.evaluation.mistakes import worst_mistakes
from review.evaluation.points import operating_points
from review.evaluation.pulls import Pulls
from review.report.evaluation import evaluation_page
from review.report.evaluation_terminal import print_evaluation
from tests.unit.evaluation.judged import draft, judgement

_ABOUT = {"001:12(15)": "启用前的试题答案", "001:12(2)": "未公布的预决算"}
_HOSTILE = "<script>alert(1)</script>"
_MARKS = {
    "versions": {"xianshen": "0.0.0", "lexicons": "a" * 64, "model": "b" * 64},
    "data": [{"file": "标注.jsonl", "sha256": "c" * 64}],
}


def _result(*judged: Judged, block: float | None = None) -> dict[str, Any]:
    judgements = [one for _, each in judged for one in each]
    points = {"review": 0.5} | ({} if block is None else {"block": block})
    pulls = Pulls(up=(("试题", 1.5),), down=(("公告", -2.25),))
    return {
        **_MARKS,
        **measure(judgements),
        "calibration": {one: calibration(judgements, one) for one in PROBABLE},
        "points": operating_points(judgements, points),
        "by_clause": by_clause(judgements),
        "drafts": measure_drafts(judged),
        "errors": worst_mistakes(judged, lambda _: pulls, most=9),
    }


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    clause = ("001:12(15)",)
    return _result(
        draft(
            _HOSTILE,
            judgement(0.9, leak=True, clauses=clause, named=clause, name="D1#1"),
            judgement(0.2, leak=True, clauses=clause, overt=True, name="D1#2"),
            judgement(0.8, leak=False, named=("001:12(2)",), name=_HOSTILE),
            judgement(0.1, leak=False, name="D1#4"),
        ),
        draft("P5", judgement(0.6, leak=True, name="P5"), alone=True),
        block=0.85,
    )


@pytest.fixture(scope="module")
def page(result: Mapping[str, Any]) -> str:
    return evaluation_page(result, _ABOUT)


def test_the_page_asks_for_nothing_and_runs_nothing(page: str) -> None:
    assert not regex.search(r"(?:src|href)\s*=(?!\"#)", page)
    assert not regex.search(r"<(?:script|link|iframe|img|object)\b", page)
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_head_says_that_drafts_are_quoted(page: str) -> None:
    head = page[page.index("<header>") : page.index("</header>")]
    assert "含被评测的原文，请按稿件保管" in head


def test_without_mistakes_no_text_is_quoted(result: Mapping[str, Any]) -> None:
    figures = {name: value for name, value in result.items() if name != "errors"}
    page = evaluation_page(figures, _ABOUT)
    assert "不含被评测的原文" in page
    assert "请按稿件保管" not in page
    assert "《D1#2》" not in page
    # Nothing listed is not nothing wrong.
    assert "没有漏报" not in page


def test_every_label_leads_to_one_place(page: str) -> None:
    ids = regex.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(regex.findall(r'\bfor="([^"]+)"', page)) <= set(ids)
    assert set(regex.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_mistakes_stand_with_text_note_and_words(page: str) -> None:
    cards = regex.findall(r"<article.*?</article>", page, regex.DOTALL)
    assert len(cards) == 2
    miss, wrong = cards
    assert "D1#2" in miss
    assert "《D1#2》的原文" in miss
    assert "D1#2 的理由" in miss
    assert "启用前的试题答案" in miss
    assert "试题 <small>+1.50" in miss
    assert "公告 <small>-2.25" in miss
    assert "未公布的预决算" in wrong
    assert 'class="mistake false_flag covert c' in wrong


def test_each_choice_hides_the_others(page: str) -> None:
    style = page[page.index("<style>") : page.index("</style>")]
    for name in regex.findall(r'<input[^>]* id="([^"]+)"', page):
        if not name.endswith("-all"):
            assert f"#{name}:checked) .mistake:not(." in style


def test_the_diagram_stands_within_its_frame(page: str) -> None:
    drawings = regex.findall(r"<svg.*?</svg>", page, regex.DOTALL)
    assert len(drawings) == 2
    for drawing in drawings:
        dots = regex.findall(r'cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', drawing)
        assert len(dots) == 5
        for across, down, radius in dots:
            assert 46 <= float(across) <= 326
            assert 12 <= float(down) <= 292
            assert float(radius) <= 8
        assert "复核点 0.5" in drawing
        assert "阻断点 0.85" in drawing
    # A score of 0.9 that came true: high and to the right.
    assert 'cx="298.0" cy="12.0"' in drawings[0]


def test_without_a_block_point_none_is_drawn() -> None:
    page = evaluation_page(_result(draft("D1", judgement(leak=True))), {})
    assert "阻断点" not in page
    assert "没有漏报，也没有误报" in page


def test_clauses_are_counted_and_the_unmeasured_named(page: str) -> None:
    clauses = page[page.index('id="clauses"') : page.index('id="errors"')]
    assert "001:12(15)（启用前的试题答案）" in clauses
    assert "数据里没有泄露的条款（1）" in clauses


def test_identifiers_alone_make_a_page() -> None:
    figures = {"id_card": {"valid": 3, "recall": 1.0, "precision": None}}
    page = evaluation_page({**_MARKS, "identifiers": figures}, {})
    assert "身份证号" in page
    assert 'id="errors"' not in page


def test_the_result_is_plain_data(result: Mapping[str, Any]) -> None:
    assert json.loads(json.dumps(result))["drafts"]["drafts"] == 1


def test_the_terminal_shows_the_same_in_eighty_columns(
    result: Mapping[str, Any],
) -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    print_evaluation(result, console)
    told = console.export_text()
    assert "…" not in told
    assert "漏报：共 1 段" in told
    assert "《D1#2》的原文" in told
    assert "抬高：试题 +1.50" in told
    assert "校准误差" in told
    assert "有泄露的稿件被标出" in told
