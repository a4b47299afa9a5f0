"""Office packages that were damaged at random, in the same way for the same seed."""

import io
import random
import zipfile
from collections.abc import Iterator


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same damage each time


def mutated(package: bytes, seed: int, count: int) -> Iterator[bytes]:
    """Damage the bytes of the package, or one of its parts and pack it anew."""
    dice = dice_of(seed)
    for _ in range(count):
        if dice.random() < 0.3:
            yield _damaged(package, dice)
        else:
            yield _repacked(package, dice)


def _repacked(package: bytes, dice: random.Random) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(package))
    names = source.namelist()
    target = dice.choice(names)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            content = source.read(name)
            if name == target:
                how = dice.choice((_damaged, reworded, swapped, nested))
                content = how(content, dice)
            # Of the same moment each time.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _damaged(data: bytes, dice: random.Random) -> bytes:
    """Flip, cut, repeat or insert some bytes."""
    if not data:
        return b"\0"
    at = dice.randrange(len(data))
    kind = dice.randrange(4)
    if kind == 0:
        return data[:at] + bytes((data[at] ^ 1 << dice.randrange(8),)) + data[at + 1 :]
    if kind == 1:
        return data[:at]
    if kind == 2:
        return data[:at] + data[at : at + 200] + data[at:]
    return data[:at] + dice.randbytes(4) + data[at + dice.randrange(5) :]


_VALUES = (
    b"-1",
    b"",
    b"x",
    b"\xc2\xb2",
    b"9" * 5000,
    b"1e999",
    b"nan",
    b"0",
    b"FFFFFF",
)


def reworded(data: bytes, dice: random.Random) -> bytes:
    """Put something odd into the value of an attribute."""
    pieces = data.split(b'"')
    if len(pieces) < 3:
        return data
    at = dice.randrange(1, len(pieces) - 1, 2) if len(pieces) > 3 else 1
    pieces[at] = dice.choice(_VALUES)
    return b'"'.join(pieces)


def swapped(data: bytes, dice: random.Random) -> bytes:
    """Let one element bear another's name."""
    names = data.split(b"<")
    words = [one.split(b" ")[0].split(b">")[0].strip(b"/") for one in names if one]
    if not words:
        return data
    one, other = dice.choice(words), dice.choice(words)
    return data.replace(b"<" + one, b"<" + other).replace(b"</" + one, b"</" + other)


def nested(data: bytes, dice: random.Random) -> bytes:
    """Put a piece of the part into another place of it."""
    pieces = data.split(b">")
    at, taken = dice.randrange(len(pieces)), dice.randrange(len(pieces))
    pieces[at:at] = pieces[taken : taken + dice.randrange(1, 6)]
    return b">".join(pieces)
