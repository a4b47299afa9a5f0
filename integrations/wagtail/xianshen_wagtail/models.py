"""What was handed in of which object, what the gate said, and what was told of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac
from wagtail.models import Page, Task, TaskState

from xianshen_wagtail.content import Contents, fingerprint

_SALT = "xianshen_wagtail.models.Review"
_SCALED = "xianshen_wagtail.models.Scaled"
STANDINGS = [
    ("open", "审查中"),
    ("allowed", "可以公开"),
    ("revoked", "已撤销"),
    ("adopted", "启用前已有"),
]


class ReviewQuerySet(models.QuerySet):
    """Reviews, and those of one object."""

    def of(self, instance: Any) -> ReviewQuerySet:
        """Return an object's reviews, the last first."""
        kind, name = key_of(instance)
        return self.filter(content_type=kind, object_id=name).order_by("-number")


class Review(models.Model):
    """One version of one object, as it was handed in."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.CharField(max_length=255)
    number = models.PositiveIntegerField(help_text="这个对象的第几次送审")
    external_id = models.CharField(max_length=200, unique=True)
    title = models.CharField(max_length=500)
    html = models.TextField()
    digests = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, db_index=True)
    case = models.CharField(max_length=20, blank=True)
    stage = models.CharField(max_length=40, blank=True)
    stage_word = models.CharField(max_length=40, blank=True)
    findings = models.JSONField(null=True)
    standing = models.CharField(max_length=10, choices=STANDINGS, default="open")
    clearance = models.TextField(blank=True)
    seal = models.CharField(max_length=64, blank=True)
    said = models.TextField(blank=True, help_text="闸口最后的回答")
    submitted_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    refreshed_at = models.DateTimeField(null=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        """One number is one version."""

        verbose_name = "送审记录"
        verbose_name_plural = "送审记录"
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "number"],
                name="xianshen_review_number",
            )
        ]

    def __str__(self) -> str:
        """Return which item it is and where it stands."""
        return f"{self.external_id}（{self.stage_word or '未送到'}）"

    @property
    def object(self) -> Any:
        """Return the object as it is in the database, or None."""
        model = self.content_type.model_class()
        found = model and model._base_manager.filter(pk=self.object_id).first()
        return found.specific if isinstance(found, Page) else found

    def holds(self) -> bool:
        """Tell whether the gate said yes to this, and nobody wrote that here by hand."""
        if self.standing not in {"allowed", "adopted"}:
            return False
        whole = fingerprint(self.title, self.html, self.digests)
        return whole == self.fingerprint and constant_time_compare(
            self.seal, self._sealed()
        )

    def close(self, standing: str) -> None:
        """Take in that the gate said yes, or that the item was public before."""
        self.standing = standing
        self.seal = self._sealed()

    def _sealed(self) -> str:
        parts = (
            self.external_id,
            str(self.content_type_id),
            self.object_id,
            self.fingerprint,
            self.standing,
        )
        return salted_hmac(_SALT, "\n".join(parts), algorithm="sha256").hexdigest()


class ReviewFile(models.Model):
    """A file of a review, to be found by its digest."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="files")
    sha256 = models.CharField(max_length=64, db_index=True)

    def __str__(self) -> str:
        """Return the digest."""
        return self.sha256


class Publication(models.Model):
    """Something that went out and is still to be told, or was told."""

    review = models.ForeignKey(
        Review, on_delete=models.CASCADE, related_name="publications"
    )
    address = models.CharField(max_length=1000)
    published_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        """Return where it went out."""
        return self.address


class Notice(models.Model):
    """A webhook that was taken: the same one again changes nothing."""

    name = models.CharField(max_length=100, unique=True)
    event = models.CharField(max_length=40)
    taken_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Return which one it was."""
        return self.name


class Scaled(models.Model):
    """A scaled picture as Wagtail made it: another file in its place is not served."""

    path = models.CharField(max_length=255, unique=True)
    sha256 = models.CharField(max_length=64)
    original = models.CharField(max_length=64, help_text="原图的摘要")
    seal = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        """Return the path."""
        return self.path

    def holds(self) -> bool:
        """Tell whether this site wrote it down, and nobody by hand."""
        return constant_time_compare(self.seal, self.sealed())

    def sealed(self) -> str:
        """Return the seal that belongs to it."""
        whole = f"{self.path}\n{self.sha256}\n{self.original}"
        return salted_hmac(_SCALED, whole, algorithm="sha256").hexdigest()


def key_of(instance: Any) -> tuple[ContentType, str]:
    """Return what an object's reviews are kept under; an alias has its original's."""
    if isinstance(instance, Page):
        return (
            ContentType.objects.get_for_model(Page),
            str(instance.alias_of_id or instance.pk),
        )
    kind = ContentType.objects.get_for_model(instance, for_concrete_model=True)
    return kind, str(instance.pk)


def reviews_of(instance: Any, contents: Contents) -> list[Review]:
    """Return the reviews of exactly these contents of this object, the last first."""
    if instance.pk is None and not getattr(instance, "alias_of_id", None):
        return []
    of_it = Review.objects.of(instance).filter(fingerprint=contents.fingerprint)
    return list(of_it)


def review_of(instance: Any, contents: Contents) -> Review | None:
    """Return the last review of exactly these contents of this object."""
    found = reviews_of(instance, contents)
    return found[0] if found else None


class ReviewTask(Task):
    """A step of a workflow: hand in to 先审, and wait there until it is cleared."""

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        """Hand the revision in; what goes wrong stands on the panel, and can be tried again."""
        from xianshen_wagtail.asking import try_submitting  # noqa: PLC0415 - it needs this module

        state = super().start(workflow_state, user=user)
        try_submitting(state.revision.as_object(), user=user)
        return state

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Offer to go on only once it is cleared."""
        from xianshen_wagtail.asking import looks_cleared  # noqa: PLC0415 - as above

        if not self._may(user, obj):
            return []
        refuse = ("reject", "退回修改", True)
        return (
            [refuse, ("approve", "审查已通过，继续", False)]
            if looks_cleared(obj)
            else [refuse]
        )

    def on_action(
        self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any
    ) -> None:
        """Let nobody past this step but what the gate allows.

        Raises:
            PublishBlockedError: The gate does not allow it.
        """
        from xianshen_wagtail.asking import require  # noqa: PLC0415 - as above

        if action_name == "approve":
            require(task_state.revision.as_object())
        super().on_action(task_state, user, action_name, **kwargs)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Let whoever may publish it see it."""
        return self._may(user, obj)

    def get_task_states_user_can_moderate(self, user: Any, **_: Any) -> Any:
        """Return the states that wait here, for those who may go on."""
        if user.is_superuser:
            return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return TaskState.objects.none()

    @classmethod
    def get_description(cls) -> str:
        """Say what the step does."""
        return "送先审审查，审查通过后才能继续"

    @staticmethod
    def _may(user: Any, obj: Any) -> bool:
        if isinstance(obj, Page):
            return bool(obj.permissions_for_user(user).can_publish())
        return bool(
            user.has_perm(f"{obj._meta.app_label}.publish_{obj._meta.model_name}")
        )

    class Meta:
        """As the editors see it."""

        verbose_name = "先审"
        verbose_name_plural = "先审"
