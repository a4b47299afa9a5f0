"""Repeats of what was refused (不予公开), however it was touched up.

A refused text is remembered as keyed fingerprints, never as text: who reads
the stored numbers without the key cannot even test a guess. The fingerprints
are chosen by winnowing (Schleimer, Wilkerson and Aiken, 2003): two texts that
share ten characters in a row, marks and spaces aside, share one at least.

The figures below were chosen on 5,078 published passages, each set against
the 5,077 others (25.8 million pairs), and on copies of them with a tenth of
the characters changed. Longer grams lose such copies (of 9 characters: a
third of them), shorter ones find political phrases everywhere.
"""

import functools
import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import regex

from review.detect.interface import Finding
from review.normalize.interface import NormalizedText, Passage
from review.spans import Span

# Names how fingerprints are made. Keep it beside the stored ones: where it
# differs they mean nothing, and have to be made anew from the contents.
SCHEME: Final = "winnow-7-4/1"
_GRAM: Final = 7
_WINDOW: Final = 4
# Between two shared grams at most so many characters stand for an edit.
_BRIDGE: Final = 8
# What makes a repeat: so many characters in all (winnowing may miss three at
# either end, so a copy is sure from 46 on), half of each passage …
_ENOUGH: Final = 40
_CONTAINED: Final = 0.5
# … or so many in one stretch, wherever in a passage they stand …
_LONG: Final = 60
# … and a different gram for every ten characters: 由Ⅴ类升为Ⅳ类 time and again is one.
_PER_GRAM: Final = 10
_SHORTEST_KEY: Final = 16
_LONGEST_KEY: Final = 64
_CASES_NAMED: Final = 3

# What every second paper says tells no two apart; it is left out on both sides.
_FORMULAS: Final = (
    "各院部各部门",
    "各系部各部门",
    "各系部各处室",
    "各二级学院各部门",
    "各学院各部门",
    "院属各部门",
    "院内各部门",
    "各党总支各党支部",
    "各党总支直属党支部",
    "各有关单位",
    "现将有关事项通知如下",
    "现将有关事宜通知如下",
    "现就有关事项通知如下",
    "现将有关情况通报如下",
    "现将有关情况公示如下",
    "现将有关情况报告如下",
    "根据上级有关文件精神",
    "根据工作需要",
    "结合学院实际",
    "结合我院实际",
    "经学院研究决定",
    "经学院党委研究决定",
    "经党委会研究决定",
    "经院长办公会研究通过",
    "请遵照执行",
    "请认真遵照执行",
    "请认真贯彻执行",
    "请结合实际认真贯彻落实",
    "请各部门高度重视认真抓好落实",
    "提高思想认识加强组织领导",
    "提高认识加强领导",
    "高度重视精心组织",
    "明确责任落实到人",
    "确保各项工作落到实处",
    "特此通知",
    "特此公告",
    "特此公示",
    "特此通报",
    "特此报告",
    "特此函告",
    "以上报告请审阅",
    "妥否请批示",
    "当否请批示",
    "如有疑问请与",
    "公示期间如有异议",
    "请以书面形式向",
    "实名反映",
    "新时代中国特色社会主义思想为指导",
    "新时代中国特色社会主义思想",
    "全面贯彻落实党的二十大精神",
    "全面贯彻党的二十大和二十届历次全会精神",
    "全面贯彻落实党的二十大和二十届历次全会精神",
    "深刻领悟两个确立的决定性意义",
    "增强四个意识坚定四个自信做到两个维护",
    "落实立德树人根本任务",
    "全面贯彻党的教育方针",
    "谁主管谁负责谁公开谁审查",
    "先审查后公开一事一审",
)

Known: TypeAlias = Callable[[Sequence[int]], Mapping[int, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class _Stream:
    """A whole draft as one run of letters, digits and Han.

    `places` has for each of its characters the passage (its position in the
    text) and the position in the passage's folded text; `lengths` how many
    characters each passage has here.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A gram that winnowing chose: where it begins in the stream, and its number."""

    at: int
    value: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive passages, first to last, that repeat one refused case.

    `same` of their `length` characters are shared; `span` is the shared part
    of the first passage, in its folded text.
    """

    case: str
    first: int
    last: int
    same: int
    length: int
    span: Span


def fingerprints(text: NormalizedText, *, key: bytes) -> tuple[int, ...]:
    """Return what to keep of a refused text: distinct numbers, in order.

    Each is from 0 to 2**63 - 1, about 0.4 of them for each character. Width,
    variants, punctuation, spaces and line breaks do not change them. Keep
    `key` apart from the numbers, and keep it: under another nothing matches.

    Raises:
        ValueError: The key is not 16 to 64 bytes long.
    """
    return _distinct(_winnowed(_stream(text).text, key))


def find_repeats(
    text: NormalizedText, *, key: bytes, known: Known
) -> tuple[Finding, ...]:
    """Report the passages that repeat a refused case, in reading order.

    `known` is asked once for all fingerprints of `text` and says which
    refused cases hold which of them. Passages in a row that repeat the same
    case are one finding; cases that the same passages repeat are named together.

    Raises:
        ValueError: The key is not 16 to 64 bytes long.
    """
    stream = _stream(text)
    chosen = _winnowed(stream.text, key)
    if not chosen:
        return ()
    holders = known(_distinct(chosen))
    shared: dict[str, list[_Chosen]] = {}
    for one in chosen:
        for case in holders.get(one.value, ()):
            shared.setdefault(case, []).append(one)
    runs = [
        run
        for case, grams in shared.items()
        for run in _runs(case, grams, stream, text.passages)
    ]
    groups = sorted(_together(runs), key=lambda group: (group[0].first, group[0].last))
    return tuple(_finding(group, text.passages[group[0].first]) for group in groups)


def _stream(text: NormalizedText) -> _Stream:
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for position, passage in enumerate(text.passages):
        for at, char in enumerate(passage.text):
            if char.isalnum():
                # A few capitals become two characters.
                lower = char.lower()
                letters.append(lower)
                places += [(position, at)] * len(lower)
    whole = "".join(letters)
    kept = _outside_formulas(whole)
    lengths = [0] * len(text.passages)
    for at in kept:
        lengths[places[at][0]] += 1
    return _Stream(
        text="".join(whole[at] for at in kept),
        places=tuple(places[at] for at in kept),
        lengths=tuple(lengths),
    )


def _outside_formulas(whole: str) -> list[int]:
    kept: list[int] = []
    done = 0
    for formula in _formula().finditer(whole):
        kept += range(done, formula.start())
        done = formula.end()
    kept += range(done, len(whole))
    return kept


@functools.cache
def _formula() -> regex.Pattern[str]:
    """Return a pattern for any formula, the longest first."""
    longest_first = sorted(_FORMULAS, key=len, reverse=True)
    return regex.compile("|".join(longest_first))


def _winnowed(text: str, key: bytes) -> list[_Chosen]:
    """Return of every four grams in a row the least; the last of equals."""
    if not _SHORTEST_KEY <= len(key) <= _LONGEST_KEY:
        raise ValueError("a fingerprint key has 16 to 64 bytes")
    values = list(_hashes(text, key))
    chosen: list[_Chosen] = []
    least = -1
    for start in range(max(1, len(values) - _WINDOW + 1) if values else 0):
        last = min(start + _WINDOW, len(values)) - 1
        before = least
        if least < start:
            least = min(range(start, last + 1), key=lambda at: (values[at], -at))
        elif values[last] <= values[least]:
            least = last
        if least != before:
            chosen.append(_Chosen(least, values[least]))
    return chosen


def _hashes(text: str, key: bytes) -> Iterator[int]:
    keyed = hashlib.blake2b(key=key, digest_size=8, person=SCHEME.encode())
    for at in range(len(text) - _GRAM + 1):
        one = keyed.copy()
        one.update(text[at : at + _GRAM].encode("utf-8", "surrogatepass"))
        # 63 bits: a database's BIGINT has a sign.
        yield int.from_bytes(one.digest(), "big") >> 1


def _distinct(chosen: Iterable[_Chosen]) -> tuple[int, ...]:
    return tuple(sorted({one.value for one in chosen}))


def _runs(
    case: str, grams: Sequence[_Chosen], stream: _Stream, passages: Sequence[Passage]
) -> list[_Run]:
    """Return the runs of passages that repeat `case`, by the grams shared with it."""
    shared: dict[int, list[int]] = {}
    long: set[int] = set()
    for start, end in _stretches(grams):
        touched = stream.places[start:end]
        for at, (position, _) in enumerate(touched, start):
            shared.setdefault(position, []).append(at)
        if end - start >= _LONG and _is_varied(grams, start, end):
            long |= {position for position, _ in touched}
    alike = [
        position
        for position in sorted(shared)
        if position in long
        or len(shared[position]) >= _CONTAINED * stream.lengths[position]
    ]
    runs: list[_Run] = []
    for group in _consecutive(alike, stream.lengths):
        same = [at for position in group for at in shared[position]]
        lone_row = len(group) == 1 and passages[group[0]].role == "row"
        if (
            len(same) >= _ENOUGH
            and _is_varied(grams, same[0], same[-1] + 1)
            # The head of a table is everybody's, however many columns it has.
            and (not lone_row or group[0] in long)
        ):
            runs.append(_run(case, group, shared, stream))
    return runs


def _run(
    case: str,
    group: Sequence[int],
    shared: Mapping[int, Sequence[int]],
    stream: _Stream,
) -> _Run:
    first = [stream.places[at][1] for at in shared[group[0]]]
    return _Run(
        case=case,
        first=group[0],
        last=group[-1],
        same=sum(len(shared[position]) for position in group),
        length=sum(stream.lengths[position] for position in group),
        span=Span(first[0], first[-1] + 1),
    )


def _stretches(grams: Sequence[_Chosen]) -> list[tuple[int, int]]:
    """Join grams that overlap or stand no further apart than an edit."""
    joined: list[tuple[int, int]] = []
    for one in grams:
        if joined and one.at - joined[-1][1] <= _BRIDGE:
            joined[-1] = (joined[-1][0], one.at + _GRAM)
        else:
            joined.append((one.at, one.at + _GRAM))
    return joined


def _is_varied(grams: Sequence[_Chosen], start: int, end: int) -> bool:
    """Tell a text from one phrase repeated: a different gram every ten characters."""
    first = bisect_left(grams, start, key=_position)
    inside = grams[first : bisect_left(grams, end, key=_position)]
    covered = sum(stop - begin for begin, stop in _stretches(inside))
    return len({one.value for one in inside}) * _PER_GRAM >= covered


def _position(one: _Chosen) -> int:
    return one.at


def _consecutive(alike: Iterable[int], lengths: Sequence[int]) -> list[list[int]]:
    """Group neighbours; a passage too short for a gram parts none."""
    groups: list[list[int]] = []
    for position in alike:
        between = lengths[groups[-1][-1] + 1 : position] if groups else ()
        if groups and all(length < _GRAM for length in between):
            groups[-1].append(position)
        else:
            groups.append([position])
    return groups


def _together(runs: Iterable[_Run]) -> list[list[_Run]]:
    """Group the runs inside one another, the largest first."""
    groups: list[list[_Run]] = []
    for run in sorted(runs, key=lambda one: (-one.same, one.case)):
        for group in groups:
            if group[0].first <= run.first and run.last <= group[0].last:
                group.append(run)
                break
        else:
            groups.append([run])
    return groups


def _finding(group: Sequence[_Run], passage: Passage) -> Finding:
    run = group[0]
    cases = tuple(dict.fromkeys(one.case for one in group))
    source = passage.to_source(run.span)
    share = min(1.0, run.same / run.length)
    return Finding(
        detector="duplicate",
        rule="duplicate/refused",
        # What the refused matter was about is told in its own case. This says
        # something of the paper itself, as hidden content does, and claims no
        # state secret: the office weighs it anew.
        category="marking",
        tier="internal",
        severity="review",
        score=round(0.5 + 0.45 * share, 4),
        reason=f"与不予公开件 {_named(cases)} 高度相似：{_extent(run, share)}",
        clauses=("001:51(4)",),
        passage=passage.index,
        span=source,
        text=passage.source[source.start : source.end],
        where=passage.where,
        hidden=passage.hidden,
        releasable_when="原件不予公开的理由已不存在，并经保密办重新审查同意",
        suggestion="先查阅所列审查件不予公开的理由：仍然成立的不得公开，已经改到可以公开的写明改了什么",
        weighed=cases,
    )


def _named(cases: Sequence[str]) -> str:
    if len(cases) <= _CASES_NAMED:
        return "、".join(cases)
    return f"{'、'.join(cases[:_CASES_NAMED])} 等 {len(cases)} 件"


def _extent(run: _Run, share: float) -> str:
    if run.first == run.last:
        return f"本段约 {run.same} 字与它雷同，占本段 {share:.0%}"
    count = run.last - run.first + 1
    return f"从本段起连续 {count} 段约 {run.same} 字与它雷同，占这些段落的 {share:.0%}"
