"""Addresses of one site: one spelling each, and which of them are worth a visit."""

import posixpath
from collections import Counter
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urljoin, urlsplit

import regex

from review.contents import address

_SCHEMES: Final = ("http", "https")
# What counts visitors, and says nothing of what is shown.
_TRACKING: Final = frozenset({"spm", "fbclid", "gclid"})
_SESSION: Final = (";jsessionid=", ";phpsessid=")
_FIRST_PAGES: Final = frozenset(
    f"{name}{ending}"
    for name in ("index", "default")
    for ending in (".html", ".htm", ".shtml", ".php", ".jsp", ".asp", ".aspx")
)
_ESCAPE: Final = regex.compile(r"%[0-9a-fA-F]{2}|%")
_LONGEST: Final = 2000
_DEEPEST: Final = 30
_MOST_REPEATS: Final = 3
_WITHOUT_REVIEW: Final = (".css", ".js", ".mjs", ".map", ".woff", ".woff2", ".ttf")
_ASSETS: Final = (*_WITHOUT_REVIEW, ".eot", ".otf", ".ico", ".cur")
_SIGNPOSTS: Final = ("/robots.txt", "/sitemap.xml", "/favicon.ico")


def spelled(raw: str, base: str) -> str | None:
    """Return an address in full, in one spelling, without fragment; None if no page's.

    Dots in the path are followed, escapes of plain characters undone, session
    numbers and what counts visitors left out. Spelling twice changes nothing.
    """
    try:
        whole = address.canonical(urljoin(base, raw.strip()))
        parts = urlsplit(whole)
        if parts.scheme not in _SCHEMES or not parts.hostname or "@" in parts.netloc:
            return None
        _ = parts.port  # an odd one raises
        path = _path(_without_session(parts.path))
        query = _query(parts.query)
    except ValueError:
        return None
    return address.canonical(
        SplitResult(parts.scheme, parts.netloc, path, query, "").geturl()
    )


def key(spelling: str) -> str:
    """Return what names the same page under http and https, with or without index.html."""
    parts = urlsplit(spelling)
    folder, _, name = parts.path.rpartition("/")
    path = f"{folder}/" if name.lower() in _FIRST_PAGES else parts.path
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{port}{path.rstrip('/') or '/'}{query}"


def is_at_home(spelling: str, home: str) -> bool:
    """Tell whether an address is on the host and port of `home`, by either scheme."""
    here, there = urlsplit(spelling), urlsplit(home)
    if here.hostname != there.hostname:
        return False
    return here.port == there.port or (here.port is None and there.port is None)


def at_home(spelling: str, home: str) -> str:
    """Return an address of the site under the scheme that its home has."""
    if not is_at_home(spelling, home):
        return spelling
    return urlsplit(spelling)._replace(scheme=urlsplit(home).scheme).geturl()


def is_odd(raw: str, base: str) -> bool:
    """Tell an address on the host of `base` that nobody can visit: its port is none."""
    try:
        parts = urlsplit(urljoin(base, raw.strip()))
        if parts.scheme not in _SCHEMES or parts.hostname != urlsplit(base).hostname:
            return False
    except ValueError:
        return False
    try:
        _ = parts.port
    except ValueError:
        return True
    return False


def is_asset(spelling: str) -> bool:
    """Tell what only dresses pages, or leads programs: no contents of its own."""
    path = urlsplit(spelling).path.lower()
    return path.endswith(_ASSETS) or path in _SIGNPOSTS


def is_trap(spelling: str) -> bool:
    """Tell an address that only a machine going round in circles would make."""
    path = urlsplit(spelling).path
    steps = [one for one in path.split("/") if one]
    repeats = max(Counter(steps).values(), default=0)
    return len(spelling) > _LONGEST or len(steps) > _DEEPEST or repeats > _MOST_REPEATS


def bare(spelling: str) -> str:
    """Return the address without its query, which may have endless variants."""
    return spelling.partition("?")[0]


def file_name(spelling: str) -> str:
    """Return the name of the file that an address stands for."""
    name = unquote(urlsplit(spelling).path).rpartition("/")[2]
    return name or "index.html"


def _without_session(path: str) -> str:
    lower = path.lower()
    cuts = [lower.find(one) for one in _SESSION if one in lower]
    return path[: min(cuts)] if cuts else path


def _path(path: str) -> str:
    """Follow the dots, however they are written; what is escaped for a reason stays."""
    plain = _ESCAPE.sub(lambda found: _unescaped(found[0]), path)
    slash = "/" if plain.endswith(("/", "/.", "/..")) else ""
    followed = posixpath.normpath("/" + plain.lstrip("/"))
    return followed if followed == "/" else f"{followed}{slash}"


def _unescaped(escape: str) -> str:
    if len(escape) == 1:
        return "%25"
    sign = chr(int(escape[1:], 16))
    plain = sign.isascii() and (sign.isalnum() or sign in "-._~")
    return sign if plain else escape.upper()


def _query(query: str) -> str:
    if not query:
        return ""
    kept = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not name.lower().startswith("utm_") and name.lower() not in _TRACKING
    ]
    return urlencode(kept)
