"""Mails: eml, msg, winmail.dat."""

import base64
from collections.abc import Mapping
from typing import Final

from tests.golden.making import word
from tests.golden.making.sample import Sample, ticks
from tests.unit.extract.outlook import Value, message, saved, winmail

_TEACHERS: Final = "各位老师：\n讲座通知和名单见附件。\n"
_LIST: Final = "姓名,电话,房间\n张示例,13800000004,301\n李样本,13800000005,302\n"


def _word(text: str) -> str:
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


def _b64(data: bytes) -> str:
    return base64.encodebytes(data).decode()


def _part(boundary: str, kind: str, data: bytes) -> str:
    """Return one part of a mail; what has a name is an attachment."""
    attached = "Content-Disposition: attachment\n" if "name=" in kind else ""
    return (
        f"\n--{boundary}\nContent-Type: {kind}\n"
        f"Content-Transfer-Encoding: base64\n{attached}\n{_b64(data)}"
    )


def _head(subject: str, *more: str) -> str:
    lines = (
        f"From: {_word('张示例')} <zhang@yunshan.example>",
        f"To: {_word('李样本')} <li@yunshan.example>",
        f"Subject: {_word(subject)}",
        "Date: Thu, 03 Sep 2026 09:30:00 +0800",
        "Message-ID: <20260903@yunshan.example>",
        *more,
        "MIME-Version: 1.0",
    )
    return "\n".join(lines) + "\n"


def _mail(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def attached() -> bytes:
    """Return a mail with a table, a document, a blind copy and headers of the way."""
    memo = word.commented("讲座安排", "讲座定于9月18日下午。", "主讲人报酬另付")
    text = _head(
        "讲座通知",
        f"Bcc: {_word('王测试')} <wang@yunshan.example>",
        "X-Originating-IP: [10.20.30.40]",
        'Content-Type: multipart/mixed; boundary="b1"',
    )
    table = f'text/csv; name="{_word("名单.csv")}"'
    other = f'application/octet-stream; name="{_word("讲座安排.docx")}"'
    text += _part("b1", 'text/plain; charset="utf-8"', _TEACHERS.encode())
    text += _part("b1", table, _LIST.encode("gbk")) + _part("b1", other, memo)
    return _mail(f"{text}\n--b1--\n")


def two_halves() -> bytes:
    """Return a mail whose plain half says more than the page that is shown."""
    text = _head("调课通知", 'Content-Type: multipart/alternative; boundary="b2"')
    plain = "周三的课调到周五。\n原因：教师赴外校应聘\n"
    page = "<html><body><p>周三的课调到周五。</p><!-- 抄送人事处 --></body></html>"
    text += _part("b2", 'text/plain; charset="gbk"', plain.encode("gbk"))
    text += _part("b2", 'text/html; charset="utf-8"', page.encode())
    return _mail(f"{text}\n--b2--\n")


def forwarded() -> bytes:
    """Return a mail with another mail inside."""
    inner = (
        f"From: {_word('赵虚构')} <zhao@yunshan.example>\nSubject: {_word('关于预算')}\n"
        "Date: Wed, 02 Sep 2026 16:00:00 +0800\nMIME-Version: 1.0\n"
        'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: base64\n\n'
        f"{_b64('明年预算压减一成，先不要说。'.encode())}"
    )
    text = _head("转发：关于预算", 'Content-Type: multipart/mixed; boundary="b3"')
    text += _part("b3", 'text/plain; charset="utf-8"', "请阅附件。".encode())
    return _mail(f"{text}\n--b3\nContent-Type: message/rfc822\n\n{inner}--b3--\n")


def _values(subject: str, text: str, **more: Value) -> dict[int, Value]:
    return {
        0x0037: subject,
        0x0C1A: "张示例",
        0x0C1F: "zhang@yunshan.example",
        0x1000: text,
        0x0039: ticks(3),
        **{int(name[1:], 16): value for name, value in more.items()},
    }


_TO: Final[Mapping[int, Value]] = {
    0x3001: "李样本",
    0x39FE: "li@yunshan.example",
    0x0C15: 1,
}
_BLIND: Final[Mapping[int, Value]] = {
    0x3001: "王测试",
    0x39FE: "wang@yunshan.example",
    0x0C15: 3,
}


def outlook() -> bytes:
    """Return a message with a blind copy, a header and an attachment."""
    values = _values(
        "迎新协调会",
        "协调会定于周四上午。\r\n",
        p007D="Received: from [10.20.30.40]\r\nX-Mailer: YunMail\r\n",
        p3FFA="赵虚构",
    )
    attachment = {
        0x3707: "名单.csv",
        0x3701: _LIST.encode("gbk"),
        0x3705: 1,
        0x370D: "D:\\内部\\名单.csv",
    }
    return saved(message(values, (_TO, _BLIND), (attachment,)))


def outlook_inside() -> bytes:
    """Return a message with another message inside."""
    inner = message(_values("处分建议", "建议给予警告处分，未上会。\r\n"), (_TO,))
    values = _values("转发：处分建议", "请看附件。\r\n")
    return saved(message(values, (_TO,), ({0x3001: "处分建议", 0x3705: 5, **inner},)))


def outlook_page() -> bytes:
    """Return a message with a page beside its plain text."""
    page = "<p>培训报名截止周五。</p><p style='display:none'>名额已内定两个</p>"
    values = _values(
        "培训报名", "培训报名截止周五。\r\n", p1013=page.encode(), p3FDE=65001
    )
    return saved(message(values, (_TO,)))


def outlooks_file() -> bytes:
    """Return what Outlook sends others as winmail.dat."""
    values: Mapping[int, Value] = {
        0x0037: "会议纪要",
        0x1000: "纪要见附件。",
        0x8005: "流转编号二零二六零九",
    }
    return winmail(values, {0x3707: "名单.csv", 0x3701: _LIST.encode()})


_ROW: Final = "张示例\t13800000004\t301"

SAMPLES: Final = (
    Sample(
        "eml/讲座通知（附件与密送）.eml",
        "有 csv 和 docx 附件、密送和路由邮件头",
        attached,
        ("讲座通知", "各位老师：", "讲座通知和名单见附件。", "讲座定于9月18日下午。"),
        {
            "blind copy": "wang@yunshan.example",
            "mail header": "10.20.30.40",
            "attachment": _ROW,
            "comment": "主讲人报酬另付",
        },
    ),
    Sample(
        "eml/调课通知（两种正文）.eml",
        "纯文本正文比网页正文多一句话",
        two_halves,
        ("调课通知", "周三的课调到周五。"),
        {"other half of a mail": "原因：教师赴外校应聘", "HTML comment": "抄送人事处"},
    ),
    Sample(
        "eml/转发的邮件.eml",
        "邮件里还有一封邮件",
        forwarded,
        ("转发：关于预算", "请阅附件。"),
        {"attachment": "明年预算压减一成，先不要说。"},
    ),
    Sample(
        "msg/迎新协调会（附件与密送）.msg",
        "Outlook 邮件，有附件、密送和邮件头",
        outlook,
        ("迎新协调会", "协调会定于周四上午。"),
        {
            "blind copy": "wang@yunshan.example",
            "mail header": "10.20.30.40",
            "attachment": _ROW,
            "author": "最后修改者：赵虚构",
        },
    ),
    Sample(
        "msg/转发处分建议.msg",
        "Outlook 邮件，里面还有一封",
        outlook_inside,
        ("转发：处分建议", "请看附件。"),
        {"attachment": "建议给予警告处分，未上会。"},
    ),
    Sample(
        "msg/培训报名（网页正文）.msg",
        "Outlook 邮件，网页正文里有隐藏的一段",
        outlook_page,
        ("培训报名", "培训报名截止周五。"),
        {"hidden element": "名额已内定两个"},
    ),
    Sample(
        "tnef/winmail.dat",
        "Outlook 发给别的程序的 winmail.dat",
        outlooks_file,
        ("纪要见附件。",),
        {"attachment": _ROW, "mail header": "流转编号二零二六零九"},
    ),
)
