"""Regular expressions said in words, for people who read a lexicon and no such things.

Only what rule files use is known. Whatever else stands there, the expression is
returned as it was written: a wrong reading would be worse than none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import regex

_QUANTITY: Final = r"\{(?P<least>\d*)(?P<to>,(?P<most>\d*))?\}|(?P<sign>[?*+])"
_CLASS: Final = r"\[(?P<no>\^?)(?P<in>(?:\\.|[^\]\\])+)\]"
_ESCAPED: Final = {
    "d": "数字",
    "s": "空格",
    "n": "换行",
    "w": "字母或数字",
    "S": "字",
    "b": "",
}
_LOOKS: Final = {
    "(?<!": "前面不是",
    "(?<=": "前面是",
    "(?!": "后面不是",
    "(?=": "后面是",
    "(?:": "",
    "(": "",
}
_HAN: Final = r"\\p\{Han\}|\[(?:一-龥|\\u4e00-\\u9fff|\\u4e00-\\u9fa5)\]"
_NUMERALS: Final = frozenset("0123456789一二三四五六七八九十百千万两零.:：-至")
_GAPS: Final = frozenset("。，,、；;\n！!？?：:")
_MOST_SHOWN: Final = 12


class _StrangeError(ValueError):
    """Something stands there that has no words here."""


@dataclass(slots=True)
class _Reader:
    """The expression and how far it is read."""

    text: str
    at: int = 0

    def take(self, pattern: str) -> "regex.Match[str] | None":
        """Read on over what fits here."""
        found = regex.compile(pattern).match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return found

    @property
    def rest(self) -> str:
        """Return what is not read yet."""
        return self.text[self.at :]


def in_words(pattern: str) -> str:
    """Return the expression in words, or as it was written where it has none."""
    reader = _Reader(pattern)
    try:
        said = _choices(reader)
    except _StrangeError:
        return pattern
    return said if not reader.rest else pattern


def _choices(reader: _Reader) -> str:
    """Read alternatives up to the end of their group."""
    said = [_sequence(reader)]
    while reader.take(r"\|"):
        said.append(_sequence(reader))
    return "／".join(one or "（没有）" for one in said)


def _sequence(reader: _Reader) -> str:
    said: list[str] = []
    while reader.rest and reader.rest[0] not in "|)":
        said.append(_counted(reader, *_atom(reader)))
    return "".join(said)


def _atom(reader: _Reader) -> tuple[str, str]:
    """Read one thing; return it in words, and its kind: gap, kind of character, text."""
    if reader.rest.startswith("("):
        return _group(reader), "text"
    for pattern, say in _ATOMS:
        if found := reader.take(pattern):
            return say(found)
    raise _StrangeError


def _group(reader: _Reader) -> str:
    opened = reader.take(r"\(\?<?[!=]|\(\?:|\((?!\?)")
    if opened is None:
        raise _StrangeError
    look = _LOOKS[opened[0]]
    inner = _choices(reader)
    if not reader.take(r"\)"):
        raise _StrangeError
    return f"（{look}{inner}）" if look or "／" in inner else inner


def _class(found: "regex.Match[str]") -> tuple[str, str]:
    """Return a set of characters in words."""
    inside = found["in"]
    plain = inside.replace("\\", "")
    if found["no"]:
        gap = set(inside.replace(r"\n", "\n")) <= _GAPS
        return ("字", "gap") if gap else (f"不是 {plain} 的字", "kind")
    if r"\p" in inside or "\\u" in inside:
        raise _StrangeError
    digits = set(plain.replace("0-9", "0123456789"))
    if digits <= _NUMERALS and len(digits) > len("0123"):
        return "数字", "kind"
    if "-" in plain.strip("-") or len(plain) > _MOST_SHOWN:
        return f"{plain} 之一", "kind"
    return f"（{'／'.join(plain)}）", "text"


def _escaped(found: "regex.Match[str]") -> tuple[str, str]:
    letter = found[1]
    if letter in _ESCAPED:
        return _ESCAPED[letter], "kind" if _ESCAPED[letter] else "text"
    if letter.isalnum():
        raise _StrangeError
    return letter, "text"


# In the order in which they are tried: what they read, and how it is said.
_ATOMS: Final[
    tuple[tuple[str, Callable[["regex.Match[str]"], tuple[str, str]]], ...]
] = (
    (_HAN, lambda _: ("汉字", "kind")),
    (_CLASS, _class),
    (r"\\(.)", _escaped),
    (r"\.", lambda _: ("字", "gap")),
    (r"\^", lambda _: ("（开头）", "text")),
    (r"\$", lambda _: ("（结尾）", "text")),
    (r"[^\\^$.|?*+()\[\]{}]", lambda found: (found[0], "text")),
)


def _counted(reader: _Reader, said: str, kind: str) -> str:
    """Read how often it stands there, and say so."""
    found = reader.take(_QUANTITY)
    lazy = reader.take(r"\?") if found else None
    if found is None:
        return said if kind == "text" else f"〔{said}〕"
    del lazy  # how eagerly a machine looks does not matter to people
    how_many = _how_many(found)
    if kind == "gap":
        return "…" if how_many in {"", "任意"} else f"…（{how_many}字）…"
    if found["sign"] == "?" or how_many == "至多 1 ":
        shown = said.removeprefix("（").removesuffix("）")
        return f"（{shown}，可无）" if kind == "text" else f"〔{said}，可无〕"
    if kind == "text":
        return f"{said}（{how_many}次）" if how_many != "任意" else f"{said}（可多次）"
    return f"〔{how_many}个{said}〕" if how_many != "任意" else f"〔若干{said}〕"


def _how_many(found: "regex.Match[str]") -> str:
    if found["sign"]:
        return {"?": "至多 1 ", "*": "任意", "+": "至少 1 "}[found["sign"]]
    least, most = found["least"] or "0", found["most"]
    if found["to"] is None or least == most:
        return f"{least} "
    if not most:
        return f"至少 {least} "
    return f"至多 {most} " if least == "0" else f"{least} 至 {most} "
