"""Finds numbers that name a person, an account, a car or a machine.

Each kind is one line in `KINDS`: how it looks on folded text, and how its
check digit is computed (GB 11643 identity numbers, GB 32100 credit codes,
Luhn for cards). A value whose check fails is still reported, as not valid:
a mistyped identity number points at a person all the same.
"""

import datetime as dt
import ipaddress
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import regex
from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from review.spans import Span

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

_PROVINCES: Final = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_GAPS: Final = str.maketrans("", "", " -.\t\n·")
_PLATE_PROVINCE: Final = (
    "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
)
_ID_AGE_LIMIT: Final = 1900


@dataclass(frozen=True, slots=True)
class Identifier:
    """A value found in folded text.

    `valid` tells whether check digit and structure hold; `masked` whether
    it is already masked as the practice asks.
    """

    kind: Kind
    value: str
    span: Span
    valid: bool = True
    masked: bool = False


@dataclass(frozen=True, slots=True)
class _Look:
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


def is_identity_number(value: str) -> bool:
    """Check an 18- or 15-digit identity number (GB 11643-1999)."""
    plain = value.translate(_GAPS).upper()
    if plain[:2] not in _PROVINCES:
        return False
    if len(plain) == 15:  # noqa: PLR2004 - the length before 1999, no check digit
        return plain.isdigit() and _is_birth_date("19" + plain[6:12])
    if len(plain) != 18 or not plain[:17].isdigit():  # noqa: PLR2004 - GB 11643
        return False
    expected: str = ric.calc_check_digit(plain)
    return _is_birth_date(plain[6:14]) and plain[17] == expected


def _is_birth_date(digits: str) -> bool:
    try:
        born = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return born.year >= _ID_AGE_LIMIT


def looks_like_identity_number(value: str) -> bool:
    """Tell whether the structure holds, whatever the check digit says."""
    plain = value.translate(_GAPS).upper()
    if len(plain) == 15:  # noqa: PLR2004 - the length before 1999, no check digit
        return is_identity_number(plain)
    return (
        len(plain) == 18  # noqa: PLR2004 - GB 11643
        and plain[:17].isdigit()
        and plain[0] in "12345678"
        and plain[6:8] in {"19", "20"}
        and _is_birth_date(plain[6:14])
    )


def is_card_number(value: str) -> bool:
    """Check a bank card number by its last digit (Luhn, ISO/IEC 7812-1)."""
    plain = value.translate(_GAPS)
    return bool(luhn.is_valid(plain)) and len(set(plain)) > 1


def is_credit_code(value: str) -> bool:
    """Check a unified social credit code (GB 32100-2015)."""
    plain = value.translate(_GAPS).upper()
    try:
        uscc.validate(plain)
    except ValidationError:
        return False
    return len(set(plain)) > 1


def _is_private_address(value: str) -> bool:
    host = value.split(":", maxsplit=1)[0]
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _look(  # noqa: PLR0913 - one line of the table below
    kind: Kind,
    pattern: str,
    valid: Callable[[str], bool] = _always,
    *,
    masked: bool = False,
    only_valid: bool = False,
    words: tuple[str, ...] = (),
) -> _Look:
    compiled = regex.compile(pattern, regex.IGNORECASE)
    return _Look(kind, compiled, valid, masked, only_valid, words)


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
    r"(?<=[^居入]住址?[):)]?[:为是在于]?|住所地?(?:\(住址\))?[:为]|^住|家住|户籍地?址?[:为是]?|居住地?[:于在为]?)"
    rf"(?=[\u4e00-\u9fff0-9]){_H}{{2,30}}?[0-9一二三四五六七八九十-]{{0,9}}{_H}{{0,6}}?"
    r"(?:号|组|栋|幢|室|里|片|队|屯|寨|苑|村|小区|巷|园)(?![\u4e00-\u9fff]{0,3}(?:路|街|巷|村|里|小区|苑))"
    rf"(?:{_COUNT}(?:号|组|栋|幢|室|楼|单元))*"
)
_STREET: Final = (
    rf"{_H}{{2,4}}?(?:省|市|区|县|州){_H}{{0,16}}?(?:路|街|巷|大道|村|弄)[甲乙丙丁]?[0-9]{{1,5}}(?:号|弄|幢|栋)"
    rf"(?:{_H}{{0,8}}[0-9A-Z]{{1,4}}(?:座|层|栋|幢|楼|单元|室|号)){{0,3}}"
)

KINDS: Final[tuple[_Look, ...]] = (
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
        rf"(?<![A-Za-z京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼])[{_PLATE_PROVINCE}][A-HJ-Z][ .·-]?"
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
    _look("address", _HOME, words=("住", "居", "户籍")),
    _look("address", _STREET, words=("号", "弄", "幢", "栋")),
    _look(
        "ip_address",
        r"(?<![0-9.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?::[0-9]{2,5})?(?![0-9.])",
        _is_private_address,
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

_WORTH_A_LOOK: Final = regex.compile(
    r"[0-9]{3}|密|口令|提取码|住|@|微信|加我|[0-9][ ·.-][0-9]|[栋幢]|[0-9A-Z]{5}"
)


def find_identifiers(text: str) -> tuple[Identifier, ...]:
    """Return the identifiers in folded `text`, in order, without overlaps.

    Kinds earlier in `KINDS` win where two overlap.
    """
    if _WORTH_A_LOOK.search(text) is None:
        return ()
    digits = sum(map(text.count, "0123456789"))
    taken: list[Identifier] = []
    for look in KINDS:
        if not look.may_occur(text, digits):
            continue
        for match in look.pattern.finditer(text):
            found = _identifier(look, match)
            if found is not None and not _overlaps(found, taken):
                taken.append(found)
    return tuple(sorted(taken, key=lambda one: one.span))


def _identifier(look: _Look, match: regex.Match[str]) -> Identifier | None:
    value = match[0]
    valid = look.valid(value)
    if look.only_valid and not valid:
        return None
    if (
        look.kind == "id_card"
        and not look.masked
        and not looks_like_identity_number(value)
    ):
        return None
    return Identifier(
        look.kind, value, Span(match.start(), match.end()), valid, look.masked
    )


def _overlaps(one: Identifier, others: Iterable[Identifier]) -> bool:
    return any(
        one.span.start < other.span.end and other.span.start < one.span.end
        for other in others
    )


def masked_form(kind: Kind, value: str) -> str | None:
    """Return the form that practice allows: 6+4 for identity and card, 3+4 for phones."""
    plain = value.translate(_GAPS)
    if kind in {"id_card", "bank_card"}:
        return plain[:6] + "*" * (len(plain) - 10) + plain[-4:]
    if kind == "mobile":
        plain = plain[-11:]
        return plain[:3] + "****" + plain[-4:]
    return None
