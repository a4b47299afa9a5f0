"""Kinds of document: drafts that must be recognized and look-alikes that must not."""

import collections
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from review.detect.compile_lexicon import compile_lexicon
from review.detect.document_kind import KindDetector
from review.detect.kind_file import KindFile
from review.detect.lexicon import Lexicon, load_lexicon
from review.errors import LexiconError
from review.extract.interface import Block, Document
from review.normalize.interface import NormalizedText
from review.normalize.passages import normalize
from review.resources import lexicons_folder

_GOLDEN = Path(__file__).parents[2] / "golden" / "kinds.jsonl"
_DRAFTS: tuple[Mapping[str, Any], ...] = tuple(
    json.loads(line) for line in _GOLDEN.read_text(encoding="utf-8").splitlines()
)
_FITTING = [draft for draft in _DRAFTS if "kind" in draft]
_LOOK_ALIKE = [draft for draft in _DRAFTS if "not" in draft]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(lexicons_folder())


@pytest.fixture(scope="module")
def detector(lexicon: Lexicon) -> KindDetector:
    return KindDetector(compile_lexicon(lexicon).kinds)


@pytest.fixture(scope="module")
def files(lexicon: Lexicon) -> tuple[KindFile, ...]:
    return lexicon.kinds


def _title(draft: Mapping[str, Any]) -> str:
    return str(draft["title"])


def _text(title: str, paragraphs: list[str]) -> NormalizedText:
    blocks = [Block(title, role="title"), *map(_block, paragraphs)]
    return normalize(Document("稿件.txt", "txt", "0" * 64, 1, tuple(blocks)))


def _block(text: str) -> Block:
    if "\t" in text:
        return Block(text, role="row", cells=tuple(text.split("\t")))
    return Block(text)


@pytest.mark.parametrize("draft", _FITTING, ids=_title)
def test_a_fitting_draft_is_recognized(
    detector: KindDetector, draft: Mapping[str, Any]
) -> None:
    verdict = detector.recognize(_text(draft["title"], draft["paragraphs"]))

    assert verdict is not None
    assert verdict.kind == draft["kind"]
    assert bool(detector.findings(verdict)) == bool(verdict.file.clauses)


@pytest.mark.parametrize("draft", _LOOK_ALIKE, ids=_title)
def test_a_look_alike_is_of_no_listed_kind(
    detector: KindDetector, draft: Mapping[str, Any]
) -> None:
    verdict = detector.recognize(_text(draft["title"], draft["paragraphs"]))

    assert verdict is None or verdict.kind != draft["not"]
    assert detector.findings(verdict) == ()


def test_every_kind_has_its_drafts(files: tuple[KindFile, ...]) -> None:
    fitting = collections.Counter(draft["kind"] for draft in _FITTING)
    look_alike = collections.Counter(draft["not"] for draft in _LOOK_ALIKE)

    listed = {one.kind for one in files if one.clauses}

    assert {one.kind for one in files} == set(fitting)
    assert listed == set(look_alike)
    assert {kind for kind in listed if fitting[kind] < 2} == set()


def test_a_listed_kind_says_why_and_what_to_do(files: tuple[KindFile, ...]) -> None:
    silent = [
        one.kind
        for one in files
        if one.clauses and not (one.because and one.suggestion)
    ]

    assert silent == []


def test_every_clause_is_listed(lexicon: Lexicon, files: tuple[KindFile, ...]) -> None:
    known = {clause.clause for one in lexicon.regulations for clause in one.clauses}

    cited = {clause for one in files for clause in one.clauses}

    assert cited - known == set()


def test_a_file_is_named_after_its_kind(files: tuple[KindFile, ...]) -> None:
    names = {path.stem for path in (lexicons_folder() / "kinds").glob("*.yaml")}

    assert {one.kind for one in files} == names


def test_a_single_line_is_no_document(detector: KindDetector) -> None:
    text = normalize(
        Document("稿件.txt", "txt", "0" * 64, 1, (Block("妥否，请批示。"),))
    )

    assert detector.recognize(text) is None


def _folder_with(kind: str, folder: Path) -> Path:
    (folder / "kinds").mkdir()
    (folder / "kinds" / "试卷.yaml").write_text(kind, encoding="utf-8")
    return folder


def test_a_wrong_pattern_is_refused_by_name(tmp_path: Path) -> None:
    folder = _folder_with("{kind: 试卷, titles: ['(试卷'], formulae: []}", tmp_path)

    with pytest.raises(LexiconError, match=r"kinds/试卷\.yaml"):
        compile_lexicon(load_lexicon(folder))


def test_an_unknown_field_is_refused(tmp_path: Path) -> None:
    kind = "{kind: 试卷, titles: [], formulae: [], title: 试卷}"
    folder = _folder_with(kind, tmp_path)

    with pytest.raises(LexiconError, match=r"kinds/试卷\.yaml:1：title"):
        load_lexicon(folder)
