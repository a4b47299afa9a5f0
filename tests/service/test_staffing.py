"""Who is appointed today, whose time runs out, who is missing; and the list of accounts."""

from datetime import date, timedelta

import pytest

from review.errors import NotFoundError, NotPermittedError
from review.service.people import appointments as people
from review.service.people import directory
from review.service.people.directory import AccountState
from review.service.people.staffing import SOON, Term, staffing
from review.service.upkeep.condition import condition
from review.service.upkeep.office_policy import see_policy
from tests.service.entrance import account_of, enter, give, light_hashing
from tests.service.site import MONDAY, PRESS, TEACHING, Site, appointment

__all__ = ["light_hashing"]

TODAY = MONDAY.date()
_DAY = timedelta(days=1)


def _term(site: Site, person: str) -> Term:
    found = staffing(site.desk, person="audit").rows
    (one,) = (row for row in found if row.appointment.person == person)
    return one.term


@pytest.mark.parametrize(
    ("since", "until", "term"),
    [
        (TODAY, TODAY, "expiring"),
        (TODAY, TODAY + SOON, "expiring"),
        (TODAY, TODAY + SOON + _DAY, "holds"),
        (TODAY + _DAY, TODAY + _DAY, "coming"),
        (TODAY - 9 * _DAY, TODAY - _DAY, "over"),
    ],
)
def test_a_term_to_the_day(site: Site, since: date, until: date, term: Term) -> None:
    site.appoint(
        appointment("feng", "冯拟稿", "reviewer", PRESS, since=since, until=until)
    )
    assert _term(site, "feng") == term


def test_an_ended_appointment_holds_until_the_day_before(site: Site) -> None:
    site.appoint(appointment("feng", "冯拟稿", "reviewer", PRESS))
    made = people.appointments(site.desk, "feng")[0]
    people.end_appointment(
        site.desk, made.id, ended_on=TODAY + _DAY, reason="调离", person="security"
    )
    assert _term(site, "feng") == "expiring"
    site.clock.pass_by(days=1)
    assert _term(site, "feng") == "ended"


def test_who_was_prolonged_does_not_expire(site: Site) -> None:
    last = TODAY + 10 * _DAY
    site.appoint(appointment("feng", "冯拟稿", "reviewer", PRESS, until=last))
    first = staffing(site.desk, person="security").expiring
    assert [one.appointment.person for one in first] == ["feng"]
    # The day after counts: the same person for another department does not.
    site.appoint(
        appointment("feng", "冯拟稿", "reviewer", TEACHING, since=first[0].next_day)
    )
    assert len(staffing(site.desk, person="security").expiring) == 1
    site.appoint(
        appointment(
            "feng",
            "冯拟稿",
            "reviewer",
            PRESS,
            since=first[0].next_day,
            until=first[0].next_year,
        )
    )
    assert staffing(site.desk, person="security").expiring == ()
    assert first[0].next_day == last + _DAY
    assert (first[0].next_year - last).days == 365


def test_a_department_lacks_a_reviewer_only_while_it_has_people(site: Site) -> None:
    found = {one.name: one for one in staffing(site.desk, person="li").departments}
    assert set(found) == {PRESS, TEACHING}
    assert found[PRESS].has_reviewer
    site.appoint(appointment("feng", "冯拟稿", "head", "后勤处", until=TODAY))
    lacking = staffing(site.desk, person="li").without_reviewer
    assert [one.name for one in lacking] == ["后勤处"]
    site.appoint(appointment("chen", "陈虚构", "reviewer", "后勤处"))
    assert staffing(site.desk, person="li").without_reviewer == ()


def test_a_department_without_anybody_may_be_gone(site: Site) -> None:
    site.appoint(appointment("feng", "冯拟稿", "head", "后勤处", until=TODAY))
    site.clock.pass_by(days=1)
    found = staffing(site.desk, person="li")
    (gone,) = (one for one in found.departments if one.name == "后勤处")
    assert gone.is_empty
    assert found.without_reviewer == ()


def test_vacant_posts_and_a_last_security_administrator_are_seen(site: Site) -> None:
    found = staffing(site.desk, person="li")
    assert (found.vacant, found.lone_security) == ((), True)
    for known in people.appointments(site.desk):
        if known.post == "auditor":
            people.end_appointment(
                site.desk, known.id, ended_on=TODAY, reason="调离", person="security"
            )
    site.appoint(appointment("feng", "冯拟稿", "security_admin"))
    found = staffing(site.desk, person="li")
    assert (found.vacant, found.lone_security) == (("auditor",), False)


def test_states_of_accounts(site: Site) -> None:
    later = MONDAY + timedelta(minutes=5)
    for login, fields, states in (
        ("zhang", {}, {"open"}),
        ("he", {"disabled": True, "must_change": True}, {"disabled"}),
        ("li", {}, {"open", "without_factor"}),
        ("sun", {"demo": True}, {"open"}),
        ("feng", {"must_change": True}, {"open", "first_password", "no_post"}),
        ("zhao", {"locked_until": later}, {"open", "locked"}),
    ):
        give(site, login, **fields)  # type: ignore[arg-type]  # - the fields that a row names
        assert directory.profile(site.desk, login, person="audit").states == states
    found = directory.look_through(site.desk, person="audit")
    assert found.total == 6
    assert (found.counts["open"], found.counts["disabled"]) == (5, 1)
    assert [one.account.id for one in found.rows] == sorted(
        one.account.id for one in found.rows
    )
    assert found.departments == (PRESS, TEACHING)


@pytest.mark.parametrize(
    ("words", "state", "logins"),
    [
        ("", None, ["feng", "zhang"]),
        ("ZHANG", None, ["zhang"]),
        ("宣传 zh", None, ["zhang"]),
        ("宣传 冯", None, []),
        ("", "no_post", ["feng"]),
        ("zhang", "no_post", []),
    ],
)
def test_accounts_are_looked_through(
    site: Site, words: str, state: AccountState | None, logins: list[str]
) -> None:
    give(site, "zhang", department=PRESS)
    give(site, "feng", name="冯拟稿")
    found = directory.look_through(site.desk, person="system", words=words, state=state)
    assert [one.account.id for one in found.rows] == logins
    assert (found.found, found.total) == (len(logins), 2)


def test_a_long_list_is_cut_and_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "MOST", 2)
    for number in range(4):
        give(site, f"feng{number}")
    found = directory.look_through(site.desk, person="system")
    assert (len(found.rows), found.found, found.total) == (2, 4, 4)


def test_when_somebody_came_in_last_is_kept(site: Site) -> None:
    give(site, "zhang")
    assert account_of(site, "zhang").signed_in_at is None
    enter(site, "zhang")
    site.clock.pass_by(days=2)
    assert account_of(site, "zhang").signed_in_at == MONDAY
    enter(site, "zhang")
    assert account_of(site, "zhang").signed_in_at == site.desk.now()


def test_who_may_not_look_is_refused_and_that_is_on_record(site: Site) -> None:
    give(site, "zhang")
    for ask in (
        lambda: directory.look_through(site.desk, person="li"),
        lambda: directory.profile(site.desk, "zhang", person="li"),
        lambda: staffing(site.desk, person="zhang"),
        lambda: condition(site.desk, person="security"),
        lambda: see_policy(site.desk, person="nie"),
    ):
        before = len(site.refusals())
        with pytest.raises(NotPermittedError):
            ask()
        assert len(site.refusals()) == before + 1
    with pytest.raises(NotFoundError):
        directory.profile(site.desk, "nie", person="audit")


def test_the_policy_is_shown_with_its_day(site: Site) -> None:
    first = see_policy(site.desk, person="li")
    assert (first.policy, first.since) == (site.desk.policy, MONDAY)
    site.clock.pass_by(days=1)
    site.adopt(version="2")
    second = see_policy(site.desk, person="li")
    assert (second.policy.version, second.since) == ("2", site.desk.now())


def test_the_condition_counts_what_waits(site: Site) -> None:
    before = condition(site.desk, person="audit")
    site.submit("学院举行秋季运动会\n各班同学踊跃参加。\n")
    with site.desk.store.writing() as work:
        work.tasks.add("tidy", "2026-11-23", queue="out", at=site.desk.now())
        work.tasks.be_seen("机器一", site.desk.now())
    site.clock.pass_by(minutes=20)
    after = condition(site.desk, person="system")
    assert after.entries > before.entries
    assert after.tasks["out", "waiting"] == 1
    assert after.waiting_since == MONDAY
    assert [(one.name, one.works) for one in after.places] == [("机器一", False)]
    assert after.last_backup is None
