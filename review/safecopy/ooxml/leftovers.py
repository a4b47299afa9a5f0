"""Take out what reading still finds hidden: white or tiny letters in a sea of others.

Which letters nobody sees is judged in one place only, the extraction. What it still
reports in a cleaned file is looked up among the runs of text, and taken out there.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from lxml import etree

from review.extract.interface import Block, Extractor
from review.extract.limits import Limits
from review.extract.ooxml.ooxml import local
from review.safecopy.characters import squeezed

# What makes a run look other than its neighbours; of equal texts such a run is taken.
_TELLING: Final = frozenset(
    ["color", "sz", "vanish", "solidFill", "noFill", "rStyle", "webHidden", "w"]
)
_LONGEST: Final = 400  # runs that one hidden stretch may be made of
_ROUNDS: Final = 3


def settled(
    write: Callable[[], bytes],
    extractor: Extractor,
    limits: Limits,
    seen: Iterable[str],
    take: Callable[[Sequence[Block], Sequence[Block]], int],
) -> bytes:
    """Return the file once reading finds nothing hidden that `take` can take out.

    `take` is given what is hidden and what is shown, and returns how much it took.

    Raises:
        UnreadableError: What was written cannot be read.
    """
    known = {squeezed(text) for text in seen}
    for _ in range(_ROUNDS):
        data = write()
        found = extractor.extract(data, limits).blocks
        hidden = [
            one for one in found if one.hidden and squeezed(one.text) not in known
        ]
        shown = [one for one in found if not one.hidden]
        if not hidden or not take(hidden, shown):
            return data
    return write()


def take_out(
    roots: Iterable[etree._Element],
    hidden: Sequence[Block],
    *,
    paragraph: str,
    run: str,
    empty: Callable[[etree._Element], object],
) -> int:
    """Empty the runs that say what the hidden blocks say; return how many blocks.

    `paragraph` and `run` are tags; `empty` takes out what a run shows.
    """
    lines = [
        [(one, _said(one)) for one in each.iter(run) if _is_own(one, each, paragraph)]
        for root in roots
        for each in root.iter(paragraph)
    ]
    done = 0
    for block in hidden:
        for text in (block.text, *block.text.split("\n")):
            found = _saying(lines, squeezed(text))
            for one in found:
                empty(one)
            if found:
                lines = [[(r, t) for r, t in line if r not in found] for line in lines]
                done += 1
            if found and text == block.text:
                break
    return done


def _is_own(run: etree._Element, paragraph: etree._Element, tag: str) -> bool:
    return next(run.iterancestors(tag), None) is paragraph


def _said(run: etree._Element) -> str:
    """Return what a run says itself, without the boxes that hang on it."""
    texts = [
        one.text or ""
        for one in run.iter()
        if local(one) == "t" and next(one.iterancestors(run.tag), None) is run
    ]
    return squeezed("".join(texts))


def _saying(
    lines: Sequence[Sequence[tuple[etree._Element, str]]], text: str
) -> list[etree._Element]:
    """Return the runs that together say a text; those that look special first."""
    if not text:
        return []
    found = [
        runs
        for line in lines
        for start in range(len(line))
        if (runs := _from(line, start, text)) is not None
    ]
    return max(found, key=_is_special, default=[])


def _from(
    line: Sequence[tuple[etree._Element, str]], start: int, text: str
) -> list[etree._Element] | None:
    total = ""
    for at in range(start, min(len(line), start + _LONGEST)):
        said = line[at][1]
        if at == start and not said:
            return None
        total += said
        if total == text:
            return [run for run, _ in line[start : at + 1]]
        if not text.startswith(total):
            return None
    return None


def _is_special(runs: Sequence[etree._Element]) -> bool:
    return all(
        any(local(one) in _TELLING or one.get("sz") for one in run.iter())
        for run in runs
    )
