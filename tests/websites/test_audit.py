"""An audit of the planted site finds every deviation and invents none."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from review.contents.survey import survey
from review.fetching.folder_site import FolderSite
from review.fetching.http_site import HttpSite, Manners
from review.pipeline import Scanner
from review.service.siteaudit.auditing import Tools, audit_site
from review.siteaudit.interface import AuditReport
from tests.service.cms import Cms
from tests.websites.clear import Cleared
from tests.websites.make import ADDRESS
from tests.websites.planted import Planted
from tests.websites.published import served, write_down

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

_MB = 1024 * 1024
_KINDS = {"never": "not_reviewed", "attachment": "attachment", "changed": "changed"}


def _in_folder(cms: Cms, scanner: Scanner, folder: Path) -> AuditReport:
    site = FolderSite(folder, home=ADDRESS, largest=20 * _MB)
    tools = Tools(surveyor=survey, scanner=scanner)
    return audit_site(cms.college.desk, site, tools=tools, person="li", mode="folder")


def _path(address: str) -> str:
    return unquote(urlsplit(address).path)


def _all_and_no_other(report: AuditReport, planted: Planted) -> None:
    named = {_path(one.address) for one in report.found}
    assert planted.wrong - named == set()
    assert named - planted.suspect == set()
    kinds = {_path(one.address): one.kind for one in report.found}
    wanted = {one.path: _KINDS.get(one.kind, one.kind) for one in planted.deviations}
    assert {path: kinds[path] for path in wanted} == wanted
    assert all(one.reasons for one in report.found)


def test_in_a_folder_all_are_found_and_none_is_invented(
    cms: Cms, cleared_site: Cleared, scanner: Scanner, tmp_path: Path
) -> None:
    planted = cleared_site.planted
    folder = write_down(planted.files, tmp_path / "public")
    report = _in_folder(cms, scanner, folder)
    _all_and_no_other(report, planted)


def test_as_it_was_cleared_nothing_is_found(
    cms: Cms, cleared_site: Cleared, scanner: Scanner, tmp_path: Path
) -> None:
    website, planted = cleared_site.website, cleared_site.planted
    fated = {one.path for one in planted.deviations if one.kind in _FATED}
    files = {path: data for path, data in website.files().items() if path not in fated}
    folder = write_down(files, tmp_path / "public")
    report = _in_folder(cms, scanner, folder)
    assert report.found == ()


_FATED = {"revoked", "expired", "channel", "pending", "refused"}


def test_over_http_all_are_found_and_none_is_invented(
    cms: Cms, cleared_site: Cleared, scanner: Scanner
) -> None:
    planted = cleared_site.planted
    asked: list[str] = []
    with served(planted.files, asked=asked) as origin:
        site = HttpSite(ADDRESS, Manners(delay=0), origin=origin)
        tools = Tools(surveyor=survey, scanner=scanner)
        report = audit_site(
            cms.college.desk, site, tools=tools, person="li", mode="site"
        )
        site.close()
    _all_and_no_other(report, planted)
    # Each address once, and once more what was found: robots.txt first.
    assert asked[0] == "/robots.txt"
    assert len(asked) - len(set(asked)) <= len(report.found)
