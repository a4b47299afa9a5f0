"""Check digits and structures of numbers: GB 11643, GB 32100, Luhn."""

import datetime as dt
import ipaddress
from typing import Final

from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

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
# What people put between the groups of a number.
GAPS: Final = str.maketrans("", "", " -.\t\n·")
_FIRST_YEAR: Final = 1900


def is_identity_number(value: str) -> bool:
    """Check an 18- or 15-digit identity number (GB 11643-1999)."""
    plain = value.translate(GAPS).upper()
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
    return born.year >= _FIRST_YEAR


def looks_like_identity_number(value: str) -> bool:
    """Tell whether the structure holds, whatever the check digit says."""
    plain = value.translate(GAPS).upper()
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
    plain = value.translate(GAPS)
    return bool(luhn.is_valid(plain)) and len(set(plain)) > 1


def is_credit_code(value: str) -> bool:
    """Check a unified social credit code (GB 32100-2015)."""
    plain = value.translate(GAPS).upper()
    try:
        uscc.validate(plain)
    except ValidationError:
        return False
    return len(set(plain)) > 1


def is_private_address(value: str) -> bool:
    """Tell whether an address (with or without port) is of a private network."""
    host = value.split(":", maxsplit=1)[0]
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
