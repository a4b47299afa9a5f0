"""Answer what the gate (发布闸口) is asked: may exactly this be published here now.

Yes only where all of it is proven without believing a row: the clearance by its
signature, what was handed in by the digest in the entry that the clearance
names, what was taken back and who asks by the chain (`sealed_facts`). Rows only
say where to look. Whatever fails raises, and nobody is told yes.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Final

from review import clock, digests
from review.access.site_keys import PresentedKey
from review.access.sites import Site
from review.case.case import CLEARED_STAGES
from review.case.people import By
from review.case.values import File, files_digest
from review.clearance import token as tokens
from review.clearance.interface import Clearance
from review.contents import fold
from review.contents.compare import compare, describe
from review.contents.interface import from_json
from review.errors import (
    ClearanceError,
    ClearanceExpiredError,
    ClearanceNotYetValidError,
    MissingContentsError,
    SiteRefusedError,
    TamperError,
)
from review.ledger.entry import Entry, is_whole
from review.ports.gate import Standing
from review.ports.records import Reading
from review.service.desk import Desk
from review.service.gate.question import (
    CODES,
    YES,
    Answer,
    Offered,
    OfferedFile,
    Question,
    no,
)
from review.service.gate.sealed_facts import Beliefs, Facts
from review.service.recording import load

_REMEMBERED: Final = 10_000  # clearances, some 30 MB
_LOOKS: Final = 5  # of threads that overtake one another
_MOST_CHANGES: Final = 50
_CUT: Final = "审查记录的末尾比刚才少，被删去了；请立即停用本系统，保留现场。"
_FORGED: Final = (
    "公开许可或送审记录与签名不符，数据库被改动；请立即停用本系统，保留现场。"
)
_STRANGER: Final = (
    "站点密钥无效、已撤销，或请求来自登记范围以外的地址；请系统管理员核对站点登记。"
)
_KINDS: Final = {"added": "多出", "removed": "缺少", "changed": "不同"}


@dataclass(frozen=True, slots=True)
class Looked:
    """An answer, and who had asked; no answer where he may not ask today."""

    site: Site
    by: By
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class _Cleared:
    """A clearance whose signature holds, with the files and title it was given on.

    `own` are the digests of the files that may go out: body and attachments.
    """

    clearance: Clearance
    files: str
    title: str
    own: frozenset[str]


class Gatekeeper:
    """What a process keeps at hand: the sealed facts, and clearances once verified.

    `noted` is the day on which each key's use was last written down, by key.
    """

    noted: dict[str, date]

    def __init__(self) -> None:
        """Begin without knowing anything."""
        self._beliefs = Beliefs()
        self._verified: dict[str, _Cleared] = {}
        self.noted = {}

    def facts(self, desk: Desk) -> Facts:
        """Return the facts as of now.

        Raises:
            TamperError: The ledger is not what it was.
        """
        for _ in range(_LOOKS):
            with desk.store.reading() as records:
                facts = self._beliefs.up_to(desk, records, records.gate.end())
            if facts is not None:
                return facts
        raise TamperError(_CUT)

    def look(
        self, desk: Desk, key: PresentedKey, address: str, question: Question
    ) -> Looked:
        """Answer a question in one consistent look; nothing is written.

        Raises:
            SiteRefusedError: The key does not hold, or not from there.
            TamperError: The records are not what they were.
        """
        known = self._beliefs.facts or self.facts(desk)
        # Whose a key is never changes: where it is known, one question is enough.
        owner = known.keys.get(key.id) or admitted(self.facts(desk), key, address)
        for _ in range(_LOOKS):
            with desk.store.reading() as records:
                standing = _standing(records, owner.id, question)
                end = standing.last_index, standing.last_digest
                facts = self._beliefs.up_to(desk, records, end)
                if facts is None:
                    continue
                site = admitted(facts, key, address)
                by = doer(desk, facts, site, standing.department)
                if by.appointment is None:
                    return Looked(site, by, None)
                answer = self._answer(desk, records, facts, standing, question)
                return Looked(site, by, answer)
        raise TamperError(_CUT)

    def _answer(
        self,
        desk: Desk,
        records: Reading,
        facts: Facts,
        standing: Standing,
        question: Question,
    ) -> Answer:
        case, stage = standing.case, standing.stage
        if stage not in CLEARED_STAGES:
            code = CODES.get(stage, "pending") if stage else "not_reviewed"
            return no(code, case=case)
        try:
            cleared = self._cleared(desk, records, standing)
        except (ClearanceExpiredError, ClearanceNotYetValidError) as error:
            late = isinstance(error, ClearanceExpiredError)
            return no("expired" if late else "pending", case=case)
        if cleared.clearance.id in facts.revoked:
            return no("revoked", case=case)
        if question.channel not in cleared.clearance.channels:
            return no("channel", case=case)
        return _compared(desk, records, cleared, standing, question.offered)

    def _cleared(self, desk: Desk, records: Reading, standing: Standing) -> _Cleared:
        """Return the case's clearance, verified in full at its first use.

        Raises:
            ClearanceExpiredError: It has run out.
            TamperError: It is not genuine, or another case's.
        """
        token, now = standing.token or "", desk.now()
        known = self._verified.get(token)
        if known is None:
            known = _verified(desk, records, token)
            if len(self._verified) >= _REMEMBERED:
                self._verified.clear()
            self._verified[token] = known
        if known.clearance.case != standing.case:
            raise TamperError(_FORGED)
        if now >= known.clearance.valid_until:
            raise ClearanceExpiredError("公开许可已经到期。")
        return known


def admitted(facts: Facts, key: PresentedKey, address: str) -> Site:
    """Return the site that the key opens from that address.

    Raises:
        SiteRefusedError: It opens none; what is wrong is not said.
    """
    site = facts.keys.get(key.id)
    known = site.key(key.id) if site else None
    if site is None or known is None or not key.opens(known):
        raise SiteRefusedError(_STRANGER)
    if not site.is_at_home(address):
        raise SiteRefusedError(_STRANGER)
    return site


def doer(desk: Desk, facts: Facts, site: Site, department: str | None) -> By:
    """Return as whom the site asks today: for the department, or for any if None.

    Without an appointment where it may not: of another department, or not today.
    """
    day = clock.china_date(desk.now())
    for one in facts.appointments.get(site.id, ()):
        own = one.department in site.departments
        if own and one.holds_on(day) and department in {None, one.department}:
            return one.as_doer()
    return By(id=site.id, name=site.name, post="nobody")


def _standing(records: Reading, site: str, question: Question) -> Standing:
    if question.external_id is not None:
        return records.gate.standing_of_item(site, question.external_id)
    number = question.case or ""
    item = records.gate.item_of(number)
    if item is not None and item.site != site:
        number = ""  # another site's own item
    return records.gate.standing_of_case(number)


def _verified(desk: Desk, records: Reading, token: str) -> _Cleared:
    """Verify a clearance, and find in sealed entries what it was given on."""
    try:
        clearance = tokens.verify(token, desk.clearance_keys.public, now=desk.now())
    except (ClearanceExpiredError, ClearanceNotYetValidError):
        raise
    except ClearanceError as error:
        raise TamperError(_FORGED) from error
    if clearance.issuer != desk.office.id:
        raise TamperError(_FORGED)
    entries = records.round_entries(clearance.case, clearance.ledger_index)
    last = [one for one in entries if one.index == clearance.ledger_index]
    # The clearance names this digest, so that nobody can have put another entry here.
    if not last or last[0].digest != clearance.ledger_digest or not is_whole(last[0]):
        raise TamperError(_FORGED)
    files = json.loads(last[0].statement)["contents"]
    for one in entries:
        item = _item_of(one, files)
        if item is not None:
            return _Cleared(clearance, files, *item)
    raise TamperError(_FORGED)


def _item_of(entry: Entry, files: str) -> tuple[str, frozenset[str]] | None:
    """Return title and files' digests of the item handed in with exactly these files.

    The title is one of them, so that their digest holds it. None where the entry
    tells of other files, or of none.
    """
    item = json.loads(entry.statement)["data"].get("item")
    if item is None:
        return None
    handed_in = tuple(File(**one) for one in item["files"])
    title: str = item["title"]
    digest = digests.of_bytes(title.encode())
    known = [one.digest for one in handed_in if one.role == "title"]
    same = known == [digest] and files_digest(handed_in) == files
    own = frozenset(one.digest for one in handed_in if one.role != "title")
    return (title, own) if same else None


def _compared(
    desk: Desk,
    records: Reading,
    cleared: _Cleared,
    standing: Standing,
    offered: Offered | OfferedFile,
) -> Answer:
    """Say yes to the very files or to what reads the same, else what differs."""
    clearance = cleared.clearance
    yes = Answer(
        allowed=True, message=YES, clearance=standing.token, case=clearance.case
    )
    if isinstance(offered, OfferedFile):
        same = offered.digest in cleared.own
        return yes if same else no("changed", case=clearance.case)
    if offered.files == cleared.files:
        return yes
    seen = offered.seen
    if seen is not None:
        attached = tuple(sorted({one.digest for one in seen.attachments}))
        if attached != clearance.attachments:
            changes = _changes(desk, records, cleared, offered)
            return no("attachment", case=clearance.case, changes=changes)
        same_title = fold.plain(offered.title) == fold.plain(cleared.title)
        nothing_hidden = set(seen.hidden) <= set(clearance.hidden)
        if seen.digest == clearance.contents and same_title and nothing_hidden:
            return yes
    changes = _changes(desk, records, cleared, offered)
    return no("changed", case=clearance.case, changes=changes)


def _changes(
    desk: Desk, records: Reading, cleared: _Cleared, offered: Offered
) -> tuple[str, ...]:
    """Say what differs, in Chinese; nothing where the cleared contents were purged."""
    found: list[str] = []
    if fold.plain(offered.title) != fold.plain(cleared.title):
        found.append(f"标题：原文“{cleared.title}”，现文“{offered.title}”。")
    if offered.seen is None:
        return (*found, "正文读不出来，无法与审查通过的比对。")
    case = load(records, cleared.clearance.case)
    report = case.rounds[cleared.clearance.round - 1].report
    try:
        full = json.loads(desk.contents.get(report.digest)) if report else {}
    except MissingContentsError:
        return tuple(found)
    if full.get("contents") is None:
        return tuple(found)
    differences = compare(from_json(full["contents"]), offered.seen)
    found += [describe(one) for one in differences.changes]
    found += [
        f"附件“{one.name}”：{_KINDS[one.kind]}。" for one in differences.attachments
    ]
    if differences.hidden_added:
        found.append("多出了看不见的内容（隐藏文字、批注等），审查时没有。")
    return tuple(found[:_MOST_CHANGES])
