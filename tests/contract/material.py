"""Invented people, items and rows that the contract tests share."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from review.case.case import Case, Round
from review.case.events import Appointed, PolicyAdopted, Submitted, Withdrawn
from review.case.people import MACHINE, Appointment, By
from review.case.values import File, Item
from review.ledger.keys import SigningKey
from review.ledger.statement import Context
from review.ledger.witness import WitnessFile
from review.ports.records import ClearanceRow, RegisterRow
from review.store.engine import make_engine
from review.store.store import SqlStore

MORNING = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
UPLOADER = By("u1", "张示例", "reviewer", "教务处", "任0001")
KEY = SigningKey.load(
    b"-----BEGIN PRIVATE KEY-----\n"
    b"MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
    b"-----END PRIVATE KEY-----\n"
)


def ticking(start: datetime = MORNING) -> Iterator[datetime]:
    """Yield a moment a second later each time."""
    return (start + timedelta(seconds=one) for one in count())


def store_at(
    engine: Engine, witness: Path | None, *, key: SigningKey = KEY, sm3: bool = False
) -> SqlStore:
    """Return a store, not yet opened."""
    moments = ticking()
    return SqlStore(
        engine,
        key=key,
        algorithm="sm3" if sm3 else "sha256",
        witness=None if witness is None else WitnessFile(witness),
        now=lambda: next(moments),
    )


def opened(url: str, witness: Path | None) -> SqlStore:
    """Return an opened store with an engine of its own."""
    store = store_at(make_engine(url), witness)
    store.open_ledger()
    return store


def adopted(content: str = "policy") -> PolicyAdopted:
    """Return an event of the office, the simplest thing to seal."""
    return PolicyAdopted(at=MORNING, by=MACHINE, digest="0" * 64, content=content)


def office(**changes: Any) -> Context:
    return Context(**{"via": "test", "policy": "0" * 64, **changes})


def item(title: str = "关于做好期末考试工作的通知") -> Item:
    file = File("通知.docx", "body", 1000, "a" * 64)
    return Item(
        title=title,
        department="教务处",
        channels=("website",),
        drafted_by="李样本",
        files=(file,),
    )


def submitted(number: str) -> Submitted:
    return Submitted(at=MORNING, by=UPLOADER, round=1, number=number, item=item())


def withdrawn() -> Withdrawn:
    return Withdrawn(at=MORNING, by=UPLOADER, round=1, reason="不再公开")


def of_case(number: str, version: int) -> Context:
    return office(case=number, version=version, contents="b" * 64)


def row(number: int = 1, **changes: Any) -> RegisterRow:
    """Return a row of 2026, as the register shows it."""
    values: dict[str, Any] = {
        "number": f"2026-{number:06d}",
        "sequence": 2026_000000 + number,
        "title": "关于做好期末考试工作的通知",
        "department": "教务处",
        "channels": ("website", "wechat"),
        "stage": "signing",
        "version": 4,
        "round": 1,
        "drafted_by": "李样本",
        "submitted_by": "张示例",
        "submitted_at": MORNING,
        "since": MORNING,
    }
    return RegisterRow(**{**values, **changes})


def case_of(shown: RegisterRow) -> Case:
    """Return a case that a row shows truly."""
    first = Round(number=1, item=item(shown.title), by=UPLOADER, at=MORNING)
    return Case(
        number=shown.number,
        stage=shown.stage,
        since=shown.since,
        version=shown.version,
        rounds=(first,),
        submitted_at=shown.submitted_at,
    )


def appointed(name: str = "任0001") -> Appointed:
    appointment = Appointment(
        name,
        "u1",
        "张示例",
        "reviewer",
        date(2026, 1, 1),
        date(2026, 12, 31),
        "云职保〔2026〕1号",
        "教务处",
    )
    return Appointed(at=MORNING, by=MACHINE, appointment=appointment)


def clearance(name: str = "许0001", **changes: Any) -> ClearanceRow:
    values: dict[str, Any] = {
        "id": name,
        "case": "2026-000001",
        "round": 1,
        "token": "token",
        "canonical": "c" * 64,
        "valid_until": MORNING + timedelta(days=30),
    }
    return ClearanceRow(**{**values, **changes})
