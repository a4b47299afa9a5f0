"""Where a request really comes from, and which names we answer to.

A proxy's word counts only where the operator named the proxy: anybody else could
write any address into a header and so escape a limit or be taken for a neighbour.
"""

import ipaddress
from collections.abc import Iterable
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import problem
from review.settings import Settings

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

# What watches over the program asks often and by address, and learns nothing that is
# worth hiding.
PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
_EVERYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared, not listened on
_MOST_HOPS: Final = 20
_FORWARDED: Final = frozenset({b"x-forwarded-for", b"forwarded"})
# Set where a proxy of ours passed the request on; and where somebody did whom nobody
# named, so that who asks is not known.
TRUSTED_PROXY: Final = "xianshen.trusted_proxy"
_UNKNOWN_PROXY: Final = "xianshen.unknown_proxy"


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks that settings name."""
    return tuple(ipaddress.ip_network(one, strict=False) for one in texts)


def is_within(address: str, networks: Iterable[Network]) -> bool:
    """Tell whether an address lies in one of the networks; what is none does not."""
    known = _address(address)
    return known is not None and any(known in one for one in networks)


def is_loopback(address: str) -> bool:
    """Tell whether a request comes from this machine itself."""
    known = _address(address)
    return known is not None and known.is_loopback


def comes_from(scope: Scope, networks: Iterable[Network]) -> bool:
    """Tell whether the client himself is on this machine or in one of the networks."""
    if scope.get(_UNKNOWN_PROXY) or not scope.get("client"):
        return False
    address = scope["client"][0]
    return is_loopback(address) or is_within(address, networks)


def names_of(settings: Settings) -> frozenset[str]:
    """Return the names under which this installation may be called."""
    names = {*_LOOPBACK, *(one.lower() for one in settings.allowed_hosts)}
    if settings.host not in _EVERYWHERE:
        names.add(settings.host.lower())
    if settings.public_url is not None:
        names.add((urlsplit(settings.public_url).hostname or "localhost").lower())
    return frozenset(names)


class FromProxies:
    """Puts the client's own address and scheme in the place of a trusted proxy's."""

    def __init__(self, app: ASGIApp, *, proxies: Iterable[Network]) -> None:
        """Take whose word counts."""
        self._app = app
        self._proxies = tuple(proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, corrected."""
        if scope["type"] == "http":
            peer = scope["client"][0] if scope.get("client") else ""
            if self._proxies and is_within(peer, self._proxies):
                scope = {**scope, **self._told(scope, peer), TRUSTED_PROXY: True}
            elif any(name in _FORWARDED for name, _ in scope["headers"]):
                scope = {**scope, _UNKNOWN_PROXY: True}
        await self._app(scope, receive, send)

    def _told(self, scope: Scope, peer: str) -> Scope:
        said = [
            value.decode("latin-1")
            for name, value in scope["headers"]
            if name == b"x-forwarded-for"
        ]
        schemes = [
            value.decode("latin-1").rpartition(",")[2].strip().lower()
            for name, value in scope["headers"]
            if name == b"x-forwarded-proto"
        ]
        told: Scope = {"client": (self._client(",".join(said), peer), 0)}
        if schemes and schemes[-1] in {"http", "https"}:
            told["scheme"] = schemes[-1]
        return told

    def _client(self, said: str, peer: str) -> str:
        """Return the last address that is no proxy of ours; whoever wrote more may lie."""
        client = peer
        for hop in reversed(said.split(",")[-_MOST_HOPS:]):
            address = _address(_without_port(hop.strip()))
            if address is None:
                break
            client = str(address)
            if not is_within(client, self._proxies):
                break
        return client


class KnownNames:
    """Refuses a request that calls us by a name that is not ours.

    Else a page elsewhere could reach an installation on this machine or in this
    network by a name of its own (DNS rebinding), or poison links that we write.
    """

    def __init__(self, app: ASGIApp, *, names: Iterable[str]) -> None:
        """Take the names, in lower case and without ports."""
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) == 1 and _host(hosts[0]) in self._names:
            await self._app(scope, receive, send)
            return
        refused = problem(
            421,
            "unknown_host",
            "不认识这个主机名。请用本系统的网址访问；新的网址要由系统管理员加到设置 allowed_hosts。",
        )
        await refused(scope, receive, send)


def _host(value: bytes) -> str:
    return _without_port(value.decode("latin-1").strip().lower()).rstrip(".")


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text.partition("]")[0] + "]"
    name, colon, _ = text.partition(":")
    # Two colons and no brackets: an address of version 6, and no port.
    return text if colon and text.count(":") > 1 else name


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    # An address of version 4 must not slip by in the clothes of version 6.
    mapped = getattr(address, "ipv4_mapped", None)
    return address if mapped is None else mapped
