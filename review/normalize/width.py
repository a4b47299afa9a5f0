"""Full-width and other compatibility forms become their plain forms (NFKC).

Most of them are one character for one and cost a single `translate`; the
few that become several characters (㈠, ㎡, ½) are edits.
"""

import functools
import unicodedata

import regex

from review.normalize.offsets import Edit, Folded, replace, translated

# CJK Radicals Supplement: NFKC folds only two of them, yet they look like
# the ideographs that an office types (a converter's PDF is full of them).
_RADICALS = str.maketrans(
    {
        "⺁": "厂",
        "⺄": "乙",
        "⺉": "刂",
        "⺌": "小",
        "⺓": "幺",
        "⺟": "母",
        "⺠": "民",
        "⺢": "水",
        "⺣": "火",
        "⺤": "爪",
        "⺩": "王",
        "⺪": "疋",
        "⺫": "目",
        "⺬": "示",
        "⺮": "竹",
        "⺯": "糸",
        "⺱": "网",
        "⺲": "罒",
        "⺶": "羊",
        "⺷": "羊",
        "⺸": "羊",
        "⺹": "老",
        "⺼": "肉",
        "⻁": "虎",
        "⻃": "西",
        "⻄": "西",
        "⻅": "见",
        "⻆": "角",
        "⻉": "贝",
        "⻋": "车",
        "⻓": "长",
        "⻔": "门",
        "⻘": "青",
        "⻙": "韦",
        "⻚": "页",
        "⻛": "风",
        "⻜": "飞",
        "⻝": "食",
        "⻢": "马",
        "⻣": "骨",
        "⻤": "鬼",
        "⻥": "鱼",
        "⻦": "鸟",
        "⻨": "麦",
        "⻩": "黄",
        "⻬": "齐",
        "⻮": "齿",
        "⻰": "龙",
    }
)
_SPACES = dict.fromkeys(map(ord, "\u00a0\u1680\u2002\u2003\u3000\u205f\u202f"), " ")
_SPACES |= dict.fromkeys(range(0x2000, 0x200B), " ")
_SPACES |= {0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}

# Only these ranges hold characters that NFKC changes and that occur in
# Chinese drafts; everything else passes by the fast way.
_MAY_CHANGE = regex.compile(
    r"[\x0b\x0c\u0085\u00a0-\u00be\u0132-\u017f\u01c4-\u01f3\u02b0-\u02e4"
    r"\u2000-\u218f\u2460-\u24ff\u2e80-\u2fdf\u3000\u3036-\u303a\u3130-\u33ff"
    r"\uf900-\ufaff\ufb00-\ufb06\ufe10-\ufe6b\uff01-\uffee\U0001d400-\U0001d7ff"
    r"\U0001f100-\U0001f1ff\U0002f800-\U0002fa1f]"
)


@functools.cache
def _forms() -> tuple[dict[int, str], dict[str, str]]:
    """Return the one-to-one table and the forms of several characters."""
    single: dict[int, str] = dict(_SPACES)
    several: dict[str, str] = {}
    for code in [*range(0xA0, 0x3400), *range(0xF900, 0x10000)]:
        _sort_in(chr(code), single, several)
    for code in [*range(0x1D400, 0x1D800), *range(0x1F100, 0x1F200)]:
        _sort_in(chr(code), single, several)
    for code in range(0x2F800, 0x2FA20):
        _sort_in(chr(code), single, several)
    single |= _RADICALS
    return single, several


def _sort_in(char: str, single: dict[int, str], several: dict[str, str]) -> None:
    plain = unicodedata.normalize("NFKC", char)
    if plain == char or ord(char) in single or not plain.strip():
        return
    if len(plain) == 1:
        single[ord(char)] = plain
    else:
        several[char] = plain


def fold_width(folded: Folded) -> Folded:
    """Fold full-width and compatibility forms, spaces of any width too."""
    if _MAY_CHANGE.search(folded.text) is None:
        return folded
    single, several = _forms()
    plain = translated(folded, folded.text.translate(single))
    if several.keys().isdisjoint(plain.text):
        return plain
    edits = [
        Edit(at, at + 1, several[char])
        for at, char in enumerate(plain.text)
        if char in several
    ]
    return replace(plain, edits)
