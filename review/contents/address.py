"""Web addresses in one spelling each."""

import base64
import binascii
from typing import Final
from urllib.parse import SplitResult, unquote, unquote_to_bytes, urljoin, urlsplit

import regex

from review import digests

_PORTS: Final = {"http": 80, "https": 443, "ftp": 21}
_KEPT: Final = ("javascript:", "vbscript:", "about:")
_LEFT_OUT: Final = str.maketrans("", "", "\t\r\n")
_ESCAPE: Final = regex.compile(r"%[0-9a-fA-F]{2}")
_BEYOND: Final = regex.compile(r"[^\x21-\x7e]+")


def canonical(raw: str, base: str = "") -> str:
    """Return an address as one spelling; different targets stay different.

    White space around it goes, scheme and host are lower case, a default port
    is left out, characters beyond ASCII are escaped, escapes are upper case.
    Path, query and fragment stay. Addresses that run code stay as they are;
    a `data:` address becomes the digest of its bytes.
    """
    text = raw.strip("\x00\x01\x02 \t\r\n\x0c\u3000\xa0")
    compact = text.translate(_LEFT_OUT)
    if compact.lower().startswith(_KEPT):
        return text
    if compact.lower().startswith("data:"):
        return data_digest(compact) or text
    try:
        return _spelled(urlsplit(urljoin(base, compact) if base else compact))
    except ValueError:
        return text


def data_digest(address: str) -> str | None:
    """Return "sha256:…" of the bytes in a `data:` address, if it holds any."""
    head, comma, body = address.partition(",")
    if not comma or not head.lower().startswith("data:"):
        return None
    data = unquote_to_bytes(body)
    if head.lower().rstrip().endswith(";base64"):
        try:
            data = base64.b64decode(b"".join(data.split()), validate=True)
        except (binascii.Error, ValueError):
            return None
    return f"sha256:{digests.of_bytes(data)}"


def file_name(address: str) -> str:
    """Return the last component of an address's path, unescaped."""
    try:
        path = urlsplit(address.strip()).path
    except ValueError:
        return ""
    return unquote(path).replace("\\", "/").rpartition("/")[2]


def _spelled(parts: SplitResult) -> str:
    host = parts.netloc
    if parts.scheme in _PORTS and host:
        user, at, place = host.rpartition("@")
        name, colon, port = _host(place.lower())
        if colon and port in {"", str(_PORTS[parts.scheme])}:
            colon, port = "", ""
        host = f"{user}{at}{name}{colon}{port}"
    path = parts.path or ("/" if host and parts.scheme in _PORTS else "")
    whole = parts._replace(netloc=host, path=path).geturl()
    whole = _BEYOND.sub(lambda found: _escaped(found[0]), whole)
    return _ESCAPE.sub(lambda found: found[0].upper(), whole)


def _host(place: str) -> tuple[str, str, str]:
    name, colon, port = place.rpartition(":")
    if not colon or not (port.isdigit() or not port) or place.endswith("]"):
        name, colon, port = place, "", ""
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    return name, colon, port


def _escaped(text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return "".join(f"%{byte:02X}" for byte in data)
