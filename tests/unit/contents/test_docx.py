"""Word documents: what their reader sees is what their page shows."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from review.contents.canonical import contents_of
from review.contents.interface import Contents, Piece

_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def _word(fill: Callable[[Any], None]) -> Contents:
    document = docx.Document()
    fill(document)
    stream = io.BytesIO()
    document.save(stream)
    return contents_of(stream.getvalue(), "稿件.docx")


def _page(html: str, *attachments: tuple[str, bytes]) -> Contents:
    return contents_of(html.encode(), "正文.html", attachments=attachments)


def _png(red: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = zlib.compress(bytes([0, red, 0, 0]))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", dot)
        + chunk(b"IEND", b"")
    )


def _add_link(paragraph: Any, target: str, text: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(target, _LINK, is_external=True))
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = text
    run.append(words)
    link.append(run)
    paragraph._p.append(link)


def test_marks_links_and_breaks_are_those_of_the_page() -> None:
    def fill(document: Any) -> None:
        document.add_heading("通 知", 0)
        paragraph = document.add_paragraph("面积10m")
        paragraph.add_run("2").font.superscript = True
        paragraph.add_run("水H")
        paragraph.add_run("2").font.subscript = True
        paragraph.add_run("废").font.strike = True
        paragraph.add_run("one\ntwo\tthree")
        _add_link(paragraph, "HTTP://A.cn:80/通知?x=1#y", "看这里")

    assert (
        _word(fill).digest
        == _page(
            "<h1>通知</h1><p>面积10m<sup>2</sup>水H<sub>2</sub><s>废</s>one two three"
            "<a href='http://a.cn/通知?x=1#y'>看这里</a></p>"
        ).digest
    )


def test_a_field_link_leads_where_it_says() -> None:
    code = ' HYPERLINK "http://a.cn/x" \\l "part" \\o "提示" '

    def fill(document: Any) -> None:
        paragraph = document.add_paragraph("请")
        for kind, text in [("begin", ""), ("", code), ("separate", ""), ("t", "看")]:
            run = paragraph.add_run(text if kind == "t" else "")
            if kind in {"begin", "separate"}:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
                run._r.append(mark)
            elif not kind:
                words = OxmlElement("w:instrText")
                words.text = text
                run._r.append(words)
        end = OxmlElement("w:fldChar")
        end.set(qn("w:fldCharType"), "end")
        paragraph.add_run()._r.append(end)
        paragraph.add_run("完")

    assert _word(fill).body == (
        Piece("text", "请"),
        Piece("text", "看", "http://a.cn/x#part"),
        Piece("text", "完"),
    )


def test_tables_with_merged_cells_are_those_of_the_page() -> None:
    def fill(document: Any) -> None:
        table = document.add_table(3, 3)
        for number, cell in enumerate(table._cells):
            cell.text = str(number)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "横"
        table.cell(1, 0).merge(table.cell(2, 0)).text = "竖"

    assert (
        _word(fill).digest
        == _page(
            "<table><tr><td colspan=2>横<td>2<tr><td rowspan=2>竖<td>4<td>5"
            "<tr><td>7<td>8</table>"
        ).digest
    )


def test_a_picture_is_its_bytes() -> None:
    def picture(red: int) -> Contents:
        data = io.BytesIO(_png(red))
        return _word(lambda document: document.add_picture(data))

    assert picture(1).digest != picture(2).digest
    page = _page("<p><img src=/up/a.png></p>", ("a.png", _png(1)))
    assert picture(1).digest == page.digest


def test_automatic_numbers_are_seen() -> None:
    def fill(document: Any) -> None:
        numbering = document.part.numbering_part.element
        numbering.insert(
            0,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">'
                '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
                '<w:lvlText w:val="%1、"/></w:lvl>'
                '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
                '<w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
            ),
        )
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'
            )
        )
        for text, level in [("甲", 0), ("乙", 1), ("丙", 1), ("丁", 0), ("戊", 1)]:
            properties = document.add_paragraph(text)._p.get_or_add_pPr()
            numbers = properties._add_numPr()
            numbers._add_ilvl().val = level
            numbers._add_numId().val = 77

    page = _page("<p>一、甲<br>1.1乙<br>1.2丙<br>二、丁<br>2.1戊</p>")
    assert _word(fill).digest == page.digest


def test_list_styles_count_and_bullets_do_not_speak() -> None:
    def fill(document: Any) -> None:
        for text in ("甲", "乙"):
            document.add_paragraph(text, "List Number")
        document.add_paragraph("丙", "List Bullet")

    page = _page("<ol><li>甲<li>乙</ol><ul><li>丙</ul>")
    assert _word(fill).digest == page.digest


def test_headers_comments_and_deletions_are_hidden() -> None:
    def bare(document: Any) -> None:
        document.add_paragraph("正文")

    def full(document: Any) -> None:
        paragraph = document.add_paragraph("正文")
        document.sections[0].header.paragraphs[0].text = "页眉"
        document.sections[0].footer.paragraphs[0].text = "页脚"
        deletion = parse_xml(
            f'<w:del {nsdecls("w")} w:id="1" w:author="甲"><w:r>'
            "<w:delText>删去</w:delText></w:r></w:del>"
        )
        paragraph._p.append(deletion)
        hidden = paragraph.add_run("隐藏")
        hidden.font.hidden = True
        document.add_comment(paragraph.runs[0], "批注")

    one, other = _word(bare), _word(full)
    assert one.digest == other.digest
    assert set(one.hidden) < set(other.hidden)
    pages = {
        text: _page(f"<p>正文</p><!--{text}-->").hidden[0]
        for text in ("页眉", "页脚", "删去", "隐藏", "批注")
    }
    assert set(pages.values()) <= set(other.hidden)


def test_insertions_are_seen() -> None:
    def fill(document: Any) -> None:
        paragraph = document.add_paragraph("正")
        insertion = parse_xml(
            f'<w:ins {nsdecls("w")} w:id="1" w:author="甲"><w:r><w:t>文</w:t></w:r></w:ins>'
        )
        paragraph._p.append(insertion)

    assert _word(fill).body == (Piece("text", "正文"),)


def test_formulas_keep_their_structure() -> None:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/math"

    def formula(inner: str) -> Contents:
        def fill(document: Any) -> None:
            document.add_paragraph()._p.append(
                parse_xml(f'<m:oMath xmlns:m="{space}">{inner}</m:oMath>')
            )

        return _word(fill)

    one = formula(
        "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    )
    assert one.digest != formula("<m:r><m:t>12</m:t></m:r>").digest
    assert one.body[0].kind == "math"


def test_symbols_of_picture_fonts_differ() -> None:
    def symbol(code: str) -> Contents:
        def fill(document: Any) -> None:
            run = document.add_paragraph("选").add_run()
            run._r.append(
                parse_xml(f'<w:sym {nsdecls("w")} w:font="Wingdings" w:char="{code}"/>')
            )

        return _word(fill)

    assert symbol("F0FE").body == (Piece("text", "选☑"),)
    assert symbol("F04A").digest != symbol("F04B").digest


@pytest.mark.parametrize("split", [True, False])
def test_vertical_alignment_may_come_from_a_style(*, split: bool) -> None:
    def fill(document: Any) -> None:
        style = document.styles.add_style("高", 2)
        style.font.superscript = True
        paragraph = document.add_paragraph("10")
        for text in ("2", "3") if split else ("23",):
            paragraph.add_run(text, style="高")

    assert _word(fill).digest == _page("<p>10<sup>23</sup></p>").digest
