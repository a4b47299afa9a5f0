"""Finds numbers that name a person, an account, a car or a machine.

A value whose check digit fails is still reported, as not valid: a mistyped
identity number points at a person all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import regex

from review.detect.check_digits import GAPS, looks_like_identity_number
from review.detect.identifier_kinds import KINDS, Kind, Look
from review.spans import Span


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


_WORTH_A_LOOK: Final = regex.compile(
    r"[0-9]{3}|密|口令|提取码|[住址籍居]|@|微信|加我|[0-9][ ·.-][0-9]|[栋幢号]|[0-9A-Z]{5}"
    r"|qq|passw|pwd",
    regex.IGNORECASE,
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


def _identifier(look: Look, match: regex.Match[str]) -> Identifier | None:
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
    plain = value.translate(GAPS)
    if kind in {"id_card", "bank_card"}:
        return plain[:6] + "*" * (len(plain) - 10) + plain[-4:]
    if kind == "mobile":
        plain = plain[-11:]
        return plain[:3] + "****" + plain[-4:]
    return None
