"""Traditional characters, look-alikes and scanning errors become the usual ones.

Every rule here replaces one character by one, but for the few spellings
that stand for a level of secrecy (ji密, 木几密), which are edits.
"""

import functools
from typing import Final

import regex
from opencc import OpenCC

from review.normalize.offsets import Edit, Folded, replace, translated

# Look-alikes of Han characters and of the marks that stand beside them.
_LOOKALIKES: Final = str.maketrans(
    "宻沕祕巳∶︰﹕꞉⁄∕╱｜│∣☆✩✪⋆✭🟊·•‧・∙⋅―—–‒−﹣",
    "密密秘已::::///|||★★★★★★······-----" + "-",
)
_SPELLINGS: Final = {
    "机密": ("ji密", "机mi", "木几密", "机蜜", "机宓", "jm级", "机宀必山"),
    "绝密": ("jue密", "绝mi", "纟色密", "绝蜜", "绝宓", "jm绝"),
    "秘密": ("mi密", "秘mi", "禾必密", "秘蜜", "秘宓"),
}
_SPELLED: Final = {
    spelling: word for word, forms in _SPELLINGS.items() for spelling in forms
}
_SPELLED_FORM: Final = regex.compile(
    "|".join(map(regex.escape, _SPELLED)), regex.IGNORECASE
)
_HAN: Final = regex.compile(r"[\u2e80-\u9fff\U00020000-\U0003ffff]")
# l and O inside a number, and before the words that follow numbers.
_NUMBER: Final = regex.compile(
    r"(?<![A-Za-z])(?:[0-9lIOo]*[0-9][0-9lIOo]*(?![A-Za-z])"
    r"|[lIOo]{1,2}(?=\s?[月日曰号时点万元名人项条分]))"
)
_IN_NUMBER: Final = str.maketrans("lIOo", "1100")
_DAY: Final = regex.compile(r"(?<=[0-9])曰")
_MAY_BE_NUMBER: Final = regex.compile(r"[0-9]\s?[lIOo曰]|[lIOo]\s?[0-9月日曰号]")


@functools.cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def fold_lookalikes(folded: Folded) -> Folded:
    """Fold characters that imitate others: stars, dashes, dots, a few Han."""
    if folded.text.isascii():
        return folded
    return translated(folded, folded.text.translate(_LOOKALIKES))


def fold_variants(folded: Folded) -> Folded:
    """Fold traditional to simplified, and letters that stand for digits."""
    text = folded.text
    if _HAN.search(text) is not None:
        text = _simplified(text)
    if _MAY_BE_NUMBER.search(text) is not None:
        text = _NUMBER.sub(lambda found: found[0].translate(_IN_NUMBER), text)
        text = _DAY.sub("日", text)
    return _respelled(translated(folded, text))


def _simplified(text: str) -> str:
    """Simplify by words; by single characters where that changes the length."""
    whole: str = _converter().convert(text)
    if len(whole) == len(text):
        return whole
    return "".join(map(_simplified_character, text))


@functools.lru_cache(maxsize=20_000)
def _simplified_character(char: str) -> str:
    plain: str = _converter().convert(char)
    return plain if len(plain) == 1 else char


def _respelled(folded: Folded) -> Folded:
    edits = [
        Edit(match.start(), match.end(), _SPELLED[match[0].lower()])
        for match in _SPELLED_FORM.finditer(folded.text)
    ]
    return replace(folded, edits) if edits else folded
