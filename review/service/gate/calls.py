"""What a content management system calls: hand in, ask, say what was published.

Everything that a site does is bounded to its own registration (networks,
channels, departments), to its appointments, and to its own items.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from review import clock
from review.access.callbacks import forbid_other_places
from review.access.events import GateRefused, SignInRefused
from review.access.site_keys import PresentedKey
from review.access.sites import Site
from review.case.case import FINAL_STAGES, Case, Stage
from review.case.events import RequestRefused
from review.case.people import By
from review.case.values import Channel
from review.case.words import CHANNELS
from review.errors import (
    NotFoundError,
    NotPermittedError,
    RefusedError,
    SiteRefusedError,
    StaleError,
)
from review.ledger.statement import Context
from review.ports.gate import Refusal, SiteItem
from review.service.cases import publish
from review.service.cases import submit as submitting
from review.service.cases.submit import Draft
from review.service.desk import Asker, Desk, Once
from review.service.gate.gatekeeper import Gatekeeper, Looked, admitted
from review.service.gate.question import Answer, OfferedFile, Question
from review.service.once import carried_out
from review.service.recording import load

# A new version of these is a new round, even where nothing was changed in it.
_ANEW: Final[frozenset[Stage]] = frozenset({"rework", "expired", "revoked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An item as a site hands it in, under the site's own name for it."""

    draft: Draft
    external_id: str
    callback_url: str | None = None


def let_in(desk: Desk, keeper: Gatekeeper, key: PresentedKey, *, address: str) -> Site:
    """Return the site whose key it is, and write down once a day that it was used.

    Raises:
        SiteRefusedError: It is nobody's, or does not come from there; put on record
            once a day.
    """
    facts = keeper.facts(desk)
    try:
        site = admitted(facts, key, address)
    except SiteRefusedError:
        _note_stranger(desk, facts.keys.get(key.id), address)
        raise
    _note_use(desk, keeper, site, key)
    return site


def check(
    desk: Desk,
    keeper: Gatekeeper,
    key: PresentedKey,
    question: Question,
    *,
    address: str,
) -> Answer:
    """Tell whether exactly this may be published there now.

    A no is written down, and once a day that the key was used.

    Raises:
        SiteRefusedError: The key does not hold, or not from there.
        NotPermittedError: The site may not ask for this department today.
    """
    return answered(desk, keeper, key, (question,), address=address)


def answered(
    desk: Desk,
    keeper: Gatekeeper,
    key: PresentedKey,
    questions: Sequence[Question],
    *,
    address: str,
) -> Answer:
    """Return the first yes, or else what the first of the questions is answered.

    Raises:
        SiteRefusedError: The key does not hold, or not from there.
        NotPermittedError: The site may not ask for this department today.
    """
    try:
        looks = _looks(desk, keeper, key, questions, address=address)
    except SiteRefusedError:
        _note_stranger(desk, keeper.facts(desk).keys.get(key.id), address)
        raise
    looked, question = looks
    site, by, answer = looked.site, looked.by, looked.answer
    _note_use(desk, keeper, site, key)
    if answer is None:
        _note_unappointed(desk, by, question)
        raise NotPermittedError(
            "这个站点今天没有这个部门的任命，不能使用闸口；请安全管理员办理任命。"
        )
    if question.channel not in site.channels:
        answer = _not_its_channel(answer)
    if not answer.allowed:
        _note_refusal(desk, by, question, answer)
    return answer


def submit(
    desk: Desk, submission: Submission, *, site: Site, once: Once | None = None
) -> Case:
    """Hand an item in: a new case, a new round of a known one, or nothing new.

    The same contents again while they are under review, cleared or refused are the
    same case.

    Raises:
        RefusedError: The site may not, or the case is not where this can be done.
    """
    draft = replace(submission.draft, external_id=submission.external_id)
    _forbid_beyond(site, draft, submission.callback_url)
    for last in (False, True):
        try:
            return _submitted(desk, submission, draft, site=site, once=once)
        except StaleError:
            # Somebody was faster; what he made is known now.
            if last:
                raise
    raise AssertionError("the second time returns or raises")


def publications(  # noqa: PLR0913 - each is a field of the form
    desk: Desk,
    number: str,
    *,
    site: Site,
    channel: Channel,
    address: str,
    published_at: datetime,
    once: Once | None = None,
) -> Case:
    """Put on record where and when the site has published the item."""
    _forbid_channels(site, (channel,))
    with desk.store.reading() as records:
        case = load(records, number)
    said = channel, address, published_at
    if said in {
        (one.channel, one.address, one.published_at) for one in case.publications
    }:
        return case
    return publish.record_publication(
        desk,
        number,
        channel=channel,
        address=address,
        published_at=published_at,
        asker=Asker(person=site.id, seen=case.version, once=once),
    )


def case_of(
    desk: Desk, *, site: Site, external_id: str | None = None, number: str | None = None
) -> Case:
    """Return the site's own item's case, or one of its departments by its number.

    Raises:
        NotFoundError: There is none, or it is not the site's to know of.
    """
    with desk.store.reading() as records:
        if external_id is not None:
            item = records.gate.item(site.id, external_id)
            number = item.case if item else None
        if number is None or not records.entries_of(number):
            raise _unknown()
        case = load(records, number)
        others = records.gate.item_of(number)
    if others is not None and others.site != site.id:
        raise _unknown()
    if case.item.department not in site.departments:
        raise _unknown()
    return case


def _unknown() -> NotFoundError:
    return NotFoundError("没有这一事项，请先送审，或核对编号。")


def _submitted(
    desk: Desk,
    submission: Submission,
    draft: Draft,
    *,
    site: Site,
    once: Once | None,
) -> Case:
    with desk.store.reading() as records:
        done = carried_out(records, site.id, once)
        if done is not None:
            return load(records, done)
        item = records.gate.item(site.id, submission.external_id)
        case = load(records, item.case) if item and item.case else None
    if submission.callback_url != (item.callback_url if item else None):
        _keep_callback(desk, submission, site)
    same = case is not None and _is_same(case, draft)
    if case is None or (
        # Of these nothing follows any more: a new version is a new case.
        case.stage in FINAL_STAGES and not (same and case.stage == "refused")
    ):
        return submitting.submit(desk, draft, person=site.id, once=once)
    if same and case.stage not in _ANEW:
        return case
    asker = Asker(person=site.id, seen=case.version, once=once)
    return submitting.resubmit(desk, case.number, draft, asker=asker)


def _looks(
    desk: Desk,
    keeper: Gatekeeper,
    key: PresentedKey,
    questions: Sequence[Question],
    *,
    address: str,
) -> tuple[Looked, Question]:
    """Return the look that ended in a yes on one of the site's channels, or the first."""
    found: list[tuple[Looked, Question]] = []
    for question in questions:
        looked = keeper.look(desk, key, address, question)
        found.append((looked, question))
        if looked.answer is not None and looked.answer.allowed:
            return found[-1]
    return found[0]


def _note_use(desk: Desk, keeper: Gatekeeper, site: Site, key: PresentedKey) -> None:
    """Write down once a day that the key was used; ask the store once a process."""
    day = clock.china_date(desk.now())
    if keeper.noted.get(key.id) == day:
        return
    with desk.store.reading() as records:
        used = records.gate.last_used(site.id).get(key.id)
    if used != day:
        with desk.store.writing() as work:
            work.gate.note_use(site.id, key.id, day)
    keeper.noted[key.id] = day


def _is_same(case: Case, draft: Draft) -> bool:
    """Tell whether the same files were handed in for the same channels."""
    item = submitting.item_of(draft)
    return case.item.contents == item.contents and set(case.item.channels) == set(
        item.channels
    )


def _keep_callback(desk: Desk, submission: Submission, site: Site) -> None:
    with desk.store.writing() as work:
        known = work.gate.item(site.id, submission.external_id)
        item = known or SiteItem(site=site.id, external_id=submission.external_id)
        work.gate.put_item(replace(item, callback_url=submission.callback_url))


def _forbid_beyond(site: Site, draft: Draft, callback_url: str | None) -> None:
    """Keep a site to its departments, channels and places to be told things."""
    if draft.department not in site.departments:
        raise NotPermittedError(
            "这个站点没有登记这个部门，不能代它送审；请系统管理员修改登记。"
        )
    _forbid_channels(site, draft.channels)
    if callback_url is not None:
        forbid_other_places(site, callback_url)


def _forbid_channels(site: Site, channels: tuple[Channel, ...]) -> None:
    extra = [CHANNELS[one] for one in channels if one not in site.channels]
    if extra:
        raise NotPermittedError(
            f"这个站点没有登记这些公开方式：{'、'.join(extra)}；请系统管理员修改登记。"
        )


def _not_its_channel(answer: Answer) -> Answer:
    message = "这个站点没有登记这一渠道，不能在这里公开；请系统管理员核对站点登记。"
    return Answer(allowed=False, message=message, code="channel", case=answer.case)


def _note_refusal(desk: Desk, by: By, question: Question, answer: Answer) -> None:
    """Put a no on record, once a day for the same contents."""
    if answer.code is None:
        raise RefusedError("闸口的回答前后不一，不能公开；请报告系统管理员。")
    at, seen = desk.now(), question.offered.seen
    name = question.external_id or question.case or ""
    contents = seen.digest if seen else None
    if isinstance(question.offered, OfferedFile):
        contents = question.offered.digest
    with desk.store.writing() as work:
        refusal = _refusal(desk, by.id, name, answer.code, contents or "")
        if not work.gate.note_refusal(refusal):
            return
        event = GateRefused(
            at=at,
            by=by,
            site=by.id,
            external_id=question.external_id or "",
            case=answer.case,
            code=answer.code,
            contents=contents,
        )
        work.seal(event, _context(desk))


def _note_unappointed(desk: Desk, by: By, question: Question) -> None:
    name = question.external_id or question.case or ""
    with desk.store.writing() as work:
        if work.gate.note_refusal(_refusal(desk, by.id, name, "not_permitted", "")):
            event = RequestRefused(
                at=desk.now(),
                by=by,
                case=None,
                verb="gate_check",
                code=NotPermittedError.code,
            )
            work.seal(event, _context(desk))


def _note_stranger(desk: Desk, site: Site | None, address: str) -> None:
    """Put on record, once a day for an address, that a key did not open."""
    name = site.id if site else ""
    by = By(id=name or "nobody", name=site.name if site else "无名", post="nobody")
    here = address[:100]
    with desk.store.writing() as work:
        refusal = _refusal(desk, name, here, SiteRefusedError.code, "")
        if work.gate.note_refusal(refusal):
            event = SignInRefused(
                at=desk.now(),
                by=by,
                account=name or None,
                address=here,
                code=SiteRefusedError.code,
            )
            work.seal(event, _context(desk))


def _refusal(desk: Desk, site: str, name: str, code: str, contents: str) -> Refusal:
    day = clock.china_date(desk.now())
    return Refusal(site=site, external_id=name, code=code, contents=contents, day=day)


def _context(desk: Desk) -> Context:
    return Context(via=desk.via, policy=desk.policy.digest)
