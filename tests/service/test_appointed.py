"""Appointments kept at hand are those that the ledger tells, at every moment."""

from datetime import date

import pytest

from review.case.people import Appointment
from review.service.appointed import appointments_of
from review.service.people import appointments as people
from tests.service.site import PRESS, Site, on_both


def _wanted(person: str) -> Appointment:
    return Appointment(
        id="",
        person=person,
        name="孙虚构",
        post="reviewer",
        from_day=date(2026, 1, 1),
        until_day=date(2027, 12, 31),
        ground="云职院〔2026〕9号",
        department=PRESS,
    )


def _held(site: Site, person: str) -> tuple[Appointment, ...]:
    with site.desk.store.reading() as records:
        return appointments_of(records, person)


@on_both
def test_what_is_made_and_ended_counts_from_the_next_look(site: Site) -> None:
    assert _held(site, "novice") == ()
    site.appoint(_wanted("novice"))
    (made,) = _held(site, "novice")
    assert made.ended_on is None
    ended = date(2026, 12, 1)
    people.end_appointment(
        site.desk, made.id, ended_on=ended, reason="调离", person="security"
    )
    assert [one.ended_on for one in _held(site, "novice")] == [ended]


def test_an_older_look_knows_nothing_of_what_came_later(site: Site) -> None:
    with site.desk.store.reading() as early:
        before = appointments_of(early)
        site.appoint(_wanted("novice"))
        assert len(_held(site, "novice")) == 1
        assert appointments_of(early, "novice") == ()
        assert appointments_of(early) == before


def test_what_was_rolled_back_is_forgotten(site: Site) -> None:
    with pytest.raises(ZeroDivisionError):
        _appointed_then_failed(site)
    assert _held(site, "novice") == ()


def _appointed_then_failed(site: Site) -> None:
    with site.desk.store.writing() as work:
        people.appoint_within(site.desk, work, _wanted("novice"), person="security")
        assert len(appointments_of(work, "novice")) == 1
        raise ZeroDivisionError


def test_only_what_is_new_is_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _held(site, "zhang")
    site.appoint(_wanted("novice"))
    asked: list[int] = []
    with site.desk.store.reading() as records:
        kinds = type(records).entries_of_kind

        def noted(self: object, *names: str, after: int = -1) -> object:
            found = kinds(self, *names, after=after)  # type: ignore[arg-type]  # - bound by hand
            asked.append(len(found))
            return found

        monkeypatch.setattr(type(records), "entries_of_kind", noted)
        assert len(appointments_of(records, "novice")) == 1
        assert len(appointments_of(records, "zhang")) == 1
    assert asked in ([], [1])  # nothing, where the appointing itself has read it
