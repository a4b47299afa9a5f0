"""The laws of what is agreed to, cleared, published, taken back, purged and reported.

As those of the steps, they judge the code that decides and never call it.
"""

from collections.abc import Sequence
from datetime import timedelta

from review.case import events as e
from review.case.values import FindingNote
from tests.property import review_history as h
from tests.property.review_history import Fact, Past


def nothing_stands_in_the_way(past: Past, fact: Fact) -> bool:
    """Rules 1, 3, 4: what is agreed to was read, examined, and every finding settled."""
    event = fact.event
    if isinstance(event, e.SignedOff) and event.outcome != "clear":
        return True
    report = h.report_of(past, event.round)
    here = h.of_round(past, event.round)
    if report is None or report.canonical is None:
        return False
    known = {one.gap for one in h.all_of(here, e.GapAcknowledged)}
    if any(one.unreadable or one.id not in known for one in report.gaps):
        return False
    return all(
        _settled(h.opinions(past, event.round, one.id), one)
        for one in h.findings_of(past, event.round)
        if h.counts(one)
    )


def department_has_concluded(past: Past, fact: Fact) -> bool:
    """Rule 1: nothing is agreed to before the item's own department has concluded."""
    event = fact.event
    if isinstance(event, e.SignedOff) and event.outcome != "clear":
        return True
    here = h.of_round(past, event.round)
    telling = [
        one
        for one in here
        if isinstance(one, e.FirstPassConcluded)
        or (isinstance(one, e.Endorsed) and not one.agreed)
    ]
    if not telling or not isinstance(telling[-1], e.FirstPassConcluded):
        return False
    first = telling[-1]
    return (
        first.by.department == h.item_of(past).department
        and first.by.post == "reviewer"
    )


def department_wants_nothing_changed(past: Past, fact: Fact) -> bool:
    """Rules 1 and 4: what the department itself would change or refuse is not agreed to."""
    event = fact.event
    if isinstance(event, e.SignedOff) and event.outcome != "clear":
        return True
    first = h.last(h.of_round(past, event.round), e.FirstPassConcluded)
    return first is None or first.conclusion in {"agree", "uncertain"}


def signed_for_channels_asked(past: Past, fact: Fact) -> bool:
    """Rule 2: agreed to on channels that were asked for, one at least."""
    event = fact.event
    assert isinstance(event, e.SignedOff)
    if event.outcome != "clear":
        return event.channels == ()
    return bool(event.channels) and set(event.channels) <= set(h.item_of(past).channels)


def leader_is_asked_where_the_policy_says(past: Past, fact: Fact) -> bool:
    """001:50: what the policy keeps for the leader in charge is put to him."""
    event, wanted = fact.event, fact.policy.leader_signs
    assert isinstance(event, e.SignedOff)
    report = h.report_of(past, event.round)
    if event.outcome != "clear" or report is None:
        return True
    found = h.findings_of(past, event.round)
    tiers = {one.tier for one in found if h.counts(one)}
    asked = wanted.after_answer and bool(h.all_of(past, e.Answered))
    demanded = (
        not tiers.isdisjoint(wanted.tiers)
        or not set(event.channels).isdisjoint(wanted.channels)
        or asked
    )
    return event.needs_leader == demanded


def fast_lane_is_for_general_items(past: Past, fact: Fact) -> bool:
    """Rules 1 and 4: a department finishes alone only what raised no question at all."""
    event, lane = fact.event, fact.policy.fast_lane
    assert isinstance(event, e.SignedOff)
    if not event.fast_lane:
        return event.by.post == "office"
    item, report = h.item_of(past), h.report_of(past, event.round)
    first = h.last(h.of_round(past, event.round), e.FirstPassConcluded)
    if report is None or first is None or event.by.post != "head":
        return False
    grave = (
        {"block", "review", "notice"}
        if lane.most_severe == "none"
        else {"block", "review"}
    )
    said = h.all_of(h.of_round(past, event.round), e.FindingDisposed)
    return (
        lane.enabled
        and first.conclusion == "agree"
        and not report.gaps
        and not any(one.severity in grave for one in h.findings_of(past, event.round))
        and not any(one.opinion == "uncertain" for one in said)
        and set(item.channels) <= set(lane.channels)
        and item.source.kind == "own"
    )


def clearance_rests_on_decisions(past: Past, fact: Fact) -> bool:
    """Rules 1 and 2: scanned, concluded, signed, agreed to by all who were asked."""
    event = fact.event
    assert isinstance(event, e.Cleared)
    here = h.of_round(past, event.round)
    scanned, signed = h.last(here, e.Scanned), h.last(here, e.SignedOff)
    first = h.last(here, e.FirstPassConcluded)
    if scanned is None or signed is None or first is None:
        return False
    order = [here.index(one) for one in (scanned, first, signed)]
    after = here[order[-1] + 1 :]
    led = [one.agreed for one in h.all_of(after, e.LeaderDecided)]
    endorsed = [one.agreed for one in h.all_of(here[order[1] :], e.Endorsed)]
    return (
        signed.outcome == "clear"
        and order == sorted(order)
        and len(h.all_of(here, e.Scanned)) == 1
        and led == ([True] if signed.needs_leader else [])
        and endorsed == ([True] if first.to_head and not signed.fast_lane else [])
    )


def clearance_covers_what_was_reviewed(past: Past, fact: Fact) -> bool:
    """Rule 2: one item's exact contents, its channels, the policy's days, once."""
    event = fact.event
    assert isinstance(event, e.Cleared)
    report = h.report_of(past, event.round)
    signed = h.last(h.of_round(past, event.round), e.SignedOff)
    if report is None or signed is None:
        return False
    days = timedelta(days=fact.policy.clearance_valid_days)
    begins = event.at.replace(microsecond=0)
    others = {one.clearance for one in h.all_of(past, e.Cleared)}
    return (
        event.canonical == report.canonical
        and event.attachments == report.attachments
        and event.channels == signed.channels
        and (event.valid_from, event.valid_until) == (begins, begins + days)
        and event.clearance not in others
    )


def published_within_the_clearance(past: Past, fact: Fact) -> bool:
    """Rules 1, 2, 6: on its channels, within its days, before it was taken back."""
    event, cleared = fact.event, h.last(past, e.Cleared)
    assert isinstance(event, e.PublicationRecorded)
    if cleared is None:
        return False
    revoked = {one.clearance for one in h.all_of(past, e.Revoked)}
    return (
        event.channel in cleared.channels
        and cleared.clearance not in revoked
        and cleared.valid_from <= event.published_at < cleared.valid_until
        and event.published_at <= event.at
    )


def clearances_end_once(past: Past, fact: Fact) -> bool:
    """Rules 6 and 9: run out only at the end, taken back only once, the last one only."""
    event, cleared = fact.event, h.last(past, e.Cleared)
    assert isinstance(event, e.Revoked | e.Expired)
    if cleared is None or event.clearance != cleared.clearance:
        return False
    revoked = any(one.clearance == event.clearance for one in h.all_of(past, e.Revoked))
    expired = any(one.clearance == event.clearance for one in h.all_of(past, e.Expired))
    if isinstance(event, e.Revoked):
        return not revoked
    return not revoked and not expired and event.at >= cleared.valid_until


def purged_by_policy_only(past: Past, fact: Fact) -> bool:
    """Rules 6 and 8: after its days, once a hand-in, or at once where an incident asks it."""
    event, keep = fact.event, fact.policy.retention_days
    assert isinstance(event, e.ContentsPurged)
    handed = max(
        n for n, one in enumerate(past) if isinstance(one, e.Submitted | e.Resubmitted)
    )
    if h.all_of(past[handed:], e.ContentsPurged):
        return False
    if event.because == "incident":
        last = past[-1]
        at_once = isinstance(last, e.IncidentOpened) and last.purged
        return at_once or (isinstance(last, e.IncidentJudged) and last.genuine)
    place = h.standing(past)
    days = {
        "refused": keep.refused,
        "withdrawn": keep.withdrawn,
        "published": keep.cleared,
        "expired": keep.cleared,
        "revoked": keep.cleared,
    }
    since = next(
        past[n].at for n in range(len(past)) if _stays(past, place, start=n + 1)
    )
    return place in days and event.at >= since + timedelta(days=days[place])


def incidents_are_genuine_markings(past: Past, fact: Fact) -> bool:
    """Rule 8: opened by the scan that found them, once, reported within a day."""
    event, policy = fact.event, fact.policy
    assert isinstance(event, e.IncidentOpened)
    report = h.report_of(past, event.round)
    found = tuple(one.id for one in report.findings if h.genuine(one)) if report else ()
    due = event.report_due - event.at
    return (
        isinstance(past[-1], e.Scanned)
        and bool(found)
        and event.findings == found
        and timedelta(0) < due <= timedelta(hours=min(24, policy.incident_report_hours))
        and event.purged == (policy.marking_incident == "purge")
    )


def _settled(said: Sequence[e.FindingDisposed], finding: FindingNote) -> bool:
    if not said or said[-1].opinion != "not_sensitive":
        return False
    marking = finding.detector == "marking" and finding.tier == "state"
    doubted = any(one.opinion == "uncertain" for one in said)
    if finding.severity == "block" or marking or doubted:
        return said[-1].by.post == "office"
    return True


def _stays(past: Past, place: str, *, start: int) -> bool:
    return all(h.standing(past[:n]) == place for n in range(start, len(past) + 1))
