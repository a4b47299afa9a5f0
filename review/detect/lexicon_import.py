"""Makes rule files of a spreadsheet that an office filled in.

All problems are told at once, each with its place; rules come only of a
spreadsheet without any, so that nothing half-good is written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import regex
import yaml
from pydantic import ValidationError

from review.detect.lexicon import Lexicon
from review.detect.lexicon_columns import (
    BY_FIELD,
    EXAMPLE_MARK,
    FILE_NAME,
    CellError,
)
from review.detect.lexicon_sheet import (
    Problem,
    Row,
    Sheet,
    Spreadsheet,
    read_sheet,
    spreadsheet_at,
)
from review.detect.rule_file import CLAUSE_FORM, ScopeFile
from review.detect.rule_tests import FailedExample, run_examples
from review.errors import UsageError
from review.normalize.segment import Segmenter

_LABEL_LENGTH: Final = 24
_NO_NAME: Final = regex.compile(r"[^\p{Han}\p{L}\p{N}]+")
_LINE_WIDTH: Final = 100
_NEVER_FOLDED: Final = 1_000_000
# In flow style ([甲, 乙]); the other fields stand one a line.
_FLOWING: Final = frozenset({"also", "terms", "shields", "disclosure", "mention"})
_DATED: Final = "added"
_NO_DATE: Final = "被表格软件当成了日期，请把单元格设为文本格式后重填"
_SIDES: Final = ("disclosure", "mention")


@dataclass(frozen=True, slots=True)
class ImportedRule:
    """A rule of one row, and the file below the lexicon folder that it becomes."""

    name: str
    row: int
    file: ScopeFile

    @property
    def id(self) -> str:
        """Return the id by which reports name it."""
        return self.name.removesuffix(".yaml")


@dataclass(frozen=True, slots=True)
class Import:
    """What a spreadsheet holds: rules, or else what is wrong; and remarks."""

    rules: tuple[ImportedRule, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What a row is checked against: sheet, lexicon, names already in use."""

    sheet: Sheet
    known: Lexicon
    taken: AbstractSet[str]

    def problem(self, row: Row, field: str, message: str) -> Problem:
        """Return a problem in one cell."""
        cell = row.cells.get(field)
        place = (
            cell.place if cell else f"{self.sheet.columns.get(field, '')}{row.number}"
        )
        name = BY_FIELD[field].name
        return Problem(self.sheet.name, row.number, name, place, message)


def read_rules(
    source: Path | Spreadsheet, known: Lexicon, taken: AbstractSet[str]
) -> Import:
    """Read every row of the first sheet as a rule.

    `known` names the regulations and shared lists; `taken` are the files that
    must not be written again.

    Raises:
        UsageError: The file is not a readable xlsx.
    """
    sheet = read_sheet(
        source if isinstance(source, Spreadsheet) else spreadsheet_at(source)
    )
    return rules_of(sheet, known, taken)


def rules_of(sheet: Sheet, known: Lexicon, taken: AbstractSet[str]) -> Import:
    """Make rules of the rows, or say all that is wrong with them."""
    around = _Surroundings(sheet, known, taken)
    rules: list[ImportedRule] = []
    problems = list(sheet.problems)
    remarks: list[str] = []
    for row in sheet.rows:
        clause = row.cells.get("clause")
        if clause and clause.text.startswith(EXAMPLE_MARK):
            remarks.append(f"第 {row.number} 行是示例，没有导入")
            continue
        wrong, rule = _rule(row, around)
        problems += wrong
        if rule is not None:
            rules.append(rule)
            remarks += _remarks(rule, known)
    problems += _same_names(rules, around)
    if not rules and not problems:
        problems.append(Problem(sheet.name, 2, "", "A2", "没有可导入的行"))
    problems.sort(key=attrgetter("order"))
    return Import(() if problems else tuple(rules), tuple(problems), tuple(remarks))


def _rule(row: Row, around: _Surroundings) -> tuple[list[Problem], ImportedRule | None]:
    values, problems = _values(row, around)
    wrong = {one.column for one in problems}
    file: ScopeFile | None = None
    try:
        file = ScopeFile.model_validate(_nested(values, around.sheet))
    except ValidationError as error:
        found = _schema_problems(error, values, row, around)
        problems += [one for one in found if one.column not in wrong]
    problems += list(_beyond_schema(values, row, around))
    if problems or file is None:
        return problems, None
    name = _file_name(file, str(values.get(FILE_NAME, "")), around.known)
    if name in around.taken:
        message = f"已有规则文件 {name}；确要替换请加 --replace"
        return [around.problem(row, "clause", message)], None
    return [], ImportedRule(name, row.number, file)


def _values(row: Row, around: _Surroundings) -> tuple[dict[str, Any], list[Problem]]:
    """Return the value of each filled cell, and what could not be read."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for field, cell in row.cells.items():
        if cell.wrong:
            problems.append(around.problem(row, field, cell.wrong))
            continue
        if cell.dated and field != _DATED:
            problems.append(around.problem(row, field, _NO_DATE))
            continue
        try:
            if cell.text:
                values[field] = BY_FIELD[field].parse(cell.text)
        except CellError as error:
            problems.append(around.problem(row, field, str(error)))
    return values, problems


def _nested(values: Mapping[str, Any], sheet: Sheet) -> dict[str, Any]:
    """Return the values as a rule file nests them."""
    nested: dict[str, Any] = {
        "examples": {"flagged": (), "passing": ()},
        "added": sheet.saved,
    }
    for field, value in values.items():
        group, _, name = field.rpartition(".")
        if group:
            nested.setdefault(group, {})[name] = value
        elif field != FILE_NAME:
            nested[field] = value
    return nested


def _schema_problems(
    error: ValidationError, values: Mapping[str, Any], row: Row, around: _Surroundings
) -> list[Problem]:
    problems: list[Problem] = []
    for one in error.errors():
        names = [part for part in one["loc"] if isinstance(part, str)]
        field = names[0] if names[0] in BY_FIELD else ".".join(names[:2])
        if field not in around.sheet.columns and BY_FIELD[field].required:
            continue  # the header's problem says it
        message = _in_chinese(field, one) + _which(one["loc"], values.get(field))
        problems.append(around.problem(row, field, message))
    return problems


_MEANINGS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "missing": lambda _: "必填，不能为空",
    "too_short": lambda ctx: (
        f"至少要 {ctx['min_length']} 条，现在 {ctx['actual_length']} 条"
    ),
    "string_too_short": lambda ctx: f"太短，至少 {ctx['min_length']} 个字",
    "string_too_long": lambda ctx: f"太长，至多 {ctx['max_length']} 个字",
    "greater_than_equal": lambda ctx: f"不能小于 {ctx['ge']:g}",
}
_FORMS: Final[Mapping[str, str]] = {
    "clause": "写法不对，应像 001:12(15)",
    "added": "写法不对，应像 2026-11-22",
}


def _in_chinese(field: str, error: Mapping[str, Any]) -> str:
    if error["type"] == "string_pattern_mismatch":
        return _FORMS.get(field, "写法不对")
    meaning = _MEANINGS.get(error["type"])
    return meaning(error.get("ctx", {})) if meaning else "填写不合要求"


def _which(place: Sequence[int | str], value: Any) -> str:
    """Return which entry of a list is meant."""
    number = next((part for part in place if isinstance(part, int)), None)
    if number is None or not isinstance(value, list):
        return ""
    entry = value[number]
    text = (
        entry.get("text") or entry.get("pattern") if isinstance(entry, dict) else entry
    )
    return f"：{text}"


def _beyond_schema(
    values: Mapping[str, Any], row: Row, around: _Surroundings
) -> Iterator[Problem]:
    """Yield what a rule file's schema alone cannot see."""
    if regex.search(CLAUSE_FORM, values.get("clause", "")):
        for message in _unknown([values["clause"]], around.known):
            yield around.problem(row, "clause", message)
    for message in _unknown(values.get("also", ()), around.known):
        yield around.problem(row, "also", message)
    if values.get("level") and values.get("tier", "state") != "state":
        yield around.problem(row, "level", "只有层级是国家秘密的才填密级")
    for side in _SIDES:
        for name in values.get(f"{side}.uses", ()):
            context = around.known.contexts.get(name)
            if context is None or context.side != side:
                message = f"没有叫“{name}”的这种词表，名称见模板的填写说明"
                yield around.problem(row, f"{side}.uses", message)


def _unknown(clauses: Sequence[str], known: Lexicon) -> Iterator[str]:
    """Yield what is wrong with clauses: their form, or no such regulation."""
    numbers = [one.number for one in known.regulations]
    for clause in clauses:
        if not regex.search(CLAUSE_FORM, clause):
            yield f"“{clause}”{_FORMS['clause']}"
        elif clause[:3] not in numbers:
            listed = "、".join(numbers)
            yield f"没有编号为“{clause[:3]}”的制度，已登记的有：{listed}"


def _file_name(file: ScopeFile, given: str, known: Lexicon) -> str:
    """Return `<regulation>/<clause>-<label>.yaml`."""
    number, _, clause = file.clause.partition(":")
    folder = next(one.id for one in known.regulations if one.number == number[:3])
    prefix = f"{number[4:]}-" if number[3:] else ""
    stem = _NO_NAME.sub("-", f"{prefix}{clause}").strip("-")
    item = f".{file.item}" if file.item else ""
    label = _NO_NAME.sub("", file.label)[:_LABEL_LENGTH]
    return f"{folder}/{given or f'{stem}{item}-{label}'}.yaml"


def _same_names(
    rules: Sequence[ImportedRule], around: _Surroundings
) -> Iterator[Problem]:
    first: dict[str, int] = {}
    rows = {row.number: row for row in around.sheet.rows}
    for rule in rules:
        if rule.name in first:
            message = f"与第 {first[rule.name]} 行会写成同一个文件 {rule.name}，请改标签或填文件名"
            yield around.problem(rows[rule.row], "label", message)
        first.setdefault(rule.name, rule.row)


def _remarks(rule: ImportedRule, known: Lexicon) -> Iterator[str]:
    """Yield what may be meant so, but should be looked at."""
    listed = {entry.clause for one in known.regulations for entry in one.clauses}
    for clause in (rule.file.clause, *rule.file.also):
        if clause not in listed:
            yield f"第 {rule.row} 行：条款 {clause} 不在条款清单里，请核对"


def rule_as_yaml(file: ScopeFile) -> str:
    """Return a rule file's text, fields in the order of the schema."""
    values = _compact(file.model_dump(mode="json"))
    if values["status"] == "active":
        del values["status"]
    return "".join(_section(name, value) for name, value in values.items())


def _section(name: str, value: Any) -> str:
    flowing = name in _FLOWING
    return yaml.safe_dump(
        {name: value},
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None if flowing else False,
        width=_LINE_WIDTH if flowing else _NEVER_FOLDED,
    )


def _compact(value: Any) -> Any:
    """Leave out what is empty; write a word of weight 1 plainly."""
    if isinstance(value, dict):
        filled = {name: _compact(one) for name, one in value.items()}
        filled = {
            name: one for name, one in filled.items() if one not in ("", None, [], {})
        }
        plain = filled.keys() == {"text", "weight"} and filled["weight"] == 1
        return filled["text"] if plain else filled
    if isinstance(value, list):
        return [_compact(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def write_rules(rules: Sequence[ImportedRule], folder: Path) -> None:
    """Write all files: first beside their places, then all into place.

    Raises:
        UsageError: The folder cannot be written to.
    """
    parts: list[tuple[Path, Path]] = []
    try:
        for rule in rules:
            path = folder / rule.name
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.part")
            parts.append((part, path))
            part.write_text(rule_as_yaml(rule.file), "utf-8")
        for part, path in parts:
            part.replace(path)
    except OSError as error:
        for part, _ in parts:
            part.unlink(missing_ok=True)
        raise UsageError(f"写不进目录 {folder}（{error.strerror}）") from error


def failures_of(
    rules: Sequence[ImportedRule], loaded: Lexicon, segmenter: Segmenter
) -> list[FailedExample]:
    """Run the examples of the imported rules as they were loaded from their files.

    A rule is judged by its own words and the shared lists alone, so the other
    rules may be left out.
    """
    ids = {rule.id for rule in rules}
    own = tuple(one for one in loaded.scopes if one.id in ids)
    return run_examples(replace(loaded, scopes=own), segmenter)
