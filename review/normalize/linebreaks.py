"""Line breaks that split a sentence are taken out; real line ends stay.

A break is inside a sentence when the line before it is as long as the text
is wide and neither ends a sentence nor is followed by a new item.
"""

from typing import Final

import regex

from review.normalize.offsets import Edit, Folded, replace

_BREAK: Final = regex.compile(r"[ \t]*\r?\n[ ]*")
_SENTENCE_END: Final = "。!?;:.…”\"')"
_NEW_ITEM: Final = regex.compile(
    r"(?:第?[一二三四五六七八九十百]{1,3}[、.章节条项)]|\([一二三四五六七八九十0-9]{1,3}\)"
    r"|[0-9]{1,3}[、.)．]|[-*·●■□◆①②③④⑤⑥⑦⑧⑨⑩])"
)
_WIDE: Final = 15


def join_lines(folded: Folded) -> Folded:
    """Remove the line breaks that fall inside a sentence."""
    text = folded.text
    if "\n" not in text.strip("\n"):
        return folded
    widest = max(map(len, text.split("\n")))
    if widest < _WIDE:
        return folded
    edits: list[Edit] = []
    line_start = 0
    for match in _BREAK.finditer(text):
        line = text[line_start : match.start()]
        if _is_split(line, text[match.end() : match.end() + 6], widest=widest):
            edits.append(
                Edit(match.start(), match.end(), _glue(text, match.end(), line))
            )
        line_start = match.end()
    return replace(folded, edits) if edits else folded


def _is_split(line: str, rest: str, *, widest: int) -> bool:
    if len(line) < _WIDE or len(line) * 10 < widest * 8 or not rest:
        return False
    if line[-1] in _SENTENCE_END or "\t" in line or rest[0] == "\n":
        return False
    return _NEW_ITEM.match(rest) is None


def _glue(text: str, after: int, line: str) -> str:
    """Return what stands between: a space between Latin words, else nothing."""
    left, right = line[-1], text[after]
    return " " if left.isascii() and right.isascii() and right.isalpha() else ""
