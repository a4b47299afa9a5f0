"""Who lives, who is gone, and what is left of him."""

import os
import resource
import subprocess
from pathlib import Path

import pytest

from review.sandbox.confining import lower
from worker.lanes import lanes_for
from worker.pool import own_folder
from worker.processes import holder_of, is_gone, this_place

# The test runner may hold threads; the children use none of them.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")


def test_who_lives_is_not_gone() -> None:
    place = this_place()
    holder = holder_of(os.getpid(), place)
    assert holder.startswith(f"{place}:{os.getpid()}:")
    assert not is_gone(holder)


def test_who_ended_is_gone_even_before_he_is_buried() -> None:
    child = subprocess.Popen(["/bin/sh", "-c", "read x"], stdin=subprocess.PIPE)
    holder = holder_of(child.pid, "place")
    assert not is_gone(holder)
    assert child.stdin is not None
    child.stdin.close()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert is_gone(holder)
    child.wait()
    assert is_gone(holder)


def test_another_process_of_the_same_number_is_another() -> None:
    place, pid, start = holder_of(os.getpid(), "place").rsplit(":", 2)
    assert is_gone(f"{place}:{pid}:{int(start) - 1}")


@pytest.mark.parametrize("holder", ["place:999999999:1", "place:x:1", "::"])
def test_what_names_nobody_is_gone(holder: str) -> None:
    assert is_gone(holder)


def test_folders_of_the_dead_are_taken_away(tmp_path: Path) -> None:
    place = this_place()
    mine = own_folder(tmp_path, place)
    mine.mkdir()
    (mine / "kept").touch()
    dead = tmp_path / "999999999-1"
    dead.mkdir()
    (dead / "left").touch()
    assert own_folder(tmp_path, place) == mine
    assert (mine / "kept").exists()
    assert not dead.exists()


@pytest.mark.parametrize(
    ("count", "quick", "bulk"), [(1, 1, 1), (2, 2, 1), (4, 4, 2), (9, 9, 4)]
)
def test_no_lane_is_left_without_a_worker(count: int, quick: int, bulk: int) -> None:
    lanes = lanes_for(count)
    assert [lanes.count(one) for one in ("quick", "bulk", "out")] == [quick, bulk, 1]


def test_a_limit_is_never_raised() -> None:
    child = os.fork()
    if child == 0:
        try:
            lower(resource.RLIMIT_NOFILE, 50, 60)
            lower(resource.RLIMIT_NOFILE, 55, 70)
            good = resource.getrlimit(resource.RLIMIT_NOFILE) == (55, 60)
            os._exit(0 if good else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
