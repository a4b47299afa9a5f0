"""7z, rar and tar through the system's libarchive: in memory, never to the disk.

Calls its functions one by one: what the binding offers above them hides the
warnings that tell of a wrong checksum.
"""

import ctypes
import logging
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from review.errors import EncryptedError, UnreadableError, UnsupportedError
from review.extract.archives.members import (
    PIECE,
    Unpacking,
    broken,
    member_name,
    words,
)
from review.extract.messages import ARCHIVE_LOCKED, not_followed

if TYPE_CHECKING:
    from review.extract.interface import GapCode

# The name is given, since looking for it would start other programs.
_LIBRARY: Final = "libarchive.so.13"
_LC_CTYPE: Final = 1
_FOLDER: Final = 0o040000
_LINK: Final = 0o120000
_KIND: Final = 0o170000
_MISSING: Final = (
    "这台机器没有读取 7z、rar、tar 压缩包的程序库，请管理员运行 "
    "apt-get install libarchive13，或解压后逐个提交。"
)


def library() -> Any:
    """Return the functions of libarchive.

    Raises:
        UnsupportedError: This machine has none.
    """
    os.environ.setdefault("LIBARCHIVE", _LIBRARY)  # noqa: TID251 - written, not read
    try:
        from libarchive import ffi  # noqa: PLC0415 - fails where the system lacks it
    except (ImportError, OSError, TypeError, AttributeError) as fault:
        raise UnsupportedError(_MISSING) from fault
    # Its warnings may quote names.
    logging.getLogger("libarchive").disabled = True
    return ffi


def unpack_native(  # noqa: PLR0913 - what is known beforehand of one archive
    data: bytes,
    kinds: tuple[str, ...],
    into: Unpacking,
    *,
    packing: str = "none",
    locked: frozenset[int] = frozenset(),
    sums: Sequence[int | None] = (),
) -> None:
    """Take out the members of an archive of one of these kinds.

    `locked` holds the numbers of the members that are known to be encrypted, `sums`
    the checksums that the members must have, where they are known.

    Raises:
        UnreadableError: It is damaged from the start, encrypted or a bomb, or
            nobody here reads it.
    """
    ffi = library()
    with _names_in_utf8(), _opened(ffi, data, kinds, packing) as archive:
        entry = ffi.entry_new()
        try:
            _Reading(ffi, archive, entry, kinds[-1], into, locked, sums).run()
        finally:
            ffi.entry_free(entry)


@contextmanager
def _opened(
    ffi: Any, data: bytes, kinds: tuple[str, ...], packing: str
) -> Iterator[Any]:
    archive = ffi.read_new()
    try:
        for kind in kinds:
            ffi.get_read_format_function(kind)(archive)
        ffi.get_read_filter_function(packing)(archive)
        if "tar" in kinds:
            # What stands behind the end mark is read too.
            settings = ctypes.c_char_p(b"read_concatenated_archives")
            ffi.libarchive.archive_read_set_options(ctypes.c_void_p(archive), settings)
        ffi.read_open_memory(
            archive, ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), len(data)
        )
        yield archive
    except ffi.ArchiveError as fault:
        raise broken(kinds[-1]) from fault
    finally:
        ffi.read_free(archive)


@contextmanager
def _names_in_utf8() -> Iterator[None]:
    """Let this thread convert names to UTF-8, whatever the machine's locale is."""
    libc = ctypes.CDLL(None)
    libc.newlocale.restype = libc.uselocale.restype = ctypes.c_void_p
    own = libc.newlocale(_LC_CTYPE, b"C.UTF-8", None)
    if not own:
        yield
        return
    before = libc.uselocale(ctypes.c_void_p(own))
    try:
        yield
    finally:
        libc.uselocale(ctypes.c_void_p(before))
        libc.freelocale(ctypes.c_void_p(own))


@dataclass(slots=True)
class _Reading:
    """One archive while its members are read in order."""

    ffi: Any
    archive: Any
    entry: Any
    kind: str
    into: Unpacking
    locked: frozenset[int]
    sums: Sequence[int | None]
    _count: int = 0
    _fault: str | None = None
    _sum: int = 0
    _room: Any = field(default_factory=lambda: ctypes.create_string_buffer(PIECE))

    def run(self) -> None:
        """Read to the end, to the limits, or to where the archive is damaged."""
        while not self.into.full:
            try:
                code = self.ffi.read_next_header2(self.archive, self.entry)
            except self.ffi.ArchiveError as fault:
                self._stop(str(fault))
                return
            if code == self.ffi.ARCHIVE_EOF:
                return
            self._take()
            self._count += 1

    def _stop(self, said: str) -> None:
        """Say that the rest is lost; an archive lost from the start is an error."""
        error: UnreadableError = broken(self.kind)
        if _is_locked(said):
            error = EncryptedError(ARCHIVE_LOCKED)
        if not self._count:
            raise error
        code: GapCode = (
            "encrypted" if isinstance(error, EncryptedError) else "unreadable_part"
        )
        message = "压缩包从某处起已损坏或加密，其余文件未能读取，请重新压缩后再提交。"
        self.into.lack("", code, message)

    def _take(self) -> None:
        name = self._text("pathname") or ""
        kind = self.ffi.entry_filetype(self.entry) & _KIND
        name = member_name(name) + ("/" if kind == _FOLDER else "")
        if not self.into.admit(name):
            return
        self._owner()
        flags = ctypes.c_void_p(self.entry)
        if (
            self._count in self.locked
            or self.ffi.libarchive.archive_entry_is_encrypted(flags) > 0
        ):
            self.into.lock(name)
            return
        target = self._text("symlink" if kind == _LINK else "hardlink")
        if target is not None:
            self.into.lack(name, "unsupported_part", not_followed(name))
            self.into.remark(member_name(target), f"链接“{name}”的目标")
        # Folders and links may carry data too, and nobody shows them.
        known = len(self.into.embedded)
        self.into.member(name, self._pieces())
        if (target is None and kind != _FOLDER) or len(self.into.embedded) > known:
            self._tell(name)

    def _owner(self) -> None:
        for which in ("uname", "gname"):
            owner = words(self._text(which) or "")
            if owner not in {"", "root", "wheel"}:
                self.into.remark(owner, "打包者账号")

    def _pieces(self) -> Iterator[bytes]:
        """Yield the data of a member as far as it can be had."""
        self._fault, self._sum = None, 0
        while True:
            try:
                size = self.ffi.read_data(self.archive, self._room, PIECE)
            except self.ffi.ArchiveError as fault:
                self._fault = str(fault)
                return
            if size < 0:
                self._fault = "checksum"
                return
            if not size:
                return
            piece = ctypes.string_at(self._room, size)
            self._sum = zlib.crc32(piece, self._sum)
            yield piece

    def _tell(self, name: str) -> None:
        """Say what went wrong with a member, if anything did."""
        if self._fault is None and not self.into.full and self._count < len(self.sums):
            wrong = self.sums[self._count] not in {None, self._sum}
            self._fault = "checksum" if wrong else None
        if self._fault is None:
            return
        if _is_locked(self._fault):
            self.into.lock(name)
        elif "upport" in self._fault:
            message = f"压缩包里的“{name}”用了暂不能读取的压缩方法，请用 zip 重新压缩。"
            self.into.lack(name, "unsupported_part", message)
        else:
            message = f"压缩包里的“{name}”已损坏，内容可能不全，请重新压缩后再提交。"
            self.into.lack(name, "unreadable_part", message)

    def _text(self, what: str) -> str | bytes | None:
        """Return a text of the entry: converted, or else the bytes that stand there."""
        wide: str | None = getattr(self.ffi, f"entry_{what}_w")(self.entry)
        if wide:
            return wide
        raw: bytes | None = getattr(self.ffi, f"entry_{what}")(self.entry)
        return raw


def _is_locked(said: str) -> bool:
    return "crypt" in said.lower()
