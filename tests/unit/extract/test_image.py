"""Picture files: what they hide beside their picture, frame by frame, and broken ones."""

import base64
import io
import random
import struct
import zipfile
import zlib

import pytest
from PIL import Image, ImageDraw, PngImagePlugin, TiffImagePlugin

from review.errors import CorruptError, TooLargeError, UnreadableError
from review.extract.images import image as room
from review.extract.images.exif import read_tags
from review.extract.images.image import hidden_in
from review.extract.interface import Document, Line, Picture
from review.extract.limits import Limits
from review.extract.read import read

_KINDS = {
    "png": "PNG",
    "jpg": "JPEG",
    "tiff": "TIFF",
    "bmp": "BMP",
    "webp": "WEBP",
    "gif": "GIF",
}
_XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:p="http://ns.adobe.com/photoshop/1.0/"
 xmlns:g="http://ns.adobe.com/xap/1.0/g/img/" p:City="云山市">
<dc:creator><rdf:Seq><rdf:li>王测试</rdf:li></rdf:Seq></dc:creator>{more}
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def _picture(size: tuple[int, int] = (400, 300), box: int = 60) -> Image.Image:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((box, box, box + 120, box + 120), fill="black")
    return image


def _saved(kind: str, image: Image.Image | None = None, **more: object) -> bytes:
    made = io.BytesIO()
    (image or _picture()).save(made, _KINDS[kind], **more)  # type: ignore[arg-type]  # - Pillow's options
    return made.getvalue()


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "会议室外景".encode()
    exif[0x010F], exif[0x0110], exif[0x0131] = "YUNSHAN", "YS-1", "PicTool 2.0"
    exif[0x0132] = "2026:05:02 08:00:00"
    exif[0x013B] = "张示例".encode("gb18030")
    exif[0x8298] = "云山职业学院".encode()
    exif[0x9C9C] = "内部掌握".encode("utf-16-le") + b"\0\0"
    exif[0x9C9D] = "李样本".encode("utf-16-le") + b"\0\0"
    inner = exif.get_ifd(0x8769)
    inner[0x9003] = "2026:05:01 10:30:00"
    inner[0x9286] = b"UNICODE\0" + "演练第二批".encode("utf-16-le")
    inner[0xA430], inner[0xA431] = "YS Owner", "SN0001234"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (30.0, 15.0, 12.5)
    place[3], place[4] = "E", (120.0, 6.0, 3.0)
    place[5], place[6] = b"\x00", 15.5
    return exif


def _texts(data: bytes) -> dict[str, str]:
    """Return what a picture file says, and as what; all of it hidden metadata."""
    blocks = hidden_in(data).blocks
    assert all(one.hidden and one.where.part == "metadata" for one in blocks)
    return {one.text: str(one.detail) for one in blocks}


# --- what it is ---


@pytest.mark.parametrize("kind", _KINDS)
def test_a_picture_is_known_by_its_contents_and_handed_to_recognition(
    kind: str,
) -> None:
    data = _saved(kind)
    assert read(data, "看不出来.bin").format == kind
    made = _extracted(data)
    assert [(one.data, one.page) for one in made] == [(data, True)]


def _extracted(data: bytes, limits: Limits | None = None) -> tuple[Picture, ...]:
    """Return the pictures that reading hands on."""
    seen: list[Picture] = []

    class Aids:
        def converted(self, data: bytes, to: str) -> bytes:
            raise AssertionError(to, len(data))

        def recognized(self, picture: bytes) -> tuple[Line, ...]:
            seen.append(Picture(picture))
            return (Line("云山职业学院", 0.99),)

    from review.extract.formats import FORMATS  # noqa: PLC0415 - beside its use

    kind = next(one for one in FORMATS if one.recognizes(data))
    read(data, "a", aids=Aids())
    assert seen
    return kind.extract(data, limits or Limits()).pictures


def test_two_letters_do_not_make_a_bitmap() -> None:
    document = read("BMW 车辆采购说明，共三页。".encode(), "a.txt")
    assert document.format == "txt"


# --- what it says beside its picture ---


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_exif_names_people_devices_times_and_the_place(kind: str) -> None:
    said = _texts(_saved(kind, exif=_exif()))
    assert {
        "图片说明：会议室外景": "图片属性（EXIF）",
        "作者：张示例": "图片属性（EXIF）",
        "版权：云山职业学院": "图片属性（EXIF）",
        "备注：内部掌握": "图片属性（EXIF）",
        "作者：李样本": "图片属性（EXIF）",
        "用户备注：演练第二批": "图片属性（EXIF）",
        "相机所有者：YS Owner": "图片属性（EXIF）",
        "相机序列号：SN0001234": "图片属性（EXIF）",
        "拍摄设备与软件：YUNSHAN YS-1 PicTool 2.0": "图片属性（EXIF）",
        "时间：拍摄 2026:05:01 10:30:00，修改 2026:05:02 08:00:00": "图片属性（EXIF）",
        "拍摄位置：纬度 30.253472（北纬），经度 120.100833（东经），海拔 15.5 米": "图片属性（EXIF）",
    }.items() <= said.items()


def test_a_comment_of_a_jpeg_or_a_gif_is_read() -> None:
    for kind in ("jpg", "gif"):
        data = _saved(kind, comment="拟稿人张示例".encode("gb18030"))
        said = _texts(data)
        assert said["注释：拟稿人张示例"] == "图片属性（图片注释）"
        whole = read(data, "a").blocks
        assert [one.text for one in whole].count("注释：拟稿人张示例") == 1


def test_text_chunks_of_a_png_are_read_packed_or_not() -> None:
    info = PngImagePlugin.PngInfo()
    info.add(b"tEXt", b"Author\0" + "李样本".encode("gb18030"))
    info.add_text("Comment", "inner copy", zip=True)
    info.add_itxt("Description", "未公开的方案", zip=True)
    info.add_itxt("XML:com.adobe.xmp", _XMP.format(more=""))
    info.add(b"prVt", "涉密会议纪要第三稿".encode())
    said = _texts(_saved("png", pnginfo=info))
    assert said["Author：李样本"] == "图片属性（图片注释）"
    assert "Comment：inner copy" in said
    assert "Description：未公开的方案" in said
    assert said["作者：王测试"] == said["城市：云山市"] == "图片属性（XMP）"
    assert (
        said["数据段 prVt 中的文字：涉密会议纪要第三稿"] == "图片属性（图片附加数据）"
    )


def test_xmp_is_read_from_jpeg_webp_gif_and_tiff() -> None:
    packet = _XMP.format(more="").encode()
    magic = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
    gif = _saved("gif")
    block = b"\x21\xff\x0bXMP DataXMP" + packet + magic
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[700] = packet
    tags.tagtype[700] = 1
    for data in (
        _saved("jpg", xmp=packet),
        _saved("webp", xmp=packet),
        gif[:-1] + block + gif[-1:],
        _saved("tiff", tiffinfo=tags),
    ):
        said = _texts(data)
        assert said.get("作者：王测试") == "图片属性（XMP）"
        assert "城市：云山市" in said


def _resource(number: int, body: bytes, name: bytes = b"") -> bytes:
    named = bytes([len(name)]) + name
    named += b"\0" * (len(named) & 1)
    padded = body + b"\0" * (len(body) & 1)
    return (
        b"8BIM"
        + struct.pack(">H", number)
        + named
        + struct.pack(">I", len(body))
        + padded
    )


def _iptc(number: int, text: str) -> bytes:
    body = text.encode()
    return b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(body)) + body


def _with_segment(jpeg: bytes, code: int, body: bytes) -> bytes:
    segment = b"\xff" + bytes([code]) + struct.pack(">H", len(body) + 2) + body
    return jpeg[:2] + segment + jpeg[2:]


def test_photoshops_blocks_and_iptc_are_read() -> None:
    body = _resource(0x0404, _iptc(80, "张示例") + _iptc(120, "校园安防布点图"))
    body += _resource(0x07D0, b"", "图书馆地下室".encode("gb18030"))
    data = _with_segment(_saved("jpg"), 0xED, b"Photoshop 3.0\0" + body)
    said = _texts(data)
    assert said["作者：张示例"] == said["说明：校园安防布点图"] == "图片属性（IPTC）"
    assert said["路径名：图书馆地下室"] == "图片属性（Photoshop）"


def test_photoshops_layers_in_a_tiff_are_a_gap() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[37724] = b"Adobe Photoshop Document Data Block\0"
    tags.tagtype[37724] = 7
    gaps = read(_saved("tiff", tiffinfo=tags), "a.tif").gaps
    assert any("Photoshop 图层" in one.message for one in gaps)


def test_an_overlong_text_is_cut_and_said() -> None:
    info = PngImagePlugin.PngInfo()
    info.add(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 5_000_000))
    made = hidden_in(_saved("png", pnginfo=info))
    assert any("过长" in one.message for one in made.gaps)
    assert max(len(one.text) for one in made.blocks) < 30_000


# --- pictures inside the picture's file ---


def _thumbnail(image: Image.Image, size: tuple[int, int] = (160, 120)) -> bytes:
    return _saved("jpg", image.resize(size))


def _with_thumbnail(shown: Image.Image, inner: bytes) -> bytes:
    """Return a JPEG whose EXIF holds a thumbnail, made by hand."""
    first = struct.pack("<H", 0) + struct.pack("<I", 14)
    second = struct.pack("<HHHIIHHII", 2, 0x0201, 4, 1, 44, 0x0202, 4, 1, len(inner))
    tiff = b"II*\0" + struct.pack("<I", 8) + first + second + struct.pack("<I", 0)
    tiff = tiff.ljust(44, b"\0") + inner
    assert read_tags(tiff).thumbnails == (inner,)
    return _with_segment(_saved("jpg", shown), 0xE1, b"Exif\0\0" + tiff)


def test_a_thumbnail_of_what_was_cropped_away_is_a_picture_of_its_own() -> None:
    whole = _picture((800, 600), 300)
    inner = _thumbnail(whole)
    made = hidden_in(_with_thumbnail(whole.crop((0, 0, 250, 600)), inner))
    assert [one.data for one in made.pictures] == [inner]
    assert made.pictures[0].where.part == "image"
    assert not made.pictures[0].page
    assert any("缩略图与画面不同" in one.text and one.hidden for one in made.blocks)


def test_a_thumbnail_of_what_was_painted_over_is_a_picture_of_its_own() -> None:
    before = _picture((800, 600), 300)
    ImageDraw.Draw(before).rectangle((0, 0, 799, 200), fill=(90, 90, 90))
    made = hidden_in(_with_thumbnail(_picture((800, 600), 300), _thumbnail(before)))
    assert len(made.pictures) == 1


def test_a_thumbnail_of_the_picture_itself_is_not() -> None:
    whole = _picture((800, 600), 300)
    barred = Image.new("RGB", (160, 120), "black")
    barred.paste(whole.crop((0, 0, 800, 450)).resize((160, 90)), (0, 15))
    shown = whole.crop((0, 0, 800, 450))
    for picture, inner in ((whole, _thumbnail(whole)), (shown, _saved("jpg", barred))):
        made = hidden_in(_with_thumbnail(picture, inner))
        assert made.pictures == ()
        assert made.blocks == ()


def test_thumbnails_in_photoshops_blocks_and_xmp_are_found() -> None:
    inner = _thumbnail(_picture((800, 600), 500))
    block = _resource(0x040C, bytes(28) + inner)
    body = base64.b64encode(inner).decode()
    packet = _XMP.format(more=f"<g:image>{body}</g:image>")
    shown = _picture((300, 900), 30)
    by_photoshop = _with_segment(_saved("jpg", shown), 0xED, b"Photoshop 3.0\0" + block)
    for data in (by_photoshop, _saved("webp", shown, xmp=packet.encode())):
        assert [one.data for one in hidden_in(data).pictures] == [inner]


def test_a_second_picture_behind_the_first_is_read_too() -> None:
    first, second = _saved("jpg"), _saved("jpg", _picture(box=150))
    made = hidden_in(first + bytes(16) + second)
    assert [one.data for one in made.pictures] == [second]
    assert made.embedded == ()
    assert any("第二幅图片" in one.text for one in made.blocks)


def test_what_lies_under_transparent_places_is_a_picture_of_its_own() -> None:
    hidden = _picture().convert("RGBA")
    hidden.putalpha(Image.new("L", hidden.size, 255))
    hidden.paste((255, 255, 255, 255), (0, 0, 400, 50))
    clear = hidden.copy()
    clear.putalpha(0)
    made = hidden_in(_saved("png", clear))
    assert len(made.pictures) == 1
    with Image.open(io.BytesIO(made.pictures[0].data)) as shown:
        assert shown.convert("L").getpixel((100, 100)) == 0
    assert any("透明处" in one.text for one in made.blocks)
    assert hidden_in(_saved("png", hidden)).pictures == ()


# --- what stands behind the end ---


@pytest.mark.parametrize("kind", ["png", "jpg", "bmp", "webp", "gif"])
def test_a_file_behind_the_picture_is_read_as_a_file_inside(kind: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("名单.txt", "张示例 13800000000")
    data = _saved(kind) + packed.getvalue()
    assert [one.data for one in hidden_in(data).embedded] == [packed.getvalue()]
    document = read(data, "a.jpg")
    assert document.format == kind
    assert any("图片的末尾附加了" in one.text for one in document.blocks)
    assert any(one.where.path for one in document.blocks)


def test_filling_behind_the_picture_is_nothing() -> None:
    for kind in ("png", "jpg", "gif", "webp"):
        assert hidden_in(_saved(kind) + bytes(64)).embedded == ()


# --- frames ---


def test_each_page_of_a_tiff_is_a_page() -> None:
    pages = [_picture(box=at).convert("1") for at in (20, 60, 100)]
    data = _saved(
        "tiff", pages[0], save_all=True, append_images=pages[1:], compression="group4"
    )
    made = _extracted(data)
    assert [(one.where.page, one.page) for one in made] == [
        (1, True),
        (2, True),
        (3, True),
    ]
    with Image.open(io.BytesIO(made[2].data)) as shown:
        assert shown.size == (400, 300)
        assert shown.convert("L").getpixel((150, 150)) == 0
        assert shown.convert("L").getpixel((30, 30)) == 255


def test_pages_beyond_the_bound_are_a_gap() -> None:
    pages = [_picture(box=at).convert("1") for at in (20, 60, 100)]
    data = _saved("tiff", pages[0], save_all=True, append_images=pages[1:])
    document = read(data, "a.tif", Limits(pictures=2))
    assert any(
        one.code == "too_large" and "第 3 页起" in one.message and one.where.page == 3
        for one in document.gaps
    )


def test_steps_of_an_animation_are_looked_at_once_each() -> None:
    frames = [_picture(box=at) for at in (20, 20, 100, 20)]
    data = _saved(
        "gif", frames[0], save_all=True, append_images=frames[1:], duration=50
    )
    made = _extracted(data)
    assert 2 <= len(made) <= 3
    assert [one.page for one in made] == [True] + [False] * (len(made) - 1)


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_steps_beyond_the_bound_are_a_gap(kind: str) -> None:
    places = [*range(0, 200, 20)] + [180] * 5
    frames = [_picture(box=at) for at in places]
    more = {"lossless": True} if kind == "webp" else {}
    data = _saved(
        kind, frames[0], save_all=True, append_images=frames[1:], duration=50, **more
    )
    whole = room.Image(kind).extract(data, Limits(frames=10))
    assert (len(whole.pictures), whole.gaps) == (10, ())
    part = room.Image(kind).extract(data, Limits(frames=7))
    assert len(part.pictures) == 7
    assert [one.code for one in part.gaps] == ["too_large"]
    assert "只识别画面不同的 7 帧" in part.gaps[0].message
    assert "从第 8 帧起" in part.gaps[0].message


def test_the_notes_of_a_tiff_with_pages_are_kept() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[315] = "ZHANG Shili"
    pages = [_picture().convert("1"), _picture(box=100).convert("1")]
    data = _saved(
        "tiff", pages[0], save_all=True, append_images=pages[1:], tiffinfo=tags
    )
    texts = [one.text for one in read(data, "a.tif").blocks]
    assert texts.count("作者：ZHANG Shili") == 1


# --- huge and broken ones ---


def _huge_png(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        checked = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checked)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", b"")
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(10_000, 10_000), (60_000, 60_000)])
def test_declared_pixels_are_checked_before_any_is_decoded(
    size: tuple[int, int],
) -> None:
    with pytest.raises(TooLargeError, match="像素"):
        read(_huge_png(*size), "a.png")


@pytest.mark.parametrize("kind", ["png", "jpg", "tiff", "bmp", "webp", "gif"])
def test_a_picture_that_breaks_off_is_damaged(kind: str) -> None:
    grain = Image.effect_noise((300, 300), 60).convert("RGB")
    data = _saved(kind, grain)
    with pytest.raises(CorruptError, match="损坏"):
        read(data[: len(data) // 2], "a")


def _specimens() -> list[bytes]:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "内部", zip=True)
    info.add_itxt("XML:com.adobe.xmp", _XMP.format(more=""))
    pages = [_picture(box=at).convert("1") for at in (20, 60)]
    inner = _thumbnail(_picture((800, 600), 500))
    photoshop = _resource(0x0404, _iptc(80, "张示例")) + _resource(0x0422, b"II*\0")
    return [
        _saved("png", pnginfo=info, exif=_exif()),
        _with_segment(
            _saved("jpg", exif=_exif()), 0xED, b"Photoshop 3.0\0" + photoshop
        ),
        _with_thumbnail(_picture(), inner) + _saved("jpg"),
        _saved("tiff", pages[0], save_all=True, append_images=pages[1:], exif=_exif()),
        _saved("bmp"),
        _saved("webp", exif=_exif(), xmp=_XMP.format(more="").encode()),
        _saved(
            "gif",
            _picture(),
            save_all=True,
            append_images=[_picture(box=90)],
            comment=b"x",
        ),
    ]


def _mutated(data: bytes, dice: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(dice.choice((1, 3, 12))):
        how, at = dice.randrange(4), dice.randrange(max(min(len(made), 1500), 1))
        if how == 0:
            made[at] = dice.randrange(256)
        elif how == 1:
            made[at : at + 4] = dice.choice(
                (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff")
            )
        elif how == 2:
            del made[at : at + dice.randrange(1, 40)]
        else:
            made[at:at] = made[at : at + dice.randrange(1, 60)]
    return (
        bytes(made[: dice.randrange(len(made)) or 1])
        if dice.random() < 0.2
        else bytes(made)
    )


@pytest.mark.parametrize("number", range(7))
def test_a_mutated_file_gives_a_document_or_a_clear_error(number: int) -> None:
    data = _specimens()[number]
    dice = random.Random(number)  # noqa: S311 - the same files each time
    for _ in range(60):
        broken = _mutated(data, dice)
        hidden_in(broken)
        try:
            assert isinstance(read(broken, "a"), Document)
        except UnreadableError as error:
            assert error.message  # noqa: PT017 - either way is right


def test_a_structure_that_points_to_itself_ends() -> None:
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    loop = (
        b"II*\0"
        + struct.pack("<I", 8)
        + struct.pack("<H", 1)
        + entry
        + struct.pack("<I", 8)
    )
    assert read_tags(loop, pages=True).tags == ()
    nested = b"x"
    for _ in range(40):
        tag = struct.pack("<HHII", 0x8649, 7, len(nested), 26)
        tiff = (
            b"II*\0"
            + struct.pack("<I", 8)
            + struct.pack("<H", 1)
            + tag
            + struct.pack("<I", 0)
            + nested
        )
        nested = _resource(0x0422, tiff)
    data = _with_segment(_saved("jpg"), 0xED, b"Photoshop 3.0\0" + nested)
    assert any("嵌套过深" in one.message for one in hidden_in(data).gaps)
