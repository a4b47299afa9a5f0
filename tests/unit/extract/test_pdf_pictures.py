"""Pictures of a PDF and pages that only a picture or recognition can read."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from review.extract.interface import Extraction, Picture
from review.extract.limits import Limits
from review.extract.pdf.pdf import Pdf

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def _pdf(*draws: Callable[[Canvas], object]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for draw in draws:
        canvas.setFont("STSong-Light", 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _read(*draws: Callable[[Canvas], object], limits: Limits = Limits()) -> Extraction:
    return Pdf().extract(_pdf(*draws), limits)


def _opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data))


def _scan(size: tuple[int, int] = (600, 800), colour: str = "black") -> Image.Image:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((50, 50, 250, 150), fill=colour)
    return picture


def _full(picture: Image.Image) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)

    return draw


def _words(canvas: Canvas) -> None:
    for line in range(10):
        canvas.drawString(72, 700 - line * 20, "这一页有许多看得见的文字")


def test_a_scanned_page_is_drawn_in_grey_at_200_dots_an_inch() -> None:
    extraction = _read(_full(_scan()))
    (picture,) = extraction.pictures
    assert (picture.where.part, picture.where.page) == ("image", 1)
    assert picture.page
    assert picture.claimed is None
    drawn = _opened(picture)
    assert drawn.mode == "L"
    assert abs(drawn.width - 595 * 200 / 72) < 2
    assert extraction.gaps == ()


def test_a_red_stamp_keeps_its_colour() -> None:
    (picture,) = _read(_full(_scan(colour="red"))).pictures
    assert _opened(picture).mode == "RGB"


def test_a_scan_that_is_one_jpeg_is_handed_on_as_it_is() -> None:
    buffer = io.BytesIO()
    _scan((1200, 1700)).save(buffer, "JPEG")
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    image = pdf.make_stream(buffer.getvalue())
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = 1200, 1700, 8
    image.ColorSpace, image.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
    page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    out = io.BytesIO()
    pdf.save(out)
    (picture,) = Pdf().extract(out.getvalue(), Limits()).pictures
    assert picture.data == buffer.getvalue()
    assert picture.page


def test_the_layer_of_a_scan_is_claimed_and_stays_readable() -> None:
    def draw(canvas: Canvas) -> None:
        _full(_scan())(canvas)
        text = canvas.beginText(72, 700)
        text.setTextRenderMode(3)
        text.textOut("识别出的文字层")
        canvas.drawText(text)

    extraction = _read(draw)
    (picture,) = extraction.pictures
    assert (picture.page, picture.claimed) == (True, "识别出的文字层")
    (block,) = [b for b in extraction.blocks if b.where.part == "body"]
    assert (block.text, block.detail) == ("识别出的文字层", "扫描页的文字层")


def test_what_a_black_box_hides_of_a_scan_is_handed_on_too() -> None:
    def draw(canvas: Canvas) -> None:
        _full(_scan(colour="grey"))(canvas)
        canvas.rect(50, 600, 300, 200, fill=1)

    first, second = _read(draw).pictures
    assert first.page
    assert not second.page
    assert _opened(first).convert("L").getextrema()[0] == 0
    assert _opened(second).convert("L").getextrema()[0] > 0


def test_pictures_beside_words_come_once_and_small_ones_not_at_all() -> None:
    stamp, dot = _scan((200, 100)), Image.new("RGB", (16, 16), "black")

    def draw(canvas: Canvas) -> None:
        _words(canvas)
        canvas.drawImage(ImageReader(stamp), 72, 300, 100, 50)
        canvas.drawImage(ImageReader(dot), 300, 300, 10, 10)

    (picture,) = _read(draw, draw).pictures
    assert (picture.page, picture.where.page) == (False, 1)
    assert _opened(picture).size == (200, 100)


def test_a_transparent_stamp_is_laid_on_white() -> None:
    stamp = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(stamp).rectangle((20, 20, 40, 40), fill=(255, 0, 0, 255))

    def draw(canvas: Canvas) -> None:
        _words(canvas)
        canvas.drawImage(ImageReader(stamp), 72, 300, 100, 100, mask="auto")

    (picture,) = _read(draw).pictures
    drawn = _opened(picture).convert("RGB")
    assert drawn.getpixel((drawn.width - 5, drawn.height - 5)) == (255, 255, 255)
    red = drawn.getpixel((drawn.width * 3 // 10, drawn.height * 3 // 10))
    assert red == (255, 0, 0)


def test_a_page_of_many_strips_is_drawn_as_a_whole() -> None:
    def draw(canvas: Canvas) -> None:
        _words(canvas)
        for number in range(20):
            strip = Image.new("RGB", (300, 40), (number, number, number))
            canvas.drawImage(ImageReader(strip), 72, 60 + number * 20, 300, 20)

    (picture,) = _read(draw).pictures
    assert not picture.page
    assert _opened(picture).height > 2000


def test_words_drawn_as_lines_make_a_page_to_recognize() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(40):
            canvas.line(72 + number * 5, 700, 75 + number * 5, 712)

    (picture,) = _read(draw).pictures
    assert picture.page
    assert _read(lambda c: c.line(72, 700, 300, 700)).pictures == ()


def test_a_garbled_layer_is_claimed() -> None:
    garbled = "".join(map(chr, range(0xE100, 0xE130)))
    extraction = _read(lambda c: c.drawString(72, 700, garbled))
    (picture,) = extraction.pictures
    assert picture.page
    assert picture.claimed


def _wrongly_mapped(canvas: Canvas) -> None:
    """Draw signs where words should be: a font with a map of another one."""
    for line in range(5):
        canvas.drawString(72, 700 - line * 20, '"#$%&()*+,-./01 234!')


@pytest.mark.slow
def test_doubtful_pages_are_compared_a_few_and_the_rest_named() -> None:
    extraction = _read(*[_wrongly_mapped] * 8)
    assert [p.where.page for p in extraction.pictures] == [1, 2, 3, 4, 5, 6]
    assert all(p.page and p.claimed for p in extraction.pictures)
    (gap,) = extraction.gaps
    assert (gap.code, gap.where.page) == ("garbled_text", 7)
    assert "第 7、8 页" in gap.message


def test_latin_letters_mapped_to_rare_han_are_put_right() -> None:
    extraction = _read(lambda c: c.drawString(72, 700, "犌犕犜标准全文公开的说明"))
    (block,) = [b for b in extraction.blocks if b.where.part == "body"]
    assert (block.text, block.detail) == ("GMT标准全文公开的说明", "字体编码已还原")


def test_pictures_on_no_page_are_handed_on_too() -> None:
    buffer = io.BytesIO()
    _scan((300, 400)).save(buffer, "JPEG")
    with pikepdf.open(io.BytesIO(_pdf(_words))) as pdf:
        kept = pdf.make_stream(buffer.getvalue())
        kept.Type, kept.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        kept.Width, kept.Height, kept.BitsPerComponent = 300, 400, 8
        kept.ColorSpace, kept.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
        plain = pdf.make_stream(bytes(100 * 100))
        plain.Type, plain.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        plain.Width = plain.Height = 100
        plain.ColorSpace, plain.BitsPerComponent = pikepdf.Name.DeviceGray, 8
        pdf.pages[0].Resources.XObject = pikepdf.Dictionary(A=kept, B=plain)
        out = io.BytesIO()
        pdf.save(out)
    extraction = Pdf().extract(out.getvalue(), Limits())
    (picture,) = extraction.pictures
    assert (picture.data, picture.where.page) == (buffer.getvalue(), None)
    (gap,) = extraction.gaps
    assert "1 张没有放在任何页面上的图片" in gap.message


def test_pictures_beyond_the_limit_are_a_gap() -> None:
    pages = [_full(_scan((300 + n, 400))) for n in range(4)]
    extraction = _read(*pages, limits=Limits(pictures=2))
    assert len(extraction.pictures) == 2
    (gap,) = extraction.gaps
    assert (gap.code, gap.where.page) == ("too_large", 3)
    assert "第 3、4 页" in gap.message


def test_an_enormous_page_is_drawn_small_enough() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageSize((14_400, 14_400))
        canvas.drawImage(ImageReader(_scan()), 0, 0, 14_000, 14_000)

    (picture,) = _read(draw).pictures
    width, height = _opened(picture).size
    assert picture.page
    assert 4_000_000 < width * height < 13_000_000
