"""Words of a PDF that nobody sees: each kind is found, named, and parted from the rest."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image
from reportlab.lib.colors import Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from review.extract.interface import Block, Extraction
from review.extract.limits import Limits
from review.extract.pdf.pdf import Pdf

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def _pdf(draw: Callable[[Canvas], object]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("STSong-Light", 12)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _read(data: bytes) -> Extraction:
    return Pdf().extract(data, Limits())


def _hidden(extraction: Extraction) -> list[Block]:
    beside = {"metadata"}
    return [b for b in extraction.blocks if b.hidden and b.where.part not in beside]


def _seen(extraction: Extraction) -> list[str]:
    return [b.text for b in extraction.blocks if not b.hidden]


def _only(extraction: Extraction) -> Block:
    (block,) = _hidden(extraction)
    return block


def _with_line(draw: Callable[[Canvas], object]) -> bytes:
    """Draw a plain line, and then something else in the page's font."""

    def both(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "照常看得见的一行")
        draw(canvas)

    return _pdf(both)


def _mode(number: int) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(72, 600)
        text.setTextRenderMode(number)
        text.textOut("看不见的名单")
        canvas.drawText(text)

    return draw


def _coloured(*parts: float) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(Color(*parts))
        canvas.drawString(72, 600, "看不见的名单")

    return draw


def _sized(size: float) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", size)
        canvas.drawString(72, 600, "看不见的名单")

    return draw


def _narrow(canvas: Canvas) -> None:
    text = canvas.beginText(72, 600)
    text.setHorizScale(2)
    text.textOut("看不见的名单")
    canvas.drawText(text)


def _clipped(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(300, 300, 50, 50)
    canvas.clipPath(path, stroke=0)
    canvas.drawString(72, 600, "看不见的名单")


def _on_its_own_colour(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 12)
    canvas.rect(60, 590, 200, 30, fill=1)
    canvas.drawString(72, 600, "unseen list")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(150, 600, "plain words")


@pytest.mark.parametrize(
    ("draw", "detail"),
    [
        (_mode(3), "渲染模式"),
        (_mode(7), "渲染模式"),
        (_coloured(1, 1, 1), "白色"),
        (_coloured(0.95, 0.96, 0.97), "白色"),
        (_coloured(0, 0, 0, 0), "透明"),
        (_sized(1), "极小"),
        (_narrow, "极小"),
        (lambda c: c.drawString(-400, 600, "看不见的名单"), "页面以外"),
        (lambda c: c.drawString(72, 4000, "看不见的名单"), "页面以外"),
        (_clipped, "裁切"),
    ],
    ids=[
        *("unpainted", "only-clips", "white", "near-white", "transparent", "tiny"),
        *("narrow", "left-of-page", "above-page", "clipped"),
    ],
)
def test_each_trick_is_found_and_named(
    draw: Callable[[Canvas], None], detail: str
) -> None:
    extraction = _read(_with_line(draw))
    block = _only(extraction)
    assert block.text == "看不见的名单"
    assert (block.where.part, block.where.page, block.hidden) == ("hidden", 1, True)
    assert detail in (block.detail or "")
    assert _seen(extraction) == ["照常看得见的一行"]


def test_words_on_their_own_colour_are_found_and_white_words_beside_them_stay() -> None:
    extraction = _read(_with_line(_on_its_own_colour))
    block = _only(extraction)
    assert (block.text, block.detail) == ("unseen list", "与背景同色的文字")
    assert _seen(extraction) == ["照常看得见的一行", "plain words"]


def test_words_under_a_black_box_are_parted_from_their_line() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 600, "甲乙丙丁戊己庚辛壬癸")
        canvas.rect(96, 595, 36, 16, fill=1)

    extraction = _read(_with_line(draw))
    block = _only(extraction)
    assert (block.text, block.detail) == ("丙丁戊", "被色块遮住的文字")
    assert "".join("".join(_seen(extraction)).split()) == (
        "照常看得见的一行甲乙己庚辛壬癸"
    )


def test_marks_go_with_the_words_beside_them() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, 600, "seen, and seen. (under, the. box) seen, too.")
        start = 72 + canvas.stringWidth("seen, and seen. ")
        canvas.rect(start, 595, canvas.stringWidth("(under, the. box)"), 16, fill=1)

    extraction = _read(_with_line(draw))
    assert _only(extraction).text == "(under, the. box)"
    assert "".join(_seen(extraction)).endswith("seen, and seen. seen, too.")


def test_words_under_a_picture_are_found_whatever_the_picture_shows() -> None:
    noise = Image.effect_noise((200, 60), 80).convert("RGB")

    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 600, "图片下的名单")
        canvas.drawImage(ImageReader(noise), 60, 590, 200, 30)
        canvas.drawString(72, 500, "图片上的名单")
        canvas.drawImage(ImageReader(noise), 300, 490, 100, 30)

    extraction = _read(_with_line(draw))
    block = _only(extraction)
    assert (block.text, block.detail) == ("图片下的名单", "被图片遮住的文字")
    assert "".join(_seen(extraction)) == "照常看得见的一行图片上的名单"


def test_words_under_a_box_inside_a_form_are_found() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("stamp")
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(0, 0, "甲乙丙丁")
        canvas.rect(12, -3, 24, 17, fill=1)
        canvas.endForm()
        canvas.translate(72, 400)
        canvas.doForm("stamp")

    extraction = _read(_with_line(draw))
    assert _only(extraction).text == "乙丙"


@pytest.mark.parametrize("kind", ["Square", "Highlight"])
def test_words_under_a_black_annotation_are_found(kind: str) -> None:
    data = _with_line(lambda c: c.drawString(72, 600, "甲乙丙丁戊己"))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        square = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name(f"/{kind}"),
            QuadPoints=[95, 614, 133, 614, 95, 594, 133, 594],
            Rect=[95, 594, 133, 614],
            C=[0, 0, 0],
            IC=[0, 0, 0],
        )
        pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([square]))
        buffer = io.BytesIO()
        pdf.save(buffer)
    extraction = _read(buffer.getvalue())
    block = _only(extraction)
    assert (block.text, block.detail) == ("丙丁戊", "被批注或表单遮住的文字")


def test_words_outside_the_crop_box_are_found_on_turned_pages_too() -> None:
    data = _with_line(lambda c: c.drawString(72, 100, "裁掉的名单"))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.pages[0].CropBox = [0, 400, 595, 842]
        pdf.pages[0].Rotate = 90
        buffer = io.BytesIO()
        pdf.save(buffer)
    extraction = _read(buffer.getvalue())
    block = _only(extraction)
    assert (block.text, block.detail) == ("裁掉的名单", "裁剪框以外的文字")
    assert _seen(extraction) == ["照常看得见的一行"]


def test_white_words_on_a_dark_ground_are_seen_on_turned_pages_too() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        canvas.rect(60, 590, 200, 30, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 600, "light on dark")
        canvas.drawString(72, 500, "light on light")

    data = _with_line(draw)
    for turn in (0, 90, 180, 270):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pdf.pages[0].Rotate = turn
            buffer = io.BytesIO()
            pdf.save(buffer)
        extraction = _read(buffer.getvalue())
        assert _only(extraction).text == "light on light"
        assert sorted("".join(_seen(extraction))) == sorted(
            "照常看得见的一行light on dark"
        )


def _layered(*, off: bool, form: bool) -> bytes:
    """Return a page with a layer, as marked words or as a whole form."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    group = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("内部意见"))
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
    )
    resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(F=font), Properties=pikepdf.Dictionary(L=group)
    )
    inner = b"BT /F 12 Tf 50 100 Td (layer words) Tj ET"
    plain = b"BT /F 12 Tf 50 200 Td (plain words) Tj ET\n"
    if form:
        body = pdf.make_stream(inner)
        body.Type, body.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        body.BBox, body.OC, body.Resources = [0, 0, 300, 300], group, resources
        resources.XObject = pikepdf.Dictionary(X=body)
        content = plain + b"/X Do"
    else:
        content = plain + b"/OC /L BDC " + inner + b" EMC"
    page.Resources = resources
    page.Contents = pdf.make_stream(content)
    pdf.Root.OCProperties = pikepdf.Dictionary(
        OCGs=[group],
        D=pikepdf.Dictionary(OFF=[group] if off else [], ON=[] if off else [group]),
    )
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("form", [False, True])
def test_words_of_a_layer_that_is_off_are_found(*, form: bool) -> None:
    extraction = _read(_layered(off=True, form=form))
    found = {b.text: b for b in _hidden(extraction)}
    block = found["layer words"]
    assert block.where.part == "layer"
    assert "关闭的图层" in (block.detail or "")
    assert "图层名称：内部意见（关闭）" in found
    assert _seen(extraction) == ["plain words"]
    shown = _read(_layered(off=False, form=form))
    assert " ".join(_seen(shown)) == "plain words layer words"


def test_hidden_words_are_not_in_the_cells_of_a_table() -> None:
    def draw(canvas: Canvas) -> None:
        for row in range(4):
            canvas.line(72, 600 - row * 30, 372, 600 - row * 30)
        for column in range(4):
            canvas.line(72 + column * 100, 510, 72 + column * 100, 600)
        for row in range(3):
            for column in range(3):
                canvas.drawString(80 + column * 100, 580 - row * 30, f"格{row}{column}")
        canvas.rect(175, 545, 90, 20, fill=1)

    extraction = _read(_with_line(draw))
    assert _only(extraction).text == "格11"
    rows = [b.cells for b in extraction.blocks if b.role == "row"]
    assert rows[1] == ("格10", "", "格12")


@pytest.mark.parametrize("shared", [False, True], ids=["inline", "shared"])
def test_the_page_counts_where_another_text_is_given_for_it(*, shared: bool) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    given = b"<</ActualText (harmless words)>>"
    if shared:
        page.Resources.Properties = pikepdf.Dictionary(
            P=pikepdf.Dictionary(ActualText=pikepdf.String("harmless words"))
        )
        given = b"/P"
    words = b"BT /F 12 Tf 20 100 Td (painted words) Tj ET"
    page.Contents = pdf.make_stream(b"/Span " + given + b" BDC " + words + b" EMC")
    buffer = io.BytesIO()
    pdf.save(buffer)
    extraction = _read(buffer.getvalue())
    assert _seen(extraction) == ["painted words"]
    block = next(b for b in _hidden(extraction) if b.text == "harmless words")
    assert "替换文字" in (block.detail or "")
    assert block.where.page == 1
