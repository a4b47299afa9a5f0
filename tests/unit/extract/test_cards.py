"""Contact cards and calendars: what programs show, what they hide, files inside."""

import base64
import io
import quopri

import pytest
from PIL import Image

from review.extract.interface import Document
from review.extract.mail.cards import Cards
from review.extract.read import read


def _picture() -> str:
    """Return a picture large enough to bear words, in base64."""
    made = io.BytesIO()
    Image.effect_noise((400, 200), 80).save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode()


def _card(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", "")).encode(
        encoding
    )


def _calendar(*lines: str) -> bytes:
    whole = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR")
    return "\n".join(whole).encode()


def _shown(document: Document) -> list[str]:
    return [one.text for one in document.blocks if not one.hidden]


def _hidden(document: Document) -> list[str]:
    return [one.text for one in document.blocks if one.hidden]


def _quoted(text: str, charset: str = "utf-8") -> str:
    """Return quoted-printable as phones write it, broken after each sixty signs."""
    raw = "".join(f"={one:02X}" for one in text.encode(charset))
    return "=\r\n".join(raw[at : at + 60] for at in range(0, len(raw), 60))


@pytest.mark.parametrize("charset", ["UTF-8", "GBK"])
def test_quoted_printable_is_read(charset: str) -> None:
    """As text of another kind it would be a row of signs, and nothing found in it."""
    text = "后备干部名单由张示例保管，尚未公布，请勿外传，电话见附件的表格"
    head = f"NOTE;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:"
    document = read(_card(head + _quoted(text, charset), "TEL:0"), "a.vcf")
    assert document.format == "vcf"
    assert _shown(document) == [f"备注：{text}", "电话：0"]
    assert document.gaps == ()


def test_python_writes_the_same_quoted_printable() -> None:
    value = quopri.encodestring("李样本".encode()).decode()
    line = f"FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:{value}"
    assert _shown(read(_card(line), "a.vcf")) == ["李样本"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("TEL;CELL:13800000001", ["电话：13800000001（手机）"]),
        ("TEL;TYPE=home,voice:0999", ["电话：0999（家）"]),
        ('TEL;TYPE="cell,work";VALUE=uri:tel:1', ["电话：tel:1（手机，单位）"]),
        ("item1.EMAIL;TYPE=INTERNET:a@b.example", ["邮箱：a@b.example"]),
        ("ADR;TYPE=HOME:;;滨河路12号;砚湖县;;;", ["地址：滨河路12号 砚湖县（家）"]),
        (r"NOTE:一\, 二\; 三\\四\n五", [r"备注：一, 二; 三\四", "五"]),
        ("TEL;X-WHOSE=王测试:1", ["电话：1（X-WHOSE=王测试）"]),
        ("TEL;TYPE=校长办:1", ["电话：1（校长办）"]),
        ("NOTE:前半\r\n 后半", ["备注：前半后半"]),
        ("这一行不合格式", ["这一行不合格式"]),
    ],
)
def test_a_line_reads_as_people_see_it(line: str, shown: list[str]) -> None:
    assert _shown(read(_card(line), "a.vcf")) == shown


def test_other_fields_are_hidden() -> None:
    document = read(_card("FN:张示例", "X-QQ:12345678", "REV:20260901"), "a.vcf")
    assert _shown(document) == ["张示例"]
    assert _hidden(document) == ["X-QQ：12345678", "REV：20260901"]
    assert {one.where.part for one in document.blocks if one.hidden} == {"metadata"}


def test_words_in_the_frame_are_not_lost() -> None:
    document = read(_card("END:VCARD", "BEGIN:VCARD", "VERSION:尚未公布"), "a.vcf")
    assert _hidden(document) == ["VERSION：尚未公布"]


def test_an_appointment_shows_who_is_asked() -> None:
    document = read(
        _calendar(
            "PRODID:x",
            "DTSTART;TZID=Asia/Shanghai:20260901T090000",
            "SUMMARY:党委会",
            'ATTENDEE;CN="王测试: 处长";ROLE=REQ-PARTICIPANT:mailto:w@b.example',
            "DESCRIPTION:议题：干部\n  调整",
            "X-ALT-DESC;FMTTYPE=text/html:<p>内定</p>",
        ),
        "a.ics",
    )
    assert document.format == "ics"
    assert _shown(document) == [
        "开始：20260901T090000（TZID=Asia/Shanghai）",
        "党委会",
        "参加人：mailto:w@b.example（CN=王测试: 处长）",
        "说明：议题：干部 调整",
    ]
    assert _hidden(document) == ["PRODID：x", "X-ALT-DESC：<p>内定</p>"]
    assert [one.role for one in document.blocks if one.text == "党委会"] == ["heading"]


@pytest.mark.parametrize(
    "line",
    [
        "PHOTO;ENCODING=b;TYPE=PNG:",
        "PHOTO:data:image/png;base64,",
    ],
)
def test_a_picture_inside_is_a_gap_until_it_is_recognized(line: str) -> None:
    document = read(_card("FN:张示例", line + _picture()), "a.vcf")
    assert [one.code for one in document.gaps] == ["image_without_text"]


def test_a_file_inside_is_read() -> None:
    inside = base64.b64encode("标底是三百万元".encode()).decode()
    line = f"ATTACH;VALUE=BINARY;ENCODING=BASE64:{inside}"
    document = read(_calendar("SUMMARY:评标", line), "a.ics")
    assert "标底是三百万元" in [one.text for one in document.blocks if one.where.path]
    assert document.gaps == ()


@pytest.mark.parametrize("name", ["PHOTO", "ATTACH"])
def test_what_lies_elsewhere_is_a_gap(name: str) -> None:
    document = read(_card(f"{name}:https://a.example/x.docx"), "a.vcf")
    assert [one.code for one in document.gaps] == ["external"]
    assert _hidden(document) == [f"{name}：https://a.example/x.docx"]


def test_bytes_that_are_no_file_are_a_gap() -> None:
    document = read(_card("SOUND;ENCODING=b:////AAAA////"), "a.vcf")
    assert document.gaps


def test_other_encodings_and_a_mark_at_the_beginning() -> None:
    assert _shown(read(_card("FN:张示例", encoding="gbk"), "a")) == ["张示例"]
    assert _shown(read(_card("FN:张示例", encoding="utf-16"), "a")) == ["张示例"]
    assert _shown(read(b"\xef\xbb\xbf\r\n" + _card("FN:张示例"), "a")) == ["张示例"]


@pytest.mark.parametrize(
    ("data", "known"),
    [
        (b"begin:vcard\nFN:a\nend:vcard", True),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR", False),
        (b"BEGIN:VCARDS\n", False),
        ("说明：BEGIN:VCARD".encode(), False),
        (b"\x00\x01\x02", False),
    ],
)
def test_only_its_own_component_is_recognized(data: bytes, *, known: bool) -> None:
    assert Cards("vcf", "VCARD").recognizes(data) is known
