"""A child may do its worst: what becomes of it here, and that nothing of it stays."""

import errno
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from review.errors import (
    BombError,
    CorruptError,
    OutOfTimeError,
    TooLargeError,
    UnreadableError,
)
from review.sandbox import nursery
from review.sandbox import sandbox as room
from review.sandbox.sandbox import Answer, Bounds, Sandbox
from review.sandbox.walls import bubblewrap

_HOSTILE = Path(__file__).with_name("hostile.py")
_MB = 1024 * 1024
_WORDS = "云山职业学院的一份稿件"

walls = pytest.mark.skipif(bubblewrap() is None, reason="bubblewrap does not work here")


@dataclass
class _Way:
    """How the children of a test are started."""

    nursed: bool = False


_way = _Way()
pytestmark = pytest.mark.usefixtures("way")


@pytest.fixture(params=["alone", "nursed"])
def way(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Try both ways: started by itself, and forked in a nursery of the test's own."""
    own: dict[nursery.Order, Any] = {}
    monkeypatch.setattr(nursery, "_open", own)
    _way.nursed = request.param == "nursed"
    yield str(request.param)
    while own:
        own.popitem()[1].close()


@pytest.fixture(params=["walls", "limits alone"])
def bare(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, way: str
) -> tuple[str, str]:
    """Try both ways: without bubblewrap the limits must hold by themselves."""
    if request.param == "limits alone":
        monkeypatch.setattr(room, "walled", lambda *_, **__: ())
        monkeypatch.setattr(nursery, "walled", lambda *_, **__: ())
    elif bubblewrap() is None:
        pytest.skip("bubblewrap does not work here")
    return way, str(request.param)


def _run(
    name: str,
    data: bytes = b"",
    options: Mapping[str, Any] | None = None,
    **bounds: Any,
) -> Answer:
    sandbox = Sandbox(
        bounds=Bounds(**{"seconds": 20, **bounds}),
        sees=(_HOSTILE,),
        program=(str(_HOSTILE),),
        nursed=_way.nursed,
    )
    return sandbox.run(name, data, options or {})


@pytest.mark.usefixtures("bare")
def test_bytes_and_options_go_in_and_come_out_whole() -> None:
    data = bytes(range(256)) * 40_000
    answer = _run("echo", data, {"title": "运动会", "page": 3})
    assert answer.data == data
    assert answer.value["title"] == "运动会"
    assert answer.value["page"] == 3
    assert set(answer.value["environment"]) <= {"LC_CTYPE", "PWD"}


def test_the_parent_hears_how_far_the_child_is() -> None:
    sandbox = Sandbox(sees=(_HOSTILE,), program=(str(_HOSTILE),), nursed=_way.nursed)
    heard: list[Any] = []
    assert sandbox.run("step", b"abc", {}, heard.append) == Answer("done", b"abc")
    assert heard == [[0, 3], [1, 3], [2, 3]]
    assert sandbox.run("step", b"abc", {}).value == "done"


@pytest.mark.parametrize("name", ["loop", "sleep"])
@pytest.mark.usefixtures("bare")
def test_one_that_never_ends_is_out_of_time(name: str) -> None:
    with pytest.raises(OutOfTimeError):
        _run(name, seconds=0.6)


@pytest.mark.usefixtures("bare")
def test_the_limits_are_on_before_anything_is_read() -> None:
    assert _run("limits", seconds=7, memory=300 * _MB).value == {
        "AS": 300 * _MB,
        "CORE": 0,
        "CPU": 7,
        "FSIZE": 0,
        "NOFILE": 64,
        "NPROC": 0,
    }


@pytest.mark.usefixtures("bare")
def test_one_that_takes_all_memory_is_too_large() -> None:
    with pytest.raises(TooLargeError):
        _run("hog", memory=192 * _MB)


@pytest.mark.parametrize("name", ["crash", "segfault", "nonsense"])
@pytest.mark.usefixtures("bare")
def test_one_that_dies_or_babbles_says_that_the_file_may_be_damaged(name: str) -> None:
    with pytest.raises(CorruptError) as caught:
        _run(name)
    assert "程序中止" in caught.value.message


@pytest.mark.usefixtures("bare")
def test_a_refusal_comes_back_as_it_was_said() -> None:
    with pytest.raises(BombError, match=r"展开后过大，请拆分后再试。"):
        _run("refuse")


def test_a_stumble_quotes_nothing_and_names_its_place(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    with pytest.raises(CorruptError) as caught:
        _run("stumble", _WORDS.encode())
    assert _WORDS not in caught.value.message
    assert _WORDS not in caplog.text
    assert "ValueError in sandbox/hostile.py" in caplog.text


@pytest.mark.usefixtures("bare")
def test_what_a_library_says_aloud_is_no_answer() -> None:
    assert _run("chat").value == "said"


@pytest.mark.usefixtures("bare")
def test_an_answer_has_a_largest_length() -> None:
    assert len(_run("flood", b"", {"length": _MB}, answer=_MB).data) == _MB
    with pytest.raises(TooLargeError):
        _run("flood", b"", {"length": _MB + 1}, answer=_MB)


def test_nothing_is_left_where_it_worked(bare: tuple[str, str]) -> None:
    if bare[0] == "nursed":
        pytest.skip("there it has no room at all: see the next test")
    where, listed, fault = _run("leave", b"left behind").value
    assert fault != 0
    assert set(listed) <= {"left.txt"}
    assert Path(where).parent.parent == Path(tempfile.gettempdir()).resolve()
    assert not Path(where).parent.exists()


def test_in_a_nursery_nothing_can_be_written(bare: tuple[str, str]) -> None:
    if bare[0] != "nursed":
        pytest.skip("one started by itself has a room of its own")
    if bare[1] == "limits alone":
        # It stands in a folder that is no more.
        assert _run("leave", b"left behind").value == ["", [], errno.ENOENT]
        return
    paths = ["left.txt", "/left.txt", "/tmp/left.txt", "/usr/left.txt"]  # noqa: S108 - inside
    faults = _run("write", b"left behind", {"paths": paths}).value
    assert all(faults), faults


@walls
def test_a_child_can_not_look_into_its_nursery() -> None:
    if not _way.nursed:
        pytest.skip("one started by itself has none")
    assert _run("peek").value == errno.EPERM


@walls
def test_a_child_that_ends_its_nursery_ends_no_other_work() -> None:
    _run("assassinate")
    assert _run("ask").value


def test_many_may_be_at_work_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda at: _run("echo", bytes([at]) * _MB).data, range(16))
        )
    assert answers == [bytes([at]) * _MB for at in range(16)]


def test_one_forked_from_here_uses_the_same_nursery() -> None:
    _run("ask")
    child = os.fork()
    if not child:
        try:
            again = _run("echo", b"again").data
            os._exit(0 if again == b"again" else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert _run("echo", b"here").data == b"here"


@walls
def test_no_network_is_in_reach() -> None:
    assert _run("call").value == {"networks": ["lo"], "reached": False}


@walls
def test_only_the_program_and_the_system_can_be_read(tmp_path: Path) -> None:
    key = tmp_path / "ledger.key"
    key.write_text("secret")
    checkout = Path(__file__).resolve().parents[3]
    paths = [str(key), str(checkout / "pyproject.toml"), "/etc/passwd", "/proc/1"]
    assert _run("look", b"", {"paths": paths}).value == [False] * 4
    own = [str(_HOSTILE), str(checkout / "review" / "errors.py")]
    assert _run("look", b"", {"paths": own}).value == [True, True]


@walls
def test_other_processes_are_out_of_sight() -> None:
    assert _run("ask").value != os.getpid()
    assert _run("ask").value < 10


_PARENT = """
import sys
from pathlib import Path
from review.sandbox import nursery, sandbox
if sys.argv[3] == "limits alone":
    sandbox.walled = nursery.walled = lambda *_, **__: ()
own, nursed = Path(sys.argv[1]), sys.argv[2] == "nursed"
sandbox.Sandbox(sees=(own,), program=(str(own),), nursed=nursed).run("sleep", b"", {})
"""


def test_it_does_not_outlive_a_parent_that_is_killed(
    bare: tuple[str, str],
) -> None:
    parent = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", _PARENT, str(_HOSTILE), *bare]
    )
    try:
        children = _soon(lambda: _asleep(parent.pid))
    finally:
        parent.kill()
        parent.wait()
    assert _soon(lambda: not any(map(_lives, children)))


def _soon(look: Callable[[], Any]) -> Any:
    for _ in range(500):
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError


def _asleep(parent: int) -> list[int]:
    """Return the processes below a parent, once one of them sleeps in our program."""
    below = [parent]
    try:
        for one in below:
            path = Path(f"/proc/{one}/task/{one}/children")
            below += map(int, path.read_text().split())
        own = [Path(f"/proc/{one}/cmdline").read_bytes() for one in below[1:]]
        limits = [Path(f"/proc/{one}/limits").read_text() for one in below[1:]]
    except (FileNotFoundError, ProcessLookupError):
        return []  # one of them ended while it was looked at: the caller looks again
    ready = any(
        str(_HOSTILE).encode() in line and "Max file size             0" in limit
        for line, limit in zip(own, limits, strict=True)
    )
    return below[1:] if ready else []


def _lives(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def test_every_run_is_a_fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "walled", lambda *_, **__: ())
    assert len({_run("ask").value for _ in range(3)}) == 3


def test_a_name_that_is_not_listed_runs_nothing() -> None:
    with pytest.raises(UnreadableError):
        _run("os.system")
