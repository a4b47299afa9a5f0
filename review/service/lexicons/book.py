"""The lexicons in force, to be read: every rule with its words, every listed clause."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from review.detect.lexicon import (
    CONTEXT_FOLDER,
    KINDS_FOLDER,
    REGULATIONS_FILE,
    read_rule_file,
)
from review.detect.lexicon_files import HeldFile, Layer, digest_of, layered
from review.detect.rule_file import (
    ContextFile,
    Regulation,
    RegulationsFile,
    ScopeFile,
)
from review.errors import NotFoundError
from review.resources import lexicons_folder
from review.service.acting import looking
from review.service.desk import Desk
from review.service.lexicons.layers import folder_in_force, layers, versions_of
from review.upkeep.lexicons import in_force

Origin: TypeAlias = Literal["shipped", "folder", "office"]

_LISTS: Final = f"{CONTEXT_FOLDER}/"
_NO_RULES: Final = (_LISTS, f"{KINDS_FOLDER}/")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with the id that reports name it by, and where it comes from."""

    id: str
    origin: Origin
    file: ScopeFile

    @property
    def clauses(self) -> tuple[str, ...]:
        """Return the clause and those of other regulations that list the same."""
        return (self.file.clause, *self.file.also)


@dataclass(frozen=True, slots=True)
class Book:
    """All rules, resting ones too; `change` is the office's own version in force.

    `lists` are the words that rules share by the name of their list.
    """

    digest: str
    change: str | None
    regulations: tuple[Regulation, ...]
    rules: tuple[Rule, ...]
    lists: tuple[ContextFile, ...] = ()


def read(desk: Desk, *, person: str) -> Book:
    """Return the lexicons in force.

    Raises:
        NotPermittedError: The person has no post of the review today, nor audits it.
    """
    with looking(desk, "read_lexicons", person) as records:
        active = in_force(versions_of(records))
        folder = folder_in_force(records, desk.secrets)
    laid = layers(desk, folder)
    digest = digest_of(layered(laid))
    regulations, rules, lists = _read(digest, laid)
    change = active.change if active else None
    return Book(digest, change, regulations, rules, lists)


def rule(desk: Desk, name: str, *, person: str) -> Rule:
    """Return one rule by its id.

    Raises:
        NotFoundError: There is no such rule.
    """
    return named(read(desk, person=person), name)


def named(book: Book, name: str) -> Rule:
    """Return one rule of a book by its id.

    Raises:
        NotFoundError: There is no such rule.
    """
    for one in book.rules:
        if one.id == name:
            return one
    raise NotFoundError("词库里没有这条规则，请核对规则名。")


# Some seconds of YAML; the digest notices when a file on the disk was changed.
@lru_cache(maxsize=2)
def _read(
    _digest: str, laid: tuple[Layer, ...]
) -> tuple[tuple[Regulation, ...], tuple[Rule, ...], tuple[ContextFile, ...]]:
    files = layered(laid)
    shipped = layered([lexicons_folder()])
    listed = read_rule_file(files[REGULATIONS_FILE], RegulationsFile).regulations
    rules: list[Rule] = []
    lists = [
        read_rule_file(source, ContextFile)
        for name, source in sorted(files.items())
        if name.startswith(_LISTS)
    ]
    for name, source in sorted(files.items()):
        if "/" not in name or name.startswith(_NO_RULES):
            continue
        origin: Origin = "shipped" if shipped.get(name) == source else "folder"
        if isinstance(source, HeldFile):
            origin = "office"
        file = read_rule_file(source, ScopeFile)
        rules.append(Rule(name.removesuffix(".yaml"), origin, file))
    return listed, tuple(rules), tuple(lists)
