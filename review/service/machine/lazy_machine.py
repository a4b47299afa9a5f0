"""A machine whose lexicons and model are loaded when first needed, and again when they change."""

from collections.abc import Callable, Mapping, Sequence

from review.case.values import File
from review.service.desk import Examined
from review.service.machine.round_machine import RoundMachine


class LazyMachine:
    """A machine whose lexicons and model are loaded when first needed.

    They are loaded anew once another version of the office's own lexicon, or another
    model, has come into force, however long the process has been running.
    """

    def __init__(
        self,
        load: Callable[[], RoundMachine],
        version: Callable[[], str | None],
    ) -> None:
        """Take what loads it, and what tells by digests which versions are in force."""
        self._load = load
        self._version = version
        self._loaded: tuple[str | None, RoundMachine] | None = None

    @property
    def loaded(self) -> RoundMachine | None:
        """Return what was loaded last; None before the first time."""
        return self._loaded[1] if self._loaded else None

    def prepare(self) -> RoundMachine:
        """Load now what is in force, unless it is loaded; children share it by fork."""
        version = self._version()
        if self._loaded is None or self._loaded[0] != version:
            self._loaded = (version, self._load())
        return self._loaded[1]

    def examine(
        self,
        files: Sequence[tuple[File, bytes]],
        *,
        refused_with: Callable[[Sequence[int]], Mapping[int, tuple[str, ...]]],
    ) -> Examined:
        """Scan every file of a round."""
        return self.prepare().examine(files, refused_with=refused_with)
