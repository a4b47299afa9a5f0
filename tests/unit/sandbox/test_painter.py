"""Pages come out of the sandbox as they are drawn outside of it."""

import io

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from review.errors import CorruptError, NotFoundError, UnsupportedError
from review.picture.draw import draw_page, pages_of
from review.picture.interface import Excerpt
from review.sandbox.functions import FUNCTIONS
from review.sandbox.painter import SandboxPainter
from review.sandbox.sandbox import Answer, Sandbox

_PAINTER = SandboxPainter()
_EXCERPTS = (Excerpt("1.f1", 1, "sports day", 3), Excerpt("1.f2", 2, "nothing"))

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def _pdf() -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(300, 400))
    canvas.drawString(50, 300, "The sports day of the college")
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def test_the_answers_are_the_same_as_without_a_sandbox() -> None:
    data = _pdf()
    assert _PAINTER.pages(data, _EXCERPTS) == pages_of(data, _EXCERPTS)
    assert _PAINTER.page(data, 1, width_px=300) == draw_page(data, 1, width_px=300)


def test_an_image_is_drawn_too() -> None:
    made = io.BytesIO()
    Image.new("RGB", (90, 60), "red").save(made, "PNG")
    assert _PAINTER.page(made.getvalue(), 1, width_px=45).height == 30


def test_refusals_come_through() -> None:
    with pytest.raises(NotFoundError):
        _PAINTER.page(_pdf(), 2, width_px=300)
    with pytest.raises(CorruptError):
        _PAINTER.pages(b"%PDF-1.4 nothing", ())


def test_what_has_no_pages_needs_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sandbox, "run", None)
    with pytest.raises(UnsupportedError):
        _PAINTER.pages("学院举行运动会。".encode(), ())
    with pytest.raises(UnsupportedError):
        _PAINTER.page(b"PK\x03\x04", 1, width_px=300)


@pytest.mark.parametrize(
    "value", [None, [], {}, {"sizes": [{}], "marks": []}, {"sizes": 1, "marks": []}]
)
def test_a_strange_answer_is_not_believed(
    value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sandbox, "run", lambda *_: Answer(value, b""))
    with pytest.raises(CorruptError):
        _PAINTER.pages(_pdf(), ())
    with pytest.raises(CorruptError):
        _PAINTER.page(_pdf(), 1, width_px=300)


def test_each_function_has_a_name_of_its_own() -> None:
    names = [one.name for one in FUNCTIONS]
    assert len(names) == len(set(names))
