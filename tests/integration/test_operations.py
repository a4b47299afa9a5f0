"""The operator's commands as they are typed, and a site that is stopped while it answers."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from review.bootstrap import open_installation
from review.service.gate import sealed_facts
from review.settings import Settings

_XIANSHEN = Path(sys.executable).with_name("xianshen")
_KEYS = ("ledger.pem", "vault.key", "clearance.pem", "fingerprint.key")
_PATIENCE = 60

# Each run loads the program anew, which takes a second or more.
pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


def _environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "HOME": str(folder.parent),
        "LANG": "C.UTF-8",
        "XIANSHEN_DATA_DIR": str(folder),
        **more,
    }


def _run(folder: Path, *words: str | Path, status: int = 0) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        [_XIANSHEN, *words],
        capture_output=True,
        check=False,
        cwd=folder.parent,
        env=_environment(folder),
        timeout=180,
    )
    assert done.returncode == status, done
    return done.stdout.decode() + done.stderr.decode()


def test_backup_check_restore_verify(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "one.xsb"
    _run(old, "db", "upgrade")
    assert "密钥不在里面" in _run(old, "backup", file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "已经存在" in _run(old, "backup", file, status=2)
    said = _run(tmp_path / "third", "restore", "--check", file)
    assert "备份完好" in said
    assert not (tmp_path / "third").exists()
    assert "还缺密钥文件" in _run(new, "restore", file)
    for name in _KEYS:
        shutil.copy(old / "keys" / name, new / "keys" / name)
    _run(new, "db", "upgrade")
    assert _gate_knows_everything(new)
    assert "核验通过" in _run(new, "records", "verify")
    assert "空的" in _run(new, "restore", file, status=2)


def _gate_knows_everything(folder: Path) -> bool:
    """Tell whether nothing is left to walk before the gate's first answer."""
    with open_installation(Settings(data_dir=folder), via="test") as opened:
        known = []
        for _ in range(2):
            with opened.desk.store.reading() as records:
                known.append(records.gate.believed())
            sealed_facts.write_down(opened.desk)
    return known[0] is not None and known[0] == known[1]


def test_with_keys_under_a_passphrase_from_a_file(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "one.xsb"
    phrase = tmp_path / "phrase"
    phrase.write_text("correct horse 电池 staple\n", "utf-8")
    _run(old, "db", "upgrade")
    options = ("--passphrase-file", phrase)
    phrase.chmod(0o644)
    assert "chmod 600" in _run(old, "backup", file, "--with-keys", *options, status=2)
    phrase.chmod(0o600)
    _run(old, "backup", file, "--with-keys", *options)
    assert "还缺密钥文件" not in _run(new, "restore", file, *options)
    assert "核验通过" in _run(new, "records", "verify")


def test_only_an_administrator_may_be_named_for_a_backup(tmp_path: Path) -> None:
    old, file = tmp_path / "old", tmp_path / "one.xsb"
    _run(old, "db", "upgrade")
    assert "系统管理员" in _run(old, "backup", file, "--as", "zhang", status=2)
    assert not file.exists()


def test_the_doctor_speaks_to_people_and_programs(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert "还没有初始化" in _run(folder, "doctor", status=1)
    assert not folder.exists()
    _run(folder, "db", "upgrade")
    assert "没有发现问题" in _run(folder, "doctor")
    found = json.loads(_run(folder, "doctor", "--json"))
    assert {"name", "state", "said", "advice"} == set(found[0])
    (folder / "keys" / "vault.key").chmod(0o644)
    assert "[有问题]" in _run(folder, "doctor", status=1)


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, Path]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    log = folder.parent / "api.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "api"],
            env=_environment(folder, XIANSHEN_PORT=str(port)),
            stdout=file,
            stderr=file,
        )
    try:
        _wait(port)
        yield process, port, log
    finally:
        process.kill()
        process.wait()


def _wait(port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            assert time.monotonic() < end, "it does not listen"
            time.sleep(0.1)


def test_a_site_that_is_stopped_ends_what_it_has_begun(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    _run(folder, "db", "upgrade")
    with _serving(folder) as (process, port, log):
        body = json.dumps({"login": "nobody", "password": "期末考试"}).encode()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        connection.putrequest("POST", "/api/v1/session?q=secret-words")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:5])
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        connection.send(body[5:])
        answer = connection.getresponse()
        assert answer.status == 401
        assert answer.headers["content-type"] == "application/problem+json"
        answer.read()
        connection.close()
        assert process.wait(_PATIENCE) in {0, -signal.SIGTERM}
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), timeout=1)
        lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    told = [one for one in lines if one["event"] == "request"]
    assert [one["route"] for one in told] == ["/api/v1/session"]
    assert "secret-words" not in str(lines)
