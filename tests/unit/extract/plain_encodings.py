"""What `review.extract.plain.encodings` must say, plainly and slowly, character by character."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from review.extract.plain.encodings import Decoded

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
_ENOUGH_HAN: Final = 20
_RARE: Final = 0.25
_FEW_BROKEN: Final = 5
_WESTERN: Final = frozenset({"iso-8859-1", "latin-1", "latin1", "windows-1252"})
_CONTROLS: Final = frozenset(range(32)) - {9, 10, 11, 12, 13, 26, 27}


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
    common = common_characters()
    wide = likely = 0
    for character, count in Counter(text[:_ENOUGH]).items():
        if character > "\x7f":
            wide += count
            likely += count if character in common or _is_mark(character) else 0
    return likely / wide if wide else 1.0


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


def is_nonsense(text: str) -> bool:
    """Tell text that a wrong encoding or a font of its own has made unreadable."""
    common = common_characters()
    letters = broken = han = rare = 0
    for character, count in Counter(text).items():
        if character.isspace():
            continue
        letters += count
        if "\ue000" <= character <= "\uf8ff" or "\x7f" <= character < "\xa0":
            broken += count
        elif "\u3400" <= character <= "\u9fff":
            han += count
            rare += 0 if character in common else count
    if text.count("\ufffd") >= _FEW_BROKEN or "锟斤拷" in text:
        return True
    western = sum("\xa1" <= character <= "\xff" for character in text)
    if not han and western >= _ENOUGH_HAN and western > letters * _RARE:
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
    han = sum("\u3400" <= character <= "\u9fff" for character in better[:_ENOUGH])
    worse = sum(character > "\x7f" for character in text[:_ENOUGH])
    enough = han >= 2 and worse >= _FEW_BROKEN
    return enough and common_share(better) >= _CERTAIN


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
    if len(data) < 2 or len(data) % 2:
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
            plain = sum(" " <= c <= "~" or c in "\r\n\t" for c in start)
            if _is_likely(start) or plain > len(start) * 0.3:
                return Decoded(text, encoding)
    return None


def _is_likely(text: str) -> bool:
    """Tell Chinese, or any writing of Asia without characters that nobody uses."""
    if common_share(text) >= _CHINESE_ENOUGH:
        return True
    wide = [c for c in text if c > "\x7f"]
    known = sum(
        "\u2e80" <= c <= "\u9fff" or c >= "\U00020000" or _is_mark(c) for c in wide
    )
    return known >= len(wide) * _CERTAIN


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
    return sum(c > "\u2e7f" for c in text) >= 2


def _spaced_han(high: bytes, low: bytes) -> bool:
    """Tell whether nearly all high bytes are of Han, marks or full width."""
    if not any(byte in _CONTROLS or byte == 0 for byte in set(high + low)):
        return False
    pages = {0x00, 0x20, 0x30, 0xFF, *range(0x34, 0xA0), *range(0xD8, 0xE0)}
    return sum(byte in pages for byte in high) > len(high) * 0.95


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
        text = data.decode(encoding, "replace")
        broken = text.count("\ufffd")
        wide = len(text) - len(text.encode("ascii", "ignore")) or 1
        if broken > max(wide * _BROKEN_SHARE, 3 if wide > 40 else 0):
            continue
        fit = 0.3 if encoding == "cp1252" else common_share(text)
        candidates.append((fit - broken / wide, text, encoding, broken))
    if (bare := _bare_utf16(data)) is not None:
        candidates.append(bare)
    if not candidates:
        return None
    best = max(candidates, key=lambda found: found[0])
    return Decoded(best[1], best[2], best[3])


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
