# ruff: noqa: INP001, T201, S101 - a script by itself that prints and insists
"""Asks a site that has just been started as a newcomer would: is it well, and may I come in?

Needs only Python. Arguments: the port, and the file with what the program has printed.
"""

import json
import re
import sys
import time
import urllib.error
import urllib.request
from http.client import HTTPMessage
from pathlib import Path

_PATIENCE = 120  # seconds until it must be ready


def main() -> None:
    """Ask for health, sign in as the first invented person, look at the first page."""
    site = f"http://127.0.0.1:{sys.argv[1]}"
    said = Path(sys.argv[2]).read_text("utf-8")
    for path in ("/healthz", "/readyz"):
        print(path, *_ready(site + path))
    found = re.search(r"(?m)^  (\w+) +(\S+)  ", said)
    assert found, "no login was printed"
    login, password = found.groups()
    sent = json.dumps({"login": login, "password": password}).encode()
    kind = {"Content-Type": "application/json", "Origin": site}
    status, _, head = _asked(site + "/api/v1/session", sent, kind)
    print("登录", login, status)
    cookie = str(head["Set-Cookie"]).partition(";")[0]
    status, page, _ = _asked(site + "/", None, {"Cookie": cookie})
    assert "退出" in page, "the first page does not know who asks"
    print("首页", status)


def _ready(url: str) -> tuple[int, str]:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            status, text, _ = _asked(url, None, {})
        except urllib.error.HTTPError:
            assert time.monotonic() < end, f"{url} is not ready"
            time.sleep(1)
        else:
            return status, text


def _asked(
    url: str, data: bytes | None, head: dict[str, str]
) -> tuple[int, str, HTTPMessage]:
    request = urllib.request.Request(url, data, head)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - likewise
        return answer.status, answer.read().decode(), answer.headers


if __name__ == "__main__":
    main()
