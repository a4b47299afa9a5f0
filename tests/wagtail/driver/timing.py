"""How long publishing takes: `timing.py PAGES`; pages in turn guarded and exempt.

For `benchmarks/wagtail.py`; it says what it measured, in milliseconds.
"""

import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402 - only once Django is set up
from django.core.cache import cache  # noqa: E402 - as above
from driver.college import tell  # noqa: E402 - as above
from driver.run import clear_home  # noqa: E402 - as above
from driver.setting_up import set_up  # noqa: E402 - as above
from driver.things import admin, in_state, make_page  # noqa: E402 - as above


def main() -> None:
    set_up()
    clear_home()
    pages = [in_state("cleared", make_page) for _ in range(int(sys.argv[1]))]
    taken = {True: [], False: []}
    for at, one in enumerate(pages):
        asks = at % 2 == 0
        exempt = () if asks else ("news.NewsPage",)
        settings.XIANSHEN = {**settings.XIANSHEN, "EXEMPT": exempt}
        cache.clear()
        revision, user = one.fresh().get_latest_revision(), admin()
        began = time.perf_counter()
        revision.publish(user=user)
        taken[asks].append((time.perf_counter() - began) * 1000)
        assert one.fresh().live
    tell("times", guarded=taken[True], bare=taken[False])
    tell("done")


if __name__ == "__main__":
    main()
