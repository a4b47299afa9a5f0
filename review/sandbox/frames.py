"""What goes between parent and child: a head, JSON, and bytes, each with its length."""

import json
import struct
from typing import Any, Final

ANSWER: Final = b"A"
FAULT: Final = b"F"
STEP: Final = b"S"
HEAD: Final = struct.Struct(">cIQ")
MOST_JSON: Final = 16 * 1024 * 1024


def framed(kind: bytes, value: Any, data: bytes = b"") -> bytes:
    """Return what is sent: its kind, a value that JSON carries, and bytes."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return b"".join((HEAD.pack(kind, len(text), len(data)), text, data))


def lengths_of(head: bytes) -> tuple[bytes, int, int]:
    """Return kind, length of the JSON and length of the bytes.

    Raises:
        ValueError: It is no head.
    """
    if len(head) != HEAD.size:
        raise ValueError("not a head")
    kind, text, data = HEAD.unpack(head)
    if kind not in {ANSWER, FAULT, STEP} or text > MOST_JSON:
        raise ValueError("not a head")
    return kind, text, data
