"""Which addresses may stay: those of public pages, never paths of one's own network."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

_SCHEMES: Final = frozenset({"http", "https"})
_INNER: Final = (".local", ".lan", ".internal", ".intranet", ".corp", ".home")


def is_public(address: str) -> bool:
    """Tell whether an address is a web page's or a mailbox's that anyone may know.

    A path on a disk, a share, a machine without a domain and a private network
    tell about the office from which the draft comes.
    """
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme.lower() == "mailto":
        return True
    named = parts.username is not None or parts.password is not None
    return parts.scheme.lower() in _SCHEMES and not named and _is_public_host(host)


def _is_public_host(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_INNER)
