"""One page against one cleared item: what is the same, and what is told where it is not."""

from dataclasses import replace

import pytest

from review import digests
from review.contents.canonical import contents_of
from review.contents.survey import survey
from review.siteaudit import addresses
from review.siteaudit.common import Common, common_of
from review.siteaudit.interface import Reviewed, SeenPage, Standing
from review.siteaudit.judging import Bench, Judged, judge
from review.siteaudit.library import Library

_HOME = "https://www.example.edu.cn/"
_TITLE = "学院举行秋季运动会"
_BODY = (
    "<p>学院秋季运动会昨日在田径场举行，场地约120m<sup>2</sup>。</p>"
    '<p>详情见<a href="/list.html">栏目</a>。</p><p><img src="/p.png" alt="现场"></p>'
)
_PICTURE = b"\x89PNG picture"


def _item(body: str = _BODY, standing: Standing = "live") -> Reviewed:
    contents = contents_of(
        f"<html><body>{body}</body></html>".encode(),
        "正文.html",
        attachments=[("p.png", _PICTURE)],
    )
    return Reviewed(
        case="2026-000001",
        title=_TITLE,
        department="宣传部",
        standing=standing,
        contents=contents,
        files=frozenset({digests.of_bytes(_PICTURE)}),
        hidden=frozenset(contents.hidden),
        addresses=(f"{_HOME}news/1.html",),
        words=("王虚构", "宣传部"),
    )


def _page(
    body: str = _BODY,
    *,
    title: str = _TITLE,
    path: str = "news/1.html",
    around: str = "",
    head: str = "",
) -> SeenPage:
    data = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}-云山</title>{head}'
        f'</head><body><div class="nav">学院首页</div><h1>{title}</h1>'
        f"<p>发布时间：2026-11-23 09:00　来源：宣传部　浏览次数：12</p>"
        f'<div id="c">{body}</div>{around}</body></html>'
    ).encode()
    surveyed = survey(data, "1.html")
    assert surveyed is not None
    return SeenPage(
        address=f"{_HOME}{path}", digest=digests.of_bytes(data), survey=surveyed
    )


def _judged(page: SeenPage, *items: Reviewed, common: Common | None = None) -> Judged:
    library = Library(items or (_item(),), _HOME)
    nav = Common(texts=frozenset({"学院首页", "云山"}))
    bytes_of = {f"{_HOME}p.png": digests.of_bytes(_PICTURE)}
    return judge(page, Bench(library, common or nav, bytes_of))


def test_a_template_around_the_body_is_no_deviation() -> None:
    found = _judged(_page())
    assert found.deviation is None
    assert found.item is not None


@pytest.mark.parametrize(
    "page",
    [
        _page(head=f'<meta property="og:title" content="{_TITLE}">'),
        _page(head='<meta name="author" content="王虚构">'),
        _page(
            head='<meta name="description" content="学院秋季运动会昨日在田径场举行">'
        ),
        _page(around="<p>2026-11-23 09:00:01 第 120 页 共 300 次</p>"),
        _page(around="<p>上一页 1 2 … 100 101 102 … 300 下一页</p>"),
        _page(
            around="<p>"
            + "".join(f"<a href='?p={n}'>{n}</a>" for n in range(1, 11))
            + "</p>"
        ),
        _page(around="<p><a href='?p=100'>100</a> 101 <a href='?p=300'>300</a></p>"),
        _page(around="<p>页次：100/300　第 100/300 页</p>"),
    ],
)
def test_what_every_system_writes_is_no_deviation(page: SeenPage) -> None:
    assert _judged(page).deviation is None


def test_on_a_site_of_few_pages_its_name_in_a_title_is_no_deviation() -> None:
    head = f'<meta property="og:title" content="{_TITLE}-云山">'
    pages = [_page(head=head), _page(path="news/2.html", title="另一件")]
    for seen in (pages[:1], pages):
        common = common_of(seen)
        assert common.names >= {"云山"}
        bare = replace(common, texts=frozenset({"学院首页"}))
        assert _judged(pages[0], common=bare).deviation is None
    # Beside no title that was cleared, or on the page itself, it excuses nothing.
    common = replace(common_of(pages[:1]), texts=frozenset({"学院首页"}))
    other = _page(title="学院举行春季运动会")
    assert _judged(other, common=common).deviation is not None
    assert _judged(_page(around="<p>云山</p>"), common=common).deviation is not None
    long = _page(title=f"{_TITLE}-{'另有内情' * 6}")
    assert _judged(long, common=common_of([long])).deviation is not None


def test_at_another_address_a_page_is_known_by_its_contents() -> None:
    found = _judged(_page(path="other.html"))
    assert found.deviation is None
    assert found.item is not None


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (_page(_BODY.replace("昨日", "今日")), "昨日"),
        (_page(_BODY.replace("120m", "128m")), "128m"),
        (_page(_BODY.replace("<sup>2</sup>", "2")), "上下标"),
        (_page(_BODY.replace("/list.html", "/other.html")), "链接"),
        (_page(_BODY.replace("/p.png", "/q.png")), "图片"),
        (_page(_BODY.replace("现场", "会场")), "会场"),
        (_page(title="学院举行春季运动会"), "春季"),
        (_page(around="<p>另有一事。</p>"), "另有一事"),
        (_page(around="<p>13800000001</p>"), "13800000001"),
        (_page(around="<p>138-0000-0001</p>"), "138-0000-0001"),
        (_page(around="<p>电 话 0000-000 0001</p>"), "0001"),
        (_page(around="<p>138000 000001</p>"), "138000"),
        (_page(around="<p>138 1390 1400</p>"), "138"),
        (_page(around="<p>300/100</p>"), "300"),
        (_page(around="<p>8230 8231</p>"), "8230"),
        (_page(around="<p>第12345670页</p>"), "12345670"),
        (_page(around=f"<!-- {_TITLE}，另有内情 -->"), "内情"),
        (_page(around="<!-- 另有内情：来源 -->"), "内情"),
        (_page(head='<meta name="另有内情" content="来源">'), "看不见"),
        (_page(around="<p>内部名单：张三</p>"), "内部名单"),
        (_page(around='<img src="/secret.png">'), "多出图片"),
        (_page(around='<script src="/x.js"></script>'), "活动内容"),
        (_page(around='<iframe src="/x"></iframe>'), "活动内容"),
        (_page(around='<p style="display:none">暗中的字</p>'), "暗中的字"),
        (_page(around="<!-- 注释里的字 -->"), "看不见"),
        (_page(head='<meta name="description" content="别的摘要">'), "看不见"),
        (_page(_BODY.replace("<p>", '<p title="提示里的字">', 1)), "看不见"),
    ],
)
def test_whatever_differs_is_told(page: SeenPage, said: str) -> None:
    found = _judged(page).deviation
    assert found is not None
    assert found.kind == "changed"
    assert found.case == "2026-000001"
    assert any(said in one for one in found.reasons), found.reasons


@pytest.mark.parametrize(
    "standing", ["revoked", "expired", "refused", "pending", "channel"]
)
def test_what_may_not_be_public_is_told_by_its_standing(standing: Standing) -> None:
    found = _judged(_page(), _item(standing=standing)).deviation
    assert found is not None
    assert found.kind == standing


def test_a_newer_version_at_the_same_address_counts() -> None:
    old = replace(_item(_BODY.replace("昨日", "前日"), "revoked"), case="2026-000000")
    assert _judged(_page(), old, _item()).deviation is None


def test_what_nobody_reviewed_is_told_as_such() -> None:
    page = _page("<p>另一篇没有送审的文章。</p>", title="茶话会", path="x.html")
    found = _judged(page).deviation
    assert found is not None
    assert found.kind == "not_reviewed"
    assert found.case is None
    assert any("没有送审的文章" in one for one in found.reasons)


def test_a_list_of_cleared_titles_and_excerpts_is_fine() -> None:
    body = (
        f'<ul><li><a href="/news/1.html" title="{_TITLE}">{_TITLE}</a> 2026-11-23</li></ul>'
        "<p>学院秋季运动会昨日在田径场举行…</p><p>上一页 下一页 共3页</p>"
    )
    page = _page(body, title="学院首页", path="list.html")
    assert _judged(page).deviation is None
    other = _page(f"{body}<p>谁也没有审过的一句话</p>", title="学院首页", path="l.html")
    found = _judged(other).deviation
    assert found is not None
    assert found.kind == "not_reviewed"


def test_contents_that_were_purged_are_never_said_to_be_the_same() -> None:
    found = _judged(_page(), replace(_item(), contents=None)).deviation
    assert found is not None
    assert "清除" in found.reasons[0]


def test_only_what_stands_on_many_pages_is_a_template() -> None:
    def seen(at: int, extra: str = "") -> SeenPage:
        around = f"<footer>版权所有</footer><p>第{at}篇</p>{extra}"
        return replace(_page(around=around), address=f"{_HOME}a/{at}.html")

    pages = [seen(at, "<p>塞进来的话</p>" if at < 3 else "") for at in range(20)]
    common = common_of(pages)
    assert "版权所有" in common.texts
    assert "第3篇" not in common.texts
    # On three of twenty pages: too few.
    assert "塞进来的话" not in common.texts
    assert common_of(pages[:2]).texts == frozenset()
    # Half of a folder's pages share its own heading, however large the site.
    others = [replace(seen(at), address=f"{_HOME}b/{at}.html") for at in range(20)]
    column = [
        replace(seen(at, "<p>本栏目</p>"), address=f"{_HOME}c/{at}.html")
        for at in range(4)
    ]
    assert "本栏目" in common_of([*pages, *others, *column]).texts


def test_no_two_hosts_are_taken_for_one() -> None:
    assert addresses.key("https://a.example/x") != addresses.key("https://b.example/x")


@pytest.mark.parametrize("issue", ["123", "1234", "12"])
def test_a_number_in_a_cleared_title_is_no_row_of_pages(issue: str) -> None:
    title = f"学院第{issue}期校园文化活动"
    page = _page(title=title, around=f"<p>下一篇：{title}</p>")
    assert _judged(page, replace(_item(), title=title)).deviation is None
