"""What a Word file shows and hides, built from raw parts."""

import io
import zipfile

import docx
import pytest

from review.errors import BombError, CorruptError
from review.extract.interface import Block, Document
from review.extract.limits import Limits
from review.extract.read import read

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WHO = 'w:id="1" w:author="张某" w:date="2024-03-01T08:00:00Z"'

Parts = dict[str, str | bytes]
Links = tuple[tuple[str, str], ...]


def _relations(links: Links) -> str:
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{_REL}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if ":" in target else "/>")
        for n, (kind, target) in enumerate(links)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{rows}</Relationships>'


def _word(body: str, more: Parts | None = None, links: Links = ()) -> bytes:
    parts: Parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations((("officeDocument", "word/document.xml"),)),
        "word/document.xml": _story("document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": _relations(links),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | (more or {})).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _story(tag: str, inner: str) -> str:
    return f"<w:{tag} {_NAMESPACES}>{inner}</w:{tag}>"


def _p(text: str, properties: str = "", run: str = "") -> str:
    return (
        f"<w:p><w:pPr>{properties}</w:pPr>"
        f"<w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"
    )


def _read(body: str, more: Parts | None = None, links: Links = ()) -> Document:
    return read(_word(body, more, links), "草稿.docx")


def _shown(document: Document) -> list[str]:
    return [block.text for block in document.blocks if not block.hidden]


def _hidden(document: Document, part: str) -> list[Block]:
    return [b for b in document.blocks if b.hidden and b.where.part == part]


def test_paragraphs_are_numbered_from_one() -> None:
    document = _read(_p("第一段。") + _p("") + _p("第二段。"))
    assert [(b.text, b.where.paragraph) for b in document.blocks] == [
        ("第一段。", 1),
        ("第二段。", 2),
    ]


def test_headings_title_and_items() -> None:
    word = docx.Document()
    word.add_heading("关于期末考试安排的通知", 0)
    word.add_heading("一、时间", 1)
    word.add_paragraph("带好证件", style="List Bullet")
    word.add_paragraph("正文。")
    buffer = io.BytesIO()
    word.save(buffer)
    document = read(buffer.getvalue(), "a.docx")
    roles = [b.role for b in document.blocks if b.where.part == "body"]
    assert roles == ["title", "heading", "item", "paragraph"]


def test_first_centred_big_line_is_the_title_not_the_letterhead() -> None:
    big = '<w:sz w:val="44"/>'
    centre = '<w:jc w:val="center"/>'
    document = _read(
        _p("某某大学文件", centre, big) + _p("关于开展自查的通知", centre, big)
    )
    assert [b.role for b in document.blocks] == ["paragraph", "title"]


def test_table_rows_with_cells_and_nested_table() -> None:
    cell = "<w:tc>{}</w:tc>"
    inner = f"<w:tbl><w:tr>{cell.format(_p('内层'))}</w:tr></w:tbl>"
    row = f"<w:tr>{cell.format(_p('姓名') + _p('（盖章）'))}{cell.format(inner)}</w:tr>"
    document = _read(f"<w:tbl>{row}</w:tbl>")
    first, second = document.blocks
    assert (first.cells, first.text) == (("姓名 （盖章）", ""), "姓名 （盖章）\t")
    assert (first.role, first.where.part, first.where.table) == ("row", "table", 1)
    assert (second.text, second.where.table, second.where.row) == ("内层", 2, 1)


def test_insertions_stay_in_the_text_and_deletions_do_not() -> None:
    body = (
        "<w:p><w:r><w:t>会议于</w:t></w:r>"
        f"<w:del {_WHO}><w:r><w:delText>三月</w:delText></w:r></w:del>"
        f"<w:ins {_WHO}><w:r><w:t>四月</w:t></w:r></w:ins>"
        "<w:r><w:t>召开。</w:t></w:r></w:p>"
    )
    document = _read(body)
    assert _shown(document) == ["会议于四月召开。"]
    (deleted,) = _hidden(document, "deletion")
    (inserted,) = _hidden(document, "insertion")
    assert (deleted.text, deleted.detail) == (
        "三月",
        "修订删除，作者张某，2024-03-01",
    )
    assert (inserted.text, inserted.detail) == (
        "四月",
        "修订插入，作者张某，2024-03-01",
    )


def test_moved_text_stands_where_it_moved_to() -> None:
    body = (
        f"<w:p><w:moveFrom {_WHO}><w:r><w:t>旧处</w:t></w:r></w:moveFrom></w:p>"
        f"<w:p><w:moveTo {_WHO}><w:r><w:t>新处</w:t></w:r></w:moveTo></w:p>"
    )
    document = _read(body)
    assert _shown(document) == ["新处"]
    assert _hidden(document, "deletion")[0].text == "旧处"


def test_what_was_inserted_and_deleted_again_is_deleted() -> None:
    inner = f"<w:del {_WHO}><w:r><w:delText>来去</w:delText></w:r></w:del>"
    document = _read(f"<w:p><w:ins {_WHO}>{inner}</w:ins></w:p>")
    assert _shown(document) == []
    assert _hidden(document, "deletion")[0].text == "来去"


def test_a_deleted_paragraph_mark_joins_the_next_paragraph() -> None:
    mark = f"<w:rPr><w:del {_WHO}/></w:rPr>"
    assert _shown(_read(_p("机", mark) + _p("密"))) == ["机密"]


def test_deleted_table_row_is_hidden() -> None:
    row = f"<w:tr><w:trPr><w:del {_WHO}/></w:trPr><w:tc>{_p('李某')}</w:tc></w:tr>"
    document = _read(f"<w:tbl>{row}</w:tbl>")
    assert _shown(document) == []
    assert _hidden(document, "deletion")[0].text == "李某"


@pytest.mark.parametrize(
    "run",
    ["<w:vanish/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="1"/>'],
)
def test_hidden_runs_are_not_in_the_text(run: str) -> None:
    document = _read(
        f"<w:p><w:r><w:t>看得见</w:t></w:r><w:r><w:rPr>{run}</w:rPr>"
        "<w:t>看不见</w:t></w:r></w:p>"
    )
    assert _shown(document) == ["看得见"]
    assert _hidden(document, "hidden")[0].text == "看不见"


def test_white_text_on_a_coloured_ground_is_seen() -> None:
    run = '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>'
    assert _shown(_read(_p("反白标题", run=run))) == ["反白标题"]


def test_a_style_may_hide() -> None:
    styles = _story(
        "styles",
        '<w:style w:type="character" w:styleId="x">'
        "<w:rPr><w:vanish/></w:rPr></w:style>",
    )
    document = _read(
        _p("样式隐藏", run='<w:rStyle w:val="x"/>') + _p("可见"),
        {"word/styles.xml": styles},
        (("styles", "styles.xml"),),
    )
    assert _shown(document) == ["可见"]
    assert _hidden(document, "hidden")[0].text == "样式隐藏"


def test_content_controls_links_and_simple_fields_are_text() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{_p('控件内')}</w:sdtContent></w:sdt>"
        "<w:p><w:hyperlink><w:r><w:t>链接字</w:t></w:r></w:hyperlink>"
        '<w:fldSimple w:instr="DOCPROPERTY 项目">'
        "<w:r><w:t>域结果</w:t></w:r></w:fldSimple>"
        "</w:p>"
    )
    document = _read(body)
    assert _shown(document) == ["控件内", "链接字域结果"]
    assert _hidden(document, "hidden")[0].text == "DOCPROPERTY 项目"


def test_field_codes_are_hidden_and_results_shown() -> None:
    def field(code: str, result: str) -> str:
        return (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f"<w:r><w:instrText>{code}</w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            f"<w:r><w:t>{result}</w:t></w:r>"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    body = f"<w:p>{field('PAGE', '3')}{field('INCLUDETEXT 绝密.docx', '内容')}</w:p>"
    document = _read(body)
    assert _shown(document) == ["3内容"]
    codes = [b.text for b in _hidden(document, "hidden")]
    assert codes == ["INCLUDETEXT 绝密.docx"]
    assert [gap.code for gap in document.gaps] == ["external"]


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        (r"eq \o\ac(○,密)", "密"),
        (r'EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(mi),密)', "密"),
        (r"eq \f(甲,乙)", "甲 乙"),
        (r"eq \o(○)", ""),
        ("PAGE", ""),
    ],
)
def test_some_fields_show_their_code(code: str, shows: str) -> None:
    body = (
        '<w:p><w:r><w:t>机</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    assert _shown(_read(body)) == [f"机{shows}"]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{_p('框中文字')}</w:txbxContent>"
    body = (
        "<w:p><w:r><mc:AlternateContent>"
        '<mc:Choice Requires="wps"><w:drawing>'
        f"<wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    document = _read(body)
    assert [(b.text, b.where.part) for b in document.blocks] == [
        ("框中文字", "textbox")
    ]


def test_another_text_in_the_fallback_is_not_lost() -> None:
    body = (
        "<w:p><w:r><mc:AlternateContent>"
        '<mc:Choice Requires="wps"><w:t>甲</w:t></mc:Choice>'
        "<mc:Fallback><w:t>乙</w:t></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    document = _read(body)
    assert _shown(document) == ["甲"]
    assert _hidden(document, "hidden")[0].text == "乙"


def test_alternative_texts_and_word_art() -> None:
    body = (
        '<w:p><w:r><w:drawing><wp:docPr id="1" name="图1" '
        'descr="内部照片"/></w:drawing>'
        '<w:pict><v:shape><v:textpath string="绝密"/></v:shape></w:pict></w:r></w:p>'
    )
    document = _read(body)
    assert _hidden(document, "image")[0].text == "内部照片"
    assert [(b.text, b.where.part) for b in document.blocks if not b.hidden] == [
        ("绝密", "textbox")
    ]


def test_headers_footers_notes_and_comments() -> None:
    more: Parts = {
        "word/header1.xml": _story("hdr", _p("页眉字")),
        "word/header2.xml": _story("hdr", _p("页眉字")),
        "word/footer1.xml": _story("ftr", _p("页脚字")),
        "word/footnotes.xml": _story(
            "footnotes",
            f'<w:footnote w:type="separator" w:id="0">{_p("")}</w:footnote>'
            f'<w:footnote w:id="2">{_p("脚注字")}</w:footnote>',
        ),
        "word/endnotes.xml": _story(
            "endnotes", f'<w:endnote w:id="2">{_p("尾注字")}</w:endnote>'
        ),
        "word/comments.xml": _story(
            "comments", f"<w:comment {_WHO}>{_p('批注字')}</w:comment>"
        ),
    }
    links: Links = (
        ("header", "header1.xml"),
        ("header", "header2.xml"),
        ("footer", "footer1.xml"),
        ("footnotes", "footnotes.xml"),
        ("endnotes", "endnotes.xml"),
        ("comments", "comments.xml"),
    )
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="r0"/>'
        '<w:footerReference w:type="default" r:id="r2"/></w:sectPr>'
    )
    document = _read(_p("正文") + section, more, links)
    assert [(b.text, b.where.part, b.hidden) for b in document.blocks] == [
        ("正文", "body", False),
        ("页眉字", "header", False),
        ("页脚字", "footer", False),
        ("脚注字", "footnote", False),
        ("尾注字", "footnote", False),
        ("批注字", "comment", True),
        ("修订者：张某", "metadata", True),
    ]
    assert document.blocks[-2].detail == "批注，作者张某，2024-03-01"


def test_properties_and_variables_are_hidden_metadata() -> None:
    more: Parts = {
        "docProps/core.xml": (
            '<c xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<dc:creator>张某</dc:creator><dc:title>密件</dc:title></c>"
        ),
        "docProps/app.xml": "<p><Company>某部</Company><Pages>3</Pages></p>",
        "docProps/custom.xml": '<p><property name="密级"><v>机密</v></property></p>',
        "word/settings.xml": _story(
            "settings",
            '<w:docVars><w:docVar w:name="期限" w:val="十年"/></w:docVars>',
        ),
    }
    document = _read(_p("正文"), more, (("settings", "settings.xml"),))
    texts = {b.text for b in _hidden(document, "metadata")}
    assert texts == {
        "作者：张某",
        "标题：密件",
        "单位：某部",
        "密级：机密",
        "期限：十年",
    }


def test_embedded_files_are_read_in_their_own_right() -> None:
    inner = _word(_p("内嵌正文"), {"word/embeddings/b.docx": _word(_p("最里层"))})
    document = read(_word(_p("外"), {"word/embeddings/a.docx": inner}), "a.docx")
    inside = {b.where.path: b.text for b in document.blocks if b.role == "paragraph"}
    assert inside == {None: "外", "a.docx": "内嵌正文", "a.docx/b.docx": "最里层"}
    parts = {b.where.part for b in document.blocks if b.where.path}
    assert parts == {"attachment"}


def test_nesting_beyond_the_limit_is_a_gap() -> None:
    data = _word(_p("底"))
    for _ in range(3):
        data = _word(_p("层"), {"word/embeddings/x.docx": data})
    document = read(data, "a.docx", Limits(depth=2))
    assert [gap.code for gap in document.gaps] == ["too_deep"]


def test_an_unreadable_attachment_is_a_gap_with_its_code() -> None:
    document = _read(_p("外"), {"word/embeddings/a.bin": b"\x00\x01\x02\x03" * 9})
    assert [gap.code for gap in document.gaps] == ["unsupported_part"]
    assert document.gaps[0].where.path == "a.bin"


def test_alternative_chunks_are_read() -> None:
    document = _read(
        _p("外"),
        {"word/chunk.html": "<html><body><p>块中文字</p></body></html>"},
        (("aFChunk", "chunk.html"),),
    )
    assert "块中文字" in _shown(document)


def test_pictures_macros_and_links_outside_are_gaps() -> None:
    document = _read(
        _p("外"),
        {"word/media/a.png": b"\x89PNG", "word/vbaProject.bin": b"\xd0\xcf"},
        (
            ("attachedTemplate", "file:///C:/张某/模板.dotm"),
            ("hyperlink", "http://10.1.2.3/"),
        ),
    )
    codes = sorted(gap.code for gap in document.gaps)
    assert codes == ["external", "image_without_text", "macro"]
    addresses = {b.text for b in _hidden(document, "hidden")}
    assert addresses == {"file:///C:/张某/模板.dotm", "http://10.1.2.3/"}


def test_strict_documents_are_read() -> None:
    data = _word(_p("严格格式"))
    archive = zipfile.ZipFile(io.BytesIO(data))
    old = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    new = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as strict:
        for name in archive.namelist():
            strict.writestr(name, archive.read(name).replace(old, new))
    assert _shown(read(buffer.getvalue(), "a.docx")) == ["严格格式"]


def test_damaged_side_part_is_a_gap_not_a_failure() -> None:
    document = _read(
        _p("正文"), {"word/header1.xml": "<w:hdr"}, (("header", "header1.xml"),)
    )
    assert _shown(document) == ["正文"]
    assert [gap.code for gap in document.gaps] == ["unreadable_part"]


def test_truncated_file_is_corrupt() -> None:
    simple = _word(_p("正文" * 500))
    with pytest.raises(CorruptError):
        read(simple[: len(simple) // 2], "a.docx")


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>'
    with pytest.raises(BombError):
        read(_word("", {"word/document.xml": bomb}), "a.docx")


def test_a_bomb_is_refused_before_unpacking() -> None:
    data = _word("", {"word/media/x.bin": b"\0" * 40_000_000})
    with pytest.raises(BombError):
        read(data, "a.docx")
