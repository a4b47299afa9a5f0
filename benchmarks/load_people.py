"""Who hands in, reviews and signs in an invented province, all of them on record."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from review.access import site_keys
from review.access.events import SiteChanged
from review.access.sites import Site
from review.bootstrap import Installation
from review.case.events import Appointed
from review.case.people import Appointment, By, Post
from review.ledger import statement
from review.ledger.statement import AnyEvent, Context
from review.service.people import appointments as people

INSTITUTIONS: Final = 1_000
VALID_DAYS: Final = 180
# Of an institution: two who hand in, two who review, and its site.
_HANDING_IN: Final = 2
_REVIEWING: Final = 2
_SIGNERS: Final = 20
_FROM, _UNTIL = date(2020, 1, 1), date(2099, 12, 31)
_FAMILY: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN: Final = "虚构样本示例演示假设拟名化身"
AUDITOR: Final = "auditor"

Seal = Callable[[str, str, datetime], None]


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody by institution; `keys` are the sites' own, as text."""

    departments: tuple[str, ...]
    uploaders: tuple[tuple[By, ...], ...]
    reviewers: tuple[tuple[By, ...], ...]
    signers: tuple[By, ...]
    sites: tuple[By, ...]
    keys: tuple[str, ...]

    def words(self, institution: int, chance: int) -> dict[str, str]:
        """Return who did what in one case: the words for the marks."""
        uploader = self.uploaders[institution][chance % _HANDING_IN]
        reviewer = self.reviewers[institution][chance // 7 % _REVIEWING]
        signer = self.signers[chance // 49 % _SIGNERS]
        words = {
            "department": self.departments[institution],
            "drafter": _name(chance // 343),
        }
        for role, one in (
            ("uploader", uploader),
            ("reviewer", reviewer),
            ("signer", signer),
        ):
            words[role] = one.id
            words[f"{role}_name"] = one.name
            words[f"{role}_appointment"] = one.appointment or ""
        return words


def appoint(installation: Installation, seal: Seal, *, at: datetime) -> Staff:
    """Put everybody's appointment and every site on record, as of that moment."""
    desk = installation.desk
    office = _Office(seal, at, Context(via="cli", policy=desk.policy.digest))
    departments = tuple(_institution(one) for one in range(INSTITUTIONS))
    signers = tuple(
        office.appoint(f"office{one:02d}", _name(one), "office")
        for one in range(_SIGNERS)
    )
    uploaders, reviewers, sites, keys = [], [], [], []
    for number, department in enumerate(departments):
        names = (
            (f"{role}{number:04d}-{one}", number * 8 + one)
            for role in ("up", "re")
            for one in range(_HANDING_IN)
        )
        made = [
            office.appoint(account, _name(seed), "reviewer", department)
            for account, seed in names
        ]
        uploaders.append(tuple(made[:_HANDING_IN]))
        reviewers.append(tuple(made[_HANDING_IN:]))
        site, key = office.open_site(number, department)
        sites.append(site)
        keys.append(key)
    return Staff(
        departments,
        tuple(uploaders),
        tuple(reviewers),
        signers,
        tuple(sites),
        tuple(keys),
    )


def found(installation: Installation) -> None:
    """Appoint the administrators, as a new installation does."""
    founders: tuple[tuple[str, str, Post], ...] = (
        ("system", "周系统", "system_admin"),
        ("security", "吴安全", "security_admin"),
        (AUDITOR, "郑审计", "auditor"),
    )
    for person, name, post in founders:
        people.found(installation.desk, appointment(person, name, post))


class _Office:
    """Appoints one after the other, and numbers the appointments."""

    def __init__(self, seal: Seal, at: datetime, context: Context) -> None:
        self._seal = seal
        self._at = at
        self._context = context
        self._number = 3  # the administrators
        self._security = By("security", "吴安全", "security_admin", None, "任0002")
        self._system = By("system", "周系统", "system_admin", None, "任0001")

    def appoint(
        self, person: str, name: str, post: Post, department: str | None = None
    ) -> By:
        self._number += 1
        wanted = replace(
            appointment(person, name, post, department), id=f"任{self._number:04d}"
        )
        self._write(Appointed(at=self._at, by=self._security, appointment=wanted))
        return wanted.as_doer()

    def open_site(self, number: int, department: str) -> tuple[By, str]:
        """Register an institution's site with a key; return it and the key's text."""
        site = Site(
            id=f"site-w{number:04d}",
            name=f"{department}网站",
            channels=("website",),
            departments=(department,),
            networks=("127.0.0.0/8",),
        )
        key = site_keys.new_key()
        registered = SiteChanged(
            at=self._at,
            by=self._system,
            site=site.id,
            name=site.name,
            change="registered",
            channels=site.channels,
            departments=site.departments,
            networks=site.networks,
        )
        self._write(registered)
        issued = replace(
            registered, change="key_issued", key=key.id, key_digest=key.digest
        )
        self._write(issued)
        return self.appoint(site.id, site.name, "site", department), key.text

    def _write(self, event: AnyEvent) -> None:
        text = statement.write(event, self._context)
        self._seal(text, statement.kind_of(event), self._at)


def appointment(
    person: str, name: str, post: Post, department: str | None = None
) -> Appointment:
    """Return an appointment for as long as anything is measured, not numbered yet."""
    return Appointment(
        id="",
        person=person,
        name=name,
        post=post,
        from_day=_FROM,
        until_day=_UNTIL,
        ground="云教发〔2026〕3号",
        department=department,
    )


def _institution(number: int) -> str:
    return f"云山省第{number + 1}实验学校"


def _name(seed: int) -> str:
    first = _GIVEN[seed // len(_FAMILY) % len(_GIVEN)]
    return f"{_FAMILY[seed % len(_FAMILY)]}{first}{_GIVEN[seed * 7 % len(_GIVEN)]}"
