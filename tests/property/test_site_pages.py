"""Laws of the audit's comparison: what stands around a cleared body, and what may not."""

from html import escape

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from review import digests
from review.contents.canonical import contents_of
from review.contents.survey import survey
from review.siteaudit.bodies import squeeze
from review.siteaudit.common import Common
from review.siteaudit.interface import Deviation, Reviewed, SeenPage
from review.siteaudit.judging import Bench, judge
from review.siteaudit.library import Library

_HOME = "https://h.example/"
_TITLE = "学院举行读书节活动"
_FRAME = ("学院首页", "站内搜索", "版权所有云山")
# Words that no label, date or template has in it.
_WORDS = st.text("松竹梅兰菊荷abcXYZ", min_size=2, max_size=12)
_PARAGRAPHS = st.lists(_WORDS, min_size=1, max_size=5)
_AROUND = st.lists(
    st.sampled_from([*_FRAME, "2026-11-23", "上一篇：无", "来源：宣传部", "共3页"]),
    max_size=5,
)
_WRAPPERS = st.sampled_from(
    ["<p>{}</p>", "<div><p>\n  {}</p></div>", "<section><span>{}</span></section>"]
)


def _body(paragraphs: list[str], wrapper: str = "<p>{}</p>") -> str:
    return "\n".join(wrapper.format(escape(one)) for one in paragraphs)


def _judged(
    cleared: list[str], shown: str, before: list[str], after: list[str]
) -> Deviation | None:
    contents = contents_of(_body(cleared).encode(), "a.html")
    item = Reviewed(
        case="2026-000001",
        title=_TITLE,
        department="宣传部",
        standing="live",
        contents=contents,
        hidden=frozenset(contents.hidden),
        addresses=(f"{_HOME}a.html",),
    )
    data = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{_TITLE}</title></head><body>'
        f"{_body(before)}<h1>{_TITLE}</h1><div>{shown}</div>{_body(after)}</body></html>"
    ).encode()
    surveyed = survey(data, "a.html")
    assert surveyed is not None
    page = SeenPage(
        address=f"{_HOME}a.html", digest=digests.of_bytes(data), survey=surveyed
    )
    common = Common(texts=frozenset(map(squeeze, _FRAME)))
    return judge(page, Bench(Library((item,), _HOME), common, {})).deviation


@given(_PARAGRAPHS, _WRAPPERS, _AROUND, _AROUND)
@settings(max_examples=100)
def test_no_template_makes_a_deviation(
    cleared: list[str], wrapper: str, before: list[str], after: list[str]
) -> None:
    assert _judged(cleared, _body(cleared, wrapper), before, after) is None


@given(_PARAGRAPHS, _AROUND, st.data())
@settings(max_examples=100)
def test_one_other_character_makes_one(
    cleared: list[str], around: list[str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(cleared) - 1))
    place = data.draw(st.integers(0, len(cleared[at]) - 1))
    other = data.draw(st.sampled_from("甲乙丙Q"))
    changed = list(cleared)
    changed[at] = cleared[at][:place] + other + cleared[at][place + 1 :]
    found = _judged(cleared, _body(changed), around, around)
    assert found is not None
    assert found.kind in {"changed", "not_reviewed"}
    assert found.reasons


@given(_PARAGRAPHS, st.text("甲乙丙丁戊", min_size=1, max_size=9), st.data())
@settings(max_examples=100)
def test_one_more_block_makes_one(
    cleared: list[str], extra: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(cleared)))
    shown = [*cleared[:at], extra, *cleared[at:]]
    found = _judged(cleared, _body(shown), [], [])
    assert found is not None
    assert any(extra in squeeze(one) for one in found.reasons), found.reasons


@given(_PARAGRAPHS, st.data())
@settings(max_examples=100)
def test_one_block_less_makes_one(cleared: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(cleared) - 1))
    left = [*cleared[:at], *cleared[at + 1 :]]
    whole = squeeze("".join(cleared))
    assume(squeeze("".join(left)) != whole)
    assert _judged(cleared, _body(left), [], []) is not None
