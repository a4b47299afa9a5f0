"""The corpus's sentence vectors, kept beside it: making them takes half an hour.

They are kept by the digest of the text they stand for, so that a changed corpus needs
only the vectors of what changed, and training gives the same bits on every machine.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from review import digests
from review.detect.encoder import WIDTH, Encoder
from review.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from review.detect.encoder import Vectors

FILE: Final = "corpus.vectors.npz"
_NAME_BYTES: Final = 16


def vectors_of(
    texts: Sequence[str],
    path: Path,
    reader: Encoder | None,
    *,
    told: Callable[[int, int], None] | None = None,
) -> Vectors:
    """Return a row a text: kept ones as they are, new ones made and kept.

    Raises:
        UsageError: Some are missing and nothing here can make them.
    """
    known = _kept(path)
    names = [_name(one) for one in texts]
    missing = {
        name: text for name, text in zip(names, texts, strict=True) if name not in known
    }
    if missing and reader is None:
        raise UsageError(
            f"缺少 {len(missing)} 段语料的向量，这台机器上又没有能计算向量的程序包；"
            "请在 64 位 x86 的 Linux 上训练。"
        )
    for count, (name, text) in enumerate(missing.items(), start=1):
        assert reader is not None  # noqa: S101 - refused above
        known[name] = reader.vectors([text])[0]
        if told is not None:
            told(count, len(missing))
    if missing:
        _keep(path, known)
    return np.stack([known[name] for name in names])


def packed(arrays: dict[str, npt.NDArray[Any]]) -> bytes:
    """Return an .npz whose bytes depend on the numbers alone (no timestamps)."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, member.getvalue())
    return whole.getvalue()


def _kept(path: Path) -> dict[bytes, npt.NDArray[np.int8]]:
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as arrays:
        names, rows = arrays["names"], arrays["vectors"]
    return {bytes(name): row for name, row in zip(names, rows, strict=True)}


def _keep(path: Path, rows: dict[bytes, npt.NDArray[np.int8]]) -> None:
    names = sorted(rows)
    arrays: dict[str, npt.NDArray[Any]] = {
        "names": np.frombuffer(b"".join(names), dtype=np.uint8).reshape(
            -1, _NAME_BYTES
        ),
        "vectors": np.stack([rows[name] for name in names])
        if names
        else np.zeros((0, WIDTH), dtype=np.int8),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(arrays))


def _name(text: str) -> bytes:
    return bytes.fromhex(digests.of_bytes(text.encode("utf-8", "surrogatepass")))[
        :_NAME_BYTES
    ]
