"""A province's cases in PostgreSQL: chained, signed and counted as the program would.

A thousand institutions hand in through a year, in the order of time, so that the
entries of one case lie among those of others as they do in earnest. The ledger, the
clearances and the witness are real; `load_shapes` says where the texts come from.
Drafts themselves are not made: none of what is measured opens one.
"""

import heapq
import random
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from benchmarks import load_people
from benchmarks.load_people import Staff
from benchmarks.load_shapes import standing
from benchmarks.load_stories import YEAR, Stories, Story
from benchmarks.load_tables import Tables
from review import clock, digests
from review.bootstrap import Installation
from review.case.places import place_of
from review.clearance import token
from review.clearance.interface import Clearance
from review.ledger import chain
from review.ledger.entry import Entry, canonical, digest_of, entry_message

_BATCH: Final = 5_000  # cases
_MARKS: Final = 24  # fingerprints of a refused draft


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made: how much, and what may be asked about it."""

    cases: int
    entries: int
    heads: int
    witnessed: int
    now: datetime
    staff: Staff
    stories: Stories


def fill(
    installation: Installation, tables: Tables, count: int, *, witness_every: int = 1
) -> Filled:
    """Store so many cases, from a year ago until now, and the people who did it all.

    One transaction in `witness_every` leaves a line in the witness, the last always.
    """
    desk = installation.desk
    with desk.store.reading() as records:
        last = records.last_entry()
    if last is None:
        raise AssertionError("an installation has a ledger")
    sealer = _Sealer(installation, tables, last, witness_every)
    began = desk.now() - YEAR - timedelta(days=1)
    staff = load_people.appoint(installation, sealer.seal, at=began)
    now = desk.now()
    stories = Stories(count, staff, desk.policy, now)
    ahead: list[tuple[datetime, int, int]] = []
    places, grams = Counter[tuple[str, str]](), Counter[str]()
    for place in range(count):
        story = stories[place]
        heapq.heappush(ahead, (story.times[0], place, 0))
        _show(tables, story, places, grams)
        until = stories[place + 1].times[0] if place + 1 < count else now
        while ahead and ahead[0][0] <= until:
            _, other, step = heapq.heappop(ahead)
            following = sealer.carry_out(stories[other], step)
            if following is not None:
                heapq.heappush(ahead, (following[0], other, following[1]))
        if (place + 1) % _BATCH == 0:
            tables.flush()
    tables.counted(places, grams, stories.last_numbers())
    tables.flush()
    sealer.finish()
    return Filled(
        count,
        sealer.last.index + 1,
        sealer.heads,
        sealer.witnessed,
        now,
        staff,
        stories,
    )


class _Sealer:
    """Seals steps as the ledger's law has it, without asking it about each."""

    def __init__(
        self, installation: Installation, tables: Tables, last: Entry, every: int
    ) -> None:
        self._installation = installation
        self._tables = tables
        self._key = installation.ledger_key
        self._key_id = self._key.id
        self._every = every
        self._unwitnessed = 0
        self.last = last
        self.heads = tables.heads_so_far()
        self.witnessed = 0

    def seal(
        self,
        text: str,
        kind: str,
        at: datetime,
        case: str | None = None,
        version: int | None = None,
    ) -> None:
        """Append a statement that is canonical."""
        index, previous = self.last.index + 1, self.last.digest
        digest = digest_of(
            text, index=index, previous=previous, algorithm="sha256", key=self._key_id
        )
        signature = self._key.sign(entry_message(digest))
        self.last = Entry(
            index, previous, "sha256", text, self._key_id, digest, signature
        )
        self._tables.add(
            "entries",
            (
                index,
                previous,
                "sha256",
                text,
                self._key_id,
                digest,
                signature,
                kind,
                case,
                version,
                at,
            ),
        )

    def carry_out(self, story: Story, step: int) -> tuple[datetime, int] | None:
        """Seal the step and those of its transaction; return when and which is next."""
        while True:
            if story.form.kinds[step] == "case.cleared":
                self._clear(story, step)
            text = story.filled(story.form.texts[step])
            kind, at = story.form.kinds[step], story.times[step]
            if kind == "case.publication_recorded":
                out = place_of(story.words["address"], "website")
                self._tables.add("published_places", (out, story.number, at))
            self.seal(text, kind, at, story.number, step + 1)
            if story.form.steps[step].heads:
                self._sign_head(at)
            step += 1
            if step >= len(story.form.steps) or not story.form.steps[step].joined:
                break
        self._witness(story.times[step - 1])
        if step >= story.reached:
            return None
        return story.times[step], step

    def finish(self) -> None:
        """Let the witness know the end."""
        self._unwitnessed = self._every
        self._witness(self._installation.desk.now())
        self._tables.flush()

    def _clear(self, story: Story, step: int) -> None:
        """Sign the clearance, on the entry before."""
        at = story.times[step]
        desk = self._installation.desk
        number_of_round = 2 if story.form.name == "returned" else 1
        clearance = Clearance(
            id=story.words["clearance"],
            case=story.number,
            round=number_of_round,
            contents=story.words[f"canonical_{number_of_round}"],
            attachments=(),
            hidden=(),
            channels=("website",),
            issued_at=at,
            valid_from=at,
            valid_until=at + timedelta(days=desk.policy.clearance_valid_days),
            ledger_index=self.last.index,
            ledger_digest=self.last.digest,
            issuer=desk.office.id,
        )
        signed = token.sign(clearance, desk.clearance_keys.current)
        story.words["token_digest"] = digests.of_bytes(signed.encode())
        ended, ended_at = _ended(story)
        row = (
            clearance.id,
            story.number,
            number_of_round,
            signed,
            clearance.contents,
            clearance.valid_until,
            ended,
            ended_at,
        )
        self._tables.add("clearances", row)

    def _sign_head(self, at: datetime) -> None:
        head = chain.sign_head(self.last, at=clock.stamp(at), key=self._key)
        self._tables.add("heads", (self.heads, *asdict(head).values()))
        self.heads += 1

    def _witness(self, at: datetime) -> None:
        self._unwitnessed += 1
        if self._unwitnessed < self._every:
            return
        self._unwitnessed = 0
        head = chain.sign_head(self.last, at=clock.stamp(at), key=self._key)
        self._tables.witness(canonical(asdict(head)))
        self.witnessed += 1


def _ended(story: Story) -> tuple[str | None, datetime | None]:
    for kind, at in zip(story.form.kinds, story.times, strict=True):
        if kind in {"case.expired", "case.revoked"}:
            gone = at <= story.times[story.reached - 1]
            return (kind.removeprefix("case."), at) if gone else (None, None)
    return None, None


def _show(
    tables: Tables,
    story: Story,
    places: Counter[tuple[str, str]],
    grams: Counter[str],
) -> None:
    """Put what follows from the case into the register and the figures."""
    stood = standing(story.form, story.reached)
    tables.show(story, stood, places, grams)
    chance = random.Random(story.number)  # noqa: S311 - not for secrets
    for one in range(1, stood.case.round.number + 1):
        for name in ("title_digest", f"body_{one}", f"report_{one}"):
            tables.add("kept", (story.number, one, story.words[name]))
    tables.add("site_items", (story.site, story.words["external"], story.number, None))
    if stood.case.stage == "refused":
        marks = {chance.getrandbits(63) for _ in range(_MARKS)}
        for one in sorted(marks):
            tables.add("fingerprints", (one, story.number))
