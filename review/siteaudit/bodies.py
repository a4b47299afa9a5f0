"""Whether a page shows a cleared body, whatever template stands around it.

Both are written out so that equal texts mean equal pieces, in the same order, with
the same links, marks and pictures; the cleared body is then looked for as one stretch.
Pictures count by their bytes where they were cleared by bytes.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import regex

from review.contents import address, fold
from review.contents.interface import Contents, Piece

# No canonical text holds these.
_OPEN, _PART, _CLOSE = "\x02", "\x03", "\x04"
_PARTS: Final = regex.compile(r"[\s>\u203a»|\uff5c/·\[\]【】<>«»_\-—–]+")
_LOADED: Final = frozenset({"image", "media"})


def written(
    contents: Contents, *, base: str, bytes_of: Mapping[str, str], cleared: Contents
) -> str:
    """Write out a page's body, to be searched for `cleared`.

    `bytes_of` has the SHA-256 of pictures by address in full.
    """
    known = {one.value for one in cleared.body if one.kind in _LOADED}
    return "".join(
        _written(_swapped(piece, base, bytes_of, known), base)
        for piece in contents.body
    )


def variants(cleared: Contents, *, title: str, base: str) -> Iterator[str]:
    """Yield the cleared body written out, and once more without its own first title.

    A Word file bears its title; a page has it apart, and the date between.
    """
    whole = "".join(_written(piece, base) for piece in cleared.body)
    yield whole
    heading = fold.plain(title)
    if heading and whole.startswith(heading) and len(whole) > len(heading):
        yield whole[len(heading) :].lstrip(" ")


def parts_of(text: str) -> list[str]:
    """Return the words between the signs that part a heading, a path or a row of links."""
    return [part for one in _PARTS.split(text) if (part := squeeze(one))]


def squeezed(contents: Contents) -> str:
    """Return the visible words of a body alone, without white space."""
    return squeeze("".join(one.value for one in contents.body if one.kind == "text"))


def squeeze(text: str) -> str:
    """Return a text's visible characters alone, without white space."""
    return fold.plain(text).replace(" ", "")


def _swapped(
    piece: Piece, base: str, bytes_of: Mapping[str, str], known: set[str]
) -> Piece:
    """Let a picture count by its bytes, where such bytes were cleared."""
    if piece.kind not in _LOADED or piece.value in known:
        return piece
    digest = bytes_of.get(address.canonical(piece.value, base))
    named = f"sha256:{digest}"
    return (
        Piece(piece.kind, named, piece.link, piece.marks) if named in known else piece
    )


def _written(piece: Piece, base: str) -> str:
    link = address.canonical(piece.link, base) if piece.link else ""
    marks = ",".join(piece.marks)
    if piece.kind == "text" and not link and not marks:
        return piece.value
    value = piece.value
    if piece.kind in _LOADED | {"link"} and not value.startswith("sha256:"):
        value = address.canonical(value, base)
    return f"{_OPEN}{piece.kind}{_PART}{value}{_PART}{link}{_PART}{marks}{_CLOSE}"
