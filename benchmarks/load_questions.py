"""What is asked of a filled installation: by whom, and through which use case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from benchmarks import load_people, load_stories
from benchmarks.load_place import Place
from benchmarks.load_shapes import BODY
from review import clock, digests
from review.access import site_keys
from review.access.site_keys import PresentedKey
from review.ports.records import RegisterQuery
from review.service.cases import overview, submit
from review.service.cases.submit import Draft, Upload
from review.service.desk import Asker, Desk
from review.service.gate.gatekeeper import Gatekeeper
from review.service.gate.question import Offered, OfferedFile, Question
from review.service.gate.served import ToServe, may_serve
from review.service.papers import register, statistics
from review.service.projection import sequence_of
from review.service.record import ledger

# A name, and what to do once; each call is another of the same kind.
Asked = tuple[str, Callable[[], object]]
_OFFICE: Final = "office00"
_STEP: Final = 7_919  # a prime: one after the other, spread over all cases


@dataclass(slots=True)
class _Spread:
    """Places of cases spread over all, none twice in a row of questions."""

    cases: int
    last: int = 0

    def __call__(self) -> int:
        self.last = (self.last + _STEP) % self.cases
        return self.last


def registers(desk: Desk, place: Place) -> list[Asked]:
    """Return pages of the register, each filter by itself."""
    reviewer = place.staff.reviewers[0][0]
    name = place.staff.uploaders[0][0].name
    today = clock.china_date(desk.now())
    some = place.stories[place.cases // 2]
    recently = clock.midnight(today) - timedelta(days=7)
    queries = {
        "register, first page": RegisterQuery(),
        "register, deep page": RegisterQuery(before=_half(place)),
        "register, one stage": RegisterQuery(stages=("signing",)),
        "register, overdue": RegisterQuery(overdue_on=today),
        "register, one institution": RegisterQuery(
            departments=(place.staff.departments[7],)
        ),
        "register, the last seven days": RegisterQuery(submitted_from=recently),
        "search, common word (考试)": RegisterQuery(words="考试"),
        "search, a whole title": RegisterQuery(words=some.words["title"]),
        "search, a number": RegisterQuery(words=some.number),
        "search, nothing found": RegisterQuery(words="查无此词"),
        "search, one person": RegisterQuery(submitted_by=name),
        "search, a person's name that nobody has": RegisterQuery(submitted_by="无名氏"),
        "search, channel that none has": RegisterQuery(channel="press"),
    }

    def page_of(query: RegisterQuery) -> Callable[[], object]:
        return lambda: register.page(desk, query, person=_OFFICE)

    return [
        *((title, page_of(query)) for title, query in queries.items()),
        (
            "register of one institution's reviewer",
            lambda: register.page(desk, RegisterQuery(), person=reviewer.id),
        ),
        ("register, counts of all", lambda: register.counts(desk, person=_OFFICE)),
    ]


def looks(desk: Desk, place: Place) -> list[Asked]:
    """Return looks at a case, and the auditor's at the record."""
    spread = _Spread(place.cases)
    auditor = load_people.AUDITOR
    long_ago = clock.china_date(desk.now()) - timedelta(days=300)

    def found(**wanted: object) -> object:
        query = ledger.Wanted(**wanted)  # type: ignore[arg-type]  # - its own fields
        return ledger.find(desk, query, person=auditor, limit=50)

    return [
        (
            "a case's page",
            lambda: overview.overview(
                desk, place.stories[spread()].number, person=_OFFICE
            ),
        ),
        (
            "the record, a page",
            lambda: ledger.page(desk, person=auditor, limit=50),
        ),
        (
            "the record, of one case",
            lambda: found(case=place.stories[spread()].number),
        ),
        (
            "the record, what one person did",
            lambda: found(who=place.staff.reviewers[11][0].id),
        ),
        (
            "the record, of a person unknown",
            lambda: found(who="nobody-of-that-name"),
        ),
        (
            "the record, of a person on a day long ago",
            lambda: found(who="nobody-of-that-name", day=long_ago),
        ),
        (
            "the record, signed heads",
            lambda: ledger.heads(desk, person=auditor, limit=50),
        ),
    ]


def steps(desk: Desk, place: Place) -> list[Asked]:
    """Return what writes: a new item, and one step on it."""
    numbers = count(1)
    uploader = place.staff.uploaders[3][0]
    handed_in: list[str] = []

    def hand_in() -> None:
        number = next(numbers)
        title = f"关于举办第{number}届科技节的通知"
        body = load_stories.page(str(number), title, 1).encode() * 4
        draft = Draft(
            title=title,
            department=place.staff.departments[3],
            channels=("website",),
            drafted_by="王虚构",
            uploads=(Upload(name=BODY, data=body),),
        )
        handed_in.append(submit.submit(desk, draft, person=uploader.id).number)

    def take_back() -> None:
        if not handed_in:
            hand_in()
        asker = Asker(person=uploader.id, seen=1)
        submit.withdraw(desk, handed_in.pop(), reason="活动改期", asker=asker)

    return [("submit", hand_in), ("one step (withdraw)", take_back)]


def gate(desk: Desk, place: Place) -> list[Asked]:
    """Return questions to a gate that has walked the ledger already."""
    keeper = Gatekeeper()
    keeper.facts(desk)
    since = desk.now() + timedelta(hours=1)
    since -= timedelta(days=desk.policy.clearance_valid_days)
    cleared = _cleared(place, since)
    published = _cleared(place, since, "address", "case.publication_recorded")

    def check() -> None:
        title, body, external, key = cleared()
        offered = Offered(title=title, name=BODY, body=body)
        question = Question(channel="website", offered=offered, external_id=external)
        _yes(keeper.look(desk, key, "127.0.0.1", question).answer)

    def serve() -> None:
        _, body, address, key = published()
        offered = OfferedFile(digests.of_bytes(body))
        asked = ToServe(address=address, channel="website", offered=offered)
        _yes(may_serve(desk, keeper, key, asked, address="127.0.0.1"))

    def serve_page() -> None:
        title, body, address, key = published()
        offered = Offered(title=title, name=BODY, body=body)
        asked = ToServe(address=address, channel="website", offered=offered)
        _yes(may_serve(desk, keeper, key, asked, address="127.0.0.1"))

    return [
        ("gate, check, each case once", check),
        ("gate, served, a file", serve),
        ("gate, served, a page", serve_page),
    ]


def figures(desk: Desk) -> object:
    """Return the figures of the last year."""
    today = clock.china_date(desk.now())
    since = today - timedelta(days=364)
    return statistics.figures(desk, since=since, until=today, person=_OFFICE)


def _half(place: Place) -> int:
    return sequence_of(place.stories[place.cases // 2].number)


def _cleared(
    place: Place,
    since: datetime,
    named: str = "external",
    kind: str = "case.cleared",
) -> Callable[[], tuple[str, bytes, str, PresentedKey]]:
    """Return what yields the cases that may be published, spread over all.

    Title, page, the site's own name or the address, and the site's key; only cases
    that were cleared `since`, and to which a thing of that `kind` has happened.
    """
    spread = _Spread(place.cases)

    def is_one(story: load_stories.Story) -> bool:
        kinds = story.form.kinds[: story.reached]
        if not story.may_be_published or kind not in kinds:
            return False
        return story.times[kinds.index("case.cleared")] > since

    def following() -> tuple[str, bytes, str, PresentedKey]:
        while not is_one(story := place.stories[spread()]):
            pass
        last = 2 if story.form.name == "returned" else 1
        title = story.words["title"]
        body = load_stories.page(story.number, title, last).encode()
        return title, body, story.words[named], _key(place, story)

    return following


def _key(place: Place, story: load_stories.Story) -> PresentedKey:
    number = int(story.site.removeprefix("site-w"))
    key = site_keys.presented(place.staff.keys[number])
    if key is None:
        raise AssertionError("a key that was made here")
    return key


def _yes(answer: object) -> None:
    if not getattr(answer, "allowed", False):
        raise AssertionError(f"not allowed: {answer}")
