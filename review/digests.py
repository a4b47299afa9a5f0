"""Digests of bytes, of files and of canonical JSON (SHA-256, hexadecimal)."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path


def of_bytes(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def of_json(value: object) -> str:
    """Return the digest of `value` as canonical JSON (sorted keys, UTF-8)."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return of_bytes(text.encode())


def of_files(root: Path, paths: Iterable[Path]) -> str:
    """Return one digest over the names (below `root`) and bytes of `paths`."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.relative_to(root).as_posix().encode())
        total.update(b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
