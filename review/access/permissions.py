"""Who may do what with the installation itself: one row a verb.

What may be done to a case stands in `review.case.authority_table`. The three
administrators are kept apart here too (三员分立): the system administrator keeps
accounts and sites, the security administrator appointments and second factors,
the auditor reads everything and changes nothing.
"""

from datetime import datetime
from typing import Final, Literal, TypeAlias

from review import clock
from review.case.people import By, Person, Post
from review.case.words import POSTS
from review.errors import NotPermittedError

OfficeVerb: TypeAlias = Literal[
    "manage_accounts",
    "remove_second_factor",
    "see_accounts",
    "see_appointments",
    "manage_sites",
    "see_sites",
    "read_ledger",
    "verify_ledger",
    "export_ledger",
    "read_policy",
    "read_lexicons",
    "see_lexicon_changes",
    "propose_lexicon",
    "activate_lexicon",
    "export_passages",
    "activate_model",
    "see_statistics",
    "see_operations",
    "run_operations",
    "audit_site",
    "see_audits",
]

_REVIEWING: Final[tuple[Post, ...]] = ("reviewer", "head", "office", "leader")

OFFICE_VERBS: Final[dict[OfficeVerb, tuple[Post, ...]]] = {
    "manage_accounts": ("system_admin",),
    "remove_second_factor": ("security_admin",),
    "see_accounts": ("system_admin", "security_admin", "auditor"),
    "see_appointments": (
        "security_admin",
        "system_admin",
        "auditor",
        "office",
        "leader",
    ),
    "manage_sites": ("system_admin",),
    "see_sites": ("system_admin", "security_admin", "auditor", "office"),
    "read_ledger": ("auditor",),
    "verify_ledger": ("auditor", "office", "system_admin"),
    "export_ledger": ("auditor",),
    "read_policy": (*_REVIEWING, "system_admin", "security_admin", "auditor"),
    "read_lexicons": (*_REVIEWING, "auditor"),
    "see_lexicon_changes": ("office", "leader", "auditor"),
    "propose_lexicon": ("office",),
    "activate_lexicon": ("office",),
    "export_passages": ("office",),
    "activate_model": ("office",),
    "see_statistics": (*_REVIEWING, "auditor"),
    "see_operations": ("system_admin", "auditor"),
    "run_operations": ("system_admin",),
    "audit_site": ("office",),
    "see_audits": ("office", "leader", "auditor"),
}


def require(verb: OfficeVerb, person: Person, *, at: datetime) -> By:
    """Return as whom the person may do this today.

    Raises:
        NotPermittedError: He holds none of the verb's posts; the message names them.
    """
    day = clock.china_date(at)
    for post in OFFICE_VERBS[verb]:
        for one in person.held_on(day):
            if one.post == post:
                return one.as_doer()
    needed = "、".join(POSTS[one] for one in OFFICE_VERBS[verb])
    raise NotPermittedError(f"这一项只能由{needed}办理，您今天没有这样的任命。")
