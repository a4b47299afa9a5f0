"""Contact cards and calendars as text (vcf, ics): one grammar of lines, RFC 6350 and RFC 5545."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

from review.extract.interface import Block, Embedded, Extraction, Gap, Picture, Role
from review.extract.limits import Limits
from review.extract.mail.eml_words import text_of as worded
from review.extract.mail.eml_words import unbased
from review.extract.plain.encodings import decode
from review.extract.plain.text import sample_of, text_of
from review.extract.sniff import is_image
from review.spans import Location

_LINE: Final = (
    r"(?s)(?:[\w-]+\.)?([A-Za-z][\w-]*)"
    r"((?:;[^\":;]*(?:\"[^\"]*\"[^\":;]*)*)*):(.*)"
)
_PARAMETER: Final = r";((?:[^\";]|\"[^\"]*\")+)"
_REMOTE: Final = r"(?i)(?:https?|ftp|cid|file):"
_ESCAPED: Final = r"\\([nN,;:\\])"
_DATA_URI: Final = r"(?i)data:[^,]{0,200}?(;base64)?,"
_HEADINGS: Final = frozenset({"FN", "SUMMARY"})
_FILES: Final = frozenset({"PHOTO", "LOGO", "SOUND", "ATTACH", "IMAGE", "KEY"})
_FRAMES: Final = frozenset({"BEGIN", "END", "VERSION"})
_STRUCTURED: Final = frozenset({"N", "ADR", "ORG", "GENDER", "REQUEST-STATUS", "GEO"})
# What a program for contacts or appointments shows; all else is hidden.
_SHOWN: Final = {
    "FN": "",
    "SUMMARY": "",
    "N": "姓名",
    "NICKNAME": "昵称",
    "TEL": "电话",
    "EMAIL": "邮箱",
    "ADR": "地址",
    "LABEL": "地址",
    "ORG": "单位",
    "TITLE": "职务",
    "ROLE": "角色",
    "BDAY": "生日",
    "ANNIVERSARY": "纪念日",
    "NOTE": "备注",
    "URL": "网址",
    "DESCRIPTION": "说明",
    "LOCATION": "地点",
    "DTSTART": "开始",
    "DTEND": "结束",
    "DUE": "期限",
    "ORGANIZER": "召集人",
    "ATTENDEE": "参加人",
    "COMMENT": "备注",
    "CONTACT": "联系人",
    "RESOURCES": "资源",
}
_TYPES: Final = {"CELL": "手机", "HOME": "家", "WORK": "单位", "FAX": "传真"}
# Parameters and values of the grammar: they carry no words.
_GRAMMAR: Final = (
    r"(?i)(?:TYPE=)?(?:VOICE|PREF|INTERNET|JPEG|PNG|GIF|X509|PGP)?"
    r"|(?:ENCODING=)?(?:QUOTED-PRINTABLE|BASE64|B|8BIT)|CHARSET=[\w-]+|PREF=\d+"
    r"|VALUE=(?:URI|BINARY|TEXT|DATE|DATE-TIME|CAL-ADDRESS)|RSVP=(?:TRUE|FALSE)"
    r"|(?:ROLE|PARTSTAT|CUTYPE)=[A-Z-]+|FMTTYPE=[\w.+/-]+"
)


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    parameters: tuple[str, ...]
    value: str
    number: int

    def has(self, *wanted: str) -> bool:
        """Tell whether a parameter has one of these values, named or bare."""
        return any(one.rpartition("=")[2].upper() in wanted for one in self.parameters)


@dataclass(slots=True)
class _Read:
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cards:
    """Files that begin with one kind of component, however many there are."""

    format: str
    component: str

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the text begins with the component."""
        decoded = decode(sample_of(data))
        start = decoded.text.lstrip("\ufeff \t\r\n")[:40].upper() if decoded else ""
        return re.match(rf"BEGIN[ \t]*:[ \t]*{self.component}\b", start) is not None

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every line: what programs show, what they hide, and files inside.

        Raises:
            CorruptError: The bytes decode in no known encoding.
            TooLargeError: There are more characters or lines than allowed.
        """
        text, gaps = text_of(data, limits)
        found = _Read(gaps=list(gaps))
        for line in _lines(text):
            if isinstance(line, Block):
                found.blocks.append(line)
            else:
                _take(line, found)
        return Extraction(
            tuple(found.blocks),
            tuple(found.gaps),
            tuple(found.embedded),
            tuple(found.pictures),
        )


def _lines(text: str) -> Iterator[_Line | Block]:
    """Return the lines, unfolded; what is none of the grammar is text."""
    for number, raw in _unfolded(text):
        found = re.fullmatch(_LINE, raw)
        if found is None:
            if raw.strip():
                yield Block(raw.strip(), Location(paragraph=number))
            continue
        parameters = tuple(one.strip() for one in re.findall(_PARAMETER, found[2]))
        yield _Line(found[1].upper(), parameters, found[3], number)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Return whole lines with the number of their first.

    Two ways of going on: a line that begins with a blank, and of quoted-printable one
    that ends with an equals sign.
    """
    parts: list[str] = []
    first, quoted, soft = 1, False, False
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if parts and (soft or line[:1] in {" ", "\t"}):
            parts.append(f"\n{line}" if soft else line[1:])
        else:
            if parts:
                yield first, "".join(parts)
            parts, first = [line], number
            quoted = "QUOTED-PRINTABLE" in line.partition(":")[0].upper()
        soft = quoted and line.endswith("=")
    yield first, "".join(parts)


def _take(line: _Line, found: _Read) -> None:
    if line.name in _FRAMES and not line.parameters and line.value.strip().isascii():
        return
    inside = _file_in(line)
    if inside is not None:
        _take_file(line, inside, found)
        return
    if line.name in _FILES and re.match(_REMOTE, line.value):
        message = "名片或日程引用了不在文件里的图片、附件，未经检查。"
        found.gaps.append(Gap(Location(paragraph=line.number), "external", message))
    texts = [each for each in _value(line).split("\n") if each.strip()]
    texts[-1:] = [_with_parameters(line, texts[-1] if texts else "")]
    label = _SHOWN.get(line.name)
    head = f"{line.name if label is None else label}："
    texts[0] = texts[0] if label == "" or not texts[0] else head + texts[0]
    found.blocks.extend(_block(line, one) for one in texts if one)


def _block(line: _Line, text: str) -> Block:
    if line.name not in _SHOWN:
        where = Location(part="metadata", paragraph=line.number)
        return Block(text, where, hidden=True, role="note", detail="其他字段")
    role: Role = "heading" if line.name in _HEADINGS else "paragraph"
    return Block(text, Location(paragraph=line.number), role=role)


def _file_in(line: _Line) -> bytes | None:
    """Return the bytes that a line carries, if it carries a file."""
    if not line.value.strip():
        return None
    if line.has("BASE64", "B"):
        return unbased(line.value.encode("utf-8", "replace"))
    found = re.match(_DATA_URI, line.value)
    if found is None:
        return None
    rest = line.value[found.end() :]
    raw = rest.encode("utf-8", "replace")
    return unbased(raw) if found[1] else unquote_to_bytes(raw)


def _take_file(line: _Line, data: bytes, found: _Read) -> None:
    where = Location(part="image", paragraph=line.number)
    if is_image(data):
        found.pictures.append(Picture(data, where))
    else:
        where = Location(part="attachment", paragraph=line.number)
        found.embedded.append(Embedded(f"{line.name}-{line.number}", data, where))
    if text := _with_parameters(line, ""):
        found.blocks.append(Block(text, where, role="note"))


def _value(line: _Line) -> str:
    """Return the value as people read it, one line or several."""
    value = _unquoted(line) if line.has("QUOTED-PRINTABLE") else line.value
    if line.name in _STRUCTURED:
        value = " ".join(filter(None, re.split(r"(?<!\\);", value)))
    value = re.sub(_ESCAPED, lambda one: "\n" if one[1] in "nN" else one[1], value)
    return "\n".join(" ".join(each.split()) for each in value.splitlines())


def _unquoted(line: _Line) -> str:
    named = (one for one in line.parameters if one.upper().startswith("CHARSET="))
    # What stands unquoted was decoded with the file: as UTF-8 it goes back.
    charset = next(named, "").rpartition("=")[2] if line.value.isascii() else "utf-8"
    return worded(binascii.a2b_qp(line.value.encode("utf-8", "replace")), charset)


def _with_parameters(line: _Line, text: str) -> str:
    """Return a value with what its parameters say beside it."""
    said: list[str] = []
    for one in line.parameters:
        if re.fullmatch(_GRAMMAR, one):
            continue
        key, _, values = one.rpartition("=")
        if key.upper() in {"", "TYPE"}:
            each = (word.strip(' "') for word in values.split(","))
            said += [
                _TYPES.get(word.upper(), word)
                for word in each
                if not re.fullmatch(_GRAMMAR, word)
            ]
        else:
            said.append(f"{key}={values}".replace('"', ""))
    return f"{text}（{'，'.join(said)}）" if said else text
