"""PDF files that were damaged at random, in the same way for the same seed."""

import random
import re
from collections.abc import Iterator

_TOKENS = (
    *(b"0", b"-1", b"99999999999", b"null", b"<<", b">>", b"[", b"]", b"()", b"true"),
    *(b"1 0 R", b"2 0 R", b"3 0 R", b"/Kids", b"/Parent", b"/Type", b"endobj"),
    *(b"/Filter/FlateDecode", b"(\xfe\xff\xd8\x00)", b"<" * 600, b"[" * 600, b"1e30"),
)


def mutants(data: bytes, seed: int, count: int) -> Iterator[bytes]:
    """Yield so many damaged copies."""
    chance = random.Random(seed)  # noqa: S311 - the same mutants every time
    for _ in range(count):
        mutant = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            mutate(mutant, chance)
        yield bytes(mutant)


def mutate(data: bytearray, chance: random.Random) -> None:
    """Change bytes, or exchange a number, a name or a reference for another."""
    if not data:
        return
    at, how = chance.randrange(len(data)), chance.random()
    if how < 0.25:
        data[at] = chance.randrange(256)
    elif how < 0.35:
        del data[at : at + chance.choice((1, 4, 50, 1000))]
    elif how < 0.45:
        data[at:at] = data[at : at + chance.choice((4, 50, 1000))]
    elif how < 0.5:
        del data[at:]
    elif how < 0.65:
        data[at:at] = chance.choice(_TOKENS)
    else:
        spots = [m.span() for m in re.finditer(rb"\d+ 0 R|\b\d+\b|/[A-Za-z]+", data)]
        if spots:
            begin, end = chance.choice(spots)
            one, other = chance.choice(spots)
            data[begin:end] = chance.choice((*_TOKENS, bytes(data[one:other])))
