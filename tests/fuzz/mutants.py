"""Damage that knows what it damages: the XML in a package, the streams of a compound file,
the objects of a PDF, the parts of a mail, the data inside packed data.

The same mutants come for the same seed. What the extractors' own tests damage with is used here.
"""

import base64
import binascii
import bz2
import gzip
import io
import lzma
import random
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

import pikepdf

from review.errors import UnreadableError
from review.extract.ole.ole import MAGIC, CompoundFile
from review.extract.ole.write import packed
from tests.unit.extract import mutations, office_mutations, pdf_mutations

Change: TypeAlias = Callable[[bytes, random.Random], bytes]

_EXTREMES: Final = tuple(
    struct.pack(shape, value)
    for shape, values in (
        ("<B", (0, 1, 127, 128, 255)),
        ("<H", (0, 1, 0x7FFF, 0x8000, 0xFFFF)),
        ("<I", (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)),
        (">I", (1, 0x7FFFFFFF, 0x80000000)),
    )
    for value in values
)
_WORDS: Final = (
    *(b"\\", b"{", b"}", b"\\'", b"\\u-1?", b"\\bin99999999 ", b"\\object", b"\\row"),
    *(b"<", b">", b"</", b"<table>", b"<td colspan=99999>", b"<!--", b"&#xd800;"),
    *(b"<script>", b"<style>", b"url(data:,", b'"', b"'", b",,,", b"\t", b"\r", b"\n"),
    *(b"\n\n", b"\r\n\r\n", b"--", b"=?utf-8?B?", b"=?", b"\0", b"\xff\xfe", b"\x1b$B"),
    *(
        b"-1",
        b"1e999",
        b"nan",
        b"9" * 400,
        b"\xef\xbb\xbf",
        b"\xe2\x80\xae",
        b"{" * 300,
    ),
    *(b"<div>" * 300, b"=3D", b"%00", b"Content-Type: message/rfc822\r\n\r\n", b"="),
)
_DEEPEST: Final = 3
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_OPERATORS: Final = re.compile(  # noqa: TID251 - seeds of our own, which end soon
    rb"\S+"
)


def mutants(seeds: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Yield so many damaged copies of the seeds, each in turn."""
    chance = random.Random(seed)  # noqa: S311 - the same mutants each time
    for number in range(count):
        yield mutant(seeds[number % len(seeds)], chance)


def mutant(data: bytes, chance: random.Random, depth: int = 0) -> bytes:
    """Return one damaged copy: as its kind is built, or byte by byte."""
    change = changes_of(data)
    if change is None or depth >= _DEEPEST or chance.random() < 0.25:
        return struck(data, chance)
    try:
        # A package may well have a member twice.
        with warnings.catch_warnings(action="ignore"):
            return change(data, chance, depth)
    except _NOT_SO_WHOLE:
        return struck(data, chance)


def struck(data: bytes, chance: random.Random) -> bytes:
    """Flip, cut, double, splice, and put the greatest and the least numbers."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(out) or 1)
        chance.choice(_BLOWS)(out, at, at + chance.choice((1, 4, 50, 1000)), chance)
    return bytes(out) or b"\0"


def _flip(out: bytearray, at: int, end: int, chance: random.Random) -> None:
    del end
    out[at : at + 1] = bytes((sum(out[at : at + 1]) ^ 1 << chance.randrange(8),))


def _drop(out: bytearray, at: int, end: int, chance: random.Random) -> None:
    del out[at : end if chance.random() < 0.9 else len(out)]


def _double(out: bytearray, at: int, end: int, chance: random.Random) -> None:
    del chance
    out[at:at] = out[at:end]


def _splice(out: bytearray, at: int, end: int, chance: random.Random) -> None:
    other = chance.randrange(len(out) or 1)
    piece = out[other : other + end - at]
    out[at : at + len(piece)] = piece


def _extreme(out: bytearray, at: int, end: int, chance: random.Random) -> None:
    del end
    value = chance.choice(_EXTREMES)
    out[at : at + len(value)] = value


def _word(out: bytearray, at: int, end: int, chance: random.Random) -> None:
    del end
    out[at:at] = chance.choice(_WORDS)


_BLOWS: Final = (_flip, _flip, _drop, _double, _splice, _extreme, _extreme, _word)


def changes_of(
    data: bytes,
) -> Callable[[bytes, random.Random, int], bytes] | None:
    """Return what changes files of this kind; `None` where bytes are all there is."""
    for begins, change in _KINDS:
        if data.startswith(begins):
            return change
    if b"\nContent-Type:" in data or b"\nMIME-Version:" in data:
        return _mail
    return _text if data[:200].lstrip(b"\xef\xbb\xbf\r\n ").startswith(b"<") else None


def _zip(data: bytes, chance: random.Random, depth: int) -> bytes:
    """Change one member; what stands in it is changed as its own kind is built."""
    how = chance.randrange(5)
    if how == 0:
        return next(office_mutations.mutated(data, chance.randrange(1 << 30), 1))
    if how == 1:
        return next(mutations.damaged([data], 1, chance.randrange(1 << 30)))
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = [(name, source.read(name)) for name in source.namelist()]
    at = chance.randrange(len(members))
    name, content = members[at]
    if how == 2 and len(members) > 1:
        members[at] = (name, chance.choice(members)[1])
    else:
        members[at] = (name, mutant(content, chance, depth + 1))
    if chance.random() < 0.05:
        del members[chance.randrange(len(members))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for each, inside in members:
            target.writestr(zipfile.ZipInfo(each), inside, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _compound(data: bytes, chance: random.Random, depth: int) -> bytes:
    """Change one stream, and write the file anew around it."""
    file = CompoundFile(data)
    tree = {one.path: file.stream(one) for one in file.entries if one.kind == 2}
    path = chance.choice(sorted(tree, key=lambda one: (-len(tree[one]), one))[:6])
    if chance.random() < 0.1:
        tree[path] = tree[chance.choice(sorted(tree))]
    else:
        tree[path] = mutant(tree[path], chance, depth + 1)
    return packed(tree)


def _pdf(data: bytes, chance: random.Random, depth: int) -> bytes:
    """Exchange numbers, names and references; or operators of a content stream."""
    del depth
    if chance.random() < 0.6:
        return next(pdf_mutations.mutants(data, chance.randrange(1 << 30), 1))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as file:
        streams = [one for one in file.objects if isinstance(one, pikepdf.Stream)]
        stream = chance.choice(streams)
        inside = stream.read_bytes()
        stream.write(_operated(inside, chance))
        file.save(out, compress_streams=False, deterministic_id=True)
    return out.getvalue()


def _operated(data: bytes, chance: random.Random) -> bytes:
    """Exchange words of a content stream for others of it, or for numbers."""
    out = data
    for _ in range(chance.choice((1, 3, 10))):
        words = [one.span() for one in _OPERATORS.finditer(out)]
        if len(words) < 2 or len(words) > 20_000:
            return struck(out, chance)
        start, end = chance.choice(words)
        one, other = chance.choice(words)
        new = chance.choice((out[one:other], b"1e30", b"-99999999999", b"0", b"q", b""))
        out = out[:start] + new + out[end:]
    return out


def _mail(data: bytes, chance: random.Random, depth: int) -> bytes:
    """Change what a part holds behind its encoding, or double, move or drop parts."""
    pieces = re.split(rb"(\r?\n--[^\r\n]+\r?\n)", data)
    at = chance.randrange(len(pieces))
    how = chance.randrange(4)
    if how == 0:
        pieces[at:at] = pieces[at : at + chance.choice((1, 2, 4))]
    elif how == 1:
        pieces[at] = chance.choice(pieces)
    elif how == 2:
        pieces[at] = struck(pieces[at], chance)
    else:
        head, gap, body = re.split(rb"(\r?\n\r?\n)", pieces[at], maxsplit=1)
        if b"base64" in head.lower():
            inside = mutant(base64.b64decode(body), chance, depth + 1)
            pieces[at] = head + gap + base64.encodebytes(inside)
        else:
            pieces[at] = head + gap + struck(body, chance)
    return b"".join(pieces)


def _text(data: bytes, chance: random.Random, depth: int) -> bytes:
    """Change markup: values, names of elements, what stands in what."""
    del depth
    how = chance.choice(
        (
            office_mutations.reworded,
            office_mutations.swapped,
            office_mutations.nested,
            mutations.reworked,
        )
    )
    return how(data, chance) or b"<"


def _rich(data: bytes, chance: random.Random, depth: int) -> bytes:
    """Exchange control words, groups and numbers; or an object's own bytes."""
    blobs = list(re.finditer(rb"[0-9a-fA-F\r\n]{64,}", data))
    if blobs and chance.random() < 0.3:
        one = chance.choice(blobs)
        digits = re.sub(rb"\s", b"", one[0])
        inside = mutant(
            binascii.unhexlify(digits[: len(digits) & ~1]), chance, depth + 1
        )
        return data[: one.start()] + binascii.hexlify(inside) + data[one.end() :]
    spots = [one.span() for one in re.finditer(rb"\\[a-z]+-?\d*|[{}]|-?\d+", data)]
    out = bytearray(data)
    for _ in range(chance.choice((1, 2, 8))):
        start, end = chance.choice(spots)
        one, other = chance.choice(spots)
        new = chance.choice(
            (*_WORDS[:8], b"-1", b"99999999999", bytes(data[one:other]))
        )
        out[start:end] = new
    return bytes(out)


def _png(data: bytes, chance: random.Random, depth: int) -> bytes:
    """Change what a chunk holds, and give it the right sum again."""
    del depth
    chunks, at = [], len(_PNG)
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    number = chance.randrange(len(chunks))
    kind, body = chunks[number]
    chunks[number] = (kind, struck(body, chance))
    if chance.random() < 0.1:
        chunks.insert(number, chance.choice(chunks))
    return _PNG + b"".join(
        struct.pack(">I", len(inside))
        + name
        + inside
        + struct.pack(">I", zlib.crc32(name + inside))
        for name, inside in chunks
    )


def _repacked(undo: Callable[[bytes], bytes], do: Callable[[bytes], bytes]) -> object:
    def change(data: bytes, chance: random.Random, depth: int) -> bytes:
        return do(mutant(undo(data), chance, depth + 1))

    return change


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _xz(data: bytes) -> bytes:
    return lzma.compress(data, preset=0)


_NOT_SO_WHOLE: Final = (
    *(UnreadableError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError),
    *(struct.error, LookupError, NotImplementedError, RuntimeError, pikepdf.PdfError),
    *(lzma.LZMAError, TypeError),
)
_KINDS: Final[
    tuple[tuple[bytes, Callable[[bytes, random.Random, int], bytes]], ...]
] = (
    (b"PK\x03\x04", _zip),
    (MAGIC, _compound),
    (b"%PDF", _pdf),
    (b"{\\rtf", _rich),
    (_PNG, _png),
    (b"\x1f\x8b", _repacked(gzip.decompress, _gzip)),
    (b"BZh", _repacked(bz2.decompress, bz2.compress)),
    (b"\xfd7zXZ", _repacked(lzma.decompress, _xz)),
)
