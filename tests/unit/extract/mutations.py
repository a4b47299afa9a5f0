"""Seeded damage to files: flipped bytes, cuts, and packages whose parts are changed."""

import io
import random
import zipfile
from collections.abc import Iterator, Sequence


def damaged(
    specimens: Sequence[bytes], times: int, seed: int = 20261122
) -> Iterator[bytes]:
    """Yield so many damaged copies, the same ones each time for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the same mutations each time
    for number in range(times):
        specimen = specimens[number % len(specimens)]
        change = chance.choice((_flip, _cut, _members, _members, _members))
        if not specimen.startswith(b"PK") and change is _members:
            yield reworked(specimen, chance)
        else:
            yield change(specimen, chance)


def _flip(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(1, len(data))]


def _members(data: bytes, chance: random.Random) -> bytes:
    """Change one member, or write one twice."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = [(name, source.read(name)) for name in source.namelist()]
    at = chance.randrange(len(members))
    name, content = members[at]
    if chance.random() < 0.2:
        members.append((name, content[: len(content) // 2]))
    members[at] = (name, reworked(content or b" ", chance))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for each, one in members:
            target.writestr(zipfile.ZipInfo(each), one)  # of the same moment each time
    return buffer.getvalue()


def reworked(data: bytes, chance: random.Random) -> bytes:
    """Change the text of a part: cut out, repeat, or put strange numbers."""
    raw = bytearray(data)
    start = chance.randrange(len(raw))
    end = min(len(raw), start + chance.randrange(1, 60))
    kind = chance.randrange(4)
    if kind == 0:
        del raw[start:end]
    elif kind == 1:
        raw[start:end] = raw[start:end] * 3
    elif kind == 2:
        digits = [n for n, byte in enumerate(raw) if 48 <= byte < 58]
        for n in chance.sample(digits, min(3, len(digits))):
            raw[n : n + 1] = chance.choice((b"-1", b"99999999999", b"\xc2\xb2", b"x"))
    else:
        elements = bytes(raw).split(b"<")
        chance.shuffle(elements[2:])
        at = chance.randrange(len(elements))
        elements[at] = elements[at].replace(b'"', b"'", 1)
        return b"<".join(elements[:at] + elements[at : at + 1] * 2 + elements[at + 1 :])
    return bytes(raw)
