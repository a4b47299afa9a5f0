"""Sites as their administrators keep them, and what was told to them."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.cases import In, Line
from review.access.sites import Site
from review.case.values import Channel
from review.ports.gate import Delivery, DeliveryState
from review.service.gate.sites import SiteSeen


class SiteIn(In):
    """What a site is called and what it may at most do."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    departments: Annotated[tuple[Line, ...], Field(min_length=1, max_length=200)]
    networks: Annotated[tuple[Line, ...], Field(min_length=1, max_length=50)]
    callback_hosts: Annotated[tuple[Line, ...], Field(max_length=50)] = ()

    def site(self, name: str) -> Site:
        """Return the registration under that id."""
        return Site(
            id=name,
            name=self.name,
            channels=self.channels,
            departments=self.departments,
            networks=self.networks,
            callback_hosts=self.callback_hosts,
        )


class NewSiteIn(SiteIn):
    """A site to be registered."""

    id: Annotated[str, Field(max_length=64, examples=["site-news"])]


class SiteKeyOut(BaseModel):
    """A key of a site, by its id."""

    id: str
    issued_at: datetime
    revoked_at: datetime | None
    last_used: date | None


class SiteOut(BaseModel):
    """A site as its administrators see it."""

    id: str
    name: str
    channels: tuple[Channel, ...]
    departments: tuple[str, ...]
    networks: tuple[str, ...]
    callback_hosts: tuple[str, ...]
    registered_at: datetime | None
    closed_at: datetime | None
    keys: tuple[SiteKeyOut, ...]


class NewSiteOut(BaseModel):
    """A new site, and the secret of its webhooks, shown this once."""

    site: SiteOut
    webhook_secret: str


class NewKeyOut(BaseModel):
    """A new key, shown this once."""

    id: str
    key: str


class NewSecretOut(BaseModel):
    """A new secret of webhooks, shown this once."""

    webhook_secret: str


class DeliveryOut(BaseModel):
    """Something to tell a site, and how far that has got."""

    id: str
    site: str
    case: str
    event: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    due_at: datetime
    ended_at: datetime | None
    error: str | None


class DeliveryPage(BaseModel):
    """A page of deliveries; `next` is the id to go on after."""

    items: tuple[DeliveryOut, ...]
    next: str | None


def site_out(seen: SiteSeen) -> SiteOut:
    """Return a site as its administrators see it."""
    site = seen.site
    return SiteOut(
        id=site.id,
        name=site.name,
        channels=site.channels,
        departments=site.departments,
        networks=site.networks,
        callback_hosts=site.callback_hosts,
        registered_at=site.registered_at,
        closed_at=site.closed_at,
        keys=tuple(
            SiteKeyOut(
                id=one.id,
                issued_at=one.issued_at,
                revoked_at=one.revoked_at,
                last_used=seen.last_used.get(one.id),
            )
            for one in site.keys
        ),
    )


def delivery_out(one: Delivery) -> DeliveryOut:
    """Return a delivery without its address, which may hold a secret of the site's."""
    return DeliveryOut(
        id=one.id,
        site=one.site,
        case=one.case,
        event=one.event,
        state=one.state,
        attempts=one.attempts,
        created_at=one.created_at,
        due_at=one.due_at,
        ended_at=one.ended_at,
        error=one.error,
    )
