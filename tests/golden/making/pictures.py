"""Picture files, drawn with the machine's Noto fonts, and what they carry beside."""

import io
import struct
from typing import Final

from PIL import Image, ImageDraw, ImageOps, PngImagePlugin

from tests.golden.making.sample import Sample
from tests.unit.letters import drawn

_SIZE: Final = (760, 260)


def board(*lines: str, size: tuple[int, int] = _SIZE, letters: int = 40) -> Image.Image:
    """Return a white picture with lines of text."""
    image = drawn.blank(size)
    drawn.write(image, lines, top=30, left=40, size=letters, face="sans")
    return image


def saved(image: Image.Image, kind: str, **more: object) -> bytes:
    """Return the picture's file."""
    held = io.BytesIO()
    image.save(held, kind, **more)  # type: ignore[arg-type]  # - Pillow's options
    return held.getvalue()


def _grey(image: Image.Image) -> Image.Image:
    """Return a picture in sixteen greys, which packs well."""
    return ImageOps.posterize(image.convert("L"), 4)


def two_lines() -> bytes:
    """Return a picture whose lower half is meant to be cropped."""
    image = board("机房入口在二层东侧", "门禁口令写在背面", size=(720, 240), letters=48)
    return saved(_grey(image), "PNG", optimize=True)


def covered() -> Image.Image:
    """Return a picture to lay over text."""
    return Image.linear_gradient("L").resize((200, 60))


def scan(*, stamp: str = "") -> Image.Image:
    """Return a page with a red head, as a scanner gives it, at half its size."""
    page = drawn.blank()
    top = drawn.red_letterhead(page, "云山职业学院文件", "云职院〔2026〕18号")
    drawn.centred(
        page,
        "关于开展安全隐患排查的通知",
        top=top + 40,
        size=52,
        face="bold",
        colour="black",
    )
    lines = (
        "各系部、各处室：",
        "　　为确保开学平稳有序，决定开展安全隐患排查。",
        "　　一、实验室由教务处负责，九月十日前完成。",
        "　　二、宿舍楼由学生处负责，逐间检查登记。",
    )
    top = drawn.write(page, lines, top=top + 160, size=44)
    drawn.table(
        page,
        (
            ("姓名", "部门", "片区"),
            ("张示例", "教务处", "东区"),
            ("李样本", "学生处", "西区"),
        ),
        top=top + 60,
        widths=(360, 420, 360),
        size=40,
    )
    if stamp:
        drawn.secrecy_stamp(page, stamp, at=(1150, 120))
    return page.resize((1100, 1556), Image.Resampling.LANCZOS)


def _exif(*, place: bool) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "会议室投影照片".encode()
    exif[0x010F], exif[0x0110] = "YUNSHAN", "YS-1"
    exif[0x0132] = "2026:09:02 08:00:00"
    exif[0x013B] = "张示例".encode()
    if place:
        spot = exif.get_ifd(0x8825)
        spot[1], spot[2] = "N", (30.0, 15.0, 12.5)
        spot[3], spot[4] = "E", (120.0, 6.0, 3.0)
    return exif


def _with_thumbnail(shown: Image.Image, inner: bytes) -> bytes:
    """Return a JPEG whose EXIF holds a small picture."""
    heads = struct.pack("<HI", 0, 14)
    heads += struct.pack("<HHHIIHHII", 2, 0x0201, 4, 1, 44, 0x0202, 4, 1, len(inner))
    tiff = b"II*\0" + struct.pack("<I", 8) + heads + struct.pack("<I", 0)
    body = b"Exif\0\0" + tiff.ljust(44, b"\0") + inner
    data = saved(shown, "JPEG", quality=70)
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def cropped_photo() -> bytes:
    """Return a photo that was cropped after its thumbnail was made."""
    whole = board(
        "会议签到处", "请从东门入场", "", "涉密会场三〇二", size=(720, 480), letters=56
    )
    ImageDraw.Draw(whole).rectangle((0, 300, 719, 479), outline="black", width=16)
    inner = saved(whole.resize((480, 320)), "JPEG", quality=80)
    return _with_thumbnail(whole.crop((0, 0, 720, 220)), inner)


def photo(*lines: str, place: bool) -> bytes:
    """Return a photo as a telephone saves it."""
    return saved(board(*lines), "JPEG", quality=70, exif=_exif(place=place))


def noted_png() -> bytes:
    """Return a PNG with notes in its text chunks and XMP."""
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Comment", "截图自内网办公系统")
    notes.add_text("Software", "YunShot 2.0")
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq>'
        "<rdf:li>王测试</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    notes.add_itxt("XML:com.adobe.xmp", packet)
    image = board("教务系统通知", "选课将于九月八日开放", "请及时登录")
    return saved(_grey(image), "PNG", pnginfo=notes, optimize=True)


def clear_png() -> bytes:
    """Return a PNG that hides a line under full transparency."""
    image = _grey(board("公开课时间：周三下午", "", "主讲人未最后确定")).convert("LA")
    alpha = Image.new("L", image.size, 255)
    alpha.paste(0, (0, 140, *image.size))
    image.putalpha(alpha)
    return saved(image, "PNG", optimize=True)


def pages_tiff() -> bytes:
    """Return a fax of two pages."""
    first = board("传真第一页", "请查收会议议程").convert("1")
    second = board("传真第二页", "参会人员十二人").convert("1")
    return saved(
        first, "TIFF", save_all=True, append_images=[second], compression="group4"
    )


def tail_bmp() -> bytes:
    """Return a bitmap with a file behind its end."""
    image = board("食堂公示栏", "本周菜价不变").convert("1")
    return saved(image, "BMP") + "附在图片后面的采购底价：九万八千元。".encode()


_READ: Final = ("recognition",)

SAMPLES: Final = (
    Sample(
        "png/教务系统截图（文字块）.png",
        "截图，文字块和 XMP 里有来源和作者",
        noted_png,
        ("教务系统通知", "选课将于九月八日开放", "请及时登录"),
        {"XMP": "王测试", "EXIF": "截图自内网办公系统"},
        _READ,
    ),
    Sample(
        "png/红头文件扫描件（密级章）.png",
        "红头文件的扫描件，有密级章和表格",
        lambda: saved(scan(stamp="内部").quantize(16), "PNG", optimize=True),
        ("云山职业学院文件", "关于开展安全隐患排查的通知", "内部", "张示例"),
        {},
        _READ,
    ),
    Sample(
        "png/公开课海报（透明）.png",
        "下半部分全透明，透明处的文字仍在文件里",
        clear_png,
        ("公开课时间：周三下午",),
        {"hidden element": "主讲人未最后确定"},
        _READ,
    ),
    Sample(
        "jpg/会议室照片（位置）.jpg",
        "手机照片，EXIF 有作者、设备和位置",
        lambda: photo("第一会议室使用须知", "请保持安静", place=True),
        ("第一会议室使用须知", "请保持安静"),
        {"EXIF": "张示例", "GPS": "30.253472"},
        _READ,
    ),
    Sample(
        "jpg/签到处照片（缩略图）.jpg",
        "裁剪过的照片，缩略图还是原来的",
        cropped_photo,
        ("会议签到处", "请从东门入场"),
        {"thumbnail": "涉密会场"},
        _READ,
    ),
    Sample(
        "jpg/通知照片.jpg",
        "没有任何附带信息的照片",
        lambda: saved(
            board("运动会改期通知", "改到十月十六日举行"), "JPEG", quality=70
        ),
        ("运动会改期通知", "改到十月十六日举行"),
        {},
        _READ,
    ),
    Sample(
        "tiff/传真两页.tiff",
        "两页的传真",
        pages_tiff,
        ("传真第一页", "请查收会议议程", "传真第二页", "参会人员十二人"),
        {},
        _READ,
    ),
    Sample(
        "tiff/扫描的通知.tiff",
        "扫描的一页，有红头和表格",
        lambda: saved(
            scan().quantize(16, dither=Image.Dither.NONE),
            "TIFF",
            compression="tiff_lzw",
        ),
        ("云山职业学院文件", "九月十日前完成", "李样本"),
        {},
        _READ,
    ),
    Sample(
        "tiff/档案照片（作者）.tiff",
        "带作者和说明的照片",
        lambda: saved(
            _grey(board("建校纪念碑", "立于二〇一〇年")),
            "TIFF",
            compression="tiff_lzw",
            exif=_exif(place=False),
        ),
        ("建校纪念碑", "立于二〇一〇年"),
        {"EXIF": "会议室投影照片"},
        _READ,
    ),
    Sample(
        "bmp/食堂公示栏（尾部数据）.bmp",
        "图片结尾之后还附着一段文字",
        tail_bmp,
        ("食堂公示栏", "本周菜价不变"),
        {"data behind the end": "采购底价：九万八千元"},
        _READ,
    ),
    Sample(
        "bmp/失物招领.bmp",
        "黑白位图",
        lambda: saved(board("失物招领", "请到学生处认领校园卡").convert("1"), "BMP"),
        ("失物招领", "请到学生处认领校园卡"),
        {},
        _READ,
    ),
    Sample(
        "bmp/停水通知（灰度）.bmp",
        "灰度位图",
        lambda: saved(
            board("停水通知", "周六上午检修", size=(420, 180)).convert("L"), "BMP"
        ),
        ("停水通知", "周六上午检修"),
        {},
        _READ,
    ),
    Sample(
        "webp/公众号配图（属性）.webp",
        "网页图片，EXIF 有作者",
        lambda: saved(
            board("迎新志愿者招募", "报名截止九月一日"),
            "WEBP",
            quality=60,
            exif=_exif(place=True),
        ),
        ("迎新志愿者招募", "报名截止九月一日"),
        {"EXIF": "张示例", "GPS": "120.100833"},
        _READ,
    ),
    Sample(
        "webp/课程表截图.webp",
        "无损压缩的截图",
        lambda: saved(board("周一上午高等数学", "周二下午体育"), "WEBP", lossless=True),
        ("周一上午高等数学", "周二下午体育"),
        {},
        _READ,
    ),
    Sample(
        "webp/校园卡说明.webp",
        "有损压缩的说明图",
        lambda: saved(
            board("校园卡补办说明", "携带身份证到卡务中心"), "WEBP", quality=50
        ),
        ("校园卡补办说明", "携带身份证到卡务中心"),
        {},
        _READ,
    ),
    Sample(
        "gif/滚动横幅.gif",
        "两帧的横幅",
        lambda: saved(
            board("热烈欢迎新同学").quantize(4),
            "GIF",
            save_all=True,
            append_images=[board("报到请走南门").quantize(4)],
            duration=900,
            comment="设计：王测试".encode(),
        ),
        ("热烈欢迎新同学", "报到请走南门"),
        {"EXIF": "设计：王测试"},
        _READ,
    ),
)
