"""What a version of the office's own lexicon changes, file by file, without the machine.

Only files that the version or the one before it holds are read, so that it is quick
enough to be looked at. What it does to drafts, the preview says.
"""

from dataclasses import dataclass

from review.detect.lexicon import read_rule_file
from review.detect.lexicon_diff import LexiconDiff, compare, read_layers
from review.detect.lexicon_files import HeldFile, HeldFolder, RuleSource, layered
from review.detect.rule_file import ScopeFile
from review.errors import LexiconError
from review.ports.records import Reading
from review.service.acting import looking
from review.service.desk import Desk
from review.service.lexicons.book import Origin, Rule
from review.service.lexicons.layers import NONE, folder_of, layers, versions_of
from review.service.lexicons.preview import FileLine, lines_of
from review.upkeep.deciding import version_of
from review.upkeep.lexicons import LexiconVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A file that comes, goes or changes; `rule` as it is after that, if it is one."""

    line: FileLine
    rule: Rule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a version changes against the one it was made from.

    `problem` says why it cannot be read any more, as when the shipped lexicons
    changed meanwhile. `own` are the files that the version holds by itself.
    """

    files: tuple[Changed, ...] = ()
    own: tuple[str, ...] = ()
    problem: str | None = None


def difference(desk: Desk, change: str, *, person: str) -> Difference:
    """Return what a version changes against the one that was in force then.

    Raises:
        NotPermittedError: The person may not see changes of the lexicon.
        NotFoundError: There is no such version.
        TamperError: The files are gone, or not those that were proposed.
    """
    with looking(desk, "see_lexicon_changes", person) as records:
        known = versions_of(records)
        wanted = version_of(known, change)
        after = folder_of(records, desk.secrets, wanted)
        before = _base(desk, records, known, wanted)
    names = before.names | after.names
    own = tuple(name for name, _ in after.files)
    try:
        files = layered(layers(desk, after))
        both = _only(layered(layers(desk, before)), names), _only(files, names)
        diff = compare(*(read_layers(one) for one in both))
        return Difference(files=_changed(diff, files), own=own)
    except LexiconError as error:
        return Difference(own=own, problem=error.message)


def _base(
    desk: Desk,
    records: Reading,
    known: tuple[LexiconVersion, ...],
    wanted: LexiconVersion,
) -> HeldFolder:
    if wanted.base is None:
        return NONE
    return folder_of(records, desk.secrets, version_of(known, wanted.base))


def _only(files: dict[str, RuleSource], names: frozenset[str]) -> HeldFolder:
    held = ((name, files[name]) for name in sorted(names) if name in files)
    return HeldFolder(tuple((name, one.read_bytes()) for name, one in held))


def _changed(diff: LexiconDiff, files: dict[str, RuleSource]) -> tuple[Changed, ...]:
    return tuple(Changed(line=one, rule=_rule(one, files)) for one in lines_of(diff))


def _rule(line: FileLine, files: dict[str, RuleSource]) -> Rule | None:
    source = files.get(line.name)
    if line.group != "rule" or line.how == "removed" or source is None:
        return None
    origin: Origin = "office" if isinstance(source, HeldFile) else "shipped"
    name = line.name.removesuffix(".yaml")
    return Rule(name, origin, read_rule_file(source, ScopeFile))
