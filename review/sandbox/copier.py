"""The copier: safe copies are made in a sandbox, and what comes back is checked."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from review.errors import CorruptError, NotFoundError
from review.extract.limits import Limits
from review.safecopy.interface import SafeCopy, Trace
from review.sandbox.sandbox import Bounds, Sandbox


def safe_copy_apart(
    data: bytes, name: str, limits: Limits, *, bounds: Bounds
) -> SafeCopy:
    """Make a safe copy as `copying.safe_copy` does, in a process of its own.

    Raises:
        UnreadableError: No safe copy can be made, or not within the bounds.
    """
    options = {"name": name, "limits": asdict(limits)}
    try:
        made = Sandbox(bounds=bounds, nursed=True).run("clean", data, options)
        value = made.value
        return SafeCopy(
            data=made.data,
            format=str(value["format"]),
            removed=_traces(value["removed"]),
            kept=_traces(value["kept"]),
            characters=int(value["characters"]),
            pictures=bool(value["pictures"]),
        )
    except (NotFoundError, TypeError, KeyError, ValueError):
        raise CorruptError(
            "制作安全副本时程序出错，没有写出副本；请用原来的软件另存一份后再试。"
        ) from None


def _traces(told: Sequence[Any]) -> tuple[Trace, ...]:
    return tuple(
        Trace(str(kind), str(place), int(count)) for kind, place, count in told
    )
