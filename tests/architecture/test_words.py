"""One word for one thing: every code of the review stands in the glossary."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import regex

from review import errors
from review.case.case import Stage
from review.case.people import Post
from review.case.words import POSTS, STAGES
from review.detect.detector_names import DETECTORS
from review.detect.interface import DetectorName
from review.errors import XianshenError
from review.ledger import chain
from review.ledger.statement import KINDS
from review.service.record.records import KIND_WORDS

_GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
_CODE = regex.compile(r"`([^`]+)`")
_CHAIN_KINDS = (chain.OPENED, chain.KEY_CHANGED)


def _section(title: str) -> dict[str, str]:
    """Return the Chinese word of each code in the table under that heading."""
    _, _, rest = _GLOSSARY.read_text("utf-8").partition(f"\n## {title}\n")
    body = rest.partition("\n## ")[0]
    return dict(_rows(body))


def _rows(body: str) -> Iterator[tuple[str, str]]:
    for line in body.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        code = _CODE.fullmatch(cells[0])
        if code is not None:
            yield code[1], cells[1]


def _error_codes() -> set[str]:
    return {
        one.code
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, XianshenError)
    }


def test_every_stage_has_its_word_and_row() -> None:
    assert set(STAGES) == set(get_args(Stage))
    assert _section("Stages") == STAGES


def test_every_post_has_its_word_and_row() -> None:
    assert set(POSTS) == set(get_args(Post))
    assert _section("Posts") == POSTS


def test_every_kind_of_entry_has_its_word_and_row() -> None:
    assert set(KIND_WORDS) == {*KINDS, *_CHAIN_KINDS}
    assert _section("Kinds of entry") == KIND_WORDS


def test_every_detector_has_its_traits_and_stands_in_the_glossary() -> None:
    assert set(DETECTORS) == set(get_args(DetectorName))
    assert all(one.word and not one.word.isascii() for one in DETECTORS.values())
    rows = _GLOSSARY.read_text("utf-8").splitlines()
    [row] = [one for one in rows if one.startswith("| detector |")]
    named = regex.findall("[a-z_]+", row.partition("finding:")[2].partition(";")[0])
    assert set(named) == set(DETECTORS)


def test_every_error_code_has_its_row() -> None:
    listed = _section("Error codes")
    assert set(listed) == _error_codes()
    assert all(listed.values())


def test_every_error_stands_in_the_drawn_tree() -> None:
    drawn = errors.__doc__ or ""
    for name, one in vars(errors).items():
        if isinstance(one, type) and issubclass(one, XianshenError):
            assert regex.search(rf"\b{name}\b", drawn), name


@pytest.mark.parametrize("title", ["Stages", "Posts", "Kinds of entry", "Error codes"])
def test_no_code_stands_twice(title: str) -> None:
    _, _, rest = _GLOSSARY.read_text("utf-8").partition(f"\n## {title}\n")
    codes = [code for code, _ in _rows(rest.partition("\n## ")[0])]
    assert codes
    assert len(codes) == len(set(codes))
