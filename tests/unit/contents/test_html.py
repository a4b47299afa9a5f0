"""Which differences between two pages a reader would see, and which not."""

import base64

import pytest

from review.contents.canonical import contents_of
from review.contents.interface import Contents, Piece


def _page(html: str, *attachments: tuple[str, bytes]) -> Contents:
    return contents_of(html.encode(), "正文.html", attachments=attachments)


def _text(html: str) -> str:
    return "".join(p.value for p in _page(html).body if p.kind == "text")


_ALIKE = [
    ("<p>通知</p>", "<div><div><p>通知</p></div></div>"),
    ("<p>通知</p>", "<P Class=x STYLE='color:red'><SPAN>通</SPAN><b>知</b></P>"),
    ("<p>通 知</p>", "<p>通&nbsp;\u3000知</p>"),
    ("<p>通知</p>", "<p>通\u200b知\u00ad\ufeff</p>"),
    ("<p>一。</p><p>二。</p>", "一。<br>二。"),
    ("<p>一。</p><p>二。</p>", "<section><span>一。\n</span>\n  <br/></section>二。"),
    ("<p>now here</p>", "<p>now</p><p>here</p>"),
    ("<p>now here</p>", "<p>now <b> here</b></p>"),
    ("<p>２０２６年，（一）</p>", "<p>2026年,(一)</p>"),
    ("<p>Tom &amp; 李</p>", "<p>Tom&#38;&#x674E;</p>"),
    (
        "<a href='HTTP://A.cn:80'>看</a>",
        "<a href=' http://a.cn/ ' target=_blank>看</a>",
    ),
    ("<a href=x>看这里</a>", "<a href=x>看</a><a href=x><b>这里</b></a>"),
    ("<p><s><sup>2</sup></s></p>", "<p><sup><del>2</del></sup></p>"),
    ("<p>2</p>", "<p><font face=宋体>2</font></p>"),
    ("<ol><li>甲<li>乙</ol>", "<p>1.甲</p><p>2. 乙</p>"),
    ("<ul><li>甲</ul>", "<p>甲</p>"),
    ("<table><tr><td>框</table>", "<p>框</p>"),
    (
        "<table><tr><td>1<td>2<tr><td>3<td>4</table>",
        "<TABLE><tr><th colspan=2><p>1<th colspan=2>2<tr><td colspan=2>3<td>4</TABLE>",
    ),
    ("<style>p{color:red}</style><p>字</p>", "<p>字</p>"),
    *(
        (f"<style>{sheet}</style><p style='{sheet[2:-1]}'>字</p>", "<p>字</p>")
        for sheet in (
            "p{list-style:none}",
            'p{list-style:disc inside;font-family:"Noto Sans",serif}',
            "p{list-style-type:square}",
            "p{quotes:none;font-family:var(--sans)}",
            "p{text-overflow:ellipsis}",
            "p{text-emphasis:filled dot}",
            "p{background-image:none}",
        )
    ),
    ("<style>/* it's 'odd' \"x */p{color:red}</style><p>字</p>", "<p>字</p>"),
    ("<p style='font-family:\\5b8b\\4f53'>字</p>", "<p>字</p>"),
    ("<div style='font-size:0'><i style='font-size:14px'>字</i></div>", "<i>字</i>"),
    ("<a href='#note1'>注</a>", "<a name=n>注</a>"),
    ("<p>字<!--StartFragment--></p>", "<p>字</p>"),
    ("<p>通\u200d知\u200c。 \u200da</p>", "<p>通知。a</p>"),
    ("<a href=x>now</a> <a href=x>here</a>", "<a href=x>now\nhere</a>"),
    ("<p>now<sup> a</sup></p>", "<p>now <sup>a</sup></p>"),
    ("<p>10<i style='vertical-align:super'>2</i></p>", "<p>10<sup>2</sup></p>"),
    ("<p>10<i style='vertical-align:sub'>2</i></p>", "<p>10<sub>2</sub></p>"),
]


@pytest.mark.parametrize(("one", "other"), _ALIKE)
def test_what_an_editor_rewraps_does_not_matter(one: str, other: str) -> None:
    assert _page(one).body == _page(other).body
    assert _page(one).digest == _page(other).digest
    assert _page(one).hidden == _page(other).hidden == ()


_UNLIKE = [
    ("<p>now here</p>", "<p>nowhere</p>"),
    ("<p>12 34</p>", "<p>1234</p>"),
    ("<p>now <sup>a</sup></p>", "<p>now<sup>a</sup></p>"),
    ("<p>\U0001f468\u200d\U0001f467</p>", "<p>\U0001f468\U0001f467</p>"),
    ("<p>10<sup>2</sup></p>", "<p>102</p>"),
    ("<p>10²</p>", "<p>102</p>"),
    ("<p>H<sub>2</sub></p>", "<p>H<sup>2</sup></p>"),
    ("<p>①</p>", "<p>1</p>"),
    ("<p>Ab</p>", "<p>AB</p>"),
    ("<p>不<s>予</s>公开</p>", "<p>不予公开</p>"),
    ("<p>不<i style='text-decoration: line-through'>予</i></p>", "<p>不予</p>"),
    ("<p>甲乙</p>", "<p>乙甲</p>"),
    ("<p>1\u202e23</p>", "<p>123</p>"),
    ("<p><bdo dir=rtl>123</bdo></p>", "<p>123</p>"),
    ("<a href=http://a.cn/1>看</a>", "<a href=http://a.cn/2>看</a>"),
    ("<a href=http://a.cn/A>看</a>", "<a href=http://a.cn/a>看</a>"),
    ("<a href=http://a.cn/?q#x>看</a>", "<a href=http://a.cn/?q#y>看</a>"),
    ("<a href=http://a.cn>看</a>", "<p>看</p>"),
    ("<a href=http://a.cn>看</a>这里", "<a href=http://a.cn>看这里</a>"),
    ("<p>字<a href=http://a.cn></a></p>", "<p>字</p>"),
    ("<p>字<a href=http://a.cn>\u200b</a></p>", "<p>字</p>"),
    ("<a href='javascript:a()'>看</a>", "<a href='javascript:b()'>看</a>"),
    ("<img src=a.png>", "<img src=b.png>"),
    ("<img srcset='a.png 1x, b.png 2x'>", "<img srcset='a.png 1x, c.png 2x'>"),
    ("<img data-src=a.png>", "<img data-src=b.png>"),
    ("<img src=a.png alt=甲>", "<img src=a.png alt=乙>"),
    ("<img src=a.png>", ""),
    ("<p style='background:url(a.png)'>字</p>", "<p>字</p>"),
    ("<video src=a.mp4></video>", "<video src=b.mp4></video>"),
    ("<p>字</p><iframe src=a></iframe>", "<p>字</p>"),
    ("<p>字</p><iframe src=a></iframe>", "<p>字</p><iframe src=b></iframe>"),
    ("<p>字</p><script>a()</script>", "<p>字</p>"),
    ("<p onclick=a()>字</p>", "<p>字</p>"),
    ("<p style='display:none' onclick=a()></p>字", "字"),
    ("<div hidden><script>a()</script></div>字", "字"),
    ("<link rel=stylesheet href=a.css><p>字</p>", "<p>字</p>"),
    ("<meta http-equiv=refresh content='0;url=a'><p>字</p>", "<p>字</p>"),
    ("<object data=a.swf></object>", "<object data=b.swf></object>"),
    (
        "<p>字<svg><path d=M0></path></svg></p>",
        "<p>字<svg><path d=M1></path></svg></p>",
    ),
    (
        "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>",
        "<math><mn>1</mn><mn>2</mn></math>",
    ),
    ("<ol><li>甲</ol>", "<ol start=3><li>甲</ol>"),
    ("<ol><li>甲</ol>", "<ol type=A><li>甲</ol>"),
    ("<ol><li>甲</ol>", "<ul><li>甲</ul>"),
    ("<ol><li>甲<li>乙</ol>", "<ol reversed><li>甲<li>乙</ol>"),
    ("<ol><li>甲</ol>", "<ol style='list-style-type:\"密\"'><li>甲</ol>"),
    ("<input value=甲>", "<input value=乙>"),
    ("<input placeholder=甲>", "<input placeholder=乙>"),
    ("<input type=checkbox checked>", "<input type=checkbox>"),
    ("<form action=a><p>字</p></form>", "<form action=b><p>字</p></form>"),
    ("<style>p::after{content:'密'}</style><p>字</p>", "<p>字</p>"),
    ("<i style='content:\"密\"'></i>字", "字"),
    *(
        (f"<style>{sheet}</style><ul><li>字</ul>", "<ul><li>字</ul>")
        for sheet in (
            "li{list-style:'密'}",
            'LI { List-Style-Type : "密" }',
            "li{list-style:symbols('密' '码')}",
            "li{--a:'密';list-style:var(--a)}",
            "@counter-style a{system:cyclic;symbols:密}li{list-style:a}",
            "q{quotes:'密' '码'}",
            "p{overflow:hidden;text-overflow:'密'}",
            "p{-webkit-text-emphasis:red '密'}",
            "p{text-emphasis-style:'密'}",
            "p{hyphenate-character:'密'}",
            "p{background:-webkit-image-set('a.png' 1x)}",
            "p{background:image('a.png')}",
            # What looks like a comment inside strings is none.
            "a{--a:'/*'}li::before{content:'密'}b{--a:'*/'}",
            'a{--a:"/*\n}li::before{content:\'密\'}b{--a:"*/"}',
        )
    ),
    *(
        (f"<p style='{style}'>字", "<p>字")
        for style in (
            'display:list-item;list-style-type:"密"',
            'list-style:"密"',
            'list-style:url(data:;x) "密"',
            'list-styl\\65:"密"',
            'quotes:"密" "码"',
            'overflow:hidden;text-overflow:"密"',
            'text-emphasis:"密"',
        )
    ),
    (
        "<ul style='list-style:\"A\"'><li>字</ul>",
        "<ul style='list-style:\"a\"'><li>字</ul>",
    ),
    ("<p>不<i style='display:none'>予</i>公开</p>", "<p>不予公开</p>"),
    (
        "<style>.x{display:none}</style>不<i class=x>予</i>公开",
        "不<i class=x>予</i>公开",
    ),
    ("<table><tr><td>1<td>2</table>", "<table><tr><td>2<td>1</table>"),
    ("<table><tr><td>1<td></table>", "<table><tr><td><td>1</table>"),
    ("<table><tr><td>1<td>2</table>", "<table><tr><td>1<tr><td>2</table>"),
    ("<table><tr><td>1<td>2</table>3", "<table><tr><td>1<td>2 3</table>"),
    (
        "<table><tr><td rowspan=2>1<td>2<tr><td>3</table>",
        "<table><tr><td>1<td>2<tr><td>3</table>",
    ),
    ("<ruby>重<rt>chong</rt></ruby>", "<p>重chong</p>"),
    ("<q>字</q>", "字"),
    ("<template shadowrootmode=open>密</template>字", "字"),
]


@pytest.mark.parametrize(("one", "other"), _UNLIKE)
def test_what_a_reader_would_see_matters(one: str, other: str) -> None:
    if other:
        assert _page(one).digest != _page(other).digest
    else:
        assert _page(f"{one}字").digest != _page("字").digest


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display:none'>暗处</p>",
        "<p style='Visibility : hidden'>暗处</p>",
        "<p style='display:block;display:none !important;display:inline'>暗处</p>",
        "<p style='font-size:0'>暗处</p>",
        "<p style='opacity:0.0'>暗处</p>",
        "<p style='position:absolute;left:-9999px'>暗处</p>",
        "<p style='height:0;overflow:hidden'>暗处</p>",
        "<style>#x{display:none}</style><p id=x>暗处</p>",
        "<p hidden>暗处</p>",
        "<!-- 暗处 -->",
        "<noscript>暗处</noscript>",
        "<template><p>暗处</p></template>",
        "<input type=hidden value=暗处>",
        "<i title=暗处></i>",
        "<i data-note=暗处></i>",
        "<dialog>暗处</dialog>",
        "<meta name=description content=暗处>",
        "<title>暗处</title>",
        "<table hidden><tr><td>暗处<td></table>",
    ],
)
def test_hidden_text_is_listed_and_no_part_of_the_digest(hidden: str) -> None:
    bare, full = _page("<p>见</p>"), _page(f"<p>见</p>{hidden}")
    assert full.digest == bare.digest
    assert bare.hidden == ()
    assert len(full.hidden) == 1
    other = _page(f"<p>见</p>{hidden.replace('暗处', '别处')}")
    assert other.hidden != full.hidden


def test_hidden_pictures_are_listed_too() -> None:
    assert len(_page("<p>见<span hidden><img src=a.png></span></p>").hidden) == 1


def test_a_hidden_link_is_listed_with_its_target() -> None:
    one, other = (
        _page(f"<p>见<span hidden><a href=http://a.cn/{n}>暗</a></span></p>")
        for n in (1, 2)
    )
    assert one.digest == other.digest
    assert len(set(one.hidden) & set(other.hidden)) == 1
    assert one.hidden != other.hidden


def test_what_is_made_visible_again_inside_a_hidden_part_is_seen() -> None:
    html = "<p style='visibility:hidden'>暗<i style='visibility:visible'>明</i>处</p>"
    page = _page(html)
    assert page.body == (Piece("text", "明"),)
    assert len(page.hidden) == 1


def test_no_display_below_undoes_what_is_not_displayed_above() -> None:
    html = "<p>见</p><p hidden><b style='display:block'>暗</b></p>"
    assert _text(html) == "见"


def test_a_data_address_counts_by_its_bytes() -> None:
    def page(data: bytes) -> Contents:
        coded = base64.b64encode(data).decode()
        return _page(f"<img src='data:image/png;base64,{coded}'>")

    assert page(b"\x89PNG one").digest != page(b"\x89PNG two").digest
    own = _page("<img src=/up/a.png>", ("a.png", b"\x89PNG one"))
    assert own.digest == page(b"\x89PNG one").digest


def test_a_picture_that_comes_along_counts_by_its_bytes() -> None:
    def page(data: bytes) -> Contents:
        return _page("<img src='/up/%E5%9B%BE.png'>", ("图.png", data))

    assert page(b"one").digest != page(b"two").digest
    assert page(b"one").attachments == ()


def test_one_file_never_stands_for_two_addresses() -> None:
    page = _page("<img src=/a/1.png><img src=/b/1.png>", ("1.png", b"one"))
    assert [p.value[:7] for p in page.body] == ["sha256:", "/b/1.pn"]


def test_a_linked_attachment_stays_an_attachment() -> None:
    page = _page("<a href=/up/1.pdf>附件</a>", ("1.pdf", b"one"))
    assert [one.name for one in page.attachments] == ["1.pdf"]


def test_a_space_belongs_to_what_stands_on_both_sides() -> None:
    page = _page("<p>now<a href=x> here</a> <a href=x><sup>a</sup></a></p>")
    assert page.body == (
        Piece("text", "now "),
        Piece("text", "here ", "x"),
        Piece("text", "a", "x", ("sup",)),
    )


def test_relative_addresses_follow_the_base() -> None:
    page = _page("<base href='http://a.cn/b/'><a href=c>看</a>")
    assert page.body == (Piece("text", "看", "http://a.cn/b/c"),)


def test_the_canonical_pieces_of_a_page() -> None:
    page = _page(
        "<h1>通 知</h1><p>面积 10 m<sup>2</sup>，详见<a href='http://a.cn/x'>附 件</a>。"
        "<table><tr><td rowspan=2>甲<td>乙<tr><td>丙</table>"
    )
    assert page.body == (
        Piece("text", "通知面积10 m"),
        Piece("text", "2", marks=("sup",)),
        Piece("text", ",详见"),
        Piece("text", "附件", "http://a.cn/x"),
        Piece("text", "。"),
        Piece("table"),
        Piece("row"),
        Piece("cell", "1x2"),
        Piece("text", "甲"),
        Piece("cell"),
        Piece("text", "乙"),
        Piece("row"),
        Piece("cell"),
        Piece("text", "丙"),
        Piece("end", "table"),
    )


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ("", "1.甲2.乙"),
        ("start=0", "0.甲1.乙"),
        ("start=26 type=a", "z.甲aa.乙"),
        ("start=4 type=I", "IV.甲V.乙"),
        ("reversed", "2.甲1.乙"),
        ("style='list-style-type:cjk-ideographic'", "一、甲二、乙"),
        ("style='list-style:none'", "甲乙"),
    ],
)
def test_list_numbers_are_what_a_browser_shows(attributes: str, shown: str) -> None:
    assert _text(f"<ol {attributes}><li>甲</li><li>乙</li></ol>") == shown


def test_a_value_of_an_item_counts_on() -> None:
    assert _text("<ol><li value=5>甲<li>乙</ol>") == "5.甲6.乙"


def test_deep_nesting_is_walked() -> None:
    assert _text("<div>" * 3000 + "深处") == "深处"
