"""The quick way of telling encodings says what the plain way says, letter by letter."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.extract.plain import encodings as quick
from review.extract.plain.text import lines_of
from tests.fuzz.mutants import struck
from tests.unit.extract import plain_encodings as plain

_ROOT = Path(__file__).parents[3]
_FOLDERS = (
    *(_ROOT / "sample_docs" / "formats" / one for one in ("txt", "md", "csv", "html")),
    *(_ROOT / "tests" / "fuzz" / "corpus" / one for one in ("text", "csv", "html")),
)
_CODINGS = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be", "cp1252", "hz")
_MUTANTS = 12
_SEED = 20261123
_BREAKS = r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]"


def _files() -> list[Path]:
    return [
        one
        for folder in _FOLDERS
        for one in sorted(folder.iterdir())
        if not one.name.endswith(".expected.json")
    ]


def _assert_alike(data: bytes, declared: str | None = None) -> None:
    quick.forget()
    told = quick.decode(data, declared)
    assert told == plain.decode(data, declared)
    if told is not None:
        _assert_same_text(told.text)


def _assert_same_text(text: str) -> None:
    assert quick.common_share(text) == plain.common_share(text)
    assert quick.is_nonsense(text) == plain.is_nonsense(text)
    assert quick.restored(text) == plain.restored(text)


def _others(data: bytes) -> Iterator[bytes]:
    """Yield a file in other encodings, and wrongly decoded once."""
    text = quick.decode(data)
    for coding in _CODINGS if text is not None else ():
        made = text.text.encode(coding, "replace")
        yield made
        yield made.decode("gb18030", "replace").encode()
        yield made[: len(made) // 2] + data


@pytest.mark.slow
@pytest.mark.parametrize(
    "file", _files(), ids=lambda one: f"{one.parent.name}-{one.name}"
)
def test_of_samples_and_what_becomes_of_them(file: Path) -> None:
    data, random = file.read_bytes(), Random(_SEED)  # noqa: S311 - for mutants
    _assert_alike(data)
    _assert_alike(data, "gbk")
    for other in _others(data):
        _assert_alike(other)
    for _ in range(_MUTANTS):
        _assert_alike(struck(data, random))


@given(st.binary(max_size=300), st.sampled_from([None, "big5", "gbk", "latin-1"]))
def test_of_any_bytes(data: bytes, declared: str | None) -> None:
    _assert_alike(data, declared)


@pytest.mark.parametrize(
    "text",
    ["\x85" * 50 + "保密" * 5, "\x84" * 8 + "保密" * 5, "é" * 20 + "a" * 60, "é" * 20 + "a" * 59,
     "é" * 21 + "a " * 62, "\ue000" * 4, "\ue000" * 5, "鴎" * 6 + "的" * 18, "鴎" * 6 + "的" * 17,
     "\u303f" * 9 + "鴎", "\u3040" * 9 + "鴎", "\u4dc0" * 9 + "的" * 20],
)  # fmt: skip
def test_of_what_stands_on_a_bound(text: str) -> None:
    _assert_same_text(text)


_letters = st.one_of(
    st.characters(codec="utf-8"),
    st.sampled_from("保密工作通知鎴戜滑的，。“”·×é\ue000\x85\x1c\x80\ufffd锟斤拷 \n"),
)


@given(st.text(_letters, max_size=120), st.sampled_from(_CODINGS))
def test_of_any_text(text: str, coding: str) -> None:
    _assert_same_text(text)
    _assert_same_text(text * 20)
    _assert_alike((text * 20).encode(coding, "replace"))


@given(
    st.text(
        st.sampled_from("一a #*-1.)、 \t\u3000\r\n\x0b\x0c\x1c\x85\u2028٣"), max_size=60
    )
)
def test_of_lines(text: str) -> None:
    rows = [
        (number, line)
        for number, line in enumerate(re.split(_BREAKS, text), 1)
        if line.strip()
    ]
    found = lines_of(text)
    assert [one.where.paragraph for one in found] == [number for number, _ in rows]
    for block, (_, line) in zip(found, rows, strict=True):
        item = re.fullmatch(r"[ \t]*(?:[-*+•·●▪■◆]|\d{1,3}[.)])[ \t\u3000]+\S.*", line)
        assert (block.role == "item") == (item is not None)
        assert block.text in line
