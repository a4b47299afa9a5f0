"""Short words for what people do on the pages, read aloud in the journeys."""

from collections.abc import Sequence

import regex
from playwright.sync_api import Locator, expect

from tests.e2e.college import File
from tests.e2e.window import Window

_CASE = r"/cases/\d{4}-\d{6,7}$"


def choose(window: Window, *files: File) -> None:
    """Choose files on the page for handing in; the first is the body."""
    window.find("#files").set_input_files(
        [
            {
                "name": one.name,
                "mimeType": "application/octet-stream",
                "buffer": one.data,
            }
            for one in files
        ]
    )


def paste(window: Window, text: str) -> None:
    """Paste the body instead of choosing a file."""
    window.press("粘贴文字").find("#text").fill(text)


def send_in(
    window: Window, *, title: str | None = None, channels: Sequence[str] = ("网站",)
) -> str:
    """Say what it is, hand it in, wait for the machine; return its number."""
    if title is not None:
        window.find("input[name=title]").fill(title)
    for one in channels:
        window.page.get_by_label(one, exact=True).check()
    window.find("[data-send-it]").click()
    window.page.wait_for_url(lambda url: bool(regex.search(_CASE, url)))
    number = window.path.rsplit("/", 1)[-1]
    # The page draws itself anew when the machine is done.
    window.find("#progress").wait_for(state="detached")
    return number


def cards(window: Window) -> Locator:
    """Return the findings on the review page."""
    return window.find("#findings li[data-finding]")


def open_card(window: Window, at: int = 0) -> Locator:
    """Unfold a finding; return it."""
    card = cards(window).nth(at)
    if card.locator("details[open]").count() == 0:
        card.locator("summary").click()
    return card


def judge(window: Window, opinion: str, reason: str, *, at: int = 0) -> None:
    """Say what becomes of a finding and why; wait until it is saved."""
    card = open_card(window, at)
    again = card.locator("[data-again]")
    if again.is_visible():
        again.click()
    card.get_by_label(opinion).check()
    card.get_by_label("理由").fill(reason)
    card.get_by_role("button", name="保存处置").click()
    expect(cards(window).nth(at).locator("[data-state-word]")).to_have_text(opinion)


def judge_all(window: Window, opinion: str, reason: str) -> None:
    """Say the same of every finding, one after the other."""
    for at in range(cards(window).count()):
        judge(window, opinion, reason, at=at)


def acknowledge(window: Window, note: str) -> None:
    """Say of every part that the machine could not see how it was looked at."""
    gaps = window.find("#findings li[data-gap][data-open]")
    while gaps.count():
        gap = gaps.first
        name = gap.get_attribute("data-gap")
        if gap.locator("details[open]").count() == 0:
            gap.locator("summary").click()
        gap.get_by_label("怎样人工查看").fill(note)
        gap.get_by_role("button", name="确认看过").click()
        said = window.find(f"[data-gap='{name}'] [data-state-word]")
        expect(said).to_have_text("已确认")


def conclude(window: Window, conclusion: str, opinion: str) -> None:
    """Sign the department's conclusion."""
    window.press("下初审结论").check()
    dialog = window.find("dialog[open]")
    dialog.get_by_label(conclusion, exact=True).check()
    dialog.get_by_label("初审意见").fill(opinion)
    window.press("签署初审结论")
    window.page.wait_for_url(lambda url: bool(regex.search(_CASE, url)))


def sign(
    window: Window, outcome: str, opinion: str, *, ground: str | None = None
) -> None:
    """Sign the office's decision."""
    window.press("终审决定").check()
    dialog = window.find("dialog[open]")
    dialog.get_by_label(outcome, exact=True).check()
    if ground is not None:
        dialog.get_by_label("不公开的依据").select_option(label=ground)
    dialog.get_by_label("终审意见").fill(opinion)
    window.press("签署终审决定")
    window.page.wait_for_url(lambda url: bool(regex.search(_CASE, url)))
