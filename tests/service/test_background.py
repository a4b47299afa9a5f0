"""Errands noted with the events that lead to them, and found again after anything."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from review import clock
from review.case.values import File
from review.errors import MessengerError, NotPermittedError, SettingsError
from review.ports.tasks import Lane, Task
from review.service import demo, errands, retention
from review.service.cases import review, scan, submit
from review.service.desk import Once
from review.service.people import accounts
from review.service.upkeep import background, housekeeping, reminders
from review.service.upkeep.background import MOST_ATTEMPTS, SILENCE
from tests.service.site import CLEAN, MONDAY, PHONE, Site, draft, on_both

_HERE, _THERE = "boot.1", "boot.2"
_ME = f"{_HERE}:10:100"
_GONE = f"{_HERE}:11:100"


class Heard:
    """Messengers that remember what they were told, or cannot be reached."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.reachable = True

    def tell(self, message: str) -> None:
        if not self.reachable:
            raise MessengerError("连不上")
        self.said.append(message)


@pytest.fixture
def heard(site: Site) -> Heard:
    heard = Heard()
    site.desk = replace(site.desk, messengers=heard)
    return heard


def _handed_in(site: Site, text: str = CLEAN) -> str:
    return submit.submit(site.desk, draft(text), person="zhang").number


def _task(site: Site, number: str) -> Task:
    with site.desk.store.reading() as records:
        task = records.tasks.last("scan", number)
    assert task is not None
    return task


def _due(site: Site) -> list[tuple[str, str]]:
    return [(one.kind, one.subject) for one in background.waiting(site.desk)]


@on_both
def test_a_case_at_the_machine_has_its_task_until_it_leaves(site: Site) -> None:
    number = _handed_in(site)
    task = _task(site, number)
    assert (task.state, task.queue, task.due_at) == ("waiting", "quick", MONDAY)
    scan.scan(site.desk, number)
    assert _task(site, number) == replace(task, state="done", finished_at=MONDAY)


def test_a_new_round_has_a_new_task(site: Site) -> None:
    number = site.submit(PHONE).number
    first = _task(site, number)
    site.dispose(number, "must_change")
    asker = site.by("zhang", number)
    review.conclude(
        site.desk, number, conclusion="must_change", opinion="删去手机号", asker=asker
    )
    again = draft(CLEAN)
    submit.resubmit(site.desk, number, again, asker=site.by("zhang", number))
    second = _task(site, number)
    assert (first.state, second.state) == ("done", "waiting")
    assert second.id > first.id
    scan.scan(site.desk, number)


def test_what_is_taken_back_is_no_longer_waited_for(site: Site) -> None:
    number = _handed_in(site)
    submit.withdraw(
        site.desk, number, reason="不再公开", asker=site.by("zhang", number)
    )
    assert _task(site, number).state == "done"


@pytest.mark.parametrize(
    ("files", "lane"),
    [
        ([("标题", 30), ("正文.docx", 50_000)], "quick"),
        ([("正文.txt", 50_000)], "quick"),
        ([("正文.txt", 900_000)], "bulk"),
        ([("正文.PDF", 900_000)], "bulk"),
        ([("正文.docx", 900_000)], "quick"),
        ([("正文.docx", 1_500_000), ("附件.xlsx", 1_500_000)], "bulk"),
    ],
)
def test_what_looks_long_goes_to_its_own_lane(
    files: list[tuple[str, int]], lane: Lane
) -> None:
    made = [File(name, "body", size, "0" * 64) for name, size in files]
    assert errands.lane_of(made) == lane


@on_both
def test_tasks_of_the_gone_wait_again(site: Site) -> None:
    mine, gone, far = (_task(site, _handed_in(site)) for _ in range(3))
    for task, holder in ((mine, _ME), (gone, _GONE), (far, f"{_THERE}:10:100")):
        assert background.take(site.desk, task.id, holder=holder) is not None
    background.be_seen(site.desk, _THERE)

    def recovered() -> int:
        return background.recover(
            site.desk, place=_HERE, is_gone=lambda holder: holder == _GONE
        )

    assert recovered() == 1
    assert _task(site, gone.subject).state == "waiting"
    assert _task(site, gone.subject).code == "killed"
    assert recovered() == 0
    site.clock.at += SILENCE + timedelta(seconds=1)
    assert recovered() == 1
    assert _task(site, far.subject).state == "waiting"
    assert _task(site, mine.subject).state == "running"
    _finish_all(site)


def _finish_all(site: Site) -> None:
    with site.desk.store.reading() as records:
        numbers = records.tasks.unscanned(failed_before=MONDAY)
        every = [*records.tasks.due(site.desk.now()), *records.tasks.running()]
    for number in {*numbers, *(one.subject for one in every if one.kind == "scan")}:
        scan.scan(site.desk, number)


def test_a_machine_that_was_never_seen_has_lost_its_tasks(site: Site) -> None:
    task = _task(site, _handed_in(site))
    background.take(site.desk, task.id, holder=f"{_THERE}:10:100")
    assert background.recover(site.desk, place=_HERE, is_gone=lambda _: False) == 1
    _finish_all(site)


def test_being_seen_costs_a_write_only_now_and_then(site: Site) -> None:
    def seen() -> datetime:
        background.be_seen(site.desk, _HERE)
        with site.desk.store.reading() as records:
            return records.tasks.places()[_HERE]

    first = seen()
    site.clock.pass_by(minutes=0)
    site.clock.at += timedelta(seconds=10)
    assert seen() == first
    site.clock.at += timedelta(seconds=10)
    assert seen() > first


def test_an_attempt_that_failed_waits_ever_longer_and_ends(site: Site) -> None:
    task = _task(site, _handed_in(site))
    waits = []
    for _ in range(MOST_ATTEMPTS):
        taken = background.take(site.desk, task.id, holder=_ME)
        assert taken is not None
        background.try_again(site.desk, taken, code="error")
        again = _task(site, task.subject)
        assert (again.state, again.code) == ("waiting", "error")
        waits.append(again.due_at - site.desk.now())
    assert waits == sorted(waits)
    assert len(set(waits)) == MOST_ATTEMPTS
    last = background.take(site.desk, task.id, holder=_ME)
    assert last is not None
    background.try_again(site.desk, last, code="error")
    assert _task(site, task.subject).state == "failed"
    _finish_all(site)


def test_a_scan_that_was_given_up_is_begun_again_later(site: Site) -> None:
    number = _handed_in(site)
    task = _task(site, number)
    background.give_up(site.desk, task, code="vault")
    background.catch_up(site.desk)
    assert _task(site, number).state == "failed"
    site.clock.pass_by(hours=1, minutes=1)
    background.catch_up(site.desk)
    again = _task(site, number)
    assert (again.state, again.attempts) == ("waiting", 0)
    assert again.id > task.id
    _finish_all(site)


def test_what_waits_for_another_lane_has_made_no_attempt(site: Site) -> None:
    task = _task(site, _handed_in(site))
    taken = background.take(site.desk, task.id, holder=_ME)
    assert taken is not None
    background.later(site.desk, taken, due_at=MONDAY, lane="bulk")
    assert _task(site, task.subject) == replace(task, queue="bulk", started_at=MONDAY)
    _finish_all(site)


@on_both
def test_each_day_and_hour_brings_its_own_once(site: Site) -> None:
    hour = ("tidy", "2026-11-23T09")
    background.catch_up(site.desk)
    background.catch_up(site.desk)
    assert sorted(_due(site)) == [("tidy", "2026-11-23"), hour]
    for task in background.waiting(site.desk):
        background.finish(site.desk, task)
    background.catch_up(site.desk)
    assert _due(site) == []
    site.clock.pass_by(hours=1)
    background.catch_up(site.desk)
    assert _due(site) == [("tidy", "2026-11-23T10")]
    site.clock.pass_by(hours=14)
    background.catch_up(site.desk)
    # Midnight has passed; the daily tidying is for three o'clock.
    assert ("tidy", "2026-11-24T00") in _due(site)
    assert ("tidy", "2026-11-24") not in _due(site)
    site.clock.pass_by(hours=3)
    assert ("tidy", "2026-11-24") in _due(site)


def test_people_are_reminded_on_working_days_alone(site: Site, heard: Heard) -> None:
    background.catch_up(site.desk)
    assert ("remind", "2026-11-23") in _due(site)
    site.clock.pass_by(days=5)
    background.catch_up(site.desk)
    assert ("remind", "2026-11-28") not in _due(site)
    assert heard.said == []


def test_a_result_lies_encrypted_until_its_task_is_forgotten(site: Site) -> None:
    with site.desk.store.writing() as work:
        task = work.tasks.add("export", "monthly", queue="bulk", at=MONDAY)
    background.take(site.desk, task.id, holder=_ME)
    background.finish(site.desk, task, result=b"table")
    with site.desk.store.reading() as records:
        done = records.tasks.find(task.id)
    assert done is not None
    assert done.result is not None
    retention.sweep_orphans(site.desk)
    assert site.desk.contents.get(done.result) == b"table"
    site.clock.pass_by(days=8)
    site.cleared()  # a later task than the one to be forgotten
    housekeeping.tidy(site.desk, "2026-12-01")
    assert not site.vault.exists(done.result)


def test_requests_are_forgotten_after_a_while(site: Site) -> None:
    once = Once(key="k", fingerprint="f" * 64)
    first = submit.submit(site.desk, draft(CLEAN), person="zhang", once=once)
    site.clock.pass_by(days=6)
    housekeeping.forget_old(site.desk)
    again = submit.submit(site.desk, draft(CLEAN), person="zhang", once=once)
    assert again.number == first.number
    site.clock.pass_by(days=2)
    housekeeping.forget_old(site.desk)
    third = submit.submit(site.desk, draft(CLEAN), person="zhang", once=once)
    assert third.number != first.number
    _finish_all(site)


# --- what messengers say ---


def test_nobody_is_told_anything_unless_the_operator_wants_it(site: Site) -> None:
    site.submit(PHONE)
    with site.desk.store.reading() as records:
        assert ("out", "waiting") not in records.tasks.counts()


def test_who_is_waited_for_is_told_by_number_alone(site: Site, heard: Heard) -> None:
    number = site.submit(PHONE).number
    assert _due(site) == [("notify", f"{number}:first_pass")]
    assert reminders.tell_waiting(site.desk, f"{number}:first_pass")
    assert heard.said == [f"先审：{number} 待初审，请本部门初审员登录先审办理。"]


def test_who_is_no_longer_waited_for_is_not_told(site: Site, heard: Heard) -> None:
    number = site.submit(CLEAN).number
    site.conclude(number)
    assert not reminders.tell_waiting(site.desk, f"{number}:first_pass")
    assert not reminders.tell_waiting(site.desk, "2026-000999:signing")
    assert heard.said == []


def test_what_is_overdue_is_told_without_a_title(site: Site, heard: Heard) -> None:
    number = site.submit(PHONE).number
    assert reminders.remind(site.desk) == 0
    assert heard.said == []
    site.clock.pass_by(days=30)
    assert reminders.remind(site.desk) == 1
    assert number in heard.said[0]
    assert "待初审" in heard.said[0]
    assert "运动会" not in heard.said[0]


def test_a_message_that_did_not_go_out_is_an_error(site: Site, heard: Heard) -> None:
    number = site.submit(PHONE).number
    heard.reachable = False
    with pytest.raises(MessengerError):
        reminders.tell_waiting(site.desk, f"{number}:first_pass")


# --- an installation for trying out ---


@pytest.mark.parametrize(
    ("host", "public_url", "inside"),
    [
        ("127.0.0.1", None, True),
        ("localhost", None, True),
        ("::1", "http://127.0.0.1:8000", True),
        ("0.0.0.0", None, False),  # noqa: S104 - refused
        ("192.168.1.5", None, False),
        ("review.yunshan.example", None, False),
        ("127.0.0.1", "https://review.yunshan.example", False),
    ],
)
def test_accounts_for_trying_out_are_for_this_machine(
    site: Site, host: str, public_url: str | None, *, inside: bool
) -> None:
    demo.forbid_demo_outside(site.desk, host=host, public_url=public_url)
    demo.found_demo(site.desk, [demo.NewAccount(login="probe", name="试用")])
    if inside:
        demo.forbid_demo_outside(site.desk, host=host, public_url=public_url)
        return
    with pytest.raises(SettingsError, match="演示账号"):
        demo.forbid_demo_outside(site.desk, host=host, public_url=public_url)


def test_the_invented_college_has_items_at_many_stages(site: Site) -> None:
    # Its people are those of the site, who are appointed already.
    numbers = demo.seed(site.desk)
    stages = [site.case(one).stage for one in numbers]
    assert stages == [
        "published",
        "cleared",
        "signing",
        "rework",
        "refused",
        "first_pass",
        "scanning",
    ]
    assert site.findings(numbers[5])
    assert clock.china_date(site.desk.now()) == MONDAY.date()


def test_no_invented_people_among_real_ones(site: Site) -> None:
    accounts.create(
        site.desk, accounts.NewAccount(login="real", name="真人"), person="system"
    )
    with pytest.raises(NotPermittedError):
        demo.found_people(site.desk)
