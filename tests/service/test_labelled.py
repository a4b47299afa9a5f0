"""Labelled passages out of decided reviews: what is taken, what never is, what is on record."""

import hashlib
import json
from typing import Any

import pytest

from review.case.case import Case
from review.case.request import Addition, Decision, Judgment
from review.case.values import Ground, Opinion, Published, SignedOutcome
from review.errors import NotFoundError, NotPermittedError
from review.ledger import statement
from review.service.cases import look, publish, review, sign_off
from review.service.cases.additions import spots_of
from review.service.models.labelled import Labelled, export_labelled
from review.service.retention import purge_due
from review.upkeep.events import PassagesExported
from tests.service.site import CLEAN, MARKED, MEETING, PHONE, Site, on_both

_LINE = "联系人手机13800000001"
_MISSED = "各班同学踊跃参加"


def _exported(site: Site, person: str = "li") -> tuple[Labelled, list[dict[str, Any]]]:
    made = export_labelled(site.desk, person=person)
    return made, [json.loads(line) for line in made.data.decode().splitlines()]


def _cleared(site: Site, text: str = PHONE) -> Case:
    """Lead an item with a finding to its clearance."""
    number = site.submit(text).number
    site.dispose(number)
    site.conclude(number)
    return site.sign(number)


def _decided(
    site: Site,
    number: str,
    outcome: SignedOutcome,
    ground: Ground | None = None,
) -> Case:
    decision = Decision(outcome=outcome, opinion="照此办理", ground=ground)
    asker = site.by("li", number)
    return sign_off.sign_off(site.desk, number, decision, asker=asker)


def _asked(site: Site, text: str = PHONE, opinion: Opinion = "must_change") -> str:
    """Bring an item before the office with its findings disposed of."""
    number = site.submit(text).number
    site.dispose(number, opinion, reason="属于个人信息")
    review.conclude(
        site.desk,
        number,
        conclusion="uncertain",
        opinion="请保密办定",
        asker=site.by("zhang", number),
    )
    return number


def _mark(site: Site, number: str, words: str, **more: Any) -> str:
    (spot,) = spots_of(look.report_of(site.desk, number, person="li"), words)
    wanted = Addition(
        file=spot.file,
        passage=spot.passage,
        start=spot.start,
        end=spot.end,
        category="student",
        reason="名单没有公布",
        **more,
    )
    asker = site.by("li", number)
    case = review.add_finding(site.desk, number, wanted, asker=asker)
    return case.round.added[-1].note.id


@on_both
def test_what_the_office_cleared_is_harmless(site: Site) -> None:
    number = _cleared(site).number
    made, (line,) = _exported(site)
    assert line == {
        "id": f"own-{number}-1-1-{line['id'].rpartition('-')[2]}",
        "text": _LINE,
        "label": "public",
        "category": line["category"],
        "tier": None,
        "clauses": [],
        "overt": False,
        "variant": "identifier",
        "style": "other",
        "family": f"own-{number}",
        "note": "不涉密：只是公开的办事信息",
    }
    assert line["category"]
    assert (made.sensitive, made.public, made.cases) == (0, 1, 1)
    with site.desk.store.reading() as reading:
        entry = reading.last_of_kind("passages.exported")
    assert entry is not None
    event = statement.read(entry.statement).event
    assert isinstance(event, PassagesExported)
    assert (event.by.id, event.passages, event.cases) == ("li", 1, 1)
    assert event.digest == hashlib.sha256(made.data).hexdigest()
    assert _LINE not in entry.statement


@pytest.mark.parametrize("outcome", ["return", "partial", "refuse"])
def test_what_had_to_go_is_a_disclosure(site: Site, outcome: SignedOutcome) -> None:
    number = _asked(site)
    ground: Ground | None = None if outcome == "return" else "personal_privacy"
    _decided(site, number, outcome, ground)
    _, (line,) = _exported(site)
    assert (line["text"], line["label"], line["note"]) == (
        _LINE,
        "sensitive",
        "须删改：属于个人信息",
    )
    assert line["tier"]
    assert line["clauses"]


def test_the_departments_own_decision_counts_where_it_ended_the_round(
    site: Site,
) -> None:
    number = site.submit(PHONE).number
    site.dispose(number, "must_change", reason="属于个人信息")
    with pytest.raises(NotFoundError, match="还没有可以导出"):
        _exported(site)
    review.conclude(
        site.desk,
        number,
        conclusion="must_change",
        opinion="请删去",
        asker=site.by("zhang", number),
    )
    _, (line,) = _exported(site)
    assert line["label"] == "sensitive"


def test_what_a_person_marked_counts_once_the_office_refused(site: Site) -> None:
    number = site.submit(CLEAN).number
    site.conclude(number)
    _mark(site, number, _MISSED)
    with pytest.raises(NotFoundError):
        _exported(site)
    _decided(site, number, "refuse", "work_secret")
    _, (line,) = _exported(site)
    assert _MISSED in line["text"]
    assert (line["label"], line["category"], line["overt"]) == (
        "sensitive",
        "student",
        False,
    )
    assert line["note"] == "不予公开：名单没有公布"


@pytest.mark.parametrize("opinion", ["uncertain", "not_sensitive"])
def test_what_stays_in_doubt_is_left_out(site: Site, opinion: Opinion) -> None:
    number = _asked(site, opinion=opinion)
    _decided(site, number, "refuse", "personal_privacy")
    with pytest.raises(NotFoundError):
        _exported(site)


def test_what_is_public_only_because_it_stands_elsewhere_is_left_out(
    site: Site,
) -> None:
    number = site.submit(f"{MEETING}{_LINE}\n").number
    proof = Published(kind="document_number", value="云职院〔2026〕7号")
    notes = [site.case(number).round.finding(one) for one in site.findings(number)]
    assert any(one is not None and one.releasable for one in notes)
    for one in notes:
        assert one is not None
        judgment = Judgment(
            finding=one.id,
            opinion="not_sensitive",
            reason="已经公布",
            published=proof if one.releasable else None,
        )
        review.dispose(site.desk, number, judgment, asker=site.by("zhang", number))
    site.conclude(number)
    site.sign(number)
    _, (line,) = _exported(site)
    assert line["text"] == _LINE


def test_state_secrets_go_on_no_other_carrier(site: Site) -> None:
    refused = _asked(site)
    _decided(site, refused, "refuse", "state_secret")
    with pytest.raises(NotFoundError):
        _exported(site)
    other = "图书馆延长开放\n图书馆即日起延长开放时间，欢迎同学前来。\n馆内新添座位。\n"
    number = site.submit(other).number
    site.conclude(number)
    _mark(site, number, "延长开放时间", tier="state")
    _mark(site, number, "新添座位")
    _decided(site, number, "refuse", "work_secret")
    made, (line,) = _exported(site)
    assert made.state == 1
    assert "新添座位" in line["text"]


def test_a_passage_comes_once_and_not_at_all_where_people_disagree(site: Site) -> None:
    _cleared(site)
    _cleared(site, PHONE + "又及。\n")
    made, lines = _exported(site)
    assert [one["text"] for one in lines] == [_LINE]
    assert made.cases == 1
    _decided(site, _asked(site, CLEAN + _LINE), "return")
    with pytest.raises(NotFoundError):
        _exported(site)


def test_a_clearance_that_was_an_error_proves_nothing(site: Site) -> None:
    number = _cleared(site).number
    publish.revoke(
        site.desk, number, cause="error", reason="审错了", asker=site.by("li", number)
    )
    with pytest.raises(NotFoundError):
        _exported(site)


def test_sealed_and_purged_cases_never_come_out(site: Site) -> None:
    site.submit(MARKED)
    number = _asked(site)
    _decided(site, number, "refuse", "personal_privacy")
    assert _exported(site)[0].cases == 1
    site.clock.pass_by(days=1100)
    purge_due(site.desk)
    assert site.case(number).purged
    with pytest.raises(NotFoundError):
        _exported(site)


def test_an_incident_seals_what_was_decided_before(site: Site) -> None:
    number = _asked(site)
    _decided(site, number, "return")
    assert _exported(site)[0].cases == 1
    assert site.resubmit(number, MARKED).sealed
    with pytest.raises(NotFoundError):
        _exported(site)


@pytest.mark.parametrize("person", ["zhang", "wang", "sun", "system", "audit", "x"])
def test_nobody_but_the_office_takes_them_out(site: Site, person: str) -> None:
    _cleared(site)
    with pytest.raises(NotPermittedError, match="保密办审查员"):
        export_labelled(site.desk, person=person)
    assert [one.verb for one in site.refusals()] == ["export_passages"]
    with site.desk.store.reading() as reading:
        assert reading.last_of_kind("passages.exported") is None
