"""The site that others walk: what is published is what was cleared, but for 25 places."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from review.service.machine.round_machine import RoundMachine
from tests.service import site as sites
from tests.service.cms import Cms
from tests.service.site import Secrets
from tests.websites.clear import Cleared
from tests.websites.make import BODY, TITLE, Page, make
from tests.websites.planted import EXTRA_FILE, EXTRA_PAGE, plant

pytestmark = pytest.mark.slow


@pytest.fixture
def cms(
    cleared_site: Cleared, machine: RoundMachine, secrets: Secrets, tmp_path: Path
) -> Iterator[Cms]:
    folder = tmp_path / "data"
    shutil.copytree(cleared_site.folder, folder)
    built = sites.build(sites.sqlite_in(folder), folder, machine, secrets)
    built.clock.at = cleared_site.at
    yield Cms(built, cleared_site.key, "")
    built.engine.dispose()


def test_the_same_site_is_made_twice() -> None:
    first, again = make(80), make(80)
    assert first.pages[0] == again.pages[0]
    assert len(first.pages) == 80
    published = [path for one in first.pages for path in (one.path, *_paths(one))]
    assert len(published) == len(set(published))


@pytest.mark.parametrize("count", [60, 80, 500])
def test_twenty_five_deviations_are_planted(count: int) -> None:
    website = make(count)
    planted, files = plant(website), website.files()
    differing = {
        path for path, data in planted.files.items() if files.get(path) != data
    }
    fates = {one.path for one in planted.deviations if one.path in files} - differing
    extra = {EXTRA_PAGE, EXTRA_FILE}
    assert len(planted.deviations) == 25
    assert planted.suspect >= differing
    # What was not touched has a fate, or shows a file that was.
    assert len(fates - {one.path for one in _showing(website.pages, differing)}) == 5
    assert extra <= planted.files.keys()
    assert not extra & files.keys()


def test_the_gate_finds_every_one_and_invents_none(
    cms: Cms, cleared_site: Cleared
) -> None:
    planted = cleared_site.planted
    refused = {
        page.path
        for page in cleared_site.website.pages
        if not _allowed(cms, page, planted.files)
    }
    refused |= {EXTRA_PAGE, EXTRA_FILE}  # nothing to ask for
    shown = {
        one.also[0]
        for one in planted.deviations
        if one.kind == "attachment" and one.path not in refused
    }
    assert planted.wrong - refused == {
        one.path for one in planted.deviations if one.kind == "attachment"
    }
    assert shown <= refused
    assert refused <= planted.suspect


def _allowed(cms: Cms, page: Page, files: dict[str, bytes]) -> bool:
    tree = LexborHTMLParser(files[page.path].decode())
    title, body = tree.css_first(TITLE), tree.css_first(BODY)
    assert title is not None
    assert body is not None
    linked = [one for one in page.files if one.link in (body.html or "")]
    answer = cms.check(
        (body.inner_html or "").encode(),
        external_id=page.path.strip("/").replace("/", "-").removesuffix(".html"),
        title=title.text(),
        attachments=[(one.name, files[one.path]) for one in linked],
    )
    return answer.allowed


def _paths(page: Page) -> list[str]:
    return [one.path for one in page.files]


def _showing(pages: tuple[Page, ...], changed: set[str]) -> list[Page]:
    return [one for one in pages if changed & set(_paths(one))]
