"""Sites that ask the gate: what each may do, folded from what the ledger sealed.

A registration says what a site may at most do; whether it may do it today is
said by its appointments to the post `site`, which somebody else makes (三员分立).
"""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final, TypeAlias

import regex

from review.access.events import SiteChanged
from review.case.values import Channel
from review.errors import IncompleteError, RefusedError

_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

# No account's name begins so: a person never acts as a site, nor a site as a person.
ID_PREFIX: Final = "site-"
_ID: Final = r"site-[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::\d{{1,5}})?"
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteKey:
    """A key of a site: its id and the SHA-256 of the whole key, never the key."""

    id: str
    digest: str
    issued_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A content management system that asks the gate; `id` is a person's, too.

    `networks` are those that it may come from (CIDR), `callback_hosts` those that
    it may be told things at: `host` for port 443, or `host:port`.
    """

    id: str
    name: str
    channels: tuple[Channel, ...]
    departments: tuple[str, ...]
    networks: tuple[str, ...]
    callback_hosts: tuple[str, ...] = ()
    registered_at: datetime | None = None
    closed_at: datetime | None = None
    keys: tuple[SiteKey, ...] = ()

    def key(self, name: str) -> SiteKey | None:
        """Return the key of that id that still holds."""
        if self.closed_at is not None:
            return None
        held = (one for one in self.keys if one.revoked_at is None)
        return next((one for one in held if one.id == name), None)

    def is_at_home(self, address: str) -> bool:
        """Tell whether a request may come from that address."""
        try:
            there = unwrapped(ipaddress.ip_address(address))
        except ValueError:
            return False
        return any(there in _parsed(one) for one in self.networks)


def sites_after(happened: Iterable[SiteChanged]) -> Mapping[str, Site]:
    """Return every site by its id, as what happened left it, oldest first."""
    known: dict[str, Site] = {}
    for event in happened:
        known[event.site] = evolve(known.get(event.site), event)
    return known


def evolve(site: Site | None, event: SiteChanged) -> Site:
    """Return the site after `event`; nothing is decided here."""
    if event.change == "registered" or site is None:
        return _said(event, registered_at=event.at)
    if event.change == "changed":
        changed = _said(event, registered_at=site.registered_at)
        return replace(changed, keys=site.keys, closed_at=site.closed_at)
    if event.change == "closed":
        return replace(site, closed_at=event.at)
    return replace(site, keys=_keys_after(site, event))


def sound(site: Site) -> Site:
    """Return the registration with every network and host in one spelling.

    Raises:
        IncompleteError: Something is not said.
        RefusedError: An id, network or host is not written as it must be.
    """
    if not regex.fullmatch(_ID, site.id):
        raise RefusedError(
            f"站点代号应以 {ID_PREFIX} 开头，后面用小写字母、数字和横线，例如 site-news。"
        )
    missing = [
        word
        for word, given in (
            ("名称", site.name.strip()),
            ("公开方式", site.channels),
            ("部门", [one for one in site.departments if one.strip()]),
            ("来源网段", site.networks),
        )
        if not given
    ]
    if missing:
        raise IncompleteError(f"请补齐：{'、'.join(missing)}。")
    if len(site.name.strip()) > _LONGEST_NAME:
        raise RefusedError(f"站点名称太长，最多 {_LONGEST_NAME} 字。")
    return replace(
        site,
        name=site.name.strip(),
        channels=tuple(dict.fromkeys(site.channels)),
        departments=_once(one.strip() for one in site.departments if one.strip()),
        networks=_once(_network(one) for one in site.networks),
        callback_hosts=_once(_host(one) for one in site.callback_hosts),
    )


def unwrapped(address: _Address) -> _Address:
    """Return the IPv4 address that an IPv6 one stands for, or itself."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _said(event: SiteChanged, *, registered_at: datetime | None) -> Site:
    return Site(
        id=event.site,
        name=event.name,
        channels=event.channels,
        departments=event.departments,
        networks=event.networks,
        callback_hosts=event.callback_hosts,
        registered_at=registered_at,
    )


def _keys_after(site: Site, event: SiteChanged) -> tuple[SiteKey, ...]:
    if event.change == "key_revoked":
        return tuple(_revoked(one, event) for one in site.keys)
    if event.key is None or event.key_digest is None:
        return site.keys  # the secret of its webhooks; it lets nobody in
    new = SiteKey(id=event.key, digest=event.key_digest, issued_at=event.at)
    return (*site.keys, new)


def _revoked(key: SiteKey, event: SiteChanged) -> SiteKey:
    if key.id != event.key or key.revoked_at is not None:
        return key
    return replace(key, revoked_at=event.at)


@lru_cache(maxsize=1_000)
def _parsed(network: str) -> _Network:
    return ipaddress.ip_network(network)


def _network(text: str) -> str:
    try:
        network: _Network = ipaddress.ip_network(text.strip())
    except ValueError:
        raise RefusedError(
            "来源网段的写法不对，应写成 10.1.2.0/24 或单个地址 10.1.2.3，主机位须为 0。"
        ) from None
    return str(network)


def _host(text: str) -> str:
    host = text.strip().lower()
    if not regex.fullmatch(_HOST, host):
        raise RefusedError(
            "回调主机的写法不对，应写成 cms.example.edu.cn 或 cms.example.edu.cn:8443，"
            "不带 https:// 和路径。"
        )
    return host


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
