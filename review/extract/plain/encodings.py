"""Find out which encoding a text is in, always with the same answer.

A draft may be 200 MB of text: what is counted is counted by the engine of expressions,
and no character is looked at in a loop of ours. `tests/unit/extract/plain_encodings.py`
says the same plainly and slowly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_SAMPLE: Final = 65_536
_CHINESE_ENOUGH: Final = 0.85
_BROKEN_SHARE: Final = 0.02
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MARKS: Final = frozenset({*"“”‘’—…·●■□①②③④⑤⑥⑦⑧⑨", *map(chr, range(0xFF01, 0xFF5F))})
_ENOUGH: Final = 400_000
_BELIEVED: Final = 0.7
_CERTAIN: Final = 0.95
_CUT_OFF: Final = 4  # bytes of a character at most
_ENOUGH_HAN: Final = 20
_RARE: Final = 0.25
_FEW_BROKEN: Final = 5
_WESTERN: Final = frozenset({"iso-8859-1", "latin-1", "latin1", "windows-1252"})
_CONTROLS: Final = bytes({*range(32)} - {9, 10, 11, 12, 13, 26, 27})
# High bytes of Han, marks and full width in UTF-16.
_PAGES: Final = bytes((0x00, 0x20, 0x30, 0xFF, *range(0x34, 0xA0), *range(0xD8, 0xE0)))
_PRIVATE: Final = "[\x7f-\x84\x86-\x9f\ue000-\uf8ff]+"  # \x85 is a white space
_HAN: Final = "[\u3400-\u9fff]+"
_LATIN: Final = "[\xa1-\xff]+"
_PRINTED: Final = "[ -~\r\n\t]+"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with its encoding and the number of places that were broken."""

    text: str
    encoding: str
    broken: int = 0


@lru_cache(maxsize=1)
def common_characters() -> frozenset[str]:
    """Return the everyday Han characters, simplified and traditional."""
    simplified = _table("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = _table("big5", range(0xA4, 0xC7), trails)
    return frozenset(simplified | traditional)


def common_share(text: str) -> float:
    """Return which share of the characters beyond ASCII is everyday Chinese.

    Of a long text the beginning tells.
    """
    start = text[:_ENOUGH]
    wide = _wide(start)
    return _count(_everyday(), start) / wide if wide else 1.0


@lru_cache(maxsize=2)
def decode(data: bytes, declared: str | None = None) -> Decoded | None:
    """Decode a text, or return `None` where the bytes are no text.

    A byte order mark counts first, then UTF-16 without a mark, strict UTF-8,
    the `declared` encoding where what it gives is likely, lines of which some are
    in UTF-8, and at last GB18030 against Big5 by the share of everyday characters.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _loose(data[len(mark) :], encoding)
    if (wide := _utf16(data)) is not None:
        return wide
    if not _looks_like_text(data):
        return None
    if (strict := _strict(data, "utf-8")) is not None:
        return _hz(data) or Decoded(strict, "utf-8")
    return _believed(_declared(data, declared), data)


def forget() -> None:
    """Let go of what was decoded last: it is kept while a draft is read, no longer."""
    decode.cache_clear()


def is_nonsense(text: str) -> bool:
    """Tell text that a wrong encoding or a font of its own has made unreadable."""
    if text.count("\ufffd") >= _FEW_BROKEN or "锟斤拷" in text:
        return True
    suspects = "".join(re.findall(_suspect(), text))
    if len(suspects) < _FEW_BROKEN:
        return False
    western, broken = _count(_LATIN, suspects), _count(_PRIVATE, suspects)
    rare = len(suspects) - western - broken
    han = _count(_HAN, text)
    if not han and western >= _ENOUGH_HAN:
        letters = sum(map(len, text.split()))
        if western > letters * _RARE:
            return True
    private = broken >= _FEW_BROKEN and broken > (han + broken) * _RARE
    return private or (han >= _ENOUGH_HAN and rare > han * _RARE)


def restored(text: str) -> str | None:
    """Return text that was once decoded in the wrong encoding, put right again.

    Only where the way back is exact and leads to everyday Chinese; else `None`.
    """
    if common_share(text) >= _BELIEVED:
        return None
    for wrong in ("gb18030", "cp1252", "latin-1"):
        for right in ("utf-8", "gb18030"):
            try:
                better = text.encode(wrong).decode(right)
            except UnicodeError:
                continue
            if _is_better(better, text):
                return better
    return None


def _is_better(better: str, text: str) -> bool:
    han, worse = _count(_HAN, better[:_ENOUGH]), _wide(text[:_ENOUGH])
    enough = han >= 2 and worse >= _FEW_BROKEN  # noqa: PLR2004 - a word
    return enough and common_share(better) >= _CERTAIN


def _table(encoding: str, leads: range, trails: Sequence[int]) -> set[str]:
    found: set[str] = set()
    for lead in leads:
        for trail in trails:
            found.update(bytes((lead, trail)).decode(encoding, "ignore"))
    return found


@lru_cache(maxsize=1)
def _everyday() -> str:
    """Return the expression of everyday characters and marks, none of them ASCII."""
    wide = {one for one in common_characters() | _MARKS if one > "\x7f"}
    return f"[{''.join(sorted(wide))}\u3000-\u303f]+"


@lru_cache(maxsize=1)
def _suspect() -> str:
    """Return the expression of a rare Han, a Western or a private character."""
    rare = set(map(chr, range(0x3400, 0xA000))) - common_characters()
    others = (_PRIVATE + _LATIN).replace("]+", "").replace("[", "")
    return f"[{others}{''.join(sorted(rare))}]"


@lru_cache(maxsize=1)
def _written() -> str:
    """Return the expression of all writing of East Asia, and its marks."""
    marks = "".join(sorted(_MARKS))
    return f"[{marks}\u2e80-\u9fff\U00020000-\U0010ffff]+"


def _count(runs: str, text: str) -> int:
    """Return how many characters of a text stand in runs of that expression."""
    return sum(map(len, re.findall(runs, text)))


def _wide(text: str) -> int:
    """Return how many characters are not ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def _has(data: bytes, some: bytes) -> bool:
    return len(data.translate(None, some)) < len(data)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _loose(data: bytes, encoding: str) -> Decoded | None:
    text = data.decode(encoding, "replace")
    broken = text.count("\ufffd")
    if broken > len(text) * 0.3:
        return None
    return Decoded(text, encoding, broken)


def _looks_like_text(data: bytes) -> bool:
    return not _has(data[:_SAMPLE], _CONTROLS)


def _utf16(data: bytes) -> Decoded | None:
    """Try UTF-16 without a mark; ordinary text never has NULs."""
    if len(data) < 2 or len(data) % 2:  # noqa: PLR2004 - one UTF-16 unit
        return None
    sample = data[:_SAMPLE]
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        high, low = sample[offset::2], sample[1 - offset :: 2]
        likely = high.count(0) > len(high) * 0.02 and low.count(0) < len(low) * 0.01
        if (likely or _spaced_han(high, low)) and (
            text := _strict(data, encoding)
        ) is not None:
            if "\x00" in text:
                continue
            start = text[:20_000]
            if _is_likely(start) or _count(_PRINTED, start) > len(start) * 0.3:
                return Decoded(text, encoding)
    return None


def _is_likely(text: str) -> bool:
    """Tell Chinese, or any writing of Asia without characters that nobody uses."""
    if common_share(text) >= _CHINESE_ENOUGH:
        return True
    return _count(_written(), text) >= _wide(text) * _CERTAIN


def _hz(data: bytes) -> Decoded | None:
    """Try HZ, in which Chinese stands as ASCII between `~{` and `~}`."""
    if b"~{" not in data or b"~}" not in data:
        return None
    text = _strict(data, "hz")
    if text is None or text.isascii() or common_share(text) < _CERTAIN:
        return None
    return Decoded(text, "hz")


def _mixed(data: bytes) -> Decoded | None:
    """Try line by line, where some lines are in UTF-8 and others are not."""
    lines = data.splitlines(keepends=True)
    if not any(_is_surely_utf8(line) for line in lines):
        return None
    utf8 = [_strict(line, "utf-8") for line in lines]
    others = [line for line, text in zip(lines, utf8, strict=True) if text is None]
    rest = _chinese(b"".join(others))
    if rest is None or rest.encoding not in {"gb18030", "big5hkscs"}:
        return None
    if common_share(rest.text) < _CHINESE_ENOUGH:
        return None
    other = iter([line.decode(rest.encoding, "replace") for line in others])
    text = "".join(next(other) if one is None else one for one in utf8)
    return Decoded(text, f"utf-8+{rest.encoding}", rest.broken)


def _is_surely_utf8(line: bytes) -> bool:
    """Tell a line with at least two Chinese characters in UTF-8: no accident."""
    if line.isascii():
        return False
    text = _strict(line, "utf-8") or ""
    return sum(c > "\u2e7f" for c in text) >= 2  # noqa: PLR2004 - as above


def _spaced_han(high: bytes, low: bytes) -> bool:
    """Tell whether nearly all high bytes are of Han, marks or full width."""
    if not _has(high + low, _CONTROLS):
        return False
    return len(high) - len(high.translate(None, _PAGES)) > len(high) * 0.95


def _declared(data: bytes, declared: str | None) -> Decoded | None:
    name = (declared or "").lower().strip().replace("_", "-")
    if name in {"gb2312", "gbk", "gb-2312", "x-gbk", "gb18030"}:
        name = "gb18030"
    if not name or name.startswith(("utf-16", "utf-32", "unicode")):
        return None
    text = _strict(data, name)
    if text is None or name in _WESTERN:
        return None
    return Decoded(text, name)


def _believed(named: Decoded | None, data: bytes) -> Decoded | None:
    """Return what the declared encoding gives, or what is more likely."""
    if named is not None and common_share(named.text) >= _BELIEVED:
        return named
    found = _mixed(data) or _chinese(data)
    if named is None or found is None or found.broken:
        return named or found
    better = common_share(found.text) > common_share(named.text)
    return found if better else named


def _chinese(data: bytes) -> Decoded | None:
    candidates: list[tuple[float, str, str, int]] = []
    for encoding in ("utf-8", "gb18030", "big5hkscs", "cp1252"):
        if _is_hopeless(data, encoding):
            continue
        text = data.decode(encoding, "replace")
        broken = text.count("\ufffd")
        wide = _wide(text) or 1
        if broken > max(wide * _BROKEN_SHARE, 3 if wide > 40 else 0):  # noqa: PLR2004 - a few in a long text
            continue
        fit = 0.3 if encoding == "cp1252" else common_share(text)
        candidates.append((fit - broken / wide, text, encoding, broken))
    if (bare := _bare_utf16(data)) is not None:
        candidates.append(bare)
    if not candidates:
        return None
    best = max(candidates, key=lambda found: found[0])
    return Decoded(best[1], best[2], best[3])


def _is_hopeless(data: bytes, encoding: str) -> bool:
    """Tell from the beginning that more is broken than the whole may have.

    Every byte is one character at most; what is cut off counts a few as broken.
    """
    start = data[: max(len(data) // 16, 2_000)]
    broken = start.decode(encoding, "replace").count("\ufffd") - _CUT_OFF
    return broken > max(len(data) * _BROKEN_SHARE, _CUT_OFF)


def _bare_utf16(data: bytes) -> tuple[float, str, str, int] | None:
    """Return UTF-16 that has neither a mark nor a character of ASCII."""
    if len(data) % 2:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        start = data[:_SAMPLE].decode(encoding, "replace")
        han = all("\u2e80" <= c <= "\u9fff" or c > "\uff00" for c in start)
        if not start or not han or common_share(start) < _CERTAIN:
            continue
        if (text := _strict(data, encoding)) is not None:
            return 0.9, text, encoding, 0
    return None
