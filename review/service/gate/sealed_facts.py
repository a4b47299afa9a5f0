"""What the gate believes: folded from the ledger's entries, in the chain's order.

A row that says "not revoked" proves nothing: its owner can change it, and hide an
entry from whoever looks by kind. So each process walks the chain once, link by
link to an end that the ledger's key has signed, and from then on takes in only
what is new; at every question it compares the end that it knows with the
ledger's. Where the walk had come to is written down, sealed with the vault's key,
so that a new process need not begin at the first entry.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Final

from review.access.events import SiteChanged
from review.access.sites import Site, sites_after
from review.case.appointing import appointments_after
from review.case.events import Appointed, AppointmentEnded, Revoked
from review.case.people import Appointment
from review.errors import TamperError, VaultError
from review.ledger import statement
from review.ledger.chain import ADVICE
from review.ledger.entry import GENESIS
from review.ports.records import Reading
from review.service.desk import Desk

_SITES: Final = ("site.changed",)
_PEOPLE: Final = ("people.appointed", "people.appointment_ended")
_KINDS: Final = ("case.revoked", *_SITES, *_PEOPLE)
# Statements are canonical JSON: a kind stands in one exactly so, and nobody's own
# words can, since the quotation marks in them are escaped.
_MARKS: Final = tuple(f'"kind":"{one}"' for one in _KINDS)
_PURPOSE: Final = "gate:believed"


@dataclass(frozen=True)
class Facts:
    """What the ledger says up to the entry `index`, as far as the gate asks.

    `texts` are the statements that it follows from. Of years of them few are new:
    what was worked out is carried on, and only what is new is read.
    """

    index: int = -1
    digest: str = GENESIS
    texts: tuple[str, ...] = ()

    @cached_property
    def revoked(self) -> frozenset[str]:
        """Return the ids of the clearances that were taken back."""
        return frozenset(_revoked(self.texts))

    @cached_property
    def sites(self) -> Mapping[str, Site]:
        """Return every site by its id."""
        return sites_after(
            one for one in _events(self.texts, *_SITES) if isinstance(one, SiteChanged)
        )

    @cached_property
    def keys(self) -> Mapping[str, Site]:
        """Return the site of each key ever issued, by the key's id."""
        return {key.id: one for one in self.sites.values() for key in one.keys}

    @cached_property
    def appointments(self) -> Mapping[str, tuple[Appointment, ...]]:
        """Return the appointments to the post `site`, by the site's id."""
        made = appointments_after(
            one
            for one in _events(self.texts, *_PEOPLE)
            if isinstance(one, Appointed | AppointmentEnded)
        )
        found: dict[str, tuple[Appointment, ...]] = {}
        for one in made:
            if one.post == "site":
                found[one.person] = (*found.get(one.person, ()), one)
        return found

    def with_more(self, index: int, digest: str, texts: Iterable[str]) -> "Facts":
        """Return the facts up to a later entry; what was worked out stays if it can."""
        more = tuple(texts)
        later = Facts(index, digest, self.texts + more if more else self.texts)
        known = vars(self)
        kept = set[str]()
        if not any(_events(more, *_SITES)):
            kept |= {"sites", "keys"}
        if not any(_events(more, *_PEOPLE)):
            kept |= {"appointments"}
        later.__dict__.update({k: v for k, v in known.items() if k in kept})
        if "revoked" in known:
            later.__dict__["revoked"] = self.revoked.union(_revoked(more))
        return later


def _revoked(texts: Iterable[str]) -> Iterator[str]:
    for one in _events(texts, "case.revoked"):
        if isinstance(one, Revoked):
            yield one.clearance


def _events(texts: Iterable[str], *kinds: str) -> Iterator[object]:
    """Yield what happened of those kinds; a mark says which texts need not be read."""
    marks = [f'"kind":"{one}"' for one in kinds]
    for text in texts:
        if any(one in text for one in marks):
            said = statement.read(text)
            if said.kind in kinds:
                yield said.event


class Beliefs:
    """The facts that a process goes by, brought up to the ledger's end when asked."""

    def __init__(self) -> None:
        """Begin without knowing anything."""
        self._facts: Facts | None = None
        self._lock = Lock()

    @property
    def facts(self) -> Facts | None:
        """Return the facts as they were last brought up; they may be old."""
        return self._facts

    def up_to(self, desk: Desk, records: Reading, end: tuple[int, str]) -> Facts | None:
        """Return the facts as of the ledger's `end` in this look.

        None where another thread's look was later than this one: look again.

        Raises:
            TamperError: An entry known before is gone or another one, or those
                since are not the ledger's.
        """
        known = self._facts
        if known is not None and (known.index, known.digest) == end:
            return known
        with self._lock:
            begun = self._facts or _begun(desk, records)
            later = _caught_up(begun, records, end)
            if later is not None:
                self._facts = later
            return later


def write_down(desk: Desk) -> Facts:
    """Seal the facts as of now, so that a new process begins from here; return them."""
    with desk.store.reading() as records:
        begun = _begun(desk, records)
        facts = _caught_up(begun, records, records.gate.end())
    if facts is None:
        raise TamperError(f"审查记录的末尾比系统记下的少，被删去了。{ADVICE}")
    if facts.index > begun.index:
        value = {"index": facts.index, "digest": facts.digest, "texts": facts.texts}
        text = json.dumps(value, ensure_ascii=False).encode()
        with desk.store.writing() as work:
            work.gate.put_believed(desk.secrets.seal(text, purpose=_PURPOSE))
    return facts


def _begun(desk: Desk, records: Reading) -> Facts:
    """Return the facts that were written down; none at all if they can't be opened.

    Beginning at the first entry is slower and no less safe.
    """
    sealed = records.gate.believed()
    if sealed is None:
        return Facts()
    try:
        value = json.loads(desk.secrets.open(sealed, purpose=_PURPOSE))
    except VaultError:
        return Facts()
    return Facts(value["index"], value["digest"], tuple(value["texts"]))


def _caught_up(known: Facts, records: Reading, end: tuple[int, str]) -> Facts | None:
    index, digest = end
    if index < known.index:
        return None
    if index == known.index:
        if digest != known.digest:
            raise TamperError(f"序号 {index} 的审查记录被换过。{ADVICE}")
        return known
    last, texts = known.digest, list[str]()
    for one in records.continued(known.index, known.digest):
        last = one.digest
        if any(mark in one.statement for mark in _MARKS):
            texts.append(one.statement)
    # Only now, with the stream at its end, is what it said proven.
    if last != digest:
        raise TamperError(f"审查记录到序号 {index} 接不上。{ADVICE}")
    relevant = [one for one in texts if statement.read(one).kind in _KINDS]
    return known.with_more(index, digest, relevant)
