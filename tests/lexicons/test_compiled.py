"""The compiled lexicons say the same as the rule files."""

import json
import shutil
from pathlib import Path

import pytest

from review.detect.compile_lexicon import compile_lexicon, load_compiled
from review.detect.compiled_rules import CompiledLexicon, CompiledPattern
from review.detect.lexicon import Lexicon, load_lexicon
from review.normalize.steps import fold
from review.resources import lexicons_folder, passage_model_folder


@pytest.fixture(scope="module")
def fresh(lexicon: Lexicon) -> CompiledLexicon:
    return compile_lexicon(lexicon)


def test_the_shipped_compilation_is_that_of_the_rule_files(
    fresh: CompiledLexicon,
) -> None:
    assert load_compiled(lexicons_folder()) == fresh


def test_a_changed_rule_file_is_not_overlooked(tmp_path: Path) -> None:
    folder = shutil.copytree(lexicons_folder(), tmp_path / "lexicons")
    assert load_compiled(folder).digest == load_compiled(lexicons_folder()).digest
    path = next(folder.glob("fire-rescue-school/*.yaml"))
    path.write_text(path.read_text("utf-8") + "# 改动\n", "utf-8")
    changed = load_compiled(folder)
    assert changed.digest != load_compiled(lexicons_folder()).digest
    assert changed.digest == load_lexicon(folder).digest
    path.unlink()
    assert len(load_compiled(folder).rules) == len(changed.rules) - 1


def _patterns(lexicon: CompiledLexicon) -> set[CompiledPattern]:
    return {
        pattern
        for rule in lexicon.rules
        for pattern in (*rule.anchored, *rule.unanchored, *rule.mention_patterns)
    }


def _texts(lexicon: Lexicon) -> list[str]:
    texts = [text for one in lexicon.scopes for text in one.file.examples.flagged]
    for path in sorted((passage_model_folder() / "corpus").glob("*.jsonl")):
        lines = path.read_text("utf-8").splitlines()[::60]
        raws = [json.loads(line) for line in lines]
        texts += [one["text"] for raw in raws for one in raw.get("paragraphs", [raw])]
    return [fold(text).text for text in texts]


def test_what_a_pattern_requires_is_never_missing_from_a_match(
    fresh: CompiledLexicon, lexicon: Lexicon
) -> None:
    texts = _texts(lexicon)
    matches = 0
    for pattern in _patterns(fresh):
        for text in texts:
            if pattern.search(text) is not None:
                matches += 1
                assert pattern.may_match(text), (pattern.pattern, text)
    assert matches > len(texts) // 2
