"""Characters as a reader sees them: width, white space and what is invisible.

Only these foldings: full-width ASCII to ASCII, the non-breaking hyphen to a
hyphen, invisible break hints to nothing, and white space to one space where
it parts two words, to nothing elsewhere. No NFKC (10² is not 102, ① is not
1), no change of case. Direction marks stay: they change what is seen.
"""

from typing import Final

import regex

_CJK: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\u30fc\uff70"
# Letters and digits of scripts that part words by spaces.
_WORD: Final = rf"[[\p{{L}}\p{{M}}\p{{N}}]--[{_CJK}]]"
# Where a joiner changes the shape: emoji, Arabic, Tibetan, Indic letters.
_SHAPED: Final = rf"[[\p{{L}}\p{{M}}\p{{So}}\p{{Sk}}]--[{_CJK}\x00-\x7f]]"

_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0x2011: 0x2D,
}
# Soft hyphen, zero-width space, word joiner, byte order mark: editors sow them.
_BREAK_HINTS: Final = regex.compile(r"[\u00ad\u200b\u2060\ufeff]+")
_JOINERS: Final = regex.compile(
    rf"(?<![\u200c\u200d]|{_SHAPED})[\u200c\u200d]+"
    rf"|(?<![\u200c\u200d])[\u200c\u200d]++(?!{_SHAPED})",
    regex.V1,
)
_SPACES: Final = regex.compile(r"[\s\p{Z}\x85]+")
_IDLE_SPACE: Final = regex.compile(rf"(?<!{_WORD}) | (?!{_WORD})", regex.V1)
_LETTER: Final = regex.compile(_WORD, regex.V1)
_SEEN: Final = regex.compile(r"[^\s\p{Z}\x85\u00ad\u200b-\u200d\u2060\ufeff]")
_SAYING: Final = regex.compile(r"[\p{L}\p{N}\p{So}]")


def folded(text: str) -> str:
    """Fold width and invisible characters; a space stays where it may matter.

    Between two characters of the text a space stays only where it parts two
    words; a space at either end stays, since what stands beyond decides.
    """
    text = text.translate(_WIDTH)
    text = _BREAK_HINTS.sub("", text)
    text = _JOINERS.sub("", text)
    text = _SPACES.sub(" ", text)
    inner = _IDLE_SPACE.sub("", text.strip(" "))
    if not inner:
        return " " if text else ""
    return f"{' ' * text.startswith(' ')}{inner}{' ' * text.endswith(' ')}"


def plain(text: str) -> str:
    """Return the canonical form of a text that stands by itself."""
    return folded(text).strip(" ")


def parts_words(before: str, after: str) -> bool:
    """Tell whether a space between these two characters would be seen."""
    return bool(_LETTER.match(before) and _LETTER.match(after))


def is_seen(text: str) -> bool:
    """Tell whether anything of the text leaves a trace on the page."""
    return _SEEN.search(text) is not None


def says_something(text: str) -> bool:
    """Tell a text that carries words or signs from mere punctuation."""
    return _SAYING.search(text) is not None
