"""The laws of who does what, when, and in which words; those of decisions are apart.

Each law looks at one new event and at everything before it. None of them calls
the code that decides (`rules`, `separation`, `authority`): they are its judge.
The numbers are those of the rules that always hold.
"""

from typing import Final

from review.case import events as e
from tests.property import review_history as h
from tests.property.review_draft import FOUND, PASSAGES
from tests.property.review_history import Fact, Past

_BLAMED: Final = {"refuse", "partial"}

# Which posts may leave an event of a kind, and where the case must stand before it.
_UNDER_REVIEW: Final = frozenset(
    {"scanning", "first_pass", "endorsing", "signing", "leading", "referred", "rework"}
)
_ISSUED: Final = frozenset({"cleared", "published"})
_CLOSED: Final = frozenset({"refused", "withdrawn", "published", "expired", "revoked"})
_DEPARTMENT: Final = frozenset({"reviewer", "head", "site"})
_OFFICE: Final = frozenset({"office"})
_MACHINE: Final = frozenset({"system"})
STEPS: Final[dict[type, tuple[frozenset[str], frozenset[str]]]] = {
    e.Submitted: (_DEPARTMENT, frozenset({"nowhere"})),
    e.Resubmitted: (
        _DEPARTMENT,
        frozenset({"scanning", "first_pass", "rework", "expired", "revoked"}),
    ),
    e.Withdrawn: (_DEPARTMENT, _UNDER_REVIEW),
    e.Scanned: (_MACHINE, frozenset({"scanning"})),
    e.GapAcknowledged: (
        frozenset({"reviewer", "office"}),
        frozenset({"first_pass", "signing"}),
    ),
    e.FindingDisposed: (
        frozenset({"reviewer", "office"}),
        frozenset({"first_pass", "signing"}),
    ),
    e.FindingAdded: (
        frozenset({"reviewer", "office"}),
        frozenset({"first_pass", "signing"}),
    ),
    e.FirstPassConcluded: (frozenset({"reviewer"}), frozenset({"first_pass"})),
    e.Endorsed: (frozenset({"head"}), frozenset({"endorsing"})),
    e.SignedOff: (frozenset({"office", "head"}), frozenset({"signing", "endorsing"})),
    e.Referred: (_OFFICE, frozenset({"signing"})),
    e.Answered: (_OFFICE, frozenset({"referred"})),
    e.LeaderDecided: (frozenset({"leader"}), frozenset({"leading"})),
    e.Cleared: (_MACHINE, frozenset({"clearing"})),
    e.Revoked: (frozenset({"office", "leader", "reviewer", "head"}), _ISSUED),
    e.PublicationRecorded: (_DEPARTMENT | _OFFICE, _ISSUED),
    e.Expired: (_MACHINE, _ISSUED),
    e.IncidentOpened: (_MACHINE, frozenset({"first_pass"})),
    e.IncidentJudged: (_OFFICE, frozenset({"incident"})),
    e.IncidentReported: (_OFFICE, frozenset({"incident_confirmed"})),
    e.ContentsPurged: (
        _MACHINE,
        _CLOSED | {"incident", "incident_confirmed", "incident_closed"},
    ),
}


def each_step_has_its_time_and_its_post(past: Past, fact: Fact) -> bool:
    """Rule 1: in order, each by those whose step it is; nothing after the end."""
    posts, places = STEPS[type(fact.event)]
    place = h.standing(past) if past else "nowhere"
    return place in places and fact.event.by.post in posts


def one_item_one_case(past: Past, fact: Fact) -> bool:
    """Rule 2: one body, one department, a round a version, and one submission."""
    event = fact.event
    if not isinstance(event, e.Submitted | e.Resubmitted):
        return bool(past) and event.round == max(one.round for one in past)
    item, first = event.item, not past
    complete = item.title.strip() and item.drafted_by.strip() and item.channels
    bodies = [one for one in item.files if one.role == "body"]
    same = first or item.department == h.item_of(past).department
    number = 1 if first else max(one.round for one in past) + 1
    return (
        isinstance(event, e.Submitted) == first
        and event.round == number
        and bool(complete and item.department.strip())
        and len(bodies) == 1
        and same
    )


def appointed_by_name(past: Past, fact: Fact) -> bool:
    """Rule 5: whoever acts names an appointment of his that holds on that very day."""
    by = fact.event.by
    if by.post == "system":
        return by.appointment is None
    own = [one for one in fact.held if one.id == by.appointment]
    if not own or by.id != fact.person:
        return False
    fits = (own[0].post, own[0].department) == (by.post, by.department)
    item = h.item_of([*past, fact.event])
    return fits and (by.post not in h.DEPARTMENTAL or by.department == item.department)


def three_administrators_stay_out(_past: Past, fact: Fact) -> bool:
    """Rule 5: none of the three administrators does anything to an item."""
    return not any(one.post in h.ADMINISTRATORS for one in fact.held)


def only_what_was_seen_is_decided(past: Past, fact: Fact) -> bool:
    """Rule 7: a person decides on what stood before him, the machine on what it read."""
    if isinstance(fact.event, e.Scanned):
        return fact.contents == h.item_of(past).contents
    if fact.event.by.post == "system" or not past:
        return True
    return fact.seen == len(past)


def nothing_is_decided_by_the_machine(past: Past, fact: Fact) -> bool:
    """Rules 1 and 9: a clearance follows a person's decision in one step, or not at all."""
    event = fact.event
    if event.by.post != "system":
        return fact.person is not None
    if isinstance(event, e.Cleared):
        return isinstance(past[-1], e.SignedOff | e.LeaderDecided)
    kinds = e.Scanned | e.IncidentOpened | e.Expired | e.ContentsPurged
    return isinstance(event, kinds) and event.by.id == "machine"


def time_goes_forward(past: Past, fact: Fact) -> bool:
    """Rule 6: the record tells things in the order in which they happened."""
    return not past or past[-1].at <= fact.event.at


def words_are_about_the_report(past: Past, fact: Fact) -> bool:
    """Rules 2 and 3: a disposition speaks of this round's report, and gives a reason."""
    event = fact.event
    report = h.report_of(past, event.round)
    if report is None:
        return False
    if isinstance(event, e.GapAcknowledged):
        return h.said(event.note) and event.gap in {one.id for one in report.gaps}
    if not isinstance(event, e.FindingDisposed):
        return True
    found = h.findings_of(past, event.round)
    finding = next((one for one in found if one.id == event.finding), None)
    if finding is None or not h.said(event.reason):
        return False
    proof = event.published
    return proof is None or (finding.releasable and bool(proof.value.strip()))


def department_dismisses_no_marking(past: Past, fact: Fact) -> bool:
    """Rule 3: a state secret's marking is for the office to dismiss."""
    event = fact.event
    report = h.report_of(past, event.round)
    if not isinstance(event, e.FindingDisposed) or report is None:
        return True
    marked = {
        one.id
        for one in report.findings
        if one.detector == "marking" and one.tier == "state"
    }
    dismissed = event.opinion == "not_sensitive" and event.finding in marked
    return not dismissed or event.by.post == "office"


def what_is_added_stands_in_the_draft(past: Past, fact: Fact) -> bool:
    """Rules 2, 3, 6: words of one file, marked by a person with a reason, to be disposed."""
    event = fact.event
    assert isinstance(event, e.FindingAdded)
    files, note = h.item_of(past).files, event.finding
    if event.file not in range(len(files)) or event.passage not in range(len(PASSAGES)):
        return False
    text = PASSAGES[event.passage]
    inside = event.start >= 0 and event.end <= len(text)
    return (
        inside
        and bool(text[event.start : event.end].strip())
        and h.said(event.reason)
        and note.file == files[event.file].name
        and (note.detector, note.severity) == ("person", "review")
    )


def nothing_is_added_twice(past: Past, fact: Fact) -> bool:
    """Rule 3: one place and matter, one finding; each has an id of its own."""
    event = fact.event
    assert isinstance(event, e.FindingAdded)
    ids = {one.id for one in h.findings_of(past, event.round)}
    here = h.all_of(h.of_round(past, event.round), e.FindingAdded)
    known = {
        (one.file, one.passage, one.start, one.end, one.finding.category)
        for one in here
    } | {(event.file, *one) for one in FOUND}
    place = (event.file, event.passage, event.start, event.end, event.finding.category)
    return event.finding.id not in ids and place not in known


def markings_are_not_added(_past: Past, fact: Fact) -> bool:
    """Rule 8: a marking that the machine missed is told to the office and not disposed of."""
    event = fact.event
    assert isinstance(event, e.FindingAdded)
    return event.finding.category != "marking" and not h.genuine(event.finding)


def each_reads_in_his_turn(past: Past, fact: Fact) -> bool:
    """Rule 1: the first pass is the department's, the sign-off the office's."""
    turn = {"first_pass": "reviewer", "signing": "office"}
    return fact.event.by.post == turn.get(h.standing(past))


def concluded_rounds_were_scanned(past: Past, fact: Fact) -> bool:
    """Rule 1: nobody speaks of a round before the machine has finished with it."""
    return h.report_of(past, fact.event.round) is not None


def first_pass_leaves_nothing_open(past: Past, fact: Fact) -> bool:
    """Rules 1 and 3: each gap looked at, each finding disposed, each conclusion reasoned."""
    event = fact.event
    assert isinstance(event, e.FirstPassConcluded)
    report = h.report_of(past, event.round)
    if report is None:
        return True  # another law's matter
    here = h.of_round(past, event.round)
    known = {one.gap for one in h.all_of(here, e.GapAcknowledged)}
    spoken = {one.finding for one in h.all_of(here, e.FindingDisposed)}
    return (
        {one.id for one in report.gaps} <= known
        and {one.id for one in h.findings_of(past, event.round) if h.counts(one)}
        <= spoken
        and h.said(event.opinion)
    )


def agreement_follows_from_opinions(past: Past, fact: Fact) -> bool:
    """Rules 3 and 4: who agrees has nothing left to change, to doubt or to read."""
    event = fact.event
    assert isinstance(event, e.FirstPassConcluded)
    report = h.report_of(past, event.round)
    if report is None:
        return True
    last = {
        said[-1].opinion
        for one in h.findings_of(past, event.round)
        if (said := h.opinions(past, event.round, one.id))
    }
    unreadable = any(one.unreadable for one in report.gaps)
    if event.conclusion in {"agree", "uncertain"} and unreadable:
        return False
    return event.conclusion != "agree" or last <= {"not_sensitive"}


def head_is_asked_where_the_policy_says(_past: Past, fact: Fact) -> bool:
    """001:50: with the policy's word, nothing goes past the department's head."""
    event = fact.event
    assert isinstance(event, e.FirstPassConcluded)
    return event.to_head or not fact.policy.head_must_endorse


def refusals_name_their_ground(_past: Past, fact: Fact) -> bool:
    """Rule 4: what is refused or cut is refused or cut on a ground; outcomes give words."""
    event = fact.event
    if isinstance(event, e.FirstPassConcluded):
        return event.conclusion not in _BLAMED or event.ground is not None
    assert isinstance(event, e.SignedOff)
    named = event.outcome not in _BLAMED or event.ground is not None
    return named and h.said(event.opinion)


def words_are_given(_past: Past, fact: Fact) -> bool:
    """Rule 6: why, to whom and on which paper stands in words, and nothing lies ahead."""
    event = fact.event
    words: tuple[str, ...] = ("",)
    match event:
        case e.Endorsed() | e.LeaderDecided() | e.IncidentJudged():
            words = (event.opinion,)
        case e.Withdrawn() | e.Revoked():
            words = (event.reason,)
        case e.Referred():
            words = (event.to, event.question)
        case e.Answered():
            words = (event.answer, event.document)
        case e.IncidentReported():
            words = (event.to, event.document)
        case e.PublicationRecorded():
            words = (event.address,)
    ahead = isinstance(event, e.Answered) and event.answered_on > fact.today
    return all(h.said(one) for one in words) and not ahead


def four_eyes(past: Past, fact: Fact) -> bool:
    """Rule 5: who decides over a department's work had no part in it, in any round."""
    event = fact.event
    here = h.of_round(past, event.round)
    apart = h.hands(past) | h.endorsers(past)
    if isinstance(event, e.FindingDisposed | e.FindingAdded | e.GapAcknowledged):
        apart = apart if event.by.post == "office" else set()
    elif isinstance(event, e.Endorsed):
        apart = _doers(h.last(here, e.FirstPassConcluded))
    elif isinstance(event, e.SignedOff) and event.fast_lane:
        apart = h.hands(past)
    elif isinstance(event, e.LeaderDecided):
        apart = apart | _doers(h.last(here, e.SignedOff))
    return event.by.id not in apart


def _doers(event: e.Event | None) -> set[str]:
    return {event.by.id} if event else set()
