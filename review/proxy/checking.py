"""Decide on one answer of the site behind: whether those very bytes may be sent."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

import regex

from review import digests
from review.errors import SettingsError
from review.proxy.asking import Asking
from review.proxy.decoding import page_text
from review.proxy.interface import Fetched, StopError, Verdict
from review.proxy.paths import Place, place_of
from review.proxy.rules import ANY, Rules
from review.proxy.template import Frame, Parts, take_apart
from review.proxy.upstream import Upstream

_PAGE: Final = "text/html"
# What "any" on the list lets through: nothing that people read as a text.
_OPEN_KINDS: Final = frozenset(
    {"text/css", "text/javascript", "application/javascript", "font/woff"}
    | {"font/woff2", "font/ttf", "font/otf", "application/font-woff"}
    | {"image/png", "image/jpeg", "image/gif", "image/webp", "image/x-icon"}
    | {"image/vnd.microsoft.icon"}
)
# A link to something else than a page: what is there belongs to the item.
_PAGES: Final = frozenset(
    {"", "html", "htm", "shtml", "php", "jsp", "asp", "aspx", "do", "action"}
)
# What a browser leaves as it stands in a query.
_QUERY: Final = "!$%&()*+,-./:;=?@[\\]^_`{|}~"
_MOST_FILES: Final = 50
_FILES_AT_ONCE: Final = 4
_CHARSET: Final = regex.compile(r"[\w.:-]{1,40}")


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be sent: these bytes, under this type."""

    content_type: str
    digest: str
    modified: str | None
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Checker:
    """Everything that a decision needs."""

    rules: Rules
    frames: tuple[Frame, ...]
    upstream: Upstream
    gate: Asking

    async def check(self, place: Place, fetched: Fetched) -> Checked:
        """Return what may be sent.

        Raises:
            StopError: It may not, or nobody knows.
        """
        digest = digests.of_bytes(fetched.data)
        content_type = _content_type(fetched)
        listed = self.rules.listed(place.path)
        if listed is not None:
            _check_listed(listed, fetched, digest)
            if fetched.kind == _PAGE:
                _, charset = page_text(fetched.data, fetched.charset)
                content_type = f"{_PAGE}; charset={charset}"
        elif fetched.kind == _PAGE:
            text, charset = page_text(fetched.data, fetched.charset)
            content_type = f"{_PAGE}; charset={charset}"
            await self._check_page(place, text, len(fetched.data))
        else:
            address = f"{self.rules.site}{place.target}"
            _require(await self.gate.file(address, digest))
        return Checked(content_type, digest, fetched.modified, fetched.data)

    async def _check_page(self, place: Place, text: str, size: int) -> None:
        if size > self.rules.limits.page_bytes:
            raise StopError("too_large")
        parts = await asyncio.to_thread(take_apart, text, self.rules.page)
        frame = parts.frame
        if frame is not None and not any(one.fits(frame) for one in self.frames):
            raise StopError("template", "other contents around the body")
        address = f"{self.rules.site}{place.target}"
        files = await self._files(address, parts)
        verdict = await self.gate.page(
            address, title=parts.title, html=parts.body, attachments=files
        )
        _require(verdict)

    async def _files(self, address: str, parts: Parts) -> tuple[tuple[str, str], ...]:
        """Return the files that a body shows or links to, as they are now.

        Each once, by its file's name, or by its address where two have one name.
        """
        places: dict[Place, str] = {}
        for source in (*parts.shown, *parts.linked):
            place = self._own_file(address, source, shown=source in parts.shown)
            if place is not None:
                places.setdefault(place, source)
        if len(places) > _MOST_FILES:
            raise StopError("too_large", "files of a page")
        turns = asyncio.Semaphore(_FILES_AT_ONCE)
        found = await asyncio.gather(*(self._digest(one, turns) for one in places))
        names = [one.path.rpartition("/")[2] for one in places]
        return tuple(
            (name if names.count(name) == 1 else source, digest)
            for name, source, digest in zip(names, places.values(), found, strict=True)
            # What is not there is not offered, and so is missing.
            if digest is not None
        )

    async def _digest(self, place: Place, turns: asyncio.Semaphore) -> str | None:
        """Return the digest of a file as it is now; its bytes are not held on to."""
        async with turns:
            fetched = await self.upstream.fetch(place)
            there = fetched.status == 200  # noqa: PLR2004 - as HTTP names success
            return digests.of_bytes(fetched.data) if there else None

    def _own_file(self, address: str, source: str, *, shown: bool) -> Place | None:
        """Return where a file of this very site is, None for pages and other sites."""
        try:
            whole = urlsplit(urljoin(address, source.strip()))
            own = urlsplit(self.rules.site)
        except ValueError:
            return None
        if (whole.scheme, whole.netloc.lower()) != (own.scheme, own.netloc.lower()):
            return None
        rules = self.rules
        try:
            place = place_of(
                whole.path.encode("utf-8", "surrogatepass"),
                quote(whole.query.encode("utf-8", "surrogatepass"), _QUERY).encode(),
                index=rules.index,
                keep_query=rules.query == "keep",
            )
        except StopError:
            return None  # an address that is not served either
        # A folder's address has no ending, whatever its page is called.
        name = "" if whole.path.endswith("/") else place.path.rpartition("/")[2]
        stem, _, ending = name.rpartition(".")
        if not shown and (not stem or ending.lower() in _PAGES):
            return None
        return None if rules.listed(place.path) is not None else place


def _content_type(fetched: Fetched) -> str:
    """Return the type to send a file with, and the encoding of a text."""
    kind, charset = fetched.kind or "application/octet-stream", fetched.charset or ""
    if kind.startswith("text/") and _CHARSET.fullmatch(charset):
        return f"{kind}; charset={charset}"
    return kind


def load_frames(rules: Rules, folder: Path) -> tuple[Frame, ...]:
    """Return what stands around the body of the pages that were agreed on.

    Raises:
        SettingsError: One of them is missing, or no page of the template.
    """
    if rules.page is None:
        return ()
    return tuple(_frame(folder / one, rules) for one in rules.page.frames)


def _frame(path: Path, rules: Rules) -> Frame:
    try:
        text, _ = page_text(path.read_bytes(), None)
        frame = take_apart(text, rules.page).frame
    except OSError as error:
        raise SettingsError(
            f"读不到模板页 {path.name}（{error.strerror}），请核对配置文件里的 frames。"
        ) from error
    except StopError as stop:
        raise SettingsError(
            f"模板页 {path.name} 里没有唯一的正文和标题，或用了不支持的写法"
            "（base、noscript 等），请核对配置文件里的 body、title、dates。"
        ) from stop
    if frame is None:
        raise AssertionError("with a template there is a frame")
    return frame


def _check_listed(listed: str, fetched: Fetched, digest: str) -> None:
    """Judge what needs no review, by the list.

    Raises:
        StopError: It is not what is listed.
    """
    if listed == ANY:
        if fetched.kind not in _OPEN_KINDS:
            raise StopError("unlisted", "a type that has to be listed by its digest")
    elif listed != f"sha256:{digest}":
        raise StopError("unlisted", "another file than the one listed")


def _require(verdict: Verdict) -> None:
    if not verdict.allowed:
        raise StopError("refused", verdict.code or "")
