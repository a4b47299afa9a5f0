"""The recipe for other systems runs as it is printed: curl, PHP, Java, Python."""

import base64
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
import regex

from review.access.webhook_signatures import signature
from tests.api.college import College
from tests.service.cms import Cms

_ROOT: Final = Path(__file__).parents[2]
_TEXT: Final = (_ROOT / "docs/手册/发布系统对接.md").read_text("utf-8")
_BLOCK: Final = regex.compile(r"(?ms)^##+ (?P<title>[^\n]+)\n(?:(?!^##+ ).)*?"
                              r"^```(?P<kind>sh|php|java|python)\n(?P<code>.*?)^```")  # fmt: skip
_NOW: Final = 1_800_000_000
_SECRET: Final = "xswh_" + "0" * 64
_SITE_KEY: Final = "XIANSHEN_SITE_KEY"


def block(title: str, kind: str) -> str:
    found = [
        one["code"]
        for one in _BLOCK.finditer(_TEXT)
        if one["title"] == title and one["kind"] == kind
    ]
    assert len(found) == 1, title
    return str(found[0])


def need(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"no {program}: apt-get install it")
    return found


def run(
    command: list[str], folder: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    environ = {
        "PATH": os.environ["PATH"],  # noqa: TID251 - handed on
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        **more,
    }
    return subprocess.run(  # noqa: S603 - what the manual prints
        command,
        cwd=folder,
        env=environ,
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )


@pytest.fixture
def shell(cms: Cms, gate: str, tmp_path: Path) -> Any:
    need("curl")
    # The manual names a host out in the world; the test's site may be called here only.
    edited = "https://cms.example.edu.cn/hooks/review", "https://127.0.0.1/hooks/review"

    def do(title: str) -> tuple[int, Any]:
        code = block(title, "sh").replace(*edited)
        more = {"XIANSHEN": gate, _SITE_KEY: cms.key.text}
        done = run(["bash", "-euc", code], tmp_path, **more)
        assert done.returncode == 0, done.stderr
        body, status = done.stdout.strip().rsplit("\n", 1)
        return int(status), json.loads(body)

    return do


def clear(college: College, case: str) -> None:
    college.site.scan(case)
    college.site.dispose(case)
    college.site.acknowledge(case)
    college.site.conclude(case)
    college.site.sign(case)


def question() -> dict[str, Any]:
    """Return the question that the manual prints."""
    code = block("询问", "sh")
    return dict(json.loads(code.split("<<'JSON'\n")[1].split("\nJSON\n")[0]))


def test_the_printed_calls_go_the_whole_way(shell: Any, college: College) -> None:
    status, made = shell("送审")
    assert (status, made["stage"]) == (201, "scanning")
    assert shell("询问")[1]["code"] == "pending"
    clear(college, made["case"])
    status, answer = shell("询问")
    assert (status, answer["allowed"]) == (200, True), answer
    assert shell("查询进展")[1]["stage"] == "cleared"
    assert shell("登记发布")[1]["stage"] == "published"
    assert shell("登记发布")[0] in {200, 409}, "a second later it is another moment"


def test_a_picture_by_its_name_is_compared_by_its_bytes(
    shell: Any, college: College, cms: Cms
) -> None:
    clear(college, shell("送审")[1]["case"])
    asked = question()
    attached = [(one["name"], base64.b64decode("AAAA")) for one in asked["attachments"]]
    answer = cms.check(
        asked["html"].encode(),
        external_id=asked["external_id"],
        title=asked["title"],
        attachments=attached,
        address="127.0.0.1",
    )
    assert not answer.allowed


class _Odd(BaseHTTPRequestHandler):
    """Answers as no gate does: what comes is the path's own."""

    def do_POST(self) -> None:
        kind = self.headers["Authorization"].split("_")[-1]
        yes = b'{"allowed":true,"clearance":"a.b.c","case":"1","message":""}'
        status, body = {
            "html": (200, b"<html>ok</html>"),
            "string": (200, yes.replace(b"true", b'"true"')),
            "empty": (200, yes.replace(b"a.b.c", b"")),
            "none": (200, b'{"allowed":true}'),
            "error": (500, yes),
            "moved": (302, yes),
            "said": (
                200,
                b'{"allowed":false,"message":"{\\"allowed\\":true,\\"clearance\\":\\"a.b.c\\"}"}',
            ),
            "yes": (200, yes),
        }[kind]
        self.send_response(status)
        self.send_header("Location", "/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def odd() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


_ANSWERS: Final = ("html", "string", "empty", "none", "error", "moved", "said", "yes")
_SAID: Final = b'{"id": "2026-000123-v7", "event": "clearance.revoked"}'


def notices() -> list[tuple[str, str, bool]]:
    """Return (body, signature, whether it is genuine)."""
    good = signature(_SAID, secret=_SECRET.encode(), timestamp=_NOW)
    old = signature(_SAID, secret=_SECRET.encode(), timestamp=_NOW - 301)
    other = signature(_SAID, secret=b"xswh_1", timestamp=_NOW)
    said = _SAID.decode()
    return [
        (said, good, True),
        (said + " ", good, False),
        (said, old, False),
        (said, other, False),
        (said, "", False),
        (said, good.replace("v1=", "v1=0"), False),
    ]


_PHP: Final = """<?php
require 'xianshen.php';
$told = json_decode(file_get_contents('told.json'), true);
$out = [];
foreach ($told['keys'] as $key) {
    $out[] = xianshen_check($told['gate'], $key, $told['question'])[0];
}
$out[] = xianshen_check('http://127.0.0.1:9', 'x', [])[0];
foreach ($told['notices'] as $one) {
    $out[] = xianshen_webhook($one[0], $one[1], $told['secret'], $told['now']) !== null;
}
echo json_encode($out);
"""
_JAVA: Final = """import java.nio.charset.StandardCharsets;
public class Try {
    public static void main(String[] args) {
        String gate = args[0];
        String question = args[1];
        int at = 3;
        for (int left = Integer.parseInt(args[2]); left > 0; left--) {
            System.out.println(Xianshen.allowed(gate, args[at++], question));
        }
        System.out.println(Xianshen.allowed("http://127.0.0.1:9", "x", "{}"));
        String secret = args[at++];
        long now = Long.parseLong(args[at++]);
        for (; at < args.length; at += 2) {
            byte[] body = args[at].getBytes(StandardCharsets.UTF_8);
            System.out.println(Xianshen.genuine(body, args[at + 1], secret, now));
        }
    }
}
"""


def wanted() -> list[bool]:
    asked = [one == "yes" for one in _ANSWERS]
    return [*asked, False, *(genuine for *_, genuine in notices())]


def test_php_says_yes_only_to_a_yes(tmp_path: Path) -> None:
    php = need("php")
    (tmp_path / "xianshen.php").write_text(block("PHP", "php"), "utf-8")
    (tmp_path / "try.php").write_text(_PHP, "utf-8")
    with odd() as gate:
        told = {
            "gate": gate,
            "keys": [f"xs_{one}" for one in _ANSWERS],
            "question": question(),
            "notices": notices(),
            "secret": _SECRET,
            "now": _NOW,
        }
        (tmp_path / "told.json").write_text(json.dumps(told), "utf-8")
        done = run([php, "try.php"], tmp_path)
    assert json.loads(done.stdout) == wanted(), done.stdout + done.stderr


def test_java_says_yes_only_to_a_yes(tmp_path: Path) -> None:
    java, javac = need("java"), need("javac")
    (tmp_path / "Xianshen.java").write_text(block("Java", "java"), "utf-8")
    (tmp_path / "Try.java").write_text(_JAVA, "utf-8")
    made = run(
        [javac, "-encoding", "UTF-8", "--release", "8", "-Xlint:-options", "Try.java"],
        tmp_path,
    )
    assert made.returncode == 0, made.stderr
    keys = [f"xs_{one}" for one in _ANSWERS]
    told = [text for body, signed, _ in notices() for text in (body, signed)]
    with odd() as gate:
        words = [gate, json.dumps(question()), str(len(keys)), *keys]
        done = run([java, "Try", *words, _SECRET, str(_NOW), *told], tmp_path)
    assert [one == "true" for one in done.stdout.split()] == wanted(), done.stderr


def test_both_ask_a_real_gate(
    shell: Any, college: College, cms: Cms, gate: str, tmp_path: Path
) -> None:
    clear(college, shell("送审")[1]["case"])
    good, changed = question(), question()
    changed["html"] = changed["html"].replace("昨日", "今日")
    answers: list[bool] = []
    if shutil.which("php"):
        (tmp_path / "xianshen.php").write_text(block("PHP", "php"), "utf-8")
        for one in (good, changed):
            (tmp_path / "q.json").write_text(json.dumps(one), "utf-8")
            code = (
                "require 'xianshen.php'; $q = json_decode(file_get_contents('q.json'),"
                f" true); echo json_encode(xianshen_check('{gate}', '{cms.key.text}', $q)[0]);"
            )
            done = run([need("php"), "-r", code], tmp_path)
            answers.append(json.loads(done.stdout))
    if shutil.which("javac"):
        (tmp_path / "Xianshen.java").write_text(block("Java", "java"), "utf-8")
        (tmp_path / "Try.java").write_text(_JAVA, "utf-8")
        run([need("javac"), "-encoding", "UTF-8", "Try.java"], tmp_path)
        for one in (good, changed):
            words = [gate, json.dumps(one), "1", cms.key.text, _SECRET, "0"]
            done = run([need("java"), "Try", *words], tmp_path)
            answers.append(done.stdout.split()[0] == "true")
    if not answers:
        pytest.skip("neither php nor javac")
    assert answers == [True, False] * (len(answers) // 2)


_FRAME: Final = "<title>{{标题}}</title><h1>{{标题}}</h1>{{正文}}<footer>云山</footer>"


def hand_over(folder: Path, html: str, **more: Any) -> None:
    folder.mkdir(parents=True)
    name = f"news-{folder.name}-1"
    said = {"external_id": name, "title": "图书馆简讯", "html": html, **more}
    (folder / "稿件.json").write_text(json.dumps(said), "utf-8")
    (folder / "index.htm").write_text(html + "夹带的一句", "utf-8")


_WRONG: Final = {
    "above": ["../../secret.txt"],
    "link": ["link.txt"],
    "page": ["index.htm"],
    "rules": [".htaccess"],
    "whole": ["/etc/hosts"],
}


@pytest.fixture
def carry(cms: Cms, gate: str, tmp_path: Path) -> Any:
    shutil.copy(_ROOT / "integrations/python/xianshen_gate.py", tmp_path)
    (tmp_path / "搬运.py").write_text(block("生成静态页面的系统", "python"), "utf-8")
    (tmp_path / "模板.htm").write_text(_FRAME, "utf-8")
    for one in ("waiting", "site/good", "work"):
        (tmp_path / one).mkdir(parents=True)
    (tmp_path / "site/good/index.htm").write_text("旧的一版", "utf-8")
    more = {"XIANSHEN": gate, _SITE_KEY: cms.key.text, "SITE_ADDRESS": "https://www.example.edu.cn/"}  # fmt: skip

    def do(work: str = "work") -> subprocess.CompletedProcess[str]:
        words = ["搬运.py", "waiting", "site", work, "模板.htm"]
        return run([sys.executable, *words], tmp_path, **more)

    return do


def test_the_carrier_moves_only_what_is_allowed(
    college: College, cms: Cms, carry: Any, tmp_path: Path
) -> None:
    waiting, site = tmp_path / "waiting", tmp_path / "site"
    for at, name in enumerate(("good", "changed", "never")):
        html = f"<p>学院图书馆第{at}期简讯：本周新到图书一百册。{{{{标题}}}}</p>"
        if name != "never":
            made = cms_submit(cms, html, f"news-{name}-1")
            college.site.conclude(made)
            college.site.sign(made)
        if name == "changed":
            html = html.replace("一百", "二百")
        hand_over(waiting / name, html)
    done = carry()
    assert [one.name for one in site.iterdir()] == ["good"], done.stderr
    assert [one.name for one in (site / "good").iterdir()] == ["index.htm"]
    assert (site / "good" / "index.htm").read_text("utf-8") == (
        "<title>图书馆简讯</title><h1>图书馆简讯</h1>"
        "<p>学院图书馆第0期简讯：本周新到图书一百册。{{标题}}</p><footer>云山</footer>"
    )
    assert list((tmp_path / "work").iterdir()) == []
    assert done.returncode == 1
    told = [one.split("：")[0] for one in done.stderr.splitlines()]
    assert told == ["没有办完 changed", "没有办完 never"]


def test_the_carrier_takes_no_paths_and_ends_no_others(
    college: College, cms: Cms, carry: Any, tmp_path: Path
) -> None:
    waiting, site = tmp_path / "waiting", tmp_path / "site"
    (tmp_path / "secret.txt").write_text("别处的文件", "utf-8")
    html = "<p>学院图书馆简讯：本周新到图书一百册。</p>"
    for name, files in _WRONG.items():
        hand_over(waiting / name, html, files=files)
    (waiting / "link/link.txt").symlink_to(tmp_path / "secret.txt")
    (waiting / "aa-empty").mkdir()
    (waiting / "b.php").mkdir()
    # It stands after some of the wrong ones.
    made = cms_submit(cms, html, "news-good-1")
    college.site.conclude(made)
    college.site.sign(made)
    hand_over(waiting / "good", html)
    done = carry()
    told = [one.split("：")[0] for one in done.stderr.splitlines()]
    wrong = sorted([*_WRONG, "aa-empty", "b.php"])
    assert told == [f"没有办完 {one}" for one in wrong]
    assert [one.name for one in site.iterdir()] == ["good"]
    assert "一百册" in (site / "good/index.htm").read_text("utf-8")
    done = carry("site/work")
    assert (done.returncode, "网站目录之外" in done.stderr) == (1, True)


def cms_submit(cms: Cms, html: str, external_id: str) -> str:
    return cms.submit(
        html.encode(), external_id=external_id, title="图书馆简讯", callback_url=None
    ).number
