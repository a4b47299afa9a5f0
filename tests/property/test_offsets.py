"""Every folded character leads back to the characters it stands for."""

# ruff: noqa: RUF001 - look-alike characters are what is tested

from collections.abc import Callable

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from review.detect.markings import MarkingDetector
from review.detect.terms import TermIndex, index_terms
from review.normalize.offsets import Edit, Folded, replace, unfolded
from review.normalize.passages import single_passage
from review.normalize.segment import Segmenter
from review.normalize.steps import STEPS, fold
from review.spans import Span

# What drafts are made of when somebody, or a converter, has been at them.
_PIECES = (
    *"机密绝秘级文件会议纪要试卷第一二三条年月日的在了",
    *"機絕祕號臺裡曰已巳宻沕祕",
    *"ＡｂＺ０１２９，：；？！（）～％　",
    *" \t\n\r\v\f",
    "\r\n",
    "\n\n",
    "    ",
    *"\u200b\u200c\u200d\ufeff\u00ad\u2060\u180e\ufe0f\u034f\u3164",
    *"\u0301\u0308\u20dd\u3099",
    *"㈠㎡½①⑳Ⅳ㊙㍿ﬁ…™℃",
    *"⺠⻓⻢⼀⾦",
    *"★☆✩·•・.。,、;:!?\"'“”‘’《》()【】[]〔〕-—*_|/\\",
    *"0123456789lIOoABCxyz",
    "ji密",
    "木几密",
    "纟色密",
    "🟊",
    "𠀀",
    "👨‍👩‍👧",
    "机　密",
    "这是一个足够宽的行它没有在句末结束而是被转换器断开了\n接着往下写",
)
_messy = st.lists(st.sampled_from(_PIECES), max_size=60).map("".join)
_any_text = st.one_of(st.text(max_size=80), _messy)


# Stars become ★ after gaps are closed, and ji密 becomes 机密 after l and O in
# numbers: the next folding sees neighbours that this one did not.
_LOOKALIKES = frozenset("☆✩✪⋆✭🟊jiｊｉlIOoＯ")


def _assert_leads_back(folded: Folded, source: str) -> None:
    assert folded.length == len(source)
    before = Span(0, 0)
    for at in range(len(folded.text)):
        span = folded.to_source(Span(at, at + 1))
        assert 0 <= span.start < span.end <= len(source)
        assert before.start <= span.start
        assert before.end <= span.end
        before = span


@given(_any_text)
@example("\r\n")
@example("㈠")
@example("")
def test_every_character_leads_back(text: str) -> None:
    _assert_leads_back(fold(text), text)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@given(text=_any_text)
def test_every_step_alone_leads_back(
    step: Callable[[Folded], Folded], text: str
) -> None:
    _assert_leads_back(step(unfolded(text)), text)


@given(_any_text, st.data())
def test_every_part_lies_within_the_source(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    size = len(folded.text)
    start = data.draw(st.integers(0, size))
    end = data.draw(st.integers(start, size))
    part = folded.to_source(Span(start, end))
    assert 0 <= part.start <= part.end <= len(text)
    assert (part.start < part.end) == (start < end)
    if start < end:
        assert part.start == folded.to_source(Span(start, start + 1)).start
        assert part.end == folded.to_source(Span(end - 1, end)).end


@given(st.text(alphabet="关于会议的通知各部门请按时参加办公室", max_size=60))
def test_plain_text_stands_for_itself(text: str) -> None:
    folded = fold(text)
    assert folded.text == text
    assert all(
        folded.to_source(Span(at, at + 1)) == Span(at, at + 1)
        for at in range(len(text))
    )


@given(st.text(alphabet="甲乙丙丁戊", max_size=30), st.data())
def test_edits_keep_what_they_do_not_touch(text: str, data: st.DataObject) -> None:
    cuts = data.draw(
        st.lists(st.integers(0, len(text)), unique=True, max_size=8).map(sorted)
    )
    edits = [
        Edit(start, end, data.draw(st.sampled_from(["", "一", "一二三"])))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    folded = replace(unfolded(text), edits)
    _assert_leads_back(folded, text)
    for at, char in enumerate(folded.text):
        if char in "甲乙丙丁戊":
            span = folded.to_source(Span(at, at + 1))
            assert text[span.start : span.end] == char
    untouched = "".join(
        char
        for at, char in enumerate(text)
        if not any(edit.start <= at < edit.end for edit in edits)
    )
    assert "".join(c for c in folded.text if c in "甲乙丙丁戊") == untouched


_SPELLED = {
    "机密": (
        "机密",
        "机 密",
        "机　密",
        "机\u200b密",
        "机\ufeff密",
        "机\u00ad密",
        "機密",
        "机宻",
        "ｊｉ密",
        "ji密",
        "木几密",
        "机\u2060\u200d密",
        "机.密",
        "机·密",
        "机-密",
        "机*密",
        "机_密",
        "机\n密",
    ),
    "绝密": (
        "绝密",
        "絕密",
        "絕 密",
        "绝\u200b密",
        "绝/密",
        "纟色密",
        "絕宻",
        "绝|密",
        "绝\u200c密",
    ),
}
_planted = st.sampled_from(
    [(word, spelling) for word, forms in _SPELLED.items() for spelling in forms]
)
_INDEX: TermIndex = index_terms(["机密", "绝密"], [])


@given(_any_text, _planted, _any_text)
def test_a_planted_word_is_found_where_it_stands(
    segmenter: Segmenter, before: str, planted: tuple[str, str], after: str
) -> None:
    word, spelling = planted
    # A whole sentence of its own, so that neighbours cannot change its words.
    text = f"{before}。{spelling}。{after}"
    start = len(before) + 1
    folded = fold(text)
    hits = _INDEX.hits(folded.text, lambda: segmenter.words(folded.text))
    assert Span(start, start + len(spelling)) in [
        folded.to_source(span) for span in hits.get(word, [])
    ]


_MARKED = (
    ("secret", "机密★10年"),
    ("secret", "機密☆十年"),
    ("secret", "机\u200b密✩长期"),
    ("secret", "ｊｉ密★５年"),
    ("secret", "机 密 ★ 10 年"),
    ("secret", "机　密　★　长　期"),
    ("secret", "木几密·２０年"),
    ("top_secret", "絕密★啟用前"),
    ("top_secret", "绝\u00ad密★启封"),
    ("top_secret", "绝 密 ★ 启 用 前"),
    ("confidential", "秘宻★ 6个月"),
    ("confidential", "㊙密★3年"),
)


@given(_any_text, st.sampled_from(_MARKED))
def test_a_planted_marking_is_found_where_it_stands(
    before: str, planted: tuple[str, str]
) -> None:
    level, marking = planted
    text = f"{before}。\n\n{marking}"
    detection = MarkingDetector().detect(single_passage(text))
    found = [*detection.findings, *(one.finding for one in detection.exemptions)]
    start = len(text) - len(marking)
    assert any(
        one.level == level and one.span == Span(start, len(text)) for one in found
    )


# Folding joins lines by their widths, which folding changes; so the law holds
# for single lines.
@given(_any_text)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(" ".join(text.split())).text
    assume(not _LOOKALIKES.intersection(text))
    assert fold(once).text == once
