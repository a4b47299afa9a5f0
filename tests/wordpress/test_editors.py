"""Both editors in a real browser: hand in, be refused, publish, change what is public."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.e2e.conftest import need_chromium
from tests.e2e.program import launched
from tests.wordpress.desk import Desk
from tests.wordpress.server import PASSWORD

_SHOTS = "XIANSHEN_TEST_SHOTS"
_PATIENCE = 60_000  # milliseconds; the machine may be busy with other tests


@pytest.fixture(scope="module")
def context(desk: Desk) -> Iterator[BrowserContext]:
    need_chromium()
    with ExitStack() as until:
        driver = until.enter_context(sync_playwright())
        browser = until.enter_context(launched(driver))
        made = browser.new_context(
            base_url=desk.site.address,
            locale="zh-CN",
            viewport={"width": 1366, "height": 900},
        )
        made.set_default_timeout(_PATIENCE)
        page = made.new_page()
        page.goto("/wp-login.php")
        page.fill("#user_login", "editor")
        page.fill("#user_pass", PASSWORD)
        page.click("#wp-submit")
        page.wait_for_url("**/wp-admin/**")
        page.close()
        # The driver's loop counts as running between its calls. Other tests must not meet it.
        loop = asyncio.events._get_running_loop()
        asyncio.events._set_running_loop(None)
        until.callback(asyncio.events._set_running_loop, loop)
        made.loop_of_driver = loop  # type: ignore[attr-defined]  # - kept for the pages
        yield made


@pytest.fixture
def page(
    desk: Desk, context: BrowserContext, request: pytest.FixtureRequest
) -> Iterator[Page]:
    asyncio.events._set_running_loop(context.loop_of_driver)  # type: ignore[attr-defined]  # - see above
    context.clear_cookies(name="classic")
    if "classic" in request.node.name:
        cookie = {"name": "classic", "value": "1", "url": desk.site.address}
        context.add_cookies([cookie])  # type: ignore[list-item]  # - what it takes
    opened = context.new_page()
    wrong: list[str] = []
    # Debian leaves some of WordPress's own scripts to packages that are only recommended.
    opened.on(
        "pageerror",
        lambda error: "xianshen" in (error.stack or "") and wrong.append(str(error)),
    )
    yield opened
    shot(opened, request.node.name)
    opened.close()
    asyncio.events._set_running_loop(None)
    assert not wrong


def shot(page: Page, name: str) -> None:
    """Keep a picture where that is wished."""
    shots = os.environ.get(_SHOTS)  # noqa: TID251 - how the tests run
    if shots:
        folder = Path(shots) / "wordpress"
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png")


def open_block_editor(page: Page, number: int) -> None:
    page.goto(f"/wp-admin/post.php?post={number}&action=edit")
    page.wait_for_selector(".edit-post-layout")
    page.evaluate(
        """() => {
            const store = wp.data.dispatch('core/edit-post');
            if (wp.data.select('core/edit-post').isFeatureActive('welcomeGuide'))
                store.toggleFeature('welcomeGuide');
            if (wp.data.select('core/edit-post').isFeatureActive('fullscreenMode'))
                store.toggleFeature('fullscreenMode');
            store.openGeneralSidebar('edit-post/document');
            const name = 'xianshen/xianshen';
            if (!wp.data.select('core/edit-post').isEditorPanelOpened(name))
                store.toggleEditorPanelOpened(name);
        }"""
    )
    expect(page.locator(".xianshen-panel")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.evaluate(
        "(text) => wp.data.dispatch('core/block-editor').resetBlocks(wp.blocks.parse(text))",
        text,
    )


def press_publish(page: Page) -> None:
    page.get_by_role("button", name="Publish", exact=True).first.click()
    page.locator(".editor-post-publish-panel .editor-post-publish-button").click()


def test_the_block_editor_hands_in_and_publishes(desk: Desk, page: Page) -> None:
    number = desk.draft(post_content="")
    words = f"块编辑器里写的第{number}篇"
    open_block_editor(page, number)
    write(
        page,
        f"<!-- wp:paragraph --><p>{words}，联系人手机13800000001</p><!-- /wp:paragraph -->",
    )
    press_publish(page)  # what nobody has reviewed
    notice = page.locator(".components-notice__content").first
    expect(notice).to_contain_text("没有发布")
    shot(page, "block-refused")
    assert not desk.is_public(number, words)
    assert desk.is_kept(number, words)
    page.get_by_role("button", name="Cancel").first.click()
    page.get_by_role("button", name="保存并送审").click()
    expect(page.locator(".xianshen-stage")).to_contain_text("待机检")
    case = desk.case(number)
    desk.gate.scan(case)
    page.get_by_role("button", name="刷新进展").click()
    expect(page.locator(".xianshen-stage")).to_contain_text("待初审")
    expect(page.locator(".xianshen-findings")).to_contain_text("个人隐私")
    shot(page, "block-findings")
    desk.gate.decide(case)
    page.get_by_role("button", name="刷新进展").click()
    expect(page.locator(".xianshen-stage")).to_contain_text("同意公开")
    press_publish(page)
    expect(page.locator(".post-publish-panel__postpublish-header")).to_be_visible()
    assert desk.is_public(number, words)


def test_the_block_editor_changes_what_is_public(desk: Desk, page: Page) -> None:
    number = desk.published()
    before, words = desk.names[number], f"改过的第{number}句"
    open_block_editor(page, number)
    write(page, f"<!-- wp:paragraph --><p>{before}，{words}</p><!-- /wp:paragraph -->")
    page.get_by_role("button", name="Update", exact=True).click()
    expect(page.locator(".components-notice__content").first).to_contain_text(
        "没有发布"
    )
    expect(page.locator(".xianshen-panel")).to_contain_text("改稿还没有公开")
    shot(page, "block-change-refused")
    assert words in page.evaluate(
        "() => wp.data.select('core/editor').getEditedPostContent()"
    )
    assert desk.is_public(number)
    assert not desk.is_public(number, words)
    page.get_by_role("button", name="送审改稿").click()
    expect(page.locator(".xianshen-stage")).to_contain_text("待机检")
    desk.gate.clear(desk.case(number))
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="公开改稿").click()
    expect(page.get_by_role("button", name="公开改稿")).to_have_count(0)
    assert desk.is_public(number, words)


def test_the_classic_editor_hands_in_and_publishes(desk: Desk, page: Page) -> None:
    number = desk.draft()
    address = f"/wp-admin/post.php?post={number}&action=edit&classic=1"
    page.goto(address)
    page.click("#publish")
    expect(page.locator(".xianshen-notice")).to_contain_text("没有发布")
    shot(page, "classic-refused")
    assert not desk.is_public(number)
    page.get_by_role("button", name="保存并送审").click()
    expect(page.locator(".xianshen-notice")).to_contain_text("已送审")
    desk.gate.clear(desk.case(number))
    page.get_by_role("button", name="保存并刷新进展").click()
    expect(page.locator(".xianshen-stage")).to_contain_text("同意公开")
    page.click("#publish")
    expect(page.locator("#message")).to_contain_text("published")
    assert desk.is_public(number)


def test_the_classic_editor_changes_what_is_public(desk: Desk, page: Page) -> None:
    number = desk.published()
    words, change = desk.names[number], f"经典编辑器改的第{number}句"
    page.goto(f"/wp-admin/post.php?post={number}&action=edit&classic=1")
    page.click("#content-html")
    page.fill("#content", f"<p>{words}，{change}</p>")
    page.click("#publish")
    expect(page.locator(".xianshen-notice")).to_contain_text("没有发布")
    expect(page.locator(".xianshen-box")).to_contain_text("改稿还没有公开")
    shot(page, "classic-change-refused")
    assert desk.is_public(number)
    assert not desk.is_public(number, change)
    page.get_by_role("link", name="在编辑器里打开改稿").click()
    expect(page.locator("#content")).to_have_value(f"<p>{words}，{change}</p>")
    page.get_by_role("button", name="送审改稿").click()
    expect(page.locator(".xianshen-notice")).to_contain_text("已送审")
    desk.gate.clear(desk.case(number))
    page.get_by_role("button", name="公开改稿").click()
    expect(page.locator(".xianshen-notice")).to_contain_text("改稿已公开")
    assert desk.is_public(number, change)
