"""Who may act: posts, appointments by name, for a department, from a day until a day.

Nobody decides by rank or habit: a deputy, too, acts only while appointed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

Post: TypeAlias = Literal[
    "reviewer",
    "head",
    "office",
    "leader",
    "system_admin",
    "security_admin",
    "auditor",
    "site",
    "system",
    "nobody",
]

DEPARTMENT_POSTS: Final[frozenset[Post]] = frozenset({"reviewer", "head", "site"})
REVIEW_POSTS: Final[frozenset[Post]] = frozenset(
    {"reviewer", "head", "office", "leader", "site"}
)
# 三员: each kept apart from the other two and from every post of the review.
ADMINISTRATORS: Final[frozenset[Post]] = frozenset(
    {"system_admin", "security_admin", "auditor"}
)


@dataclass(frozen=True, slots=True)
class By:
    """Who did something, as the record keeps it: readable without any other table."""

    id: str
    name: str
    post: Post
    department: str | None = None
    appointment: str | None = None


MACHINE: Final = By(id="machine", name="先审系统", post="system")


@dataclass(frozen=True, slots=True)
class Appointment:
    """One person's appointment to one post.

    `until_day` is the last day on which it holds. `ended_on` is the first day
    on which it no longer does, when it was ended early. `ground` names the
    paper it rests on. A deputy names whom he stands in for.
    """

    id: str
    person: str
    name: str
    post: Post
    from_day: date
    until_day: date
    ground: str
    department: str | None = None
    deputy_for: str | None = None
    ended_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the appointment is in force on `day`."""
        if self.ended_on is not None and day >= self.ended_on:
            return False
        return self.from_day <= day <= self.until_day

    def as_doer(self) -> By:
        """Return the holder as the record names whoever acted."""
        return By(
            id=self.person,
            name=self.name,
            post=self.post,
            department=self.department,
            appointment=self.id,
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with every appointment ever given to him."""

    id: str
    name: str
    appointments: tuple[Appointment, ...] = ()

    def held_on(self, day: date) -> tuple[Appointment, ...]:
        """Return the appointments that hold on `day`, oldest first."""
        return tuple(one for one in self.appointments if one.holds_on(day))

    def posts_on(self, day: date) -> frozenset[Post]:
        """Return the posts that he holds on `day`."""
        return frozenset(one.post for one in self.held_on(day))

    def doer_on(self, day: date) -> By:
        """Return him by the first appointment that holds on `day`; else as nobody."""
        nobody = By(id=self.id, name=self.name, post="nobody")
        return next((one.as_doer() for one in self.held_on(day)), nobody)
