"""What a PDF says, made with reportlab."""

import io
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from review.errors import CorruptError, EncryptedError
from review.extract.interface import Document
from review.extract.limits import Limits
from review.extract.pdf.lines import Line, group, join
from review.extract.read import read

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def _pdf(draw: Callable[[Canvas], None], **settings: object) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, **settings)
    canvas.setFont("STSong-Light", 12)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _lines(*lines: tuple[float, str], left: float = 72) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for height, text in lines:
            canvas.drawString(left, height, text)

    return draw


def _texts(document: Document, part: str = "body") -> list[str]:
    return [b.text for b in document.blocks if b.where.part == part and not b.hidden]


def test_wrapped_lines_become_paragraphs() -> None:
    full = "各学院要高度重视考试保密工作严格落实责任制度确保试卷安全"
    data = _pdf(
        lambda c: (
            c.drawString(96, 700, full[:-2]),
            c.drawString(72, 680, full),
            c.drawString(72, 660, "到位。"),
            c.drawString(96, 640, full[:-2]),
            c.drawString(72, 620, "完成。"),
        )
    )
    document = read(data, "a.pdf")
    assert _texts(document) == [full[:-2] + full + "到位。", full[:-2] + "完成。"]
    assert document.blocks[0].where.page == 1


def test_list_numbers_and_page_numbers_part() -> None:
    full = "一、各学院要高度重视考试保密工作严格落实责任制度确保试卷安全"
    data = _pdf(_lines((700, full), (680, "二" + full[1:]), (60, "- 3 -")))
    document = read(data, "a.pdf")
    assert _texts(document) == [full, "二" + full[1:]]
    assert _texts(document, "footer") == ["- 3 -"]


def test_latin_lines_are_joined_with_a_space() -> None:
    assert join(["The quick", "brown fox"]) == "The quick brown fox"
    assert join(["保密", "工作"]) == "保密工作"
    assert join(["exam\ufffe", "ination"]) == "examination"


def test_lines_without_boxes_are_joined_by_length() -> None:
    full = "各学院要高度重视考试保密工作严格落实责任制度"
    found = group((Line(full), Line("到位。"), Line("另起一段。")))
    assert [each.text for each in found] == [full + "到位。", "另起一段。"]


def test_ruled_tables_become_rows_once() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 750, "名单如下：")
        for row in range(4):
            canvas.line(72, 700 - row * 30, 372, 700 - row * 30)
        for column in range(4):
            canvas.line(72 + column * 100, 610, 72 + column * 100, 700)
        for row in range(3):
            for column in range(3):
                canvas.drawString(80 + column * 100, 680 - row * 30, f"格{row}{column}")

    document = read(_pdf(draw), "a.pdf")
    rows = [b for b in document.blocks if b.role == "row"]
    assert [b.cells for b in rows] == [
        tuple(f"格{r}{c}" for c in range(3)) for r in range(3)
    ]
    assert _texts(document) == ["名单如下："]
    assert (rows[1].where.table, rows[1].where.row, rows[1].where.page) == (1, 2, 1)


def test_metadata_links_and_forms() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setAuthor("张某")
        canvas.setTitle("密件")
        canvas.drawString(72, 700, "正文")
        canvas.linkURL("http://10.1.2.3/内部", (72, 690, 200, 710))
        canvas.textAnnotation("批注字", (10, 10, 50, 50))
        canvas.acroForm.textfield(name="f", value="filled", x=72, y=600)

    document = read(_pdf(draw), "a.pdf")
    hidden = {b.text: b.where.part for b in document.blocks if b.hidden}
    assert hidden["作者：张某"] == "metadata"
    assert hidden["标题：密件"] == "metadata"
    assert hidden["批注字"] == "annotation"
    assert any(text.startswith("http://10.1.2.3/") for text in hidden)
    assert "filled" in _texts(document, "annotation") + _texts(document)


def test_text_off_the_page_is_read() -> None:
    data = _pdf(
        lambda c: (c.drawString(72, 700, "正文"), c.drawString(-500, 5000, "页外"))
    )
    document = read(data, "a.pdf")
    assert _texts(document) == ["正文"]
    assert [b.text for b in document.blocks if b.where.part == "hidden"] == ["页外"]


def test_embedded_files_are_read() -> None:
    document = pdfium.PdfDocument(_pdf(_lines((700, "正文"))))
    document.new_attachment("说明.txt").set_data("附件里的字".encode())
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    found = read(buffer.getvalue(), "a.pdf")
    inside = [b for b in found.blocks if b.where.path == "说明.txt"]
    assert [b.text for b in inside] == ["说明.txt", "附件里的字"]


def test_earlier_versions_are_read() -> None:
    old = _pdf(_lines((700, "旧版机密")), pageCompression=0)
    new = _pdf(_lines((700, "新版")), pageCompression=0)
    # A second body after the first: the last cross-reference table wins.
    document = read(old + new, "a.pdf")
    assert "旧版机密" in "".join(b.text for b in document.blocks)


def test_page_of_a_picture_is_a_gap() -> None:
    picture = ImageReader(Image.new("RGB", (300, 300), "white"))
    data = _pdf(lambda c: c.drawImage(picture, 72, 300, 400, 400))
    document = read(data, "a.pdf")
    assert [(g.code, g.where.page) for g in document.gaps] == [
        ("image_without_text", 1)
    ]


def test_garbled_layer_is_a_gap() -> None:
    document = read(
        _pdf(
            _lines(
                (700, "犐犆犛犔犌犕犛犲犮狌狉犻狋犲犾犲犮狋狉狅狀犻犮犮狊犲犪犾犮狉")
            )
        ),
        "a.pdf",
    )
    assert [gap.code for gap in document.gaps] == ["garbled_text"]


def test_encrypted_and_broken_files() -> None:
    with pytest.raises(EncryptedError):
        read(_pdf(_lines((700, "a")), encrypt=StandardEncryption("geheim")), "a.pdf")
    with pytest.raises(CorruptError):
        read(b"%PDF-1.4\nnothing here", "a.pdf")


def test_a_file_that_opens_without_its_password_is_read() -> None:
    locked = StandardEncryption("", ownerPassword="geheim", canPrint=0)

    def draw(canvas: Canvas) -> None:
        canvas.setAuthor("张某")
        canvas.drawString(72, 700, "正文")

    document = read(_pdf(draw, encrypt=locked), "a.pdf")
    assert _texts(document) == ["正文"]
    assert "作者：张某" in {b.text for b in document.blocks}


def test_pages_beyond_the_limit_are_a_gap() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "one")
        canvas.showPage()
        canvas.drawString(72, 700, "two")

    document = read(_pdf(draw), "a.pdf", Limits(pages=1))
    assert [gap.code for gap in document.gaps] == ["too_large"]
