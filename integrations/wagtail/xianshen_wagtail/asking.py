"""Hand in, ask, take in what the gate says, tell what was published."""

from __future__ import annotations

import logging
import re
import time
from contextvars import ContextVar
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page
from xianshen_gate import GateError

from xianshen_wagtail.conf import SettingsWrongError, conf, gate
from xianshen_wagtail.content import Contents, contents_of
from xianshen_wagtail.guarded import specific
from xianshen_wagtail.models import (
    Publication,
    Review,
    ReviewFile,
    key_of,
    review_of,
)

if TYPE_CHECKING:
    from xianshen_gate import Answer

_LOG = logging.getLogger("xianshen_wagtail")
_CONFLICT = 409
MOST_FILES = 50
_NEVER = "这些内容还没有送审，不能公开；请先送审。"


class PublishBlockedError(Exception):
    """What was about to go out is not cleared; `instance` is what, `str()` says why."""

    def __init__(
        self,
        instance: Any,
        message: str,
        *,
        code: str = "not_reviewed",
        changes: tuple[str, ...] = (),
    ) -> None:
        """Keep what is to be shown."""
        super().__init__(message)
        self.instance = instance
        self.message = message
        self.code = code
        self.changes = changes

    @property
    def words(self) -> str:
        """Return the message with what differs, for people."""
        told = "；".join(self.changes[:5])
        name = str(self.instance)
        return f"《{name}》没有公开：{self.message}" + (
            f"不同之处：{told}" if told else ""
        )


# The answer that a hook has asked for a moment before Wagtail publishes: (what, until).
_AHEAD: ContextVar[tuple[str, float] | None] = ContextVar(
    "xianshen_ahead", default=None
)
_A_MOMENT = 2.0  # seconds


def require(instance: Any, *, ahead: bool = False) -> Review:
    """Ask the gate; return the review whose contents these are.

    What a hook has asked `ahead` in the same request, a moment ago, is not asked twice.

    Raises:
        PublishBlockedError: The gate did not say yes to exactly this.
    """
    contents = contents_of(instance)
    review = review_of(instance, contents)
    known = _AHEAD.get()
    _AHEAD.set(None)
    if review is not None and known is not None and not ahead:
        what, until = known
        if what == review.external_id + review.fingerprint and time.monotonic() < until:
            return review
    review = _require(instance, contents, review)
    if ahead:
        what = review.external_id + review.fingerprint
        _AHEAD.set((what, time.monotonic() + _A_MOMENT))
    return review


def _require(instance: Any, contents: Contents, review: Review | None) -> Review:
    last = review or (Review.objects.of(instance).first() if instance.pk else None)
    if last is None or last.standing == "adopted":
        raise PublishBlockedError(instance, _NEVER)
    answer = ask(last, contents)
    if not answer.allowed or review is None:
        code = answer.code or "changed"
        raise PublishBlockedError(
            instance, answer.message, code=code, changes=answer.changes
        )
    return review


def ask(review: Review, contents: Contents | None = None) -> Answer:
    """Ask the gate of a review's contents, or of others under its name; keep the answer."""
    from xianshen_gate import Answer  # noqa: PLC0415 - for the type it is imported above

    title = contents.title if contents else review.title
    html = contents.html if contents else review.html
    digests = contents.digests if contents else review.digests
    try:
        answer = gate().check(
            review.external_id,
            channel=conf().channel,
            title=title,
            html=html,
            attachments=[(name, sha256) for name, sha256 in digests],
        )
    except SettingsWrongError as error:
        answer = Answer(allowed=False, code="settings", message=str(error))
    if contents is None or contents.fingerprint == review.fingerprint:
        _keep(review, answer)
    return answer


def _keep(review: Review, answer: Answer) -> None:
    review.said = answer.message
    if answer.allowed:
        review.clearance, review.case = answer.clearance or "", answer.case or ""
        review.close("allowed")
    elif answer.code in {"revoked", "refused", "not_reviewed", "pending"}:
        # Whatever was said before, this is taken back. Expiry ends no publication.
        review.standing = "revoked" if answer.code == "revoked" else "open"
    # Only this: somebody else may have learnt of another round meanwhile.
    review.save(update_fields=["said", "clearance", "case", "standing", "seal"])


def submit(instance: Any, *, user: Any = None) -> Review:
    """Hand an object in as it is in memory; the same contents again change nothing.

    Raises:
        GateError: It was not taken; the message says why.
    """
    whole = specific(instance)
    contents = contents_of(whole)
    if len(contents.files) > MOST_FILES:
        raise GateError(
            f"一件最多 {MOST_FILES} 个图片和附件，请分成几页。", code="too_many"
        )
    known = review_of(whole, contents)
    allowed = known is not None and known.standing == "allowed" and known.holds()
    if known is not None and allowed and ask(known).code == "expired":
        known = None  # what is public stays so while the same is reviewed anew
    if known is not None and known.case:
        return _handed_in(known, contents, whole, user)
    last = known or Review.objects.of(whole).first()
    if last is not None and known is None and _is_open(last):
        try:
            return _handed_in(last, contents, whole, user)
        except GateError as error:
            if error.status != _CONFLICT:
                raise
    return _handed_in(known or next_review(whole), contents, whole, user)


def _is_open(review: Review) -> bool:
    """Tell whether a new version may still be a new round of the same item."""
    over = {"cleared", "published", "refused"}
    return review.standing == "open" and bool(review.case) and review.stage not in over


def next_review(instance: Any) -> Review:
    """Return an object's next review, under a name of its own; it is not stored yet."""
    kind, name = key_of(instance)
    of_it = Review.objects.filter(content_type=kind, object_id=name)
    number = (of_it.aggregate(last=Max("number"))["last"] or 0) + 1
    model = "page" if isinstance(instance, Page) else instance._meta.label_lower
    plain = re.sub(
        r"[^A-Za-z0-9._:~-]", "_", f"{conf().prefix}-{model}-{name}-{number}"
    )
    return Review(
        content_type=kind, object_id=name, number=number, external_id=plain[-200:]
    )


def _handed_in(review: Review, contents: Contents, instance: Any, user: Any) -> Review:
    said = gate_for_submission().submit(
        review.external_id,
        title=contents.title,
        department=department_of(instance),
        channels=[conf().channel],
        html=contents.html,
        attachments=[(one.name, one.data()) for one in contents.files],
        drafted_by=_name_of(user),
        callback_url=callback_url(),
    )
    review.title, review.html = contents.title, contents.html
    review.digests, review.fingerprint = contents.digests, contents.fingerprint
    review.submitted_by = user if getattr(user, "pk", None) else None
    with transaction.atomic():
        _take_in(review, said, handed_in=True)
        review.files.all().delete()
        ReviewFile.objects.bulk_create(
            ReviewFile(review=review, sha256=one.sha256) for one in contents.files
        )
    forget_no(review)
    return review


def gate_for_submission() -> Any:
    """Return the client; wrong settings are an error of the gate's to whoever hands in.

    Raises:
        GateError: The settings are wrong.
    """
    try:
        return gate()
    except SettingsWrongError as error:
        raise GateError(str(error), code="settings") from None


def _take_in(review: Review, said: Any, *, handed_in: bool = False) -> None:
    review.case, review.stage = said.case, said.stage
    review.stage_word = said.stage_word
    findings = getattr(said, "findings", None)
    review.findings = findings and findings._asdict()
    review.refreshed_at = _now()
    learnt = ["case", "stage", "stage_word", "findings", "refreshed_at"]
    review.save(update_fields=None if handed_in else learnt)


def refresh(review: Review) -> Review:
    """Look where the item stands at the gate.

    Raises:
        GateError: It was not answered.
    """
    _take_in(review, gate_for_submission().submission(review.external_id))
    forget_no(review)
    return review


def try_submitting(instance: Any, *, user: Any = None) -> str | None:
    """Hand in; return None, or why it was not taken."""
    try:
        submit(instance, user=user)
    except (GateError, OSError) as error:
        _LOG.warning("not handed in: %s", error)
        return str(error)
    return None


def looks_cleared(instance: Any) -> bool:
    """Tell whether it is worth trying: the real question is asked when it goes out."""
    review = review_of(instance, contents_of(instance))
    return review is not None and review.stage in {"cleared", "published"}


def note_publication(instance: Any, review: Review) -> None:
    """Write down that it went out, and tell 先审 once that is certain."""
    made = Publication.objects.create(
        review=review, address=address_of(instance), published_at=_now()
    )
    transaction.on_commit(lambda: report(made))


def report(publication: Publication) -> bool:
    """Tell 先审 where and when it went out; what is not taken stays to be told."""
    publication.tries += 1
    try:
        gate_for_submission().published(
            publication.review.external_id,
            channel=conf().channel,
            address=publication.address,
            at=publication.published_at,
        )
    except GateError as error:
        publication.error = str(error)
    else:
        publication.reported_at, publication.error = _now(), ""
    publication.save()
    return publication.reported_at is not None


def address_of(instance: Any) -> str:
    """Return where visitors find it; what has no page of its own is named."""
    if isinstance(instance, Page) and (url := instance.full_url):
        return str(url)
    return f"{instance._meta.label}:{instance.pk}"


def department_of(instance: Any) -> str:
    """Return the department that answers for it: the page's own word, or the setting."""
    own = getattr(instance, "xianshen_department", None)
    return str(own() if callable(own) else own or conf().department)


def callback_url() -> str | None:
    """Return where 先审 is to send its webhooks; none if they could not be verified."""
    from django.conf import settings  # noqa: PLC0415 - beside its only use

    now = conf()
    if not now.webhook_secret:
        return None
    if now.callback_url:
        return now.callback_url
    base = getattr(settings, "WAGTAILADMIN_BASE_URL", "") or ""
    try:
        return base.rstrip("/") + reverse("xianshen_webhook") if base else None
    except NoReverseMatch:
        return None


def said_no_lately(review: Review) -> bool:
    """Tell whether the gate said no to it a moment ago, so that visitors don't ask again."""
    return bool(conf().recheck) and cache.get(_no(review)) is not None


def remember_no(review: Review) -> None:
    """Keep for a moment that the gate said no."""
    if conf().recheck:
        cache.set(_no(review), 1, conf().recheck)


def forget_no(review: Review) -> None:
    """Something has happened: ask anew."""
    cache.delete(_no(review))


def _no(review: Review) -> str:
    return f"xianshen:no:{review.external_id}"


def _name_of(user: Any) -> str | None:
    name = user.get_full_name() or user.get_username() if user else ""
    return str(name)[:100] or None


def _now() -> datetime:
    # Down to the second: a moment ahead of the gate's own clock would be refused.
    return datetime.now(timezone.utc).replace(microsecond=0)
