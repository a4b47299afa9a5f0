"""Measures the audit of a published site: what it finds, what it invents, how fast it is.

A site of many pages with 25 planted deviations, cleared through the use cases; gone
through in its folder and over HTTP, without waiting between two pages. Every page is
opened in a sandbox, as a command would.

    python -m benchmarks.audit
"""

import tempfile
import time
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from benchmarks.college import cleared_site
from benchmarks.rows import Row
from review.fetching.folder_site import FolderSite
from review.fetching.http_site import HttpSite, Manners
from review.pipeline import Scanner
from review.reading import surveyor_of
from review.service.siteaudit.auditing import Tools, audit_site
from review.settings import Settings
from review.siteaudit.interface import AuditReport
from tests.service.cms import Cms
from tests.websites.make import ADDRESS
from tests.websites.planted import Planted
from tests.websites.published import served, write_down

PAGES: Final = 500
FEWER: Final = 60  # to try it
_LARGEST: Final = 20 * 1024 * 1024


def main() -> None:
    """Measure, print."""
    for row in rows():
        print(*row, sep=" | ")


def rows(*, quick: bool = False) -> list[Row]:
    """Return what the audit finds and how fast for the table of figures."""
    pages = FEWER if quick else PAGES
    with tempfile.TemporaryDirectory(prefix="xianshen-audit-") as name:
        folder = Path(name)
        with cleared_site(folder / "data", pages) as (cms, cleared, _):
            planted = cleared.planted
            tools = Tools(
                surveyor=surveyor_of(Settings(data_dir=folder / "data")),
                scanner=Scanner(),
            )
            place = write_down(planted.files, folder / "public")
            in_folder = FolderSite(place, home=ADDRESS, largest=_LARGEST)
            found = [*_rows("in a folder", cms, in_folder, tools, planted)]
            with served(planted.files) as origin:
                site = HttpSite(ADDRESS, Manners(delay=0), origin=origin)
                found += _rows("over HTTP", cms, site, tools, planted)
                site.close()
    return found


def _rows(
    how: str, cms: Cms, site: FolderSite | HttpSite, tools: Tools, planted: Planted
) -> list[Row]:
    began = time.perf_counter()
    report = audit_site(
        cms.college.desk,
        site,
        tools=tools,
        person="li",
        mode="folder" if isinstance(site, FolderSite) else "site",
    )
    seconds = time.perf_counter() - began
    named = {unquote(urlsplit(one.address).path) for one in report.found}
    missed, invented = planted.wrong - named, named - planted.suspect
    count = len(planted.deviations)
    return [
        Row(
            f"deviations found, {how}",
            f"{count - len(missed)}",
            f"= {count}",
            f"planted among {_size(report)}",
        ),
        Row(f"deviations invented, {how}", f"{len(invented)}", "= 0", _size(report)),
        Row(
            f"audit, {how}, pages and files/s",
            f"{(report.pages + report.files) / seconds:.1f}",
            "",
            f"{seconds:.0f} s in all, each opened in a sandbox",
        ),
    ]


def _size(report: AuditReport) -> str:
    return f"{report.pages} pages and {report.files} files"


if __name__ == "__main__":
    main()
