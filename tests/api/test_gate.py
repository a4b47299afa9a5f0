"""The gate over HTTP: with a site's key, from its own network."""

import base64
from collections.abc import Mapping
from typing import Any

import pytest
from httpx2 import Response

from review import digests
from review.case.request import Decision
from review.clearance import offline
from review.contents.canonical import contents_of
from review.service.cases import publish, sign_off
from tests.api.college import College
from tests.service.cms import TEXT, Cms, join
from tests.service.site import PRESS, TITLE, page

HTML = page(TEXT).decode()
CHECK = {"external_id": "news-1", "channel": "website", "title": TITLE, "html": HTML}
ITEM = {
    "external_id": "news-1",
    "title": TITLE,
    "department": PRESS,
    "channels": ["website"],
    "drafted_by": "冯拟稿",
    "html": HTML,
}


@pytest.fixture
def cms(college: College) -> Cms:
    return join(college.site, networks=("127.0.0.0/8",))


def ask(
    college: College,
    cms: Cms,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    bearer = {"Authorization": f"Bearer {cms.key.text}", **(headers or {})}
    address = f"/api/v1/gate/{path}"
    method = "GET" if body is None else "POST"
    return college.nobody().request(method, address, json=body, headers=bearer)


def lead_to_clearance(college: College, number: str) -> None:
    college.site.scan(number)
    college.site.conclude(number)
    college.site.sign(number)


def test_an_item_goes_through_the_gate(college: College, cms: Cms) -> None:
    made = ask(college, cms, "submissions", ITEM)
    assert made.status_code == 201, made.text
    number = made.json()["case"]
    assert made.json()["stage"] == "scanning"
    pending = ask(college, cms, "check", CHECK)
    assert pending.status_code == 200, pending.text
    assert pending.json()["allowed"] is False
    assert pending.json()["code"] == "pending"
    lead_to_clearance(college, number)
    yes = ask(college, cms, "check", CHECK).json()
    assert yes["allowed"] is True
    assert yes["clearance"].count(".") == 2
    changed = ask(
        college, cms, "check", {**CHECK, "html": HTML.replace("十二", "十三")}
    ).json()
    assert (changed["allowed"], changed["code"]) == (False, "changed")
    assert "十三" in changed["changes"][0]
    told = ask(
        college,
        cms,
        "publications",
        {
            "external_id": "news-1",
            "channel": "website",
            "address": "https://news.example.edu.cn/1",
            "published_at": college.site.clock.at.isoformat(),
        },
    )
    assert told.status_code == 200, told.text
    seen = ask(college, cms, "submissions/news-1").json()
    assert (seen["stage"], seen["case"]) == ("published", number)


def test_attachments_count_as_bytes_or_as_digests(college: College, cms: Cms) -> None:
    data = "运动员名单：甲班、乙班、丙班。\n".encode()
    encoded = base64.b64encode(data).decode()
    attached = [{"name": "名单.txt", "data": encoded}]
    made = ask(college, cms, "submissions", {**ITEM, "attachments": attached})
    lead_to_clearance(college, made.json()["case"])
    by_digest = [{"name": "名单.txt", "sha256": digests.of_bytes(data)}]
    for one in (attached, by_digest):
        answer = ask(college, cms, "check", {**CHECK, "attachments": one})
        assert answer.json()["allowed"] is True, answer.text
    assert ask(college, cms, "check", CHECK).json()["code"] == "attachment"


def test_a_submission_sent_again_under_its_key_is_one(
    college: College, cms: Cms
) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = ask(college, cms, "submissions", ITEM, headers)
    again = ask(college, cms, "submissions", ITEM, headers)
    assert first.json()["case"] == again.json()["case"]
    other = {**ITEM, "title": "另一标题"}
    reused = ask(college, cms, "submissions", other, headers)
    assert reused.json()["code"] == "reused_key"


@pytest.mark.parametrize("bearer", ["", "Bearer", "Bearer xs_1_2", "Basic eHg6eXk="])
def test_without_a_key_nothing_is_answered(college: College, bearer: str) -> None:
    answer = college.nobody().post(
        "/api/v1/gate/check", json=CHECK, headers={"Authorization": bearer}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "site_key_needed")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_from_elsewhere_is_refused(college: College) -> None:
    cms = join(college.site, networks=("10.1.2.0/24",))
    for path, body in (("check", CHECK), ("submissions", ITEM)):
        answer = ask(college, cms, path, body)
        assert (answer.status_code, answer.json()["code"]) == (401, "site_refused")


@pytest.mark.parametrize(
    "changes",
    [
        {"external_id": None},
        {"case": "2026-000001"},
        {"html": None},
        {"file": {"name": "a.docx", "data": "AAAA"}},
        {"channel": "radio"},
        {"title": ""},
        {"attachments": [{"name": "a"}]},
        {"attachments": [{"name": "a", "data": "%"}]},
        {"allowed": True},
    ],
)
def test_an_unclear_question_is_no_yes(
    college: College, cms: Cms, changes: dict[str, Any]
) -> None:
    answer = ask(college, cms, "check", {**CHECK, **changes})
    assert answer.status_code == 422
    assert "allowed" not in answer.json()


def test_an_incident_looks_like_a_refusal(college: College, cms: Cms) -> None:
    marked = page("机密★5年\n关于虚构事项的报告\n现将虚构的有关事项报告如下。\n")
    made = ask(college, cms, "submissions", {**ITEM, "html": marked.decode()})
    college.site.scan(made.json()["case"])
    seen = ask(college, cms, "submissions/news-1")
    assert seen.json()["stage"] == "refused"
    assert "涉密" not in seen.text


def test_a_site_sees_what_was_found_and_never_the_words(
    college: College, cms: Cms
) -> None:
    found = page(f"{TEXT}联系人手机13800000001\n").decode()
    list_ = base64.b64encode("替补队员手机13800000001\n".encode()).decode()
    attached = [{"name": "名单.txt", "data": list_}]
    body = {**ITEM, "html": found, "attachments": attached}
    made = ask(college, cms, "submissions", body).json()
    assert made["findings"] is None
    number = made["case"]
    college.site.scan(number)
    answer = ask(college, cms, "submissions/news-1")
    seen = answer.json()["findings"]
    report = college.site.case(number).round.report
    assert report is not None
    assert sum(seen[one] for one in ("block", "review", "notice")) == len(seen["lines"])
    assert len(seen["lines"]) == len(report.findings) >= 2
    assert seen["open"] == len(college.site.findings(number))
    places = " ".join(one["place"] for one in seen["lines"])
    assert "正文" in places
    assert "附件《名单.txt》" in places
    assert "个人隐私" in seen["lines"][0]["line"]
    for secret in ("13800000001", "替补", *(one.rule for one in report.findings)):
        assert secret not in answer.text
    college.site.dispose(number, "must_change")
    after = ask(college, cms, "submissions/news-1").json()["findings"]
    assert after["open"] == 0
    assert {one["opinion"] for one in after["lines"]} <= {"must_change", None}
    assert "须删改" in str(after["lines"])
    assert "只是公开的办事信息" not in str(after)  # nobody's opinion goes out


def test_of_a_refusal_as_of_an_incident_no_findings_are_told(
    college: College, cms: Cms
) -> None:
    marked = page("机密★5年\n关于虚构事项的报告\n现将虚构的有关事项报告如下。\n")
    secret = {**ITEM, "external_id": "news-2", "html": marked.decode()}
    plain = {**ITEM, "html": page(f"{TEXT}联系人手机13800000001\n").decode()}
    for body in (secret, plain):
        number = ask(college, cms, "submissions", body).json()["case"]
        college.site.scan(number)
    college.site.dispose(number)
    college.site.conclude(number)
    sign_off.sign_off(
        college.site.desk,
        number,
        Decision(outcome="refuse", opinion="属于工作秘密", ground="work_secret"),
        asker=college.site.by("li", number),
    )
    for name in ("news-1", "news-2"):
        seen = ask(college, cms, f"submissions/{name}").json()
        assert (seen["stage"], seen["findings"]) == ("refused", None)


def test_another_sites_items_are_not_found(college: College, cms: Cms) -> None:
    ask(college, cms, "submissions", ITEM)
    other = join(
        college.site, id="site-other", name="另一网站", networks=("127.0.0.0/8",)
    )
    answer = ask(college, other, "submissions/news-1")
    assert answer.status_code == 404


def test_anybody_may_check_a_cleared_number_and_nothing_else(
    college: College, cms: Cms
) -> None:
    number = ask(college, cms, "submissions", ITEM).json()["case"]
    address = f"/api/v1/public/cases/{number}"
    college.site.scan(number)
    pending = college.nobody().get(address)
    unknown = college.nobody().get("/api/v1/public/cases/2026-999999")
    wrong = college.nobody().get("/api/v1/public/cases/nonsense")
    assert pending.status_code == unknown.status_code == wrong.status_code == 404
    assert pending.json() == unknown.json() == wrong.json()
    college.site.conclude(number)
    college.site.sign(number)
    assert college.nobody().get(address).json() == {
        "number": number,
        "title": TITLE,
        "cleared_on": "2026-11-23",
    }
    publish.revoke(
        college.site.desk,
        number,
        cause="error",
        reason="数字有误",
        asker=college.site.by("li", number),
    )
    assert college.nobody().get(address).status_code == 404


def test_a_clearance_is_checked_with_what_anybody_may_fetch(
    college: College, cms: Cms
) -> None:
    number = ask(college, cms, "submissions", ITEM).json()["case"]
    lead_to_clearance(college, number)
    token = ask(college, cms, "check", CHECK).json()["clearance"]
    nobody = college.nobody()
    contents = contents_of(HTML.encode(), "正文.html")
    verdict = offline.check(
        token,
        jwks=nobody.get("/.well-known/jwks.json").json(),
        now=college.site.clock.at,
        revocations=nobody.get("/.well-known/xianshen-revocations").text,
        contents=contents.digest,
        channel="website",
        hidden=contents.hidden,
    )
    assert verdict.allowed


def test_sites_are_kept_over_http(college: College) -> None:
    browser = college.browser("system")
    form = {
        "id": "site-web",
        "name": "云山官网",
        "channels": ["website"],
        "departments": [PRESS],
        "networks": ["10.1.2.0/24"],
        "callback_hosts": ["cms.example.edu.cn"],
    }
    made = browser.post("/api/v1/sites", json=form)
    assert made.status_code == 201, made.text
    assert made.json()["webhook_secret"].startswith("xswh_")
    key = browser.post("/api/v1/sites/site-web/keys").json()
    assert key["key"].startswith(f"xs_{key['id']}_")
    changed = {name: form[name] for name in form if name != "id"}
    answer = browser.put("/api/v1/sites/site-web", json={**changed, "name": "官网"})
    assert answer.json()["name"] == "官网"
    assert browser.post("/api/v1/sites/site-web/webhook-secret").status_code == 201
    gone = browser.delete(f"/api/v1/sites/site-web/keys/{key['id']}")
    assert gone.json()["keys"][0]["revoked_at"] is not None
    assert browser.post("/api/v1/sites/site-web/closure").status_code == 200
    listed = college.browser("audit").get("/api/v1/sites").json()
    assert [one["closed_at"] is None for one in listed] == [False]
    assert key["key"] not in str(listed)
    refused = college.browser("security").post("/api/v1/sites", json=form)
    assert refused.status_code == 403
