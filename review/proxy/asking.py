"""Ask the gate; whatever is not a whole answer is no answer, and no answer is no."""

import asyncio
import json
from typing import Any, Final

import httpx2

from review.proxy.interface import StopError, Verdict

_PATH: Final = "/api/v1/gate/served"
_LONGEST: Final = 4_194_304  # bytes of an answer


class Asking:
    """The gate, asked with the key of one site."""

    def __init__(
        self, client: httpx2.AsyncClient, *, key: str, seconds: float, channel: str
    ) -> None:
        """Keep what each question goes with; whoever made the client closes it."""
        self._client = client
        self._headers = {"Authorization": f"Bearer {key}"}
        self._seconds = seconds
        self._channel = channel

    async def page(
        self,
        address: str,
        *,
        title: str,
        html: str,
        attachments: tuple[tuple[str, str], ...],
    ) -> Verdict:
        """Ask about a page; attachments are (name, SHA-256)."""
        attached = [{"name": one, "sha256": digest} for one, digest in attachments]
        return await self._ask(
            address, {"title": title, "html": html, "attachments": attached}
        )

    async def file(self, address: str, digest: str) -> Verdict:
        """Ask about a file by its SHA-256."""
        return await self._ask(address, {"sha256": digest})

    async def _ask(self, address: str, offered: dict[str, Any]) -> Verdict:
        question = {"address": address, "channel": self._channel, **offered}
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._client.send(
                    self._client.build_request(
                        "POST", _PATH, json=question, headers=self._headers
                    ),
                    stream=True,
                )
                try:
                    return await _verdict(answer)
                finally:
                    await answer.aclose()
        except TimeoutError:
            raise StopError("gate", "no answer in time") from None
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise StopError("gate", type(error).__name__) from None


async def _verdict(answer: httpx2.Response) -> Verdict:
    """Read an answer.

    Raises:
        StopError: It is not one of the two that the gate gives.
    """
    if answer.status_code != httpx2.codes.OK:
        raise StopError("gate", f"status {answer.status_code}")
    said = await _read(answer)
    if said.get("allowed") is True:
        proof, case = said.get("clearance"), said.get("case")
        if isinstance(proof, str) and proof and isinstance(case, str) and case:
            return Verdict(allowed=True)
    elif said.get("allowed") is False and isinstance(said.get("code"), str):
        return Verdict(allowed=False, code=said["code"])
    raise StopError("gate", "nonsense")


async def _read(answer: httpx2.Response) -> dict[str, Any]:
    data = bytearray()
    async for chunk in answer.aiter_bytes():
        data += chunk
        if len(data) > _LONGEST:
            raise StopError("gate", "an endless answer")
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        raise StopError("gate", "nonsense") from None
    if not isinstance(said, dict):
        raise StopError("gate", "nonsense")
    return said
