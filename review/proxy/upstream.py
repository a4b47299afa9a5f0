"""Read the site behind the proxy: whole answers, within limits, as nobody's visitor.

Nothing of the reader's request goes along but the path (and the query, where it
counts): what comes back is what everybody gets, and what was compared.
"""

import asyncio
from typing import Final

import httpx2

from review.proxy.interface import Fetched, StopError
from review.proxy.paths import Place
from review.proxy.rules import Rules

_ENCODINGS: Final = frozenset({"", "identity", "gzip", "deflate"})


def client_for(address: str) -> httpx2.AsyncClient:
    """Return a client of one server, which an address or a socket names."""
    socket = address.removeprefix("unix:") if address.startswith("unix:") else None
    return httpx2.AsyncClient(
        base_url="http://localhost" if socket else address,
        transport=httpx2.AsyncHTTPTransport(uds=socket) if socket else None,
        follow_redirects=False,
        trust_env=False,
        timeout=None,  # each question has its own, for all of it together
    )


class Upstream:
    """The site behind, read through a client."""

    def __init__(self, client: httpx2.AsyncClient, rules: Rules) -> None:
        """Keep the client; whoever made it closes it."""
        self._client = client
        self._rules = rules
        self._host = httpx2.URL(rules.site).netloc.decode("ascii")

    async def fetch(self, place: Place) -> Fetched:
        """Return what is there now.

        Raises:
            StopError: It did not answer in time, or more than can be checked.
        """
        request = self._client.build_request(
            "GET",
            place.target,
            headers={
                "Host": self._host,
                "Accept-Encoding": "identity",
                "User-Agent": "xianshen-proxy",
            },
        )
        try:
            async with asyncio.timeout(self._rules.limits.upstream_seconds):
                answer = await self._client.send(request, stream=True)
                try:
                    return await self._read(answer)
                finally:
                    await answer.aclose()
        except TimeoutError:
            raise StopError("upstream", "no answer in time") from None
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
            raise StopError("upstream", type(error).__name__) from None

    async def _read(self, answer: httpx2.Response) -> Fetched:
        said = answer.headers
        packed = {one.strip() for one in said.get("content-encoding", "").split(",")}
        if not packed <= _ENCODINGS:
            raise StopError("upstream", "packed in an unknown way")
        data = bytearray()
        if answer.status_code == httpx2.codes.OK:
            async for chunk in answer.aiter_bytes():
                data += chunk
                if len(data) > self._rules.limits.file_bytes:
                    raise StopError("too_large")
        kind, _, rest = said.get("content-type", "").partition(";")
        return Fetched(
            status=answer.status_code,
            kind=kind.strip().lower(),
            charset=_charset(rest),
            location=said.get("location"),
            modified=said.get("last-modified"),
            data=bytes(data),
        )


def _charset(parameters: str) -> str | None:
    for one in parameters.split(";"):
        name, _, value = one.partition("=")
        if name.strip().lower() == "charset":
            return value.strip()
    return None
