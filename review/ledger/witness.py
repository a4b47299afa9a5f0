"""The witness file: signed heads, kept beside the key, outside the database.

JSON Lines, one canonical head a line, added to and never rewritten. Whoever
owns the database but not this file cannot cut the chain's end: `verify` misses
the entry that was witnessed. What `record` has returned from is on the disk;
a line that a power cut left half written was never promised to anybody, so it
is taken off by the next `record`.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

from review.errors import LedgerError, TamperError
from review.files import sync_folder
from review.ledger.chain import Head, check_head
from review.ledger.entry import canonical, decode

_BLOCK = 4096  # holds several lines; a head is about 370 bytes
_OPEN = os.O_NOFOLLOW | os.O_CLOEXEC
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


class WitnessFile:
    """The heads in one file; several processes may use it at once."""

    def __init__(self, path: Path) -> None:
        """Name the file; the first `record` makes it (rights 600)."""
        self._path = path

    def record(self, head: Head) -> bool:
        """Keep `head`, durably; return whether it was new.

        Not new is a head that stands there already, and one whose index lies
        before the last: two workers may come in either order, and the later
        digest covers all before it.

        Raises:
            TamperError: `head` or the last line is not properly signed, or they
                give one index two digests.
            LedgerError: The file cannot be written.
        """
        check_head(head)
        self._make_folder()
        with self._opened(os.O_RDWR | os.O_APPEND | os.O_CREAT) as file:
            last = _repaired(file)
            if last is None:
                # A new file is only durable once its name is.
                sync_folder(self._path.parent)
            else:
                _forbid_second_digest(last, head)
                if head.index <= last.index:
                    return False
            _append(file, _line(head))
        return True

    def heads(self) -> tuple[Head, ...]:
        """Return all heads, oldest first; none when there is no file.

        Raises:
            TamperError: A line was changed, or an index is lower than one before.
            LedgerError: The file cannot be read.
        """
        if not self._stands():
            return ()
        with self._opened(os.O_RDONLY) as file:
            whole = os.pread(file, os.fstat(file).st_size, 0)
        *lines, torn = whole.split(b"\n")
        heads = [_head(line) for line in lines]
        rest = _torn_head(torn)
        if rest is not None:
            heads.append(rest)
        for before, after in pairwise(heads):
            _forbid_second_digest(before, after)
            if after.index < before.index:
                raise TamperError(
                    f"见证文件里序号 {after.index} 排在 {before.index} 之后，"
                    "文件被改动。请停用本系统，从备份中恢复见证文件并核对。"
                )
        return tuple(heads)

    def along(self, *, over: int = -1) -> Iterator[Head]:
        """Return the heads of entries after `over`, oldest first, for `verify_along`.

        Read as they are taken, in constant memory, without holding up who writes;
        what is written later is left out. Signatures and order are what
        `verify_along` looks at.

        Raises:
            TamperError: When taken: a line is no head's.
            LedgerError: The file cannot be read.
        """
        if not self._stands():
            return iter(())
        with self._opened(os.O_RDONLY) as file:
            size = os.fstat(file).st_size
            start = 0 if over < 0 else _start(file, size, over)
        heads = self._between(start, size)
        return (one for one in heads if one.index > over)

    def _between(self, start: int, end: int) -> Iterator[Head]:
        try:
            with os.fdopen(os.open(self._path, os.O_RDONLY | _OPEN), "rb") as lines:
                lines.seek(start)
                for line in lines:
                    start += len(line)
                    if start > end:
                        return
                    # What a power cut left of a line is none, as in `_torn_head`.
                    if line.endswith(b"\n") or b"}" in line:
                        yield _read(line.removesuffix(b"\n"))
        except OSError as error:
            raise _unreadable(self._path, error) from error

    def last(self) -> Head | None:
        """Return the newest head, reading only the file's end.

        Raises:
            TamperError: The last line was changed.
            LedgerError: The file cannot be read.
        """
        if not self._stands():
            return None
        with self._opened(os.O_RDONLY) as file:
            line, torn = _tail(file)
        return _torn_head(torn) or (None if line is None else _head(line))

    def _stands(self) -> bool:
        try:
            self._path.lstat()
        except FileNotFoundError:
            return False
        except OSError:
            return True  # opening it will say what is wrong; never read as "no file"
        return True

    @contextmanager
    def _opened(self, flags: int) -> Iterator[int]:
        try:
            file = os.open(self._path, flags | _OPEN, 0o600)
            try:
                # one writer at a time, and no reader beside him
                fcntl.flock(file, fcntl.LOCK_EX if flags & os.O_RDWR else fcntl.LOCK_SH)
                if os.fstat(file).st_mode & _OTHERS_MAY_WRITE:
                    raise LedgerError(
                        f"见证文件 {self._path} 别的用户也能改写；请执行 chmod 600 "
                        "后重试，并核对其内容与最近的纸质审查表。"
                    )
                yield file
            finally:
                os.close(file)  # gives the lock back
        except OSError as error:
            raise _unreadable(self._path, error) from error

    def _make_folder(self) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(
                f"见证文件的文件夹 {self._path.parent} 建不了（{error.strerror}）；"
                "请检查路径和权限。"
            ) from error


def _line(head: Head) -> bytes:
    return f"{canonical(asdict(head))}\n".encode()


def _unreadable(path: Path, error: OSError) -> LedgerError:
    return LedgerError(
        f"见证文件 {path} 读写失败（{error.strerror}）；请检查路径、权限和磁盘空间。"
    )


def _head(line: bytes) -> Head:
    """Read one line (without its line feed) and check its signature."""
    head = _read(line)
    check_head(head)
    return head


def _read(line: bytes) -> Head:
    head = _parsed(line)
    if head is None:
        raise TamperError(
            "见证文件里有不成样子的一行，文件被改动或已损坏。"
            "请停用本系统，从备份中恢复见证文件并核对。"
        )
    return head


def _torn_head(torn: bytes) -> Head | None:
    """Return the head after the last line feed, if all of it but that is there.

    What a power cut leaves is the beginning of a line, or zeros: it has no
    closing brace, which comes last. Whatever has one is read as a line.
    """
    return _head(torn) if b"}" in torn else None


def _parsed(line: bytes) -> Head | None:
    try:
        said = decode(line.decode())
        head = Head(**said) if isinstance(said, dict) else None
        return head if head is not None and _line(head) == line + b"\n" else None
    except (ValueError, TypeError):  # no UTF-8, no JSON; other names than a head's
        return None


def _forbid_second_digest(before: Head, after: Head) -> None:
    if before.index == after.index and before.digest != after.digest:
        raise TamperError(
            f"序号 {after.index} 已经以另一个摘要见证过：记录链被改写，"
            "或数据库退回了旧版本。请停用本系统，保留现场并核对备份。"
        )


def _start(file: int, size: int, over: int) -> int:
    """Return where a line begins, before which no head's index is beyond `over`.

    Found by halves, since the lines are in the order of their indexes.
    """
    low, high = 0, size
    while high - low > _BLOCK:
        middle = (low + high) // 2
        _, _, rest = os.pread(file, _BLOCK, middle).partition(b"\n")
        line, ended, _ = rest.partition(b"\n")
        if not ended or _read(line).index > over:
            high = middle
        else:
            low = middle
    if low == 0:
        return 0
    return low + os.pread(file, _BLOCK, low).find(b"\n") + 1


def _tail(file: int) -> tuple[bytes | None, bytes]:
    """Return the last whole line, if any, and what stands torn after it."""
    start = os.fstat(file).st_size
    data = b""
    while start > 0 and data.count(b"\n") < 2:  # noqa: PLR2004 - its end, and the end before
        size = min(_BLOCK, start)
        start -= size
        data = os.pread(file, size, start) + data
    *lines, torn = data.split(b"\n")
    return (lines[-1] if lines else None), torn


def _repaired(file: int) -> Head | None:
    """Make the file end in a whole line, and return the head on it."""
    line, torn = _tail(file)
    whole = _torn_head(torn)
    if whole is not None:
        _append(file, b"\n")
        return whole
    if torn:
        os.ftruncate(file, os.fstat(file).st_size - len(torn))
    return None if line is None else _head(line)


def _append(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)
