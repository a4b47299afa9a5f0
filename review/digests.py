"""Digests of bytes, of files and of canonical JSON (SHA-256, hexadecimal)."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from review.errors import UsageError

_HEX: Final = frozenset("0123456789abcdef")
_DIGITS: Final = 64


def of_bytes(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def of_json(value: object) -> str:
    """Return the digest of `value` as canonical JSON (sorted keys, UTF-8)."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return of_bytes(text.encode())


def require_digest(text: str) -> str:
    """Return `text`, which may come from anywhere, if it is the digest of contents.

    Raises:
        UsageError: It is not 64 lower-case hexadecimal digits.
    """
    if len(text) != _DIGITS or not _HEX.issuperset(text):
        raise UsageError("这不是内容地址：应为 64 位小写十六进制数字，请核对后重试。")
    return text


def of_files(root: Path, paths: Iterable[Path]) -> str:
    """Return one digest over the names (below `root`) and bytes of `paths`."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.relative_to(root).as_posix().encode())
        total.update(b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
