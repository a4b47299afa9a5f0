"""Compares two lexicons: which files and which words changed, and what follows.

The folders need not be complete: an office's own folder, whose rules use the
shipped lists, can be compared as it lies. Two lexicons are equal when their
digests are, and reports cite those; where only comments, layout or order
differ, a file counts as changed without a change in it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from pydantic import BaseModel

from review import digests
from review.detect.interface import Finding
from review.detect.kind_file import KindFile
from review.detect.lexicon import Group, group_of, read_rule_file
from review.detect.lexicon_files import Layer, RuleSource, digest_of, layered
from review.detect.rule_file import ContextFile, RegulationsFile, ScopeFile
from review.errors import LexiconError

How: TypeAlias = Literal["added", "removed", "reweighted", "changed"]

_KEYS: Final = ("text", "pattern", "number", "clause")
_SCHEMAS: Final[Mapping[Group, type[BaseModel]]] = {
    "rule": ScopeFile,
    "context": ContextFile,
    "kind": KindFile,
    "regulations": RegulationsFile,
}
# A clause's items are numbered by their order; elsewhere order means nothing.
_ORDERED: Final = "items"


@dataclass(frozen=True, slots=True)
class LexiconFile:
    """One file of a lexicon, checked, with all defaults filled in."""

    name: str
    group: Group
    label: str
    digest: str
    contents: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LexiconFolder:
    """All files of one folder by name, and the digest that reports cite."""

    digest: str
    files: Mapping[str, LexiconFile]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in a file.

    `field` is dotted (`disclosure.status`); `what` is the word, pattern or
    text that came, went or changed, empty where the field has one value only.
    """

    field: str
    how: How
    what: str = ""
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that is in both lexicons with different bytes."""

    file: LexiconFile
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class LexiconDiff:
    """What the new lexicon has, lacks and changes against the old one."""

    old: str
    new: str
    added: tuple[LexiconFile, ...]
    removed: tuple[LexiconFile, ...]
    changed: tuple[FileChange, ...]

    @property
    def equal(self) -> bool:
        """Tell whether both lexicons are the same, byte for byte."""
        return self.old == self.new


@dataclass(frozen=True, slots=True)
class FindingsDiff:
    """What the new lexicon finds more, and no longer finds, in one draft."""

    gained: tuple[Finding, ...]
    lost: tuple[Finding, ...]


def read_folder(folder: Path) -> LexiconFolder:
    """Read and check every file of a lexicon folder.

    Raises:
        LexiconError: There is no lexicon, or a file breaks the schema.
    """
    found = read_layers(folder)
    if not found.files:
        raise LexiconError(f"目录里没有词库文件（.yaml）：{folder}")
    return found


def read_layers(*layers: Layer) -> LexiconFolder:
    """Read and check every file of layers laid over each other.

    Raises:
        LexiconError: A file breaks the schema.
    """
    sources = layered(layers)
    files = {name: _read(name, one) for name, one in sorted(sources.items())}
    return LexiconFolder(digest_of(sources), files)


def _read(name: str, path: RuleSource) -> LexiconFile:
    group = group_of(name, path)
    contents = read_rule_file(path, _SCHEMAS[group]).model_dump()
    return LexiconFile(
        name=name,
        group=group,
        label=_label(group, contents),
        digest=digests.of_bytes(path.read_bytes()),
        contents=contents,
    )


def _label(group: Group, contents: Mapping[str, Any]) -> str:
    if group == "rule":
        return f"{contents['clause']} {contents['label']}"
    if group == "context":
        return str(contents["about"])
    return str(contents["kind"]) if group == "kind" else "制度和条款清单"


def compare(old: LexiconFolder, new: LexiconFolder) -> LexiconDiff:
    """Return what differs, files in order of name."""
    return LexiconDiff(
        old=old.digest,
        new=new.digest,
        added=_only_in(new, old),
        removed=_only_in(old, new),
        changed=tuple(
            FileChange(file, tuple(_differences("", before.contents, file.contents)))
            for name, file in sorted(new.files.items())
            if (before := old.files.get(name)) and before.digest != file.digest
        ),
    )


def _only_in(one: LexiconFolder, other: LexiconFolder) -> tuple[LexiconFile, ...]:
    names = sorted(one.files.keys() - other.files.keys())
    return tuple(one.files[name] for name in names)


def _differences(field: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            below = f"{field}.{key}" if field else str(key)
            yield from _differences(below, old.get(key), new.get(key))
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield from _entries(field, old, new)
    else:
        yield Change(field, "changed", old=_shown(old), new=_shown(new))


def _entries(field: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    """Compare two lists by what names their entries."""
    before, after = _keyed(old), _keyed(new)
    for key, entry in after.items():
        if key not in before:
            yield Change(field, "added", key, new=_detail(entry))
    for key, entry in before.items():
        if key not in after:
            yield Change(field, "removed", key, old=_detail(entry))
    for key, entry in after.items():
        if key in before and before[key] != entry:
            yield from _entry(field, key, before[key], entry)
    if field.endswith(_ORDERED) and before.keys() == after.keys():
        yield Change(field, "changed", old=_shown(old), new=_shown(new))


def _entry(
    field: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    """Compare two entries of the same name."""
    if "weight" not in new:
        yield from _differences(f"{field}[{key}]", old, new)
        return
    if {**old, "weight": new["weight"]} == new:
        yield Change(
            field, "reweighted", key, _shown(old["weight"]), _shown(new["weight"])
        )
        return
    yield Change(field, "changed", key, _detail(old), _detail(new))


def _keyed(entries: Iterable[Any]) -> dict[str, Any]:
    return {_key(entry): entry for entry in entries}


def _key(entry: Any) -> str:
    if isinstance(entry, Mapping):
        return str(next(entry[name] for name in _KEYS if name in entry))
    return str(entry)


def _detail(entry: Any) -> str | None:
    """Return what a word or pattern carries beside its text."""
    if not isinstance(entry, Mapping) or "weight" not in entry:
        return None
    parts = [_shown(entry["weight"])]
    if entry.get("anchors"):
        parts.append(f"锚词 {'、'.join(entry['anchors'])}")
    if entry.get("why"):
        parts.append(str(entry["why"]))
    return "；".join(parts)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def compare_findings(old: Sequence[Finding], new: Sequence[Finding]) -> FindingsDiff:
    """Return the findings that only one of two scans of the same draft has.

    A finding is the same when its rule, place and severity are; a wider
    excerpt, another score or a further clause alone makes no new one.
    """
    return FindingsDiff(gained=_beyond(new, old), lost=_beyond(old, new))


def _beyond(
    findings: Sequence[Finding], others: Iterable[Finding]
) -> tuple[Finding, ...]:
    left = Counter(_identity(one) for one in others)
    beyond: list[Finding] = []
    for finding in findings:
        if left[_identity(finding)]:
            left[_identity(finding)] -= 1
        else:
            beyond.append(finding)
    return tuple(beyond)


def _identity(finding: Finding) -> tuple[object, ...]:
    return (
        finding.detector,
        finding.rule,
        finding.passage,
        finding.severity,
        finding.category,
        finding.tier,
        finding.level,
    )
