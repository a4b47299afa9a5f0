"""What a page shows and what its markup hides."""

import pytest

from review.extract.interface import Block, Document
from review.extract.read import read


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
    assert {b.text for b in _hidden(document, "hidden")} == {"暗值", "模板字", "无脚本"}
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
