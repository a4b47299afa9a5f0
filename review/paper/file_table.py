"""The list of a round's files, as the review form and the clearance letter have it."""

from collections.abc import Sequence
from typing import Final

from review.paper.interface import FileLine
from review.paper.layout import Row, Table, head, value, whole

_COLUMNS: Final = (
    ("序号", 2),
    ("类别", 2),
    ("文件名", 7),
    ("字节数", 3),
    ("SHA-256", 10),
)


def file_table(files: Sequence[FileLine]) -> Table:
    """Return the files a row each, in their order; where there is none, that."""
    rows = [
        Row(
            (
                value(str(number), 2, "centre"),
                value(one.role, 2, "centre"),
                value(one.name, 7),
                value(f"{one.size:,}", 3, "right"),
                value(one.sha256, 10),
            )
        )
        for number, one in enumerate(files, start=1)
    ]
    return Table(
        (head(_COLUMNS), *(rows or [whole("无文件", "centre")])), 1, small=True
    )
