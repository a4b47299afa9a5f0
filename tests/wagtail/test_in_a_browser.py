"""An editor in a real Chromium: stopped, sent to the review, and let through.

`XIANSHEN_TEST_SHOTS` names a folder for pictures.
"""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from review.notify.webhooks import WebhookSender
from review.service.cases import publish
from review.service.gate import deliveries
from tests.api.college import College
from tests.e2e.conftest import need_chromium
from tests.e2e.program import _free_port, launched
from tests.service.cms import Cms, join
from tests.wagtail.wagtails import VERSIONS, running, wagtail

_PATIENCE = 60_000  # milliseconds; the machine may be busy with other tests
_SHOTS = "XIANSHEN_TEST_SHOTS"


def clear(college: College, case: str) -> None:
    college.site.scan(case)
    college.site.dispose(case)
    college.site.conclude(case)
    college.site.sign(case)


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - this machine
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def await_server(address: str) -> None:
    for _ in range(600):
        try:
            status(address)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the site does not start")


def tell(college: College) -> None:
    """Send the notifications that are due, really."""
    sender = WebhookSender(inner_networks=["127.0.0.0/8"])
    # In a thread of its own: the browser's driver has a loop in this one.
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(deliveries.deliver_due, college.site.desk, sender)
        assert sent.result()
    with college.site.desk.store.reading() as records:
        assert records.gate.due_deliveries(college.site.desk.now()) == ()


def case_of(college: College, cms: Cms, external_id: str) -> str:
    with college.site.desk.store.reading() as records:
        item = records.gate.item(cms.me.id, external_id)
    assert item is not None
    assert item.case is not None
    return item.case


def open_menu(page: Page) -> None:
    page.locator('footer [data-w-dropdown-target="toggle"]').first.click()


def shot(page: Page, name: str) -> None:
    folder = os.environ.get(_SHOTS)  # noqa: TID251 - how the tests run
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"wagtail-{name}.png")


@contextmanager
def entered(address: str) -> Iterator[Page]:
    with sync_playwright() as driver, launched(driver) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        page.set_default_timeout(_PATIENCE)
        expect.set_options(timeout=_PATIENCE)
        page.goto(f"{address}/admin/login/")
        page.fill('input[name="username"]', "editor")
        page.fill('input[name="password"]', "pw")
        page.locator('button[type="submit"]').click()
        page.wait_for_url(f"{address}/admin/")
        yield page


@dataclass
class Journey:
    """What the steps need: the editor's window, both ends, where the site is."""

    page: Page
    college: College
    cms: Cms
    at: str

    def cleared(self, pk: int) -> str:
        """Lead a page's first version through the review; return its case."""
        case = case_of(self.college, self.cms, f"wt-page-{pk}-1")
        clear(self.college, case)
        tell(self.college)
        return case

    def edit(self, one: Any) -> None:
        self.page.goto(f"{self.at}/admin/pages/{one['pk']}/edit/")

    def press(self, name: str) -> None:
        open_menu(self.page)
        self.page.locator(f'[name="{name}"]').click()

    def panel_says(self, text: str) -> None:
        panel = self.page.locator("#xianshen-panel")
        if not panel.is_visible():
            self.page.locator('[data-side-panel-toggle="xianshen"]').click()
        expect(panel).to_contain_text(text)

    def message_says(self, text: str) -> None:
        expect(self.page.locator(".messages")).to_contain_text(text)

    def status(self, one: Any) -> int:
        return status(f"{self.at}/{one['slug']}/")


def is_stopped(way: Journey, one: Any) -> None:
    text = f"{one['text']}又及：周末照常开放。"
    way.edit(one)
    way.page.fill('textarea[name="intro"]', text)
    way.press("action-publish")
    way.message_says("没有公开")
    expect(way.page.locator('textarea[name="intro"]')).to_have_value(text)
    way.panel_says("还没有送审")
    shot(way.page, "stopped")
    assert way.status(one) == 404


def is_let_through(way: Journey, one: Any) -> str:
    way.edit(one)
    way.press("action-xianshen")
    way.message_says("已送先审审查")
    case = way.cleared(one["pk"])
    way.edit(one)
    way.panel_says("同意公开")
    shot(way.page, "cleared")
    way.press("action-publish")
    expect(way.page.locator(".messages .success")).to_be_visible()
    assert way.status(one) == 200
    return case


def goes_through_the_workflow(way: Journey, one: Any) -> None:
    """Handed in by the workflow's step, and out by itself once it is cleared."""
    way.edit(one)
    way.press("action-submit")
    expect(way.page.locator(".messages .success")).to_be_visible()
    assert way.status(one) == 404
    way.cleared(one["pk"])
    assert way.status(one) == 200


def comes_down(way: Journey, one: Any, case: str) -> None:
    site = way.college.site
    publish.revoke(
        site.desk, case, cause="error", reason="数字有误", asker=site.by("li", case)
    )
    tell(way.college)
    assert way.status(one) == 404
    way.page.goto(f"{way.at}/admin/xianshen/news.newspage/{one['pk']}/")
    expect(way.page.locator("table.listing")).to_contain_text("已撤销")
    shot(way.page, "revoked")


@pytest.mark.longest
@pytest.mark.parametrize("line", VERSIONS)
def test_an_editor_is_stopped_and_let_through(  # noqa: PLR0913, PLR0917 - fixtures
    line: str, college: College, cms: Cms, gate: str, package: Path, tmp_path: Path
) -> None:
    need_chromium()
    site, port = wagtail(line, package), _free_port()
    here = join(
        college.site,
        id="site-wagtail",
        name="云山图书馆网",
        networks=("127.0.0.0/8", "10.1.2.0/24"),
        channels=("website",),
        callback_hosts=(f"127.0.0.1:{port}",),
    )
    assert cms.key.text != here.key.text
    at = f"http://127.0.0.1:{port}"
    xianshen = {
        "URL": gate,
        "KEY": here.key.text,
        "WEBHOOK_SECRET": here.secret,
        "DEPARTMENT": "宣传部",
        "MODELS": ["news.Banner"],
        "RECHECK": 0,
        "TIMEOUT": 30,
    }
    said = {
        "folder": str(tmp_path),
        "address": at,
        "xianshen": xianshen,
        "quiet": False,
    }
    log = tmp_path / "said.txt"
    command = ["-m", "driver.serve", str(port)]
    with running(command, site.environ(said), log) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        assert told, log.read_text("utf-8")[-3000:]
        await_server(f"{at}/admin/login/")
        with entered(at) as page:
            way, (first, second) = Journey(page, college, here, at), json.loads(told)
            is_stopped(way, first)
            case = is_let_through(way, first)
            goes_through_the_workflow(way, second)
            comes_down(way, first, case)
