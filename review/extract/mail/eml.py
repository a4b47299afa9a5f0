"""Mails (eml, mbox): headers, every version of the body, attachments, what is hidden."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from review.errors import TooLargeError
from review.extract.interface import Block, Embedded, Extraction, Gap, GapCode, Picture
from review.extract.limits import Limits
from review.extract.mail.eml_body import body_of
from review.extract.mail.eml_headers import header_blocks, metadata
from review.extract.mail.eml_parts import Part, part_of, pieces_of
from review.extract.mail.eml_sealed import is_signed, signed_contents
from review.extract.mail.eml_words import text_of
from review.extract.messages import MAIL_LOCKED
from review.extract.picture_size import is_tiny
from review.extract.sniff import is_image
from review.spans import Location

_KNOWN: Final = (
    r"received|return-path|from|to|cc|bcc|subject|date|message-id|reply-to|sender|"
    r"content-(?:type|transfer-encoding|disposition)|mime-version|delivered-to|"
    r"in-reply-to|references|importance|priority|user-agent|x-[\w-]+"
)
_SIGNATURE: Final = r"application/(?:(?:x-)?pkcs7|pgp)-(?:signature|keys)"
_SEALED: Final = r"application/(?:x-)?pkcs7-mime"
_MAILS: Final = ("message/rfc822", "message/global", "message/news")
_MBOX: Final = rb"(?:^|\n)\r?\nFrom [^\n]{0,200}\d\d:\d\d[^\n]{0,100}\n(?=[!-9;-~]+:)"
_LINE: Final = rb"[!-9;-~]{1,100}[ \t]*:"
# Where this stands near the start, a line before the headers does not hide a mail.
_SURE: Final = rb"(?im)^mime-version[ \t]*:"
_NEAR: Final = 4096
_ENVELOPE: Final = rb"From [^\n]*\n(?=[!-9;-~]{1,100}:)"
_USUAL_WORDS: Final = r"[\x00-\x7f]{0,300}\bMIME\b[\x00-\x7f]{0,300}"
_PGP: Final = "-----BEGIN PGP MESSAGE-----"
_HEAD: Final = 65_536
_DEEPEST: Final = 20
_ENDINGS: Final = {
    "text/html": ".html",
    "text/plain": ".txt",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/ms-tnef": ".dat",
}


class Eml:
    """Mails as they go over the wire, alone or many in an mbox."""

    format = "eml"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the contents begin with the headers of a mail."""
        start = _parted(data[:_HEAD])[1]
        names = [name.lower() for name, _ in part_of(start).headers]
        known = [name for name in names if re.fullmatch(_KNOWN, name)]
        if len(known) > 1 or names[:1] == ["mime-version"]:
            return True
        # Signed mails are handed on with this header alone.
        return names == ["content-type"] and pieces_of(part_of(start)) is not None

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read headers and bodies; attachments and mails inside are handed on.

        Raises:
            TooLargeError: There are more parts or characters than allowed.
        """
        mails = re.split(_MBOX, b"\n\n" + data) if data.startswith(b"From ") else []
        mails = [mail for mail in mails if mail.strip()]
        if len(mails) > 1:
            if len(mails) > limits.members:
                raise TooLargeError("邮箱文件里的邮件过多，请拆分后再提交。")
            named = enumerate(mails, 1)
            return Extraction(
                (), embedded=tuple(Embedded(f"第 {n} 封.eml", one) for n, one in named)
            )
        reading = _Reading(limits)
        before, start = _parted(data)
        mail = part_of(start)
        reading.blocks.extend(header_blocks(mail))
        reading.stray(before)
        reading.walk(mail, 0)
        return reading.done()


def _parted(data: bytes) -> tuple[bytes, bytes]:
    """Return what stands before a mail's headers, and the mail."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if start.startswith(b"From "):
        start = re.sub(_ENVELOPE, b"", start, count=1)
    if re.match(_LINE, start) or not re.search(_SURE, start[:_NEAR]):
        return b"", start
    first = re.search(rb"\n(?=" + _LINE + rb")", start[:_NEAR])
    at = first.end() if first else 0
    return start[:at], start[at:]


@dataclass(slots=True)
class _Reading:
    """One mail while it is read."""

    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    _versions: list[tuple[str, str]] = field(default_factory=list)
    _bodies: list[Extraction] = field(default_factory=list)
    _parts: int = 0

    def done(self) -> Extraction:
        """Return all that was read, in the order in which people read it."""
        shown = [b for b in self.blocks if not b.hidden]
        hidden = [b for b in self.blocks if b.hidden]
        gaps = list(self.gaps)
        for body in self._bodies:
            shown.extend(body.blocks)
            gaps.extend(body.gaps)
            self.embedded.extend(body.embedded)
            self.pictures.extend(body.pictures)
        blocks = (*shown, *dict.fromkeys(hidden))
        return Extraction(
            blocks,
            tuple(dict.fromkeys(gaps)),
            tuple(self.embedded),
            tuple(self.pictures),
        )

    def _note(self, text: str, detail: str) -> None:
        self.blocks.append(metadata(text, detail))

    def _lack(self, code: GapCode, message: str) -> None:
        self.gaps.append(Gap(Location(), code, message))

    def stray(self, outside: bytes) -> None:
        """Keep text that no mail program shows."""
        usual = re.fullmatch(_USUAL_WORDS, outside.decode("latin-1"))
        if outside.strip() and not usual:
            self._note(" ".join(text_of(outside).split()), "邮件分段之外的文字")

    def walk(self, part: Part, depth: int, *, alternative: bool = False) -> None:
        """Read one part, and the parts inside it.

        Raises:
            TooLargeError: There are more parts than allowed.
        """
        self._parts += 1
        if self._parts > self.limits.members:
            raise TooLargeError("邮件的组成部分过多，请拆分后再提交。")
        if depth > _DEEPEST:
            self._lack("too_deep", "邮件嵌套过深，更深处的内容未予读取。")
        elif part.kind.startswith("multipart/"):
            self._multipart(part, depth, alternative=alternative)
        elif re.fullmatch(_SEALED, part.kind):
            self._sealed(part, depth)
        elif not re.fullmatch(_SIGNATURE, part.kind):
            self._leaf(part)
        if not alternative:
            self._end_body()

    def _end_body(self) -> None:
        """Read the versions of the body that were gathered, as one body."""
        if self._versions:
            self._bodies.append(body_of(self._versions, self.limits, held=True))
            self._versions.clear()

    def _multipart(self, part: Part, depth: int, *, alternative: bool) -> None:
        if part.kind == "multipart/encrypted":
            self._lack("encrypted", MAIL_LOCKED)
            return
        pieces = pieces_of(part)
        if pieces is None:
            self._lack("unreadable_part", "邮件分段已损坏，按整段文字读取，请核对。")
            self._leaf(replace(part, headers=(("Content-Type", b"text/plain"),)))
            return
        inside, outside = pieces
        self.stray(outside)
        alternative = alternative or part.kind == "multipart/alternative"
        for one in inside:
            self.walk(one, depth + 1, alternative=alternative)

    def _sealed(self, part: Part, depth: int) -> None:
        """Read what is only signed; say of what is encrypted that it is."""
        data = part.contents
        if not is_signed(data):
            self._lack("encrypted", "邮件已用数字证书加密，请解密后另存再提交。")
            return
        signed = signed_contents(data)
        if signed is None:
            self._lack("unreadable_part", "签名邮件的正文未能取出，请另存后再提交。")
        else:
            self.walk(part_of(signed), depth + 1)

    def _leaf(self, part: Part) -> None:
        for name in ("content-description", "content-location"):
            if value := part.header(name):
                self._note(value, "附件说明")
        inline = part.disposition != "attachment"
        if part.kind in {"text/plain", "text/html"} and inline and not part.names:
            self._text(part)
        elif part.kind == "message/external-body":
            self._lack("external", "邮件引用了不在文件里的外部内容，未经检查。")
        elif part.kind in _MAILS:
            subject = part_of(part.contents).header("subject") or "转发的邮件"
            name = (*part.names, f"{subject}.eml")[0]
            self.embedded.append(Embedded(name, part.contents))
        else:
            self._attachment(part, shown=inline or bool(part.raw("content-id")))

    def _text(self, part: Part) -> None:
        text = part.text
        if _PGP in text:
            self._lack("encrypted", "邮件正文含有加密内容（PGP），请解密后再提交。")
        self._versions.append((part.kind, text))

    def _attachment(self, part: Part, *, shown: bool) -> None:
        """Hand a file on; a picture that the mail itself shows belongs to the body."""
        names, data = part.names, part.contents
        if shown and is_image(data):
            if not is_tiny(data):
                self.pictures.append(Picture(data))
            for name in names:
                self._note(name, "图片文件名")
            return
        ending = _ENDINGS.get(part.kind, "")
        number = len(self.embedded) + 1
        name = (*names, f"附件 {number}{ending}")[0]
        for other in names[1:]:
            self._note(other, "附件的另一个文件名")
        self.embedded.append(Embedded(name, data))
