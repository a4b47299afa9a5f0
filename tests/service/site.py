"""An invented college whose review runs on real parts: what the journeys are told with.

Only the clock is set by hand. Everything else is what `bootstrap` would join:
the database, the vault in a folder, the ledger with its witness, the scanner.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import Engine

from review import clock
from review.case.case import Case
from review.case.events import RequestRefused
from review.case.people import Appointment, Post
from review.case.policy import Policy
from review.case.policy_file import load_policy
from review.case.request import Decision, Judgment
from review.case.values import Channel, Opinion
from review.clearance.keys import SigningKeys, generate
from review.contents.canonical import contents_of
from review.contents.interface import Contents
from review.ledger import statement
from review.ledger.entry import Entry
from review.ledger.keys import SigningKey
from review.ledger.witness import WitnessFile
from review.ports.records import Reading
from review.service.cases import look, review, scan, sign_off, submit
from review.service.cases.submit import Draft, Upload
from review.service.desk import Asker, Desk, Machine, Office
from review.service.people import appointments as people
from review.service.record import records
from review.service.recording import load
from review.service.upkeep.office_policy import adopt_policy
from review.store.engine import make_engine
from review.store.store import SqlStore
from review.vault.folder import FolderBlobs
from review.vault.keys import Key, new_key, ring_of
from review.vault.secrets import SealedSecrets
from review.vault.vault import Vault

# For a test that must hold on every database; the others run on SQLite.
on_both = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=clock.CHINA)
PRESS = "宣传部"
TEACHING = "教务处"

CLEAN = (
    "学院举行秋季运动会\n"
    "学院秋季运动会昨日在田径场举行，各班同学踊跃参加，现场气氛热烈。\n"
    "本次运动会共设十二个项目，同学们赛出了风格，赛出了水平。\n"
)
TITLE = "学院举行秋季运动会"
PHONE = f"{CLEAN}联系人手机13800000001\n"
# What was found here may go out once its like has been published.
MEETING = (
    "学院召开工作会议\n"
    "会上，李样本副院长不同意把实训楼改作宿舍，表决结果同意5票、反对3票、弃权1票。\n"
)
# Long enough that a copy is recognised.
REFUSED = (
    "期末考试试题答案已经确定，考试尚未举行：第一题选B，第二题选A，命题教师为李样本。\n"
    "第一大题依次为乙、甲、丁、丙，第二大题先写借贷方向再写金额，"
    "第三大题的要点是权责发生制与收付实现制的差别及其在实务里的后果。\n"
    "评分时步骤占六成，结果占四成，书写潦草的酌情扣分。\n"
)
MARKED = "机密★5年\n关于虚构事项的报告\n各部门：现将虚构的有关事项报告如下。\n"
# Neither is a draft's format that anybody here reads.
BROKEN = b"PK\x03\x04 broken"


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        self.at += timedelta(days=days, hours=hours, minutes=minutes)


@dataclass
class Site:
    """The college's installation, and short words for what its people do."""

    desk: Desk
    clock: SetClock
    vault: Vault
    witness: WitnessFile
    key: SigningKey
    engine: Engine

    def adopt(self, **changes: object) -> None:
        """Let another policy be in force from now on."""
        policy = replace(self.desk.policy, **changes)  # type: ignore[arg-type]  # - a test names fields
        self.desk = replace(self.desk, policy=policy, days=policy.working_days)
        adopt_policy(self.desk)

    def case(self, number: str) -> Case:
        with self.desk.store.reading() as reading:
            return load(reading, number)

    def appoint(self, wanted: Appointment) -> None:
        people.appoint(self.desk, wanted, person="security")

    def scan(self, number: str) -> Case:
        return scan.scan(self.desk, number)

    def by(self, person: str, number: str) -> Asker:
        return Asker(person=person, seen=self.case(number).version)

    def submit(  # noqa: PLR0913 - each is a field of the form
        self,
        text: str | bytes,
        *,
        person: str = "zhang",
        title: str = TITLE,
        name: str = "正文.txt",
        channels: tuple[Channel, ...] = ("website",),
        department: str = PRESS,
        attachments: Iterable[tuple[str, bytes]] = (),
    ) -> Case:
        """Hand an item in, and let the machine see it."""
        made = draft(
            text,
            title=title,
            name=name,
            channels=channels,
            department=department,
            attachments=attachments,
        )
        number = submit.submit(self.desk, made, person=person).number
        return scan.scan(self.desk, number)

    def resubmit(
        self, number: str, text: str | bytes, *, person: str = "zhang"
    ) -> Case:
        item = self.case(number).item
        body = next(one for one in item.files if one.role == "body")
        made = draft(text, title=item.title, name=body.name, channels=item.channels)
        submit.resubmit(self.desk, number, made, asker=self.by(person, number))
        return scan.scan(self.desk, number)

    def findings(self, number: str) -> tuple[str, ...]:
        """Return the ids of the findings that want a disposition."""
        report = self.case(number).round.report
        assert report is not None
        return tuple(one.id for one in report.findings if one.needs_disposition)

    def dispose(
        self,
        number: str,
        opinion: Opinion = "not_sensitive",
        *,
        person: str = "zhang",
        reason: str = "只是公开的办事信息",
    ) -> Case:
        """Say the same of every finding, one by one."""
        for finding in self.findings(number):
            judgment = Judgment(finding=finding, opinion=opinion, reason=reason)
            review.dispose(self.desk, number, judgment, asker=self.by(person, number))
        return self.case(number)

    def conclude(self, number: str, *, person: str = "zhang") -> Case:
        return review.conclude(
            self.desk,
            number,
            conclusion="agree",
            opinion="内容属实，可以公开",
            asker=self.by(person, number),
        )

    def sign(
        self,
        number: str,
        *,
        person: str = "li",
        channels: tuple[Channel, ...] = ("website",),
    ) -> Case:
        decision = Decision(outcome="clear", opinion="同意公开", channels=channels)
        return sign_off.sign_off(
            self.desk, number, decision, asker=self.by(person, number)
        )

    def cleared(self, text: str | bytes = CLEAN, *, name: str = "正文.txt") -> Case:
        """Lead an item without findings to its clearance."""
        number = self.submit(text, name=name).number
        self.conclude(number)
        return self.sign(number)

    def kept(self, number: str) -> tuple[str, ...]:
        with self.desk.store.reading() as reading:
            return reading.kept_digests(number)

    def acknowledge(self, number: str, *, person: str = "zhang") -> Case:
        """Say of every gap that somebody looked at it."""
        for gap in self.case(number).round.open_gaps:
            asker = self.by(person, number)
            review.acknowledge_gap(
                self.desk, number, gap, note="打开原件逐处看过", asker=asker
            )
        return self.case(number)

    def kinds(self, number: str) -> tuple[str, ...]:
        """Return what is on record of a case."""
        found = records.history(self.desk, number)
        return tuple(one.statement.kind.removeprefix("case.") for one in found)

    def refusals(self) -> tuple[RequestRefused, ...]:
        """Return what is on record of people who asked for what is forbidden."""
        with self.desk.store.reading() as reading:
            every = [statement.read(one.statement) for one in _later(reading)]
        return tuple(
            one.event for one in every if isinstance(one.event, RequestRefused)
        )

    def body(self, number: str, *, person: str = "zhang") -> bytes:
        """Return the draft's body as a person downloads it."""
        files = self.case(number).item.files
        name = next(one.name for one in files if one.role == "body")
        return look.file_of(self.desk, number, name, person=person)[1]


def _later(reading: Reading) -> Iterator[Entry]:
    """Return every entry but the ledger's opening, which is no event."""
    return reading.entries(after=0)


def draft(  # noqa: PLR0913 - each is a field of the form
    text: str | bytes,
    *,
    title: str = TITLE,
    name: str = "正文.txt",
    channels: tuple[Channel, ...] = ("website",),
    department: str = PRESS,
    attachments: Iterable[tuple[str, bytes]] = (),
) -> Draft:
    return Draft(
        title=title,
        department=department,
        channels=channels,
        drafted_by="王虚构",
        uploads=(
            Upload(name=name, data=_bytes(text)),
            *(
                Upload(name=each, data=own, role="attachment")
                for each, own in attachments
            ),
        ),
    )


def offered(
    text: str | bytes,
    *,
    name: str = "正文.txt",
    attachments: Iterable[tuple[str, bytes]] = (),
) -> Contents:
    """Return what a channel is about to publish."""
    return contents_of(_bytes(text), name, attachments=attachments)


def docx(text: str) -> bytes:
    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def page(text: str, *, wrapped: bool = False) -> bytes:
    """Return a web page of the text's lines; wrapped as another template would."""
    lines = text.splitlines()
    if wrapped:
        inner = "\n".join(
            f'<section class="p"><div><p>\n   <span>{one}</span></p></div></section>'
            for one in lines
        )
        return f"<!DOCTYPE html><html><body><main>{inner}</main></body></html>".encode()
    inner = "".join(f"<p>{one}</p>" for one in lines)
    return f"<html><head></head><body>{inner}</body></html>".encode()


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


@dataclass(frozen=True)
class Secrets:
    """The keys of an installation, so that it can be opened again."""

    ledger: SigningKey
    vault: Key
    clearance: SigningKeys


def new_secrets() -> Secrets:
    return Secrets(SigningKey.generate(), new_key(), SigningKeys(generate()))


@cache
def _shipped_policy() -> Policy:
    return load_policy()


def sqlite_in(folder: Path) -> str:
    return f"sqlite+pysqlite:///{folder / 'xianshen.db'}"


def build(url: str, folder: Path, machine: Machine, secrets: Secrets) -> Site:
    """Join an installation in a folder, on an upgraded database."""
    now, engine = SetClock(MONDAY), make_engine(url)
    witness = WitnessFile(folder / "witness.jsonl")
    store = SqlStore(
        engine, key=secrets.ledger, algorithm="sha256", witness=witness, now=now
    )
    store.open_ledger()
    vault = Vault(FolderBlobs(folder / "vault"), ring_of(secrets.vault))
    vault.probe()
    policy = _shipped_policy()
    desk = Desk(
        office=Office(id="yunshan", name="云山职业学院"),
        store=store,
        contents=vault,
        secrets=SealedSecrets(ring_of(secrets.vault)),
        machine=machine,
        policy=policy,
        days=policy.working_days,
        clearance_keys=secrets.clearance,
        now=now,
        via="test",
    )
    adopt_policy(desk)
    return Site(desk, now, vault, witness, secrets.ledger, engine)


_PEOPLE: tuple[tuple[str, str, Post, str | None], ...] = (
    ("zhang", "张示例", "reviewer", PRESS),
    ("zhao", "赵虚拟", "reviewer", PRESS),
    ("wang", "王假名", "head", PRESS),
    ("he", "何演示", "reviewer", TEACHING),
    ("li", "李样本", "office", None),
    ("qian", "钱例子", "office", None),
    ("sun", "孙举例", "leader", None),
)
_FOUNDERS: tuple[tuple[str, str, Post], ...] = (
    ("system", "周系统", "system_admin"),
    ("security", "吴安全", "security_admin"),
    ("audit", "郑审计", "auditor"),
)


def staff(desk: Desk) -> None:
    """Appoint everybody, the way an office does."""
    for person, name, post in _FOUNDERS:
        people.found(desk, appointment(person, name, post))
    for person, name, own, department in _PEOPLE:
        wanted = appointment(person, name, own, department)
        people.appoint(desk, wanted, person="security")


def appointment(  # noqa: PLR0913 - each is a field of the paper
    person: str,
    name: str,
    post: Post,
    department: str | None = None,
    *,
    since: date = date(2026, 1, 1),
    until: date = date(2029, 12, 31),
    deputy_for: str | None = None,
) -> Appointment:
    return Appointment(
        id="",
        person=person,
        name=name,
        post=post,
        from_day=since,
        until_day=until,
        ground="云职院〔2026〕3号",
        department=department,
        deputy_for=deputy_for,
    )
