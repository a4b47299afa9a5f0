"""Letter-spaced words are drawn together: 机 密, 保 密 室, 1 3 8 0 0.

Only runs of single characters with single gaps are drawn together; a gap
between whole words stays, and a tab is a cell border and always stays.
"""

from typing import Final

import regex

from review.normalize.offsets import Edit, Folded, replace

_GAP: Final = regex.compile(r" +")
_HAN: Final = r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]"
_SINGLE: Final = regex.compile(
    # three or more single characters, each apart from the next
    r"(?<![^\s])[^\s](?: {1,3}[^\s]){2,}(?![^\s])"
    # or six and more digits, whatever stands before them
    r"|(?<![0-9])[0-9](?: {1,3}[0-9-]){5,}(?![0-9])"
    # or two Han characters that stand alone together
    rf"|(?<![^\s]){_HAN} {{1,4}}{_HAN}(?![^\s])"
    # or two Han characters that begin or end where punctuation stands
    rf"|(?<=[,.;:、。()《》“”\"']){_HAN} {{1,4}}{_HAN}(?![^\s,.;:、。()《》“”\"'])"
    rf"|(?<![^\s]){_HAN} {{1,4}}{_HAN}(?=[,.;:、。()《》“”\"'★])"
    rf"|(?<=[,.;:、。()《》“”\"']){_HAN} {{1,4}}{_HAN}(?=[,.;:、。()《》“”\"'★])"
)
_MIXED: Final = regex.compile(
    # spaced-out text in which some chunks kept two or three characters together
    r"(?<![^\s])[^\s]{1,3}(?: {1,2}[^\s]{1,3}){4,}(?![^\s])"
)
_BEFORE_MARK: Final = regex.compile(r" +(?=[,;:、。!?)》”★%])|(?<=[(《“★、。,;:]) +")


def close_gaps(folded: Folded) -> Folded:
    """Remove the gaps inside letter-spaced words."""
    if "  " not in folded.text and folded.text.count(" ") == 0:
        return folded
    edits: list[Edit] = []
    for match in _SINGLE.finditer(folded.text):
        edits += _gaps(match[0], match.start())
    for match in _MIXED.finditer(folded.text):
        if _is_letter_spaced(match[0]):
            edits += _gaps(match[0], match.start())
    if edits:
        edits += [
            Edit(match.start(), match.end(), "")
            for match in _BEFORE_MARK.finditer(folded.text)
        ]
    return replace(folded, _distinct(edits)) if edits else folded


def _gaps(run: str, offset: int) -> list[Edit]:
    return [
        Edit(offset + gap.start(), offset + gap.end(), "") for gap in _GAP.finditer(run)
    ]


def _is_letter_spaced(run: str) -> bool:
    """Tell letter-spacing from a line of short words: most chunks are single."""
    chunks = run.split()
    singles = sum(len(chunk) == 1 for chunk in chunks)
    return singles * 3 >= len(chunks) * 2


def _distinct(edits: list[Edit]) -> list[Edit]:
    """Return the edits in order, without those inside an earlier one."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept
