"""A site over HTTP: one connection, one request at a time, on its own host only.

It signs in nowhere, sends no form, takes no cookie, and asks robots.txt first. What
it answers is read up to a bound and never run.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx2
import regex

from review import __version__
from review.errors import UsageError
from review.ports.websites import Fetched
from review.siteaudit import addresses, robots

_ROBOTS_BYTES: Final = 512 * 1024
_MAP_BYTES: Final = 50 * 1024 * 1024
_MOST_MAPS: Final = 50
_PACKED: Final = b"\x1f\x8b"
_MOST_REDIRECTS: Final = 5
_PLACE: Final = regex.compile(r"<loc>\s*([^<\s]{1,2000})\s*</loc>", regex.I)
_GONE: Final = frozenset({404, 410})
_OK: Final = 200
_SERVER_ERROR: Final = 500
_RETRIES: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a site is visited: seconds between requests and for each, bytes of an answer."""

    delay: float = 0.2
    seconds: float = 30.0
    largest: int = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    data: bytes | None
    location: str = ""


class HttpSite:
    """One's own site; private networks are allowed, since it is one's own."""

    def __init__(
        self,
        start: str,
        manners: Manners,
        *,
        origin: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the first address, and read what robots.txt asks.

        `origin` is the machine that is asked in place of the one that the address
        names: behind a proxy, or before a move.

        Raises:
            UsageError: It is no address of a site, or nobody answers there.
        """
        spelling = addresses.spelled(start, start)
        asked = addresses.spelled(origin or start, start)
        if spelling is None or asked is None:
            raise UsageError("网址的写法不对，应写成 https://主机/ 或 http://主机/。")
        self._home, self._manners = spelling, manners
        self._origin = urlsplit(asked)
        self._sleep, self._monotonic = sleep, monotonic
        self._last: float | None = None
        self._delay = manners.delay
        self._client = httpx2.Client(
            timeout=manners.seconds,
            follow_redirects=False,
            trust_env=False,
            headers={
                "User-Agent": f"{robots.AGENT}/{__version__}",
                "Accept-Language": "zh-CN",
            },
        )
        self._robots = self._asked()
        self._delay = max(self._delay, self._robots.delay)

    @property
    def home(self) -> str:
        """Return the first address."""
        return self._home

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def listed(self) -> Iterator[str | Fetched]:
        """Yield the addresses in the site's own maps, each map once."""
        waiting = [*self._robots.maps, urljoin(self._home, "/sitemap.xml")]
        seen: set[str] = set()
        while waiting:
            found = addresses.spelled(waiting.pop(0), self._home)
            if found is None or found in seen or not self._at_home(found):
                continue
            if len(seen) == _MOST_MAPS:
                problem = f"站点地图超过 {_MOST_MAPS} 个，其余没有读。"
                yield Fetched(address=found, problem=problem)
                return
            seen.add(found)
            fetched = self._map(found)
            if fetched.problem is not None:
                yield fetched
            text = (fetched.data or b"").decode("utf-8", "replace")
            for one in _PLACE.findall(text):
                place = one.replace("&amp;", "&")
                if "<sitemapindex" in text:
                    waiting.append(place)
                else:
                    yield place

    def may_visit(self, spelling: str) -> bool:
        """Tell whether robots.txt lets us go there."""
        return self._robots.allows(spelling)

    def fetch(self, spelling: str) -> Fetched:
        """Return what an address answers, redirects within the host followed."""
        at = spelling
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._get(at, self._manners.largest)
            if isinstance(answer, str):
                return Fetched(address=at, problem=answer)
            if not answer.location:
                return _told(at, answer)
            found = self._here(addresses.spelled(answer.location, at))
            if found is None:
                # It leads away: nothing is published here itself.
                return Fetched(address=at)
            if not self.may_visit(found):
                return Fetched(address=at, problem="转到的网址 robots.txt 不让访问。")
            at = found
        return Fetched(address=at, problem="转向太多次，没有到头。")

    def _asked(self) -> robots.Robots:
        """Return what robots.txt says; where it can't be had, nothing may be visited."""
        answer = self._get(urljoin(self._home, "/robots.txt"), _ROBOTS_BYTES)
        if isinstance(answer, str):
            raise UsageError(f"网站 {urlsplit(self._home).netloc} 访问不了：{answer}")
        if self._moved_to(answer.location):
            return self._asked()
        if answer.status == _OK:
            return robots.parsed(answer.data or b"")
        return robots.CLOSED if answer.status >= _SERVER_ERROR else robots.Robots()

    def _moved_to(self, location: str) -> bool:
        """Call the site by https where it sends there whoever asks it by http.

        Not where another machine stands for it: that one is asked as it was named.
        """
        home, origin = urlsplit(self._home), self._origin
        found = addresses.spelled(location, self._home) if location else None
        itself = (home.scheme, home.netloc) == (origin.scheme, origin.netloc)
        if found is None or not itself or not self._at_home(found):
            return False
        if (home.scheme, urlsplit(found).scheme) != ("http", "https"):
            return False
        self._home = home._replace(scheme="https").geturl()
        self._origin = origin._replace(scheme="https")
        return True

    def _map(self, spelling: str) -> Fetched:
        """Return a site map; where it could not be read, why."""
        if not self.may_visit(spelling):
            return Fetched(address=spelling, problem="站点地图：robots.txt 不让访问。")
        answer = self._get(spelling, _MAP_BYTES)
        if isinstance(answer, str):
            return Fetched(address=spelling, problem=f"站点地图：{answer}")
        if (answer.data or b"").startswith(_PACKED):
            problem = "站点地图：是压缩的，没有读。"
            return Fetched(address=spelling, problem=problem)
        if answer.status >= _SERVER_ERROR:
            problem = f"站点地图：网站回答 {answer.status}。"
            return Fetched(address=spelling, problem=problem)
        return Fetched(address=spelling, data=answer.data)

    def _at_home(self, spelling: str) -> bool:
        return addresses.is_at_home(spelling, self._home)

    def _here(self, spelling: str | None) -> str | None:
        """Return an address on the site as the site is called; None on any other."""
        if spelling is None or self._at_home(spelling):
            return spelling
        parts = urlsplit(spelling)
        if parts.netloc != self._origin.netloc:
            return None
        home = urlsplit(self._home)
        return parts._replace(scheme=home.scheme, netloc=home.netloc).geturl()

    def _request(self, spelling: str) -> httpx2.Request:
        """Return the request, to the machine that is to be asked."""
        parts = urlsplit(spelling)
        scheme, place = self._origin.scheme, self._origin.netloc
        asked = parts._replace(scheme=scheme, netloc=place).geturl()
        return self._client.build_request("GET", asked, headers={"Host": parts.netloc})

    def _get(self, spelling: str, largest: int) -> "_Answer | str":
        """Return the answer, or in Chinese why there is none."""
        problem = ""
        for _ in range(_RETRIES + 1):
            self._wait()
            try:
                answer = self._client.send(self._request(spelling), stream=True)
                with contextlib.closing(answer):
                    return _read(answer, largest, self._until())
            except _TooLongError as error:
                return str(error)
            except httpx2.TimeoutException:
                problem = f"{self._manners.seconds:g} 秒内没有答完。"
            except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                problem = f"没有应答（{type(error).__name__}）。"
        return problem

    def _until(self) -> Callable[[], bool]:
        end = self._monotonic() + self._manners.seconds
        return lambda: self._monotonic() > end

    def _wait(self) -> None:
        now = self._monotonic()
        if self._last is not None and now - self._last < self._delay:
            self._sleep(self._delay - (now - self._last))
        self._last = self._monotonic()


def _told(at: str, answer: _Answer) -> Fetched:
    if answer.status in _GONE:
        return Fetched(address=at)
    if answer.status != _OK:
        return Fetched(address=at, problem=f"网站回答 {answer.status}。")
    return Fetched(address=at, data=answer.data)


class _TooLongError(Exception):
    """An answer of more bytes, or slower, than is allowed."""


def _read(
    answer: httpx2.Response, largest: int, is_late: Callable[[], bool]
) -> _Answer:
    if answer.is_redirect:
        return _Answer(answer.status_code, None, answer.headers.get("location", ""))
    if answer.status_code != _OK:
        return _Answer(answer.status_code, None)
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        size += len(piece)
        if size > largest:
            raise _TooLongError(f"超过 {largest // (1024 * 1024)} MB，没有检查。")
        if is_late():
            raise _TooLongError("没有在规定的时间内传完，没有检查。")
        pieces.append(piece)
    return _Answer(answer.status_code, b"".join(pieces))
