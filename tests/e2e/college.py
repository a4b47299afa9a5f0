"""The demo college in a browser: its people's windows, and short words for its cases.

What a journey is about is clicked; what it only needs is asked of the interface, with
the same session as the window's.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyotp
from playwright.sync_api import (
    APIRequestContext,
    APIResponse,
    Browser,
    FormData,
    Playwright,
    expect,
    sync_playwright,
)

from review import clock
from tests.e2e import drafts
from tests.e2e.program import Program, launched
from tests.e2e.window import Window

PRESS: Final = "宣传部"
# What everybody chooses who is hired here.
PASSWORD: Final = "Shuwu+2026-Yunshan"  # noqa: S105 - invented
SIZES: Final = ((1366, 768), (1920, 1080))
_PATIENCE: Final = 30_000  # milliseconds; the machine may be busy with other tests
_LOOKS: Final = 300
_CREATED: Final = 201
_REFUSED: Final = 400
_PAUSE: Final = 0.3
_TERM: Final = timedelta(days=300)
Body = Mapping[str, Any]


class File(NamedTuple):
    """A file to be handed in."""

    name: str
    data: bytes


@dataclass
class Door:
    """Somebody's session at the interface."""

    asking: APIRequestContext
    csrf: str
    password: str

    def send(self, method: str, path: str, **said: Any) -> APIResponse:
        """Ask for a change as a page would."""
        headers = {"X-CSRF-Token": self.csrf, **said.pop("headers", {})}
        address = f"/api/v1{path}"
        return self.asking.fetch(address, method=method, headers=headers, **said)

    def ask(self, path: str) -> Any:
        """Return what the interface says."""
        answer = self.asking.get(f"/api/v1{path}")
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json()


@dataclass
class College:
    """The running program, a browser, and whoever is signed in."""

    program: Program
    playwright: Playwright
    browser: Browser
    loop: asyncio.AbstractEventLoop
    doors: dict[str, Door] = field(default_factory=dict)
    windows: list[Window] = field(default_factory=list)
    first_passwords: dict[str, str] = field(default_factory=dict)

    def door(self, person: str) -> Door:
        """Return that person's session, opened once."""
        if person not in self.doors:
            password = self.program.passwords[person]
            self.doors[person] = self.sign_in(person, password)
        return self.doors[person]

    def sign_in(self, login: str, password: str) -> Door:
        """Sign in at the interface."""
        asking = self.playwright.request.new_context(
            base_url=self.program.address, timeout=_PATIENCE
        )
        said = {"login": login, "password": password}
        answer = asking.post("/api/v1/session", data=said)
        assert answer.status == _CREATED, answer.text()
        return Door(asking, answer.json()["csrf"], password)

    def hire(self, login: str, name: str, **appointed: str) -> None:
        """Give somebody an account and, if a post is named, an appointment from today."""
        wanted = {"login": login, "name": name}
        given = self.door("system").send("POST", "/accounts", data=wanted)
        assert given.status == _CREATED, given.text()
        self.first_passwords[login] = str(given.json()["password"])
        if appointed:
            self.appoint(login, name, **appointed)

    def appoint(self, login: str, name: str, **appointed: str) -> str:
        """Appoint somebody from today on; return the appointment's number."""
        today = clock.china_date(clock.now())
        said = {
            "person": login,
            "name": name,
            "from_day": str(today),
            "until_day": str(today + _TERM),
            "ground": "云职院〔2026〕7号",
            **appointed,
        }
        answer = self.door("security").send("POST", "/appointments", data=said)
        assert answer.status == _CREATED, answer.text()
        return str(answer.json()["id"])

    def settle(self, login: str) -> None:
        """Let somebody who was hired sign in and choose a password of his own."""
        first = self.first_passwords[login]
        door = self.sign_in(login, first)
        said = {"current": first, "new": PASSWORD}
        answer = door.send("POST", "/session/password", data=said)
        assert answer.ok, answer.text()
        self.doors[login] = door

    def window(
        self, person: str | None = None, *, size: tuple[int, int] = SIZES[0]
    ) -> Window:
        """Open a window for somebody who is signed in, or for nobody."""
        known = self.door(person).asking.storage_state() if person else None
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            storage_state=known,
            accept_downloads=True,
        )
        context.set_default_timeout(_PATIENCE)
        expect.set_options(timeout=_PATIENCE)
        self.windows.append(Window.of(context, self.program.address))
        return self.windows[-1]

    def keep_pictures(self, folder: Path, name: str) -> None:
        """Keep a picture of every window as it stands."""
        for at, one in enumerate(self.windows):
            one.shot(folder / f"{name}-{at}.png")

    def close_windows(self) -> list[str]:
        """Close all windows; return what went wrong in any of them."""
        wrong = [fault for one in self.windows for fault in one.close()]
        for one in self.windows:
            one.page.context.close()
        self.windows.clear()
        return wrong

    def submit(
        self,
        title: str,
        text: str = drafts.CLEAN,
        *,
        person: str = "zhang",
        files: Sequence[File] = (),
        **fields: str,
    ) -> str:
        """Hand an item in and wait until the machine has seen it; return its number."""
        form = FormData()
        told = {
            "title": title,
            "department": PRESS,
            "channels": "website",
            "drafted_by": "陈虚构",
            **fields,
        }
        for name, value in told.items():
            form.append(name, value)
        _put_files(form, text, files)
        answer = self.door(person).send("POST", "/cases", multipart=form)
        assert answer.status == _CREATED, answer.text()
        number = str(answer.json()["number"])
        self.await_scan(number, person=person)
        return number

    def await_scan(self, number: str, *, person: str = "zhang") -> None:
        """Wait until the machine has seen the present round."""
        for _ in range(_LOOKS):
            if self.see(number, person=person)["stage"] != "scanning":
                return
            time.sleep(_PAUSE)
        raise AssertionError(self.program.said)

    def see(self, number: str, *, person: str = "zhang") -> Any:
        """Return the case as that person sees it."""
        return self.door(person).ask(f"/cases/{number}")

    def step(
        self, person: str, number: str, step: str, said: Body, *, method: str = "POST"
    ) -> Any:
        """Take a step of a case as it stands now; return what became of it."""
        version = self.see(number, person=person)["version"]
        answer = self.door(person).send(
            method,
            f"/cases/{number}/{step}",
            data=dict(said),
            headers={"If-Match": f'"{version}"'},
        )
        assert answer.status < _REFUSED, (step, answer.text())
        return answer.json()

    def dispose(
        self, person: str, number: str, opinion: str, reason: str = "已逐处核对"
    ) -> None:
        """Give every open finding the same opinion, and look into every gap."""
        case = self.see(number, person=person)
        for gap in case["rounds"][-1]["open_gaps"]:
            note = {"note": "打开原件逐页看过"}
            step = f"gaps/{gap}/acknowledgment"
            self.step(person, number, step, note, method="PUT")
        for finding in case["rounds"][-1]["open_findings"]:
            said = {"opinion": opinion, "reason": reason}
            step = f"findings/{finding}/disposition"
            self.step(person, number, step, said, method="PUT")

    def agreed(self, title: str, text: str = drafts.CLEAN, **more: Any) -> str:
        """Bring an item to the office: the department agrees to it."""
        number = self.submit(title, text, **more)
        self.dispose("zhang", number, "not_sensitive")
        said = {"conclusion": "agree", "opinion": "内容属实，可以公开"}
        self.step("zhang", number, "first-pass", said)
        return number

    def cleared(self, title: str, text: str = drafts.CLEAN, **more: Any) -> str:
        """Have an item cleared for the website."""
        number = self.agreed(title, text, **more)
        said = {"outcome": "clear", "opinion": "同意公开", "channels": ["website"]}
        self.step("li", number, "sign-off", said)
        return number

    def sent_back(self, title: str, text: str = drafts.PHONE, **more: Any) -> str:
        """Have the department send an item back to be changed."""
        number = self.submit(title, text, **more)
        self.dispose("zhang", number, "must_change", "手机号不公开，请删去")
        said = {"conclusion": "must_change", "opinion": "请删去手机号后重新送审"}
        self.step("zhang", number, "first-pass", said)
        return number


@contextmanager
def entering(program: Program) -> Iterator[College]:
    """Start a browser for a program that runs.

    The driver's loop counts as running between its calls, which other users of this
    process must not meet: it is switched off until `College.loop` is set again.
    """
    with sync_playwright() as driver, launched(driver) as browser:
        college = College(program, driver, browser, asyncio.get_running_loop())
        asyncio.events._set_running_loop(None)
        try:
            yield college
        finally:
            asyncio.events._set_running_loop(college.loop)


def code_of(seed: str, *, later: int = 0) -> str:
    """Return the code that a telephone shows now, or `later` half minutes from now."""
    return str(pyotp.TOTP(seed).at(clock.now(), counter_offset=later))


def _put_files(form: FormData, text: str, files: Sequence[File]) -> None:
    if not files:
        form.append("text", text)
        return
    for name, file in zip(["body", *["attachments"] * len(files)], files, strict=False):
        form.append(
            name,
            {
                "name": file.name,
                "mimeType": "application/octet-stream",
                "buffer": file.data,
            },
        )
