"""Helps whoever writes a rule: the empty spreadsheet, and a trial before anything is proposed."""

from collections.abc import Mapping
from dataclasses import dataclass

from review import clock
from review.detect.lexicon import Lexicon, ScopeRule
from review.detect.lexicon_form import Typed, read_form
from review.detect.lexicon_form import typed as typed_on
from review.detect.lexicon_template import template as empty_sheet
from review.detect.rule_tests import run_examples
from review.normalize.segment import segmenter_for
from review.service.acting import permitted
from review.service.desk import Desk
from review.service.lexicons import book as lexicon_book
from review.service.lexicons.book import Book
from review.service.lexicons.preview import FailedLine, failed_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A rule's id, how many examples it has, and which come out otherwise."""

    rule: str
    examples: int
    failed: tuple[FailedLine, ...]


def template(desk: Desk, *, person: str) -> bytes:
    """Return the spreadsheet in which rules are filled in, with the lists in force.

    Raises:
        NotPermittedError: The person may not read the lexicons.
    """
    return empty_sheet(_without_rules(lexicon_book.read(desk, person=person)))


def typed(desk: Desk, texts: Mapping[str, str]) -> Typed:
    """Return what somebody typed today, ready to be proposed."""
    return typed_on(texts, day=clock.china_date(desk.now()).isoformat())


def trial(desk: Desk, texts: Mapping[str, str], *, person: str) -> Trial:
    """Read a rule by the lexicons in force and run its examples; nothing is kept.

    Raises:
        NotPermittedError: The person does not belong to the secrecy office.
        RuleFormError: A field is wrong; all of them are named.
    """
    permitted(desk, "propose_lexicon", person)
    known = _without_rules(lexicon_book.read(desk, person=person))
    made = read_form(typed(desk, texts), known)
    alone = Lexicon(
        scopes=(ScopeRule(made.id, made.file),),
        contexts=known.contexts,
        regulations=known.regulations,
        kinds=(),
        digest=known.digest,
    )
    failed = run_examples(alone, segmenter_for())
    examples = made.file.examples
    return Trial(
        rule=made.id,
        examples=len(examples.flagged) + len(examples.passing),
        failed=failed_lines(failed),
    )


def _without_rules(book: Book) -> Lexicon:
    """Return what a rule is written by: clauses and shared lists."""
    return Lexicon(
        scopes=(),
        contexts={one.name: one for one in book.lists},
        regulations=book.regulations,
        kinds=(),
        digest=book.digest,
    )
