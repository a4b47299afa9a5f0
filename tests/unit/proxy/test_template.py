"""A page taken apart: its body, its title, and all that is around."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from review.proxy.interface import StopError
from review.proxy.rules import Template
from review.proxy.template import Frame, take_apart

TEMPLATE = Template.model_construct(
    body="#a", title="h1", dates=(".date",), frames=("x.html",)
)


def page(  # noqa: PLR0913 - each is a place in the page
    body: str = "<p>正文</p>",
    *,
    title: str = "标题",
    head: str = "",
    window: str | None = None,
    date: str = "",
    foot: str = "版权所有",
) -> str:
    shown = f"{title} - 网站" if window is None else window
    return (
        f"<html><head><title>{shown}</title>{head}</head><body><h1>{title}</h1>"
        f'<i class="date">{date}</i><div id="a">{body}</div><p>{foot}</p></body></html>'
    )


def frame(text: str) -> Frame:
    found = take_apart(text, TEMPLATE).frame
    assert found is not None
    return found


def test_body_and_title_are_taken_out() -> None:
    parts = take_apart(
        page('<p>正文<img src="/a.png"></p><a href="/b.pdf">b</a>'), TEMPLATE
    )
    assert parts.title == "标题"
    assert parts.body == '<p>正文<img src="/a.png"></p><a href="/b.pdf">b</a>'
    assert (parts.shown, parts.linked) == (("/a.png",), ("/b.pdf",))


@pytest.mark.parametrize(
    "source",
    [
        '<img srcset="/a.png 1x, /b.png 2x">',
        '<video poster="/a.png"></video><img data-src="/b.png">',
        '<p style="background:url(/a.png)"></p><img data-original="/b.png">',
    ],
)
def test_every_way_to_show_a_picture_is_seen(source: str) -> None:
    assert set(take_apart(page(source), TEMPLATE).shown) == {"/a.png", "/b.png"}


def test_another_item_in_the_same_template_fits() -> None:
    agreed = frame(page())
    assert agreed.fits(frame(page("<table></table>", title="另一标题")))
    assert agreed.fits(frame(page(date="2026年11月23日 09:00 点击：12次")))
    assert agreed.fits(
        frame(page(date='<time datetime="2026-11-23T09:00:00+08:00">11月23日</time>'))
    )
    for told in (
        '<meta name="description" content="正文">',
        '<meta property="og:title" content="标题" class="seo">',
        '<meta name="keywords" content="">',
    ):
        assert agreed.fits(frame(page(head=told)))


@pytest.mark.parametrize(
    "changed",
    [
        page(foot="版权所有。"),
        page(foot='<a href="/x">版权所有</a>'),
        page(foot='版权所有<img src="/x.png">'),
        page(foot="版权所有<b hidden>内部</b>"),
        page(foot="版权所有<!-- 内部说明 -->"),
        page(head='<meta name="description" content="没有说过的话">'),
        page(head='<meta name="author" content="某人">'),
        page(head='<meta name="keywords" property="内部" content="">'),
        page(head='<meta name="keywords" property="内部" content="正文">'),
        page(head='<meta name="description" content="正文" data-x="内部">'),
        page(head='<script src="/x.js"></script>'),
        page(head='<meta http-equiv="refresh" content="0;url=/x">'),
        page(head='<link rel="stylesheet" href="/x.css">'),
        page(window="别的话 - 网站"),
        page(window="标题 - 网站 内部"),
    ],
)
def test_whatever_changes_around_the_body_is_seen(changed: str) -> None:
    assert not frame(page()).fits(frame(changed))


@pytest.mark.parametrize(
    "odd",
    [
        "<html><body><h1>标题</h1></body></html>",
        page().replace("<h1>", "<h1>一</h1><h1>"),
        page('<div id="a">又一个</div>'),
        page(title=""),
        page(head='<base href="https://evil.example/">'),
        page('<noscript><p title="</noscript><img src=x>"></noscript>'),
        page("<form><div></form><form><p>内层</p></form></div>"),
        page("<plaintext>"),
        page("<xmp><p></xmp>"),
        page(date="处分决定"),
        page(date='2026<a href="/x">年</a>'),
        page(date="1" * 61),
        page(date='<span title="内部">2026</span>'),
        page(date="2026-11-23<!--内部-->"),
        page(date='<time datetime="内部">2026</time>'),
        page(date='<time datetime="secret">2026</time>'),
        page(date="<time datetime>2026</time>"),
        page(date='<span datetime="2026-11-23">2026</span>'),
    ],
)
def test_what_is_no_page_of_the_template_is_refused(odd: str) -> None:
    with pytest.raises(StopError) as stop:
        take_apart(odd, TEMPLATE)
    assert stop.value.code == "template"


@pytest.mark.parametrize(
    "odd",
    [
        '<img src="data:image/png;base64,AA==">',
        '<input value="内部">',
        '<iframe srcdoc="内部"></iframe>',
        "<script>document.write('内部')</script>",
        '<textarea placeholder="内部"></textarea>',
        "<!-- 内部 -->",
        '<b title="内部">题</b>',
        '<a href="/x">题</a>',
    ],
)
def test_a_title_holds_words_and_nothing_else(odd: str) -> None:
    # What stands in it is asked about by its words alone.
    with pytest.raises(StopError) as stop:
        take_apart(page(title=f"标题{odd}"), TEMPLATE)
    assert stop.value.code == "template"


def test_a_title_may_be_set_in_several_types() -> None:
    parts = take_apart(page(title='标<b>题</b><br><span class="s">一</span>'), TEMPLATE)
    assert parts.title == "标题一"


def test_without_a_template_all_of_it_is_the_body() -> None:
    text = page()
    parts = take_apart(text, None)
    assert (parts.title, parts.body, parts.frame) == ("标题-网站", text, None)


def test_a_body_is_the_same_when_it_is_read_alone() -> None:
    inner = take_apart(page("<td>格<p>一<p>二</td>"), TEMPLATE).body
    node = LexborHTMLParser(f"<div>{inner}</div>").css_first("body > div")
    assert node is not None
    assert node.inner_html == inner
