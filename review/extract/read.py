"""Read a file into a `Document`, and every file inside it too."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

from review import digests
from review.errors import (
    BombError,
    CorruptError,
    EncryptedError,
    OutOfTimeError,
    TooLargeError,
    UnreadableError,
    UnsupportedError,
)
from review.extract.archives.members import LISTING
from review.extract.archives.system import is_system_file, readable_in
from review.extract.interface import (
    Aids,
    Block,
    Document,
    Embedded,
    Extraction,
    Extractor,
    Gap,
    GapCode,
    Picture,
)
from review.extract.limits import Limits
from review.extract.merging import merged, roughly
from review.extract.pictures import PictureReading
from review.extract.plain.encodings import forget
from review.extract.sniff import is_image, refusal
from review.spans import Location

_SYSTEM: Final = "系统自动生成的文件，不是稿件的内容"
_NO_CONVERTER: Final = (
    "该文件是旧格式，这里没有能转换它的程序；请另存为 docx、xlsx 或 pptx 后再提交。"
)
_SHOWN: Final = 20  # gaps of one kind about inner files; the others are counted
_WHY: Final[dict[GapCode, str]] = {
    "too_deep": "嵌套过深，未予读取",
    "too_large": "过多或过大，未予读取",
    "encrypted": "已加密，未能读取",
}
_GAP_CODES: Final[dict[type[UnreadableError], GapCode]] = {
    EncryptedError: "encrypted",
    TooLargeError: "too_large",
    BombError: "too_large",
    OutOfTimeError: "timeout",
    UnsupportedError: "unsupported_part",
    CorruptError: "unreadable_part",
}


@dataclass(slots=True)
class _Harvest:
    """What was gathered so far from the file and the files inside it."""

    limits: Limits
    aids: Aids | None
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    bytes_left: int = 0
    files_left: int = 0
    characters: int = 0
    lacking: Counter[GapCode] = field(default_factory=Counter)
    system: list[str] = field(default_factory=list)

    def take(self, extraction: Extraction, path: str | None) -> None:
        """Add what one file yielded, placed below `path` when it is inside.

        Raises:
            TooLargeError: There is more than anybody reads.
        """
        self.characters += sum(len(block.text) for block in extraction.blocks)
        if self.characters > self.limits.characters:
            raise TooLargeError("文件的文字过多，请拆分后再提交。")
        if len(self.blocks) + len(extraction.blocks) > self.limits.blocks:
            raise TooLargeError("文件的段落或表格的行过多，请拆分后再提交。")
        if path is None:
            self.blocks.extend(extraction.blocks)
            self.gaps.extend(extraction.gaps)
            self.pictures.extend(extraction.pictures)
            return
        for picture in extraction.pictures:
            where = replace(picture.where, path=path)
            self.pictures.append(replace(picture, where=where))
        for block in extraction.blocks:
            self.blocks.append(replace(block, where=_inside(block.where, path)))
        for gap in extraction.gaps:
            self.gaps.append(replace(gap, where=_inside(gap.where, path)))

    def lack(self, gap: Gap) -> None:
        """Say that an inner file was not read; after so many of a kind they are counted."""
        self.lacking[gap.code] += 1
        if self.lacking[gap.code] <= _SHOWN:
            self.gaps.append(gap)

    def finish(self) -> None:
        """Say how many more were not read, and which files a system left there."""
        where = Location(part="attachment")
        for code, times in self.lacking.items():
            if times > _SHOWN:
                why = _WHY.get(code, "未能读取")
                message = f"另有 {times - _SHOWN} 个内嵌文件{why}。"
                self.gaps.append(Gap(where, code, message))
        if self.system:
            names = "、".join(self.system[:_SHOWN])
            more = "等" if len(self.system) > _SHOWN else ""
            text = f"{names}{more}，共 {len(self.system)} 个"
            self.blocks.append(Block(text, where, True, "note", (), _SYSTEM))  # noqa: FBT003 - hidden


def read(
    data: bytes, name: str, limits: Limits = Limits(), aids: Aids | None = None
) -> Document:
    """Read a draft: its own text, its hidden content and the files inside it.

    The contents decide which format it is, never the name. Without `aids` pictures
    stay unread, which is a gap, and the old binary formats unreadable.

    Raises:
        UnreadableError: The file is empty, encrypted, damaged, too large or
            of a format that nobody here reads.
    """
    try:
        return _read(data, name, limits, aids)
    finally:
        forget()


def _read(data: bytes, name: str, limits: Limits, aids: Aids | None) -> Document:
    if not data:
        raise CorruptError("文件是空的，没有任何内容，请检查后重新提交。")
    if len(data) > limits.file_bytes:
        size = limits.file_bytes // (1024 * 1024)
        raise TooLargeError(f"文件超过 {size} MB 的上限，请拆分或压缩图片后再提交。")
    extractor = _pick(data, limits)
    harvest = _Harvest(
        limits, aids, bytes_left=limits.unpacked_bytes, files_left=limits.members
    )
    extraction = _extracted(extractor, data, harvest)
    harvest.take(extraction, None)
    _descend(extraction, None, 1, harvest)
    harvest.finish()
    pictures = PictureReading(aids, limits)
    pictures.run(harvest.pictures)
    harvest.blocks.extend(pictures.blocks)
    harvest.gaps.extend(pictures.gaps)
    if sum(len(block.text) for block in harvest.blocks) > limits.characters:
        raise TooLargeError("文件的文字过多，请拆分后再提交。")
    return Document(
        name=name,
        format=extractor.format,
        sha256=digests.of_bytes(data),
        size=len(data),
        blocks=tuple(harvest.blocks),
        gaps=tuple(harvest.gaps),
    )


def format_of(data: bytes, limits: Limits = Limits()) -> str:
    """Return which format the bytes are, without reading them.

    Raises:
        UnreadableError: They are of no format that anybody here reads.
    """
    return _pick(data, limits).format


def _pick(data: bytes, limits: Limits) -> Extractor:
    from review.extract.formats import FORMATS  # noqa: PLC0415 - only who opens files loads the parsers

    for extractor in FORMATS:
        if extractor.recognizes(data):
            return extractor
    raise refusal(data, limits)


def _extracted(extractor: Extractor, data: bytes, harvest: _Harvest) -> Extraction:
    """Let one extractor read, and another what a program outside makes of the file.

    Raises:
        UnreadableError: It can't be read, or not without that program.
    """
    from review.extract.images.image import Image  # noqa: PLC0415 - as in _pick

    own = extractor.extract(data, harvest.limits)
    if own.convert is None:
        return own if isinstance(extractor, Image) else _with_traces(own)
    try:
        if harvest.aids is None:
            raise UnsupportedError(_NO_CONVERTER)
        other = harvest.aids.converted(data, own.convert)
        rest = _pick(other, harvest.limits).extract(other, harvest.limits)
    except UnreadableError as error:
        if not own.blocks:
            raise
        return _with_traces(roughly(own, error.message))
    return _with_traces(merged(rest, own))


def _with_traces(extraction: Extraction) -> Extraction:
    """Add what the picture files in a draft carry beside their pictures."""
    from review.extract.images.image import hidden_in  # noqa: PLC0415 - as in _pick

    blocks: list[Block] = []
    gaps: list[Gap] = []
    files: list[Embedded] = []
    pictures: list[Picture] = []
    for picture in extraction.pictures:
        beside, page = hidden_in(picture.data), picture.where.page
        blocks += (
            replace(one, where=replace(one.where, page=page)) for one in beside.blocks
        )
        gaps += (
            replace(one, where=replace(one.where, page=page)) for one in beside.gaps
        )
        files += beside.embedded
        pictures += (
            replace(one, where=replace(one.where, page=page)) for one in beside.pictures
        )
    return replace(
        extraction,
        blocks=(*extraction.blocks, *dict.fromkeys(blocks)),
        gaps=(*extraction.gaps, *dict.fromkeys(gaps)),
        embedded=(*extraction.embedded, *files),
        pictures=(*extraction.pictures, *pictures),
    )


def _descend(
    outer: Extraction, path: str | None, depth: int, harvest: _Harvest
) -> None:
    listed = {
        name
        for block in outer.blocks
        if block.detail == LISTING
        for name in block.text.split("\n")
    }
    for item in outer.embedded:
        below = item.name if path is None else f"{path}/{item.name}"
        gap = _refuse(item, below, depth, harvest)
        if gap is not None:
            harvest.lack(gap)
            continue
        if item.name not in listed:
            _name_block(item, below, harvest)
        harvest.bytes_left -= len(item.data)
        harvest.files_left -= 1
        try:
            extractor = _pick(item.data, harvest.limits)
            extraction = _extracted(extractor, item.data, harvest)
        except UnreadableError as error:
            if is_system_file(item.name, item.data):
                _left_by_system(item, below, harvest)
            else:
                harvest.lack(_gap_of(error, item, below))
            continue
        harvest.take(extraction, below)
        _descend(extraction, below, depth + 1, harvest)


def _left_by_system(item: Embedded, path: str, harvest: _Harvest) -> None:
    """Keep the words in a file that a system left there; it is no gap."""
    harvest.system.append(path)
    if words := readable_in(item.data):
        where = Location(part="attachment", path=path)
        harvest.blocks.append(Block(words, where, True, "note", (), _SYSTEM))  # noqa: FBT003 - hidden


def _refuse(item: Embedded, path: str, depth: int, harvest: _Harvest) -> Gap | None:
    where = Location(part="attachment", path=path)
    if not item.data:
        return Gap(where, "unreadable_part", f"内嵌文件“{path}”是空的。")
    if depth > harvest.limits.depth:
        return Gap(where, "too_deep", f"内嵌文件“{path}”嵌套过深，未予读取。")
    if len(item.data) > harvest.bytes_left or harvest.files_left <= 0:
        return Gap(where, "too_large", f"内嵌文件过多或过大，“{path}”未予读取。")
    return None


def _name_block(item: Embedded, path: str, harvest: _Harvest) -> None:
    """Keep the inner file's name as text: it may disclose by itself."""
    where = Location(part="attachment", page=item.where.page, path=path)
    harvest.blocks.append(
        Block(item.name, where, hidden=True, role="note", detail="内嵌文件名")
    )


def _inside(where: Location, path: str) -> Location:
    return replace(where, part="attachment", path=path)


def _gap_of(error: UnreadableError, item: Embedded, path: str) -> Gap:
    code = _GAP_CODES.get(type(error), "unreadable_part")
    if is_image(item.data):
        code = "image_without_text"
    where = Location(part="attachment", path=path)
    return Gap(where, code, f"内嵌文件“{path}”未能读取：{error.message}")
