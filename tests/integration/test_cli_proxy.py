"""The publishing proxy's command: its file is checked before anything is served."""

import os
from pathlib import Path

import pytest

from tests.command import Ran, xianshen
from tests.websites.make import ADDRESS, BODY, TITLE, framed

pytestmark = pytest.mark.slow
_FILE = f"""
gate = "https://review.example.edu.cn"
upstream = "http://127.0.0.1:8080"
site = "{ADDRESS}"
channel = "网站"
[page]
body = "{BODY}"
title = "{TITLE}"
frames = ["frame.html"]
[open]
"/static/*" = "any"
"""


def run(folder: Path, *more: str, text: str = _FILE) -> Ran:
    (folder / "proxy.toml").write_text(text, "utf-8")
    environ = {"PATH": os.defpath, "HOME": str(folder), "LANG": "C.UTF-8"}
    # The file's own folder counts, not where somebody stands.
    words = ("gate", "proxy", "--config", str(folder / "proxy.toml"), *more)
    return xianshen(*words, cwd=folder.parent, env=environ)


def test_a_good_file_is_said_to_be_good(tmp_path: Path) -> None:
    (tmp_path / "frame.html").write_bytes(framed("某一标题", "<p>正文</p>"))
    done = run(tmp_path, "--check")
    assert done.code == 0, done.err
    assert "模板页 1 个" in done.out


@pytest.mark.parametrize(
    ("frame", "text", "more", "said"),
    [
        (None, _FILE, ("--check",), "读不到模板页 frame.html"),
        ("<p>不是</p>", _FILE, ("--check",), "没有唯一的正文和标题"),
        ("", _FILE.replace("https", "ftp"), ("--check",), "写错了"),
        ("ok", _FILE, (), "没有站点密钥"),
        ("ok", _FILE, ("--key-file", "none.key"), "找不到文件"),
    ],
)
def test_a_mistake_stops_it_before_it_serves(
    tmp_path: Path, frame: str | None, text: str, more: tuple[str, ...], said: str
) -> None:
    if frame is not None:
        good = framed("某一标题", "<p>正文</p>")
        (tmp_path / "frame.html").write_bytes(good if frame == "ok" else frame.encode())
    done = run(tmp_path, *more, text=text)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_where_to_listen_has_to_be_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "frame.html").write_bytes(framed("某一标题", "<p>正文</p>"))
    (tmp_path / "key").write_text(f"xs_{'0' * 12}_{'0' * 64}")
    done = run(tmp_path, "--key-file", str(tmp_path / "key"), "--listen", "everywhere")
    assert (done.code, "--listen 应写成" in done.err) == (2, True)
