"""What a safe copy of a picture leaves out: all but the pixels."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from review.errors import UnreadableError
from review.safecopy.copying import safe_copy
from review.safecopy.images.bare import stripped

HIDDEN = "secret place"


def painted(mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (60, 40))
    for x in range(60):
        for y in range(40):
            value = (x * 4, y * 6, 99, 255)[: len(image.getbands())]
            image.putpixel((x, y), value if len(value) > 1 else value[0])
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010E] = HIDDEN
    made.get_ifd(0x8825)[1] = "N"
    return made


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "BMP", "GIF"])
def test_the_pixels_stay_as_they_are(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    before = painted().quantize() if kind == "GIF" else painted()
    data = saved(before, kind, **options)
    made = safe_copy(data + HIDDEN.encode(), f"x.{kind.lower()}")
    assert HIDDEN.encode() not in made.data
    after, old = opened(made.data).convert("RGB"), opened(data).convert("RGB")
    assert after.tobytes() == old.tobytes()


def test_a_photograph_loses_its_exif_and_stands_upright() -> None:
    data = saved(painted(), "JPEG", exif=exif(6), quality=95, comment=HIDDEN.encode())
    made = safe_copy(data, "x.jpg")
    after = opened(made.data)
    assert HIDDEN.encode() not in made.data
    assert dict(after.getexif()) == {}
    assert after.size == (40, 60)
    turned = painted().rotate(-90, expand=True)
    pairs = zip(after.tobytes(), turned.tobytes(), strict=True)
    assert sum(abs(a - b) for a, b in pairs) / len(turned.tobytes()) < 3
    assert made.removed


def test_texts_and_hidden_pixels_of_a_png_go() -> None:
    image = painted("RGBA")
    for x in range(20):
        image.putpixel((x, 5), (10 * x, 3, 7, 0))
    note = PngImagePlugin.PngInfo()
    note.add_itxt("Comment", HIDDEN)
    data = saved(image, "PNG", pnginfo=note)
    made, kinds = stripped(data, "x.png")
    assert HIDDEN.encode() not in made
    assert len(kinds) == 2
    after = opened(made)
    assert after.getpixel((9, 5)) == (0, 0, 0, 0)
    assert after.getpixel((30, 5)) == image.getpixel((30, 5))


def test_a_jpeg_in_a_document_keeps_its_pixels_byte_for_byte() -> None:
    plain = saved(painted(), "JPEG", quality=90, progressive=True)
    told = saved(
        painted(), "JPEG", quality=90, progressive=True, exif=exif(), comment=b"x"
    )
    made, kinds = stripped(told + b"tail", "x.jpg")
    assert made == plain
    assert kinds


def test_what_was_clean_stays_the_same() -> None:
    for kind in ("PNG", "JPEG", "GIF", "BMP"):
        data = saved(painted().convert("P") if kind == "GIF" else painted(), kind)
        assert stripped(data, "x") == (data, ())


def test_a_cut_picture_is_refused() -> None:
    for kind in ("PNG", "JPEG", "GIF"):
        data = saved(painted().convert("P") if kind == "GIF" else painted(), kind)
        with pytest.raises(UnreadableError):
            safe_copy(data[: len(data) // 2], "x")


def test_an_unknown_chunk_may_carry_anything() -> None:
    data = saved(painted(), "PNG")
    body = b"prVt" + HIDDEN.encode()
    chunk = struct.pack(">I", len(body) - 4) + body
    chunk += struct.pack(">I", zlib.crc32(body))
    made, kinds = stripped(data[:33] + chunk + data[33:], "x.png")
    assert made == data
    assert kinds
