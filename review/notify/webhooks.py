"""Webhooks out: signed, and sent only where the operator and the site allow it.

A callback's address comes from outside, so that it must not lead inside (SSRF): its
name is resolved once, every address behind it is judged, and the connection goes to
the very address that was judged. Nothing that is answered is read but the status.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

import httpx2

from review.access.callbacks import Callback, callback
from review.access.sites import unwrapped
from review.access.webhook_signatures import HEADER, signature
from review.errors import DeliveryError
from review.ports.gate import Outgoing

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

# For one attempt from the connection to the answer's head; the name's resolver has its own.
_SECONDS: Final = 10.0
# IPv6 spellings of other addresses: NAT64, 6to4, Teredo.
_TUNNELS: Final = tuple(
    ipaddress.IPv6Network(one)
    for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class WebhookSender:
    """What `review.ports.gate.Sender` promises, over HTTPS."""

    def __init__(
        self,
        *,
        inner_networks: Sequence[str] = (),
        ca_file: Path | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        """Take the inner networks that may be reached, beside the whole outside.

        Plain HTTP is taken to this very machine alone, and only where `inner_networks`
        has it. `ca_file` are certificate authorities of one's own.

        Raises:
            ValueError: One of the networks is not written as one.
        """
        self._inner = tuple(ipaddress.ip_network(one) for one in inner_networks)
        self._tls = ssl.create_default_context(cafile=ca_file)
        self._seconds = seconds

    def send(self, outgoing: Outgoing, *, at: datetime) -> None:
        """Send it, signed; return once the site has said that it has it (2xx).

        Raises:
            DeliveryError: It has not, or may not be told there.
        """
        wanted = callback(outgoing.url)
        address = self._resolved(wanted)
        signed = signature(
            outgoing.body, secret=outgoing.secret, timestamp=int(at.timestamp())
        )
        headers = {
            "Host": _authority(wanted.host, wanted.port, wanted.scheme),
            "Content-Type": "application/json",
            "User-Agent": "xianshen-webhook",
            "X-Xianshen-Delivery": outgoing.id,
            HEADER: signed,
        }
        place = _authority(str(address), wanted.port, wanted.scheme)
        # The name is for the certificate; the connection goes to the judged address.
        names = {"sni_hostname": wanted.host} if wanted.scheme == "https" else {}
        request = httpx2.Request(
            "POST",
            f"{wanted.scheme}://{place}{wanted.target}",
            content=outgoing.body,
            headers=headers,
            extensions=names,
        )
        try:
            status = asyncio.run(self._status(request))
        except TimeoutError:
            raise DeliveryError(
                f"对方在 {self._seconds:g} 秒内没有答完，将自动重试。"
            ) from None
        except httpx2.HTTPError as error:
            kind = type(error).__name__
            raise DeliveryError(f"对方没有应答（{kind}），将自动重试。") from None
        if not 200 <= status < 300:  # noqa: PLR2004 - as HTTP names success
            raise DeliveryError(f"对方回答 {status}，没有收下，将自动重试。")

    async def _status(self, request: httpx2.Request) -> int:
        """Send the request; return the answer's status.

        The time is for all of it together: were it for each wait, whoever drips a
        byte now and then could hold a worker for hours.
        """
        async with asyncio.timeout(self._seconds):
            client = httpx2.AsyncClient(
                verify=self._tls, timeout=None, follow_redirects=False, trust_env=False
            )
            async with client:
                answer = await client.send(request, stream=True)
                await answer.aclose()
                return answer.status_code

    def _resolved(self, wanted: Callback) -> _Address:
        """Return the address to connect to, every one behind the name being allowed."""
        try:
            found = socket.getaddrinfo(
                wanted.host, wanted.port, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError):
            raise DeliveryError("回调主机的名称查不到地址，将自动重试。") from None
        addresses = [_address(str(one[4][0])) for one in found]
        for one in addresses:
            self._forbid_inside(one, wanted.scheme)
        return addresses[0]

    def _forbid_inside(self, address: _Address, scheme: str) -> None:
        listed = any(
            address.version == one.version and address in one for one in self._inner
        )
        if scheme != "https" and not (listed and address.is_loopback):
            raise DeliveryError("回调地址必须用 https。")
        if listed:
            return
        tunnel = isinstance(address, ipaddress.IPv6Address) and any(
            address in one for one in _TUNNELS
        )
        if not address.is_global or address.is_multicast or tunnel:
            raise DeliveryError(
                "回调主机指向内部地址，不能通知；确需通知内网系统的，"
                "请系统管理员在设置 webhook_networks 里列出它的网段。"
            )


def _address(text: str) -> _Address:
    # A link-local address comes with its zone, which it can't be judged with.
    return unwrapped(ipaddress.ip_address(text.partition("%")[0]))


def _authority(host: str, port: int, scheme: str) -> str:
    named = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}[scheme]
    return named if port == usual else f"{named}:{port}"
