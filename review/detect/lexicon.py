"""Loads, checks and digests the lexicons; refuses a bad file by line.

A lexicon folder holds `regulations.yaml`, `context/*.yaml` and one folder a
regulation with one file a listed scope. An office's own layers are laid over
the shipped one: a file of the same name replaces, a new one adds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from review.detect.kind_file import KindFile
from review.detect.lexicon_files import Layer, RuleSource, digest_of, layered
from review.detect.rule_file import ContextFile, Regulation, RegulationsFile, ScopeFile
from review.errors import LexiconError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Model = TypeVar("_Model", bound=BaseModel)

Group: TypeAlias = Literal["rule", "context", "kind", "regulations"]
CONTEXT_FOLDER = "context"
REGULATIONS_FILE = "regulations.yaml"
KINDS_FOLDER = "kinds"


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """A rule file with the id by which reports name it."""

    id: str
    file: ScopeFile

    @property
    def clauses(self) -> tuple[str, ...]:
        """Return the clause and those of other regulations that list the same."""
        return (self.file.clause, *self.file.also)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All rules of one office, in order of id, and their common digest."""

    scopes: tuple[ScopeRule, ...]
    contexts: Mapping[str, ContextFile]
    regulations: tuple[Regulation, ...]
    kinds: tuple[KindFile, ...]
    digest: str


def load_lexicon(*layers: Layer) -> Lexicon:
    """Load the shipped folder and, laid over it, an office's own.

    Raises:
        LexiconError: A file breaks the schema; file and line are named.
    """
    files = layered(layers)
    contexts: dict[str, ContextFile] = {}
    scopes: list[ScopeRule] = []
    regulations: tuple[Regulation, ...] = ()
    kinds: list[KindFile] = []
    for name, path in sorted(files.items()):
        group = group_of(name, path)
        if group == "regulations":
            regulations = read_rule_file(path, RegulationsFile).regulations
        elif group == "context":
            context = read_rule_file(path, ContextFile)
            contexts[context.name] = context
        elif group == "kind":
            kinds.append(read_rule_file(path, KindFile))
        else:
            rule_id = name.removesuffix(".yaml")
            scopes.append(ScopeRule(rule_id, read_rule_file(path, ScopeFile)))
    _check_references(scopes, contexts, files)
    return Lexicon(
        scopes=tuple(scope for scope in scopes if scope.file.status == "active"),
        contexts=contexts,
        regulations=regulations,
        kinds=tuple(kinds),
        digest=digest_of(files),
    )


def group_of(name: str, path: RuleSource) -> Group:
    """Return what a file of the lexicons holds, by its name below their folder.

    Raises:
        LexiconError: It lies beside the folders of the regulations.
    """
    folder = name.split("/", maxsplit=1)[0]
    if name == REGULATIONS_FILE:
        return "regulations"
    if folder == name:
        raise LexiconError(
            f"{path}：词库根目录只放 {REGULATIONS_FILE}，规则请放进制度目录"
        )
    if folder == CONTEXT_FOLDER:
        return "context"
    return "kind" if folder == KINDS_FOLDER else "rule"


def read_yaml(path: RuleSource) -> Any:
    """Read one YAML file.

    Raises:
        LexiconError: It is not YAML; the line is named.
    """
    try:
        # CSafeLoader is the safe loader in C.
        return yaml.load(path.read_bytes(), Loader=_Loader)  # noqa: S506, TID251 - safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LexiconError(
            f"{path}:{line}：不是合格的 YAML（{error.problem}）"
        ) from error
    except yaml.YAMLError as error:
        raise LexiconError(f"{path}:1：不是合格的 YAML") from error


def read_rule_file(path: RuleSource, model: type[_Model]) -> _Model:
    """Read and check one rule file.

    Raises:
        LexiconError: It breaks the schema; file and line are named.
    """
    try:
        return model.model_validate(read_yaml(path))
    except ValidationError as error:
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        line = _line_of(path, first["loc"])
        place = ".".join(str(part) for part in first["loc"])
        raise LexiconError(
            f"{path}:{line}：{place} 不符合词库格式（{_in_chinese(first)}）"
        ) from error


_MEANINGS: Mapping[str, str] = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这个字段，请检查拼写",
    "too_short": "数量不够",
    "string_too_short": "太短",
    "string_too_long": "太长",
    "string_pattern_mismatch": "写法不对",
    "literal_error": "不在允许的取值之内",
    "string_type": "应为文字",
    "tuple_type": "应为列表",
    "model_type": "应为“字段: 值”的一组",
    "less_than_equal": "数值太大",
    "greater_than": "数值太小",
}


def _in_chinese(error: Mapping[str, Any]) -> str:
    meaning = _MEANINGS.get(error["type"], error["type"])
    expected = error.get("ctx", {}).get("expected")
    return f"{meaning}：{expected}" if expected else meaning


def _line_of(path: RuleSource, place: tuple[int | str, ...]) -> int:
    """Return the line where the offending value stands, or its parent."""
    node = yaml.compose(path.read_bytes(), Loader=_Loader)
    line = 1
    for part in place:
        child = _child(node, part)
        if child is None:
            break
        node = child
        line = node.start_mark.line + 1
    return line


def _child(node: Any, part: int | str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return node.value[part] if part < len(node.value) else None
    return None


def _check_references(
    scopes: Iterable[ScopeRule],
    contexts: Mapping[str, ContextFile],
    files: Mapping[str, RuleSource],
) -> None:
    for scope in scopes:
        for side, names in (
            ("disclosure", scope.file.disclosure.uses),
            ("mention", scope.file.mention.uses),
        ):
            for name in names:
                if name not in contexts or contexts[name].side != side:
                    path = files[f"{scope.id}.yaml"]
                    line = _line_of(path, (side, "uses"))
                    raise LexiconError(
                        f"{path}:{line}：{side}.uses 里的“{name}”不是 {CONTEXT_FOLDER} 目录中"
                        f" side 为 {side} 的词表"
                    )
