"""Fills an installation with cleared cases as the use cases would, many at a time.

Every entry is sealed and every clearance signed as in earnest; only the machine's pass
is left out, and the order of the steps is one case after the other.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert

from benchmarks.load_people import appointment
from review import clock, digests
from review.access.sites import Site
from review.bootstrap import Installation, open_installation
from review.case import events
from review.case.evolve import evolve
from review.case.people import MACHINE, By, Post
from review.case.values import File, Item, RoundReport
from review.clearance import token
from review.clearance.interface import Clearance
from review.contents.canonical import contents_of
from review.ledger import chain, statement
from review.ledger.entry import Entry
from review.ledger.statement import AnyEvent, Context
from review.service.cases.submit import TITLE_FILE
from review.service.gate import sites
from review.service.people import appointments as people
from review.service.projection import register_row
from review.settings import Settings
from review.store import engine as databases
from review.store.register import values_of
from review.store.tables import case_numbers, cases, clearances, entries
from review.store.tables_gate import site_items

_DEPARTMENT: Final = "宣传部"
_SITE: Final = "site-news"
_NAME: Final = "正文.html"
_CHUNK: Final = 2_000
_SENTENCES: Final = 20
_UPLOADER: Final = By(_SITE, "云山新闻网", "site", _DEPARTMENT, "任0004")
_REVIEWER: Final = By("zhang", "张示例", "reviewer", _DEPARTMENT, "任0002")
_SIGNER: Final = By("li", "李样本", "office", None, "任0003")


@dataclass(frozen=True, slots=True)
class Filled:
    """The site's key, and the questions to ask: bodies of requests."""

    key: str
    same: list[dict[str, Any]]
    rewrapped: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Made:
    """One case in rows, and what to ask about it."""

    case: dict[str, Any]
    clearance: dict[str, Any]
    item: dict[str, Any]
    lines: tuple[str, ...]
    title: str


def fill(settings: Settings, count: int, *, asked: int, rewrapped: int) -> Filled:
    """Store `count` cleared cases; return what to ask about some, spread over all."""
    with open_installation(settings, via="benchmark") as installation:
        key = _site(installation)
        with installation.desk.store.reading() as records:
            last = records.last_entry()
        if last is None:
            raise AssertionError("an installation has a ledger")
        filler = _Filler(installation, last)
        every = max(1, count // asked)
        true_every = max(1, count // rewrapped)
        filled = Filled(key, [], [])
        engine = databases.make_engine(settings.database_url.get_secret_value())
        with databases.writing(engine) as connection:
            batch: list[_Made] = []
            for number in range(1, count + 1):
                made = filler.make(number, true_digest=number % true_every == 0)
                batch.append(made)
                if number % every == 0:
                    filled.same.append(_question(made, _page(made.lines)))
                if number % true_every == 0:
                    filled.rewrapped.append(_question(made, _wrapped(made.lines)))
                if len(batch) == _CHUNK or number == count:
                    _write(connection, batch, filler.taken())
                    batch = []
            connection.execute(insert(case_numbers), {"year": 2026, "last": count})
        engine.dispose()
        at = clock.stamp(installation.desk.now())
        head = chain.sign_head(filler.last, at=at, key=installation.ledger_key)
        installation.witness.record(head)
    return filled


class _Filler:
    """Seals the entries of one case after the other."""

    def __init__(self, installation: Installation, last: Entry) -> None:
        self._installation = installation
        self._desk = installation.desk
        self._at = installation.desk.now().replace(microsecond=0) - timedelta(days=1)
        self._rows: list[dict[str, Any]] = []
        self.last = last

    def taken(self) -> list[dict[str, Any]]:
        """Return the entries since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def make(self, number: int, *, true_digest: bool) -> _Made:
        """Make one cleared case."""
        title = f"学院举行第{number}次秋季运动会"
        lines = tuple(
            f"学院第{number}次秋季运动会第{one}天在田径场举行，各班同学踊跃参加，现场气氛热烈。"
            for one in range(_SENTENCES)
        )
        page = _page(lines).encode()
        canonical = digests.of_bytes(page)
        if true_digest:
            canonical = contents_of(page, _NAME).digest
        name = f"2026-{number:06d}"
        item = _item(title, page, f"news-{number}")
        case = None
        for event in _steps(name, item, canonical, self._at):
            case = evolve(case, event)
            self._seal(event, item, name, case.version)
        if case is None:
            raise AssertionError("a case has events")
        grant = f"{name}-r1-c1"
        signed = self._token(grant, name, canonical)
        until = self._at + timedelta(days=self._desk.policy.clearance_valid_days)
        cleared = events.Cleared(
            at=self._at,
            by=MACHINE,
            round=1,
            clearance=grant,
            channels=("website",),
            canonical=canonical,
            attachments=(),
            valid_from=self._at,
            valid_until=until,
            token_digest=digests.of_bytes(signed.encode()),
        )
        case = evolve(case, cleared)
        self._seal(cleared, item, name, case.version)
        row = register_row(case, None, policy=self._desk.policy, days=self._desk.days)
        return _Made(
            values_of(row),
            {
                "id": grant,
                "case": name,
                "round": 1,
                "token": signed,
                "canonical": canonical,
                "valid_until": until,
            },
            {
                "site": _SITE,
                "external_id": item.external_id,
                "case_number": name,
                "callback_url": None,
            },
            lines,
            title,
        )

    def _token(self, grant: str, name: str, canonical: str) -> str:
        clearance = Clearance(
            id=grant,
            case=name,
            round=1,
            contents=canonical,
            attachments=(),
            hidden=(),
            channels=("website",),
            issued_at=self._at,
            valid_from=self._at,
            valid_until=self._at
            + timedelta(days=self._desk.policy.clearance_valid_days),
            ledger_index=self.last.index,
            ledger_digest=self.last.digest,
            issuer=self._desk.office.id,
        )
        return token.sign(clearance, self._desk.clearance_keys.current)

    def _seal(self, event: AnyEvent, item: Item, name: str, version: int) -> None:
        context = Context(
            via="api",
            policy=self._desk.policy.digest,
            case=name,
            version=version,
            contents=item.contents,
        )
        self.last = chain.seal(
            statement.write(event, context),
            after=self.last,
            key=self._installation.ledger_key,
            algorithm="sha256",
        )
        self._rows.append(
            {
                **asdict(self.last),
                "kind": statement.kind_of(event),
                "case_number": name,
                "case_version": version,
                "at": event.at,
            }
        )


def _site(installation: Installation) -> str:
    """Register a site and appoint whom the cases need; return the site's key."""
    desk = installation.desk
    founders: tuple[tuple[str, str, Post], ...] = (
        ("system", "周系统", "system_admin"),
        ("security", "吴安全", "security_admin"),
    )
    for person, name, post in founders:
        people.found(desk, appointment(person, name, post))
    wanted = Site(
        id=_SITE,
        name="云山新闻网",
        channels=("website",),
        departments=(_DEPARTMENT,),
        networks=("127.0.0.0/8",),
    )
    sites.register(desk, wanted, person="system")
    people.appoint(
        desk,
        appointment(_SITE, "云山新闻网", "site", _DEPARTMENT),
        person="security",
    )
    return sites.issue_key(desk, _SITE, person="system").text


def _steps(
    name: str, item: Item, canonical: str, at: datetime
) -> Iterator[events.CaseEvent]:
    report = RoundReport(
        digest=digests.of_bytes(name.encode()),
        verdict="clear",
        xianshen="0",
        lexicons="0" * 64,
        model="0" * 64,
        canonical=canonical,
    )
    yield events.Submitted(at=at, by=_UPLOADER, round=1, number=name, item=item)
    yield events.Scanned(at=at, by=MACHINE, round=1, report=report)
    yield events.FirstPassConcluded(
        at=at, by=_REVIEWER, round=1, conclusion="agree", opinion="内容属实，可以公开"
    )
    yield events.SignedOff(
        at=at,
        by=_SIGNER,
        round=1,
        outcome="clear",
        opinion="同意公开",
        channels=("website",),
    )


def _item(title: str, page: bytes, external_id: str) -> Item:
    return Item(
        title=title,
        department=_DEPARTMENT,
        channels=("website",),
        drafted_by="王虚构",
        files=(
            File(
                TITLE_FILE,
                "title",
                len(title.encode()),
                digests.of_bytes(title.encode()),
            ),
            File(_NAME, "body", len(page), digests.of_bytes(page)),
        ),
        external_id=external_id,
    )


def _page(lines: tuple[str, ...]) -> str:
    inner = "".join(f"<p>{one}</p>" for one in lines)
    return f"<html><head></head><body>{inner}</body></html>"


def _wrapped(lines: tuple[str, ...]) -> str:
    inner = "\n".join(
        f'<section class="p"><div><p>\n   <span>{one}</span></p></div></section>'
        for one in lines
    )
    return f"<!DOCTYPE html><html><body><main>{inner}</main></body></html>"


def _question(made: _Made, html: str) -> dict[str, Any]:
    return {
        "external_id": made.item["external_id"],
        "channel": "website",
        "title": made.title,
        "html": html,
    }


def _write(
    connection: Connection, batch: list[_Made], sealed: list[dict[str, Any]]
) -> None:
    connection.execute(insert(entries), sealed)
    connection.execute(insert(cases), [one.case for one in batch])
    connection.execute(insert(clearances), [one.clearance for one in batch])
    connection.execute(insert(site_items), [one.item for one in batch])
