"""A damaged file gives a copy or a refusal in words, never anything else."""

import io
import random
import zipfile
from pathlib import Path

import pikepdf
import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from review.errors import UnreadableError
from review.safecopy.copying import safe_copy
from review.safecopy.interface import SafeCopy

pytestmark = pytest.mark.slow

_ROUNDS = 40


def _docx() -> bytes:
    out = io.BytesIO()
    document = Document()
    document.add_heading("云山职业学院")
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "姓名"
    picture = io.BytesIO(_png())
    document.add_picture(picture)
    document.paragraphs[0].add_run("藏着").font.hidden = True
    document.save(out)
    return out.getvalue()


def _xlsx() -> bytes:
    out = io.BytesIO()
    book = Workbook()
    book.active.append(["姓名", 1, 2.5])  # type: ignore[union-attr]  # it has a sheet
    book.create_sheet("隐").sheet_state = "hidden"
    book.save(out)
    return out.getvalue()


def _pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 200), pageCompression=0)
    canvas.drawString(20, 150, "Notice")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(20, 100, "white")
    canvas.beginForm("f")
    canvas.drawString(20, 80, "form")
    canvas.endForm()
    canvas.doForm("f")
    canvas.save()
    return out.getvalue()


def _png() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((40, 40), 50).convert("RGB").save(out, "PNG")
    return out.getvalue()


def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 60), (9, 200, 9)).save(out, "JPEG", comment=b"x")
    return out.getvalue()


def _html() -> bytes:
    return (
        "<html><body><p style='color:#fff'>白</p><table><tr><td>甲<td>乙</table>"
        "<!-- 注 --><svg><title>x</title></svg></body></html>"
    ).encode()


_SPECIMENS = {
    "docx": _docx,
    "xlsx": _xlsx,
    "pdf": _pdf,
    "png": _png,
    "jpeg": _jpeg,
    "html": _html,
    "txt": lambda: "第一行\u200b\n第二行\n".encode() * 20,
}


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """Flip, cut, double or insert bytes."""
    body = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(body))
        kind = chance.randrange(4)
        if kind == 0:
            body[at] = chance.randrange(256)
        elif kind == 1:
            del body[at : at + chance.randint(1, 20)]
        elif kind == 2:
            body[at:at] = body[at : at + chance.randint(1, 30)]
        else:
            body[at:at] = chance.randbytes(chance.randint(1, 8))
        if not body:
            return b"x"
    return bytes(body)


def _mutated_inside(data: bytes, chance: random.Random) -> bytes:
    """Mutate one part of a package, which stays a whole package."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        names = source.namelist()
        struck = chance.choice(names)
        with zipfile.ZipFile(out, "w") as target:
            for name in names:
                part = source.read(name)
                target.writestr(name, _struck(part, chance) if name == struck else part)
    return out.getvalue()


def _struck(part: bytes, chance: random.Random) -> bytes:
    """Change XML so that it stays well-formed now and then: names and numbers."""
    words = part.split(b'"')
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(words))
        words[at] = chance.choice((b"", b"-1", b"99999999999", b"x", words[at] * 2))
    return b'"'.join(words)


def _tried(data: bytes, name: str) -> None:
    message = "。"
    try:
        made = safe_copy(data, name)
        assert isinstance(made, SafeCopy)
    except UnreadableError as error:
        message = error.message
    assert message.endswith("。"), message


@pytest.mark.parametrize("kind", _SPECIMENS)
def test_flipped_and_cut_files(kind: str, tmp_path: Path) -> None:
    del tmp_path
    chance = random.Random(f"safe copy of {kind}")  # noqa: S311 - the same each time
    data = _SPECIMENS[kind]()
    assert safe_copy(data, f"x.{kind}").data
    for _ in range(_ROUNDS):
        _tried(_mutated(data, chance), f"x.{kind}")


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_parts_that_say_other_things(kind: str) -> None:
    chance = random.Random(f"parts of {kind}")  # noqa: S311 - the same each time
    data = _SPECIMENS[kind]()
    for _ in range(_ROUNDS):
        _tried(_mutated_inside(data, chance), f"x.{kind}")


def test_pages_with_other_operators() -> None:
    chance = random.Random("operators")  # noqa: S311 - the same each time
    data = _pdf()
    for _ in range(_ROUNDS):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as document:
            page = document.pages[0]
            words = page.Contents.read_bytes().split()
            for _ in range(chance.randint(1, 6)):
                at = chance.randrange(len(words))
                words[at] = chance.choice(
                    (
                        b"Q",
                        b"q",
                        b"Tj",
                        b"TJ",
                        b"0",
                        b"1e9",
                        b"/X",
                        b"BDC",
                        b"EMC",
                        b"Do",
                    )
                )
            page.Contents = document.make_stream(b" ".join(words))
            document.save(out)
        _tried(out.getvalue(), "x.pdf")
