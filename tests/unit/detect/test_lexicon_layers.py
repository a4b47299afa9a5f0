"""An office's own rules out of memory: laid over, reported by name, compiled alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from review.detect.compile_lexicon import compile_lexicon, load_compiled
from review.detect.lexicon import Lexicon, load_lexicon
from review.detect.lexicon_diff import compare, read_folder, read_layers
from review.detect.lexicon_files import HeldFolder, layered_digest
from review.detect.rule_file import Disclosure, Pattern
from review.errors import LexiconError
from review.normalize.passages import single_passage
from review.pipeline import Scanner
from review.resources import lexicons_folder

_FOLDER = "xishuangbanna-college"
_SHIPPED = f"{_FOLDER}/12-15-启用前试题.yaml"


def _held(name: str, data: bytes) -> HeldFolder:
    return HeldFolder(((name, data),))


def _shipped() -> bytes:
    return (lexicons_folder() / _SHIPPED).read_bytes()


def test_rules_in_memory_count_as_if_they_lay_in_a_folder(tmp_path: Path) -> None:
    data = _shipped().replace("启用前的试题".encode(), "改过名的试题".encode(), 1)
    place = tmp_path / _SHIPPED
    place.parent.mkdir()
    place.write_bytes(data)
    held = _held(_SHIPPED, data)
    assert layered_digest(lexicons_folder(), held) == layered_digest(
        lexicons_folder(), tmp_path
    )
    assert read_layers(held) == read_folder(tmp_path)


@pytest.mark.slow
def test_only_what_is_laid_over_is_compiled_anew(lexicon: Lexicon) -> None:
    data = _shipped().replace(b"terms: [", "terms: [砚湖题样, ".encode(), 1)
    held = _held(_SHIPPED, data)
    whole = compile_lexicon(load_lexicon(lexicons_folder(), held))
    quick = load_compiled(lexicons_folder(), held)
    assert quick == whole
    assert quick != compile_lexicon(lexicon)
    rule = next(one for one in quick.rules if f"{one.scope.id}.yaml" == _SHIPPED)
    assert "砚湖题样" in rule.terms


@pytest.mark.slow
def test_a_word_that_an_office_lets_speak_for_itself_is_always_flagged() -> None:
    text = "各部门要落实砚湖题样，按时报送材料，共三十份。"
    for weight, flagged in ((2, True), (1, False)):
        word = f"terms: [{{text: 砚湖题样, weight: {weight}}}, "
        data = _shipped().replace(b"terms: [", word.encode(), 1)
        scanner = Scanner(_held(_SHIPPED, data))
        found = scanner.examiner.examine(single_passage(text)).findings
        # The classifier may have its own opinion of an invented word.
        assert ("lexicon" in {one.detector for one in found}) is flagged


@pytest.mark.slow
def test_a_shared_list_of_ones_own_is_felt_by_every_rule() -> None:
    name = "context/unpublished.yaml"
    data = (lexicons_folder() / name).read_bytes()
    more = "\npatterns: [{pattern: '砚湖.{0,4}未定', anchors: [砚湖]}]\n"
    held = _held(name, data + more.encode())
    whole = compile_lexicon(load_lexicon(lexicons_folder(), held))
    quick = load_compiled(lexicons_folder(), held)
    assert quick == whole
    assert any("砚湖" in rule.anchors() for rule in quick.rules)


def test_a_rule_that_rests_is_no_rule(lexicon: Lexicon) -> None:
    held = _held(_SHIPPED, _shipped() + b"\nstatus: retired\n")
    rules = load_compiled(lexicons_folder(), held).rules
    assert len(rules) == len(lexicon.scopes) - 1


def test_a_fault_is_named_by_file_and_line() -> None:
    held = _held(_SHIPPED, _shipped() + b"\nhurry: 1\n")
    with pytest.raises(LexiconError) as refused:
        load_lexicon(lexicons_folder(), held)
    assert f"本单位词库/{_SHIPPED}:" in refused.value.message
    assert "hurry" in refused.value.message


def test_what_changed_is_told_between_layers() -> None:
    held = _held(_SHIPPED, _shipped() + b"\nstatus: retired\n")
    diff = compare(read_layers(lexicons_folder()), read_layers(lexicons_folder(), held))
    (changed,) = diff.changed
    assert changed.file.name == _SHIPPED
    assert [(one.field, one.new) for one in changed.changes] == [("status", "retired")]


@pytest.mark.parametrize(
    ("pattern", "refused"),
    [
        ("((a{1000}){1000}){1000}", True),
        ("(?:a{999999999})", True),
        ("第.{0,400}题.{0,400}选", False),
        ("[0-9]{4}年[0-9]{2}月.{12}", False),
    ],
)
def test_a_pattern_that_never_compiles_is_refused_at_once(
    lexicon: Lexicon, pattern: str, *, refused: bool
) -> None:
    content = Disclosure(content=(Pattern(pattern=pattern),))
    first = lexicon.scopes[0]
    file = first.file.model_copy(update={"disclosure": content})
    changed = replace(lexicon, scopes=(replace(first, file=file),))
    if refused:
        with pytest.raises(LexiconError, match="重复次数太多"):
            compile_lexicon(changed)
    else:
        assert len(compile_lexicon(changed).rules) == 1
