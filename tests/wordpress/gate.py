"""A real gate for WordPress to ask, behind a door that a test can close in several ways."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, Final, Literal, TypeAlias

import uvicorn
from httpx2 import Client

from review import clock
from review.case.case import Case
from review.service.cases import publish
from tests.api.college import College
from tests.service.cms import Cms

Mode: TypeAlias = Literal["open", "down", "slow", "nonsense", "half", "redirect"]
_SLOW: Final = 10.0  # seconds
_ELSEWHERE: Final = "/elsewhere"
_YES: Final = (
    b'{"allowed": true, "clearance": "a.b.c", "case": "2026-000001", "message": ""}'
)
_HALF: Final = b'{"allowed": true, "case": "2026-000001", "message": "ok"}'


@dataclass
class Gate:
    """The college's gate, the site's key, and the door in front of it."""

    college: College
    cms: Cms
    address: str
    behind: str
    mode: Mode = "open"
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def being(self, mode: Mode) -> Iterator[None]:
        """Let the gate be so for a while."""
        self.mode = mode
        try:
            yield
        finally:
            self.mode = "open"

    def clear(self, number: str) -> Case:
        """Lead an item that was handed in to its clearance."""
        self.scan(number)
        return self.decide(number)

    def scan(self, number: str) -> None:
        """Let the machine see an item."""
        self.now()
        self.college.site.scan(number)

    def decide(self, number: str) -> Case:
        """Say of everything found that it may go out, and clear it."""
        site = self.college.site
        site.acknowledge(number)
        site.dispose(number)
        site.conclude(number)
        return site.sign(number)

    def revoke(self, number: str) -> None:
        """Take a clearance back."""
        site = self.college.site
        self.now()
        publish.revoke(
            site.desk,
            number,
            cause="error",
            reason="数字有误",
            asker=site.by("li", number),
        )

    def now(self) -> None:
        """Let the college's clock show the time of day, by which WordPress lives."""
        self.college.site.clock.at = max(self.college.site.clock.at, clock.now())


@contextmanager
def listening(college: College, cms: Cms) -> Iterator[Gate]:
    """Let the college's program listen, with the door before it."""
    config = uvicorn.Config(
        college.app, port=0, log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    behind = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    door = _Door(("127.0.0.1", 0), _Asked)
    door.daemon_threads = True
    gate = Gate(college, cms, f"http://127.0.0.1:{door.server_port}", behind)
    door.gate = gate
    watching = threading.Thread(target=door.serve_forever)
    watching.start()
    try:
        with Client(base_url=behind, timeout=60) as client:
            door.client = client
            yield gate
    finally:
        gate.released.set()
        door.shutdown()
        door.server_close()
        watching.join()
        server.should_exit = True
        thread.join()


class _Door(ThreadingHTTPServer):
    gate: Gate
    client: Client


class _Asked(BaseHTTPRequestHandler):
    server: _Door
    protocol_version: ClassVar[str] = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        gate = self.server.gate
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        gate.asked.append(f"{self.command} {self.path}")
        if gate.mode == "down":
            self.close_connection = True
            self.connection.close()
        elif gate.mode == "slow":
            gate.released.wait(_SLOW)
            self._say(200, _YES)
        elif gate.mode == "nonsense":
            self._say(200, "<html>可以公开</html>".encode())
        elif gate.mode == "half":
            self._say(200, _HALF)
        elif gate.mode == "redirect" and self.path != _ELSEWHERE:
            self._say(302, b"", {"Location": f"{gate.address}{_ELSEWHERE}"})
        elif self.path == _ELSEWHERE:
            self._say(200, _YES)
        else:
            self._pass_on(body)

    def _pass_on(self, body: bytes) -> None:
        names = ("Authorization", "Content-Type", "Idempotency-Key")
        headers = {one: self.headers[one] for one in names if self.headers[one]}
        said = self.server.client.request(
            self.command, self.path, content=body, headers=headers
        )
        self._say(said.status_code, said.content)

    def _say(
        self, status: int, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # whoever asked has not waited
