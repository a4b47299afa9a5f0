"""What may be run in a sandbox, in one list; a new function is one line.

Each takes a file's bytes and options that JSON carries, and returns a value that JSON
carries and bytes; it may tell how far it is. It imports what it works with when it
runs: a child is quick because it loads nothing else.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from review.errors import UnreadableError

if TYPE_CHECKING:
    from review.sandbox.asking import Recorded

Tell: TypeAlias = Callable[[Any], None]
Work: TypeAlias = Callable[[bytes, Mapping[str, Any], Tell], tuple[Any, bytes]]


@dataclass(frozen=True, slots=True)
class Function:
    """A function and the name that the parent calls it by."""

    name: str
    work: Work


def _pages(data: bytes, options: Mapping[str, Any], tell: Tell) -> tuple[Any, bytes]:
    from review.picture.draw import pages_of  # noqa: PLC0415 - loaded where it runs
    from review.picture.interface import Excerpt  # noqa: PLC0415 - loaded where it runs

    del tell
    excerpts = [Excerpt(**one) for one in options["excerpts"]]
    return asdict(pages_of(data, excerpts)), b""


def _page(data: bytes, options: Mapping[str, Any], tell: Tell) -> tuple[Any, bytes]:
    from review.picture.draw import draw_page  # noqa: PLC0415 - loaded where it runs

    del tell
    made = draw_page(data, options["page"], width_px=options["width_px"])
    return {"width": made.width, "height": made.height}, made.png


def _read(data: bytes, options: Mapping[str, Any], tell: Tell) -> tuple[Any, bytes]:
    """Read a draft; or, where something is wanted for that, say what."""
    from review.extract.limits import Limits  # noqa: PLC0415 - loaded where it runs
    from review.extract.read import read  # noqa: PLC0415 - loaded where it runs
    from review.extract.watching import watching  # noqa: PLC0415 - loaded where it runs
    from review.sandbox.asking import (  # noqa: PLC0415 - loaded where it runs
        Recorded,
        document_to_json,
        unpacked_replies,
    )

    size = options["size"]
    aids = Recorded(unpacked_replies(options["replies"], data[size:]))
    limits = Limits(**options["limits"])
    try:
        with watching(lambda page, pages: tell([page, pages])):
            document = read(data[:size], options["name"], limits, aids)
    except UnreadableError:
        # It may be for want of what is asked for.
        if not aids.asked:
            raise
        return _asking(aids)
    if aids.asked:
        return _asking(aids)
    text = json.dumps(document_to_json(document), ensure_ascii=False)
    return {}, text.encode("utf-8", "surrogatepass")


def _asking(aids: "Recorded") -> tuple[Any, bytes]:
    asked = aids.asked.values()
    return {"asks": [[one.wish, len(one.data)] for one in asked]}, b"".join(
        one.data for one in asked
    )


def _convert(data: bytes, options: Mapping[str, Any], tell: Tell) -> tuple[Any, bytes]:
    from review.sandbox.convert import convert  # noqa: PLC0415 - loaded where it runs

    del tell
    seconds = options["seconds"]
    return {}, convert(data, options["to"], room=Path.cwd(), seconds=seconds)


def _recognize(
    data: bytes, options: Mapping[str, Any], tell: Tell
) -> tuple[Any, bytes]:
    """Read several pictures; one that can't be read does not spoil the others."""
    from review.letters.recognize import recognize  # noqa: PLC0415 - loaded where it runs

    told: list[dict[str, Any]] = []
    for picture in _cut(data, options["lengths"]):
        try:
            lines = recognize(picture, options["by"])
        except UnreadableError as error:
            told.append({"error": {"code": error.code, "message": error.message}})
        else:
            told.append({"lines": [[one.text, one.score] for one in lines]})
        tell(len(told))
    return told, b""


def _clean(data: bytes, options: Mapping[str, Any], tell: Tell) -> tuple[Any, bytes]:
    from review.extract.limits import Limits  # noqa: PLC0415 - loaded where it runs
    from review.safecopy.copying import safe_copy  # noqa: PLC0415 - loaded where it runs

    del tell
    made = safe_copy(data, options["name"], Limits(**options["limits"]))
    told = {
        "format": made.format,
        "removed": [[one.kind, one.place, one.count] for one in made.removed],
        "kept": [[one.kind, one.place, one.count] for one in made.kept],
        "characters": made.characters,
        "pictures": made.pictures,
    }
    return told, made.data


def load_all() -> None:
    """Load what reading, cleaning and drawing work with, for children forked later."""
    import review.contents.canonical  # noqa: PLC0415 - only children load them
    import review.contents.survey  # noqa: PLC0415 - the same
    import review.extract.formats  # noqa: PLC0415 - the same
    import review.extract.pdf.read  # noqa: PLC0415 - the same
    import review.extract.read  # noqa: PLC0415 - the same
    import review.picture.image  # noqa: PLC0415 - the same
    import review.picture.pdf  # noqa: PLC0415 - the same
    import review.safecopy.copying  # noqa: PLC0415 - the same
    import review.safecopy.pdf.clean  # noqa: PLC0415 - the same
    import review.sandbox.asking  # noqa: F401, PLC0415 - the same


def _contents(data: bytes, options: Mapping[str, Any], tell: Tell) -> tuple[Any, bytes]:
    from review.contents.canonical import contents_with  # noqa: PLC0415 - loaded where it runs
    from review.contents.interface import to_json  # noqa: PLC0415 - loaded where it runs
    from review.extract.limits import Limits  # noqa: PLC0415 - loaded where it runs

    del tell
    attached = [(str(name), str(digest)) for name, digest in options["attached"]]
    limits = Limits(**options["limits"])
    made = contents_with(data, options["name"], attached=attached, limits=limits)
    return {}, to_json(made).encode("utf-8", "surrogatepass")


def _survey(data: bytes, options: Mapping[str, Any], tell: Tell) -> tuple[Any, bytes]:
    """Survey a page of a site; what is no page is not read."""
    from review.contents.survey import (  # noqa: PLC0415 - loaded where it runs
        survey,
        to_text,
    )
    from review.extract.limits import Limits  # noqa: PLC0415 - loaded where it runs

    del tell
    found = survey(data, options["name"], Limits(**options["limits"]))
    if found is None:
        return {"page": False}, b""
    return {"page": True}, to_text(found).encode("utf-8", "surrogatepass")


def _cut(data: bytes, lengths: Sequence[int]) -> list[bytes]:
    at, pieces = 0, []
    for length in lengths:
        pieces.append(data[at : at + length])
        at += length
    return pieces


FUNCTIONS: Final = (
    Function("pages", _pages),
    Function("page", _page),
    Function("read", _read),
    Function("convert", _convert),
    Function("recognize", _recognize),
    Function("clean", _clean),
    Function("contents", _contents),
    Function("survey", _survey),
)
