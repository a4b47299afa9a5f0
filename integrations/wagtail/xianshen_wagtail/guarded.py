"""Which objects are guarded: whatever visitors see and an editor may change."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from wagtail.models import DraftStateMixin, Page

from xianshen_wagtail.conf import conf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model


def is_guarded(model: type[Model]) -> bool:
    """Tell whether what is kept of this model must be cleared before it is public."""
    return _is_guarded(model, conf().models, conf().exempt)


@cache
def _is_guarded(
    model: type[Model], extra: tuple[str, ...], exempt: tuple[str, ...]
) -> bool:
    names = {one.lower() for one in exempt}
    if model._meta.label_lower in names or model._meta.abstract:
        return False
    if model._meta.label_lower in {one.lower() for one in extra}:
        return True
    return issubclass(model, DraftStateMixin) or is_setting(model)


def is_setting(model: type[Model]) -> bool:
    """Tell whether it is one of Wagtail's site settings."""
    if not apps.is_installed("wagtail.contrib.settings"):
        return False
    # Only there once its application is installed.
    from wagtail.contrib.settings.models import (  # noqa: PLC0415 - see above
        BaseGenericSetting,
        BaseSiteSetting,
    )

    return issubclass(model, (BaseSiteSetting, BaseGenericSetting))


def has_drafts(model: type[Model]) -> bool:
    """Tell whether an unpublished state of it can be kept beside the public one."""
    return issubclass(model, DraftStateMixin)


def guarded_models() -> Iterator[type[Model]]:
    """Yield every guarded model but the pages."""
    for model in apps.get_models():
        if not issubclass(model, Page) and not model._meta.proxy and is_guarded(model):
            yield model


def is_live(instance: Any) -> bool:
    """Tell whether an object, as it is in memory, claims to be public."""
    return bool(instance.live) if has_drafts(type(instance)) else True


def specific(instance: Any) -> Any:
    """Return a page with the fields of its own kind, as it is in memory."""
    if type(instance) is not Page or not instance.pk:
        return instance
    whole = instance.specific
    if whole is not instance:
        for one in Page._meta.concrete_fields:
            setattr(whole, one.attname, getattr(instance, one.attname))
    return whole
