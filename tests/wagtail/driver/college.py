"""The other end: who reviews, at the gate; and gates that don't work."""

import json
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.conf import settings
from django.core.cache import cache


def tell(do: str, **said: object) -> object:
    """Ask the test, which keeps the gate, to do something; return its answer."""
    sys.stdout.write("@" + json.dumps({"do": do, **said}) + "\n")
    sys.stdout.flush()
    return json.loads(sys.stdin.readline())


def clear(case: str) -> None:
    tell("clear", case=case)


def revoke(case: str) -> None:
    tell("revoke", case=case)


class _Slow(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        time.sleep(10)
        self._answer(b'{"allowed": true, "clearance": "a.b.c", "case": "2026-000001"}')

    do_GET = do_POST

    def _answer(self, body: bytes) -> None:
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # whoever asked has gone long ago

    def log_message(self, *_: object) -> None:
        pass


class _Nonsense(_Slow):
    said = (
        b"<html>502</html>",
        b"{}",
        b'{"allowed": "true", "clearance": "a.b.c"}',
        b'{"allowed": true}',
        b'["allowed", true]',
        b'{"allowed": 1, "clearance": "a.b.c"}',
    )
    turn = 0

    def do_POST(self) -> None:
        type(self).turn += 1
        self._answer(self.said[self.turn % len(self.said)])

    do_GET = do_POST


@contextmanager
def _served(handler: type[BaseHTTPRequestHandler]):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@contextmanager
def gates():
    """Yield the addresses of a gate by how it works."""
    with _served(_Slow) as slow, _served(_Nonsense) as nonsense:
        yield {
            "good": settings.XIANSHEN["URL"],
            "down": "http://127.0.0.1:9",
            "slow": slow,
            "nonsense": nonsense,
        }


def use(address: str, *, timeout: float = 20.0) -> None:
    settings.XIANSHEN = {**settings.XIANSHEN, "URL": address, "TIMEOUT": timeout}
    cache.clear()
