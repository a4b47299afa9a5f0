"""`manage.py xianshen_report`: tell 先审 what went out and was not taken yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianshen_wagtail.asking import report
from xianshen_wagtail.models import Publication


class Command(BaseCommand):
    """Every few minutes, by cron."""

    help = "补报还没有登记上的发布"

    def handle(self, *_: Any, **__: Any) -> None:
        """Tell each; one that is refused does not keep the next."""
        open_ones = list(Publication.objects.filter(reported_at=None).order_by("pk"))
        failed = [one for one in open_ones if not report(one)]
        self.stdout.write(f"登记了 {len(open_ones) - len(failed)} 次发布")
        for one in failed:
            self.stderr.write(f"{one.address}：{one.error}")
        if failed:
            raise CommandError(f"还有 {len(failed)} 次没有登记上，下次再试")
