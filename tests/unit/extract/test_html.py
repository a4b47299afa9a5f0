"""What a page shows and what its markup hides."""

import base64
import io
import random

import pytest
from PIL import Image

from review.errors import TooLargeError, UnreadableError
from review.extract.interface import Block, Document
from review.extract.limits import Limits
from review.extract.read import read
from review.extract.web.html import Html


def _read(html: str) -> Document:
    return read(html.encode(), "正文.html")


def _shown(document: Document) -> list[tuple[str, str]]:
    return [(b.text, b.role) for b in document.blocks if not b.hidden]


def _hidden(document: Document, part: str) -> list[Block]:
    return [b for b in document.blocks if b.hidden and b.where.part == part]


def test_blocks_in_reading_order() -> None:
    document = _read(
        "<html><head><title>网站名</title></head><body><h1>大标题</h1>"
        "<p>第一段<b>加粗</b>字。</p><ul><li>一项</li></ul><h2>小标题</h2>散文字</body></html>"
    )
    assert _shown(document) == [
        ("网站名", "title"),
        ("大标题", "title"),
        ("第一段加粗字。", "paragraph"),
        ("一项", "item"),
        ("小标题", "heading"),
        ("散文字", "paragraph"),
    ]


def test_fragments_of_a_publishing_system() -> None:
    assert _shown(_read("<p>只有一段</p>")) == [("只有一段", "paragraph")]
    mixed = _read("开头的字<p>一</p><p>二</p><div>三</div>")
    assert [text for text, _ in _shown(mixed)] == ["开头的字", "一", "二", "三"]


def test_table_rows() -> None:
    document = _read(
        "<table><tr><th>姓名</th><th>学号</th></tr><tr><td><p>张某</p></td><td>001</td></tr></table>"
    )
    rows = [b for b in document.blocks if b.role == "row"]
    assert [b.cells for b in rows] == [("姓名", "学号"), ("张某", "001")]
    assert (rows[1].where.table, rows[1].where.row) == (1, 2)


def test_a_layout_table_keeps_its_paragraphs() -> None:
    document = _read(
        "<table><tr><td>栏</td><td><p>一。</p><p>二。</p><p>三。</p><p>四。</p></td></tr></table>"
    )
    assert [text for text, _ in _shown(document)] == [
        "栏",
        "一。",
        "二。",
        "三。",
        "四。",
    ]


@pytest.mark.parametrize(
    "attribute",
    [
        'style="display:none"',
        "style='color:red; Display : None'",
        "hidden",
        'style="visibility: hidden"',
        'style="font-size:0"',
        'style="opacity:0"',
        'style="text-indent:-9999px"',
    ],
)
def test_hidden_elements(attribute: str) -> None:
    document = _read(
        f"<p>看得见<span {attribute}>看不见</span>的字</p>"
        f"<div {attribute}><p>藏</p></div>"
    )
    assert _shown(document) == [("看得见的字", "paragraph")]
    assert [b.text for b in _hidden(document, "hidden")] == ["看不见", "藏"]


def test_a_style_sheet_may_hide() -> None:
    document = _read(
        "<style>.x, #y { display: none }</style>"
        "<p>见</p><p class=x>藏一</p><p id=y>藏二</p>"
    )
    assert _shown(document) == [("见", "paragraph")]
    assert [b.text for b in _hidden(document, "hidden")] == ["藏一", "藏二"]


def test_absurd_nesting_is_refused() -> None:
    with pytest.raises(TooLargeError):
        _read("<html><body>" + "<div>" * 200_000 + "深处")
    assert _shown(_read("<html><body>" + "<p>字<br>" * 20_000))[0][0] == "字"


def test_comments_metadata_attributes_and_form_values() -> None:
    document = _read(
        '<html><head><meta name="keywords" content="内部">'
        '<meta name="author" content="张某">'
        "</head><body><!-- 待删 --><p>正文</p>"
        '<img src="a.png" alt="现场照片"><a title="提示字">链</a>'
        '<input type="hidden" name="k" value="暗值"><template><p>模板字</p></template>'
        "<script>var a='脚本'</script><noscript>无脚本</noscript></body></html>"
    )
    assert {b.text for b in _hidden(document, "metadata")} == {
        "关键词：内部",
        "作者：张某",
    }
    assert [b.text for b in _hidden(document, "comment")] == ["待删"]
    assert [b.text for b in _hidden(document, "image")] == ["现场照片", "提示字"]
    assert [b.text for b in _hidden(document, "hidden")] == [
        "暗值",
        "模板字",
        "脚本",
        "无脚本",
    ]
    assert not any("脚本'" in b.text for b in document.blocks)
    assert [gap.code for gap in document.gaps] == ["image_without_text"]


def test_br_and_indents_part_paragraphs() -> None:
    document = _read(
        "<div>\u3000\u3000第一段。<br>\u3000\u3000第二段<br>续行。<br><br>第三段。</div>"
    )
    assert [b.text for b in document.blocks] == [
        "第一段。",
        "第二段\n续行。",
        "第三段。",
    ]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-16"])
def test_encodings(encoding: str) -> None:
    html = (
        "<html><head><title>关于考试的通知</title></head>"
        "<body><p>请各学院认真落实。</p></body></html>"
    )
    document = read(html.encode(encoding), "a.html")
    assert [b.text for b in document.blocks] == ["关于考试的通知", "请各学院认真落实。"]


def test_deep_nesting_is_read() -> None:
    document = _read("<html><body>" + "<div>" * 5000 + "深处" + "</div>" * 5000)
    assert [b.text for b in document.blocks] == ["深处"]


@pytest.mark.parametrize(
    ("html", "detail"),
    [
        ('<p style="color:#fff">藏着的字</p>', "与底色相同、看不出的文字"),
        (
            '<p style="color: rgb(255, 254, 255)">藏着的字</p>',
            "与底色相同、看不出的文字",
        ),
        ('<p style="color:transparent">藏着的字</p>', "与底色相同、看不出的文字"),
        ('<p style="color:rgba(0,0,0,0)">藏着的字</p>', "与底色相同、看不出的文字"),
        ('<font color="white">藏着的字</font>', "与底色相同、看不出的文字"),
        (
            '<div style="background:#123456"><b style="color:#133557">藏着的字</b></div>',
            "与底色相同、看不出的文字",
        ),
        (
            "<style>.w{color:white}</style><p class=w>藏着的字</p>",
            "与底色相同、看不出的文字",
        ),
        ('<p style="font-size:1px">藏着的字</p>', "小得看不出的文字"),
        ('<p style="opacity:.01">藏着的字</p>', "完全透明的网页元素"),
        (
            '<p style="position:absolute;left:-9999px">藏着的字</p>',
            "移到页面之外的网页元素",
        ),
        ('<p style="margin-left:-5000em">藏着的字</p>', "移到页面之外的网页元素"),
        (
            '<p style="transform:translateX(-9999px)">藏着的字</p>',
            "移到页面之外的网页元素",
        ),
        ('<p style="clip:rect(0,0,0,0)">藏着的字</p>', "被裁剪掉的网页元素"),
        ('<p style="clip-path: inset(100%)">藏着的字</p>', "被裁剪掉的网页元素"),
        ('<p style="height:0;overflow:hidden">藏着的字</p>', "被裁剪掉的网页元素"),
        ('<p style="transform:scale(0)">藏着的字</p>', "被裁剪掉的网页元素"),
        ("<details>藏着的字</details>", "折叠起来的内容"),
        ("<details><div>藏着的字</div></details>", "折叠起来的内容"),
        ("<dialog>藏着的字</dialog>", "折叠起来的内容"),
        ("<noscript>藏着的字</noscript>", "不显示的网页元素（noscript）"),
        ("<template><div>藏着的字</div></template>", "网页模板"),
        ("<template><template>藏着的字</template></template>", "网页模板"),
        (
            (
                "<style>@media screen{.x{display:none!important;display:block}}</style>"
                "<p class=x>藏着的字</p>"
            ),
            "隐藏的网页元素",
        ),
        ("<svg><title>藏着的字</title></svg>", "网页标题"),
        ("<p data-note='藏着的字'></p>", "data-note 属性"),
        ("<p onclick='藏着的字'></p>", "onclick 属性"),
        (
            '<script type="application/ld+json">{"a": "藏着的字"}</script>',
            "脚本里的文字",
        ),
        (r'<script>var a = "\u85cf\u7740\u7684\u5b57";</script>', "脚本里的文字"),
        ("<script>// 藏着的字\nvar a = 1;</script>", "脚本里的注释"),
        ('<style>p::after{content:"藏着的字"}</style>', "样式表里的文字"),
    ],
)
def test_each_way_to_hide(html: str, detail: str) -> None:
    document = _read(
        f"<html><body><p>看得见的字</p>{html}<p>后面的字</p></body></html>"
    )
    assert [text for text, _ in _shown(document)] == ["看得见的字", "后面的字"]
    found = [(b.text, b.detail) for b in _hidden(document, "hidden")]
    assert [detail for text, detail in found if "藏着的字" in text] == [detail]


@pytest.mark.parametrize(
    "html",
    [
        '<div style="background:#003366"><p style="color:#fff">看得见</p></div>',
        '<p style="background:url(a.png);color:white">看得见</p>',
        '<table><tr><td bgcolor="red"><font color="white">看得见</font></td></tr></table>',
        '<div style="font-size:0"><span style="font-size:14px">看得见</span></div>',
        '<div style="visibility:hidden"><b style="visibility:visible">看得见</b></div>',
        '<p style="margin-left:-4px;opacity:1;left:-3px">看得见</p>',
        "<details open><p>看得见</p></details>",
        "<details><summary>看得见</summary></details>",
        "<style>@media print{.x{display:none}}</style><p class=x>看得见</p>",
        "<style>.x{display:none}</style><p class=x style='display:block'>看得见</p>",
        '<p style="color:#333">看得见</p>',
    ],
)
def test_seen_text_is_not_called_hidden(html: str) -> None:
    document = _read(f"<html><body>{html}</body></html>")
    assert [text for text, _ in _shown(document)] == ["看得见"]
    assert _hidden(document, "hidden") == []


def test_spans_of_cells_keep_the_columns() -> None:
    document = _read(
        "<table><tr><th>班级</th><th colspan=2>学生</th></tr>"
        "<tr><td rowspan=2>一班</td><td>张示例</td><td>001</td></tr>"
        "<tr><td>李样本</td><td>002</td></tr><tr><td>二班</td><td>王某</td><td>003</td></tr></table>"
    )
    assert [b.cells for b in document.blocks] == [
        ("班级", "学生", ""),
        ("一班", "张示例", "001"),
        ("", "李样本", "002"),
        ("二班", "王某", "003"),
    ]


def test_hidden_rows_stay_rows() -> None:
    document = _read(
        "<table><tr><th>姓名</th><th>学号</th></tr>"
        "<tr style='display:none'><td>张示例</td><td>001</td></tr>"
        "<tr><td>李样本</td><td>002</td></tr></table>"
    )
    rows = [(b.cells, b.hidden, b.where.row) for b in document.blocks]
    assert rows == [
        (("姓名", "学号"), False, 1),
        (("张示例", "001"), True, 2),
        (("李样本", "002"), False, 3),
    ]
    assert document.blocks[1].detail == "隐藏的网页元素"


def test_absurd_spans_end() -> None:
    cell = "<td colspan=9999999 rowspan=99999999>字</td>"
    extraction = Html().extract(
        f"<table>{f'<tr>{cell}{cell}</tr>' * 60}</table>".encode(), Limits()
    )
    assert sum(len(b.cells) for b in extraction.blocks) < 250_000


def _png() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 40), (1, 2, 3)).save(held, "PNG")
    return held.getvalue()


def test_files_inside_addresses() -> None:
    picture = f"data:image/png;base64,{base64.b64encode(_png()).decode()}"
    page = base64.b64encode("<p>里面的网页</p>".encode()).decode()
    html = (
        f'<p>正文</p><img src="{picture}"><div style="background:url({picture})"></div>'
        f'<a href="data:text/html;base64,{page}">链</a>'
        "<iframe srcdoc='&lt;p&gt;框里的字&lt;/p&gt;'></iframe>"
    )
    extraction = Html().extract(html.encode(), Limits())
    assert {p.data for p in extraction.pictures} == {_png()}
    names = [(one.name, one.data.decode()) for one in extraction.embedded]
    assert names == [
        ("内嵌数据.html", "<p>里面的网页</p>"),
        ("内嵌网页.html", "<p>框里的字</p>"),
    ]
    assert {"里面的网页", "框里的字"} <= {b.text for b in _read(html).blocks}
    assert extraction.gaps == ()


def test_links_and_outside_pages() -> None:
    document = _read(
        "<p>正文<a href='https://oa.example.org/%E5%AF%86'>链</a><a href='#top'>顶</a>"
        "<a href='file:///C:/Users/lisi/a.docx'>文</a><a href='/b.html'>内</a>"
        "<iframe src='https://example.org/x'></iframe></p>"
    )
    links = [b.text for b in document.blocks if b.detail == "链接地址"]
    assert links == [
        "https://oa.example.org/密",
        "file:///C:/Users/lisi/a.docx",
        "https://example.org/x",
    ]
    assert [gap.code for gap in document.gaps] == ["external"]


@pytest.mark.parametrize(
    "declared", ["gb2312", "utf-8", "big5", "iso-8859-1", "nonsense"]
)
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5", "utf-16"])
def test_charsets_that_lie(encoding: str, declared: str) -> None:
    words = {"big5": "關於國家機密的規定，各單位應當遵守。"}.get(
        encoding, "关于做好期末考试保密工作的通知，请各学院落实。"
    )
    html = f'<html><head><meta charset="{declared}"></head><body><p>{words}</p></body></html>'
    document = read(html.encode(encoding), "a.html")
    assert [b.text for b in document.blocks] == [words]


def test_text_that_was_decoded_wrongly_before() -> None:
    words = "关于做好期末考试保密工作的通知"
    document = _read(
        f"<html><body><p>{words.encode('gbk').decode('latin-1')}</p></body></html>"
    )
    assert [b.text for b in document.blocks] == [words]
    assert [gap.code for gap in document.gaps] == ["garbled_text"]


_SPECIMEN = (
    "<html><head><meta charset=utf-8><style>.x{display:none}</style></head><body>"
    "<!-- 注 --><h1>题</h1><table><tr><td rowspan=2 colspan=2>甲</td><td>乙</td></tr><tr><td>丙"
    "</td></tr></table><details><summary>丁</summary>戊</details><template><p>己</p></template>"
    "<p class=x style='color:#fff;left:-999px' data-a='庚'>辛</p><script>var a='\\u4e00';</script>"
    "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='><ul><li>壬</ul><input value=癸>"
)


def test_mutated_pages_are_read_or_refused() -> None:
    for seed in range(300):
        draw = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
        raw = bytearray(_SPECIMEN.encode())
        for _ in range(draw.randint(1, 8)):
            at = draw.randrange(len(raw))
            kind = draw.randrange(4)
            if kind == 0:
                raw[at] = draw.randrange(256)
            elif kind == 1:
                del raw[at : at + draw.randrange(40)]
            elif kind == 2:
                raw[at:at] = raw[at : at + 120]
            else:
                raw[at:at] = draw.choice(
                    [b"<table>", b"</tr>", b"<td>", b"\\ud800", b"{", b"<"]
                )
        try:
            assert isinstance(read(bytes(raw), "a.html"), Document)
        except UnreadableError:
            continue
