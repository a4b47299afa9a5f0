"""What may be run in a sandbox, in one list; a new function is one line.

Each takes a file's bytes and options that JSON carries, and returns a value that JSON
carries and bytes. It imports what it works with when it runs: a child is
quick because it loads nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeAlias

Work: TypeAlias = Callable[[bytes, Mapping[str, Any]], tuple[Any, bytes]]


@dataclass(frozen=True, slots=True)
class Function:
    """A function and the name that the parent calls it by."""

    name: str
    work: Work


def _pages(data: bytes, options: Mapping[str, Any]) -> tuple[Any, bytes]:
    from review.picture.draw import pages_of  # noqa: PLC0415 - loaded where it runs
    from review.picture.interface import Excerpt  # noqa: PLC0415 - loaded where it runs

    excerpts = [Excerpt(**one) for one in options["excerpts"]]
    return asdict(pages_of(data, excerpts)), b""


def _page(data: bytes, options: Mapping[str, Any]) -> tuple[Any, bytes]:
    from review.picture.draw import draw_page  # noqa: PLC0415 - loaded where it runs

    made = draw_page(data, options["page"], width_px=options["width_px"])
    return {"width": made.width, "height": made.height}, made.png


FUNCTIONS: Final = (
    Function("pages", _pages),
    Function("page", _page),
)
