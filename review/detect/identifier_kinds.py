"""How each kind of identifier looks on folded text, one line a kind.

`KINDS` is in order of precedence: where two overlap, the earlier one wins.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import regex

from review.detect.check_digits import (
    is_card_number,
    is_credit_code,
    is_identity_number,
    is_private_address,
)

Kind: TypeAlias = Literal[
    "id_card",
    "mobile",
    "landline",
    "bank_card",
    "uscc",
    "passport",
    "hk_macau_permit",
    "taiwan_permit",
    "hk_id",
    "plate",
    "military_id",
    "student_number",
    "address",
    "ip_address",
    "credential",
    "share_link",
    "coordinates",
    "email",
    "wechat",
    "qq",
]

_PLATE_PROVINCE: Final = (
    "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
)


@dataclass(frozen=True, slots=True)
class Look:
    """A pattern of one kind, with its check and what must be there at all."""

    kind: Kind
    pattern: regex.Pattern[str]
    valid: Callable[[str], bool]
    masked: bool = False
    only_valid: bool = False
    words: tuple[str, ...] = ()

    def may_occur(self, text: str, digits: int) -> bool:
        """Tell cheaply whether `text` could hold one: enough digits, a key word."""
        fewest, words = _NEEDS[self.kind]
        words = self.words or words
        if digits < (_DIGITS_OF_A_MASKED if self.masked else fewest):
            return False
        return not words or any(word in text for word in words)


_DIGITS_OF_A_MASKED: Final = 6
# For each kind the fewest digits in the text, and words one of which must be there.
_NEEDS: Final[Mapping[Kind, tuple[int, tuple[str, ...]]]] = {
    "id_card": (15, ()),
    "mobile": (11, ()),
    "landline": (8, ()),
    "bank_card": (16, ()),
    "uscc": (8, ()),
    "passport": (7, ("护照",)),
    "hk_macau_permit": (8, ("港澳", "通行证", "回乡证")),
    "taiwan_permit": (8, ("台胞证", "台湾", "大陆居民往来")),
    "hk_id": (6, ("香港", "身份证")),
    "plate": (1, tuple(_PLATE_PROVINCE)),
    "military_id": (8, ("字", "证")),
    "student_number": (8, ("学号",)),
    "address": (0, ()),
    "ip_address": (4, (".",)),
    "credential": (0, ("密", "口令", "pwd", "passw", "PASSW", "Passw")),
    "share_link": (0, ("提取码", "访问码", "密码")),
    "coordinates": (4, ("经", "纬", ".", "°")),
    "email": (0, ("@",)),
    "wechat": (0, ("微", "加我", "信")),
    "qq": (5, ("qq", "QQ", "Qq")),
}


def _always(_value: str) -> bool:
    return True


def _look(  # noqa: PLR0913 - one line of the table below
    kind: Kind,
    pattern: str,
    valid: Callable[[str], bool] = _always,
    *,
    masked: bool = False,
    only_valid: bool = False,
    words: tuple[str, ...] = (),
) -> Look:
    compiled = regex.compile(pattern, regex.IGNORECASE)
    return Look(kind, compiled, valid, masked, only_valid, words)


_D: Final = r"(?<![0-9A-Za-z])"
_E: Final = r"(?![0-9A-Za-z])"
_N: Final = r"(?<![0-9])"
_M: Final = r"(?![0-9])"
_S: Final = "[ .·-]?"

_H: Final = r"[\u4e00-\u9fff]"
_COUNT: Final = r"[0-9一二三四五六七八九十百]{1,5}"
_WAY: Final = r"(?:大道|路|街|巷|弄|胡同|苑|里|小区|新村|花园|家园|公寓|村|社区|镇|乡)"
# a flat: building, unit, room
_ROOM: Final = (
    rf"(?:{_H}{{2,20}}?{_WAY}(?:[甲乙丙丁]?{_COUNT}号?院?{_H}{{0,8}})?)?"
    rf"{_COUNT}(?:号楼|[栋幢座])[^,。;:、\n]{{0,6}}?(?:{_COUNT}单元)?[0-9]{{3,4}}(?:室|号|房)"
    rf"|{_H}{{0,20}}?{_COUNT}(?:栋|幢|号楼){_COUNT}单元[0-9]{{3,4}}(?:室|号)?"
    rf"|{_COUNT}(?:栋|幢|号楼)[0-9]{{3,4}}(?=房主|房东|室|的|家|住)"
)
# where somebody lives
_HOME: Final = (
    r"(?<=[^居入]住址?[):)]?[:为是在于]?|(?:家庭|户籍|居住)(?:住址|地址|地)[:为是在于]?|住所地?(?:\(住址\))?[:为]|^住|家住|户籍地?址?[:为是]?|居住地?[:于在为]?)"
    rf"(?=[\u4e00-\u9fff0-9]){_H}{{2,30}}?[0-9一二三四五六七八九十-]{{0,9}}{_H}{{0,6}}?"
    r"(?:号|组|栋|幢|室|里|片|队|屯|寨|苑|村|小区|巷|园)(?![\u4e00-\u9fff]{0,3}(?:路|街|巷|村|里|小区|苑))"
    rf"(?:{_COUNT}(?:号|组|栋|幢|室|楼|单元))*"
)
_STREET: Final = (
    rf"{_H}{{2,4}}?(?:省|市|区|县|州){_H}{{0,16}}?(?:路|街|巷|大道|村|弄)[甲乙丙丁]?[0-9]{{1,5}}(?:号|弄|幢|栋)"
    rf"(?:{_H}{{0,8}}[0-9A-Z]{{1,4}}(?:座|层|栋|幢|楼|单元|室|号)){{0,3}}"
)

KINDS: Final[tuple[Look, ...]] = (
    _look(
        "bank_card",
        _N + r"(?:62|[345][0-9])[0-9]{4}(?:[*x×●•◆]{6,7}|[*x×●•◆]{9})[0-9]{4}" + _E,
        masked=True,
    ),
    _look(
        "id_card",
        _N + r"[1-9][0-9]{5}[*x×●•◆]{4,10}[0-9]{2,4}[0-9x]?" + _E,
        masked=True,
    ),
    _look("id_card", _N + r"[1-9][0-9]{2,5}\*{8,14}[0-9x]{1,4}" + _E, masked=True),
    _look("mobile", _N + r"1[3-9][0-9][*x×●•◆]{4,5}[0-9]{3,4}" + _E, masked=True),
    _look(
        "bank_card",
        _N + r"[3-6][0-9]{3,5}[ ]?[*x×●•◆ ]{4,12}[0-9]{3,4}" + _E,
        masked=True,
    ),
    _look(
        "email",
        r"(?<![a-z0-9_.+-])[a-z0-9][a-z0-9_.+-]{0,40}@[a-z0-9-]{1,40}(?:\.[a-z0-9-]{2,20}){1,3}",
    ),
    _look(
        "id_card",
        _N
        + rf"[1-9][0-9]{{5}}{_S}(?:18|19|20)[0-9]{{2}}{_S}[0-9]{{4}}{_S}[0-9]{{3}}[0-9x]"
        + _E,
        is_identity_number,
    ),
    _look(
        "id_card",
        r"(?<=证[^0-9]{0,6}|^)[1-9][0-9]{14}" + _M,
        is_identity_number,
        only_valid=True,
    ),
    _look(
        "uscc",
        _D + r"[159ANY][1-59][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}" + _E,
        is_credit_code,
    ),
    _look(
        "uscc",
        _D + r"(?:[1-9A-Z][1-9A-Z])[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}" + _E,
        is_credit_code,
        only_valid=True,
    ),
    _look(
        "bank_card", r"(?<=[卡账帐][号户]?[^0-9]{0,5})[0-9]{16,19}" + _M, is_card_number
    ),
    _look("bank_card", _N + r"[0-9]{16,19}(?=的?[账帐]户)", is_card_number),
    _look(
        "bank_card",
        _N + r"62[0-9]{2}(?:[ -]?[0-9]{4}){3}(?:[ -]?[0-9]{1,3})?" + _M,
        is_card_number,
    ),
    _look(
        "bank_card",
        _N + r"[345][0-9]{3}(?:[ -]?[0-9]{4}){3}" + _M,
        is_card_number,
        only_valid=True,
    ),
    _look(
        "mobile",
        r"(?<![0-9A-Za-z.@_-])(?:(?:\+|00)?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9@])(?!-[0-9])",
    ),
    _look(
        "landline",
        _N
        + r"(?:\(?0[1-9][0-9]{1,2}\)?[ -]?[1-9][0-9]{6,7}|[48]00-?[0-9]{3}-?[0-9]{4})"
        + _M,
    ),
    _look(
        "passport",
        r"(?<=护照.{0,12})(?:[EGDSPH][A-Z]?[0-9]{7,8}|[0-9]{9}|[A-Z][0-9]{7,8}[A-Z]?)"
        + _E,
    ),
    _look(
        "hk_macau_permit", r"(?<=(?:港澳|通行证|回乡证).{0,10})[CHMW][0-9]{8,10}" + _E
    ),
    _look(
        "taiwan_permit",
        r"(?<=(?:台胞证|台湾|大陆居民往来).{0,12})[TL]?[0-9]{8}(?:[0-9]{2})?" + _E,
    ),
    _look("hk_id", r"(?<=(?:香港|身份证).{0,10})[A-Z]{1,2}[0-9]{6}\(?[0-9A]\)?" + _E),
    _look(
        "plate",
        rf"(?<![A-Za-z{_PLATE_PROVINCE.replace('新', '')}])"
        rf"[{_PLATE_PROVINCE}] ?[A-HJ-Z][ .·-]?"
        r"(?:[0-9A-HJ-NP-Z]{4}[0-9A-HJ-NP-Z挂学警港澳领使]|[A-HJK][0-9A-HJ-NP-Z][0-9]{4}|[0-9]{5}[A-HJK])"
        + _E,
        lambda value: any(char.isdigit() for char in value[2:]),
        only_valid=True,
    ),
    _look(
        "plate",
        rf"(?<=车牌号?码?[:为是]?)[{_PLATE_PROVINCE}][A-HJ-NP-Z][0-9A-HJ-NP-Z]{{5}}"
        + _E,
    ),
    _look(
        "military_id",
        r"(?:(?<=[军武士文海空]字第?)|(?<=(?:军官证|士兵证|警官证|义务兵证|文职证|士官证)[号:为是]{0,3}[^0-9]{0,4}))[0-9]{8}"
        + _M,
    ),
    _look("student_number", r"(?<=学号[^0-9]{0,4})[0-9]{8,14}" + _M),
    _look("address", _ROOM, words=("栋", "幢", "座", "号楼")),
    _look("address", _HOME, words=("住", "居", "户籍", "家庭")),
    _look("address", _STREET, words=("号", "弄", "幢", "栋")),
    _look(
        "ip_address",
        r"(?<![0-9.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?::[0-9]{2,5})?(?![0-9.])",
        is_private_address,
        only_valid=True,
    ),
    _look(
        "credential",
        r"(?:密码|口令|passw(?:or)?d|pwd|(?<=[\s,;])密)(?:统一)?[:为是]?\s?(?:[:为是]\s?)?[“\"']?(?=[!-~]*[a-z0-9])[^\s,;:。、()“”\"'\u4e00-\u9fff]{4,32}",
    ),
    _look(
        "share_link",
        r"(?:https?://)?(?:pan\.|www\.|share\.|cloud\.)[!-~]{4,60}[^。]{0,20}(?:提取码|访问码|密码)[:是为]?\s?[0-9a-z]{4,6}|提取码[:是为]?\s?[0-9a-z]{4}",
    ),
    _look(
        "coordinates",
        r"(?:[东西]经|[北南]纬|[NSEW])\s?[0-9]{1,3}(?:\.[0-9]{3,8}°?|°[0-9]{1,2}['′][0-9.]{0,7}[\"″]?)"
        r"|(?<![0-9.])[0-9]{2,3}\.[0-9]{5,8}[,、 ]{1,2}[0-9]{2,3}\.[0-9]{5,8}(?![0-9.])",
    ),
    _look(
        "wechat",
        r"(?<=(?:微信|v信|加我|微 信号)(?:号码?|账号)?[:是为]{0,2}\s?)[a-z][a-z0-9_-]{5,19}"
        + _E,
    ),
    _look("qq", r"(?<=qq群?号?[:是为]{0,2}\s?)[1-9][0-9]{4,10}" + _M),
)
