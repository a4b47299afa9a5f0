"""What the gate tells WordPress by itself, and what WordPress tells the gate."""

import json
import time

from httpx2 import Response

from review import clock
from review.access.webhook_signatures import HEADER, signature
from tests.wordpress.desk import Desk
from tests.wordpress.ways import by_program


def hook(
    desk: Desk, event: str, case: str, *, number: int, **changes: object
) -> Response:
    """Send what the gate would send."""
    items = desk.site.run("return Xianshen\\items_of($id);", id=number)
    said = {
        "id": f"{case}-v{time.monotonic_ns()}",
        "event": event,
        "case": case,
        "external_id": items[0],
        "sequence": 7,
        "at": "2026-11-23T09:00:00.000+08:00",
        "code": None,
        **changes,
    }
    body = json.dumps(said).encode()
    signed = signature(
        body,
        secret=desk.gate.cms.secret.encode(),
        timestamp=int(clock.now().timestamp()),
    )
    return post_hook(desk, body, signed)


def post_hook(desk: Desk, body: bytes, signed: str) -> Response:
    return desk.site.nobody().post(
        "/wp-json/xianshen/v1/webhook",
        content=body,
        headers={HEADER: signed, "Content-Type": "application/json"},
    )


def test_a_revocation_takes_the_post_down(desk: Desk) -> None:
    number = desk.draft()
    case = desk.cleared(number)
    desk.publish(number)
    assert desk.is_public(number)
    desk.gate.revoke(case)
    answer = hook(desk, "clearance.revoked", case, number=number)
    assert answer.status_code == 200, answer.text
    assert not desk.is_public(number)
    assert desk.row(number)["post_status"] == "pending"
    assert desk.is_kept(number, desk.names[number])
    assert "撤销" in str(desk.view(number)["refusal"])
    desk.publish(number)
    assert not desk.is_public(number)


def test_an_old_clearances_revocation_leaves_the_new_one_alone(desk: Desk) -> None:
    number = desk.draft()
    first = desk.cleared(number)
    desk.publish(number)
    change = {"content": f"<p>{desk.names[number]}改期举行。</p>"}
    by_program(desk, number, change)
    second = desk.cleared(number)
    assert second != first
    by_program(desk, number, change)
    assert desk.is_public(number, "改期举行")
    desk.gate.revoke(first)
    assert hook(desk, "clearance.revoked", first, number=number).status_code == 200
    assert desk.is_public(number, "改期举行")


def test_a_webhook_is_taken_once_and_only_if_genuine(desk: Desk) -> None:
    number = desk.draft()
    case = desk.cleared(number)
    desk.publish(number)
    secret, now = desk.gate.cms.secret.encode(), int(clock.now().timestamp())
    body = json.dumps(
        {"id": "once", "event": "clearance.revoked", "case": case, "external_id": "x"}
    ).encode()
    for signed in (
        "",
        "t=1,v1=0",
        signature(body, secret=b"other", timestamp=now),
        signature(body, secret=secret, timestamp=now - 400),
        signature(body, secret=secret, timestamp=now + 400),
        signature(body + b" ", secret=secret, timestamp=now),
    ):
        assert post_hook(desk, body, signed).status_code == 400
    assert desk.is_public(number)
    genuine = signature(body, secret=secret, timestamp=now)
    assert post_hook(desk, body, genuine).json() == {"taken": True}
    assert not desk.is_public(number)
    assert desk.cleared(desk.draft())  # another one is not disturbed
    assert post_hook(desk, body, genuine).json() == {"taken": False}


def test_upkeep_learns_of_a_revocation_that_was_never_told(desk: Desk) -> None:
    number = desk.draft()
    case = desk.cleared(number)
    desk.publish(number)
    desk.gate.revoke(case)
    with desk.gate.being("down"):
        desk.site.run("Xianshen\\look_at($id, true);", id=number)
    assert desk.is_public(number)
    desk.site.run("delete_option('xianshen_cursor'); Xianshen\\sweep();")
    assert not desk.is_public(number)


def test_a_publication_is_reported_until_it_is_taken(desk: Desk) -> None:
    number = desk.draft()
    case = desk.cleared(number)
    desk.publish(number)
    with desk.gate.being("down"):
        desk.site.run("Xianshen\\send_reports($id);", id=number)
    assert desk.view(number)["reports"] == 1
    desk.gate.now()
    desk.site.run("Xianshen\\look_after();")
    assert desk.view(number)["reports"] == 0
    known = desk.gate.college.site.case(case)
    assert known.stage == "published"
    assert str(number) in known.publications[0].address
