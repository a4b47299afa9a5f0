"""Outlook messages (msg): read straight from their properties."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from review.errors import UnreadableError
from review.extract.interface import Block, Embedded, Extraction, Gap, GapCode, Picture
from review.extract.limits import Limits
from review.extract.mail.eml_body import Told, body_of, letters_of
from review.extract.mail.eml_headers import header_blocks, metadata
from review.extract.mail.eml_parts import part_of
from review.extract.mail.eml_sealed import is_signed, signed_contents
from review.extract.mail.eml_words import text_of
from review.extract.mail.msg_rtf import rtf_words, unpacked_rtf
from review.extract.mail.msg_store import Store, below, bundled, store_of
from review.extract.messages import MAIL_LOCKED
from review.extract.old.ole_parts import object_files
from review.extract.ole.ole import MAGIC, CompoundFile
from review.extract.ole.write import packed
from review.extract.picture_size import is_tiny
from review.extract.sniff import is_image
from review.spans import Location

_FIXED: Final = "__properties_version1.0"
_SUBJECT, _BODY, _HTML, _RTF = 0x0037, 0x1000, 0x1013, 0x1009
_HEADERS: Final = 0x007D
_CLASS: Final = 0x001A
_ADDRESSES: Final = (0x39FE, 0x3003)
_RECIPIENT_KIND: Final = 0x0C15
_RECIPIENTS: Final = {1: "收件人", 2: "抄送", 3: "密送"}
_SENDERS: Final = (
    ("发件人", (0x0C1A,), (0x5D01, 0x0C1F)),
    ("代表", (0x0042,), (0x5D02, 0x0065)),
)
_MOMENTS: Final = (
    (0x0039, "日期"),
    (0x0E06, "收到时间"),
    (0x3007, "创建时间"),
    (0x3008, "修改时间"),
)
_NAMES: Final = {
    0x0070: "会话主题",
    0x1035: "邮件标识",
    0x3FFA: "最后修改者",
    0x3FF8: "创建者",
    0x0050: "答复至",
    0x0040: "实际收件人",
    0x0044: "代收人",
    0x1042: "答复的邮件",
    0x370D: "附件的原路径",
    0x3708: "附件的原路径",
}
_READ: Final = frozenset({_SUBJECT, _BODY, _HTML, _RTF, _HEADERS, _CLASS})
_DULL_VALUES: Final = frozenset({"SMTP", "EX", "MSG", ""})
_FILE_NAMES: Final = (0x3707, 0x3704, 0x3001)
_DATA, _METHOD, _CONTENT_ID, _HIDDEN = 0x3701, 0x3705, 0x3712, 0x7FFE
_INSIDE: Final = "__substg1.0_3701000d"
_BY_REFERENCE: Final = frozenset({2, 3, 4, 7})
_SEALED_NAMES: Final = (".p7m", ".rpmsg")
_ATTACHED: Final = "__attach_version1.0_#"
_RECIPIENT: Final = "__recip_version1.0_#"


class Msg:
    """Messages as Outlook saves them."""

    format = "msg"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are a compound file with a message's properties."""
        if not data.startswith(MAGIC):
            return False
        try:
            return _FIXED in CompoundFile(data).top_names
        except UnreadableError:
            return False

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read headers, every version of the body, attachments and properties.

        Raises:
            UnreadableError: The file is damaged, or there is too much text.
        """
        file = CompoundFile(data)
        reading = _Reading(file, store_of(file), limits)
        return reading.run()


@dataclass(slots=True)
class _Reading:
    """One message while it is read."""

    file: CompoundFile
    mail: Store
    limits: Limits
    shown: list[Block] = field(default_factory=list)
    hidden: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    _bytes: int = 0
    _words: int = 0

    def run(self) -> Extraction:
        """Read everything, in the order in which people read it."""
        if subject := _line(self.mail.text(_SUBJECT)):
            self.shown.append(Block(subject, role="title"))
        self._people()
        body = body_of(self._versions(), self.limits, held=True)
        for name, store in sorted(self.mail.stores.items()):
            if name.startswith(_ATTACHED):
                self._attachment(name, store)
        self._properties(body.blocks)
        if not (self.shown or body.blocks or self.embedded or self.gaps):
            self._lack("unreadable_part", "邮件里没有可供检查的内容，请确认后再提交。")
        return Extraction(
            (*self.shown, *body.blocks, *dict.fromkeys(self.hidden)),
            (*self.gaps, *body.gaps),
            (*self.embedded, *body.embedded),
            (*self.pictures, *body.pictures),
        )

    def _lack(self, code: GapCode, message: str) -> None:
        self.gaps.append(Gap(Location(), code, message))

    def _people(self) -> None:
        senders = []
        for label, names, addresses in _SENDERS:
            who = _person(self.mail, names, addresses)
            if who and who not in senders:
                senders.append(who)
                self.shown.append(Block(f"{label}：{who}"))
        for name, store in sorted(self.mail.stores.items()):
            if name.startswith(_RECIPIENT):
                self._recipient(store)
        for number, label in _MOMENTS:
            moment = self.mail.moment(number)
            if moment and label == "日期":
                self.shown.append(Block(f"{label}：{moment}"))
            elif moment:
                self.hidden.append(metadata(f"{label}：{moment}", "邮件属性"))

    def _recipient(self, store: Store) -> None:
        kind = _RECIPIENTS.get((store.integer(_RECIPIENT_KIND) or 0) & 15, "收件人")
        who = _person(store, (0x3001, 0x5FF6), _ADDRESSES)
        if who and kind == "密送":
            self.hidden.append(metadata(f"密送：{who}", "密送"))
        elif who:
            self.shown.append(Block(f"{kind}：{who}"))

    def _versions(self) -> list[tuple[str, str]]:
        """Return the versions of the body: page, plain text, rich text."""
        mail = self.mail
        page = text_of(mail.binary(_HTML), mail.body_charset) or mail.text(_HTML)
        versions = [("text/html", page), ("text/plain", mail.text(_BODY))]
        if rich := mail.binary(_RTF):
            try:
                rtf = unpacked_rtf(rich, self.limits.unpacked_bytes)
                versions.append(("text/rtf", rtf_words(rtf)))
            except UnreadableError as error:
                message = f"{error.message}富文本正文未能读取，请人工查看。"
                self._lack("unreadable_part", message)
        return [(kind, text) for kind, text in versions if text.strip("\0 \r\n")]

    def _attachment(self, storage: str, store: Store) -> None:
        names = [_line(store.text(number)) for number in _FILE_NAMES]
        name = next(filter(None, names), f"附件 {len(self.embedded) + 1}")
        for number, text in self._texts(store):
            if (line := _line(text)) not in {*_DULL_VALUES, name}:
                label = _NAMES.get(number, f"附件“{name}”的属性")
                self.hidden.append(metadata(line, label))
        if _INSIDE in store.stores:
            self._inside(storage, name)
        else:
            self._file(store, name)

    def _file(self, store: Store, name: str) -> None:
        """Hand on an attached file; a picture of the page belongs to the body."""
        data = store.binary(_DATA)
        self._bytes += len(data)
        if self._bytes > self.limits.unpacked_bytes:
            self._lack("too_large", f"附件过大，“{name}”未予读取。")
        elif not data and (store.integer(_METHOD) or 0) in _BY_REFERENCE:
            self._lack("external", f"附件“{name}”只是一个链接，内容不在文件里。")
        elif name.lower().endswith(_SEALED_NAMES):
            self._sealed(name, data)
        elif not is_image(data) or not (
            store.text(_CONTENT_ID) or store.integer(_HIDDEN)
        ):
            self.embedded.append(Embedded(name, data))
        elif not is_tiny(data):
            self.pictures.append(Picture(data))

    def _texts(self, store: Store) -> Iterator[tuple[int, str]]:
        """Yield the texts of a storage as long as they are not too many."""
        for number, text in store.texts():
            self._words += len(text)
            if self._words > self.limits.characters:
                self._lack("too_large", "邮件的属性过多，其余的未予读取。")
                return
            yield number, text

    def _inside(self, storage: str, name: str) -> None:
        """Hand on a message or an object that lies inside, as a file of its own."""
        path = (storage, _INSIDE)
        self._bytes += sum(entry.size for entry in below(self.file, path))
        if self._bytes > self.limits.unpacked_bytes:
            self._lack("too_large", f"附件过大，“{name}”未予读取。")
            return
        streams = bundled(self.file, path)
        if any(path[0].lower() == _FIXED for path in streams):
            self.embedded.append(Embedded(f"{name}.msg", packed(streams)))
            return
        parts = object_files(packed(streams), name, self.limits)
        self.hidden.extend(parts.blocks)
        self.gaps.extend(parts.gaps)
        self.embedded.extend(parts.embedded)

    def _sealed(self, name: str, data: bytes) -> None:
        """Hand on what is only signed; say of what is encrypted that it is."""
        if data.lstrip()[:13].lower() == b"content-type:":
            self.embedded.append(Embedded(f"{name}.eml", b"MIME-Version: 1.0\n" + data))
        elif is_signed(data) and (signed := signed_contents(data)) is not None:
            mail = b"MIME-Version: 1.0\n" + signed
            self.embedded.append(Embedded(f"{name}.eml", mail))
        else:
            self._lack("encrypted", MAIL_LOCKED)

    def _properties(self, body: Sequence[Block]) -> None:
        """Keep every other text that the message carries, each only once."""
        headers = part_of(self.mail.text(_HEADERS).encode("utf-8", "replace"))
        for block in header_blocks(headers):
            label = "主题：" if block.role == "title" else ""
            self.hidden.append(metadata(label + block.text, "邮件头"))
        told = Told(letters_of("".join(b.text for b in (*self.shown, *body))))
        for number, text in self._texts(self.mail):
            line = _line(text)
            if number in _READ or line in _DULL_VALUES or told.holds(line):
                continue
            label = _NAMES.get(number, "邮件属性")
            self.hidden.append(metadata(f"{label}：{line}", "邮件属性"))


def _person(store: Store, names: Sequence[int], addresses: Sequence[int]) -> str:
    """Return name and address, each as far as it is known."""
    name = next(filter(None, (_line(store.text(one)) for one in names)), "")
    address = next(filter(None, (_line(store.text(one)) for one in addresses)), "")
    if not address or address == name:
        return name
    return f"{name} <{address}>" if name else address


def _line(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())
