"""The college over HTTP: who is signed in, and short words for what pages send.

An application works its endpoints out at the first request, and its description when
first asked: both take longer than most tests. So applications are lent, and a college
that is only asked questions is founded once and brought back before each test.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import make_app
from api.deps import COOKIE
from api.guard import guard
from api.state import Served
from review.access import second_factor, sessions
from review.access.accounts import Account, SecondFactor
from review.bootstrap import Installation
from review.queue.client import TaskQueue
from review.queue.connection import url_of
from review.queue.progress import ProgressBoard
from review.service.machine.lazy_machine import LazyMachine
from review.service.machine.round_machine import RoundMachine
from review.settings import Settings
from tests.service.site import CLEAN, MONDAY, PRESS, TITLE, Site

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


def install(site: Site, machine: RoundMachine, folder: Path) -> Installation:
    """Join a site to what stands behind a door; the folder is one of its own."""
    # Nobody listens there: the door works without its queue, and the records know.
    nowhere = url_of(folder / "no.socket")
    return Installation(
        desk=site.desk,
        ledger_key=site.key,
        vault=site.vault,
        witness=site.witness,
        machine=LazyMachine(lambda: machine, lambda: None),
        queue=TaskQueue(nowhere, seconds={}),
        board=ProgressBoard(nowhere),
        release=site.engine.dispose,
    )


@contextmanager
def enter(
    site: Site, installation: Installation, settings: Settings
) -> Iterator[College]:
    """Open the door of a site for as long as a test needs it."""
    with _lent(installation, settings) as app, ExitStack() as browsers:
        yield College(site, app, browsers)


_free: Final[list[FastAPI]] = []


@contextmanager
def _lent(installation: Installation, settings: Settings) -> Iterator[FastAPI]:
    """Lend an application that is nobody else's meanwhile, as if it were just made."""
    if _free:
        app = _free.pop()
        _serve(app, installation, settings)
    else:
        app = make_app(installation, settings)
    routes = list(app.routes)
    yield app
    # What a test added would be found by the next.
    if app.routes == routes:
        _free.append(app)


def _serve(app: FastAPI, installation: Installation, settings: Settings) -> None:
    """Let it serve that installation; who asked how often, and all else, is forgotten."""
    app.state.served = Served(installation=installation, settings=settings)
    guard(app, app.state.served)


@dataclass(frozen=True)
class Founded:
    """A college whose people are signed in, with an item at hand and one taken back.

    What a test wrote into its folder, database, vault and witness, is undone before
    the next: no test damages another, whatever it closes, signs out or uses up, and in
    whatever order they run.
    """

    college: College
    machine: RoundMachine
    folder: Path
    kept: Path
    waiting: str
    closed: str
    tokens: Mapping[str, str]

    @contextmanager
    def again(self) -> Iterator[College]:
        """Open the door of the college as it was, in a process that just began."""
        site, app = self.college.site, self.college.app
        if self.is_changed():
            shutil.rmtree(self.folder)
            shutil.copytree(self.kept, self.folder)
        site.clock.at = MONDAY
        installation = install(site, self.machine, self.folder)
        _serve(app, installation, Settings(data_dir=self.folder))
        known = self.college.browsers
        for person, token in self.tokens.items():
            # Whoever signed out has lost his cookie.
            known[person].cookies.clear()
            known[person].cookies.set(COOKIE, token)
        with ExitStack() as browsers:
            yield College(site, app, browsers, dict(known))

    def is_changed(self) -> bool:
        """Tell whether anything at all was written since; the database is closed."""
        self.college.site.engine.dispose()
        return _written(self.folder) != _written(self.kept)


def _written(folder: Path) -> dict[Path, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


@contextmanager
def found(
    site: Site, machine: RoundMachine, folder: Path, people: Iterable[str]
) -> Iterator[Founded]:
    """Set a college up in its folder, with a session for each of those people."""
    installation = install(site, machine, folder)
    with enter(site, installation, Settings(data_dir=folder)) as college:
        waiting, closed = college.submit(), college.submit()
        college.step("zhang", closed, "withdrawal", {"reason": "不发了"})
        assert site.case(closed).stage == "withdrawn"
        for person in people:
            college.browser(person)
        site.engine.dispose()
        kept = folder.with_name("kept")
        shutil.copytree(folder, kept)
        signed_in = college.browsers.items()
        tokens = {person: browser.cookies[COOKIE] for person, browser in signed_in}
        yield Founded(college, machine, folder, kept, waiting, closed, tokens)
