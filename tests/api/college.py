"""The college over HTTP: who is signed in, and short words for what pages send."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import make_app
from api.deps import COOKIE
from review.access import second_factor, sessions
from review.access.accounts import Account, SecondFactor
from review.bootstrap import Installation
from review.settings import Settings
from tests.service.site import CLEAN, PRESS, TITLE, Site

ADDRESS = "http://127.0.0.1:8000"


@dataclass
class College:
    """Its installation, the application, and a browser for each person."""

    site: Site
    app: FastAPI
    open_browsers: ExitStack
    browsers: dict[str, TestClient] = field(default_factory=dict)

    def nobody(self) -> TestClient:
        """Return a browser in which nobody is signed in."""
        return self.open_browsers.enter_context(
            TestClient(self.app, base_url=ADDRESS, client=("127.0.0.1", 50000))
        )

    def browser(self, person: str) -> TestClient:
        """Return the browser in which that person is signed in."""
        if person not in self.browsers:
            browser = self.nobody()
            token, csrf = self._session(person)
            browser.cookies.set(COOKIE, token)
            browser.headers["X-CSRF-Token"] = csrf
            self.browsers[person] = browser
        return self.browsers[person]

    def submit(self, person: str = "zhang", text: str = CLEAN, **fields: Any) -> str:
        """Hand an item in, let the machine see it; return its number."""
        form = {
            "title": TITLE,
            "department": PRESS,
            "channels": ["website"],
            "drafted_by": "冯拟稿",
            "text": text,
        }
        answer = self.browser(person).post("/api/v1/cases", data={**form, **fields})
        assert answer.status_code == 201, answer.text
        number = str(answer.json()["number"])
        self.site.scan(number)
        return number

    def step(
        self, person: str, number: str, step: str, body: Any, *, put: bool = False
    ) -> Response:
        """Take a step of a case as it stands now."""
        browser = self.browser(person)
        method = "PUT" if put else "POST"
        headers = {"If-Match": f'"{self.site.case(number).version}"'}
        address = f"/api/v1/cases/{number}/{step}"
        return browser.request(method, address, json=body, headers=headers)

    def _session(self, person: str) -> tuple[str, str]:
        """Let somebody in without asking for a password, which takes its time."""
        at = self.site.desk.now()
        purpose = second_factor.purpose(person)
        sealed = self.site.desk.secrets.seal(bytes(20), purpose=purpose)
        known = SecondFactor(sealed=sealed, last_step=0)
        account = Account(id=person, name=person, created_at=at, second_factor=known)
        token, session = sessions.begin(
            person, how="password", second_factor=True, at=at, address="127.0.0.1"
        )
        with self.site.desk.store.writing() as work:
            if work.accounts.find(person) is None:
                work.accounts.add(account)
            work.accounts.open_session(session)
        return token, session.csrf


@contextmanager
def enter(
    site: Site, installation: Installation, settings: Settings
) -> Iterator[College]:
    """Open the door of a site for as long as a test needs it."""
    with ExitStack() as browsers:
        app = make_app(installation, settings)
        yield College(site, app, browsers)
