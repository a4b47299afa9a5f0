"""`manage.py xianshen_sweep`: look through everything public, take down what isn't cleared."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xianshen_wagtail.asking import ask
from xianshen_wagtail.guarded import is_live
from xianshen_wagtail.models import Review
from xianshen_wagtail.standing import sweep
from xianshen_wagtail.webhook import revoke


class Command(BaseCommand):
    """Every hour or so, by cron."""

    help = "逐件核对公开的内容，没有通过审查的撤下"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether the gate is to be asked of each again."""
        parser.add_argument(
            "--ask", action="store_true", help="逐件再问闸口：通知没有送到时用"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Say what was taken down."""
        if options["ask"]:
            self._ask_again()
        gone = sweep(thorough=True)
        for one in gone:
            self.stdout.write(f"撤下：{one._meta.label} {one.pk} {one}")
        self.stdout.write(f"核对完毕，撤下 {len(gone)} 件")

    def _ask_again(self) -> None:
        for review in Review.objects.filter(standing="allowed"):
            shown = review.object
            if shown is None or not is_live(shown):
                continue
            if ask(review).code == "revoked":
                revoke(review)
                self.stdout.write(f"许可已撤销：{review.external_id}")
