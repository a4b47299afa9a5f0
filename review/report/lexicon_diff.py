"""What changed between two lexicons, as lines in Chinese and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from review.detect.interface import Finding
from review.detect.lexicon_diff import (
    Change,
    FindingsDiff,
    How,
    LexiconDiff,
    LexiconFile,
)
from review.detect.lexicon_words import field_name, value_name
from review.report import words
from review.report.as_json import finding_as_json

_GROUPS: Final = {
    "rule": "规则",
    "context": "共用词表",
    "kind": "文种",
    "regulations": "制度",
}
_HOWS: Final[dict[How, str]] = {
    "added": "新增",
    "removed": "删去",
    "reweighted": "改分",
    "changed": "改动",
}
_PATTERNS: Final = ("content", "patterns")
_SHORT: Final = 13
_DIGITS: Final = 12
_EXCERPT: Final = 60


def diff_lines(diff: LexiconDiff) -> Iterator[str]:
    """Yield the comparison: both versions, then what came, went and changed."""
    yield f"旧词库版本 {diff.old[:_DIGITS]}"
    yield f"新词库版本 {diff.new[:_DIGITS]}"
    if diff.equal:
        yield "两个词库完全相同"
        return
    yield from _files("新增", diff.added)
    yield from _files("删除", diff.removed)
    if diff.changed:
        yield f"改动（{len(diff.changed)}）"
    for one in diff.changed:
        yield f"  {_named(one.file)}"
        yield from (f"    {line}" for line in change_lines(one.changes))


def _files(title: str, files: Sequence[LexiconFile]) -> Iterator[str]:
    if files:
        yield f"{title}（{len(files)}）"
    for file in files:
        yield f"  {_named(file)}"


def _named(file: LexiconFile) -> str:
    return f"{_GROUPS[file.group]} {file.name}（{file.label}）"


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    """Yield what changed in one file."""
    if not changes:
        yield "只有注释、排版或次序不同"
    for (field, how), group in groupby(changes, attrgetter("field", "how")):
        shown = [_change(one) for one in group]
        head = f"{field_name(field)} {_HOWS[how]}："
        if all(len(one) <= _SHORT for one in shown):
            yield head + "、".join(shown)
        else:
            yield from (head + one for one in shown)


def _change(change: Change) -> str:
    if change.how in {"reweighted", "changed"}:
        old, new = (_value(change, one) for one in (change.old, change.new))
        return f"{change.what} {old} → {new}".strip()
    detail = change.new if change.how == "added" else change.old
    if detail is None or detail == "1":
        return change.what
    if change.field.endswith(_PATTERNS):
        return f"{change.what}（{detail}）"
    return f"{change.what}*{detail}"


def _value(change: Change, value: str | None) -> str:
    return value_name(change.field, value) if value else "（无）"


def findings_lines(name: str, diff: FindingsDiff) -> Iterator[str]:
    """Yield a line for each finding gained or lost in one draft."""
    if diff.gained or diff.lost:
        yield f"  {name}"
    yield from (f"    多标出 {_finding(one)}" for one in diff.gained)
    yield from (f"    少标出 {_finding(one)}" for one in diff.lost)


def _finding(finding: Finding) -> str:
    where = "全文" if finding.passage is None else words.place(finding.where)
    excerpt = words.excerpt(finding.text, _EXCERPT)
    quoted = f"“{excerpt}”" if excerpt else ""
    rule = "分类模型" if finding.detector == "classifier" else finding.rule
    severity = words.SEVERITIES[finding.severity]
    return f"{where} [{severity}] {rule} {quoted}".rstrip()


def diff_as_json(diff: LexiconDiff) -> dict[str, Any]:
    """Return the comparison, ready for `json.dumps`."""
    return {
        "equal": diff.equal,
        "old": diff.old,
        "new": diff.new,
        "added": _files_as_json(diff.added),
        "removed": _files_as_json(diff.removed),
        "changed": [
            {
                **_file_as_json(one.file),
                "changes": [_change_as_json(change) for change in one.changes],
            }
            for one in diff.changed
        ],
    }


def _files_as_json(files: Iterable[LexiconFile]) -> list[dict[str, str]]:
    return [_file_as_json(file) for file in files]


def _file_as_json(file: LexiconFile) -> dict[str, str]:
    return {"file": file.name, "group": file.group, "label": file.label}


def _change_as_json(change: Change) -> dict[str, str | None]:
    return {
        "field": change.field,
        "how": change.how,
        "what": change.what or None,
        "old": change.old,
        "new": change.new,
    }


def findings_as_json(name: str, diff: FindingsDiff) -> dict[str, Any]:
    """Return the findings gained and lost in one draft."""
    return {
        "file": name,
        "gained": _findings_as_json("g", diff.gained),
        "lost": _findings_as_json("l", diff.lost),
    }


def _findings_as_json(letter: str, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        finding_as_json(f"{letter}{number}", one)
        for number, one in enumerate(findings, start=1)
    ]
