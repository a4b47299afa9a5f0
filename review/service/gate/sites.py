"""Sites: registered and changed by the system administrator, known by sealed entries.

A registration and a key let a site in; what it may do there is said by its
appointments to the post `site`, which the security administrator makes
(`review.service.people.appointments`). Neither of the two can open the gate alone (三员分立).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from review.access import site_keys
from review.access.events import SiteChange, SiteChanged
from review.access.permissions import OfficeVerb
from review.access.sites import Site, sites_after, sound
from review.case.people import By
from review.errors import NotFoundError, RefusedError, StaleError
from review.ledger import statement
from review.ledger.statement import Context
from review.ports.records import Reading, Writing
from review.service.acting import looking, noting_refusals, permit
from review.service.appointed import appointments_of
from review.service.desk import Desk

WEBHOOK_KEY: Final = "webhook"
_MANAGE: Final[OfficeVerb] = "manage_sites"
_MOST_KEYS: Final = 5


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key; its text is shown once and never again."""

    id: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Registered:
    """A new site with the secret of its webhooks, which is shown once."""

    site: Site
    webhook_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SiteSeen:
    """A site as its administrators see it; `last_used` is by key."""

    site: Site
    last_used: Mapping[str, date]


def register(desk: Desk, wanted: Site, *, person: str) -> Registered:
    """Register a site; it can do nothing before it has a key and an appointment.

    Raises:
        RefusedError: Its id is taken, or something of it is not well said.
    """
    with noting_refusals(desk, person, _MANAGE), desk.store.writing() as work:
        by, at = permit(desk, work, _MANAGE, person), desk.now()
        site = sound(wanted)
        others = {one.post for one in appointments_of(work, site.id)} - {"site"}
        if site.id in sites_of(work) or others or work.accounts.find(site.id):
            raise RefusedError("这个代号已有人用过，请换一个；代号用过就不再给别人。")
        event = _event(site, "registered", at=at, by=by)
        _seal(desk, work, event)
        secret = _new_secret(desk, work, site, at=at, by=by)
        return Registered(sites_after((event,))[site.id], secret)


def change(desk: Desk, wanted: Site, *, person: str) -> Site:
    """Change what a site is called and what it may at most do."""
    with noting_refusals(desk, person, _MANAGE), desk.store.writing() as work:
        by, at = permit(desk, work, _MANAGE, person), desk.now()
        site = sound(wanted)
        known = _open_site(work, site.id)
        _seal(desk, work, _event(site, "changed", at=at, by=by))
        return replace(site, registered_at=known.registered_at, keys=known.keys)


def issue_key(desk: Desk, site: str, *, person: str) -> IssuedKey:
    """Give a site a further key, so that the one before can be revoked later."""
    with noting_refusals(desk, person, _MANAGE), desk.store.writing() as work:
        by, at = permit(desk, work, _MANAGE, person), desk.now()
        known = _open_site(work, site)
        if sum(one.revoked_at is None for one in known.keys) >= _MOST_KEYS:
            raise RefusedError(
                f"一个站点同时最多 {_MOST_KEYS} 个密钥，请先撤销不用的。"
            )
        key = site_keys.new_key()
        event = _event(
            known, "key_issued", at=at, by=by, key=key.id, key_digest=key.digest
        )
        _seal(desk, work, event)
        return IssuedKey(key.id, key.text)


def renew_secret(desk: Desk, site: str, *, person: str) -> str:
    """Give a site another secret for its webhooks; the one before counts no more."""
    with noting_refusals(desk, person, _MANAGE), desk.store.writing() as work:
        by, at = permit(desk, work, _MANAGE, person), desk.now()
        return _new_secret(desk, work, _open_site(work, site), at=at, by=by)


def revoke_key(desk: Desk, site: str, key: str, *, person: str) -> Site:
    """Take a key back; from now on nobody comes in by it.

    Raises:
        NotFoundError: The site has no such key that still holds.
    """
    with noting_refusals(desk, person, _MANAGE), desk.store.writing() as work:
        by, at = permit(desk, work, _MANAGE, person), desk.now()
        known = _open_site(work, site)
        if known.key(key) is None:
            raise NotFoundError("这个站点没有这个密钥，或已经撤销，请核对密钥编号。")
        _seal(desk, work, _event(known, "key_revoked", at=at, by=by, key=key))
        return sites_of(work)[site]


def close(desk: Desk, site: str, *, person: str) -> Site:
    """Close a site for good: none of its keys opens anything any more."""
    with noting_refusals(desk, person, _MANAGE), desk.store.writing() as work:
        by, at = permit(desk, work, _MANAGE, person), desk.now()
        known = _open_site(work, site)
        _seal(desk, work, _event(known, "closed", at=at, by=by))
        return replace(known, closed_at=at)


def listed(desk: Desk, *, person: str) -> tuple[SiteSeen, ...]:
    """Return every site ever registered, by its id."""
    with looking(desk, "see_sites", person) as records:
        known = sorted(sites_of(records).values(), key=lambda one: one.id)
        return tuple(SiteSeen(one, records.gate.last_used(one.id)) for one in known)


def sites_of(records: Reading) -> Mapping[str, Site]:
    """Return every site as the sealed entries tell."""
    said = (
        statement.read(one.statement).event
        for one in records.entries_of_kind("site.changed")
    )
    return sites_after(one for one in said if isinstance(one, SiteChanged))


def secret_of(desk: Desk, records: Reading, site: str) -> bytes | None:
    """Return the secret that webhooks to the site are signed with."""
    sealed = records.gate.secret(site)
    return None if sealed is None else desk.secrets.open(sealed, purpose=_purpose(site))


def _new_secret(desk: Desk, work: Writing, site: Site, *, at: datetime, by: By) -> str:
    secret = site_keys.new_webhook_secret()
    sealed = desk.secrets.seal(secret.encode(), purpose=_purpose(site.id))
    work.gate.put_secret(site.id, sealed)
    _seal(desk, work, _event(site, "key_issued", at=at, by=by, key=WEBHOOK_KEY))
    return secret


def _purpose(site: str) -> str:
    return f"site:{site}:webhook"


def _open_site(work: Writing, site: str) -> Site:
    known = sites_of(work).get(site)
    if known is None:
        raise NotFoundError("没有这个站点，请核对代号。")
    if known.closed_at is not None:
        raise StaleError("这个站点已经停用，不能再改；需要时请用新代号另行登记。")
    return known


def _event(  # noqa: PLR0913 - each is a field of the event
    site: Site,
    what: SiteChange,
    *,
    at: datetime,
    by: By,
    key: str | None = None,
    key_digest: str | None = None,
) -> SiteChanged:
    return SiteChanged(
        at=at,
        by=by,
        site=site.id,
        name=site.name,
        change=what,
        channels=site.channels,
        departments=site.departments,
        networks=site.networks,
        callback_hosts=site.callback_hosts,
        key=key,
        key_digest=key_digest,
    )


def _seal(desk: Desk, work: Writing, event: SiteChanged) -> None:
    work.seal(event, Context(via=desk.via, policy=desk.policy.digest))
