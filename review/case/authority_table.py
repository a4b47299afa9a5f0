"""Which posts may take which step, and at which stages of a case: one row a verb.

The whole of it is meant to be read at once; what else must hold is in `rules`.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from review.case.case import CLEARED_STAGES, SEALED_STAGES, Stage
from review.case.people import Post

Verb: TypeAlias = Literal[
    "submit",
    "acknowledge",
    "dispose",
    "add_finding",
    "conclude",
    "endorse",
    "finish_in_department",
    "sign_off",
    "refer",
    "answer",
    "lead",
    "resubmit",
    "withdraw",
    "revoke",
    "record_publication",
    "judge_incident",
    "report_incident",
    "look",
    "look_at_contents",
]


@dataclass(frozen=True, slots=True)
class Row:
    """A verb's posts, in the order in which one is chosen, and its stages."""

    posts: tuple[Post, ...]
    stages: frozenset[Stage] = frozenset()


_UNDER_REVIEW: Final[frozenset[Stage]] = frozenset(
    {"scanning", "first_pass", "endorsing", "signing", "leading", "referred", "rework"}
)
_ALL: Final[frozenset[Stage]] = (
    _UNDER_REVIEW
    | CLEARED_STAGES
    | {
        "clearing",
        "expired",
        "revoked",
        "refused",
        "withdrawn",
    }
)

VERBS: Final[dict[Verb, Row]] = {
    "submit": Row(("reviewer", "head", "site")),
    "acknowledge": Row(("reviewer", "office"), frozenset({"first_pass", "signing"})),
    "dispose": Row(("reviewer", "office"), frozenset({"first_pass", "signing"})),
    "add_finding": Row(("reviewer", "office"), frozenset({"first_pass", "signing"})),
    "conclude": Row(("reviewer",), frozenset({"first_pass"})),
    "endorse": Row(("head",), frozenset({"endorsing"})),
    "finish_in_department": Row(("head",), frozenset({"endorsing"})),
    "sign_off": Row(("office",), frozenset({"signing"})),
    "refer": Row(("office",), frozenset({"signing"})),
    "answer": Row(("office",), frozenset({"referred"})),
    "lead": Row(("leader",), frozenset({"leading"})),
    "resubmit": Row(
        ("reviewer", "head", "site"),
        frozenset({"scanning", "first_pass", "rework", "expired", "revoked"}),
    ),
    "withdraw": Row(("reviewer", "head", "site"), _UNDER_REVIEW),
    "revoke": Row(("office", "leader", "reviewer", "head"), CLEARED_STAGES),
    "record_publication": Row(("reviewer", "head", "site", "office"), CLEARED_STAGES),
    "judge_incident": Row(("office",), frozenset({"incident"})),
    "report_incident": Row(("office",), frozenset({"incident_confirmed"})),
    "look": Row(
        ("office", "auditor", "leader", "reviewer", "head", "site"),
        _ALL | SEALED_STAGES,
    ),
    # Sealed drafts, too: `forbid_unsealing` leaves them to the office.
    "look_at_contents": Row(
        ("office", "auditor", "leader", "reviewer", "head"), _ALL | SEALED_STAGES
    ),
}

# Steps that are the department's in the first pass and the office's while it signs.
TURN_VERBS: Final[frozenset[Verb]] = frozenset(
    {"acknowledge", "dispose", "add_finding"}
)

# Steps that decide over the department's work: no hand in it may take them.
SIGNING_VERBS: Final[frozenset[Verb]] = frozenset(
    {"sign_off", "finish_in_department", "refer", "answer", "lead", "judge_incident"}
)
