"""Characters that no reader sees: zero-width ones, changes of direction, tags."""

from typing import Final

import regex

# Fillers are letters by their class, and blank; some signs of the class are drawn.
_INVISIBLE: Final = regex.compile(
    r"[[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f\U000e0000-\U000e0fff]"
    r"--[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]]",
    regex.VERSION1,
)
_JOINER: Final = "\u200d"
_EMOJI: Final = regex.compile(r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]")
_SELECTOR: Final = regex.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def visible(text: str) -> tuple[str, int]:
    """Return the text without characters that nobody sees, and how many went.

    What changes how a letter looks stays: one variation selector behind a letter,
    and the joiner between two emoji.
    """
    if not _INVISIBLE.search(text):
        return text, 0
    kept: list[str] = []
    for at, character in enumerate(text):
        if not _INVISIBLE.match(character) or _shapes(text, at, kept):
            kept.append(character)
    return "".join(kept), len(text) - len(kept)


def squeezed(text: str) -> str:
    """Return the visible characters without white space, to be compared."""
    return "".join(visible(text)[0].split())


def _shapes(text: str, at: int, kept: list[str]) -> bool:
    """Tell whether an invisible character changes how its neighbours look."""
    before = kept[-1] if kept else ""
    if not before:
        return False
    if text[at] == _JOINER:
        after = text[at + 1 : at + 2]
        return bool(_EMOJI.match(before)) and bool(_EMOJI.match(after))
    if not _SELECTOR.match(text[at]):
        return False
    return not before.isspace() and not _INVISIBLE.match(before)
