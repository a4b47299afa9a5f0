"""What `XIANSHEN` in Django's settings says; read anew each time, so that tests may change it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from django.conf import settings
from xianshen_gate import Gate


class SettingsWrongError(Exception):
    """The settings lack something, or hold something that can't be right."""


@dataclass(frozen=True)
class Conf:
    """The settings; the README says of each what it is for."""

    url: str = ""
    key: str = ""
    key_file: str = ""
    webhook_secret: str = ""
    department: str = ""
    channel: str = "website"
    timeout: float = 8.0  # seconds for one wait on the gate
    recheck: float = 60.0  # seconds that a no is remembered where pages are served
    prefix: str = "wt"  # begins the items' names at the gate
    callback_url: str = ""
    models: tuple[str, ...] = ()  # guarded beside pages, drafts and site settings
    exempt: tuple[str, ...] = ()  # "app.Model": never guarded
    media_exempt: tuple[str, ...] = ()  # beginnings of paths below MEDIA_ROOT

    @property
    def site_key(self) -> str:
        """Return the key, of the file if one is named."""
        if self.key_file:
            return Path(self.key_file).read_text("ascii").strip()
        return self.key


def conf() -> Conf:
    """Return the settings as they are now.

    Raises:
        SettingsWrongError: There is a name in them that nobody knows.
    """
    said: dict[str, Any] = getattr(settings, "XIANSHEN", None) or {}
    known = {one.name for one in fields(Conf)}
    given = {str(name).lower(): value for name, value in said.items()}
    if unknown := sorted(set(given) - known):
        raise SettingsWrongError(f"XIANSHEN 里有不认识的设置：{'、'.join(unknown)}")
    for name in ("models", "exempt", "media_exempt"):
        given[name] = tuple(given.get(name, ()))
    return Conf(**given)


def gate() -> Gate:
    """Return the gate's client.

    Raises:
        SettingsWrongError: It can't be made of what the settings say.
    """
    now = conf()
    try:
        return Gate(now.url, key=now.site_key, timeout=float(now.timeout))
    except (ValueError, TypeError, OSError) as error:
        raise SettingsWrongError(f"先审的设置不对：{error}") from None
