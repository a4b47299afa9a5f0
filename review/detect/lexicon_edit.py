"""Small changes to rules, made without writing YAML: words come and go, a rule rests.

A rule that is changed becomes a file of the office's own, laid over the one it
came from, whose examples it keeps: they show whether the change holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from pydantic import ValidationError

from review.detect.lexicon import group_of, read_rule_file
from review.detect.lexicon_files import HeldFile, RuleSource
from review.detect.lexicon_import import rule_as_yaml
from review.detect.lexicon_words import FIELD_NAMES
from review.detect.rule_file import ScopeFile
from review.errors import LexiconError, NotFoundError

Action: TypeAlias = Literal["add", "remove", "retire", "resume"]
WordField: TypeAlias = Literal["terms", "shields", "disclosure.status", "mention.words"]

_STATUS: Final[Mapping[Action, str]] = {"retire": "retired", "resume": "active"}
_WEIGHTLESS: Final = "shields"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word to add, with its points."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change to one rule, by the id that reports name it by.

    `words` are for `add` and `remove`; a word that is there is given new points.
    """

    rule: str
    action: Action
    field: WordField = "terms"
    words: tuple[Word, ...] = ()


def edited(
    files: Mapping[str, RuleSource], edits: Iterable[Edit]
) -> Mapping[str, bytes]:
    """Return the rule files that the edits change, as their new bytes.

    Raises:
        NotFoundError: There is no such rule, or it lacks a word to be removed.
        LexiconError: A rule would break the schema.
    """
    changed: dict[str, bytes] = {}
    for one in edits:
        name = f"{one.rule}.yaml"
        source = files.get(name)
        if name in changed:
            source = HeldFile(name, changed[name])
        if source is None or group_of(name, source) != "rule":
            raise NotFoundError(f"词库里没有规则 {one.rule}，请核对规则名。")
        changed[name] = rule_as_yaml(_edited(source, one)).encode()
    return changed


def _edited(source: RuleSource, edit: Edit) -> ScopeFile:
    values: dict[str, Any] = read_rule_file(source, ScopeFile).model_dump()
    if edit.action in _STATUS:
        values["status"] = _STATUS[edit.action]
    else:
        holder, field = _holder(values, edit.field)
        holder[field] = _words(edit, holder[field])
    try:
        return ScopeFile.model_validate(values)
    except ValidationError:
        raise LexiconError(
            f"规则 {edit.rule} 改后不合词库格式：每条规则至少要有一个词语，"
            "词语 1 至 60 个字，分值大于 0、不超过 3；整条不再用时请停用规则。"
        ) from None


def _holder(values: dict[str, Any], field: WordField) -> tuple[dict[str, Any], str]:
    group, _, name = field.rpartition(".")
    return (values[group] if group else values), name


def _words(edit: Edit, there: Iterable[Any]) -> tuple[Any, ...]:
    """Return the field's words after the edit, those that stay in their order."""
    known = {_text(one): one for one in there}
    for word in edit.words:
        text = word.text.strip()
        if edit.action == "add":
            plain = edit.field == _WEIGHTLESS
            known[text] = text if plain else {"text": text, "weight": word.weight}
        elif known.pop(text, None) is None:
            name = FIELD_NAMES[edit.field]
            raise NotFoundError(
                f"规则 {edit.rule} 的{name}里没有要删的词，请核对后重试。"
            )
    return tuple(known.values())


def _text(word: Any) -> str:
    return str(word["text"]) if isinstance(word, dict) else str(word)
