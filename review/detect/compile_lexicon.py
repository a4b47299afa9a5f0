"""Makes the rule files ready to run, and keeps the shipped ones ready on disk.

`lexicons/compiled.json` holds the shipped lexicons compiled, with the digest of
the files it was made from. Where that digest differs everything is compiled anew;
where an office's own rules are laid over, only what they change.
"""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any, Final

import regex

from review.detect.compiled_rules import (
    CompiledKind,
    CompiledLexicon,
    CompiledPattern,
    CompiledRule,
    Scope,
)
from review.detect.lexicon_files import layered, layered_digest
from review.detect.literals import required_words
from review.errors import LexiconError
from review.normalize.steps import fold_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from review.detect.kind_file import KindFile
    from review.detect.lexicon import Lexicon, ScopeRule
    from review.detect.lexicon_files import Layer
    from review.detect.rule_file import ContextFile, Pattern, Word

COMPILED_FILE: Final = "compiled.json"
_SHARED: Final = "context/"
_MOST_UNROLLED: Final = 20_000
# In a pattern, full-width marks mean what folding makes of them.
_MARKS: Final = str.maketrans(
    {"：": ":", "，": ",", "；": ";", "（": r"\(", "）": r"\)", "？": r"\?", "！": "!"}
)


def load_compiled(shipped: Path, *own: Layer) -> CompiledLexicon:
    """Return the lexicons in `shipped` with an office's own layers laid over them.

    Raises:
        LexiconError: A file breaks the schema, or a pattern is wrong.
    """
    ready = _ready(shipped)
    names = frozenset(layered(own))
    if ready is not None and not names:
        return ready
    kept = {} if ready is None else _untouched(ready, names)
    return compile_lexicon(_read(shipped, *own), kept)


def _ready(shipped: Path) -> CompiledLexicon | None:
    """Return what lies compiled, if it was made of the files as they are."""
    file = shipped / COMPILED_FILE
    if not file.is_file():
        return None
    raw = json.loads(file.read_text("utf-8"))
    return _from_json(raw) if raw["digest"] == layered_digest(shipped) else None


def _untouched(
    ready: CompiledLexicon, names: frozenset[str]
) -> Mapping[str, CompiledRule]:
    """Return the rules that files of those names leave as they are, by id."""
    if any(one.startswith(_SHARED) for one in names):
        return {}
    rules = ((one.scope.id, one) for one in ready.rules)
    return {name: rule for name, rule in rules if f"{name}.yaml" not in names}


def _read(*layers: Layer) -> Lexicon:
    # Reading the rule files needs pydantic and YAML, which cost a third of the
    # start-up of a scan that finds the lexicons compiled.
    from review.detect.lexicon import load_lexicon  # noqa: PLC0415 - see above

    return load_lexicon(*layers)


def write_compiled(folder: Path) -> CompiledLexicon:
    """Compile the lexicons in `folder` and write the result beside them."""
    compiled = compile_lexicon(_read(folder))
    text = json.dumps(
        dataclasses.asdict(compiled), ensure_ascii=False, default=sorted, indent=0
    )
    (folder / COMPILED_FILE).write_text(text + "\n", "utf-8")
    return compiled


def compile_lexicon(
    lexicon: Lexicon, kept: Mapping[str, CompiledRule] | None = None
) -> CompiledLexicon:
    """Fold every word and prepare every pattern.

    `kept` are rules, by id, that are compiled already.

    Raises:
        LexiconError: A pattern is not a regular expression.
    """
    patterns, ready = _Patterns(), kept or {}
    return CompiledLexicon(
        digest=lexicon.digest,
        rules=tuple(
            ready.get(scope.id) or _rule(scope, lexicon, patterns)
            for scope in lexicon.scopes
        ),
        shared={
            name: _folded(context.words)
            for name, context in sorted(lexicon.contexts.items())
            if context.side != "shield"
        },
        shields=frozenset(
            fold_words(word.text)
            for context in lexicon.contexts.values()
            if context.side == "shield"
            for word in context.words
        ),
        kinds=tuple(_kind(file) for file in lexicon.kinds),
        about={
            entry.clause: entry.about
            for regulation in lexicon.regulations
            for entry in regulation.clauses
        },
    )


class _Patterns:
    """Prepares each pattern once, however many rules share it."""

    def __init__(self) -> None:
        self._known: dict[Pattern, CompiledPattern] = {}

    def prepare(
        self, scope: ScopeRule, patterns: Iterable[Pattern]
    ) -> tuple[CompiledPattern, ...]:
        for pattern in patterns:
            if pattern not in self._known:
                self._known[pattern] = _prepared(scope, pattern)
        return tuple(self._known[pattern] for pattern in patterns)


def _prepared(scope: ScopeRule, pattern: Pattern) -> CompiledPattern:
    anchors = frozenset(fold_words(anchor) for anchor in pattern.anchors)
    return _pattern(
        f"{scope.id}.yaml", pattern.pattern, pattern.weight, pattern.why, anchors
    )


def _pattern(
    place: str,
    written: str,
    weight: float = 1.0,
    why: str = "",
    anchors: frozenset[str] = frozenset(),
) -> CompiledPattern:
    folded = written.translate(_MARKS)
    _forbid_unrolling(place, written)
    try:
        regex.compile(folded)
    except regex.error as error:
        raise LexiconError(
            f"{place}：正则表达式“{written}”写错了（{error}）"
        ) from error
    required = tuple(tuple(sorted(words)) for words in required_words(folded))
    return CompiledPattern(folded, weight, why, anchors, required)


def _forbid_unrolling(place: str, written: str) -> None:
    """Refuse repetitions within repetitions that would be unrolled without end."""
    least = (int(one) for one in regex.findall(r"\{(\d{1,9})", written))
    if math.prod(max(1, one) for one in least) > _MOST_UNROLLED:
        raise LexiconError(
            f"{place}：正则表达式“{written}”里的重复次数太多，请改小花括号里的数"
        )


def _rule(scope: ScopeRule, lexicon: Lexicon, patterns: _Patterns) -> CompiledRule:
    file = scope.file
    disclosing = [lexicon.contexts[name] for name in file.disclosure.uses]
    mentioning = [lexicon.contexts[name] for name in file.mention.uses]
    content = patterns.prepare(
        scope, (*file.disclosure.content, *_patterns_of(disclosing))
    )
    return CompiledRule(
        scope=Scope(
            id=scope.id,
            clauses=scope.clauses,
            category=file.category,
            tier=file.tier,
            level=file.level,
            severity=file.severity,
            because=file.because,
            releasable_when=file.releasable_when,
            suggestion=file.suggestion,
        ),
        terms=_folded(file.terms),
        status=_folded(file.disclosure.status),
        mention=_folded(file.mention.words),
        anchored=tuple(one for one in content if one.anchors),
        unanchored=tuple(one for one in content if not one.anchors),
        mention_patterns=patterns.prepare(
            scope, (*file.mention.patterns, *_patterns_of(mentioning))
        ),
        shields=frozenset(fold_words(word) for word in file.shields),
        disclosure_uses=file.disclosure.uses,
        mention_uses=file.mention.uses,
    )


def _patterns_of(contexts: Iterable[ContextFile]) -> list[Pattern]:
    return [pattern for context in contexts for pattern in context.patterns]


def _folded(words: Iterable[Word]) -> dict[str, float]:
    return {fold_words(word.text): word.weight for word in words}


def _kind(file: KindFile) -> CompiledKind:
    def prepared(patterns: Sequence[str]) -> tuple[CompiledPattern, ...]:
        return tuple(_pattern(f"kinds/{file.kind}.yaml", one) for one in patterns)

    return CompiledKind(
        kind=file.kind,
        clauses=file.clauses,
        category=file.category,
        tier=file.tier,
        severity=file.severity,
        because=file.because,
        releasable_when=file.releasable_when,
        suggestion=file.suggestion,
        titles=prepared(file.titles),
        formulae=prepared(file.formulae),
        against=prepared(file.against),
    )


def _from_json(raw: dict[str, Any]) -> CompiledLexicon:
    known: dict[str, CompiledPattern] = {}
    return CompiledLexicon(
        digest=raw["digest"],
        rules=tuple(_rule_from_json(one, known) for one in raw["rules"]),
        shared=raw["shared"],
        shields=frozenset(raw["shields"]),
        kinds=tuple(_kind_from_json(one, known) for one in raw["kinds"]),
        about=raw["about"],
    )


def _patterns_from_json(
    raw: Sequence[dict[str, Any]], known: dict[str, CompiledPattern]
) -> tuple[CompiledPattern, ...]:
    """Rebuild the patterns; those that rules share become one object again."""
    patterns: list[CompiledPattern] = []
    for one in raw:
        key = f"{one['pattern']}\0{one['weight']}\0{one['why']}\0{one['anchors']}"
        if key not in known:
            known[key] = CompiledPattern(
                one["pattern"],
                one["weight"],
                one["why"],
                frozenset(one["anchors"]),
                tuple(map(tuple, one["required"])),
            )
        patterns.append(known[key])
    return tuple(patterns)


def _rule_from_json(
    raw: dict[str, Any], known: dict[str, CompiledPattern]
) -> CompiledRule:
    scope = raw["scope"] | {"clauses": tuple(raw["scope"]["clauses"])}
    return CompiledRule(
        scope=Scope(**scope),
        terms=raw["terms"],
        status=raw["status"],
        mention=raw["mention"],
        anchored=_patterns_from_json(raw["anchored"], known),
        unanchored=_patterns_from_json(raw["unanchored"], known),
        mention_patterns=_patterns_from_json(raw["mention_patterns"], known),
        shields=frozenset(raw["shields"]),
        disclosure_uses=tuple(raw["disclosure_uses"]),
        mention_uses=tuple(raw["mention_uses"]),
    )


def _kind_from_json(
    raw: dict[str, Any], known: dict[str, CompiledPattern]
) -> CompiledKind:
    patterns = {
        name: _patterns_from_json(raw[name], known)
        for name in ("titles", "formulae", "against")
    }
    return CompiledKind(**(raw | {"clauses": tuple(raw["clauses"])} | patterns))
