"""The pages for editors: one item's review, and the list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page
from xianshen_gate import GateError

from xianshen_wagtail.asking import refresh, try_submitting
from xianshen_wagtail.editing import state_of
from xianshen_wagtail.guarded import is_guarded
from xianshen_wagtail.models import Review

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_A_PAGE = 50


def edit_address(instance: Any) -> str:
    """Return where an object is edited."""
    if isinstance(instance, Page):
        return reverse("wagtailadmin_pages:edit", args=[instance.pk])
    found = AdminURLFinder().get_edit_url(instance)
    return str(found or reverse("wagtailadmin_home"))


def item(request: HttpRequest, model: str, pk: str) -> HttpResponse:
    """Show where one object stands."""
    one = _object(request, model, pk)
    said = state_of(one)
    review = said["xianshen_review"]
    if review is not None and review.case:
        try:
            refresh(review)
        except GateError as error:
            messages.warning(request, f"没有问到先审，以下是上次的情况：{error}")
    said["reviews"] = Review.objects.of(one)[:20]
    said.update(object=one, edit_address=edit_address(one), model=model)
    return render(request, "xianshen_wagtail/item.html", said)


@require_POST
def hand_in(request: HttpRequest, model: str, pk: str) -> HttpResponse:
    """Hand in an object's last saved text."""
    one = _object(request, model, pk)
    latest = one
    if hasattr(one, "get_latest_revision_as_object"):
        latest = one.get_latest_revision_as_object()
    failed = try_submitting(latest, user=request.user)
    if failed:
        messages.error(request, f"没有送到先审：{failed}")
    else:
        messages.success(request, f"《{one}》已送先审审查")
    return redirect("xianshen_admin:item", model, pk)


def every(request: HttpRequest) -> HttpResponse:
    """Show what was handed in, the last first; to superusers only, who may see any of it."""
    if not request.user.is_superuser:
        raise PermissionDenied
    found = Review.objects.order_by("-submitted_at").select_related("content_type")
    shown = Paginator(found, _A_PAGE).get_page(request.GET.get("p"))
    return render(request, "xianshen_wagtail/list.html", {"reviews": shown})


def _object(request: HttpRequest, name: str, pk: str) -> Any:
    try:
        model = apps.get_model(name)
    except (LookupError, ValueError):
        raise Http404 from None
    if not is_guarded(model):
        raise Http404
    one = model._base_manager.filter(pk=pk).first()
    if one is None:
        raise Http404
    if isinstance(one, Page):
        one = one.specific
        if not one.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
    elif not request.user.has_perm(
        f"{model._meta.app_label}.change_{model._meta.model_name}"
    ):
        raise PermissionDenied
    return one


urls = [
    path("", every, name="list"),
    path("<str:model>/<str:pk>/", item, name="item"),
    path("<str:model>/<str:pk>/submit/", hand_in, name="submit"),
]
