"""Where a person can go: one line a page in the bar, for the posts that have work there."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from review.access.permissions import OFFICE_VERBS
from review.case.authority_table import VERBS
from review.case.people import Post
from review.case.words import POSTS

_REGISTER: Final[frozenset[Post]] = frozenset(VERBS["look"].posts)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the bar: its address, its name, whose work it is."""

    address: str
    name: str
    posts: frozenset[Post]


# In the order of the bar. What one may do there is asked again by every use case.
ENTRIES: Final[tuple[Entry, ...]] = (
    Entry("/", "工作台", frozenset(POSTS)),
    Entry("/submit", "送审", frozenset({"reviewer", "head"})),
    Entry("/compare", "比对", frozenset(VERBS["look_at_contents"].posts) - {"site"}),
    Entry("/register", "台账", _REGISTER - {"site"}),
    Entry("/statistics", "统计", frozenset(OFFICE_VERBS["see_statistics"])),
    Entry("/lexicons", "词库", frozenset(OFFICE_VERBS["read_lexicons"])),
    Entry(
        "/admin",
        "管理",
        frozenset(OFFICE_VERBS["see_accounts"])
        | frozenset(OFFICE_VERBS["see_appointments"]),
    ),
    Entry("/audit", "审计", frozenset(OFFICE_VERBS["verify_ledger"])),
)


def entries_for(posts: Collection[Post]) -> tuple[Entry, ...]:
    """Return the pages that somebody with these posts has in his bar."""
    held = frozenset(posts)
    return tuple(one for one in ENTRIES if one.posts & held or one.address == "/")
