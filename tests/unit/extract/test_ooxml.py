"""What every Office package holds beside its text: pictures, objects, macros, links."""

import base64
import contextlib
import struct

import pytest

from review.errors import CorruptError, UnreadableError
from review.extract.interface import Document, Extraction
from review.extract.limits import Limits
from review.extract.ooxml.metafile import read_metafile
from review.extract.ooxml.vba import read_project, unpack
from review.extract.read import read
from review.extract.word.docx import Docx
from tests.unit.extract.office import (
    WHO,
    Parts,
    hidden,
    ole,
    p,
    part,
    png,
    read_word,
    shown,
    word,
)
from tests.unit.extract.office_mutations import dice_of, mutated


def _extract(more: Parts) -> Extraction:
    return Docx().extract(word(p("正文"), more), Limits())


def _emf(*records: bytes) -> bytes:
    head = struct.pack("<II", 1, 88) + bytes(32) + b" EMF" + bytes(44)
    return head + b"".join(records) + struct.pack("<III", 14, 12, 0)


def _emf_text(text: str, x: int, y: int, *, options: int = 0) -> bytes:
    raw = text.encode("utf-16-le")
    raw += bytes(-len(raw) % 4)
    body = bytes(28) + struct.pack("<iiIII", x, y, len(text), 76, options)
    body += bytes(16) + struct.pack("<I", 76 + len(raw))
    body += raw + struct.pack(f"<{len(text)}I", *[10] * len(text))
    return struct.pack("<II", 84, 8 + len(body)) + body


def _bitmap(side: int = 40) -> tuple[bytes, bytes]:
    head = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)
    return head, bytes(side * side * 3)


def _emf_bitmap() -> bytes:
    head, bits = _bitmap()
    body = bytes(40) + struct.pack("<IIII", 80, len(head), 80 + len(head), len(bits))
    body = body.ljust(72, b"\0") + head + bits
    return struct.pack("<II", 81, 8 + len(body)) + body


def _wmf(*records: tuple[int, bytes]) -> bytes:
    found = b"\xd7\xcd\xc6\x9a" + bytes(18) + struct.pack("<HH", 1, 9) + bytes(14)
    for kind, body in records:
        found += struct.pack("<IH", 3 + len(body) // 2, kind) + body
    return found + struct.pack("<IH", 3, 0)


def test_pictures_go_to_recognition_each_file_once() -> None:
    more: Parts = {"word/media/a.png": png(), "word/media/b.jpeg": b"\xff\xd8\xff\xe0"}
    found = _extract(more)
    assert [one.data[:4] for one in found.pictures] == [b"\x89PNG", b"\xff\xd8\xff\xe0"]
    assert {one.where.part for one in found.pictures} == {"image"}
    assert found.gaps == ()


def test_bullets_are_too_small_for_letters() -> None:
    assert _extract({"word/media/a.png": png(31)}).pictures == ()
    assert len(_extract({"word/media/a.png": png(32)}).pictures) == 1


def test_a_thumbnail_may_show_an_earlier_state() -> None:
    found = _extract({"docProps/thumbnail.jpeg": b"\xff\xd8\xff"})
    assert len(found.pictures) == 1
    assert [b.detail for b in found.blocks if b.hidden] == ["缩略图"]


def test_drawn_pictures_give_their_text() -> None:
    emf = _emf(
        _emf_text("张示例", 0, 5), _emf_text("3500", 90, 5), _emf_text("教务处", 0, 30)
    )
    (block,) = (b for b in _extract({"word/media/a.emf": emf}).blocks if b.detail)
    assert (block.text, block.detail) == ("张示例 3500\n教务处", "矢量图里的文字")


def test_pieces_that_touch_are_one_word() -> None:
    found = read_metafile(_emf(_emf_text("机", 0, 5), _emf_text("密", 10, 5)))
    assert found is not None
    assert found.text == "机密"


def test_text_of_old_metafiles() -> None:
    raw = "会议室".encode("gb18030")
    plain = struct.pack("<H", len(raw)) + raw + struct.pack("<hh", 5, 0)
    more = struct.pack("<hhHH", 30, 0, len(raw), 0) + raw
    found = read_metafile(_wmf((0x0521, plain), (0x0A32, more)))
    assert found is not None
    assert found.text == "会议室\n会议室"


def test_bitmaps_inside_metafiles_are_pictures() -> None:
    head, bits = _bitmap()
    old = _wmf((0x0F43, bytes(22) + head + bits))
    for data in (_emf(_emf_bitmap()), old):
        found = _extract({"word/media/a.emf": data})
        assert [one.data[:2] for one in found.pictures] == [b"BM"]
        assert found.gaps == ()


@pytest.mark.parametrize(
    "data", [_emf(), _emf(_emf_text("机密", 0, 0, options=0x10)), b"<svg"]
)
def test_drawings_without_readable_text_are_a_gap(data: bytes) -> None:
    name = "word/media/a.svg" if data == b"<svg" else "word/media/a.emf"
    (gap,) = _extract({name: data}).gaps
    assert gap.code == "image_without_text"
    assert "1 张矢量图" in gap.message


def test_svg_gives_text_and_the_pictures_in_it() -> None:
    inner = base64.b64encode(png()).decode()
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">'
        "<title>机房图</title><text>东<tspan>门</tspan></text>"
        f'<image x:href="data:image/png;base64,{inner}"/></svg>'
    )
    found = _extract({"word/media/a.svg": svg})
    assert [(b.text, b.hidden) for b in found.blocks] == [
        ("正文", False),
        ("机房图", True),
        ("东门", False),
    ]
    assert [one.data for one in found.pictures] == [png()]


def test_embedded_objects_are_files_with_their_old_paths() -> None:
    path = "D:\\内部\\名单.txt".encode("gbk") + b"\0"
    body = b"\x02\0" + "名单.txt".encode("gbk") + b"\0" + path + bytes(4)
    body += struct.pack("<I", len(path)) + path + struct.pack("<I", 6) + "机密".encode()
    native = struct.pack("<I", len(body)) + body
    objects: Parts = {"word/embeddings/a.bin": ole({"\x01Ole10Native": native})}
    document = read_word(p("正文"), objects)
    assert ("D:/内部/名单.txt", "attachment", "内嵌文件的原路径") in hidden(document)
    assert shown(document) == ["正文", "机密"]


def test_a_drawn_object_is_a_picture() -> None:
    head, bits = _bitmap()
    bitmap = b"BM" + struct.pack("<IHHI", 54 + len(bits), 0, 0, 54) + head + bits
    stream = struct.pack("<I", len(bitmap)) + bitmap
    found = _extract({"word/embeddings/a.bin": ole({"\x01Ole10Native": stream})})
    assert [one.data[:2] for one in found.embedded] == [b"BM"]


def _packed_code(text: bytes) -> bytes:
    """Pack as MS-OVBA says, with literals alone."""
    found = b"\x01"
    for at in range(0, len(text), 3600):
        piece = text[at : at + 3600]
        body = b"".join(b"\0" + piece[n : n + 8] for n in range(0, len(piece), 8))
        found += struct.pack("<H", 0xB000 | len(body) - 1) + body
    return found


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HI", kind, len(body)) + body


def _macros(code: str) -> bytes:
    path = "*\\CD:\\内部\\库.dotm".encode("gbk")
    reference = struct.pack("<I", len(path)) + path + struct.pack("<I", 0) + bytes(6)
    listing = _record(0x03, struct.pack("<H", 936))
    listing += struct.pack("<HIIH", 0x09, 4, 1, 2)
    listing += _record(0x0E, reference) + _record(0x19, "模块1".encode("gbk"))
    listing += _record(0x1A, b"Module1") + _record(0x31, struct.pack("<I", 7))
    source = ('Attribute VB_Name = "Module1"\r\n' + code).encode("gbk")
    module = b"compile" + _packed_code(source)
    return ole({"dir": _packed_code(listing), "Module1": module})


def test_macros_are_a_gap_and_their_code_is_hidden_text() -> None:
    code = "' 连接内网数据库\r\nSub AutoOpen()\r\nEnd Sub\r\n" + "x = 1\r\n" * 900
    document = read_word(p("正文"), {"word/vbaProject.bin": _macros(code)})
    assert [gap.code for gap in document.gaps] == ["macro"]
    text, place, detail = hidden(document)[0]
    assert text == code.replace("\r\n", "\n").strip()
    assert (place, detail) == ("hidden", "宏代码，模块 模块1")
    assert ("*\\CD:\\内部\\库.dotm", "hidden", "宏引用的文件") in hidden(document)


def test_copies_are_unpacked() -> None:
    # The two examples of the specification (MS-OVBA 3.2).
    packed = "012fb00023616161626364658266007061676869 6a013808616b6c00306d6e6f7006"
    packed += "7102700410727374757610777879 7a003c"
    plain = b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
    assert unpack(bytes.fromhex(packed)) == plain
    assert unpack(bytes.fromhex("0103b002614500")) == b"a" * 73


@pytest.mark.parametrize(
    "data",
    [b"", b"\x02abc", b"\x01\x02\xb0\x01\x00\x00", b"\x01\x03\xb0\x02a\xff\xff"],
)
def test_code_that_is_not_packed_like_this_is_damaged(data: bytes) -> None:
    with pytest.raises(CorruptError):
        unpack(data)


def test_code_that_unpacks_to_too_much_is_refused() -> None:
    chunk = bytes.fromhex("03b00261ff0f")
    with pytest.raises(CorruptError, match="过多"):
        unpack(b"\x01" + chunk * 9, most=8 * 4000)


def test_damaged_macros_are_a_gap_of_their_own_words() -> None:
    document = read_word(p("正文"), {"word/vbaProject.bin": b"\xd0\xcf"})
    (gap,) = document.gaps
    assert gap.code == "macro"
    assert "未能读取" in gap.message


def test_controls_give_what_can_be_read_of_them() -> None:
    raw = b"\x01\x02\x03" + "值班口令".encode("utf-16-le") + b"\xff\xff"
    document = read_word(p("正文"), {"word/activeX/activeX1.bin": raw})
    assert ("值班口令", "hidden", "ActiveX 控件中的可读字符") in hidden(document)
    assert [gap.code for gap in document.gaps] == ["unsupported_part"]


def test_old_drawings_are_read_in_one_pass() -> None:
    boxes = "<v:textbox><p>甲</p></v:textbox>" + "<v:textbox>" * 200_000
    text = f'<xml><v:shape o:title="旧图"/>{boxes}<v:textpath string="水印"/></xml>'
    found = _extract({"word/drawings/vmlDrawing1.vml": text})
    assert [b.text for b in found.blocks if b.hidden] == ["甲", "水印", "旧图"]


def test_addresses_say_what_they_lead_to() -> None:
    kinds = ("hyperlink", "subDocument", "oleObject", "etwas")
    links = tuple((kind, f"file:///D:/{kind}") for kind in kinds)
    document = read_word(p("正文"), None, links)
    assert [detail for _text, _part, detail in hidden(document)] == [
        "链接地址",
        "子文档",
        "外部对象",
        "外部引用",
    ]
    assert "3 处" in document.gaps[0].message


def _specimen() -> bytes:
    styles = '<w:style w:styleId="x"><w:rPr><w:sz w:val="2"/></w:rPr></w:style>'
    row = f"<w:tr><w:trPr><w:ins {WHO}/></w:trPr><w:tc>{p('格')}</w:tc></w:tr>"
    return word(
        p("甲", '<w:pStyle w:val="x"/>') + f"<w:tbl>{row}</w:tbl>",
        {
            "word/styles.xml": part("w:styles", styles),
            "word/comments.xml": part(
                "w:comments", f"<w:comment {WHO}>{p('批')}</w:comment>"
            ),
            "word/vbaProject.bin": _macros("Sub A()\r\nEnd Sub"),
            "word/media/a.emf": _emf(_emf_text("图", 0, 0), _emf_bitmap()),
            "word/media/b.wmf": _wmf((0x0521, struct.pack("<H", 2) + b"ab" + bytes(4))),
            "docProps/app.xml": "<p><HLinks><lpwstr>http://a</lpwstr></HLinks></p>",
        },
        (("styles", "styles.xml"), ("comments", "comments.xml")),
    )


@pytest.mark.parametrize("seed", range(4))
def test_mutated_documents_never_break_out(seed: int) -> None:
    for data in mutated(_specimen(), seed, 60):
        with contextlib.suppress(UnreadableError):
            assert isinstance(read(data, "a.docx"), Document)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_streams_never_break_out(seed: int) -> None:
    dice = dice_of(seed)
    macros, emf = _macros("Sub A()"), _emf(_emf_text("图", 0, 0), _emf_bitmap())
    for _ in range(150):
        for data in (macros, emf, _wmf((0x0A32, bytes(40)), (0x0F43, bytes(90)))):
            at = dice.randrange(len(data))
            damaged = data[:at] + dice.randbytes(3) + data[at + 3 :]
            read_metafile(damaged)
            with contextlib.suppress(UnreadableError):
                read_project(damaged)
