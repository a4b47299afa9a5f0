"""Which layers of a PDF are off when it is opened."""

from dataclasses import dataclass, field
from typing import Any, Final

import pikepdf

from review.errors import UnsupportedError

_MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers that are off, by the numbers of their objects."""

    off: frozenset[tuple[int, int]] = frozenset()
    present: bool = False
    known: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    @staticmethod
    def of(root: pikepdf.Object) -> "Layers":
        """Read the catalog."""
        properties = root.get("/OCProperties")
        if not isinstance(properties, pikepdf.Dictionary):
            return Layers()
        default = properties.get("/D")
        known = _numbers(properties.get("/OCGs"))
        if not isinstance(default, pikepdf.Dictionary):
            return Layers(present=True, known=known)
        on, off = _numbers(default.get("/ON")), _numbers(default.get("/OFF"))
        if str(default.get("/BaseState", "/ON")) == "/OFF":
            off |= known - on
        return Layers(off, present=True, known=known)

    def hides(self, owner: Any) -> bool:
        """Tell whether contents that belong to a layer, or to several, are off.

        Raises:
            UnsupportedError: Whether they are depends on an expression.
        """
        if not self.present or not isinstance(owner, pikepdf.Dictionary):
            return False
        if str(owner.get("/Type", "")) != "/OCMD":
            return tuple(owner.objgen) in self.off
        if "/VE" in owner:
            raise UnsupportedError(
                "PDF 的图层显示条件过于复杂，不能可靠清除；请重新导出 PDF 后再试。"
            )
        groups = owner.get("/OCGs")
        entries = list(groups) if isinstance(groups, pikepdf.Array) else [groups]
        states = [
            tuple(one.objgen) in self.off
            for one in entries
            if isinstance(one, pikepdf.Dictionary)
        ]
        if not states:
            return False
        return {
            "/AllOn": any(states),
            "/AnyOff": not any(states),
            "/AllOff": not all(states),
        }.get(str(owner.get("/P", "/AnyOn")), all(states))


def _numbers(raw: Any) -> frozenset[tuple[int, int]]:
    entries = list(raw)[:_MOST] if isinstance(raw, pikepdf.Array) else []
    return frozenset(
        (int(one.objgen[0]), int(one.objgen[1]))
        for one in entries
        if isinstance(one, pikepdf.Dictionary)
    )
