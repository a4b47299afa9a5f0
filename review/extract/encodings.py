"""Find out which encoding a text is in, always with the same answer."""

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
_CONTROLS: Final = frozenset(range(32)) - {9, 10, 11, 12, 13, 26, 27}


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
    """Return which share of the characters beyond ASCII is everyday Chinese."""
    common = common_characters()
    wide = [c for c in text if c > "\x7f"]
    if not wide:
        return 1.0
    return sum(c in common or _is_mark(c) for c in wide) / len(wide)


def decode(data: bytes, declared: str | None = None) -> Decoded | None:
    """Decode a text, or return `None` where the bytes are no text.

    A byte order mark counts first, then strict UTF-8, UTF-16 without a
    mark, the `declared` encoding, and at last GB18030 against Big5 by the
    share of everyday characters.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _loose(data[len(mark) :], encoding)
    if (wide := _utf16(data)) is not None:
        return wide
    if not _looks_like_text(data):
        return None
    if (strict := _strict(data, "utf-8")) is not None:
        return Decoded(strict, "utf-8")
    return _declared(data, declared) or _chinese(data)


def _table(encoding: str, leads: range, trails: Sequence[int]) -> set[str]:
    found: set[str] = set()
    for lead in leads:
        for trail in trails:
            found.update(bytes((lead, trail)).decode(encoding, "ignore"))
    return found


def _is_mark(character: str) -> bool:
    return character in _MARKS or "\u3000" <= character <= "\u303f"


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
    sample = data[:_SAMPLE]
    return not any(byte in _CONTROLS for byte in set(sample))


def _utf16(data: bytes) -> Decoded | None:
    """Try UTF-16 without a mark; ordinary text never has NULs."""
    if len(data) < 2 or len(data) % 2:  # noqa: PLR2004 - one UTF-16 unit
        return None
    sample = data[:_SAMPLE]
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        high, low = sample[offset::2], sample[1 - offset :: 2]
        likely = high.count(0) > len(high) * 0.05 and low.count(0) < len(low) * 0.01
        if (likely or _spaced_han(high, low)) and (
            text := _strict(data, encoding)
        ) is not None:
            if "\x00" in text:
                continue
            fit = common_share(text[:20_000]) >= _CHINESE_ENOUGH
            plain = sum(" " <= c <= "~" or c in "\r\n\t" for c in text[:20_000])
            if fit or plain > len(text[:20_000]) * 0.3:
                return Decoded(text, encoding)
    return None


def _spaced_han(high: bytes, low: bytes) -> bool:
    """Tell whether nearly all high bytes are of Han, marks or full width."""
    if not any(byte in _CONTROLS or byte == 0 for byte in set(high + low)):
        return False
    pages = {0x00, 0x20, 0x30, 0xFF, *range(0x4E, 0xA0)}
    return sum(byte in pages for byte in high) > len(high) * 0.95


def _declared(data: bytes, declared: str | None) -> Decoded | None:
    name = (declared or "").lower().strip().replace("_", "-")
    if name in {"gb2312", "gbk", "gb-2312", "x-gbk", "gb18030"}:
        name = "gb18030"
    if not name or name.startswith(("utf-16", "utf-32", "unicode")):
        return None
    text = _strict(data, name)
    if text is None or name in {"iso-8859-1", "latin-1", "latin1", "windows-1252"}:
        return None
    return Decoded(text, name)


def _chinese(data: bytes) -> Decoded | None:
    candidates = []
    for encoding in ("utf-8", "gb18030", "big5hkscs", "cp1252"):
        text = data.decode(encoding, "replace")
        broken = text.count("\ufffd")
        wide = sum(c > "\x7f" for c in text) or 1
        if broken > max(wide * _BROKEN_SHARE, 3 if wide > 40 else 0):  # noqa: PLR2004 - a few in a long text
            continue
        fit = 0.3 if encoding == "cp1252" else common_share(text)
        candidates.append((fit - broken / wide, text, encoding, broken))
    if not candidates:
        return None
    best = max(candidates, key=lambda found: found[0])
    return Decoded(best[1], best[2], best[3])
