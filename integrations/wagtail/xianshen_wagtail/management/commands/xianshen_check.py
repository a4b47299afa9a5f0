"""`manage.py xianshen_check`: does the gate let this site in?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianshen_wagtail.conf import SettingsWrongError, conf, gate

# Answers of a gate that knows this site: it has never heard of the item.
_LET_IN = {"not_reviewed", "channel"}


class Command(BaseCommand):
    """Ask of an item that nobody has handed in."""

    help = "连接测试：问闸口一件没有送审的内容"

    def handle(self, *_: Any, **__: Any) -> None:
        """Say whether the answer was the right one."""
        try:
            now = conf()
            answer = gate().check(
                f"{now.prefix}-connection-test",
                channel=now.channel,
                title="连接测试",
                html="<p>连接测试</p>",
            )
        except SettingsWrongError as error:
            raise CommandError(str(error)) from None
        if answer.allowed or answer.code not in _LET_IN:
            raise CommandError(f"没有连通（{answer.code}）：{answer.message}")
        if answer.code == "channel":
            raise CommandError(f"连上了，但{answer.message}")
        self.stdout.write(f"连通：{now.url} 认得这个站点，没有送审的它都说不能公开。")
