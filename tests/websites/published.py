"""The planted site as it is published: in a folder, or served over HTTP."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def write_down(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write the site's files below a folder, as a web server would find them."""
    for path, data in files.items():
        place = folder / path.strip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


@contextmanager
def served(
    files: Mapping[str, bytes],
    *,
    answers: Mapping[str, tuple[int, Mapping[str, str], bytes]] | None = None,
    asked: list[str] | None = None,
) -> Iterator[str]:
    """Serve the files on a free port; `answers` stand before them. Yield the address.

    What was asked for is put into `asked`, in order.
    """
    special = answers or {}

    def answer(target: str) -> tuple[int, Mapping[str, str], bytes]:
        path = unquote(urlsplit(target).path)
        path += "index.html" if path.endswith("/") else ""
        known = (200, {}, files[path]) if path in files else (404, {}, b"nothing here")
        return special.get(target, known)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if asked is not None:
                asked.append(self.path)
            status, headers, data = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
