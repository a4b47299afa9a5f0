"""Characters that nobody sees are taken out: zero-width, variation, control."""

from typing import Final

import regex

from review.normalize.offsets import Edit, Folded, replace

_INVISIBLE: Final = regex.compile(
    r"[\p{Cf}\p{Cs}\p{Variation_Selector}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
    r"\x00-\x08\x0e-\x1f\x7f]+"
)


def drop_invisible(folded: Folded) -> Folded:
    """Remove format, variation, control and broken characters (tab, line end stay)."""
    if folded.text.isascii() and folded.text.isprintable():
        return folded
    edits = [
        Edit(match.start(), match.end(), "")
        for match in _INVISIBLE.finditer(folded.text)
    ]
    return replace(folded, edits) if edits else folded
