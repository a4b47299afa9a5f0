"""Text layers of PDF pages that may say other things than the page shows.

A font in the file maps its glyphs to characters as it likes. Some maps are
missing, some wrong by habit of a typesetting program, some by intent.
"""

import re
from collections import Counter
from typing import Final

import pypdfium2.raw as pdfium

from review.extract.pdf.items import Handle
from review.extract.pdf.sight import box_of
from review.extract.pdf.text import PageText
from review.extract.plain.encodings import common_characters, common_share

_GARBLED: Final = 0.2
_ENOUGH_HAN: Final = 20
_SAMPLES: Final = 160
_MIN_SAMPLES: Final = 12
_MISFITS: Final = 0.15
# Width by height of a character's box: letters stay below the first, Han above the last.
_FULL: Final = 0.95
_HALF: Final = 0.58
_SLIVER: Final = 0.2
_BROAD: Final = frozenset("MWQmw@%&")
_TURNED: Final = 0.02  # radians
_SOUP: Final = 0.15
_MIN_SOUP: Final = 12
# A run of different signs that no sentence holds; dots and lines may repeat.
_SIGNS: Final = r"[!-/:-@\[-`{-~\u0080-\u00ff]{2,}"
_RULE: Final = r"(.)\1*"
# Latin letters that a typesetting program maps to rare Han: GBK 0xA0 and the letter.
_LEAD: Final = 0xA0


def is_garbled(text: str) -> bool:
    """Tell a text layer that says nothing: the fonts' maps are missing or wrong."""
    counts = Counter(text)
    common = common_characters()
    letters = broken = han = rare = 0
    for character, count in counts.items():
        if character.isspace():
            continue
        letters += count
        if _is_broken(character):
            broken += count
        elif "\u3400" <= character <= "\u9fff":
            han += count
            rare += 0 if character in common else count
    if broken > letters * _GARBLED:
        return True
    return han >= _ENOUGH_HAN and rare > han * _GARBLED


def is_doubtful(textpage: Handle, text: PageText) -> bool:
    """Tell a text layer that looks clean and may yet be wrong.

    Signs stand where words should, or characters have a width that is not theirs:
    a letter as wide as a Han character, a Han character as narrow as a letter.
    """
    return _is_soup(text.text) or _has_misfits(textpage, text)


def mended(text: str) -> str | None:
    """Return text with the maps of two old habits put right, or `None`.

    GBK bytes shown as Latin letters; Latin letters shown as rare Han.
    """
    high = len(re.findall("[\u00a1-\u00ff]", text))
    if high >= 4 and high >= len("".join(text.split())) * 0.5:  # noqa: PLR2004 - two characters at least
        squeezed = "".join(text.split(" "))
        try:
            better = squeezed.encode("latin-1").decode("gb18030")
        except UnicodeError:
            return None
        return better if common_share(better) > 0.8 else None  # noqa: PLR2004 - nearly all everyday characters
    if re.search("[\u7200-\u7400]", text) is None:
        return None
    turned = "".join(map(_latin, text))
    changed = sum(one != other for one, other in zip(text, turned, strict=True))
    return turned if changed >= 2 else None  # noqa: PLR2004 - one may be a rare name


def _latin(character: str) -> str:
    """Return the letter that a rare Han character of GBK's first row stands for."""
    if not "\u7200" <= character <= "\u7400":
        return character
    try:
        raw = character.encode("gbk")
    except UnicodeEncodeError:
        return character
    letter = chr(raw[1] & 0x7F)
    return letter if raw[0] == _LEAD and raw[1] > _LEAD else character


def _is_soup(text: str) -> bool:
    letters = sum(not character.isspace() for character in text)
    soup = sum(
        len(found)
        for found in re.findall(_SIGNS, text)
        if re.fullmatch(_RULE, found) is None
    )
    return soup >= _MIN_SOUP and soup > letters * _SOUP


def _has_misfits(textpage: Handle, text: PageText) -> bool:
    """Measure a sample of characters against the width that they should have."""
    total = len(text.text)
    step = max(total // _SAMPLES, 1)
    looked = misfits = 0
    for place in range(0, total, step):
        character = text.text[place]
        narrow = "!" <= character <= "~" and character not in _BROAD
        wide = "\u3400" <= character <= "\u9fff"
        if not (narrow or wide) or text.at[place] < 0:
            continue
        box = box_of(textpage, text.at[place])
        if box is None or min(box.width, box.height) <= 0:
            continue
        looked += 1
        share = box.width / box.height
        if share > _FULL if narrow else _SLIVER < share < _HALF:
            # Only of upright text the advance is the width.
            angle = pdfium.FPDFText_GetCharAngle(textpage, text.at[place])
            misfits += abs(angle) < _TURNED
    return looked >= _MIN_SAMPLES and misfits > looked * _MISFITS


def _is_broken(character: str) -> bool:
    return (
        "\ue000" <= character <= "\uf8ff"
        or character == "\ufffd"
        or character < " "
        or "\x7f" <= character < "\xa0"
    )
