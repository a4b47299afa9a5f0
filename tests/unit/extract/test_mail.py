"""Mails: what is shown, what is hidden, what hangs on them, and what lies."""

import base64
import contextlib
import io
import random
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from oxmsg import Message
from PIL import Image

from review.errors import UnreadableError
from review.extract.interface import Block, Document, Extraction
from review.extract.limits import Limits
from review.extract.mail.eml import Eml
from review.extract.mail.eml_sealed import signed_contents
from review.extract.mail.msg import Msg
from review.extract.mail.msg_rtf import rtf_words, unpacked_rtf
from review.extract.read import read
from tests.unit.extract.outlook import lzfu, message, saved, winmail

_HEAD = b"From: a@example.cn\r\nTo: b@example.cn\r\nSubject: x\r\n"


def _eml(data: bytes) -> Extraction:
    assert Eml().recognizes(data)
    return Eml().extract(data, Limits())


def _shown(found: Extraction) -> list[str]:
    return [block.text for block in found.blocks if not block.hidden]


def _hidden(found: Extraction) -> dict[str, str | None]:
    return {block.text: block.detail for block in found.blocks if block.hidden}


def _png(size: int = 64) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), "white").save(buffer, "png")
    return buffer.getvalue()


def _mail() -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "张示例 <zhang@example.cn>"
    mail["To"] = "李样本 <li@example.cn>"
    mail["Cc"] = "cc@example.cn"
    mail["Bcc"] = "密送人 <bcc@example.cn>"
    mail["Subject"] = "关于云山职业学院招生工作的通知"
    mail["Date"] = "Mon, 06 Mar 2023 19:47:06 +0800"
    mail["Reply-To"] = "office@example.cn"
    mail["Received"] = "from [10.1.2.3] by mail.example.cn"
    mail["X-Originating-IP"] = "10.1.2.3"
    mail["Message-ID"] = "<1@example.cn>"
    mail.set_content("各部门：\n请按时报送。\n")
    return mail


def _full() -> bytes:
    mail = _mail()
    mail.add_alternative(
        "<html><body><p>各部门：</p><p>请按时报送。</p><p>另附名单。</p>"
        '<img src="cid:p1"></body></html>',
        subtype="html",
    )
    page = mail.get_payload()[1]
    page.add_related(_png(), "image", "png", cid="<p1>", filename="合影.png")
    mail.add_attachment(
        "甲,乙\n丙,丁\n".encode("gbk"), "text", "csv", filename="考生名单.csv"
    )
    mail.add_attachment(_mail())
    return mail.as_bytes()


def test_headers_that_people_see_are_shown_and_the_others_hidden() -> None:
    found = _eml(_mail().as_bytes())
    assert found.blocks[0] == Block("关于云山职业学院招生工作的通知", role="title")
    assert _shown(found)[1:] == [
        "发件人：张示例 <zhang@example.cn>",
        "收件人：李样本 <li@example.cn>",
        "抄送：cc@example.cn",
        "日期：Mon, 06 Mar 2023 19:47:06 +0800",
        "答复至：office@example.cn",
        "各部门：",
        "请按时报送。",
    ]
    assert _hidden(found) == {
        "密送：密送人 <bcc@example.cn>": "密送",
        "Received：from [10.1.2.3] by mail.example.cn": "邮件头",
        "X-Originating-IP：10.1.2.3": "邮件头",
        "Message-ID：<1@example.cn>": "邮件头",
    }
    hidden = [block for block in found.blocks if block.hidden]
    assert {block.where.part for block in hidden} == {"metadata"}
    assert found.gaps == ()


def test_a_mail_with_everything_reads_each_text_once_and_hands_on_its_files() -> None:
    found = _eml(_full())
    assert _shown(found)[-3:] == ["各部门：", "请按时报送。", "另附名单。"]
    assert "合影.png" in _hidden(found)
    assert [one.name for one in found.embedded] == [
        "考生名单.csv",
        "关于云山职业学院招生工作的通知.eml",
    ]
    (picture,) = found.pictures
    assert (picture.data, picture.where.part, picture.page) == (_png(), "image", False)
    assert found.gaps == ()
    document = read(_full(), "通知.eml")
    paths = {block.where.path for block in document.blocks if "丙" in block.text}
    assert (document.format, paths) == ("eml", {"考生名单.csv"})


def test_plain_text_that_says_something_else_is_hidden_content() -> None:
    mail = _mail()
    mail.set_content("各部门：\n本件属机密，勿转。\n请按时报送。\n")
    mail.add_alternative("<p>各部门：</p><p>请按时报送。</p>", subtype="html")
    found = _eml(mail.as_bytes())
    assert _shown(found)[-2:] == ["各部门：", "请按时报送。"]
    assert _hidden(found)["本件属机密，勿转。"] == "与所见正文不同的另一版本"


def test_a_hidden_element_of_the_page_stays_hidden() -> None:
    mail = _mail()
    mail.set_content('<p>见</p><p style="display:none">不见</p>', subtype="html")
    found = _eml(mail.as_bytes())
    assert "不见" in _hidden(found)
    assert "不见" not in _shown(found)


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (b"=?gb2312?B?u/rD3A==?=", "机密"),
        # cut inside a character
        (b"=?utf-8?B?5py6?= =?utf-8?B?5a8=?=\r\n =?utf-8?B?hg==?=", "机密"),
        (
            b"=?utf-8?B?" + base64.b64encode("绝密".encode("gbk")) + b"?=",
            "绝密",
        ),
        (b"=?x-unknown?Q?=BB=FA=C3=DC=5F1?=", "机密_1"),
        ("内部通知".encode("gbk"), "内部通知"),
        ("内部通知".encode(), "内部通知"),
        (b"=?hz-gb-2312?Q?=7E=7B;zC=5C=7E=7D?=", "机密"),
        (b"=?iso-2022-jp?Q?=1B$B5!L)=1B(B?=", "機密"),
        (b"=?utf-8?B?!!!?= =?broken", " =?broken"),
    ],
    ids=[
        "gb2312",
        "cut",
        "lie",
        "unknown",
        "raw gbk",
        "raw utf-8",
        "hz",
        "jp",
        "broken",
    ],
)
def test_words_of_headers_whatever_they_claim(header: bytes, text: str) -> None:
    data = (
        b"From: a@example.cn\r\nTo: b@example.cn\r\nSubject: " + header + b"\r\n\r\nx"
    )
    assert _eml(data).blocks[0].text == " ".join(text.split())


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b"attachment; filename*=utf-8''%E5%90%8D%E5%8D%95.txt", "名单.txt"),
        (
            b"attachment; filename*0*=gbk''%C3%FB;\r\n filename*1*=%B5%A5; filename*2=.txt",
            "名单.txt",
        ),
        (b'attachment; filename="=?gbk?B?w/u1pQ==?=.txt"', "名单.txt"),
        (b'attachment; filename="' + "名单.txt".encode("gbk") + b'"', "名单.txt"),
        (b"attachment; filename=..\\..\\a.txt", "../../a.txt"),
        (b"attachment", "附件 1.dat"),
    ],
    ids=["2231", "2231 pieces", "2047", "raw gbk", "path", "none"],
)
def test_names_of_attachments(disposition: bytes, name: str) -> None:
    data = _HEAD + b"Content-Type: application/ms-tnef\r\nContent-Disposition: "
    (one,) = _eml(data + disposition + b"\r\n\r\nhello").embedded
    assert (one.name, one.data) == (name, b"hello")


def test_a_second_name_of_an_attachment_is_kept() -> None:
    data = _HEAD + b'Content-Type: application/pdf; name="real.pdf"\r\n'
    data += b'Content-Disposition: attachment; filename="shown.pdf"\r\n\r\n%PDF-'
    found = _eml(data)
    assert found.embedded[0].name == "shown.pdf"
    assert _hidden(found)["real.pdf"] == "附件的另一个文件名"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"base64", base64.encodebytes("机密正文".encode("gbk"))),
        (b"base64", base64.b64encode("机密正文".encode("gbk")).rstrip(b"=") + b"\r\n!"),
        (b"quoted-printable", b"=BB=FA=C3=DC=\r\n=D5=FD=CE=C4"),
        (b"8bit", "机密正文".encode("gbk")),
        (b"x-uuencode", b"begin 644 a\n(N_K#W-7]SL0 \nend\n"),
    ],
)
def test_bodies_in_every_transfer_encoding(encoding: bytes, body: bytes) -> None:
    data = _HEAD + b"Content-Type: text/plain; charset=utf-8\r\n"
    data += b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body
    assert "机密正文" in "".join(_shown(_eml(data)))


_PARTS = (
    b"\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    + "正文甲".encode()
    + b"\r\n--b1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>"
    + "正文乙".encode()
    + b"</p>\r\n--b1--\r\n"
)


@pytest.mark.parametrize(
    "kind",
    [
        b"multipart/mixed; boundary=b1",
        b"multipart/mixed",
        b"multipart/mixed; boundary=wrong",
        b'multipart/alternative; boundary="b1"',
    ],
)
def test_a_missing_or_wrong_boundary_loses_nothing(kind: bytes) -> None:
    found = _eml(_HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + _PARTS)
    texts = [block.text for block in found.blocks]
    assert "正文甲" in texts
    assert "正文乙" in texts
    assert found.gaps == ()


def test_a_multipart_without_any_boundary_is_text_with_a_gap() -> None:
    data = _HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + "只有正文".encode()
    found = _eml(data)
    assert _shown(found)[-1] == "只有正文"
    assert [gap.code for gap in found.gaps] == ["unreadable_part"]


def test_a_multipart_that_never_ends_is_read() -> None:
    cut = _PARTS[: _PARTS.index(b"</p>")]
    found = _eml(_HEAD + b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n" + cut)
    assert _shown(found)[-1] == "正文乙"


def test_text_outside_of_the_parts_is_hidden_content() -> None:
    body = "前言机密".encode() + _PARTS + "后记机密".encode()
    found = _eml(_HEAD + b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n" + body)
    assert _hidden(found)["前言机密 后记机密"] == "邮件分段之外的文字"
    usual = b"This is a multi-part message in MIME format." + _PARTS
    found = _eml(_HEAD + b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n" + usual)
    assert _hidden(found) == {}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"application/pkcs7-mime; smime-type=enveloped-data", b"\x30\x82\x01\x00"),
        (b"multipart/encrypted; boundary=b1", _PARTS),
        (b"text/plain", b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n"),
    ],
    ids=["smime", "pgp mime", "pgp"],
)
def test_encrypted_mails_are_gaps(kind: bytes, body: bytes) -> None:
    found = _eml(_HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body)
    assert [gap.code for gap in found.gaps] == ["encrypted"]


def _der(tag: int, *inside: bytes) -> bytes:
    body = b"".join(inside)
    size = len(body)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + body


@pytest.mark.parametrize("in_pieces", [False, True])
def test_what_is_only_signed_is_read(in_pieces: bool) -> None:  # noqa: FBT001 - a parameter
    inner = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "签名正文".encode()
    octets = _der(4, inner)
    if in_pieces:
        octets = b"\x24\x80" + _der(4, inner[:-6]) + _der(4, inner[-6:]) + b"\0\0"
    data = bytes.fromhex("06092a864886f70d010701")
    signed = _der(
        0x30, _der(2, b"\1"), _der(0x31), _der(0x30, data, _der(0xA0, octets))
    )
    der = _der(0x30, bytes.fromhex("06092a864886f70d010702"), _der(0xA0, signed))
    head = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n"
    found = _eml(_HEAD + head + b"\r\n" + der)
    assert _shown(found)[-1] == "签名正文"
    assert found.gaps == ()
    assert signed_contents(der) == inner
    broken = _eml(_HEAD + head + b"\r\n" + der[:40])
    assert [gap.code for gap in broken.gaps] == ["unreadable_part"]


def test_signatures_beside_a_body_are_ignored() -> None:
    parts = b"\r\n--b1\r\n\r\nbody\r\n--b1\r\nContent-Type: application/pgp-signature"
    parts += b"\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n--b1--\r\n"
    data = _HEAD + b"Content-Type: multipart/signed; boundary=b1\r\n\r\n" + parts
    found = _eml(data)
    assert _shown(found)[-1] == "body"
    assert (found.embedded, found.gaps) == ((), ())


def test_outlooks_own_attachment_is_opened() -> None:
    page = "<p>正文甲</p>".encode()
    values = {
        0x0037: "题",
        0x1013: page,
        0x1000: "正文乙",
        0x8005: "自定",
        0x3FDE: 65001,
    }
    other = {
        0x3707: "表.csv",
        0x3701: "甲,乙\n丙,丁\n".encode(),
        0x370D: "D:\\内部\\表.csv",
    }
    data = winmail(values, "名单正文".encode("gbk"), other)
    head = _HEAD + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n"
    document = read(head + data, "a.eml")
    assert document.gaps == ()
    places = {block.text: block.where.path for block in document.blocks}
    assert places["正文甲"] == places["正文乙"] == places["题"] == "winmail.dat"
    assert places["自定"] == "winmail.dat"
    assert places["名单正文"] == "winmail.dat/名单.txt"
    assert places["丙\t丁"] == "winmail.dat/表.csv"
    assert places["D:\\内部\\表.csv"] == "winmail.dat"
    cut = read(head + winmail(values, "名单正文".encode())[:-4], "a.eml")
    assert [gap.code for gap in cut.gaps] == ["unreadable_part"]
    assert "正文甲" in {block.text for block in cut.blocks}


def test_outlooks_own_attachment_that_nobody_can_read_is_a_gap() -> None:
    data = _HEAD + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n"
    document = read(data + b"\x78\x9f\x3e\x22\x01\x00\x01\x02\x03", "a.eml")
    assert [gap.code for gap in document.gaps] == ["unreadable_part"]


def test_a_mailbox_is_split_into_its_mails() -> None:
    one = b"From a@example.cn Mon Mar  6 19:47:06 2023\n"
    mails = [
        _HEAD.replace(b"\r\n", b"\n") + b"\nbody " + n + b"\n\n" for n in (b"1", b"2")
    ]
    found = _eml(one + mails[0] + one + mails[1])
    assert [mail.name for mail in found.embedded] == ["第 1 封.eml", "第 2 封.eml"]
    document = read(one + mails[0] + one + mails[1], "box")
    shown = [block.text for block in document.blocks if block.text.startswith("body")]
    assert shown == ["body 1", "body 2"]
    assert _shown(_eml(one + mails[0]))[-1] == "body 1"


def test_a_mail_inside_a_mail_inside_a_mail_ends_at_the_limit() -> None:
    mail = _mail()
    for _ in range(6):
        outer = _mail()
        outer.add_attachment(mail)
        mail = outer
    codes = [gap.code for gap in read(mail.as_bytes(), "a.eml").gaps]
    assert codes == ["too_deep"]


def test_parts_nested_without_end_are_a_gap() -> None:
    data = _HEAD
    for number in range(40):
        mark = str(number).encode()
        data += b"Content-Type: multipart/mixed; boundary=b" + mark
        data += b"\r\n\r\n--b" + mark + b"\r\n"
    assert [gap.code for gap in _eml(data + b"\r\n\r\nx").gaps] == ["too_deep"]


def test_a_line_before_the_headers_does_not_hide_a_mail() -> None:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n"
    found = _eml("机密字样\r\n".encode() + head + b"\r\n" + _PARTS)
    assert _shown(found) == ["正文甲", "正文乙"]
    assert _hidden(found) == {"机密字样": "邮件分段之外的文字"}


@pytest.mark.parametrize(
    "text",
    [
        "Subject: 一行\n不是邮件\n",
        "会议纪要\nFrom: a\nTo: b\n",
        "<html><body>From: a</body></html>",
        "关于：报送\nDate: 2026\n",
    ],
)
def test_texts_that_only_resemble_mails_are_none(text: str) -> None:
    assert not Eml().recognizes(text.encode())


# --- Outlook ---

_PROPERTIES = {
    0x0037: "关于云山职业学院招生工作的通知",
    0x0C1A: "张示例",
    0x0C1F: "zhang@example.cn",
    0x0042: "云山职业学院办公室",
    0x1000: "各部门：\r\n请按时报送。\r\n",
    0x1013: "<p>各部门：</p><p>请按时报送。</p><p>另附名单。</p>".encode(),
    0x3FDE: 65001,
    0x0039: 133_223_968_000_000_000,
    0x007D: "Received: from [10.1.2.3]\r\nX-Mailer: 某邮件程序\r\n",
    0x3FFA: "王最后",
    0x8005: "未登记的自定义字段",
}
_RECIPIENTS = (
    {0x3001: "李样本", 0x39FE: "li@example.cn", 0x0C15: 1},
    {0x3001: "抄送人", 0x3003: "cc@example.cn", 0x0C15: 2},
    {0x3001: "密送人", 0x3003: "bcc@example.cn", 0x0C15: 3},
)


def _attachment() -> dict[int, str | bytes | int]:
    return {
        0x3707: "考生名单.txt",
        0x3701: "甲、乙".encode("gbk"),
        0x3705: 1,
        0x370D: "D:\\内部\\考生名单.txt",
    }


def _msg(data: bytes) -> Extraction:
    assert Msg().recognizes(data)
    return Msg().extract(data, Limits())


def _outlook() -> bytes:
    inner = message({0x0039: 133_223_968_000_000_000, 0x1000: "内层正文"})
    picture = {0x3707: "a.png", 0x3701: _png(), 0x3712: "p1", 0x3705: 1}
    attachments = (_attachment(), {0x3001: "转发", 0x3705: 5, **inner}, picture)
    return saved(message(_PROPERTIES, _RECIPIENTS, attachments))


def test_our_messages_are_what_others_take_for_messages() -> None:
    other = Message.load(_outlook())
    assert other.subject == _PROPERTIES[0x0037]
    assert [one.name for one in other.recipients] == ["李样本", "抄送人", "密送人"]
    assert other.attachments[0].file_bytes == _attachment()[0x3701]
    assert f"{other.sent_date:%Y-%m-%d %H:%M:%S}" == "2023-03-04 09:46:40"


def test_an_outlook_message_shows_and_hides_what_outlook_does() -> None:
    found = _msg(_outlook())
    assert found.blocks[0] == Block("关于云山职业学院招生工作的通知", role="title")
    assert _shown(found)[1:] == [
        "发件人：张示例 <zhang@example.cn>",
        "代表：云山职业学院办公室",
        "收件人：李样本 <li@example.cn>",
        "抄送：抄送人 <cc@example.cn>",
        "日期：2023-03-04 09:46:40 UTC",
        "各部门：",
        "请按时报送。",
        "另附名单。",
    ]
    hidden = _hidden(found)
    assert hidden["密送：密送人 <bcc@example.cn>"] == "密送"
    assert hidden["X-Mailer：某邮件程序"] == "邮件头"
    assert hidden["Received：from [10.1.2.3]"] == "邮件头"
    assert hidden["最后修改者：王最后"] == "邮件属性"
    assert hidden["邮件属性：未登记的自定义字段"] == "邮件属性"
    assert hidden["D:\\内部\\考生名单.txt"] == "附件的原路径"
    assert found.gaps == ()


def test_attachments_of_an_outlook_message_are_documents_too() -> None:
    found = _msg(_outlook())
    assert [one.name for one in found.embedded] == ["考生名单.txt", "转发.msg"]
    assert [one.data for one in found.pictures] == [_png()]
    document = read(_outlook(), "a.msg")
    places = {block.text: block.where.path for block in document.blocks}
    assert places["甲、乙"] == "考生名单.txt"
    assert places["内层正文"] == "转发.msg"
    inner = [b.text for b in document.blocks if b.where.path == "转发.msg"]
    assert "日期：2023-03-04 09:46:40 UTC" in inner
    assert document.format == "msg"


def test_an_old_message_in_a_chinese_code_page_is_decoded() -> None:
    values = {0x0037: "内部通知".encode("gbk"), 0x1000: "机密正文".encode("gbk")}
    for page in (936, 1252):
        found = _msg(saved(message({**values, 0x3FFD: page})))
        assert _shown(found) == ["内部通知", "机密正文"]


_RICH = (
    r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 \'cb\'ce\'cc\'e5;}}{\*\generator x;}"
    r"\pard\'bb\'fa\'c3\'dc\par \uc1\u27491?\u25991?{\*\bkmkstart 不读}\tab A\{B\}\par}"
)


def test_rich_text_is_unpacked_and_its_words_read() -> None:
    raw = _RICH.encode("gbk")
    assert unpacked_rtf(lzfu(raw), 10_000) == raw
    assert rtf_words(raw) == "机密\n正文\tA{B}\n"
    # a repetition: eleven times what stands one byte before
    head = lzfu(b"ab")[:16]
    body = b"\x04ab" + ((207 + 1) << 4 | 9).to_bytes(2, "big")
    packed = head[:4] + (13).to_bytes(4, "little") + head[8:] + body
    assert unpacked_rtf(packed, 10_000) == b"a" + b"b" * 12


def test_a_body_that_is_rich_text_only_is_read() -> None:
    data = saved(message({0x0037: "题", 0x1009: lzfu(_RICH.encode("gbk"))}))
    assert _shown(_msg(data)) == ["题", "机密", "正文\tA{B}"]


def test_a_page_inside_rich_text_is_read_without_its_markup() -> None:
    rich = rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 "
    rich += rb"\'bb\'fa\'c3\'dc\htmlrtf twice\par}\htmlrtf0{\*\htmltag72 </p>}}"
    assert rtf_words(rich).strip() == "机密"


def test_rich_text_that_says_something_else_is_hidden_content() -> None:
    values = {0x0037: "题", 0x1000: "正文\tA{B}", 0x1009: lzfu(_RICH.encode("gbk"))}
    found = _msg(saved(message(values)))
    assert _shown(found) == ["题", "正文\tA{B}"]
    assert _hidden(found) == {"机密": "与所见正文不同的另一版本"}


def test_damaged_rich_text_is_a_gap() -> None:
    found = _msg(
        saved(message({0x0037: "题", 0x1009: b"\0" * 8 + b"????" + b"\0" * 9}))
    )
    assert [gap.code for gap in found.gaps] == ["unreadable_part"]


@pytest.mark.parametrize(
    ("attachment", "code"),
    [
        ({0x3707: "smime.p7m", 0x3701: b"\x30\x82", 0x3705: 1}, "encrypted"),
        ({0x3707: "message.rpmsg", 0x3701: b"\x76\xe8", 0x3705: 1}, "encrypted"),
        ({0x3707: "大文件.zip", 0x3705: 7}, "external"),
    ],
)
def test_attachments_that_cannot_be_read_are_gaps(
    attachment: dict[int, str | bytes | int], code: str
) -> None:
    found = _msg(saved(message({0x0037: "题"}, attachments=(attachment,))))
    assert [gap.code for gap in found.gaps] == [code]


def test_a_signed_message_of_outlook_is_read_as_a_mail() -> None:
    body = b"Content-Type: multipart/signed; boundary=b1\r\n\r\n" + _PARTS
    attachment = {0x3707: "smime.p7m", 0x3701: body, 0x3705: 1}
    data = saved(message({0x0037: "题"}, attachments=(attachment,)))
    texts = {block.text: block.where.path for block in read(data, "a.msg").blocks}
    assert texts["正文甲"] == "smime.p7m.eml"


def test_an_object_inside_a_message_is_taken_apart() -> None:
    streams = {("Package",): "对象里的文字".encode()}
    attachment = {0x3001: "对象", 0x3705: 6, **streams}
    data = saved(message({0x0037: "题"}, attachments=(attachment,)))
    assert [one.data for one in _msg(data).embedded] == ["对象里的文字".encode()]


# --- damage ---


def _mutated(data: bytes, chance: random.Random, *, in_place: bool) -> bytes:
    """Damage a file; a compound file shows more of itself if nothing moves."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(out) or 1)
        end = at + chance.randrange(1, 60)
        match chance.randrange(4):
            case 0:
                out[at : at + 1] = chance.randbytes(1)
            case 1:
                out[at:end] = bytes(len(out[at:end])) if in_place else b""
            case 2:
                other = chance.randrange(len(out) or 1)
                piece = out[other : other + end - at]
                out[at : at + len(piece) * in_place] = piece
            case _:
                out = out[: max(at, 40)] if not in_place else out
    return bytes(out)


@pytest.mark.slow
@pytest.mark.parametrize(
    "sample",
    [
        _full(),
        _outlook(),
        _HEAD + b"\r\n" + _PARTS,
        winmail({0x0037: "题", 0x1000: "正文"}, b"1", _attachment()),
    ],
)
def test_mutated_mails_give_a_document_or_a_clear_error(sample: bytes) -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable damage, no secret
    for number in range(200):
        data = _mutated(sample, chance, in_place=bool(number % 2))
        with contextlib.suppress(UnreadableError):
            assert isinstance(read(data, "a"), Document)


def test_mutated_rich_text_gives_words_or_a_clear_error() -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable damage, no secret
    sample = lzfu(_RICH.encode("gbk"))
    for _ in range(200):
        with contextlib.suppress(UnreadableError):
            rich = unpacked_rtf(_mutated(sample, chance, in_place=False), 10_000)
            assert isinstance(rtf_words(rich), str)
