"""Who is forbidden to act: posts, departments, duties kept apart, one function a rule.

A rule returns nothing when it is kept and raises when it is broken; the message
says in Chinese who may do it instead. `authority` asks all of them, always.
"""

from dataclasses import dataclass
from datetime import datetime

from review import clock
from review.case.authority_table import SIGNING_VERBS, TURN_VERBS, VERBS, Verb
from review.case.case import Case
from review.case.people import (
    ADMINISTRATORS,
    DEPARTMENT_POSTS,
    Appointment,
    Person,
    Post,
)
from review.case.words import POSTS, STAGES
from review.errors import NotPermittedError, WrongStageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks to do what, to which case, when; `department` is the item's."""

    verb: Verb
    person: Person
    at: datetime
    department: str | None
    case: Case | None = None

    @property
    def appointments(self) -> tuple[Appointment, ...]:
        """Return the appointments that hold today and fit the verb's posts."""
        day = clock.china_date(self.at)
        posts = VERBS[self.verb].posts
        fitting = (one for one in self.person.held_on(day) if one.post in posts)
        return tuple(sorted(fitting, key=lambda one: posts.index(one.post)))


def forbid_administrators(asking: Asking) -> None:
    """Keep the three administrators out of every decision (rule 5, 三员分立)."""
    held = asking.person.posts_on(clock.china_date(asking.at)) & ADMINISTRATORS
    if held and not set(VERBS[asking.verb].posts) & ADMINISTRATORS:
        names = "、".join(sorted(POSTS[one] for one in held))
        raise NotPermittedError(
            f"{names}不参与审查件的办理，请由该部门审查员或保密办办理。"
        )


def forbid_unappointed(asking: Asking) -> None:
    """Let only those decide who are appointed today (rule 5; 001:50)."""
    if not asking.appointments:
        needed = "、".join(POSTS[one] for one in VERBS[asking.verb].posts)
        raise NotPermittedError(
            f"{asking.person.name}今天没有有效的任命，这一步须由{needed}办理。"
        )


def forbid_other_department(asking: Asking) -> None:
    """Keep a department's posts to its own items (rule 1; 001:49 谁公开、谁审查、谁负责)."""
    if all(
        one.post in DEPARTMENT_POSTS and one.department != asking.department
        for one in asking.appointments
    ):
        raise NotPermittedError("这是其他部门的审查件，请由该部门的审查员办理。")


def forbid_signing_own_item(asking: Asking) -> None:
    """Keep whoever had a part in the department's work from deciding over it (rule 5).

    The office's own dispositions are part of its decision. A head who answered for
    the item decides no more over it, but may still finish it in his department.
    """
    if asking.case is None or not _decides(asking):
        return
    apart = asking.case.hands
    if asking.verb != "finish_in_department":
        apart |= asking.case.endorsers
    if asking.person.id in apart:
        raise NotPermittedError(
            "上传稿件、参与初审或部门审签的人不能终审同一件，请由其他有权签批的人办理。"
        )


def _decides(asking: Asking) -> bool:
    if asking.verb in TURN_VERBS:
        return turn(asking) == "office"
    return asking.verb in SIGNING_VERBS


def forbid_endorsing_own_review(asking: Asking) -> None:
    """Let another person than the round's reviewer endorse it (rule 5)."""
    if asking.case is None or asking.verb not in {"endorse", "finish_in_department"}:
        return
    said = asking.case.round.first_pass
    if said is not None and said.by.id == asking.person.id:
        raise NotPermittedError("初审和部门负责人审签不能是同一个人。")


def forbid_leading_own_sign_off(asking: Asking) -> None:
    """Let another person than the signer give the leader's word (rule 5)."""
    if asking.case is None or asking.verb != "lead":
        return
    signed = asking.case.round.sign_off
    if signed is not None and signed.by.id == asking.person.id:
        raise NotPermittedError("终审和分管领导审批不能是同一个人。")


def forbid_wrong_stage(asking: Asking) -> None:
    """Let each step be taken only where the case stands (rule 1; 001:52)."""
    stages = VERBS[asking.verb].stages
    if asking.case is None or asking.case.stage in stages:
        return
    raise WrongStageError(
        f"这一件现在是“{STAGES[asking.case.stage]}”，不能办理这一步；请刷新后再看。"
    )


def forbid_unsealing(asking: Asking) -> None:
    """Show a sealed draft to the secrecy office alone (rule 8)."""
    if asking.case is None or asking.verb != "look_at_contents":
        return
    if asking.case.sealed and all(one.post != "office" for one in asking.appointments):
        raise NotPermittedError("稿件已封存，只有保密办可以查看。")


def turn(asking: Asking) -> Post | None:
    """Return whose turn it is, where a step belongs to one post at a time."""
    if asking.case is None:
        return None
    if asking.verb == "look_at_contents" and asking.case.sealed:
        return "office"
    if asking.verb not in TURN_VERBS:
        return None
    return "office" if asking.case.stage == "signing" else "reviewer"


def forbid_wrong_turn(asking: Asking) -> None:
    """Keep the office out of a first pass and the department out of a sign-off (rule 1)."""
    wanted = turn(asking) if asking.verb != "look_at_contents" else None
    if wanted is not None and all(one.post != wanted for one in asking.appointments):
        raise NotPermittedError(f"这一步轮到{POSTS[wanted]}办理。")
