"""What is taken out of one archive, counted against the limits while it comes out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from review.errors import BombError, CorruptError, EncryptedError, TooLargeError
from review.extract.interface import Block, Embedded, Extraction, Gap, GapCode
from review.extract.limits import Limits
from review.extract.messages import ARCHIVE_LOCKED
from review.extract.plain.encodings import decode
from review.spans import Location

_RATIO_FLOOR: Final = 32 * 1024 * 1024
_NAMES_A_BLOCK: Final = 1_000
LISTING: Final = "压缩包文件清单"
_BOMB: Final = "压缩包解压后异常庞大，疑似压缩炸弹，未予读取。"
PIECE: Final = 65_536


@dataclass(slots=True)
class Unpacking:
    """The members of one archive while they are taken out.

    Sizes that an archive declares are never believed: what comes out is counted.
    """

    packed: int
    limits: Limits
    names: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    full: bool = False
    _locked: int = 0
    _unpacked: int = 0

    def admit(self, name: str) -> bool:
        """List a member; nothing more is taken once the limits are reached."""
        if not self.full and len(self.names) >= self.limits.members:
            self.overflow("压缩包里的文件过多，其余的未予读取，请拆分后再提交。")
        if not self.full:
            self.names.append(name)
        return not self.full

    def joined(self, pieces: Iterable[bytes]) -> bytes:
        """Return the pieces as one, as long as there is room for them.

        Raises:
            BombError: So little data cannot honestly become so much.
            TooLargeError: There is more than is ever unpacked.
        """
        kept: list[bytes] = []
        for piece in pieces:
            self._unpacked += len(piece)
            if self._unpacked > self._honest:
                raise BombError(_BOMB)
            if self._unpacked > self.limits.unpacked_bytes:
                raise TooLargeError("压缩包解压后过大，请拆分后再提交。")
            kept.append(piece)
        return b"".join(kept)

    def expect(self, declared: int) -> None:
        """Refuse what already says of itself that it becomes absurdly large.

        Raises:
            BombError: So little data cannot honestly become so much.
        """
        if declared > self._honest:
            raise BombError(_BOMB)

    def member(self, name: str, pieces: Iterable[bytes]) -> None:
        """Keep a file of the archive as a document of its own; an empty one says nothing.

        Raises:
            BombError: So little data cannot honestly become so much.
        """
        try:
            data = self.joined(pieces)
        except TooLargeError:
            message = f"压缩包解压后过大，从“{name}”起的文件未予读取，请拆分后再提交。"
            self.overflow(message)
            return
        if data:
            self.embedded.append(Embedded(name, data))

    def lock(self, name: str) -> None:
        """Say of a member that only a password opens it."""
        self._locked += 1
        self.lack(name, "encrypted", f"压缩包里的“{name}”已加密，请取消密码后再提交。")

    def lack(self, name: str, code: GapCode, message: str) -> None:
        """Say why a member was not read."""
        self.gaps.append(Gap(Location(part="attachment", path=name), code, message))

    def overflow(self, message: str) -> None:
        """Take nothing more, and say so."""
        self.full = True
        self.gaps.append(Gap(Location(part="attachment"), "too_large", message))

    def remark(self, text: str, detail: str) -> None:
        """Keep something that the archive says beside its files."""
        if shown := cleaned(text, keep_lines=True):
            where = Location(part="metadata")
            self.blocks.append(
                Block(shown, where, hidden=True, role="note", detail=detail)
            )

    def done(self) -> Extraction:
        """Return what was taken out, the list of names with it.

        Raises:
            EncryptedError: A password locks whatever there is.
        """
        if self._locked and not self.embedded:
            raise EncryptedError(ARCHIVE_LOCKED)
        listing = []
        for at in range(0, len(self.names), _NAMES_A_BLOCK):
            text = "\n".join(self.names[at : at + _NAMES_A_BLOCK])
            where = Location(part="metadata")
            listing.append(Block(text, where, hidden=True, role="note", detail=LISTING))
        if not self.embedded and not self.gaps:
            message = "压缩包里没有可供检查的内容，请确认是否漏放了文件。"
            self.gaps.append(Gap(Location(), "unreadable_part", message))
        blocks = (*listing, *dict.fromkeys(self.blocks))
        return Extraction(blocks, tuple(self.gaps), tuple(self.embedded))

    @property
    def _honest(self) -> int:
        return max(_RATIO_FLOOR, self.packed * self.limits.unpacked_ratio)


def cleaned(text: str, *, keep_lines: bool = False) -> str:
    """Return a text without control characters, which may fake what is shown."""
    kept = "\n\t" if keep_lines else ""
    shown = (c if c >= " " or c in kept else "\ufffd" for c in text.replace("\r", ""))
    return "".join(shown).replace("\x7f", "\ufffd").strip()


def words(raw: bytes | str) -> str:
    """Return a name or a remark, whatever encoding it came in."""
    if isinstance(raw, str):
        return raw
    found = decode(raw)
    return found.text if found else raw.decode("gb18030", "replace")


def member_name(raw: bytes | str) -> str:
    """Return the name of a member, a path with `/`.

    It is only ever shown: no file of this name is made.
    """
    return cleaned(words(raw).replace("\\", "/")) or "（没有名称的文件）"


def broken(name: str) -> CorruptError:
    """Return the error that says that an archive is damaged."""
    return CorruptError(f"{name} 压缩包已损坏或不完整，请重新压缩后再提交。")
