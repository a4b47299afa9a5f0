"""The painter: pages are drawn in a sandbox, and what comes back is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from review.errors import CorruptError
from review.picture.interface import Box, Excerpt, Mark, Pages, Picture, Size
from review.picture.kinds import kind_of
from review.sandbox.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class SandboxPainter:
    """Draws in a process of its own each time."""

    sandbox: Sandbox = field(default_factory=partial(Sandbox, nursed=True))

    def pages(self, data: bytes, excerpts: Sequence[Excerpt]) -> Pages:
        """Return how large the pages are, and where the excerpts stand on them."""
        kind_of(data)
        options = {"excerpts": [asdict(one) for one in excerpts]}
        value = self.sandbox.run("pages", data, options).value
        try:
            return _pages(value)
        except (TypeError, KeyError, ValueError):
            raise _strange() from None

    def page(self, data: bytes, page: int, *, width_px: int) -> Picture:
        """Return one page, counted from 1."""
        kind_of(data)
        options = {"page": page, "width_px": width_px}
        made = self.sandbox.run("page", data, options)
        try:
            width, height = int(made.value["width"]), int(made.value["height"])
        except (TypeError, KeyError, ValueError):
            raise _strange() from None
        return Picture(made.data, width, height)


def _pages(value: Mapping[str, Any]) -> Pages:
    return Pages(
        sizes=tuple(
            Size(float(one["width"]), float(one["height"])) for one in value["sizes"]
        ),
        marks=tuple(
            Mark(
                str(one["id"]),
                int(one["page"]),
                tuple(_box(each) for each in one["boxes"]),
            )
            for one in value["marks"]
        ),
    )


def _box(value: Mapping[str, Any]) -> Box:
    left, top, width, height = (
        float(value[name]) for name in ("left", "top", "width", "height")
    )
    return Box(left, top, width, height)


def _strange() -> CorruptError:
    """Return the error for an answer that our function would not give."""
    return CorruptError("这个文件的页面画不出来，请下载原件查看，或报告系统管理员。")
