"""What a safe copy of a PDF leaves out, and that its pages look the same."""

import io
from collections.abc import Callable

import pikepdf
import pypdfium2 as pdfium2
import pytest
from PIL import Image, ImageChops
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from review.errors import EncryptedError, UnsupportedError
from review.extract.read import read
from review.safecopy.copying import safe_copy
from review.safecopy.interface import SafeCopy, Trace

HIDDEN = "SECRETWORDS"
SHOWN = "Notice of the holiday"


def pdf(paint: Callable[[Canvas], None] | None = None) -> bytes:
    """Make one page with a visible line and what `paint` adds."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 300))
    canvas.setFont("Helvetica", 14)
    canvas.drawString(40, 250, SHOWN)
    if paint is not None:
        paint(canvas)
    canvas.save()
    return out.getvalue()


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        change(document)
        document.save(out)
    return out.getvalue()


def everything(data: bytes) -> bytes:
    """Return all that stands in a file, streams unpacked."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def drawn(data: bytes) -> Image.Image:
    with pdfium2.PdfDocument(data) as document:
        return document[0].render(scale=2, may_draw_forms=False).to_pil().convert("L")


def texts(data: bytes) -> str:
    with pdfium2.PdfDocument(data) as document:
        return document[0].get_textpage().get_text_range()


def copied(data: bytes) -> SafeCopy:
    made = safe_copy(data, "x.pdf")
    assert HIDDEN.encode() not in everything(made.data)
    assert HIDDEN not in texts(made.data)
    assert SHOWN in texts(made.data)
    hidden = [b for b in read(made.data, "c").blocks if b.hidden]
    assert [b.text for b in hidden if not b.text.startswith("http")] == []
    return made


def look_alike(one: bytes, other: bytes) -> bool:
    difference = ImageChops.difference(drawn(one), drawn(other))
    return max(difference.getextrema()) < 24


def kinds(made: SafeCopy) -> str:
    return "、".join(one.kind for one in made.removed)


def _white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(40, 200, HIDDEN)


def _black_box(canvas: Canvas) -> None:
    canvas.drawString(40, 200, HIDDEN)
    canvas.rect(36, 195, 200, 20, fill=1)


def _invisible(canvas: Canvas) -> None:
    text = canvas.beginText(40, 200)
    text.setTextRenderMode(3)
    text.textOut(HIDDEN)
    canvas.drawText(text)


def _off_page(canvas: Canvas) -> None:
    canvas.drawString(500, 200, HIDDEN)


def _tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(40, 200, HIDDEN)


def _in_a_form(canvas: Canvas) -> None:
    canvas.beginForm("f")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(40, 180, HIDDEN)
    canvas.endForm()
    canvas.doForm("f")


_HIDING = {
    "white": _white,
    "black box": _black_box,
    "invisible": _invisible,
    "off the page": _off_page,
    "tiny": _tiny,
    "white in a form": _in_a_form,
}


@pytest.mark.parametrize("name", _HIDING)
def test_letters_that_nobody_sees_are_taken_out_of_the_page(name: str) -> None:
    data = pdf(_HIDING[name])
    assert HIDDEN in texts(data)
    made = copied(data)
    assert "看不见的文字" in kinds(made)
    assert name == "tiny" or look_alike(data, made.data)


def test_half_of_a_line_under_a_box_goes_and_the_other_half_stays_in_place() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setFont("Courier", 12)
        canvas.drawString(40, 200, f"before{HIDDEN}after")
        canvas.rect(40 + 6 * 7.2, 196, len(HIDDEN) * 7.2, 14, fill=1)

    data = pdf(paint)
    made = copied(data)
    assert "before" in texts(made.data)
    assert "after" in texts(made.data)
    assert look_alike(data, made.data)


def test_chinese_letters_under_a_box_go() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def paint(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(40, 200, "看得见藏着的话看得见")
        canvas.rect(40 + 3 * 16, 194, 4 * 16, 20, fill=1)

    data = pdf(paint)
    made = safe_copy(data, "x.pdf")
    assert "藏着的话" not in texts(made.data)
    assert texts(made.data).count("看得见") == 2
    assert look_alike(data, made.data)


def test_words_on_a_coloured_bar_stay() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0.7, 0, 0)
        canvas.rect(30, 190, 300, 30, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(40, 200, "white on red")

    data = pdf(paint)
    made = copied(data)
    assert "white on red" in texts(made.data)
    assert look_alike(data, made.data)


def test_a_picture_that_a_box_blacks_out_is_refused() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.drawImage(
            ImageReader(Image.new("RGB", (50, 50), (9, 99, 9))), 40, 40, 200, 140
        )
        canvas.rect(80, 80, 60, 20, fill=1)

    with pytest.raises(UnsupportedError, match="色块"):
        safe_copy(pdf(paint), "x.pdf")


def test_a_label_on_a_picture_is_no_blacking_out() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.drawImage(
            ImageReader(Image.new("RGB", (50, 50), (9, 99, 9))), 40, 40, 200, 140
        )
        canvas.setFillColorRGB(1, 1, 0)
        canvas.rect(80, 80, 90, 20, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawString(84, 84, "Gate 1")

    copied(pdf(paint))


def test_information_scripts_attachments_and_bookmarks_go() -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.docinfo["/Author"] = HIDDEN
        document.docinfo["/Own"] = HIDDEN
        with document.open_metadata() as metadata:
            metadata["dc:title"] = HIDDEN
        document.attachments["a.txt"] = pikepdf.AttachedFileSpec(
            document, HIDDEN.encode()
        )
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(HIDDEN, 0))
        document.Root["/OpenAction"] = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String(HIDDEN)
        )
        document.pages[0].obj["/PieceInfo"] = pikepdf.Dictionary(
            X=pikepdf.Dictionary(Private=pikepdf.String(HIDDEN))
        )

    made = copied(changed(pdf(), change))
    for kind in ("文件属性", "元数据", "附件", "书签", "自动动作", "私有数据"):
        assert kind in kinds(made)


def test_remarks_go_and_links_to_public_pages_stay() -> None:
    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[0]
        remark = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Text,
            Rect=[10, 10, 30, 30],
            Contents=pikepdf.String(HIDDEN),
            T=pikepdf.String(HIDDEN),
        )
        links = [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                Rect=[40, 240, 200, 260],
                Contents=pikepdf.String(HIDDEN),
                A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(address)),
            )
            for address in ("https://www.example.edu.cn/", f"file:///{HIDDEN}")
        ]
        page.obj["/Annots"] = document.make_indirect(pikepdf.Array([remark, *links]))

    made = copied(changed(pdf(), change))
    assert b"https://www.example.edu.cn/" in everything(made.data)
    assert [one.count for one in made.kept] == [1]
    assert "注释" in kinds(made)


def test_layers_that_are_off_go_and_the_others_stay() -> None:
    def change(document: pikepdf.Pdf) -> None:
        groups = [
            document.make_indirect(
                pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String(HIDDEN))
            )
            for _ in range(2)
        ]
        document.Root["/OCProperties"] = pikepdf.Dictionary(
            OCGs=pikepdf.Array(groups),
            D=pikepdf.Dictionary(OFF=pikepdf.Array(groups[:1])),
        )
        page = document.pages[0]
        page.Resources["/Properties"] = pikepdf.Dictionary(A=groups[0], B=groups[1])
        font = next(iter(page.Resources.Font.keys()))
        page.contents_add(
            f"/OC /A BDC BT {font} 12 Tf 40 100 Td ({HIDDEN}) Tj ET 0 0 9 9 re f EMC "
            f"/OC /B BDC BT {font} 12 Tf 40 80 Td (shown layer) Tj ET EMC".encode()
        )

    data = changed(pdf(), change)
    made = copied(data)
    assert "shown layer" in texts(made.data)
    assert "关闭的图层" in kinds(made)
    assert look_alike(data, made.data)


def test_alternative_texts_in_the_contents_go() -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].contents_add(
            f"/Span <</ActualText ({HIDDEN})>> BDC 1 1 1 1 re f EMC".encode()
        )

    copied(changed(pdf(), change))


def test_earlier_versions_are_not_carried_over() -> None:
    first = pdf(lambda canvas: canvas.drawString(40, 200, HIDDEN))
    start = first.rindex(b"startxref")
    with pikepdf.open(io.BytesIO(pdf())) as document:
        contents = document.pages[0].Contents.read_bytes()
    with pikepdf.open(io.BytesIO(first)) as document:
        number = document.pages[0].Contents.objgen[0]
        size = int(document.trailer.Size)
        root = document.Root.objgen[0]
    place = len(first)
    body = b"%d 0 obj <</Length %d>> stream\n%s\nendstream endobj\n" % (
        number,
        len(contents),
        contents,
    )
    previous = int(first[start:].split()[1])
    more = (
        b"xref\n%d 1\n%010d 00000 n \ntrailer <</Size %d /Root %d 0 R /Prev %d>>\n"
        % (
            number,
            place,
            size,
            root,
            previous,
        )
    )
    data = first + body + more + b"startxref\n%d\n%%%%EOF\n" % (place + len(body))
    assert HIDDEN not in texts(data)
    assert "历史版本" in kinds(copied(data))


def test_form_fields_are_drawn_on_the_page() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.acroForm.textfield(
            name=HIDDEN, tooltip=HIDDEN, value="Zhang Sample", x=40, y=150
        )

    made = copied(pdf(paint))
    assert "Zhang Sample" in texts(made.data)
    assert b"/AcroForm" not in everything(made.data)


def test_remarks_beside_form_fields_are_counted_too() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="n", value="shown", x=40, y=150)
        canvas.textAnnotation(HIDDEN, (10, 10, 30, 30))

    made = copied(pdf(paint))
    assert Trace("注释", "第 1 页", 1) in made.removed


def test_what_stands_outside_the_crop_box_goes() -> None:
    data = changed(
        pdf(lambda canvas: canvas.drawString(40, 20, HIDDEN)),
        lambda document: document.pages[0].obj.__setitem__(
            "/CropBox", pikepdf.Array([0, 100, 400, 300])
        ),
    )
    made = copied(data)
    assert look_alike(data, made.data)


def test_a_password_is_told() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(EncryptedError):
        safe_copy(out.getvalue(), "x.pdf")


def test_a_portfolio_is_refused() -> None:
    data = changed(
        pdf(),
        lambda document: document.Root.__setitem__("/Collection", pikepdf.Dictionary()),
    )
    with pytest.raises(UnsupportedError, match="文件包"):
        safe_copy(data, "x.pdf")


def test_the_same_file_gives_the_same_bytes() -> None:
    data = pdf(_black_box)
    assert safe_copy(data, "a").data == safe_copy(data, "b").data


def test_a_copy_of_a_copy_removes_nothing_more() -> None:
    again = safe_copy(copied(pdf(_black_box)).data, "x.pdf")
    assert again.removed == ()
