"""`manage.py xianshen_adopt`: keep showing what was public before 先审 came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import Page

from xianshen_wagtail.asking import next_review
from xianshen_wagtail.content import contents_of, is_blank
from xianshen_wagtail.guarded import guarded_models, has_drafts, is_guarded
from xianshen_wagtail.models import Review, ReviewFile

if TYPE_CHECKING:
    from datetime import datetime


class Command(BaseCommand):
    """Once, when the package is installed; whatever changes later is reviewed."""

    help = "启用时登记已经公开的内容：不变就照常显示，一改就要送审"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the ground, which is kept with each."""
        parser.add_argument("--ground", required=True, help="依据，例如文号")

    def handle(self, *_: Any, **options: Any) -> None:
        """Seal each as it is now."""
        installed = _installed()
        made = 0
        for one in _public(installed):
            if Review.objects.of(one).exists():
                continue
            contents = contents_of(one)
            review = next_review(one)
            review.title, review.html = contents.title, contents.html
            review.digests, review.fingerprint = contents.digests, contents.fingerprint
            review.said = f"启用前已公开：{options['ground']}"
            review.close("adopted")
            review.save()
            ReviewFile.objects.bulk_create(
                ReviewFile(review=review, sha256=file.sha256) for file in contents.files
            )
            made += 1
        self.stdout.write(f"登记了 {made} 件启用前已公开的内容，请尽快逐件补审")


def _installed() -> datetime:
    found = MigrationRecorder.Migration.objects.filter(
        app="xianshen_wagtail", name="0001_initial"
    ).first()
    if found is None:
        raise CommandError("先执行 manage.py migrate")
    return found.applied


def _public(installed: datetime) -> Any:
    """Yield what was published before the package came, and not since."""
    pages = Page.objects.filter(
        live=True, depth__gt=1, alias_of=None, last_published_at__lt=installed
    )
    for page in pages.specific().iterator():
        if is_guarded(type(page)):
            yield page
    for model in guarded_models():
        if has_drafts(model):
            yield from model._base_manager.filter(
                live=True, last_published_at__lt=installed
            )
        else:  # settings know no dates; whatever of them was ever handed in is left out
            found = model._base_manager.all()
            yield from (one for one in found if not is_blank(one))
