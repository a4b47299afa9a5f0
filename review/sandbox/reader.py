"""The reader: drafts are opened in a sandbox, and so is what helps to read them."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from review.errors import (
    CorruptError,
    NotFoundError,
    OutOfTimeError,
    TooLargeError,
    UnreadableError,
)
from review.extract.interface import Convertible, Document, Line
from review.extract.limits import Limits
from review.extract.watching import at_page
from review.letters.recognize import Recognizer, recognizer
from review.sandbox.asking import (
    Ask,
    Reply,
    document_from_json,
    error_of,
    lines_of,
    packed_replies,
)
from review.sandbox.sandbox import Answer, Bounds, Sandbox

_MB: Final = 1024 * 1024
# A file in a file, each of an old format, asks once more for each level.
_MOST_ROUNDS: Final = 8
_BASE: Final = 25.0  # seconds that the smallest file may take
_A_SECOND: Final = 100_000  # bytes that give a second more
# The same of conversion, of which 20 pages take 3 seconds on a quiet machine.
_CONVERTING_BASE: Final = 45.0
_CONVERTING_A_SECOND: Final = 50_000
_TOGETHER: Final = 8  # pictures in one child: loading the models takes a second
_STRANGE: Final = (
    "读取这个文件时程序出错，没有读完；请用原来的软件另存一份后再试，"
    "仍不行时请联系系统管理员。"
)
_SUITE: Final = (Path("/etc/libreoffice"),)  # where its settings lie
_READING: Final = Bounds(seconds=180, memory=2048 * _MB, answer=512 * _MB)
# How many processes a user may have where another program works: where there are no
# walls, those that the user has anyway count too.
_PROCESSES: Final = 2048
# Another program works there, and needs room for its files.
_CONVERTING: Final = Bounds(
    seconds=120,
    memory=2048 * _MB,
    answer=256 * _MB,
    files=512 * _MB,
    processes=_PROCESSES,
)
_RECOGNIZING: Final = Bounds(seconds=120, memory=1536 * _MB)
_NO_TIME: Final = "识别图片文字的时间已用完，这张图片没有识别。"
_NO_TIME_TO_CONVERT: Final = (
    "转换旧格式文件的时间已用完，这个文件没有转换；请拆分后再提交。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingBounds:
    """What reading a draft may take, each kind of child by itself.

    `recognizing` bounds one picture, `recognizing_seconds` all pictures of a draft,
    of which `at_once` are read side by side; `converting` one file of an old format,
    `converting_seconds` all that a draft holds.
    """

    reading: Bounds = _READING
    converting: Bounds = _CONVERTING
    recognizing: Bounds = _RECOGNIZING
    recognizing_seconds: float = 1200
    converting_seconds: float = 1200
    at_once: int = 2


@dataclass(frozen=True, slots=True)
class SandboxAids:
    """Converts and recognizes in processes of their own."""

    bounds: ReadingBounds = field(default_factory=ReadingBounds)

    def converted(self, data: bytes, to: Convertible) -> bytes:
        """Return the file in another format.

        Raises:
            UnreadableError: It could not be made, or nobody here can make it.
        """
        bounds = converting_of(self.bounds.converting, len(data))
        # The converter stops by itself a little earlier, and says why.
        options = {"to": to, "seconds": bounds.seconds * 0.9}
        return _run(Sandbox(bounds=bounds, sees=_SUITE), "convert", data, options).data

    def recognized(self, picture: bytes) -> tuple[Line, ...]:
        """Return the lines of a picture in reading order.

        Raises:
            UnreadableError: It could not be read, or nobody here can read it.
        """
        (reply,) = self.recognized_all([picture])
        if reply.error is not None:
            raise reply.error
        return reply.lines or ()

    def recognized_all(self, pictures: Sequence[bytes]) -> tuple[Reply, ...]:
        """Read pictures side by side, until the time for all of them is over."""
        end = time.monotonic() + self.bounds.recognizing_seconds
        groups = [
            pictures[at : at + _TOGETHER] for at in range(0, len(pictures), _TOGETHER)
        ]
        found: list[Reply] = []
        with ThreadPoolExecutor(max_workers=self.bounds.at_once) as pool:
            for replies in pool.map(lambda group: self._lines(group, end), groups):
                found.extend(replies)
                at_page(len(found), len(pictures))
        return tuple(found)

    def _lines(self, group: Sequence[bytes], end: float) -> list[Reply]:
        """Have a few pictures read in one child; one by one where that fails."""
        left = end - time.monotonic()
        if left <= 0:
            return [Reply(error=OutOfTimeError(_NO_TIME))] * len(group)
        by = recognizer()
        bounds = _recognizing(self.bounds.recognizing, by)
        whole = replace(bounds, seconds=min(left, bounds.seconds * len(group)))
        options = {"lengths": [len(one) for one in group], "by": by}
        try:
            told = _run(
                Sandbox(bounds=whole), "recognize", b"".join(group), options
            ).value
            replies = [_reply(one) for one in told]
        except UnreadableError as error:
            if len(group) == 1:
                return [Reply(error=error)]
            return [one for each in group for one in self._lines([each], end)]
        if len(replies) != len(group):
            return [Reply(error=CorruptError(_STRANGE))] * len(group)
        return replies


@dataclass(frozen=True, slots=True)
class SandboxReader:
    """Reads each draft in a process of its own, and answers what that asks for."""

    bounds: ReadingBounds = field(default_factory=ReadingBounds)

    def __call__(self, data: bytes, name: str, limits: Limits) -> Document:
        """Read a draft as `extract.read` does.

        Raises:
            UnreadableError: It could not be read, or not within the bounds.
        """
        if len(data) > limits.file_bytes:
            size = limits.file_bytes // _MB
            raise TooLargeError(
                f"文件超过 {size} MB 的上限，请拆分或压缩图片后再提交。"
            )
        replies: dict[str, Reply] = {}
        left = self.bounds
        for _ in range(_MOST_ROUNDS):
            heads, bodies = packed_replies(replies)
            options = {
                "name": name,
                "size": len(data),
                "limits": asdict(limits),
                "replies": heads,
            }
            bounds = _by_size(self.bounds.reading, len(data) + len(bodies))
            answer = _run(
                Sandbox(bounds=bounds, nursed=True),
                "read",
                data + bodies,
                options,
                _hear,
            )
            asks = _asks(answer.value, answer.data)
            if not asks:
                return _document(answer.data)
            new = [one for one in asks if one.name not in replies]
            if not new:
                break
            more, left = _replies(left, new)
            replies |= more
        raise CorruptError(_STRANGE)


def _recognizing(bounds: Bounds, by: Recognizer) -> Bounds:
    """Return what reading pictures may take: a program is a process more."""
    return replace(bounds, processes=_PROCESSES) if by == "tesseract" else bounds


def converting_of(bounds: Bounds, size: int) -> Bounds:
    """Return what converting a file of that size may take, at most the bounds."""
    return _by_size(bounds, size, _CONVERTING_BASE, _CONVERTING_A_SECOND)


def _by_size(
    bounds: Bounds, size: int, base: float = _BASE, a_second: int = _A_SECOND
) -> Bounds:
    """Give a small file little time: one that takes long is made to."""
    return replace(bounds, seconds=min(bounds.seconds, base + size / a_second))


def _replies(
    bounds: ReadingBounds, asks: Sequence[Ask]
) -> tuple[dict[str, Reply], ReadingBounds]:
    """Return what became of the wishes, and the bounds with the time that is left."""
    aids = SandboxAids(bounds)
    pictures = [one for one in asks if one.wish == "lines"]
    start = time.monotonic()
    told = aids.recognized_all([one.data for one in pictures])
    found = {one.name: reply for one, reply in zip(pictures, told, strict=True)}
    middle = time.monotonic()
    end = middle + bounds.converting_seconds
    for one in asks:
        if one.wish != "lines":
            found[one.name] = _converted(aids, one.data, one.wish, end)
    return found, replace(
        bounds,
        recognizing_seconds=bounds.recognizing_seconds - (middle - start),
        converting_seconds=end - time.monotonic(),
    )


def _converted(aids: SandboxAids, data: bytes, to: Convertible, end: float) -> Reply:
    """Return a file in another format, as long as there is time."""
    if time.monotonic() >= end:
        return Reply(error=OutOfTimeError(_NO_TIME_TO_CONVERT))
    try:
        return Reply(data=aids.converted(data, to))
    except UnreadableError as error:
        return Reply(error=error)


def _run(
    sandbox: Sandbox,
    name: str,
    data: bytes,
    options: Mapping[str, Any],
    hear: Callable[[Any], None] | None = None,
) -> Answer:
    """Run in a sandbox; its every failure is an unreadable file."""
    try:
        return sandbox.run(name, data, options, hear)
    except NotFoundError:
        raise CorruptError(_STRANGE) from None


def _hear(step: Any) -> None:
    """Pass on which page is being read."""
    if isinstance(step, list) and len(step) == 2:  # noqa: PLR2004 - page, and of how many
        at_page(int(step[0]), int(step[1]))


def _asks(value: Any, data: bytes) -> list[Ask]:
    """Return what the child wants; nothing where it has read."""
    if not isinstance(value, Mapping):
        raise CorruptError(_STRANGE)
    try:
        return list(_cut(value.get("asks", []), data))
    except (TypeError, ValueError):
        raise CorruptError(_STRANGE) from None


def _cut(heads: Sequence[Any], data: bytes) -> Iterator[Ask]:
    at = 0
    for wish, length in heads:
        if wish not in {"docx", "xlsx", "pptx", "lines"}:
            raise ValueError("no such wish")
        yield Ask(wish, data[at : at + int(length)])
        at += int(length)


def _document(data: bytes) -> Document:
    try:
        return document_from_json(json.loads(data.decode("utf-8", "surrogatepass")))
    except (TypeError, KeyError, ValueError):
        raise CorruptError(_STRANGE) from None


def _reply(told: Any) -> Reply:
    try:
        if "error" in told:
            return Reply(error=error_of(told["error"]))
        return Reply(lines=lines_of(told["lines"]))
    except (TypeError, KeyError, ValueError):
        return Reply(error=CorruptError(_STRANGE))
