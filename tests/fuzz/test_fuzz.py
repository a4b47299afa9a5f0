"""Damaged files of every family give a document or a clear error, soon, and leave nothing behind.

The mutants are the same ones each time. `tests.fuzz.long` tries more of them.
"""

import tempfile
import zlib
from pathlib import Path

import pytest

from review.errors import CorruptError
from review.extract.formats import FORMATS
from review.extract.interface import Document
from review.extract.read import format_of
from tests.fuzz.families import CORPUS, FAMILIES, Family
from tests.fuzz.long import ran
from tests.fuzz.mutants import mutants
from tests.fuzz.trying import smaller, tried

_SEED = 20261123
_ALL_SEEDS = 1_500_000  # bytes
# Seeds that are wrapped into something: what they are inside is of the family.
_ALSO = {"sfx"}


def _seeds() -> list[Path]:
    return sorted(one for one in CORPUS.rglob("*") if one.is_file())


@pytest.mark.parametrize(
    "path", _seeds(), ids=lambda one: f"{one.parent.name}-{one.name}"
)
def test_a_seed_keeps_the_law(path: Path) -> None:
    """What once broke an extractor stands among the seeds."""
    assert tried(FAMILIES[path.parent.name], path.read_bytes()).broken is None


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda one: one.name)
def test_mutants_keep_the_law(family: Family) -> None:
    run = ran(family, family.mutants, _SEED, None)
    assert not run.broken, run.broken
    assert run.left == 0
    assert 0 < run.read < run.tried == family.mutants


def test_the_corpus_is_small_and_has_every_format() -> None:
    assert sum(one.stat().st_size for one in _seeds()) <= _ALL_SEEDS
    kinds = {format_of(one.read_bytes()) for one in _seeds() if "seed" in one.name}
    assert {one.format for one in FORMATS} - kinds - _ALSO == set()


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda one: one.name)
def test_the_same_mutants_come_for_the_same_seed(family: Family) -> None:
    first = [zlib.crc32(one) for one in mutants(family.seeds(), 30, 7)]
    assert first == [zlib.crc32(one) for one in mutants(family.seeds(), 30, 7)]
    assert len(set(first)) > 15


def _breaking(data: bytes) -> Document:
    if b"bad" in data:
        raise RecursionError
    raise CorruptError("文件已损坏。")


def test_what_breaks_the_law_is_seen_and_made_smaller() -> None:
    family = Family("odd", (), _breaking, Document, 1)
    trial = tried(family, b"x" * 50 + b"bad" + b"y" * 50)
    assert trial.broken is not None
    assert trial.broken.startswith("RecursionError in ")
    assert smaller(family, b"x" * 50 + b"bad" + b"y" * 50) == b"bad"
    assert tried(family, b"good").broken is None


def test_a_hang_and_a_file_left_behind_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.fuzz.trying.MOST_SECONDS", 0.05)

    def turning(data: bytes) -> Document:
        while data:
            pass
        raise AssertionError

    trial = tried(Family("odd", (), turning, Document, 1), b"x")
    assert trial.broken is not None
    assert trial.broken.startswith("OverLimitError in ")

    def littering(data: bytes) -> Document:
        with tempfile.NamedTemporaryFile(delete=False) as file:
            file.write(data)
        raise CorruptError("文件已损坏。")

    family = Family("odd", ("csv",), littering, Document, 1)
    assert ran(family, 3, 1, None).left > 0
