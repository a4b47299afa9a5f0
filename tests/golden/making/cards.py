"""Contact cards and calendars: vcf, ics."""

import base64
from typing import Final

from tests.golden.making.sample import Sample


def _quoted(text: str) -> str:
    """Return quoted-printable as phones write it, broken after each sixty signs."""
    raw = "".join(f"={one:02X}" for one in text.encode())
    return "=\n".join(raw[at : at + 60] for at in range(0, len(raw), 60))


def _file(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


_QP: Final = "CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"
_PHONE: Final = f"""BEGIN:VCARD
VERSION:2.1
N;{_QP}:{_quoted("张")};{_quoted("示例")};;;
FN;{_QP}:{_quoted("张示例")}
TEL;CELL:13800000004
ADR;HOME;{_QP}:;;{_quoted("滨河小区3栋2单元501室")};{_quoted("砚湖县")};;;
NOTE;{_QP}:{_quoted("拟任教务处副处长，尚未公示，请不要外传给其他同事")}
X-QQ:12345678
END:VCARD
"""
_TWO: Final = r"""BEGIN:VCARD
VERSION:3.0
FN:李样本
ORG:云山职业学院;宣传部
TITLE:干事
item1.TEL;TYPE=WORK:0999-8123456
item1.X-ABLabel:夜间专线
NOTE:周一、周三值班\n节假日不在校
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:王测试
EMAIL;TYPE=INTERNET:wang@yunshan.example
END:VCARD
"""
_FOUR: Final = """BEGIN:VCARD
VERSION:4.0
FN:赵虚构
BDAY:19800101
RELATED;VALUE=text;TYPE=friend:钱假设
LANG:zh
END:VCARD
"""
_MEETING: Final = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Yunshan//Calendar//ZH
BEGIN:VEVENT
UID:20260903@yunshan.example
DTSTART;TZID=Asia/Shanghai:20260903T090000
SUMMARY:专题会
LOCATION:行政楼三楼会议室
ORGANIZER;CN="张示例":mailto:zhang@yunshan.example
ATTENDEE;CN="李样本";ROLE=REQ-PARTICIPANT:mailto:li@yunshan.example
DESCRIPTION:议题一：教学安排\\n议题二：实训室
 使用
X-OFFICE-REMARK:会上票数不得外传
END:VEVENT
END:VCALENDAR
"""
_SHOUTED: Final = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:PUBLISH
BEGIN:VTODO
SUMMARY:报送统计表
DUE:20260910
COMMENT:表样见内网
CATEGORIES:内部事项
END:VTODO
END:VCALENDAR
"""
_ATTACHED: Final = f"""BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
SUMMARY:评标会
DTSTART:20260915T010000Z
ATTACH;ENCODING=BASE64;VALUE=BINARY:{base64.b64encode("标底是三百万元，开标前保密。".encode()).decode()}
END:VEVENT
END:VCALENDAR
"""

SAMPLES: Final = (
    Sample(
        "vcf/手机通讯录（2.1）.vcf",
        "手机导出的名片，汉字写成 quoted-printable",
        lambda: _file(_PHONE),
        ("张示例", "13800000004", "滨河小区3栋2单元501室", "拟任教务处副处长"),
        {"custom property": "12345678"},
    ),
    Sample(
        "vcf/宣传部（3.0）.vcf",
        "一个文件里两张名片，备注有两行",
        lambda: _file(_TWO),
        ("李样本", "云山职业学院 宣传部", "节假日不在校", "wang@yunshan.example"),
        {"custom property": "夜间专线"},
    ),
    Sample(
        "vcf/联系人（4.0，GBK）.vcf",
        "GBK 编码的名片",
        lambda: _FOUR.encode("gbk"),
        ("赵虚构", "19800101"),
        {"custom property": "钱假设"},
    ),
    Sample(
        "ics/专题会.ics",
        "会议邀请，有参加人和别的程序看不到的备注",
        lambda: _file(_MEETING),
        ("专题会", "行政楼三楼会议室", "李样本", "议题二：实训室使用"),
        {"custom property": "会上票数不得外传"},
    ),
    Sample(
        "ics/待办（类别）.ics",
        "待办事项，有类别",
        lambda: _file(_SHOUTED),
        ("报送统计表", "表样见内网"),
        {"custom property": "内部事项"},
    ),
    Sample(
        "ics/评标会（附件）.ics",
        "日程里有一个文件",
        lambda: _file(_ATTACHED),
        ("评标会",),
        {"attachment": "标底是三百万元，开标前保密。"},
    ),
)
