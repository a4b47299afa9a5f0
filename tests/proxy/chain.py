"""A reader's browser before the proxy, the published files behind it, the gate beside.

All of it speaks HTTP over the library's own transports, without a socket.
"""

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

import httpx2
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review import digests
from review.proxy.asking import Asking
from review.proxy.checking import Checker, load_frames
from review.proxy.rules import Rules, load_rules
from review.proxy.serving import make_app
from review.proxy.upstream import Upstream
from tests.service.cms import Cms
from tests.websites.clear import Cleared
from tests.websites.make import ADDRESS, BODY, TITLE, framed

HERE: Final = "127.0.0.1"
_HTML: Final = "text/html; charset=utf-8"


@dataclass
class Behind:
    """The site behind the proxy: its files by unescaped path, or an answer of its own."""

    files: dict[str, bytes]
    answers: dict[str, Callable[[Request], Awaitable[Response]]] = field(
        default_factory=dict
    )
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        path = unquote(request.url.path)
        self.asked.append(f"{request.method} {path}?{request.url.query}")
        if path in self.answers:
            return await self.answers[path](request)
        data = self.files.get(path)
        if data is None:
            return Response("<h1>没有，内部说明</h1>", 404, media_type="text/html")
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return Response(data, headers={"Content-Type": kind})

    def says(self, path: str, data: bytes, status: int = 200, **headers: str) -> None:
        """Let it answer a path so from now on."""
        named = {one.replace("_", "-"): value for one, value in headers.items()}
        named.setdefault("Content-Type", _HTML)

        async def answer(_: Request) -> Response:
            return Response(data, status, headers=named)

        self.answers[path] = answer


@dataclass
class Chain:
    """The chain, and short words for what a reader does."""

    rules: Rules
    behind: Behind
    cms: Cms
    cleared: Cleared
    folder: Path
    gate: Any

    def get(self, path: str, method: str = "GET", **headers: str) -> httpx2.Response:
        """Ask for one address as it is written."""
        named = {one.replace("_", "-"): value for one, value in headers.items()}
        return self.every([path], method=method, headers=named)[0]

    def every(
        self,
        paths: Iterable[str],
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
    ) -> list[httpx2.Response]:
        """Ask for one after the other."""
        return asyncio.run(self._every(list(paths), method, headers or {}))

    async def _every(
        self, paths: list[str], method: str, headers: dict[str, str]
    ) -> list[httpx2.Response]:
        site = Starlette(routes=[Route("/{path:path}", self.behind.answer)])
        frames = load_frames(self.rules, self.folder)
        async with (
            _client(site, self.rules.upstream) as upstream,
            _client(self.gate, "http://127.0.0.1:8000") as gate,
        ):
            asking = Asking(
                gate,
                key=self.cms.key.text,
                seconds=self.rules.limits.gate_seconds,
                channel=self.rules.channel,
            )
            checker = Checker(
                self.rules, frames, Upstream(upstream, self.rules), asking
            )
            async with _client(make_app(checker), ADDRESS) as reader:
                return [
                    await reader.request(method, one, headers=headers) for one in paths
                ]


def chained(gate: FastAPI, cms: Cms, cleared: Cleared, folder: Path) -> Chain:
    """Put the parts together, with the published files as they ought to be."""
    (folder / "frame.html").write_bytes(framed("某一标题", "<p>某一正文</p>"))
    (folder / "proxy.toml").write_text(configuration(cleared), "utf-8")
    files = cleared.website.files()
    rules = load_rules(folder / "proxy.toml")
    return Chain(rules, Behind(files), cms, cleared, folder, gate)


def configuration(cleared: Cleared, **changes: str) -> str:
    """Return a proxy's file for the site; `changes` replace its first lines."""
    robots = next(one for one in cleared.website.static if one.path == "/robots.txt")
    lines = {
        "gate": "http://127.0.0.1:8000",
        "upstream": "http://127.0.0.1:8080",
        "site": ADDRESS,
        "channel": "网站",
        **changes,
    }
    said = "".join(f'{name} = "{value}"\n' for name, value in lines.items())
    return (
        f'{said}\n[page]\nbody = "{BODY}"\ntitle = "{TITLE}"\nframes = ["frame.html"]\n'
        f'\n[open]\n"/static/*" = "any"\n'
        f'"/robots.txt" = "sha256:{digests.of_bytes(robots.data)}"\n'
    )


def escaped(path: str) -> str:
    """Return an unescaped path as a browser asks for it."""
    return quote(path)


def _client(app: Any, address: str) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app, client=(HERE, 50_000))
    return httpx2.AsyncClient(transport=transport, base_url=address, trust_env=False)
