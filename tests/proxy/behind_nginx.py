"""The proxy's own command with a real nginx before and behind it, on sockets in a folder."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn

from tests.proxy.chain import Chain, configuration

_CONF: Final = Path(__file__).parents[2] / "integrations" / "nginx"
_PATIENCE: Final = 60
FRONT: Final = "front.sock"
SITE: Final = "site.sock"
_MAIN: Final = """
daemon off; pid {here}/nginx.pid; error_log {here}/error.log; worker_processes 1;
user root;
events {{ worker_connections 64; }}
http {{
  types {{ text/html html; text/css css; image/png png; text/plain txt; application/pdf pdf; }}
  access_log off; client_body_temp_path {here}/t1; proxy_temp_path {here}/t2;
  fastcgi_temp_path {here}/t3; uwsgi_temp_path {here}/t4; scgi_temp_path {here}/t5;
  include {here}/conf/*.conf;
}}
"""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status_code: int
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass(frozen=True)
class Front:
    """The reader's side: the outer nginx, and what can be stopped behind it."""

    folder: Path
    gate: "Gate"

    def get(self, target: str, via: str = FRONT) -> Answer:
        """Ask for a target exactly as it is written; `via` is a socket of the chain."""
        asking = http.client.HTTPConnection("news.example.edu.cn", timeout=_PATIENCE)
        asking.sock = socket.socket(socket.AF_UNIX)
        with closing(asking):
            asking.sock.connect(str(self.folder / via))
            asking.request("GET", target)
            answer = asking.getresponse()
            return Answer(answer.status, answer.read())

    def put(self, path: str, data: bytes) -> None:
        """Publish a file behind the proxy."""
        place = self.folder / "www" / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


@dataclass
class Gate:
    """The gate on a socket, in a thread of this process."""

    app: Any
    socket: Path

    @contextmanager
    def open(self) -> Iterator[None]:
        """Listen while the block runs."""
        config = uvicorn.Config(
            self._at_home,
            uds=str(self.socket),
            interface="asgi3",
            log_config=None,
            lifespan="off",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        _until(lambda: server.started)
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(_PATIENCE)
            self.socket.unlink(missing_ok=True)

    async def _at_home(self, scope: Any, receive: Any, send: Any) -> None:
        """Say where a question comes from, which a socket does not know."""
        await self.app({**scope, "client": ("127.0.0.1", 50_000)}, receive, send)


@contextmanager
def fronted(chain: Chain, folder: Path, nginx: str) -> Iterator[Front]:
    """Start all of it but the gate; names of sockets have to be short, so the folder's too."""
    made = Front(folder, Gate(chain.gate, folder / "gate.sock"))
    for path, data in chain.behind.files.items():
        made.put(path, data)
    _configure(chain, folder)
    with ExitStack() as running:
        running.enter_context(_started([nginx, "-c", str(folder / "nginx.conf")], {}))
        key = {"XIANSHEN_SITE_KEY": chain.cms.key.text, "HOME": str(folder)}
        command = [sys.executable, "-m", "review.cli.main", "gate", "proxy"]
        words = ["--config", str(folder / "proxy.toml")]
        place = ["--listen", f"unix:{folder / 'proxy.sock'}"]
        running.enter_context(_started([*command, *words, *place], key))
        for name in ("front.sock", "site.sock", "proxy.sock"):
            _until((folder / name).exists)
        yield made


def _configure(chain: Chain, folder: Path) -> None:
    conf = folder / "conf"
    conf.mkdir()
    outer = (_CONF / "xianshen-proxy.conf").read_text("utf-8")
    outer = outer.replace("listen 443 ssl", f"listen unix:{folder}/front.sock")
    kept = [one for one in outer.splitlines() if "ssl_" not in one]
    inner = (_CONF / "site-behind.conf").read_text("utf-8")
    for name, text in (("outer.conf", "\n".join(kept)), ("inner.conf", inner)):
        here = text.replace("/run/xianshen", str(folder))
        here = here.replace("/var/www/news", f"{folder}/www")
        (conf / name).write_text(here, "utf-8")
    (folder / "nginx.conf").write_text(_MAIN.format(here=folder), "utf-8")
    shutil.copy(chain.folder / "frame.html", folder / "frame.html")
    sockets = {"gate": "gate.sock", "upstream": "site.sock"}
    named = {name: f"unix:{folder / one}" for name, one in sockets.items()}
    (folder / "proxy.toml").write_text(configuration(chain.cleared, **named), "utf-8")


@contextmanager
def _started(words: list[str], environ: dict[str, str]) -> Iterator[None]:
    path = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}  # noqa: TID251 - handed on
    running = subprocess.Popen(words, env={**path, **environ})  # noqa: S603 - installed, or our own
    try:
        yield
    finally:
        running.terminate()
        running.wait(_PATIENCE)


def _until(told: Callable[[], object]) -> None:
    end = time.monotonic() + _PATIENCE
    while not told():
        assert time.monotonic() < end
        time.sleep(0.05)


def nginx_here() -> str | None:
    """Return this machine's nginx, if there is one."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
