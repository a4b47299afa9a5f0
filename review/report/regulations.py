"""Names of clauses for people: 001:12(15) and what it lists."""

from collections.abc import Mapping


def clause_name(clause: str, about: Mapping[str, str]) -> str:
    """Return a clause with a word on what it lists, if the lexicons know it."""
    return f"{clause}（{about[clause]}）" if clause in about else clause
