"""How drafts are read in an installation: in sandboxes, within the bounds of its settings."""

from collections.abc import Callable
from typing import Final

from review.contents.canonical import ContentsReader
from review.contents.survey import Surveyor
from review.extract.endings import ENDINGS
from review.extract.interface import Aids
from review.extract.limits import Limits
from review.pipeline import Reader
from review.safecopy.interface import SafeCopy
from review.sandbox.beholder import SandboxBeholder
from review.sandbox.copier import safe_copy_apart
from review.sandbox.reader import ReadingBounds, SandboxAids, SandboxReader
from review.sandbox.sandbox import Bounds
from review.sandbox.surveyor import SandboxSurveyor
from review.settings import Settings

_CONVERSIONS: Final = 10  # of the longest kind that one draft may need
_MB: Final = 1024 * 1024

# What the names of files promise; what they hold, the machine finds out by itself.
READABLE: Final = tuple(ending for each in ENDINGS.values() for ending in each)


def reader_of(settings: Settings) -> Reader:
    """Return what opens strange files: never this process, and never without bounds."""
    reader = SandboxReader(bounds_of(settings))
    limits = limits_of(settings)
    return lambda data, name: reader(data, name, limits)


def copier_of(settings: Settings) -> Callable[[bytes, str], SafeCopy]:
    """Return what makes safe copies, given a file's bytes and its name."""
    limits = limits_of(settings)
    # It reads twice, writes in between, and compares page by page.
    bounds = _bounds_of_whole(settings)
    return lambda data, name: safe_copy_apart(data, name, limits, bounds=bounds)


def contents_reader_of(settings: Settings) -> ContentsReader:
    """Return what works out what a reader would see of a draft."""
    return SandboxBeholder(limits_of(settings), _bounds_of_whole(settings))


def surveyor_of(settings: Settings) -> Surveyor:
    """Return what finds out what a page of one's own site shows."""
    return SandboxSurveyor(limits_of(settings), _bounds_of_whole(settings))


def aids_of(settings: Settings) -> Aids:
    """Return what converts old formats and recognizes the text of pictures."""
    return SandboxAids(bounds_of(settings))


def limits_of(settings: Settings) -> Limits:
    """Return how much of a file is read at most."""
    return Limits(
        file_bytes=settings.upload_megabytes * _MB,
        unpacked_bytes=settings.read_unpacked_mb * _MB,
        members=settings.read_members,
        pages=settings.read_pages,
        depth=settings.read_depth,
        pictures=settings.read_pictures,
        frames=settings.read_frames,
        characters=settings.read_characters,
        cells=settings.read_cells,
        blocks=settings.read_blocks,
        drawn=settings.read_drawn,
    )


def bounds_of(settings: Settings) -> ReadingBounds:
    """Return what each of the processes may take that help to read."""
    usual = ReadingBounds()
    return ReadingBounds(
        reading=Bounds(
            seconds=settings.read_seconds,
            memory=settings.read_memory_mb * _MB,
            answer=usual.reading.answer,
        ),
        converting=Bounds(
            seconds=settings.convert_seconds,
            memory=settings.convert_memory_mb * _MB,
            answer=usual.converting.answer,
            files=usual.converting.files,
            processes=usual.converting.processes,
        ),
        recognizing=Bounds(
            seconds=settings.picture_seconds, memory=settings.picture_memory_mb * _MB
        ),
        recognizing_seconds=settings.pictures_seconds,
        converting_seconds=settings.convert_seconds * _CONVERSIONS,
        at_once=settings.pictures_at_once,
    )


def _bounds_of_whole(settings: Settings) -> Bounds:
    """Return what work may take whose answer is as large as the file unpacked."""
    return Bounds(
        seconds=settings.read_seconds,
        memory=settings.read_memory_mb * _MB,
        answer=settings.read_unpacked_mb * _MB,
    )
