"""Every hostile file of our own making, by its name."""

from collections.abc import Callable
from typing import Final

from tests.fuzz.hostile_files import PAGES, WORDS
from tests.fuzz.hostile_packages import packages

HOSTILE: Final[dict[str, Callable[[], bytes]]] = {
    **dict(packages()),
    **PAGES,
    **WORDS,
}
