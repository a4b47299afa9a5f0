"""Numbers that the classifier reads from passages, for a whole draft at once.

Three kinds: hashed character n-grams (n = 1, 2, 3) of the folded text, hashed
words with the rules and cue words that fired, and a few dense counts. All
passages of a draft are hashed together in numpy; a passage is a row.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

NGRAM_BITS: Final = 18
WORD_BITS: Final = 16
_WORD_MASK: Final = (1 << WORD_BITS) - 1
ORDERS: Final = (1, 2, 3)
_SEPARATOR: Final = 0
# Odd multipliers of a multiplicative hash; any large odd numbers do.
_FACTORS: Final = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D))

DENSE_NAMES: Final = (
    "rule_points",
    "rules_disclosing",
    "status_points",
    "content_points",
    "mention_points",
    "identifiers",
    "identifiers_excused",
    "markings",
    "markings_excused",
    "digit_share",
    "line_breaks",
    "length",
    "hidden",
)

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PassageSignals:
    """What the rules say of one passage, as the classifier's input."""

    text: str
    words: tuple[str, ...]
    dense: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Hashed:
    """Hashed features: for each entry its row, its column and its value."""

    rows: Ints
    columns: Ints
    values: Floats
    height: int


def hash_ngrams(texts: Sequence[str]) -> Hashed:
    """Return each text's character n-grams, each row scaled to unit length.

    Columns run over `len(ORDERS) << NGRAM_BITS`. An n-gram counts once for
    each text that holds it.
    """
    codes, owners = _codes(texts)
    keys = _distinct(
        np.concatenate([_ngram_keys(codes, owners, order) for order in ORDERS])
    )
    width = len(ORDERS) << NGRAM_BITS
    rows = keys // width
    columns = keys % width
    return _unit_rows(rows, columns, len(texts))


def ngram_columns(text: str, order: int) -> Ints:
    """Return the column of the n-gram that begins at each character."""
    codes, owners = _codes([text])
    keys = _ngram_keys(codes, owners, order)
    return keys[: max(0, len(text) - order + 1)]


def hash_words(word_lists: Sequence[Sequence[str]]) -> Hashed:
    """Return each list's words in `1 << WORD_BITS` columns, rows of unit length."""
    flat = list(chain.from_iterable(word_lists))
    columns_of = {word: zlib.crc32(word.encode()) & _WORD_MASK for word in set(flat)}
    columns = np.fromiter(map(columns_of.__getitem__, flat), dtype=np.int64)
    lengths = np.fromiter(map(len, word_lists), dtype=np.int64)
    rows = np.repeat(np.arange(len(word_lists), dtype=np.int64), lengths)
    keys = _distinct(rows << WORD_BITS | columns)
    return _unit_rows(keys >> WORD_BITS, keys & _WORD_MASK, len(word_lists))


def _distinct(keys: Ints) -> Ints:
    """Return the keys in order, each once.

    numpy's own `unique` hashes first, which is far slower here.
    """
    keys.sort()
    kept: Ints = keys[np.diff(keys, prepend=-1) != 0]
    return kept


def _codes(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], Ints]:
    """Return the characters of all texts with a separator after each text."""
    joined = "\0".join(texts) + "\0"
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64)
    owners = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    return codes, owners


def _ngram_keys(codes: npt.NDArray[np.uint32], owners: Ints, order: int) -> Ints:
    size = len(codes) - order + 1
    if size <= 0:
        return np.empty(0, dtype=np.int64)
    mixed = np.zeros(size, dtype=np.uint32)
    whole = np.ones(size, dtype=bool)
    for place in range(order):
        window = codes[place : place + size]
        mixed = (mixed ^ window) * _FACTORS[place]
        mixed ^= mixed >> np.uint32(15)
        whole &= window != _SEPARATOR
    column = (mixed >> np.uint32(32 - NGRAM_BITS)).astype(np.int64)
    column += (order - 1) << NGRAM_BITS
    width = len(ORDERS) << NGRAM_BITS
    keys: Ints = (owners[:size] * width + column)[whole]
    return keys


def _unit_rows(rows: Ints, columns: Ints, height: int) -> Hashed:
    counts = np.bincount(rows, minlength=height)
    norms = 1 / np.sqrt(np.maximum(counts, 1))
    return Hashed(rows, columns, norms[rows].astype(np.float32), height)


def dense_rows(signals: Sequence[PassageSignals]) -> Floats:
    """Return the dense features, a row a passage."""
    return np.asarray([one.dense for one in signals], dtype=np.float32).reshape(
        len(signals), len(DENSE_NAMES)
    )


def scores(hashed: Hashed, weights: Floats) -> Floats:
    """Return the weighted sum of each row's entries."""
    weighted = weights[hashed.columns] * hashed.values
    return np.bincount(hashed.rows, weighted, minlength=hashed.height).astype(
        np.float32
    )
