"""Pages as pictures, and findings on them: PDFs made with reportlab, images with Pillow."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from review.errors import (
    CorruptError,
    EncryptedError,
    NotFoundError,
    TooLargeError,
    UnsupportedError,
)
from review.picture import bounds, kinds, pdf
from review.picture.draw import draw_page, pages_of
from review.picture.interface import Box, Excerpt, Picture, Size

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

_WIDTH, _HEIGHT = 600.0, 800.0
_SIZE = 20.0
_WORDS = "期末考试试题"


def _pdf(
    *pages: Callable[[Canvas], None],
    size: tuple[float, float] = (_WIDTH, _HEIGHT),
    **settings: object,
) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=size, **settings)
    for draw in pages:
        canvas.setFont("STSong-Light", _SIZE)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _line(
    text: str, *, left: float = 100, bottom: float = 600
) -> Callable[[Canvas], None]:
    return lambda canvas: canvas.drawString(left, bottom, text)


def _image(
    kind: str, *, mode: str = "RGB", size: tuple[int, int] = (300, 200), **more: object
) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(made, kind, **more)
    return made.getvalue()


def _seen(picture: Picture) -> Image.Image:
    shown = Image.open(io.BytesIO(picture.png))
    shown.load()
    assert shown.size == (picture.width, picture.height)
    assert shown.mode == "RGB"
    return shown


def _dark(shown: Image.Image, box: Box) -> int:
    """Return how many dark pixels stand in a box."""
    width, height = shown.size
    edges = (
        int(box.left * width),
        int(box.top * height),
        round((box.left + box.width) * width),
        round((box.top + box.height) * height),
    )
    return sum(shown.crop(edges).convert("L").histogram()[:128])


def _boxes(data: bytes, *excerpts: Excerpt) -> list[tuple[Box, ...]]:
    return [one.boxes for one in pages_of(data, excerpts).marks]


def test_a_box_stands_around_the_words() -> None:
    data = _pdf(_line(f"关于{_WORDS}的通知"))
    ((box,),) = _boxes(data, Excerpt("1.f1", 1, _WORDS))
    assert box.left == pytest.approx((100 + 2 * _SIZE) / _WIDTH, abs=0.01)
    assert box.width == pytest.approx(6 * _SIZE / _WIDTH, abs=0.01)
    assert box.top < 1 - 600 / _HEIGHT < box.top + box.height + 0.01
    assert box.height == pytest.approx(_SIZE / _HEIGHT, abs=0.015)


def test_all_ink_of_the_words_and_no_other_is_in_their_boxes() -> None:
    data = _pdf(_line(_WORDS))
    (boxes,) = _boxes(data, Excerpt("1.f1", 1, _WORDS))
    shown = _seen(draw_page(data, 1, width_px=600))
    everywhere = _dark(shown, Box(0, 0, 1, 1))
    assert everywhere > 100
    assert sum(_dark(shown, one) for one in boxes) > everywhere * 0.95


def test_words_over_three_lines_have_three_boxes() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(300, 600, "前文，期末考")
        canvas.drawString(100, 570, "试，试题和答案都已经")
        canvas.drawString(100, 540, "确定。后文")

    excerpt = Excerpt("1.f1", 1, "期末考试，试题和答案都已经确定", 3)
    (boxes,) = _boxes(_pdf(draw), excerpt)
    assert len(boxes) == 3
    assert boxes[0].left > boxes[1].left == pytest.approx(boxes[2].left, abs=0.001)
    assert boxes[0].top < boxes[1].top < boxes[2].top


@pytest.mark.parametrize(
    ("box", "same"),
    [
        (Box(0.30, 0.500, 0.02, 0.020), True),
        (Box(0.30, 0.512, 0.02, 0.014), True),  # a comma's box is low and small
        (Box(0.30, 0.520, 0.02, 0.020), False),  # the next line, further on
        (Box(0.10, 0.500, 0.02, 0.020), False),  # back to where the line began
        (Box(0.10, 0.530, 0.02, 0.020), False),
    ],
)
def test_a_line_goes_on_with_what_stands_beside_it(box: Box, *, same: bool) -> None:
    assert pdf._continues(Box(0.10, 0.500, 0.20, 0.020), box) is same


def test_upright_text_goes_on_below() -> None:
    line = Box(0.10, 0.500, 0.02, 0.020)
    assert pdf._continues(line, Box(0.10, 0.521, 0.02, 0.020))
    assert not pdf._continues(line, Box(0.14, 0.521, 0.02, 0.020))
    assert not pdf._continues(line, Box(0.10, 0.561, 0.02, 0.020))


def test_boxes_follow_a_page_that_is_turned_and_cropped() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.setCropBox((50, 100, 550, 500))
        canvas.drawString(100, 400, _WORDS)

    data = _pdf(draw)
    pages = pages_of(data, [Excerpt("1.f1", 1, _WORDS)])
    assert pages.sizes == (Size(400, 500),)
    shown = _seen(draw_page(data, 1, width_px=600))
    (mark,) = pages.marks
    assert len(mark.boxes) == 1
    assert mark.boxes[0].height > mark.boxes[0].width
    assert _dark(shown, mark.boxes[0]) > 0.95 * _dark(shown, Box(0, 0, 1, 1)) > 100


def test_a_finding_is_marked_on_its_own_page_alone() -> None:
    data = _pdf(_line(_WORDS), _line("没有"), _line(_WORDS))
    marks = pages_of(
        data,
        [
            Excerpt("1.f1", 3, _WORDS),
            Excerpt("1.f2", 1, _WORDS),
            Excerpt("1.f3", 2, _WORDS),
        ],
    ).marks
    assert [(one.id, one.page, len(one.boxes)) for one in marks] == [
        ("1.f2", 1, 1),
        ("1.f3", 2, 0),
        ("1.f1", 3, 1),
    ]


def test_a_page_that_is_not_there_bears_no_mark() -> None:
    (mark,) = pages_of(_pdf(_line(_WORDS)), [Excerpt("1.f1", 9, _WORDS)]).marks
    assert mark.boxes == ()


@pytest.mark.parametrize("width", [200, 1000, 2000])
def test_a_page_is_as_wide_as_asked(width: int) -> None:
    made = draw_page(_pdf(_line(_WORDS)), 1, width_px=width)
    _seen(made)
    assert abs(made.width - width) <= 1
    assert made.height == pytest.approx(made.width * _HEIGHT / _WIDTH, abs=2)


def test_a_picture_has_a_largest_area() -> None:
    long = _pdf(_line(_WORDS), size=(100, 14_000))
    made = draw_page(long, 1, width_px=bounds.WIDEST)
    assert made.width * made.height <= bounds.MOST_DRAWN * 1.01
    wide = draw_page(_pdf(_line(_WORDS)), 1, width_px=100_000)
    assert wide.width <= bounds.WIDEST + 1


def test_pages_are_counted() -> None:
    assert len(pages_of(_pdf(*[_line(_WORDS)] * 4)).sizes) == 4
    assert len(pages_of(_image("PNG")).sizes) == 1


@pytest.mark.parametrize("page", [0, 2, -1])
@pytest.mark.parametrize("data", [_pdf(_line(_WORDS)), _image("PNG")])
def test_a_page_that_is_not_there_is_refused(data: bytes, page: int) -> None:
    with pytest.raises(NotFoundError):
        draw_page(data, page, width_px=500)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 nothing",
        _image("PNG")[:60],
        b"\xff\xd8\xff broken",
        b"II*\x00 broken",
    ],
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(CorruptError):
        draw_page(data, 1, width_px=500)
    with pytest.raises(CorruptError):
        draw_page(data[:20], 1, width_px=500)


def test_a_locked_pdf_is_refused() -> None:
    locked = _pdf(_line(_WORDS), encrypt=StandardEncryption("x", ownerPassword="y"))
    with pytest.raises(EncryptedError):
        pages_of(locked)


@pytest.mark.parametrize(
    "data", [b"", "学院举行运动会".encode(), b"PK\x03\x04", b"<p>x</p>"]
)
def test_what_has_no_pages_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedError):
        pages_of(data)


def test_a_file_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MOST_BYTES", 1024 * 1024)
    with pytest.raises(TooLargeError):
        pages_of(b"%PDF-" + bytes(1024 * 1024))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"])
def test_an_image_is_a_page_without_boxes(kind: str) -> None:
    data = _image(kind)
    pages = pages_of(data, [Excerpt("1.f1", 1, _WORDS)])
    assert (pages.sizes, pages.marks) == ((Size(300, 200),), ())
    shown = _seen(draw_page(data, 1, width_px=150))
    assert shown.size == (150, 100)
    red, green, blue = shown.getpixel((75, 50))  # type: ignore[misc]  # - three colours
    assert red > 250
    assert green < 5
    assert blue < 5


def test_an_image_is_never_made_larger() -> None:
    assert _seen(draw_page(_image("PNG"), 1, width_px=2000)).size == (300, 200)


def test_every_frame_of_a_tiff_is_a_page() -> None:
    frames = [
        Image.new("RGB", (300, 200 + 10 * at), one)
        for at, one in enumerate(["red", "lime"])
    ]
    made = io.BytesIO()
    frames[0].save(made, "TIFF", save_all=True, append_images=frames[1:])
    assert pages_of(made.getvalue()).sizes == (Size(300, 200), Size(300, 210))
    second = _seen(draw_page(made.getvalue(), 2, width_px=300))
    assert second.size == (300, 210)
    assert second.getpixel((9, 9)) == (0, 255, 0)


def test_a_photograph_stands_upright() -> None:
    turned = Image.new("RGB", (300, 200), "white")
    turned.paste("black", (0, 0, 300, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    made = io.BytesIO()
    turned.save(made, "JPEG", exif=exif)
    assert pages_of(made.getvalue()).sizes == (Size(200, 300),)
    shown = _seen(draw_page(made.getvalue(), 1, width_px=200))
    assert shown.size == (200, 300)
    assert sum(shown.getpixel((195, 150))) < 60  # type: ignore[arg-type, misc]  # - three colours


def test_what_is_transparent_is_white() -> None:
    shown = _seen(draw_page(_image("PNG", mode="RGBA"), 1, width_px=300))
    assert shown.getpixel((9, 9)) == (255, 255, 255)


def test_an_image_has_a_largest_number_of_pixels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("review.picture.image.MOST_OPENED", 1000)
    with pytest.raises(TooLargeError):
        pages_of(_image("PNG"))
