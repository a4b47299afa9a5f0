"""What sites are told: noted with the event, signed, in order, never lost."""

import json
from datetime import datetime, timedelta

import pytest

from review.case.request import Decision
from review.errors import DeliveryError, NotPermittedError, RefusedError
from review.ports.gate import Delivery, Outgoing
from review.service.cases import publish, review, sign_off
from review.service.gate import deliveries, sites
from tests.service.cms import CALLBACK, ID, PAGE, TEXT, Cms, join, wanted
from tests.service.site import Site, on_both, page


class Receiver:
    """A site's end: what came, and whether it says that it has it."""

    def __init__(self) -> None:
        self.got: list[Outgoing] = []
        self.works = True

    def send(self, outgoing: Outgoing, *, at: datetime) -> None:
        assert at.tzinfo is not None
        if not self.works:
            raise DeliveryError("对方没有应答，将自动重试。")
        self.got.append(outgoing)

    @property
    def said(self) -> list[tuple[str, str | None]]:
        bodies = [json.loads(one.body) for one in self.got]
        return [(one["event"], one["code"]) for one in bodies]


@pytest.fixture
def cms(site: Site) -> Cms:
    return join(site)


def due(cms: Cms) -> tuple[str, ...]:
    with cms.college.desk.store.reading() as records:
        return records.gate.due_deliveries(cms.college.desk.now())


def known(cms: Cms, name: str) -> Delivery:
    with cms.college.desk.store.reading() as records:
        found = records.gate.delivery(name)
    assert found is not None
    return found


def revoke(cms: Cms, number: str) -> None:
    publish.revoke(
        cms.college.desk,
        number,
        cause="error",
        reason="数字有误",
        asker=cms.college.by("li", number),
    )


@on_both
def test_a_site_is_told_once_what_became_of_its_item(cms: Cms) -> None:
    number = cms.cleared().number
    receiver = Receiver()
    deliveries.deliver_due(cms.college.desk, receiver)
    deliveries.deliver_due(cms.college.desk, receiver)
    assert receiver.said == [("case.cleared", None)]
    sent = receiver.got[0]
    assert (sent.url, sent.secret.decode()) == (CALLBACK, cms.secret)
    assert json.loads(sent.body) == {
        "id": sent.id,
        "event": "case.cleared",
        "case": number,
        "external_id": "news-1",
        "sequence": cms.college.case(number).version,
        "at": "2026-11-23T09:00:00.000+08:00",
        "code": None,
    }
    assert "运动会" not in sent.body.decode()
    revoke(cms, number)
    deliveries.deliver_due(cms.college.desk, receiver)
    assert receiver.said[1:] == [("clearance.revoked", "error")]


def test_each_ending_has_its_event_and_code(cms: Cms) -> None:
    receiver = Receiver()
    desk = cms.college.desk
    number = cms.submit().number
    review.conclude(
        desk,
        number,
        conclusion="must_change",
        opinion="标题要改一下",
        asker=cms.college.by("zhang", number),
    )
    cms.submit(page(TEXT + "闭幕式昨日举行。\n"))
    cms.college.conclude(number)
    sign_off.refer(
        desk,
        number,
        kind="ask_source",
        to="云山县档案馆",
        question="可否公开",
        asker=cms.college.by("li", number),
    )
    sign_off.answer(
        desk,
        number,
        text="可以公开",
        document="云档函〔2026〕1号",
        answered_on=cms.college.clock.at.date(),
        asker=cms.college.by("li", number),
    )
    sign_off.sign_off(
        desk,
        number,
        Decision(outcome="refuse", opinion="属于工作秘密", ground="work_secret"),
        asker=cms.college.by("li", number),
    )
    for _ in range(3):
        deliveries.deliver_due(desk, receiver)
    assert receiver.said == [
        ("case.returned", "must_change"),
        ("case.referred", "ask_source"),
        ("case.refused", "work_secret"),
    ]


def test_nobody_is_told_without_a_callback(cms: Cms) -> None:
    cms.cleared(callback_url=None)
    assert due(cms) == ()
    cms.college.cleared()
    assert due(cms) == ()


def test_a_later_one_waits_for_the_one_before(cms: Cms) -> None:
    number = cms.cleared().number
    receiver = Receiver()
    receiver.works = False
    first = due(cms)[0]
    deliveries.deliver(cms.college.desk, first, receiver)
    revoke(cms, number)
    second = f"{number}-v{cms.college.case(number).version}"
    receiver.works = True
    deliveries.deliver(cms.college.desk, second, receiver)
    assert receiver.got == []
    cms.college.clock.pass_by(minutes=1)
    for _ in range(2):
        deliveries.deliver_due(cms.college.desk, receiver)
    cms.college.clock.pass_by(minutes=1)
    deliveries.deliver_due(cms.college.desk, receiver)
    assert [one.id for one in receiver.got] == [first, second]


def test_what_fails_is_tried_later_and_later_and_given_up_after_days(cms: Cms) -> None:
    cms.cleared()
    receiver = Receiver()
    receiver.works = False
    name = due(cms)[0]
    began = cms.college.clock.at
    pauses = []
    while known(cms, name).state == "waiting":
        before = cms.college.clock.at
        after = deliveries.deliver(cms.college.desk, name, receiver)
        pauses.append(after.due_at - before)
        cms.college.clock.at = max(after.due_at, before)
    waited = cms.college.clock.at - began
    assert timedelta(days=2) < waited < timedelta(days=4)
    assert pauses[:-1] == sorted(pauses[:-1])
    assert known(cms, name).error == "对方没有应答，将自动重试。"


def test_an_operator_lets_it_be_tried_again(cms: Cms) -> None:
    cms.cleared()
    receiver = Receiver()
    receiver.works = False
    name = due(cms)[0]
    for _ in range(30):
        deliveries.deliver(cms.college.desk, name, receiver)
        cms.college.clock.pass_by(hours=7)
    failed = deliveries.listed(cms.college.desk, person="system", state="failed")
    assert [one.id for one in failed] == [name]
    with pytest.raises(NotPermittedError):
        deliveries.retry(cms.college.desk, name, person="audit")
    deliveries.retry(cms.college.desk, name, person="system")
    receiver.works = True
    deliveries.deliver_due(cms.college.desk, receiver)
    assert known(cms, name).state == "delivered"
    with pytest.raises(RefusedError):
        deliveries.retry(cms.college.desk, name, person="system")


def test_one_that_a_crash_cut_off_is_sent_again(cms: Cms) -> None:
    cms.cleared()
    name = due(cms)[0]

    class Crashing(Receiver):
        def send(self, outgoing: Outgoing, *, at: datetime) -> None:
            super().send(outgoing, at=at)
            raise KeyboardInterrupt

    crashing = Crashing()
    with pytest.raises(KeyboardInterrupt):
        deliveries.deliver(cms.college.desk, name, crashing)
    assert due(cms) == ()
    cms.college.clock.pass_by(minutes=2)
    again = Receiver()
    deliveries.deliver_due(cms.college.desk, again)
    assert [one.id for one in again.got] == [one.id for one in crashing.got] == [name]


def test_a_site_is_told_nothing_where_it_may_not_be(cms: Cms) -> None:
    cms.cleared()
    receiver = Receiver()
    name = due(cms)[0]
    sites.change(
        cms.college.desk,
        wanted(callback_hosts=("other.example.edu.cn",)),
        person="system",
    )
    after = deliveries.deliver(cms.college.desk, name, receiver)
    assert (after.state, receiver.got) == ("waiting", [])
    assert "回调" in (after.error or "")
    sites.close(cms.college.desk, ID, person="system")
    cms.college.clock.pass_by(minutes=5)
    assert "停用" in (deliveries.deliver(cms.college.desk, name, receiver).error or "")


def test_a_new_secret_signs_what_is_sent_from_then_on(cms: Cms) -> None:
    cms.cleared(PAGE)
    secret = sites.renew_secret(cms.college.desk, ID, person="system")
    receiver = Receiver()
    deliveries.deliver_due(cms.college.desk, receiver)
    assert [one.secret.decode() for one in receiver.got] == [secret]
    assert secret != cms.secret
