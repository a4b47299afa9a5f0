"""Views of the register that people saved under a name, each for himself."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """One person's named filters, as an address holds them after its `?`."""

    person: str
    number: int
    name: str
    query: str


class ViewsReading(Protocol):
    """A look at the saved views."""

    def of(self, person: str) -> tuple[SavedView, ...]:
        """Return the person's views, the first saved first."""
        ...


class Views(ViewsReading, Protocol):
    """The same within a transaction."""

    def put(self, view: SavedView) -> None:
        """Keep the view, in place of the person's own of the same number."""
        ...

    def drop(self, person: str, number: int) -> bool:
        """Forget one of the person's views; tell whether there was one."""
        ...
