"""Which laws an event of each kind must keep; who breaks one is caught by `review_play`."""

from typing import Final

from review.case import events as e
from tests.property import review_laws_of_decisions as decisions
from tests.property import review_laws_of_steps as steps
from tests.property.review_history import Law

_EVERY: Final[tuple[Law, ...]] = (
    steps.each_step_has_its_time_and_its_post,
    steps.one_item_one_case,
    steps.appointed_by_name,
    steps.three_administrators_stay_out,
    steps.only_what_was_seen_is_decided,
    steps.nothing_is_decided_by_the_machine,
    steps.time_goes_forward,
)
_LAWS: Final[dict[type, tuple[Law, ...]]] = {
    e.GapAcknowledged: (
        steps.words_are_about_the_report,
        steps.each_reads_in_his_turn,
        steps.four_eyes,
    ),
    e.FindingDisposed: (
        steps.words_are_about_the_report,
        steps.department_dismisses_no_marking,
        steps.each_reads_in_his_turn,
        steps.four_eyes,
    ),
    e.FindingAdded: (
        steps.concluded_rounds_were_scanned,
        steps.what_is_added_stands_in_the_draft,
        steps.nothing_is_added_twice,
        steps.markings_are_not_added,
        steps.each_reads_in_his_turn,
        steps.four_eyes,
    ),
    e.FirstPassConcluded: (
        steps.concluded_rounds_were_scanned,
        steps.first_pass_leaves_nothing_open,
        steps.agreement_follows_from_opinions,
        steps.head_is_asked_where_the_policy_says,
        steps.refusals_name_their_ground,
    ),
    e.Endorsed: (steps.words_are_given, steps.four_eyes),
    e.SignedOff: (
        steps.concluded_rounds_were_scanned,
        steps.refusals_name_their_ground,
        steps.four_eyes,
        decisions.nothing_stands_in_the_way,
        decisions.department_has_concluded,
        decisions.department_wants_nothing_changed,
        decisions.signed_for_channels_asked,
        decisions.leader_is_asked_where_the_policy_says,
        decisions.fast_lane_is_for_general_items,
    ),
    e.Referred: (steps.words_are_given, steps.four_eyes),
    e.Answered: (steps.words_are_given, steps.four_eyes),
    e.LeaderDecided: (steps.words_are_given, steps.four_eyes),
    e.Withdrawn: (steps.words_are_given,),
    e.Cleared: (
        decisions.nothing_stands_in_the_way,
        decisions.department_has_concluded,
        decisions.department_wants_nothing_changed,
        decisions.clearance_rests_on_decisions,
        decisions.clearance_covers_what_was_reviewed,
    ),
    e.Revoked: (steps.words_are_given, decisions.clearances_end_once),
    e.Expired: (decisions.clearances_end_once,),
    e.PublicationRecorded: (
        steps.words_are_given,
        decisions.published_within_the_clearance,
    ),
    e.IncidentOpened: (decisions.incidents_are_genuine_markings,),
    e.IncidentJudged: (steps.words_are_given, steps.four_eyes),
    e.IncidentReported: (steps.words_are_given,),
    e.ContentsPurged: (decisions.purged_by_policy_only,),
}


def laws_for(kind: type) -> tuple[Law, ...]:
    """Every law that an event of that kind must keep."""
    return _EVERY + _LAWS.get(kind, ())
