"""What 先审 sends: taken once, only if genuine; what was taken back comes down at once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from wagtail.models import TaskState, WorkflowMixin
from xianshen_gate import GateError, WebhookError, verify_webhook

from xianshen_wagtail.asking import PublishBlockedError, forget_no, refresh
from xianshen_wagtail.conf import conf
from xianshen_wagtail.content import contents_of
from xianshen_wagtail.guarded import has_drafts
from xianshen_wagtail.models import Notice, Review, ReviewTask, review_of
from xianshen_wagtail.standing import stands, take_down

if TYPE_CHECKING:
    from django.http import HttpRequest

_LOG = logging.getLogger("xianshen_wagtail")
_LONGEST = 65_536
_TAKEN, _WRONG, _UNSET = 200, 400, 503


@csrf_exempt  # it is signed, and no browser sends it
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take a webhook in; 2xx only once all it asks for is done."""
    secret = conf().webhook_secret
    if not secret:
        return HttpResponse(status=_UNSET)
    if len(request.body) > _LONGEST:
        return HttpResponse(status=_WRONG)
    signed = request.headers.get("X-Xianshen-Signature")
    try:
        said = verify_webhook(request.body, signed, secret=secret)
        name, event = str(said["id"])[:100], str(said["event"])[:40]
        external_id = str(said["external_id"])
    except (WebhookError, KeyError):
        return HttpResponse(status=_WRONG)
    with transaction.atomic():
        _, new = Notice.objects.get_or_create(name=name, defaults={"event": event})
        if new:
            _carry_out(event, external_id)
    return HttpResponse(status=_TAKEN)


def _carry_out(event: str, external_id: str) -> None:
    review = Review.objects.select_for_update().filter(external_id=external_id).first()
    if review is None:
        _LOG.warning("a webhook of an item that is not known here: %s", external_id)
        return
    forget_no(review)
    if event == "clearance.revoked":
        revoke(review)
    try:
        refresh(review)
    except GateError as error:
        _LOG.warning("where it stands is asked later: %s", error)
    if event == "case.cleared":
        transaction.on_commit(lambda: _go_on(review))


def revoke(review: Review) -> None:
    """Take down what was published with a clearance that was taken back."""
    review.standing, review.said = "revoked", "公开许可已经撤销，已从网站撤下。"
    review.save(update_fields=["standing", "said"])
    shown = review.object
    if shown is None or not has_drafts(type(shown)) or not shown.live or stands(shown):
        return
    take_down(shown)


def _go_on(review: Review) -> None:
    """Let the workflow that waited for it go on."""
    one = review.object
    if not isinstance(one, WorkflowMixin):
        return
    state: Any = one.current_workflow_task_state
    if state is None or state.status != TaskState.STATUS_IN_PROGRESS:
        return
    task = state.task.specific
    if not isinstance(task, ReviewTask):
        return
    waiting = state.revision.as_object()
    if review_of(waiting, contents_of(waiting)) != review:
        return
    try:
        task.on_action(state, review.submitted_by, "approve")
    except PublishBlockedError as error:
        _LOG.warning("cleared, yet not published: %s", error.code)
