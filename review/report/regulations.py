"""Names of clauses for people: 001:12(15) and which regulation that is."""

from collections.abc import Iterable

from review.detect.rule_file import Regulation

_NAMES = {
    "000": "消防救援学院办法",
    "001": "职院保密规定",
    "002": "师院责任制细则",
    "003": "保密制度十五篇",
    "004": "中心保密制度",
}


def clause_name(clause: str, regulations: Iterable[Regulation]) -> str:
    """Return a clause with a word on what it lists, if the lexicons know it."""
    for regulation in regulations:
        for entry in regulation.clauses:
            if entry.clause == clause:
                return f"{clause}（{entry.about}）"
    return clause


def regulation_name(clause: str) -> str:
    """Return the short name of the regulation that a clause belongs to."""
    return _NAMES.get(clause[:3], clause[:3])
