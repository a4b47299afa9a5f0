"""Check a safe copy against its original: nothing hidden left, nothing seen lost."""

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from review.errors import UnsupportedError
from review.extract.interface import Block, Document
from review.safecopy.characters import squeezed
from review.safecopy.interface import Cleaned
from review.spans import PART_WORDS

# What remains unread in a picture is as visible in the copy as in the original.
_HARMLESS_GAPS: Final = frozenset({"image_without_text", "garbled_text"})
# Reading a page gives its form fields last; drawn on the page they stand in order.
_UNORDERED: Final = frozenset({"pdf"})
# Charts and drawings are read in the order of their parts, which are named anew.
_APART: Final = frozenset({"image", "textbox"})
_RECOGNIZED: Final = "图片文字识别"


def check(before: Document, after: Document, cleaned: Cleaned) -> int:
    """Return how many visible characters both have.

    Raises:
        UnsupportedError: Something hidden is left, or something seen has changed.
    """
    left = Counter(PART_WORDS[one.where.part] for one in _left(after, cleaned))
    if left:
        kinds = "、".join(f"{kind} {count} 处" for kind, count in left.items())
        raise UnsupportedError(
            f"有隐藏内容无法可靠清除（{kinds}），没有生成安全副本；"
            "请在原来的软件里删除后再试。"
        )
    unread = [gap for gap in after.gaps if gap.code not in _HARMLESS_GAPS]
    if unread:
        raise UnsupportedError(
            f"副本里有机器读不了的部分（{unread[0].message}），没有生成安全副本。"
        )
    old = _shown(before, cleaned.unseen, cleaned.scanned)
    new = _shown(after, (), cleaned.scanned)
    if not _same(old, new, after.format):
        seen, left_over = Counter("".join(old)), Counter("".join(new))
        lost = (seen - left_over).total()
        gained = (left_over - seen).total()
        if gained and not lost and any(one.hidden for one in before.blocks):
            raise UnsupportedError(
                f"清除遮盖会露出原来看不见的文字（{gained} 字），没有生成安全副本；"
                "请先在原来的软件里删除被遮住的文字再试。"
            )
        raise UnsupportedError(
            f"清除隐藏内容会改变看得见的文字（少 {lost} 字，多 {gained} 字，"
            "或顺序不同），没有生成安全副本；请在原来的软件里另存一份后再试。"
        )
    return sum(map(len, new))


def has_pictures(document: Document) -> bool:
    """Tell whether there are pictures that nobody read."""
    return any(gap.code in _HARMLESS_GAPS for gap in document.gaps)


def _left(document: Document, cleaned: Cleaned) -> Iterator[Block]:
    """Yield what is still hidden in the copy, or inside a file in it."""
    shown = {squeezed(text) for text in cleaned.seen}
    for block in document.blocks:
        inside = block.where.path is not None
        if inside or (block.hidden and not _is_known(block, shown)):
            yield block


def _is_known(block: Block, shown: set[str]) -> bool:
    if squeezed(block.text) in shown:
        return True
    return all(squeezed(line) in shown for line in block.text.split("\n"))


def _same(old: tuple[str, str], new: tuple[str, str], kind: str) -> bool:
    """Tell whether two files say the same on their pages, and in their pictures."""
    if Counter(old[1]) != Counter(new[1]):
        return False
    if kind in _UNORDERED:
        return Counter(old[0]) == Counter(new[0])
    return old[0] == new[0]


def _shown(
    document: Document, unseen: Iterable[str], scanned: AbstractSet[int]
) -> tuple[str, str]:
    """Return all that is seen without white space: on pages in order, in pictures."""
    blocks = [
        one
        for one in document.blocks
        if _is_seen(one) and one.where.page not in scanned
    ]
    pages = [squeezed(one.text) for one in blocks if one.where.part not in _APART]
    for text in unseen:
        if (plain := squeezed(text)) in pages:
            pages.remove(plain)
    apart = (squeezed(one.text) for one in blocks if one.where.part in _APART)
    return "".join(pages), "".join(apart)


def _is_seen(block: Block) -> bool:
    if block.hidden or block.where.path is not None:
        return False
    # What is recognized in a picture may differ by a letter from one time to the next.
    return block.detail != _RECOGNIZED
