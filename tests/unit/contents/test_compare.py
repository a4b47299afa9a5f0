"""What a clerk is told of two versions."""

import pytest

from review.contents.align import differences
from review.contents.canonical import contents_of
from review.contents.compare import (
    AttachmentChange,
    Comparison,
    Stroke,
    compare,
    describe,
    strokes,
)
from review.contents.interface import (
    Attachment,
    Contents,
    Piece,
    from_json,
    to_json,
)
from review.errors import CorruptError

_ARTICLE = "<p>各部门：经研究，3月5日放假。</p><p>特此通知。</p>"


def _page(html: str) -> Contents:
    return contents_of(html.encode(), "正文.html")


def _compare(one: str, other: str) -> Comparison:
    return compare(_page(one), _page(other))


def test_the_same_contents_differ_in_nothing() -> None:
    other = "<div>各部门：<br>经研究，3月<b>5</b>日放假。特此通知。</div>"
    assert _compare(_ARTICLE, other) == Comparison(same=True)


@pytest.mark.parametrize(
    ("old", "new", "kind", "sentence"),
    [
        (
            "5日",
            "6日",
            "changed",
            "正文第 1 字起：原文“各部门:经研究,3月5日放假。”，现文“各部门:经研究,3月6日放假。”。",
        ),
        ("特此通知。", "", "removed", "正文第 16 字起：删去“特此通知。”。"),
        (
            "特此",
            "密。特此",
            "added",
            "正文第 16 字起：新增“密。”。",
        ),
        (
            "特此",
            "特<a href=http://a.cn/x>此</a>",
            "changed",
            "正文第 16 字起：原文“特此通知。”，现文“特此〔链接：http://a.cn/x〕通知。”。",
        ),
        (
            "5日",
            "<sup>5</sup>日",
            "changed",
            "正文第 1 字起：原文“各部门:经研究,3月5日放假。”，现文“各部门:经研究,3月〔上标：5〕日放假。”。",
        ),
        (
            "特此",
            "<img src=a.png>特此",
            "changed",
            "正文第 16 字起：原文“特此通知。”，现文“〔图片：a.png〕特此通知。”。",
        ),
    ],
)
def test_a_change_is_told_by_its_sentence(
    old: str, new: str, kind: str, sentence: str
) -> None:
    found = _compare(_ARTICLE, _ARTICLE.replace(old, new))
    assert not found.same
    (change,) = found.changes
    assert change.kind == kind
    assert describe(change) == sentence


def test_a_changed_cell_is_told_by_its_place() -> None:
    html = "<p>表</p><table><tr><td>甲<td>乙<tr><td>1<td>2</table>"
    (change,) = _compare(html, html.replace("<td>2", "<td>3")).changes
    assert describe(change) == "表格 1 第 2 行第 2 格：原文“│2”，现文“│3”。"


def test_only_what_surrounds_a_change_is_quoted() -> None:
    long = "甲" * 100
    (change,) = _compare(f"<p>{long}乙{long}</p>", f"<p>{long}丙{long}</p>").changes
    around = "甲" * 24
    assert describe(change) == (
        f"正文第 1 字起：原文“…{around}乙{around}…”，现文“…{around}丙{around}…”。"
    )


def test_a_very_long_addition_is_cut() -> None:
    (change,) = _compare("<p>始。</p>", f"<p>始。{'甲' * 500}</p>").changes
    assert "（略 380 字）" in describe(change)
    assert len(describe(change)) < 200


def test_what_looks_the_same_is_said_to_differ() -> None:
    # Of a digest only the beginning is written out.
    one, other = (
        Contents((Piece("image", f"sha256:{'0' * 12}{end}"),)) for end in "12"
    )
    (change,) = compare(one, other).changes
    assert change.before == change.after
    assert "格式不同" in describe(change)


def test_strokes_rebuild_both_sides() -> None:
    (change,) = _compare(_ARTICLE, _ARTICLE.replace("5日放", "16日开")).changes
    found = strokes(change)
    assert "".join(s.text for s in found if s.kind != "added") == change.before
    assert "".join(s.text for s in found if s.kind != "removed") == change.after
    assert Stroke("removed", "放") in found
    assert Stroke("added", "开") in found


def test_attachments_are_told_by_name() -> None:
    def item(*files: tuple[str, str]) -> Contents:
        return Contents((), (), tuple(Attachment(*each) for each in files))

    cleared = item(("a", "1"), ("b", "2"), ("c", "3"), ("same", "9"), ("same", "9"))
    offered = item(("a", "1"), ("b", "4"), ("renamed", "3"), ("d", "5"), ("same", "9"))
    found = compare(cleared, offered)
    assert found.attachments == (
        AttachmentChange("changed", "b"),
        AttachmentChange("added", "d"),
        AttachmentChange("removed", "same"),
    )
    assert not found.same
    assert compare(item(("c", "3")), item(("x", "3"))) == Comparison(same=True)


def test_hidden_text_may_go_and_not_come() -> None:
    plain, hiding = "<p>见</p>", "<p>见</p><!--暗-->"
    assert _compare(hiding, plain) == Comparison(same=True)
    assert _compare(plain, hiding) == Comparison(same=True, hidden_added=True)


def test_a_json_copy_is_equal() -> None:
    page = contents_of(
        "<p>甲<a href=x>乙</a><sup>2</sup></p><!--暗-->".encode(),
        "a.html",
        attachments=[("附件.pdf", b"1")],
    )
    assert from_json(to_json(page)) == page
    assert from_json(to_json(page)).digest == page.digest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"version":"xianshen-contents/0","body":[],"hidden":[],"attachments":[]}',
        '{"version":"xianshen-contents/1","body":[["text","a",""]],"hidden":[],"attachments":[]}',
        '{"version":"xianshen-contents/1","body":[["no","a","",[]]],"hidden":[],"attachments":[]}',
        '{"version":"xianshen-contents/1","body":[["text",1,"",[]]],"hidden":[],"attachments":[]}',
        '{"version":"xianshen-contents/1","body":[["text","a","","sup"]],"hidden":[],"attachments":[]}',
        '{"version":"xianshen-contents/1","body":[["text","a","",["up"]]],"hidden":[],"attachments":[]}',
        '{"version":"xianshen-contents/1","body":[],"hidden":[1],"attachments":[]}',
        "[" * 100_000,
    ],
)
def test_damaged_json_is_refused(text: str) -> None:
    with pytest.raises(CorruptError):
        from_json(text)


def test_the_digest_names_its_version() -> None:
    # Fixed for ever: a change of it makes every clearance ever issued void.
    contents = Contents(
        (Piece("text", "通知"), Piece("text", "2", "http://a.cn/", ("sup",))),
        ("00",),
        (Attachment("b", "2"), Attachment("a", "1")),
    )
    assert contents.digest == (
        "d8196e913d601e66b47658d238510b8e28cd422c7798fbdcc7bcd483010ca78f"
    )


def test_long_repetitions_are_compared_in_time() -> None:
    before = list("甲乙" * 20_000)
    after = list("乙丙甲" * 20_000)
    (step,) = differences(before, after)
    assert (step.i2 - step.i1, step.j2 - step.j1) == (40_000, 60_000)


def test_a_moved_block_does_not_hide_what_stayed() -> None:
    before, after = list("一二三四五六七八九"), list("一七八二三四五六九")
    steps = differences(before, after)
    assert [(s.i2 - s.i1, s.j2 - s.j1) for s in steps] == [(0, 2), (2, 0)]
