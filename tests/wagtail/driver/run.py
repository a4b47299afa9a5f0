"""One process for one version of Wagtail: tries everything, prints what came of it."""

import statistics
import sys
import time
import traceback
from collections.abc import Iterator

import django

django.setup()

from django.core.cache import cache  # noqa: E402 - only once Django is set up
from django.test.utils import setup_test_environment  # noqa: E402 - as above
from driver import others, pages, snippets  # noqa: E402 - as above
from driver.altered import alterations  # noqa: E402 - as above
from driver.college import clear, gates, tell, use  # noqa: E402 - as above
from driver.more import more  # noqa: E402 - as above
from driver.setting_up import set_up  # noqa: E402 - as above
from driver.things import (  # noqa: E402 - as above
    STATES,
    Subject,
    admin,
    home,
    in_state,
    make_notice,
    make_page,
    seen,
)
from news.models import Footer  # noqa: E402 - as above
from xianshen_wagtail.asking import PublishBlockedError, require, submit  # noqa: E402 - as above
from xianshen_wagtail.models import Review  # noqa: E402 - as above

# These are stopped before they write; all others are met where pages are served.
STOPPED_AT_ONCE = {*pages.STOPPED_AT_ONCE, *snippets.STOPPED_AT_ONCE}
_BROKEN = ("down", "slow", "nonsense")


def row(way: str, state: str, *, shown: bool, wanted: bool, note: str = "") -> None:
    tell("row", way=way, state=state, shown=shown, wanted=wanted, note=note)


def attempt(way, one: Subject) -> tuple[object, str]:
    """Try it; return what it returned, and what went wrong that should not have."""
    try:
        return way(one), ""
    except PublishBlockedError:
        return None, ""
    except Exception:
        return None, traceback.format_exc(limit=-4)


def try_all(subjects, ways, addresses) -> Iterator[None]:
    with gates() as which:
        for state in STATES:
            use(which["good"])
            one = subjects(state)
            for name, way, passes in ways:
                if state in _BROKEN:
                    use(which[state], timeout=0.15)
                found, note = attempt(way, one)
                wanted = passes and state == "cleared"
                if way in STOPPED_AT_ONCE and not wanted and one.fresh().live:
                    note += " 数据库里已经是公开的"
                cache.clear()
                shown = (
                    found
                    if isinstance(found, bool)
                    else seen(one.text, *addresses(one, found))
                )
                if one.thing is not None and not one.kept:
                    note += " 文字丢了"
                row(name, state, shown=shown, wanted=wanted, note=note)
                use(which["good"])
                yield one


def clear_home() -> None:
    page = home()
    page.save_revision(user=admin())
    review = submit(page.get_latest_revision_as_object(), user=admin())
    clear(review.case)
    page.get_latest_revision().publish(user=admin())


def median_of_asking() -> float:
    """Return how many milliseconds the gate adds to publishing, of forty times."""
    one = in_state("cleared", make_page)
    latest, took = one.fresh().get_latest_revision_as_object(), []
    for _ in range(40):
        began = time.perf_counter()
        require(latest)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def pages_addresses(one: Subject, found: object) -> list[str]:
    if isinstance(found, str):
        return [found]
    return [f"/{one.fresh().slug}/"]


def main() -> None:
    setup_test_environment()
    set_up()
    began = time.monotonic()
    clear_home()
    for one in try_all(
        lambda state: in_state(state, make_page), pages.WAYS, pages_addresses
    ):
        if one.fresh().depth > 3:
            pages.back_from_moving(one)
        one.reset()
    made = lambda state: in_state(state, make_notice)  # noqa: E731 - one line says it
    for one in try_all(made, snippets.WAYS, lambda *_: ["/"]):
        one.reset()
    for _ in try_all(others.setting_in, others.SETTING_WAYS, lambda *_: ["/"]):
        Footer.objects.update(text="")
        Review.objects.filter(
            standing="allowed", external_id__contains="footer"
        ).update(standing="open", seal="")
    for one in try_all(others.files_in, others.FILE_WAYS, lambda *_: []):
        one.reset()
    for name, shown, wanted, note in alterations():
        row(name, "altered", shown=shown, wanted=wanted, note=note)
    for name, good, note in more():
        row(name, "", shown=good, wanted=True, note=note)
    tell("median", ms=median_of_asking())
    tell("done", seconds=time.monotonic() - began)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        traceback.print_exc()
        sys.exit(1)
