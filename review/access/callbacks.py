"""Where a site may be told things: the address of a callback, taken apart and judged.

Only the allow-list of the site is judged here; which networks the program may
reach at all is the sender's matter, who alone knows where a name leads.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from review.access.sites import Site
from review.errors import RefusedError

_PORTS: Final = {"https": 443, "http": 80}
_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback's address: `target` is the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def place(self) -> str:
        """Return the host as an allow-list names it: the port only if it is not 443."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS["https"] else f"{host}:{self.port}"


def callback(url: str) -> Callback:
    """Take a callback's address apart.

    Raises:
        RefusedError: It is no plain address of a web page.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _malformed() from None
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not plain or len(url) > _LONGEST or parts.scheme not in _PORTS:
        raise _malformed()
    if not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise _malformed()
    query = f"?{parts.query}" if parts.query else ""
    return Callback(
        scheme=parts.scheme,
        host=parts.hostname,
        port=_PORTS[parts.scheme] if port is None else port,
        target=f"{parts.path or '/'}{query}",
    )


def forbid_other_places(site: Site, url: str) -> Callback:
    """Return the callback, if the site may be told things there.

    Raises:
        RefusedError: Its host is not on the site's allow-list.
    """
    wanted = callback(url)
    if wanted.place not in site.callback_hosts:
        raise RefusedError(
            "回调地址的主机不在这个站点登记的范围内；请改用登记过的主机，"
            "或请系统管理员修改登记。"
        )
    return wanted


def _malformed() -> RefusedError:
    return RefusedError(
        "回调地址的写法不对，应写成 https://主机/路径，不带用户名、口令和 # 部分。"
    )
