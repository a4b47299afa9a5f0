"""Real workers on a real queue: whatever is killed or forgotten, every draft ends right.

Each program is started as an operator starts it; the test looks at the records
alone, and at the processes that it kills.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from review.bootstrap import Installation, install, open_installation
from review.case.case import Case
from review.ports.records import RegisterQuery
from review.ports.tasks import Task, TaskKind
from review.queue.connection import connect
from review.service.cases import submit
from review.service.lexicons import preview as lexicon_preview
from review.service.lexicons import versions as lexicons
from review.service.record import records
from review.service.recording import load
from review.service.upkeep import background
from review.settings import Settings
from tests.queues import flushed
from tests.service import site as sites
from tests.service.lexicon_material import wanted
from tests.service.site import BROKEN, CLEAN, MARKED, PHONE, docx, draft, page
from worker.jobs import JOBS
from worker.processes import holder_of, this_place

pytestmark = pytest.mark.slow

_PATIENCE = 400  # seconds until a test says that it hangs
_LONG = CLEAN * 3_000  # about half a megabyte: some seconds


class College:
    """An installation with its people, and the programs that work for it."""

    def __init__(self, folder: Path, queue_url: str, **chosen: object) -> None:
        values = {"data_dir": folder, "redis_url": SecretStr(queue_url), **chosen}
        self.settings = Settings(**values)  # type: ignore[arg-type]  # - a test names fields
        self.queue_url = queue_url
        install(self.settings)
        with self.opened() as installation:
            sites.staff(installation.desk)

    @contextmanager
    def opened(self) -> Iterator[Installation]:
        with open_installation(self.settings, via="test") as installation:
            yield installation

    def submit(self, *drafts: submit.Draft) -> tuple[str, ...]:
        with self.opened() as installation:
            return tuple(
                submit.submit(installation.desk, one, person="zhang").number
                for one in drafts
            )

    @contextmanager
    def workers(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        program = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "worker", *words], env=self._environ()
        )
        try:
            yield program
        finally:
            if program.poll() is None:
                program.terminate()
            program.wait(60)

    def burst(self, count: int = 1) -> None:
        with self.workers("--burst", "--count", str(count)) as program:
            assert program.wait(_PATIENCE) == 0

    def _environ(self) -> dict[str, str]:
        kept = ("PATH", "HOME", "LANG")
        environ = {name: os.environ[name] for name in kept if name in os.environ}  # noqa: TID251 - handed on
        for name, value in self.settings:
            if name in self.settings.model_fields_set:
                told = (
                    value.get_secret_value() if isinstance(value, SecretStr) else value
                )
                environ[f"XIANSHEN_{name.upper()}"] = str(told)
        return environ

    def cases(self) -> dict[str, Case]:
        with (
            self.opened() as installation,
            installation.desk.store.reading() as looking,
        ):
            rows = looking.register(RegisterQuery(limit=1000))
            return {one.number: load(looking, one.number) for one in rows}

    def task(self, number: str) -> Task:
        with (
            self.opened() as installation,
            installation.desk.store.reading() as looking,
        ):
            task = looking.tasks.last("scan", number)
        assert task is not None
        return task

    def until(self, told: Callable[[Installation], bool], what: str) -> None:
        end = time.monotonic() + _PATIENCE
        with self.opened() as installation:
            while not told(installation):
                assert time.monotonic() < end, what
                time.sleep(0.05)

    def audit(self) -> None:
        """Hold the ledger to its signatures, and each round to one report."""
        with self.opened() as installation:
            desk = installation.desk
            records.check(desk)
            with desk.store.reading() as looking:
                numbers = [one.number for one in looking.register(_ALL)]
                assert not looking.tasks.due(desk.now())
                assert not looking.tasks.running()
            for number in numbers:
                kinds = [one.statement.kind for one in records.history(desk, number)]
                assert Counter(kinds)["case.scanned"] == 1, number


_ALL = RegisterQuery(limit=1000)


@pytest.fixture
def make(tmp_path: Path, queue_url: str) -> Callable[..., College]:
    def made(**chosen: object) -> College:
        return College(tmp_path / "data", queue_url, **chosen)

    return made


def _scanning(installation: Installation) -> int:
    with installation.desk.store.reading() as looking:
        return looking.counts(None).get("scanning", 0)


def _children(pid: int) -> list[int]:
    """Return the processes below that one, nearest first."""
    below = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        own = [int(one) for one in below.read_text().split()]
    except OSError:
        return []
    return own + [each for one in own for each in _children(one)]


def _mixed(number: int) -> submit.Draft:
    kinds = (
        draft(f"{CLEAN}第{number}号\n"),
        draft(docx(f"{CLEAN}第{number}号\n"), name="正文.docx"),
        draft(page(f"{CLEAN}第{number}号\n"), name="正文.html"),
        draft(f"{PHONE}第{number}号\n"),
        draft(BROKEN + str(number).encode(), name="正文.docx"),
        draft(f"{CLEAN}第{number}号\n", attachments=[("附件.txt", PHONE.encode())]),
    )
    return kinds[number % len(kinds)]


def test_whatever_was_handed_in_is_examined(make: Callable[..., College]) -> None:
    college = make()
    numbers = college.submit(*map(_mixed, range(6)), draft(MARKED))
    college.burst(2)
    cases = college.cases()
    stages = Counter(one.stage for one in cases.values())
    assert stages == {"first_pass": 6, "incident": 1}
    broken = cases[numbers[4]].round.report
    assert broken is not None
    assert [(one.file, one.unreadable) for one in broken.gaps] == [("正文.docx", True)]
    phone = cases[numbers[3]].round.report
    assert phone is not None
    assert phone.findings
    college.audit()


def test_killed_workers_and_a_flushed_queue_lose_nothing(
    make: Callable[..., College],
) -> None:
    college = make(workers=2)
    college.submit(*map(_mixed, range(24)))
    with college.workers() as program:
        college.until(lambda one: _scanning(one) < 24, "nothing was begun")
        for left in (20, 15, 10):
            # Whoever is there now: workers, the reconciler, horses, their children.
            for pid in _children(program.pid):
                _kill(pid)
            flushed(college.queue_url)
            college.until(lambda one, left=left: _scanning(one) < left, "work stopped")
        program.kill()
        program.wait()
        flushed(college.queue_url)
    with college.workers():
        college.until(lambda one: _scanning(one) == 0, "not all was examined")
        college.until(_no_task_open, "a task was left open")
    assert len(college.cases()) == 24
    assert {one.stage for one in college.cases().values()} == {"first_pass"}
    college.audit()


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _no_task_open(installation: Installation) -> bool:
    return background.is_idle(installation.desk)


def test_nobody_outlives_a_killed_parent(make: Callable[..., College]) -> None:
    college = make()
    with college.workers() as program:
        end = time.monotonic() + _PATIENCE
        # A quick one, a bulky one, one that goes out, and the reconciler.
        while len(_children(program.pid)) < 4:
            assert time.monotonic() < end
            time.sleep(0.05)
        below = _children(program.pid)
        program.kill()
        program.wait()
        while any(Path(f"/proc/{pid}").exists() for pid in below):
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("limit", "poison", "code"),
    [
        ({"scan_file_seconds": 1}, _LONG.encode(), "timeout"),
        ({"scan_file_memory_mb": 4}, CLEAN.encode() * 100_000, "too_large"),
    ],
    ids=["timeout", "too_large"],
)
def test_a_poisonous_file_is_a_gap_and_the_others_are_examined(
    make: Callable[..., College], limit: dict[str, int], poison: bytes, code: str
) -> None:
    college = make(**limit)
    attached = ("毒.txt", poison)
    numbers = college.submit(
        draft(PHONE, attachments=[attached]), draft(f"{PHONE}第二件\n")
    )
    college.burst()
    cases = college.cases()
    report = cases[numbers[0]].round.report
    assert report is not None
    gaps = {(one.file, one.code) for one in report.gaps if one.unreadable}
    assert gaps == {("毒.txt", code)}
    assert {one.file for one in report.findings if one.needs_disposition} == {
        "正文.txt"
    }
    assert report.verdict == "blocked"
    other = cases[numbers[1]].round.report
    assert other is not None
    assert other.gaps == ()
    college.audit()


def test_what_takes_long_moves_to_the_lane_for_it(make: Callable[..., College]) -> None:
    college = make(scan_quick_seconds=1)
    # Of no kind that would be taken for bulk by its name.
    (number,) = college.submit(draft(_LONG, name="正文.md"))
    assert college.task(number).queue == "quick"
    college.burst()
    task = college.task(number)
    assert (task.queue, task.state, task.attempts) == ("bulk", "done", 1)
    report = college.cases()[number].round.report
    assert report is not None
    assert report.gaps == ()
    college.audit()


def test_a_round_that_nobody_survives_ends_with_gaps(
    make: Callable[..., College],
) -> None:
    college = make()
    (number,) = college.submit(draft(CLEAN, attachments=[("附件.txt", b"x")]))
    place = this_place()
    with college.opened() as installation:
        task = college.task(number)
        for _ in range(background.MOST_ATTEMPTS):
            gone = subprocess.Popen(["/bin/true"])
            holder = holder_of(gone.pid, place)
            gone.wait()
            assert background.take(installation.desk, task.id, holder=holder)
            found = background.recover(
                installation.desk, place=place, is_gone=lambda _: True
            )
            assert found == 1
    college.burst()
    assert college.task(number).attempts == background.MOST_ATTEMPTS + 1
    case = college.cases()[number]
    report = case.round.report
    assert report is not None
    assert {one.file for one in report.gaps if one.unreadable} == {
        "标题",
        "正文.txt",
        "附件.txt",
    }
    assert case.stage == "first_pass"
    college.audit()


def test_a_long_job_is_put_back_at_the_end(make: Callable[..., College]) -> None:
    college = make()
    (number,) = college.submit(draft(_LONG * 20, name="正文.txt"))

    def is_running(installation: Installation) -> bool:
        with installation.desk.store.reading() as looking:
            return bool(looking.tasks.running())

    with college.workers() as program:
        college.until(is_running, "nothing was begun")
        program.terminate()
        assert program.wait(60) == 0
    task = college.task(number)
    assert (task.state, task.attempts, task.holder) == ("waiting", 0, None)


def test_a_job_that_names_something_else_does_nothing(
    make: Callable[..., College], tmp_path: Path
) -> None:
    from rq import Queue  # noqa: PLC0415 - what an intruder would use
    from rq.serializers import JSONSerializer  # noqa: PLC0415 - likewise

    college = make()
    trace = tmp_path / "trace"
    connection = connect(college.queue_url)
    queue = Queue("xianshen-quick", connection=connection, serializer=JSONSerializer)
    queue.enqueue_call("os.mkdir", args=(str(trace),))
    connection.close()
    numbers = college.submit(draft(CLEAN))
    college.burst()
    assert not trace.exists()
    assert college.cases()[numbers[0]].stage == "first_pass"
    college.audit()


def test_every_kind_of_task_has_its_use_case(make: Callable[..., College]) -> None:
    college = make()
    subjects: dict[TaskKind, str] = {
        "export": "monthly:2026-11-01:2026-11-30:li",
        "deliver": "2026-000001-v1",
        "preview": "nothing:li",
        "verify": "audit",
        "notify": "2026-000001:signing",
        "remind": "2026-11-23",
        "tidy": "2026-11-23",
        "rescan": "lexicon:词0001",
    }
    with college.opened() as installation:
        desk = installation.desk
        with desk.store.writing() as work:
            for kind, subject in subjects.items():
                work.tasks.add(kind, subject, queue="out", at=desk.now())
        assert set(JOBS) == {"scan", *subjects}
    college.burst()
    with college.opened() as installation:
        desk = installation.desk
        with desk.store.reading() as looking:
            tasks = {one: looking.tasks.last(one, subjects[one]) for one in subjects}
        ended = {kind: (one.state, one.code) for kind, one in tasks.items() if one}
        assert ended == {
            "export": ("done", None),
            "deliver": ("failed", "not_found"),
            "preview": ("failed", "not_found"),
            "verify": ("done", None),
            "notify": ("done", None),
            "remind": ("done", None),
            "tidy": ("done", None),
            "rescan": ("done", None),
        }
        made = tasks["export"]
        assert made is not None
        assert made.result is not None
        assert desk.contents.get(made.result).startswith(b"PK")


def test_what_may_not_be_exported_is_given_up_at_once(
    make: Callable[..., College],
) -> None:
    college = make()
    subject = "monthly:2026-11-01:2026-11-30:nobody"
    with college.opened() as installation:
        desk = installation.desk
        with desk.store.writing() as work:
            task = work.tasks.add("export", subject, queue="bulk", at=desk.now())
    college.burst()
    with college.opened() as installation, installation.desk.store.reading() as looking:
        ended = looking.tasks.find(task.id)
    assert ended is not None
    assert (ended.state, ended.code, ended.attempts) == ("failed", "not_permitted", 1)


def test_workers_follow_the_lexicon_in_force(make: Callable[..., College]) -> None:
    college = make()
    (before,) = college.submit(draft(CLEAN))
    with college.workers():
        college.until(lambda one: _scanning(one) == 0, "not examined")
        with college.opened() as installation:
            desk = installation.desk
            made = lexicons.propose(desk, wanted(), reason="试用", person="li")
            lexicon_preview.carry_out(desk, f"{made.change}:qian")
            seen = lexicon_preview.last_preview(desk, made.change, person="qian")
            lexicons.activate(
                desk, made.change, preview=seen.preview.digest, person="qian"
            )
        (after,) = college.submit(draft(f"{CLEAN}第二件\n"))
        college.until(lambda one: _scanning(one) == 0, "not examined")
    cases = college.cases()
    reports = [cases[one].round.report for one in (before, after)]
    assert reports[0] is not None
    assert reports[1] is not None
    assert reports[0].lexicons != reports[1].lexicons
    college.audit()


def test_on_postgres(make: Callable[..., College], postgres_url: str) -> None:
    college = make(database_url=SecretStr(postgres_url), vault="database")
    college.submit(*map(_mixed, range(12)))
    college.burst(2)
    assert Counter(one.stage for one in college.cases().values()) == {"first_pass": 12}
    college.audit()
