"""What holds inside one pair of braces of rich text: where text goes, how it looks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from review.extract.flow import Flow, hiding
from review.extract.rtf.words import CLOCK, Way

_TINY: Final = 4  # half points
_MOST_SKIPPED: Final = 16
_SWITCHES: Final[Mapping[str, str]] = {
    "v": "vanished",
    "webhidden": "vanished",
    "deleted": "deleted",
    "revised": "inserted",
    "htmlrtf": "muted",
}
_LETTER_KINDS: Final = frozenset(["rtlch", "ltrch", "loch", "hich", "dbch"])
_NUMBERS: Final = frozenset(
    [
        *("revauth", "revdttm", "revauthdel", "revdttmdel", *CLOCK),
        *("pngblip", "jpegblip", "emfblip", "wmetafile", "dibitmap", "wbitmap"),
    ]
)


@dataclass(slots=True)
class Group:
    """One group while it is open; `kept` gathers what does not go to a page."""

    way: Way = "show"
    label: str = ""
    codec: str | None = None
    ignorable: bool = False
    begun: bool = False
    skip: int = 1
    vanished: bool = False
    deleted: bool = False
    inserted: bool = False
    white: bool = False
    shaded: bool = False
    tiny: bool = False
    muted: bool = False
    in_table: bool = False
    is_wide: bool = False
    numbers: dict[str, int] = field(default_factory=dict)
    flow: Flow | None = None
    kept: list[str] = field(default_factory=list)

    def inner(self) -> "Group":
        """Return a group inside this one: it begins with what holds here."""
        return replace(self, ignorable=False, begun=False, flow=None)

    def keep(self, way: Way, label: str) -> None:
        """Let the text of this group be gathered by itself."""
        self.way, self.label = way, label
        self.kept, self.numbers = [], {}

    def heed(self, word: str, number: int | None) -> bool:
        """Change how text looks from here on; tell whether the word does that."""
        if word in _SWITCHES:
            setattr(self, _SWITCHES[word], number != 0)
        elif word in _NUMBERS:
            self.numbers = {**self.numbers, word: number or 0}
        elif word in _LETTER_KINDS:
            self.is_wide = word == "dbch"
        elif word in _LOOKS:
            _LOOKS[word](self, number)
        else:
            return False
        return True

    @property
    def hiding(self) -> str | None:
        """Say in Chinese how text is hidden; `None` for text that is seen."""
        white = self.white and not self.shaded
        return hiding(vanished=self.vanished, tiny=self.tiny, white=white)

    def size(self, number: int | None) -> None:
        """Take the size of letters, in half points."""
        self.tiny = number is not None and 0 < number <= _TINY

    def wide_size(self, number: int | None) -> None:
        """Take the size of Chinese letters, where it is said for them alone."""
        if self.is_wide:
            self.size(number)

    def ground(self, number: int | None) -> None:
        """Take the colour behind letters."""
        self.shaded = bool(number)

    def plain(self, _number: int | None) -> None:
        """Forget what was said about letters."""
        self.vanished = self.deleted = self.inserted = self.white = False
        self.shaded = self.tiny = False
        self.codec = None

    def skip_after(self, number: int | None) -> None:
        """Take how many letters stand in for one that is given by number."""
        self.skip = max(0, min(1 if number is None else number, _MOST_SKIPPED))

    def into_table(self, _number: int | None) -> None:
        """Take that the paragraph stands in a table."""
        self.in_table = True

    def out_of_table(self, _number: int | None) -> None:
        """Forget what was said about the paragraph."""
        self.in_table = False


_Look: TypeAlias = Callable[[Group, int | None], None]
_LOOKS: Final[Mapping[str, _Look]] = {
    "fs": Group.size,
    "afs": Group.wide_size,
    "cb": Group.ground,
    "chcbpat": Group.ground,
    "highlight": Group.ground,
    "plain": Group.plain,
    "uc": Group.skip_after,
    "intbl": Group.into_table,
    "pard": Group.out_of_table,
}
