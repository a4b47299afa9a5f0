"""Who may call which endpoint: one row an endpoint, read beside the two tables of posts.

What a row expects is worked out from `VERBS` and `OFFICE_VERBS`, never written down
twice. A request is made so that it changes nothing: whoever may ask is told that
the case is at another step (409), or that there is no such thing (404, 422).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias, get_args

from review.access.permissions import OFFICE_VERBS, OfficeVerb
from review.case.authority_table import VERBS, Verb
from review.case.people import DEPARTMENT_POSTS, Post
from tests.service.site import TEACHING, appointment

# Who holds each post, in the case's own department and in another.
HOLDERS: Final[tuple[tuple[Post, bool, str], ...]] = (
    ("reviewer", True, "zhao"),
    ("reviewer", False, "he"),
    ("head", True, "wang"),
    ("head", False, "han"),
    ("office", True, "qian"),
    ("leader", True, "sun"),
    ("system_admin", True, "system"),
    ("security_admin", True, "security"),
    ("auditor", True, "audit"),
)


OTHER_HEAD: Final = appointment("han", "韩虚构", "head", TEACHING)

# What an endpoint asks of whoever calls it.
Asks: TypeAlias = (
    Verb | OfficeVerb | Literal["nothing", "sign_in", "register", "appoint", "site"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One endpoint and a harmless request to it."""

    method: str
    path: str
    asks: Asks
    json: Any = None
    form: Mapping[str, Any] | None = None
    files: Mapping[str, Any] | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the method and path, as the interface description has them."""
        return f"{self.method} {self.path}"

    @property
    def on_a_case(self) -> bool:
        """Tell whether the department of the case counts."""
        return self.asks in get_args(Verb)


def may_ask(row: Row, post: Post, *, own: bool) -> bool:
    """Tell from the tables whether a post may, in the case's own department or not."""
    if row.asks in OFFICE_VERBS:
        return post in OFFICE_VERBS[row.asks]
    if row.asks not in VERBS:
        return _IN_GENERAL[row.asks](post)
    if row.asks in _BY_TURNS and post == "office":
        return True
    return post in VERBS[row.asks].posts and (own or post not in DEPARTMENT_POSTS)


# Theirs while the case is signed for; a case that is past that is at a wrong step.
_BY_TURNS = ("dispose", "acknowledge", "add_finding")
_IN_GENERAL: Mapping[str, Callable[[Post], bool]] = {
    "nothing": lambda _: True,
    "sign_in": lambda _: True,
    "register": lambda post: post in VERBS["look"].posts and post != "site",
    "appoint": lambda post: post == "security_admin",
    "site": lambda _: False,
}
_AGREED = {"agreed": True, "opinion": "同意"}
_DRAFT = {
    "title": "学院举行运动会",
    "department": "宣传部",
    "channels": ["website"],
    "drafted_by": "冯拟稿",
    "text": "学院举行运动会。",
}
_CASE = "/api/v1/cases/{number}"


def _step(path: str, asks: Verb, json: Any, *, method: str = "POST") -> Row:
    return Row(method=method, path=f"{_CASE}/{path}", asks=asks, json=json)


def _look(path: str, asks: Verb) -> Row:
    return Row(method="GET", path=f"{_CASE}{path}", asks=asks)


CASES: tuple[Row, ...] = (
    Row(method="POST", path="/api/v1/cases", asks="submit", form=_DRAFT),
    Row(method="GET", path="/api/v1/cases", asks="register"),
    Row(method="GET", path="/api/v1/cases/counts", asks="register"),
    _look("", "look"),
    _look("/history", "look"),
    _look("/progress", "look"),
    _look("/clearance", "look"),
    Row(
        method="POST",
        path=f"{_CASE}/comparisons",
        asks="look_at_contents",
        form={"channel": "website", "text": "学院举行运动会。"},
    ),
    _look("/rounds/{round_number}/report", "look_at_contents"),
    _look("/rounds/{round_number}/files/{name}", "look_at_contents"),
    _look("/rounds/{round_number}/files/{name}/pages", "look_at_contents"),
    Row(
        method="GET",
        path=f"{_CASE}/rounds/{{round_number}}/files/{{name}}/pages/{{page}}",
        asks="look_at_contents",
        names={"page": "1"},
    ),
    _look("/rounds/{round_number}/changes", "look_at_contents"),
    _look("/earlier-dispositions", "look_at_contents"),
    Row(method="POST", path=f"{_CASE}/rounds", asks="resubmit", form=_DRAFT),
    _step("withdrawal", "withdraw", {"reason": "不发了"}),
    Row(
        method="PUT",
        path=f"{_CASE}/gaps/{{gap}}/acknowledgment",
        asks="acknowledge",
        json={"note": "已打开原件看过"},
    ),
    Row(
        method="PUT",
        path=f"{_CASE}/findings/{{finding}}/disposition",
        asks="dispose",
        json={"opinion": "not_sensitive", "reason": "核对无误"},
    ),
    _step(
        "findings",
        "add_finding",
        {
            "file": 1,
            "passage": 0,
            "start": 0,
            "end": 2,
            "category": "plans",
            "reason": "写出了尚未公布的安排",
        },
    ),
    _step("first-pass", "conclude", {"conclusion": "agree", "opinion": "可以公开"}),
    _step("endorsement", "endorse", _AGREED),
    _step(
        "department-decision",
        "finish_in_department",
        {"opinion": "一般事项", "channels": ["website"]},
    ),
    _step("sign-off", "sign_off", {"outcome": "return", "opinion": "请修改"}),
    _step(
        "referral",
        "refer",
        {"kind": "refer_upward", "to": "上级保密办", "question": "可否公开"},
    ),
    _step(
        "answer",
        "answer",
        {"text": "可以", "document": "函1号", "answered_on": "2026-11-20"},
    ),
    _step("leader-decision", "lead", _AGREED),
    _step("revocation", "revoke", {"cause": "error", "reason": "有误"}),
    _step(
        "publications",
        "record_publication",
        {
            "channel": "website",
            "address": "https://www.example.edu.cn/1",
            "published_at": "2026-11-22T09:00:00+08:00",
        },
    ),
    _step("incident/judgment", "judge_incident", {"genuine": True, "opinion": "属实"}),
    _step("incident/report", "report_incident", {"to": "市保密局", "document": "1号"}),
    Row(
        method="POST",
        path=f"{_CASE}/comparison",
        asks="look_at_contents",
        files={"body": ("正文.txt", "学院举行运动会。".encode())},
    ),
)

_CHANGES = "/api/v1/lexicons/changes"
_CHANGE = f"{_CHANGES}/{{change}}"
_ONE = {"change": "词0001"}
_YEAR = {"since": "2026-01-01", "until": "2026-12-31"}


def _get(path: str, asks: Asks, **more: Any) -> Row:
    return Row(method="GET", path=f"/api/v1/{path}", asks=asks, **more)


def _on_change(method: str, path: str, asks: Asks, json: Any = None) -> Row:
    return Row(method=method, path=f"{_CHANGE}{path}", asks=asks, json=json, names=_ONE)


LEXICONS: tuple[Row, ...] = (
    _get("lexicons", "read_lexicons"),
    _get("lexicons/rules", "read_lexicons"),
    _get(
        "lexicons/rules/{folder}/{name}",
        "read_lexicons",
        names={"folder": "xishuangbanna-college"},
    ),
    _get("lexicons/changes", "see_lexicon_changes"),
    Row(
        method="POST",
        path=_CHANGES,
        asks="propose_lexicon",
        json={"reason": "试一试", "drop": ["没有/这个.yaml"]},
    ),
    Row(
        method="POST",
        path=f"{_CHANGES}/import",
        asks="propose_lexicon",
        form={"reason": "试一试"},
        files={"sheet": ("规则.xlsx", b"no spreadsheet")},
    ),
    _get("lexicons/template", "read_lexicons"),
    Row(
        method="POST",
        path="/api/v1/lexicons/trial",
        asks="propose_lexicon",
        json={"label": "没有写完"},
    ),
    Row(
        method="POST",
        path=f"{_CHANGES}/rule",
        asks="propose_lexicon",
        json={"reason": "试一试", "label": "没有写完"},
    ),
    _on_change("GET", "", "see_lexicon_changes"),
    _on_change("GET", "/files", "see_lexicon_changes"),
    _on_change("GET", "/preview", "see_lexicon_changes"),
    _on_change("POST", "/preview", "propose_lexicon"),
    _on_change("POST", "/activation", "activate_lexicon", {"preview": "0" * 64}),
    _on_change("POST", "/rejection", "activate_lexicon", {"reason": "不需要"}),
)
FIGURES: tuple[Row, ...] = (
    _get("statistics", "see_statistics", query=_YEAR),
    _get(
        "cases/{number}/forms/{kind}.{form_format}",
        "look_at_contents",
        names={"kind": "review", "form_format": "docx"},
    ),
    _get("exports/register.xlsx", "register", query=_YEAR),
    _get("exports/monthly.xlsx", "register", query={"year": 2026, "month": 11}),
    _get("exports/yearly.xlsx", "register", query={"year": 2026}),
    Row(
        method="POST",
        path="/api/v1/exports",
        asks="register",
        json={"kind": "register", **_YEAR},
    ),
    _get("views", "sign_in"),
    Row(
        method="POST",
        path="/api/v1/views",
        asks="register",
        json={"name": "超期的"},
        query={"overdue": "true"},
    ),
    Row(
        method="DELETE",
        path="/api/v1/views/{view}",
        asks="sign_in",
        names={"view": "999999"},
    ),
    _get("exports/{task}", "sign_in", names={"task": "999999"}),
    _get("exports/{task}/file", "sign_in", names={"task": "999999"}),
)
RECORDS: tuple[Row, ...] = (
    _get("ledger", "read_ledger"),
    _get("ledger/heads", "read_ledger"),
    Row(method="POST", path="/api/v1/ledger/verification", asks="verify_ledger"),
    _get("ledger/verification/{task}", "verify_ledger", names={"task": "999999"}),
    _get("ledger/export", "export_ledger"),
    _get("ledger/verifier.py", "sign_in"),
    _get("policy", "read_policy"),
)

_SESSION = "/api/v1/session"
_ACCOUNT = "/api/v1/accounts/{login}"
_NOBODY = {"login": "nobody.there"}
_CODE = {"code": "000000"}


def _own(method: str, path: str, json: Any = None) -> Row:
    return Row(method=method, path=f"{_SESSION}{path}", asks="sign_in", json=json)


def _on_account(
    method: str, path: str, json: Any = None, *, asks: OfficeVerb = "manage_accounts"
) -> Row:
    address = f"{_ACCOUNT}{path}"
    return Row(method=method, path=address, asks=asks, json=json, names=_NOBODY)


ENTRANCE: tuple[Row, ...] = (
    _get("session/ways", "nothing"),
    _get("session/oidc/start", "nothing"),
    _get("session/oidc/callback", "nothing"),
    Row(
        method="POST",
        path=_SESSION,
        asks="nothing",
        json={"login": "nobody.there", "password": "x"},
    ),
    _own("GET", ""),
    _own("DELETE", ""),
    _own("DELETE", "/everywhere"),
    _own("POST", "/password", {"current": "x", "new": "y"}),
    _own("POST", "/second-factor"),
    _own("POST", "/second-factor/confirmation", _CODE),
    _own("POST", "/second-factor/proof", _CODE),
    _own("POST", "/second-factor/recovery-codes", _CODE),
)
ACCOUNTS: tuple[Row, ...] = (
    _get("accounts", "see_accounts"),
    _get("accounts/template", "sign_in"),
    _on_account("GET", "", asks="see_accounts"),
    Row(
        method="POST",
        path="/api/v1/accounts",
        asks="manage_accounts",
        json={"login": "zhang", "name": "张示例"},
    ),
    Row(
        method="POST",
        path="/api/v1/accounts/import",
        asks="manage_accounts",
        files={"sheet": ("人员.xlsx", b"no spreadsheet")},
    ),
    _on_account("PATCH", "", {"name": "张示例"}),
    _on_account("POST", "/password-reset"),
    _on_account("POST", "/disable"),
    _on_account("POST", "/enable"),
    _on_account("POST", "/unlock"),
    _on_account("PUT", "/identity", {"subject": "0001"}),
    _on_account("DELETE", "/identity"),
    _on_account("DELETE", "/second-factor", asks="remove_second_factor"),
    _get("appointments", "see_appointments"),
    Row(
        method="POST",
        path="/api/v1/appointments",
        asks="appoint",
        json={
            "person": "feng",
            "name": "冯拟稿",
            "post": "reviewer",
            "from_day": "2026-01-01",
            "until_day": "2025-12-31",
            "ground": "9号",
        },
    ),
    Row(
        method="POST",
        path="/api/v1/appointments/import",
        asks="appoint",
        files={"sheet": ("人员.xlsx", b"no spreadsheet")},
    ),
    Row(
        method="POST",
        path="/api/v1/appointments/{appointment}/end",
        asks="appoint",
        json={"ended_on": "2026-12-31", "reason": "调离"},
        names={"appointment": "任9999"},
    ),
)

_SITE = "/api/v1/sites/{site}"
_NO_SITE = {"site": "site-none", "key": "0" * 12}
_FORM = {
    "name": "云山新闻网",
    "channels": ["website"],
    "departments": ["宣传部"],
    "networks": ["10.1.2.0/24"],
}


def _on_site(method: str, path: str, json: Any = None) -> Row:
    return Row(
        method=method,
        path=f"{_SITE}{path}",
        asks="manage_sites",
        json=json,
        names=_NO_SITE,
    )


def _at_gate(path: str, json: Any) -> Row:
    return Row(method="POST", path=f"/api/v1/gate/{path}", asks="site", json=json)


SITES: tuple[Row, ...] = (
    _get("sites", "see_sites"),
    Row(
        method="POST",
        path="/api/v1/sites",
        asks="manage_sites",
        json={**_FORM, "id": "no-site"},
    ),
    _on_site("PUT", "", _FORM),
    _on_site("POST", "/keys"),
    _on_site("DELETE", "/keys/{key}"),
    _on_site("POST", "/webhook-secret"),
    _on_site("POST", "/closure"),
    _get("site-audits", "see_audits"),
    _get("site-audits/{audit}", "see_audits", names={"audit": "20261123-none"}),
    _get("deliveries", "see_operations"),
    Row(
        method="POST",
        path="/api/v1/deliveries/{delivery}/retry",
        asks="run_operations",
        names={"delivery": "2026-999999-v1"},
    ),
)
_PAGE = {"title": "学院举行运动会", "html": "<p>学院举行运动会。</p>"}
GATE: tuple[Row, ...] = (
    _at_gate(
        "submissions",
        {
            **_PAGE,
            "external_id": "news-1",
            "department": "宣传部",
            "channels": ["website"],
        },
    ),
    _get("gate/submissions/{external_id}", "site", names={"external_id": "news-1"}),
    _at_gate("check", {**_PAGE, "external_id": "news-1", "channel": "website"}),
    _at_gate(
        "served", {**_PAGE, "address": "https://a.example/1", "channel": "website"}
    ),
    _at_gate(
        "publications",
        {
            "external_id": "news-1",
            "channel": "website",
            "address": "https://www.example.edu.cn/1",
            "published_at": "2026-11-22T09:00:00+08:00",
        },
    ),
    _get("public/cases/{number}", "nothing"),
    Row(method="GET", path="/.well-known/jwks.json", asks="nothing"),
    Row(method="GET", path="/.well-known/xianshen-revocations", asks="nothing"),
)

ROWS: tuple[Row, ...] = (
    *CASES,
    *ENTRANCE,
    *ACCOUNTS,
    *LEXICONS,
    *FIGURES,
    *RECORDS,
    *SITES,
    *GATE,
)
