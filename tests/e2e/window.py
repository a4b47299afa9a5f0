"""A browser's window that watches itself: what goes wrong in it fails the test.

Wrong is: an error in the console, anything that the content policy stopped, a request
to any other address, an answer that refuses where no refusal was announced.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

from tests.e2e import checks

_WATCH: Final = """
window.__stopped = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.__stopped.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""
_REFUSED: Final = 400
_INSIDE: Final = frozenset({"data", "blob", "about"})
# The browser writes one such line for each refusal, which is seen as a response.
_SAID_TWICE: Final = "Failed to load resource"


@dataclass
class Window:
    """One tab of one person's browser."""

    page: Page
    address: str
    wrong: list[str] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    _announced: tuple[int, ...] = ()

    @classmethod
    def of(cls, context: BrowserContext, address: str) -> "Window":
        """Open a tab that is watched."""
        context.add_init_script(_WATCH)
        made = cls(context.new_page(), address)
        made.page.on("console", made._heard)
        made.page.on("pageerror", made._broke)
        made.page.on("request", made._asked)
        made.page.on("response", made._answered)
        return made

    def go(self, path: str, *, thorough: bool = True) -> "Window":
        """Open a page and check all that must hold of it."""
        self.page.goto(self.address + path)
        return self.check(thorough=thorough)

    def open(self, path: str) -> "Window":
        """Open a page without checking it."""
        self.page.goto(self.address + path)
        return self

    def check(self, *, thorough: bool = True) -> "Window":
        """Check all that must hold of the page as it stands."""
        faults = self.faults(thorough=thorough)
        assert not faults, "\n".join([self.path, *faults])
        return self

    def faults(self, *, thorough: bool = True) -> list[str]:
        """Return what is wrong with the page as it stands."""
        return checks.faults_of(self.page, thorough=thorough)

    @property
    def path(self) -> str:
        """Return which page it is on."""
        return urlsplit(self.page.url).path

    def at(self, path: str) -> "Window":
        """Wait until it is on that page."""
        self.page.wait_for_url(lambda url: urlsplit(url).path == path)
        return self

    def sees(self, *texts: str, seconds: int | None = None) -> "Window":
        """Wait until somebody reads each of the texts; longer where it takes longer."""
        timeout = None if seconds is None else seconds * 1000
        for text in texts:
            expect(
                self.page.get_by_text(text).locator("visible=true").first
            ).to_be_visible(timeout=timeout)
        return self

    def sees_no(self, *texts: str) -> "Window":
        """Wait until nobody reads any of the texts."""
        for text in texts:
            expect(self.page.get_by_text(text).locator("visible=true")).to_have_count(0)
        return self

    def find(self, selector: str) -> Locator:
        """Return what the selector finds."""
        return self.page.locator(selector)

    def button(self, name: str) -> Locator:
        """Return the button of that name, in the open dialog if there is one."""
        within = self.page.locator("dialog[open]")
        root: Page | Locator = within.last if within.count() else self.page
        return root.get_by_role("button", name=name, exact=True).locator("visible=true")

    def press(self, name: str) -> "Window":
        """Press the button of that name."""
        self.button(name).first.click()
        return self

    def follow(self, name: str) -> "Window":
        """Follow the link of that name."""
        self.page.get_by_role("link", name=name).locator("visible=true").first.click()
        return self

    def fill(self, label: str, value: str) -> "Window":
        """Write into the field of that label."""
        within = self.page.locator("dialog[open]")
        root: Page | Locator = within.last if within.count() else self.page
        root.get_by_label(label).locator("visible=true").first.fill(value)
        return self

    @contextmanager
    def refused(self, *statuses: int) -> Iterator[None]:
        """Announce that what is done next is refused, with one of these statuses."""
        before, self._announced = self._announced, statuses
        seen = len(self.refusals)
        yield
        self.page.wait_for_timeout(50)
        assert self.refusals[seen:], f"nothing was refused at {self.path}"
        self._announced = before

    def shot(self, file: Path) -> None:
        """Keep a picture of the whole page."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=file, full_page=True)

    def close(self) -> list[str]:
        """Close the tab; return what went wrong in it."""
        try:
            stopped: list[str] = self.page.evaluate("window.__stopped ?? []")
        except Error:
            stopped = []  # on its way to another page
        self.page.close()
        return [*self.wrong, *(f"stopped by policy: {one}" for one in stopped)]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and _SAID_TWICE not in message.text:
            self.wrong.append(f"{self.path}: console: {message.text}")

    def _broke(self, error: Error) -> None:
        self.wrong.append(f"{self.path}: script: {error}")

    def _asked(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in _INSIDE:
            return
        if f"{asked.scheme}://{asked.netloc}" != self.address:
            self.wrong.append(f"{self.path}: asked for {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status < _REFUSED:
            return
        self.refusals.append(response.status)
        if response.status not in self._announced:
            what = f"{response.request.method} {urlsplit(response.url).path}"
            self.wrong.append(f"{self.path}: {what} answered {response.status}")
