"""Parts of Word documents that stand beside the plain paragraphs."""

import io
import zipfile

import pytest

from review.contents.canonical import contents_of
from review.contents.interface import Contents, Piece
from review.errors import UnreadableError

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def _links(*links: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{name}" Type="{_KIND}/{kind}" Target="{target}"/>'
        for name, kind, target in links
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{inner}</Relationships>'


def _package(body: str, *parts: tuple[str, str, str, str]) -> bytes:
    """Return a document; each part is its link's id, kind, name and contents."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", _TYPES)
        main = ("r1", "officeDocument", "word/document.xml")
        package.writestr("_rels/.rels", _links(main))
        document = f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>"
        package.writestr("word/document.xml", document)
        links = [(name, kind, target) for name, kind, target, _ in parts]
        package.writestr("word/_rels/document.xml.rels", _links(*links))
        for _, _, target, text in parts:
            package.writestr(f"word/{target}", text)
    return stream.getvalue()


def _word(body: str, *parts: tuple[str, str, str, str]) -> Contents:
    return contents_of(_package(body, *parts), "稿件.docx")


def _page(html: str) -> Contents:
    return contents_of(html.encode(), "正文.html")


def _run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def _p(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def _notes(tag: str, *texts: str) -> str:
    inner = "".join(
        f'<w:{tag} w:id="{number}">{_p(f"<w:r><w:{tag}Ref/></w:r>{_run(text)}")}</w:{tag}>'
        for number, text in enumerate(texts, 7)
    )
    return f"<w:{tag}s {_SPACES}>{inner}</w:{tag}s>"


def test_notes_stand_at_the_end_under_raised_numbers() -> None:
    body = _p(
        f'{_run("甲")}<w:r><w:footnoteReference w:id="8"/></w:r>{_run("乙")}'
        '<w:r><w:footnoteReference w:id="7"/></w:r>'
        '<w:r><w:endnoteReference w:id="7"/></w:r>'
    )
    found = _word(
        body,
        (
            "n1",
            "footnotes",
            "footnotes.xml",
            _notes("footnote", "后注", "先注", "无主"),
        ),
        ("n2", "endnotes", "endnotes.xml", _notes("endnote", "尾注")),
    )
    page = _page(
        "<p>甲<sup>1</sup>乙<sup>2</sup><sup>i</sup></p>"
        "<p><sup>1</sup>先注</p><p><sup>2</sup>后注</p><p><sup>i</sup>尾注</p>"
    )
    assert found.digest == page.digest
    assert _page("见<!--无主-->").hidden[0] in found.hidden


def test_text_boxes_follow_their_paragraph() -> None:
    box = (
        f"<w:r><w:pict><v:textbox><w:txbxContent>{_p(_run('框内'))}"
        "</w:txbxContent></v:textbox></w:pict></w:r>"
    )
    found = _word(_p(f"{_run('前')}{box}{_run('后')}") + _p(_run("末")))
    assert found.digest == _page("前后框内末").digest


def test_word_art_and_charts_are_seen() -> None:
    art = '<w:r><w:pict><v:shape><v:textpath string="艺术字"/></v:shape></w:pict></w:r>'
    assert _word(_p(_run("前") + art)).digest == _page("前艺术字").digest
    chart = '<w:r><w:drawing><c:chart r:id="c1"/></w:drawing></w:r>'

    def drawn(value: int) -> Contents:
        data = f"<c:chart {_SPACES}><c:v>{value}</c:v></c:chart>"
        return _word(_p(_run("图") + chart), ("c1", "chart", "charts/chart1.xml", data))

    assert [p.kind for p in drawn(1).body] == ["text", "object"]
    assert drawn(1).digest != drawn(2).digest


def test_a_deleted_row_is_hidden() -> None:
    def row(text: str, properties: str = "") -> str:
        cells = "".join(f"<w:tc>{_p(_run(f'{text}{n}'))}</w:tc>" for n in (1, 2))
        return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"

    deleted = row("乙", '<w:del w:id="1" w:author="甲"/>')
    found = _word(f"<w:tbl>{row('甲')}{deleted}{row('丙')}</w:tbl>")
    page = _page("<table><tr><td>甲1<td>甲2<tr><td>丙1<td>丙2</table>")
    assert found.digest == page.digest
    assert _page("见<!--乙2-->").hidden[0] in found.hidden


def test_a_deleted_paragraph_end_joins_words() -> None:
    mark = '<w:pPr><w:rPr><w:del w:id="1" w:author="a"/></w:rPr></w:pPr>'
    found = _word(_p(f"{mark}{_run('now')}") + _p(_run("here")))
    assert found.digest == _page("nowhere").digest


def test_hidden_pictures_are_listed() -> None:
    picture = '<w:pict><v:shape><v:imagedata r:id="i1"/></v:shape></w:pict>'
    part = ("i1", "image", "media/image1.png", "\x89PNG")
    seen = _word(_p(f"{_run('字')}<w:r>{picture}</w:r>"), part)
    hidden = _word(
        _p(f"{_run('字')}<w:r><w:rPr><w:vanish/></w:rPr>{picture}</w:r>"), part
    )
    assert [p.kind for p in seen.body] == ["text", "image"]
    assert [p.kind for p in hidden.body] == ["text"]
    assert len(hidden.hidden) == len(seen.hidden) + 1


def test_ruby_is_marked_as_on_a_page() -> None:
    ruby = (
        f"<w:r><w:ruby><w:rt>{_run('chóng')}</w:rt>"
        f"<w:rubyBase>{_run('重')}</w:rubyBase></w:ruby></w:r>"
    )
    page = _page("<ruby>重<rp>(</rp><rt>chóng</rt><rp>)</rp></ruby>庆")
    assert _word(_p(ruby + _run("庆"))).digest == page.digest


def test_the_shown_branch_of_alternatives_counts() -> None:
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = (
        f'<mc:AlternateContent xmlns:mc="{space}"><mc:Choice>{_p(_run("新"))}</mc:Choice>'
        f"<mc:Fallback>{_p(_run('旧'))}</mc:Fallback></mc:AlternateContent>"
    )
    found = _word(body)
    assert found.body == (Piece("text", "新"),)
    assert _page("见<!--旧-->").hidden[0] in found.hidden


def test_a_part_of_another_format_is_an_object() -> None:
    def chunk(text: str) -> Contents:
        part = ("a1", "aFChunk", "chunk.html", f"<p>{text}</p>")
        return _word(_p(_run("前")) + '<w:altChunk r:id="a1"/>', part)

    assert chunk("甲").digest != chunk("乙").digest


def test_spans_of_a_damaged_list_part_are_refused() -> None:
    with pytest.raises(UnreadableError):
        _word(_p(_run("字")), ("n", "numbering", "numbering.xml", "<broken"))


def test_a_restarted_list_counts_anew() -> None:
    lists = (
        f'<w:numbering {_SPACES}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">'
        '<w:start w:val="3"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="(%1)"/>'
        '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>'
    )

    def item(text: str, number: int) -> str:
        numbers = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        return _p(f"<w:pPr>{numbers}</w:pPr>{_run(text)}")

    body = item("甲", 1) + item("乙", 1) + item("丙", 2) + item("丁", 2) + item("戊", 0)
    found = _word(body, ("n", "numbering", "numbering.xml", lists))
    assert found.digest == _page("(C)甲(D)乙(A)丙(B)丁戊").digest
