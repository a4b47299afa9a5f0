"""Comments of a Word file: whose they are, which answer others, which are done."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from review.extract.ooxml.ooxml import Relationship, is_true, local
from review.extract.package import Package
from review.extract.word.runs import signed
from review.extract.word.styles import W

_PARAGRAPH_ID: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"


@dataclass(frozen=True, slots=True)
class Thread:
    """What is known of a comment beside its text."""

    answers: bool
    done: bool


def threads_of(package: Package, links: Iterable[Relationship]) -> dict[str, Thread]:
    """Return what `commentsExtended.xml` says, by the id of a comment's paragraph.

    Raises:
        UnreadableError: The part is damaged.
    """
    found: dict[str, Thread] = {}
    named = (one.target for one in links if one.kind == "commentsExtended")
    for name in dict.fromkeys(named):
        for element in package.xml(name).iter() if package.has(name) else ():
            if local(element) == "commentEx":
                said = {str(k).rpartition("}")[2]: str(v) for k, v in element.items()}
                thread = Thread("paraIdParent" in said, is_true(said.get("done")))
                found[said.get("paraId", "").upper()] = thread
    return found


def about(comment: etree._Element, threads: dict[str, Thread]) -> str:
    """Say in Chinese whose comment it is, when, and what it answers."""
    thread = Thread(answers=False, done=False)
    for paragraph in comment.iter(f"{W}p"):
        known = threads.get((paragraph.get(_PARAGRAPH_ID) or "").upper())
        thread = known or thread
    what = signed("回复" if thread.answers else "批注", comment)
    return f"{what}，已解决" if thread.done else what
