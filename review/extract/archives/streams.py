"""Undo compression piece by piece: never more at once than somebody asked for."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from review.errors import CorruptError, UnsupportedError
from review.extract.archives.members import PIECE

_MEMORY: Final = 128 * 1024 * 1024
_GZIP: Final = 31
_RAW_DEFLATE: Final = -15
_LZMA_HEAD: Final = 9
_FAULTS: Final = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
_METHODS: Final = {
    1: "Shrink",
    6: "Implode",
    9: "Deflate64",
    93: "Zstandard",
    98: "PPMd",
}


class Decompressor(Protocol):
    """One that undoes a stream and knows where it ends."""

    @property
    def eof(self) -> bool:
        """Tell whether the stream has ended."""
        ...

    @property
    def unused_data(self) -> bytes:
        """Return what stands behind the end of the stream."""
        ...

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return at most so many bytes of what the data become."""
        ...


@dataclass(slots=True)
class _Deflate:
    """zlib under the same face as bz2 and lzma: it keeps what is left over itself."""

    window: int
    _inner: "zlib._Decompress"

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def _deflate(window: int) -> _Deflate:
    return _Deflate(window, zlib.decompressobj(window))


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)


# The single-file formats, by what they begin with.
PACKED: Final[dict[str, tuple[bytes, Callable[[], Decompressor]]]] = {
    "gz": (b"\x1f\x8b\x08", lambda: _deflate(_GZIP)),
    "bz2": (b"BZh", bz2.BZ2Decompressor),
    "xz": (b"\xfd7zXZ\x00", _xz),
}


@dataclass(slots=True)
class Stream:
    """A compressed stream; once it is read it tells where and how it ended."""

    data: bytes
    make: Callable[[], Decompressor]
    start: int = 0
    end: int = 0
    damaged: bool = False

    def pieces(self) -> Iterator[bytes]:
        """Yield what the stream holds, until it ends or is damaged."""
        self.end = len(self.data)
        try:
            yield from self._undone(self.make())
        except _FAULTS:
            self.damaged = True

    def _undone(self, inner: Decompressor) -> Iterator[bytes]:
        for at in range(self.start, len(self.data), PIECE):
            given = self.data[at : at + PIECE]
            behind = at + len(given)
            while not inner.eof:
                made = inner.decompress(given, PIECE)
                given = b""
                if not made:
                    break
                yield made
            if inner.eof:
                self.end = behind - len(inner.unused_data)
                return
        self.damaged = True


def many(data: bytes, make: Callable[[], Decompressor], most: int) -> Iterator[Stream]:
    """Yield the streams that stand one behind another; read each before the next."""
    magic, at = data[:3], 0
    for _ in range(most):
        stream = Stream(data, make, at)
        yield stream
        at = stream.end
        while data[at : at + 1] == b"\0":
            at += 1
        if stream.damaged or not data.startswith(magic, at):
            return


def method_of(method: int, data: bytes) -> tuple[bytes, Callable[[], Decompressor]]:
    """Return the stream of a zip member and what undoes it.

    Raises:
        UnsupportedError: Nobody here undoes this method.
        CorruptError: The stream has no proper head.
    """
    if method == 8:  # noqa: PLR2004 - the number of Deflate
        return data, lambda: _deflate(_RAW_DEFLATE)
    if method == 12:  # noqa: PLR2004 - the number of BZIP2
        return data, bz2.BZ2Decompressor
    if method == 95:  # noqa: PLR2004 - the number of XZ
        return data, _xz
    if method == 14:  # noqa: PLR2004 - the number of LZMA
        return data[_LZMA_HEAD:], _lzma_of(data)
    name = _METHODS.get(method, f"第 {method} 号")
    raise UnsupportedError(f"压缩方法（{name}）暂不能读取，请用普通 zip 重新压缩。")


def _lzma_of(data: bytes) -> Callable[[], Decompressor]:
    """Return the reader of a zip's LZMA stream, whose head tells its settings."""
    if len(data) < _LZMA_HEAD or data[2:4] != b"\x05\x00":
        raise CorruptError("压缩数据已损坏。")
    packed, dictionary = data[4], int.from_bytes(data[5:9], "little")
    if dictionary > _MEMORY:
        raise UnsupportedError("压缩数据要求的内存过大，请用普通 zip 重新压缩。")
    settings = {
        "id": lzma.FILTER_LZMA1,
        "lc": packed % 9,
        "lp": packed // 9 % 5,
        "pb": packed // 45,
        "dict_size": dictionary,
    }
    return lambda: lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[settings])
