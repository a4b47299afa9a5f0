"""An invented office on several hosts: the settings of each, the keys, its people.

Set up as docs/operations.md says: one host makes database and keys, its `keys` folder is
copied to each of the others, and all have the same settings.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from deploy.hosts.network import OURS, SUBNET
from deploy.hosts.servers import url
from review import clock
from review.access.sites import Site
from review.bootstrap import install, open_installation
from review.case.people import Appointment, Post
from review.service.desk import Desk
from review.service.gate import sites
from review.service.people import accounts, appointments
from review.service.people.accounts import NewAccount
from review.settings import load_settings

PORT: Final = 8000
PRESS: Final = "宣传部"
SITE: Final = "site-news"
_GROUND: Final = "云职院〔2026〕9号"
_FOUNDERS: Final[tuple[tuple[str, str, Post], ...]] = (
    ("system", "周系统", "system_admin"),
    ("security", "吴安全", "security_admin"),
    ("audit", "郑审计", "auditor"),
)
_OTHERS: Final[tuple[tuple[str, str, Post, str | None], ...]] = (
    ("zhang", "张示例", "reviewer", PRESS),
    ("zhao", "赵虚拟", "reviewer", PRESS),
    ("li", "李样本", "office", None),
    ("qian", "钱例子", "office", None),
    (SITE, "云山新闻网", "site", PRESS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """What was shown once: the first passwords, the site's key."""

    passwords: Mapping[str, str]
    site_key: str


def environ_of(
    folder: Path, *, database: str, queue: str, host: str | None = None
) -> dict[str, str]:
    """Return the settings of one host; `host` is the address that a site listens to."""
    chosen = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": url(database),
        "REDIS_URL": f"redis://{queue}:6379/0",
        "VAULT": "database",
        "OFFICE_NAME": "云山职业学院",
        "OFFICE_ID": "yunshan",
        "DEMO": "false",
        "METRICS_NETWORKS": SUBNET,
        # Everybody asks from one address here.
        "REQUESTS_PER_MINUTE": "100000",
        **({"HOST": host, "PORT": str(PORT)} if host else {}),
    }
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        **{f"XIANSHEN_{name}": value for name, value in chosen.items()},
    }


def found(environ: Mapping[str, str]) -> Founded:
    """Make database and keys on the first host, and let everybody in who is needed."""
    settings = load_settings(environ)
    install(settings)
    with open_installation(settings, via="cli") as installation:
        desk = installation.desk
        for person, name, post in _FOUNDERS:
            appointments.found(desk, _appointed(person, name, post, None))
        for person, name, post, department in _OTHERS:
            wanted = _appointed(person, name, post, department)
            appointments.appoint(desk, wanted, person="security")
        passwords = {
            person: accounts.create(
                desk,
                NewAccount(login=person, name=name, department=department),
                person="system",
            ).password
            for person, name, _, department in _OTHERS
            if person != SITE
        }
        return Founded(passwords=passwords, site_key=_site_key(desk))


def copy_keys(first: Path, other: Path) -> None:
    """Give another host the first one's keys, and its witness with them."""
    other.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(first / "keys", other / "keys")


def _site_key(desk: Desk) -> str:
    registered = Site(
        id=SITE,
        name="云山新闻网",
        channels=("website",),
        departments=(PRESS,),
        networks=(f"{OURS}/32",),
    )
    sites.register(desk, registered, person="system")
    return sites.issue_key(desk, SITE, person="system").text


def _appointed(
    person: str, name: str, post: Post, department: str | None
) -> Appointment:
    today: date = clock.china_date(clock.now())
    return Appointment(
        id="",
        person=person,
        name=name,
        post=post,
        from_day=today,
        until_day=today + timedelta(days=365),
        ground=_GROUND,
        department=department,
    )
