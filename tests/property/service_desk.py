"""The desk over the use cases and a real database, for the random review.

Everything that is asked goes through `review.service`; only the machine's report
is given, since the play draws reports that no draft would lead to.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from review.case.appointing import appointments_after
from review.case.case import Case
from review.case.events import Appointed, AppointmentEnded, CaseEvent
from review.case.people import MACHINE, Appointment
from review.case.policy import Policy
from review.case.request import Addition, Decision, Judgment
from review.case.values import (
    Channel,
    Conclusion,
    File,
    Ground,
    Item,
    RevocationCause,
    RoundReport,
)
from review.clearance.keys import SigningKeys, generate
from review.errors import RefusedError, StaleError
from review.ledger import statement
from review.ledger.statement import Context
from review.ports.records import Contents, RegisterQuery, Store
from review.service import retention
from review.service.cases import (
    incidents,
    look,
    publish,
    review,
    scan,
    sign_off,
    submit,
)
from review.service.cases.submit import Draft, Upload
from review.service.desk import Asker, Desk, Examined, Office
from review.service.people import appointments as people
from review.service.record import records
from review.service.recording import load
from review.vault.keys import new_key, ring_of
from review.vault.secrets import SealedSecrets
from tests.property.review_desk import Ask, Opening
from tests.property.review_draft import full_report

_NO_DOOR = "这里不办这件事。"


class GivenReport:
    """A machine that says what the play drew."""

    def __init__(self) -> None:
        self.report: RoundReport | None = None

    def examine(
        self,
        files: Sequence[tuple[File, bytes]],
        *,
        refused_with: Callable[[Sequence[int]], Mapping[int, tuple[str, ...]]],
    ) -> Examined:
        del refused_with
        assert self.report is not None
        full = {
            "files": full_report(len(files)),
            "contents": None,
            "fingerprints": [len(files)],
        }
        return Examined(self.report, json.dumps(full).encode(), (len(files),))


class ServiceDesk:
    """The use cases over `store` and `contents`."""

    def __init__(self, opening: Opening, store: Store, contents: Contents) -> None:
        self._at = opening.at
        self._machine = GivenReport()
        self._read = -1
        self._histories: dict[str, list[CaseEvent]] = {}
        self._appointing: list[Appointed | AppointmentEnded] = []
        self._desk = Desk(
            office=Office(id="yunshan", name="云山职业学院"),
            store=store,
            contents=contents,
            secrets=SealedSecrets(ring_of(new_key())),
            machine=self._machine,
            policy=opening.policy,
            days=opening.policy.working_days,
            clearance_keys=SigningKeys(generate()),
            now=lambda: self._at,
            via="test",
        )
        with store.writing() as work:
            for one in opening.appointments:
                event = Appointed(at=opening.at, by=MACHINE, appointment=one)
                work.seal(event, Context(via="test", policy=opening.policy.digest))

    def appointments(self) -> tuple[Appointment, ...]:
        """Return what the ledger told when `numbers` was last asked."""
        return appointments_after(self._appointing)

    def numbers(self) -> tuple[str, ...]:
        self._read_on()
        return tuple(self._histories)

    def history(self, number: str) -> tuple[CaseEvent, ...]:
        """Return what the ledger told when `numbers` was last asked."""
        return tuple(self._histories[number])

    def _read_on(self) -> None:
        """Read what the ledger has grown by; nothing in it ever changes."""
        with self._desk.store.reading() as work:
            for entry in work.entries(after=self._read):
                self._read = entry.index
                if entry.index == 0:
                    continue  # the opening is nothing that happened in a review
                said = statement.read(entry.statement)
                if isinstance(said.event, Appointed | AppointmentEnded):
                    self._appointing.append(said.event)
                if said.kind.startswith("case."):
                    history = self._histories.setdefault(str(said.context.case), [])
                    history.append(said.event)  # type: ignore[arg-type]  # - a case's own

    def adopt(self, policy: Policy) -> None:
        self._desk = replace(self._desk, policy=policy, days=policy.working_days)

    def submit(self, ask: Ask, *, item: Item) -> None:
        self._at = ask.at
        submit.submit(self._desk, _draft(item), person=ask.person)

    def resubmit(self, number: str, ask: Ask, *, item: Item) -> None:
        asker = self._asker(ask)
        submit.resubmit(self._desk, number, _draft(item), asker=asker)

    def withdraw(self, number: str, ask: Ask, *, reason: str) -> None:
        asker = self._asker(ask)
        submit.withdraw(self._desk, number, reason=reason, asker=asker)

    def acknowledge(self, number: str, ask: Ask, *, gap: str, note: str) -> None:
        asker = self._asker(ask)
        review.acknowledge_gap(self._desk, number, gap, note=note, asker=asker)

    def dispose(self, number: str, ask: Ask, *, judgment: Judgment) -> None:
        review.dispose(self._desk, number, judgment, asker=self._asker(ask))

    def add_finding(self, number: str, ask: Ask, *, addition: Addition) -> None:
        review.add_finding(self._desk, number, addition, asker=self._asker(ask))

    def conclude(
        self,
        number: str,
        ask: Ask,
        *,
        conclusion: Conclusion,
        opinion: str,
        ground: Ground | None,
    ) -> None:
        review.conclude(
            self._desk,
            number,
            conclusion=conclusion,
            opinion=opinion,
            ground=ground,
            asker=self._asker(ask),
        )

    def endorse(self, number: str, ask: Ask, *, agreed: bool, opinion: str) -> None:
        asker = self._asker(ask)
        review.endorse(self._desk, number, agreed=agreed, opinion=opinion, asker=asker)

    def finish_in_department(
        self, number: str, ask: Ask, *, opinion: str, channels: tuple[Channel, ...]
    ) -> None:
        sign_off.finish_in_department(
            self._desk,
            number,
            opinion=opinion,
            channels=channels,
            asker=self._asker(ask),
        )

    def sign_off(self, number: str, ask: Ask, *, decision: Decision) -> None:
        sign_off.sign_off(self._desk, number, decision, asker=self._asker(ask))

    def refer(
        self,
        number: str,
        ask: Ask,
        *,
        kind: Literal["refer_upward", "ask_source"],
        to: str,
        question: str,
    ) -> None:
        sign_off.refer(
            self._desk,
            number,
            kind=kind,
            to=to,
            question=question,
            asker=self._asker(ask),
        )

    def answer(
        self, number: str, ask: Ask, *, text: str, document: str, answered_on: date
    ) -> None:
        sign_off.answer(
            self._desk,
            number,
            text=text,
            document=document,
            answered_on=answered_on,
            asker=self._asker(ask),
        )

    def lead(self, number: str, ask: Ask, *, agreed: bool, opinion: str) -> None:
        asker = self._asker(ask)
        sign_off.lead(self._desk, number, agreed=agreed, opinion=opinion, asker=asker)

    def record_publication(
        self,
        number: str,
        ask: Ask,
        *,
        channel: Channel,
        address: str,
        published_at: datetime,
    ) -> None:
        publish.record_publication(
            self._desk,
            number,
            channel=channel,
            address=address,
            published_at=published_at,
            asker=self._asker(ask),
        )

    def revoke(
        self, number: str, ask: Ask, *, cause: RevocationCause, reason: str
    ) -> None:
        asker = self._asker(ask)
        publish.revoke(self._desk, number, cause=cause, reason=reason, asker=asker)

    def judge_incident(
        self, number: str, ask: Ask, *, genuine: bool, opinion: str
    ) -> None:
        asker = self._asker(ask)
        incidents.judge_incident(
            self._desk, number, genuine=genuine, opinion=opinion, asker=asker
        )

    def report_incident(self, number: str, ask: Ask, *, to: str, document: str) -> None:
        asker = self._asker(ask)
        incidents.report_incident(
            self._desk, number, to=to, document=document, asker=asker
        )

    def look(self, number: str, ask: Ask) -> None:
        self._open_page(number, ask)
        look.see(self._desk, number, person=ask.person)

    def look_at_contents(self, number: str, ask: Ask) -> None:
        self._open_page(number, ask)
        look.permit_contents(self._desk, number, person=ask.person)

    def scan(
        self, number: str, *, at: datetime, report: RoundReport, contents: str
    ) -> None:
        self._at = at
        self._machine.report = report
        before = self._case(number)
        if contents != before.item.contents:
            raise RefusedError(_NO_DOOR)
        if scan.scan(self._desk, number).version == before.version:
            raise StaleError("已经机检过了。")

    def clear(self, number: str, *, at: datetime) -> None:
        del number, at
        raise RefusedError(_NO_DOOR)

    def open_incident(self, number: str, *, at: datetime) -> None:
        del number, at
        raise RefusedError(_NO_DOOR)

    def expire(self, number: str, *, at: datetime) -> None:
        self._at = at
        publish.expire(self._desk, number)

    def purge(
        self, number: str, *, at: datetime, because: Literal["retention", "incident"]
    ) -> None:
        self._at = at
        if because == "incident":
            raise RefusedError(_NO_DOOR)
        retention.purge(self._desk, number)

    def found(self, *, at: datetime, wanted: Appointment) -> None:
        self._at = at
        people.found(self._desk, wanted)

    def appoint(self, ask: Ask, *, wanted: Appointment) -> None:
        self._at = ask.at
        people.appoint(self._desk, wanted, person=ask.person)

    def end_appointment(
        self, ask: Ask, *, appointment: str, ended_on: date, reason: str
    ) -> None:
        self._at = ask.at
        people.end_appointment(
            self._desk,
            appointment,
            ended_on=ended_on,
            reason=reason,
            person=ask.person,
        )

    def check(self) -> None:
        """Check the whole ledger, and the register and the people against it."""
        records.check(self._desk)
        self._read_on()
        self._read = -1
        held, self._histories = self._histories, {}
        appointing, self._appointing = self._appointing, []
        self._read_on()
        assert (self._histories, self._appointing) == (held, appointing)
        assert people.appointments(self._desk) == self.appointments()
        with self._desk.store.reading() as work:
            for row in work.register(RegisterQuery(limit=500)):
                case = self._case(row.number)
                assert (row.stage, row.version) == (case.stage, case.version)

    def _case(self, number: str) -> Case:
        with self._desk.store.reading() as work:
            return load(work, number)

    def _open_page(self, number: str, ask: Ask) -> None:
        """Ask again what the play asks of the domain; a look by itself sees the latest."""
        self._at = ask.at
        if ask.seen != self._case(number).version:
            raise StaleError("页面已经过时，请刷新。")

    def _asker(self, ask: Ask) -> Asker:
        self._at = ask.at
        return Asker(person=ask.person, seen=-1 if ask.seen is None else ask.seen)


def _draft(item: Item) -> Draft:
    uploads = tuple(
        Upload(name=one.name, data=one.digest.encode(), role=one.role)
        for one in item.files
        if one.role != "title"
    )
    return Draft(
        title=item.title,
        department=item.department,
        channels=item.channels,
        drafted_by=item.drafted_by,
        uploads=uploads,
        source=item.source,
        planned_on=item.planned_on,
        external_id=item.external_id,
    )
