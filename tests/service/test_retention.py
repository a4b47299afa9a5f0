"""Clearances run out and drafts are deleted in their time; the record stays whole."""

from datetime import timedelta

import pytest

from review.case import publishing
from review.case.request import Decision
from review.clearance import offline
from review.errors import MissingContentsError, NotPermittedError, RefusedError
from review.service import retention
from review.service.cases import clearances, look, publish, sign_off, submit
from review.service.papers import forms
from review.service.record import records
from review.service.recording import load, seal
from tests.service.site import CLEAN, TITLE, Site, offered, on_both


def _publish(site: Site, number: str) -> None:
    publish.record_publication(
        site.desk,
        number,
        channel="website",
        address="https://www.example.edu.cn/news/1",
        published_at=site.clock(),
        asker=site.by("zhang", number),
    )


def _withdraw(site: Site, number: str) -> None:
    asker = site.by("zhang", number)
    submit.withdraw(site.desk, number, reason="活动取消", asker=asker)


@on_both
def test_a_clearance_runs_out_and_the_item_begins_anew(site: Site) -> None:
    number = site.cleared().number
    site.clock.pass_by(days=179)
    assert publish.expire_due(site.desk) == ()
    with pytest.raises(RefusedError):
        publish.expire(site.desk, number)
    site.clock.pass_by(days=1)
    # To the moment: what has run out is refused, whether or not it is on record yet.
    with pytest.raises(RefusedError, match="有效期"):
        _publish(site, number)
    assert publish.expire_due(site.desk) == (number,)
    assert publish.expire_due(site.desk) == ()
    case = site.case(number)
    assert case.stage == "expired"
    assert case.grant is not None
    assert case.grant.ended == "expired"

    site.resubmit(number, CLEAN)
    site.conclude(number)
    case = site.sign(number)
    assert [one.round for one in case.grants] == [1, 2]
    assert len({one.id for one in case.grants}) == 2
    _publish(site, number)


def test_an_expired_clearance_opens_no_gate(site: Site) -> None:
    number = site.cleared().number
    token = clearances.clearance_of(site.desk, number, person="zhang").token
    site.clock.pass_by(days=180)
    contents = offered(CLEAN)
    found = offline.check(
        token,
        jwks=clearances.published_keys(site.desk),
        now=site.clock(),
        revocations=clearances.revocation_list(site.desk),
        contents=contents.digest,
        channel="website",
        hidden=contents.hidden,
    )
    assert (found.allowed, found.code) == (False, "expired")


def test_what_was_published_stays_published_and_can_still_be_taken_back(
    site: Site,
) -> None:
    number = site.cleared().number
    _publish(site, number)
    site.clock.pass_by(days=180)
    publish.expire_due(site.desk)
    assert site.case(number).stage == "published"
    case = publish.revoke(
        site.desk,
        number,
        cause="disclosure",
        reason="发布后发现不宜公开的内容",
        asker=site.by("li", number),
    )
    assert case.stage == "revoked"
    asker = site.by("li", number)
    with pytest.raises(RefusedError):
        publish.revoke(site.desk, number, cause="error", reason="再撤一次", asker=asker)


def test_a_revoked_item_may_come_again(site: Site) -> None:
    number = site.cleared().number
    publish.revoke(
        site.desk,
        number,
        cause="superseded",
        reason="已有新版本",
        asker=site.by("zhang", number),
    )
    new = CLEAN.replace("十二", "十三")
    site.resubmit(number, new)
    site.conclude(number)
    case = site.sign(number)
    assert case.stage == "cleared"
    for text, same in ((new, True), (CLEAN, False)):
        found = clearances.compare_with_cleared(
            site.desk, number, offered(text), person="zhang"
        )
        assert found.same is same
    # The old one stays on the list of those taken back; the new one is not there.
    tokens = [
        (clearances.clearance_of(site.desk, number, person="li").token, "changed"),
    ]
    with site.desk.store.reading() as reading:
        old = reading.clearance(case.grants[0].id)
    assert old is not None
    tokens.append((old.token, "revoked"))
    contents = offered(CLEAN)
    for token, code in tokens:
        verdict = offline.check(
            token,
            jwks=clearances.published_keys(site.desk),
            now=site.clock(),
            revocations=clearances.revocation_list(site.desk),
            contents=contents.digest,
            channel="website",
            hidden=contents.hidden,
        )
        assert verdict.code == code


@on_both
def test_after_its_term_a_draft_goes_and_its_record_stays(site: Site) -> None:
    number = site.submit(CLEAN).number
    kept = site.kept(number)
    _withdraw(site, number)
    history = records.history(site.desk, number)
    site.clock.pass_by(days=89)
    assert retention.purge_due(site.desk) == ()
    with pytest.raises(RefusedError, match="保存期"):
        retention.purge(site.desk, number)
    site.clock.pass_by(days=2)
    assert retention.purge_due(site.desk) == (number,)
    assert retention.purge_due(site.desk) == ()

    assert not any(site.vault.exists(one) for one in kept)
    with pytest.raises(MissingContentsError):
        site.body(number)
    after = records.history(site.desk, number)
    assert after[:-1] == history
    assert after[-1].statement.kind == "case.contents_purged"
    # Who, when, what, why: without the words there is still everything to be known.
    case = look.see(site.desk, number, person="li")
    assert (case.item.title, case.withdrawn_because) == (TITLE, "活动取消")
    form = forms.review_form(site.desk, number, person="li")
    assert form.title == TITLE
    assert [one.sha256 for one in form.files] == [
        one.digest for one in case.item.files if one.role != "title"
    ]


def test_each_end_has_its_own_term(site: Site) -> None:
    withdrawn = site.submit(CLEAN.replace("十二", "十三")).number
    _withdraw(site, withdrawn)
    published = site.cleared(CLEAN.replace("十二", "十五")).number
    _publish(site, published)
    # Last: from now on the others would be repeats of it.
    refused = site.submit(CLEAN.replace("十二", "十四")).number
    site.conclude(refused)
    decision = Decision(outcome="refuse", opinion="不予公开", ground="other")
    sign_off.sign_off(site.desk, refused, decision, asker=site.by("li", refused))
    open_still = site.submit(CLEAN).number
    due: dict[str, int] = {}
    began = site.clock()
    for _ in range(125):
        site.clock.pass_by(days=10)
        for one in retention.purge_due(site.desk):
            due[one] = (site.clock() - began) // timedelta(days=1)
    assert due == {withdrawn: 90, refused: 370, published: 1100}
    assert not site.case(open_still).purged


def test_what_two_cases_hold_survives_the_purge_of_one(site: Site) -> None:
    one, other = site.submit(CLEAN).number, site.submit(CLEAN).number
    shared = set(site.kept(one)) & set(site.kept(other))
    assert shared
    _withdraw(site, one)
    site.clock.pass_by(days=91)
    assert retention.purge_due(site.desk) == (one,)
    assert site.body(other).decode() == CLEAN
    assert all(site.vault.exists(digest) for digest in shared)
    _withdraw(site, other)
    site.clock.pass_by(days=91)
    assert retention.purge_due(site.desk) == (other,)
    assert not any(site.vault.exists(digest) for digest in shared)


def test_the_same_bytes_come_again_after_a_purge(site: Site) -> None:
    number = site.submit(CLEAN).number
    _withdraw(site, number)
    site.clock.pass_by(days=91)
    retention.purge_due(site.desk)
    again = site.cleared().number
    assert site.body(again).decode() == CLEAN


def test_what_a_crash_left_behind_is_deleted_the_next_time(site: Site) -> None:
    number = site.submit(CLEAN).number
    kept = site.kept(number)
    _withdraw(site, number)
    site.clock.pass_by(days=91)
    # The first half of a purge, as a crash before the second leaves it.
    with site.desk.store.writing() as work:
        case = load(work, number)
        event = publishing.purge(case, at=site.clock(), policy=site.desk.policy)
        after = seal(site.desk, work, case, event)
        assert set(work.forget(number)) == set(kept)
        retention.show(site.desk, work, after)
    assert all(site.vault.exists(one) for one in kept)
    assert retention.purge_due(site.desk) == ()
    assert not any(site.vault.exists(one) for one in kept)


def test_what_is_doomed_and_handed_in_again_is_spared(site: Site) -> None:
    number = site.submit(CLEAN).number
    _withdraw(site, number)
    site.clock.pass_by(days=91)
    with site.desk.store.writing() as work:
        case = load(work, number)
        event = publishing.purge(case, at=site.clock(), policy=site.desk.policy)
        after = seal(site.desk, work, case, event)
        work.forget(number)
        retention.show(site.desk, work, after)
    again = site.submit(CLEAN).number
    retention.sweep(site.desk)
    assert site.body(again).decode() == CLEAN


@on_both
def test_what_no_record_names_is_swept_and_nothing_else(site: Site) -> None:
    number = site.cleared().number
    # A draft that was kept when the program was killed, before the record said so.
    orphan = site.desk.contents.put(CLEAN.replace("十二", "十三").encode())
    assert retention.sweep_orphans(site.desk) == 1
    assert not site.vault.exists(orphan)
    assert retention.sweep_orphans(site.desk) == 0
    assert site.body(number).decode() == CLEAN
    site.vault.probe()


def test_nobody_looks_at_another_departments_draft(site: Site) -> None:
    number = site.cleared().number
    with pytest.raises(NotPermittedError, match="其他部门"):
        clearances.clearance_of(site.desk, number, person="he")
