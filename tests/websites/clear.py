"""Lead every page of a site to its clearance, through the use cases themselves."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from review.access.site_keys import PresentedKey
from review.case.request import Decision
from review.case.values import Channel
from review.service.cases import publish, sign_off
from review.service.gate import calls as gate
from review.service.machine.round_machine import RoundMachine
from tests.service import site as sites
from tests.service.cms import Cms, join
from tests.service.site import Secrets, Site
from tests.websites.make import Page, Website
from tests.websites.planted import FATES, Fate, Planted

_NETWORKS: Final = ("127.0.0.0/8", "10.1.2.0/24")


@dataclass(frozen=True, slots=True)
class Cleared:
    """An installation in a folder, to be copied, that has cleared a whole site.

    `secrets` are its keys; `cases` has the case numbers by path; `at` is the moment when all was done.
    """

    folder: Path
    key: PresentedKey
    website: Website
    planted: Planted
    secrets: Secrets
    cases: Mapping[str, str]
    at: datetime


def opened(cleared: Cleared, folder: Path, machine: RoundMachine) -> Cms:
    """Open a copy of that installation, at the moment when all was done.

    Whoever opens it disposes of `college.engine`.
    """
    shutil.copytree(cleared.folder, folder)
    built = sites.build(sites.sqlite_in(folder), folder, machine, cleared.secrets)
    built.clock.at = cleared.at
    return Cms(built, cleared.key, "")


def registered(college: Site) -> Cms:
    """Return the site's own registration, with its key, at home on this machine."""
    return join(college, channels=("website", "wechat"), networks=_NETWORKS)


def clear(cms: Cms, website: Website) -> dict[str, str]:
    """Clear every page as it was handed in and put its address into the register.

    Returns the case numbers by path. The clock is moved until one clearance has run
    out; whatever has a fate (`FATES`) meets it.
    """
    articles = website.articles
    fates = {articles[at].path: fate for at, fate in FATES.items()}
    early = [one for one in website.pages if fates.get(one.path) == "expired"]
    cases = {one.path: _published(cms, one) for one in early}
    cms.college.clock.pass_by(days=cms.college.desk.policy.clearance_valid_days + 1)
    for page in website.pages:
        if page.path not in cases:
            cases[page.path] = _met(cms, page, fates.get(page.path))
    publish.expire_due(cms.college.desk)
    return cases


def _met(cms: Cms, page: Page, fate: Fate | None) -> str:
    college = cms.college
    if fate == "pending":
        return _submitted(cms, page)
    if fate == "channel":
        number = _submitted(cms, page, "wechat")
        college.dispose(number)
        college.conclude(number)
        return college.sign(number, channels=("wechat",)).number
    if fate == "refused":
        number = _submitted(cms, page)
        college.dispose(number)
        college.conclude(number)
        refusal = Decision(
            outcome="refuse", opinion="属于工作秘密", ground="work_secret"
        )
        by = college.by("li", number)
        return sign_off.sign_off(college.desk, number, refusal, asker=by).number
    number = _published(cms, page)
    if fate == "revoked":
        publish.revoke(
            college.desk,
            number,
            cause="error",
            reason="名单有误",
            asker=college.by("li", number),
        )
    return number


def _published(cms: Cms, page: Page) -> str:
    number = _submitted(cms, page)
    cms.college.dispose(number)
    cms.college.conclude(number)
    cms.college.sign(number)
    gate.publications(
        cms.college.desk,
        number,
        site=cms.me,
        channel="website",
        address=page.address,
        published_at=cms.college.clock.at,
    )
    return number


def _submitted(cms: Cms, page: Page, channel: Channel = "website") -> str:
    number = cms.submit(
        page.body.encode(),
        external_id=page.path.strip("/").replace("/", "-").removesuffix(".html"),
        title=page.title,
        channels=(channel,),
        attachments=[(one.name, one.data) for one in page.files],
        callback_url=None,
    ).number
    cms.college.acknowledge(number)
    return number
