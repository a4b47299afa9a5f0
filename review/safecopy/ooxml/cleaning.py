"""What cleaning a Word, an Excel and a PowerPoint file has in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from review.errors import UnsupportedError
from review.extract.interface import Block, Extractor
from review.extract.limits import Limits
from review.safecopy.interface import Cleaned, Tally
from review.safecopy.ooxml.leftovers import settled
from review.safecopy.ooxml.opc import Opc, Part, written
from review.safecopy.trees import depth_is_sane


@dataclass(slots=True)
class OfficeCleaning:
    """One Office file while it is cleaned; each kind adds what is its own.

    `seen` holds texts that reading calls hidden and that may stay.
    """

    opc: Opc
    limits: Limits
    tally: Tally = field(default_factory=Tally)
    kept: Tally = field(default_factory=Tally)
    seen: set[str] = field(default_factory=set)

    def finished(
        self,
        parts: Mapping[str, Part],
        extractor: Extractor,
        take: Callable[[Sequence[Block], Sequence[Block]], int],
    ) -> Cleaned:
        """Return the file that these parts make, once nothing hidden is left to take.

        Raises:
            UnreadableError: What was written cannot be read.
        """
        main = self.opc.main
        data = settled(
            lambda: written(parts, main), extractor, self.limits, self.seen, take
        )
        return Cleaned(
            data=data,
            format=extractor.format,
            removed=self.tally.traces(),
            kept=self.kept.traces(),
            seen=frozenset(self.seen),
        )

    def forbid_depth(self, part: Part) -> None:
        """Refuse a part that cannot be walked by functions that call themselves.

        Raises:
            UnsupportedError: Its elements stand too deep in each other.
        """
        if part.root is not None and not depth_is_sane(part.root):
            raise UnsupportedError(
                "文件的结构嵌套过深，不能制作安全副本；"
                "请用 WPS 或 Office 打开后另存为新文件再试。"
            )

    def keep_links(self, part: Part, place: str) -> None:
        """Remember the addresses that stay, since reading calls them hidden."""
        used = part.used()
        for rel in part.rels.values():
            if rel.kind == "hyperlink" and rel.external and rel.id in used:
                self.seen.add(rel.target)
                self.kept.add("可见链接的网址", place)
