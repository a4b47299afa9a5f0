"""Open a zip package or an XML part safely: sizes are checked before unpacking."""

import io
import re
import zipfile
import zlib
from collections import Counter
from functools import cached_property
from typing import Final

from lxml import etree

from review.errors import BombError, CorruptError, EncryptedError, TooLargeError
from review.extract.limits import Limits
from review.extract.messages import LOCKED

_RATIO_FLOOR: Final = 32 * 1024 * 1024
_XML_BYTES: Final = 64 * 1024 * 1024
# Beginnings and ends of elements: so many make a tree of half a gigabyte.
MOST_MARKS: Final = 3_000_000
_LONG_TAG: Final = r"<[^<>]{8000,}"
_MOST_ATTRIBUTES: Final = 2_000
_ENCRYPTED_FLAG: Final = 0x1
_DOCTYPES: Final = tuple(
    "<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be")
)
_STRICT: Final = rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)"
_STRICT_TO: Final = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_READ_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class Package:
    """Hold an opened zip whose members are within the limits."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        """Keep the archive; `open_package` makes these."""
        self._archive = archive
        self._limits = limits

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the names of all files, in the order of the package."""
        infos = self._archive.infolist()
        return tuple(
            dict.fromkeys(i.filename for i in infos if not i.filename.endswith("/"))
        )

    @cached_property
    def shadowed(self) -> tuple[str, ...]:
        """Return the names that stand in the package more than once."""
        counts = Counter(i.filename for i in self._archive.infolist())
        return tuple(name for name, count in counts.items() if count > 1)

    def has(self, name: str) -> bool:
        """Tell whether the package has a file of this name."""
        return name in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.names)

    def size(self, name: str) -> int:
        """Return the unpacked size that the package declares for a file."""
        return self._archive.getinfo(name).file_size

    def read(self, name: str) -> bytes:
        """Return the bytes of one file.

        Raises:
            EncryptedError: The member is encrypted.
            CorruptError: The member is missing or damaged.
        """
        try:
            info = self._archive.getinfo(name)
        except KeyError as fault:
            raise CorruptError(
                f"文件包里缺少部件 {name}，请重新保存后再试。"
            ) from fault
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise EncryptedError(LOCKED)
        try:
            return self._archive.read(info)
        except _READ_FAULTS as fault:
            raise CorruptError(
                f"文件包里的部件 {name} 已损坏，请重新保存后再试。"
            ) from fault

    def xml(self, name: str) -> etree._Element:
        """Return the root of one XML part.

        Raises:
            CorruptError: The part is missing, damaged or carries a DTD.
            TooLargeError: The part is too large to hold as a tree.
        """
        return parse_xml(self.read(name), name)


def open_package(data: bytes, limits: Limits) -> Package:
    """Open a zip package after checking what it would unpack to.

    Raises:
        CorruptError: The bytes are no whole zip file.
        BombError: It would unpack to more than the limits allow.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _READ_FAULTS as fault:
        raise CorruptError(
            "文件不完整或已损坏，无法打开，请重新保存后再试。"
        ) from fault
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > limits.members:
        raise BombError(f"文件包里有 {len(infos)} 个部件，超过上限，未予读取。")
    ratio = total / max(len(data), 1)
    if total > limits.unpacked_bytes or (
        total > _RATIO_FLOOR and ratio > limits.unpacked_ratio
    ):
        raise BombError("文件解压后异常庞大，疑似压缩炸弹，未予读取。")
    return Package(archive, limits)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Parse one XML part without entities, network or a DTD.

    Raises:
        CorruptError: The part is damaged or carries a DTD.
        TooLargeError: The part is too large to hold as a tree.
    """
    if len(data) > _XML_BYTES or data.count(b"<") > MOST_MARKS:
        raise TooLargeError(f"部件 {name} 过大，请拆分文件后再提交。")
    check_doctype(data, name)
    if is_overloaded(data.decode("latin-1")):
        raise TooLargeError(f"部件 {name} 里有元素的属性过多，未予读取。")
    if b"purl.oclc.org/ooxml" in data:
        data = re.sub(_STRICT, _STRICT_TO, data)
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise CorruptError(f"部件 {name} 已损坏，请重新保存后再试。") from fault
    return root


def check_doctype(data: bytes, name: str) -> None:
    """Refuse a part that carries a DTD.

    Raises:
        BombError: The part carries a DTD.
    """
    if any(mark in data for mark in _DOCTYPES):
        raise BombError(f"部件 {name} 含有文档类型声明（DTD），可能有害，未予读取。")


def is_overloaded(markup: str) -> bool:
    """Tell whether an element has so many attributes that looking them up takes minutes."""
    long = re.finditer(_LONG_TAG, markup)
    return any(one[0].count("=") > _MOST_ATTRIBUTES for one in long)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )


def looks_like(data: bytes, folder: str) -> bool:
    """Tell whether these bytes are an Office package with parts in `folder`.

    A truncated package has no directory any more; its first member tells.
    """
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except _READ_FAULTS:
        return b"[Content_Types].xml" in data[:4096] and folder.encode() in data
    has_types = any(name.startswith(("[Content_Types]", "_rels/")) for name in names)
    return has_types and any(name.startswith(folder) for name in names)
