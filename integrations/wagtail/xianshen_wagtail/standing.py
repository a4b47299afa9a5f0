"""Whether what lies in the database is what was cleared: asked wherever it is shown."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from wagtail.models import Page

from xianshen_wagtail.asking import ask, remember_no, said_no_lately
from xianshen_wagtail.conf import conf
from xianshen_wagtail.content import contents_of, is_blank
from xianshen_wagtail.guarded import (
    guarded_models,
    has_drafts,
    is_guarded,
    is_setting,
    specific,
)
from xianshen_wagtail.models import Review, ReviewFile, reviews_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOG = logging.getLogger("xianshen_wagtail")
_SWEPT = "xianshen:swept"


def stands(instance: Any) -> bool:
    """Tell whether an object, as it is, may be shown to visitors.

    What the gate has allowed before is known here and sealed; of what was handed in and
    never asked about, it is asked now. Whatever is unclear is a no.
    """
    whole = specific(instance)
    if not is_guarded(type(whole)):
        return True
    if is_setting(type(whole)) and is_blank(whole):
        return True
    if getattr(whole, "alias_of_id", None) and not whole.alias_of.live:
        return False
    reviews = reviews_of(whole, contents_of(whole))
    return any(one.holds() for one in reviews) or (bool(reviews) and _asked(reviews[0]))


def _asked(review: Review) -> bool:
    """Ask the gate of something that nobody has asked about; a no is kept for a moment."""
    if review.standing == "adopted" or said_no_lately(review):
        return False
    if ask(review).allowed:
        return True
    remember_no(review)
    return False


def file_stands(sha256: str) -> bool:
    """Tell whether these bytes belong to something that was cleared."""
    files = ReviewFile.objects.filter(sha256=sha256).select_related("review")
    reviews = [one.review for one in files.order_by("-pk")[:20]]
    if any(one.holds() for one in reviews):
        return True
    return any(_asked(one) for one in reviews)


def settings_stand() -> bool:
    """Tell whether the site's own settings are what was cleared."""
    found = (model for model in guarded_models() if not has_drafts(model))
    return all(stands(one) for model in found for one in model._base_manager.all())


def sweep(*, thorough: bool = False) -> list[Any]:
    """Take down whatever is public and was never cleared; return what that was.

    Quick: pages that nothing was ever cleared of, and every public snippet. Thorough:
    every public page, its contents compared.
    """
    gone = [one for one in _suspects(thorough=thorough) if not stands(one)]
    for one in gone:
        take_down(one)
    return gone


def sweep_now_and_then() -> None:
    """Sweep quickly, at most once in `recheck` seconds in each cache."""
    pause = conf().recheck
    if not pause or cache.add(_SWEPT, 1, pause):
        sweep()


def take_down(instance: Any) -> None:
    """Take it off the site; its text stays as it is, as a draft.

    Past signals and hooks, so that nothing of the site's own can keep it up.
    """
    _LOG.error("taken down, not cleared: %s %s", instance._meta.label, instance.pk)
    model = Page if isinstance(instance, Page) else type(instance)
    if not has_drafts(model):
        return
    with transaction.atomic():
        model._base_manager.filter(pk=instance.pk).update(
            live=False, has_unpublished_changes=True
        )
        if isinstance(instance, Page):
            Page._base_manager.filter(alias_of_id=instance.pk).update(live=False)


def _suspects(*, thorough: bool) -> Iterator[Any]:
    pages = Page.objects.filter(live=True, depth__gt=1)
    if not thorough:
        known = Review.objects.filter(
            content_type=ContentType.objects.get_for_model(Page),
            object_id=Cast(OuterRef("pk"), CharField()),
            standing__in=("allowed", "adopted"),
        )
        pages = pages.filter(~Exists(known), alias_of__isnull=True)
    for page in pages.specific().iterator():
        if is_guarded(type(page)):
            yield page
    for model in guarded_models():
        if has_drafts(model):
            yield from model._base_manager.filter(live=True)
