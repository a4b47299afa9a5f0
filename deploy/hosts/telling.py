"""The tables at the end: how long people waited in each trouble, and what was looked at."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from deploy.hosts.stories import Office
from deploy.hosts.trouble import Happened
from deploy.hosts.verdict import Verdict

_AFTER: Final = 3.0  # seconds: what began in a trouble may be felt a little later
_COLUMNS: Final = (
    "发生了什么",
    "到恢复",
    "没有一步办成",
    "闸口没有一次答复",
    "办成一步最久",
    "送审到机检完最久",
)


def tell(office: Office, happened: Sequence[Happened], verdict: Verdict) -> int:
    """Print the tables; return the exit status."""
    log = office.site.log.written
    writes = [received for _, received, _, _ in log]
    answers = [one.received for one in office.asked if one.status == 200]  # noqa: PLR2004
    print("\n以下都是秒\n")
    print(f"| {' | '.join(_COLUMNS)} |\n|{' --- |' * len(_COLUMNS)}")
    for one in happened:
        span = (one.began, one.ended + _AFTER)
        step = _longest(((a, b) for a, b, _, _ in log), span)
        scan = _longest(verdict.scans, span)
        print(
            f"| {one.what} | {one.ended - one.began:.0f} | {_pause(writes, span):.1f} "
            f"| {_pause(answers, span):.1f} | {step:.1f} | {scan:.1f} |"
        )
    tried = sum(1 for *_, tries in log if tries > 1)
    most = max((tries for *_, tries in log), default=0)
    print(f"\n办成 {len(log)} 步，其中 {tried} 步重发过（最多 {most} 次）")
    print("\n| 看什么 | 看到的 |\n| --- | --- |")
    for what, seen in verdict.lines:
        print(f"| {what} | {seen} |")
    for line in verdict.wrong:
        print(f"不对：{line}")
    print("全部成立" if not verdict.wrong else f"有 {len(verdict.wrong)} 处不成立")
    return 1 if verdict.wrong else 0


def _longest(
    spans: Iterable[tuple[float, float]], inside: tuple[float, float]
) -> float:
    """Return the longest of those that were on their way at some time within."""
    on_their_way = (b - a for a, b in spans if a < inside[1] and b > inside[0])
    return max(on_their_way, default=0.0)


def _pause(moments: Iterable[float], span: tuple[float, float]) -> float:
    """Return the longest time within the span in which nothing came."""
    inside = sorted(one for one in moments if span[0] <= one <= span[1])
    ends = [span[0], *inside, span[1]]
    return max(b - a for a, b in pairwise(ends))
