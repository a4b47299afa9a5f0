"""Archives: zip, 7z, rar, tar (packed too), gz, bz2, xz; each member a document.

Nothing is ever written to the disk: a member's path is a name and nothing else.
"""

import struct
from typing import Final

from review.errors import EncryptedError, TooLargeError, UnsupportedError
from review.extract.archives.members import Unpacking, broken, member_name, words
from review.extract.archives.native import unpack_native
from review.extract.archives.rar import RAR4, RAR5, facts_of
from review.extract.archives.streams import PACKED, Stream, many
from review.extract.archives.zip import directory_of, unpack_zip
from review.extract.interface import Embedded, Extraction
from review.extract.limits import Limits
from review.extract.messages import ARCHIVE_LOCKED
from review.extract.sniff import is_office_package

_SEVEN: Final = b"7z\xbc\xaf\x27\x1c"
_MOST_LISTED: Final = 100_000
_SEVEN_HEAD: Final = 32
_TAR_BLOCK: Final = 512
_BEHIND: Final = "压缩包后面的数据"
# The filter of libarchive that undoes what begins like this.
_PACKINGS: Final = {"gz": "gzip", "bz2": "bzip2", "xz": "xz"}
_BLANK_SUM: Final = 8 * 0x20


class Zip:
    """Zip archives that are no package of an office format."""

    format = "zip"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are a whole zip that is no office package."""
        if not data.startswith(b"PK"):
            return False
        try:
            directory = directory_of(data, _MOST_LISTED)
        except TooLargeError:
            return True
        if directory is None:
            return False
        return not is_office_package([info.filename for info in directory.members])

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Take out every member, and what stands outside the directory.

        Raises:
            UnreadableError: It is damaged, wholly encrypted or a bomb.
        """
        directory = directory_of(data, limits.members)
        if directory is None:
            raise broken("zip")
        into = Unpacking(len(data), limits)
        unpack_zip(data, directory, into)
        return into.done()


class Appended:
    """Zip archives that stand behind something which nobody else reads."""

    format = "sfx"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes end in a zip's directory; asked after all others."""
        if data.startswith(b"PK"):
            return False
        try:
            directory = directory_of(data, _MOST_LISTED)
        except TooLargeError:
            return True
        return directory is not None and bool(directory.members)

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Take out every member; what stands before the archive is handed on too.

        Raises:
            UnreadableError: It is damaged, wholly encrypted or a bomb.
        """
        return Zip().extract(data, limits)


class SevenZip:
    """7z archives."""

    format = "7z"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes begin like a 7z archive."""
        return data.startswith(_SEVEN)

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Take out every member.

        Raises:
            UnreadableError: It is damaged, encrypted, a bomb, or a volume of several.
        """
        if len(data) < _SEVEN_HEAD:
            raise broken("7z")
        offset, size = struct.unpack_from("<QQ", data, 12)
        end = _SEVEN_HEAD + offset + size
        if end > len(data):
            raise UnsupportedError(
                "7z 压缩包不完整，或只是分卷中的一卷；请合并后重新压缩再提交。"
            )
        into = Unpacking(len(data), limits)
        unpack_native(data[:end], ("7zip",), into)
        _behind(data, end, into)
        return into.done()


class Rar:
    """Rar archives of versions 4 and 5."""

    format = "rar"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes begin like a rar archive."""
        return data.startswith((RAR4, RAR5))

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Take out every member, and the remark.

        Raises:
            UnreadableError: It is damaged, encrypted, a bomb, or a volume of several.
        """
        facts = facts_of(data)
        if facts.locked:
            raise EncryptedError(ARCHIVE_LOCKED)
        if facts.volume:
            raise UnsupportedError(
                "该文件是 rar 分卷中的一卷，请解压后重新压缩成一个文件再提交。"
            )
        into = Unpacking(len(data), limits)
        for remark in facts.remarks:
            into.remark(words(remark), "压缩包注释")
        if facts.unread_remarks:
            message = "压缩包的注释未能读取，请人工查看。"
            into.lack("", "unsupported_part", message)
        kind = "rar5" if data.startswith(RAR5) else "rar"
        locked = frozenset(facts.locked_files)
        unpack_native(data, (kind,), into, locked=locked, sums=facts.sums)
        if not facts.whole:
            message = "rar 压缩包不完整，后面的文件可能缺失，请重新压缩后再提交。"
            into.lack("", "unreadable_part", message)
        if facts.end is not None:
            _behind(data, facts.end, into)
        return into.done()


class Tar:
    """Tar archives, packed by gzip, bzip2 or xz too."""

    format = "tar"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes, unpacked where they must be, begin like a tar."""
        packing = _packing(data)
        if packing is None:
            return _is_tar(data)
        head = next(Stream(data, PACKED[packing][1]).pieces(), b"")
        return _is_tar(head)

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Take out every member, streaming.

        Raises:
            UnreadableError: It is damaged or a bomb.
        """
        into = Unpacking(len(data), limits)
        packing = _packing(data)
        end = len(data) if packing is None else _measured(data, packing, into)
        unpack_native(
            data[:end], ("tar",), into, packing=_PACKINGS.get(packing or "", "none")
        )
        _behind(data, end, into)
        return into.done()


class Packed:
    """Single files packed by gzip, bzip2 or xz."""

    def __init__(self, packing: str) -> None:
        """Read files of one of these kinds: `gz`, `bz2`, `xz`."""
        self.format = packing

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes begin like a file that was packed so."""
        return _packing(data) == self.format

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Return the file that was packed.

        Raises:
            UnreadableError: It is damaged from the start, or a bomb.
        """
        into = Unpacking(len(data), limits)
        name, remarks = _gzip_head(data) if self.format == "gz" else ("", ())
        for remark in remarks:
            into.remark(remark, "压缩文件的注释")
        name = name or "压缩文件的内容"
        into.admit(name)
        pieces, last = [], None
        for stream in many(data, PACKED[self.format][1], limits.members):
            pieces.append(into.joined(stream.pieces()))
            last = stream
        whole = b"".join(pieces)
        if last is None or (last.damaged and not whole):
            raise broken(self.format)
        if last.damaged:
            message = "压缩文件已损坏或不完整，只读到一部分，请重新压缩后再提交。"
            into.lack(name, "unreadable_part", message)
        if whole:
            into.embedded.append(Embedded(name, whole))
        _behind(data, last.end, into)
        return into.done()


def _behind(data: bytes, end: int, into: Unpacking) -> None:
    """Keep what stands behind an archive's end: a file of its own, if it is one."""
    if data[end:].strip(b"\0") and not into.full:
        into.embedded.append(Embedded(_BEHIND, data[end:]))


def _measured(data: bytes, packing: str, into: Unpacking) -> int:
    """Return where the packed streams end, having seen that they are no bomb.

    Raises:
        BombError: They become absurdly large.
    """
    total, end = 0, len(data)
    for stream in many(data, PACKED[packing][1], into.limits.members):
        for piece in stream.pieces():
            total += len(piece)
            into.expect(total)
            if total > into.limits.unpacked_bytes:
                return len(data)
        end = stream.end
    return end


def _packing(data: bytes) -> str | None:
    for name, (magic, _) in PACKED.items():
        if data.startswith(magic):
            return name
    return None


def _is_tar(data: bytes) -> bool:
    """Tell by the checksum of the first header, which old tars have too."""
    head = data[:_TAR_BLOCK]
    said = head[148:156].strip(b" \0")
    if len(head) < _TAR_BLOCK or not head[0] or not said.isdigit():
        return False
    try:
        return int(said, 8) == sum(head) - sum(head[148:156]) + _BLANK_SUM
    except ValueError:
        return False


def _gzip_head(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the name of the file that was packed, and a remark, from the head."""
    flags, at = (*data[3:4], 0)[0], 10
    if flags & 4:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    fields = []
    for bit in (8, 16):
        end = data.find(b"\0", at, at + 65_536) if flags & bit else -1
        fields.append(data[at:end] if end > at else b"")
        at = end + 1 if end >= 0 else at
    name = member_name(fields[0]).rpartition("/")[2] if fields[0] else ""
    return name, (words(fields[1]),) if fields[1] else ()
