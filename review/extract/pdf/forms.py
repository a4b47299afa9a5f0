"""How much a page of a PDF paints through forms: forms in forms multiply.

A form is content that is painted by its name, as often as somebody names it. A few that
paint one another ten times each are a small file and more than anybody can draw.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

import pikepdf

from review.extract.pdf.objects import (
    BAD,
    Number,
    Object,
    Objects,
    contents,
    part_of,
)

_LARGEST: Final = 64 * 1024 * 1024  # bytes; a larger content is not looked into
_A_UNIT: Final = 1024  # bytes of content that weigh as much as being painted
_LEVELS: Final = 64  # more forms in one another no reader paints
_NAME: Final = rb"[^\x00\t\n\f\r ()<>\[\]{}/%]"
_BLANK: Final = rb"(?:[\x00\t\n\f\r ]|%[^\r\n]{0,200}[\r\n])"
# A form is painted, or a pattern is chosen to paint with.
_PAINTS: Final = rb"/(%(name)s*)%(blank)s+(Do|scn|SCN)(?!%(name)s)" % {
    b"name": _NAME,
    b"blank": _BLANK,
}
_ESCAPED: Final = rb"#([0-9A-Fa-f]{2})"


class _Form(NamedTuple):
    """Content, where its names are looked up, and whose resources these are."""

    stream: Object
    resources: Object
    owner: Number

    @property
    def key(self) -> "_Key":
        return self.stream.objgen, self.owner


_Key: TypeAlias = tuple[Number, Number]


class Forms:
    """What the pages of a file paint through forms and patterns, in units.

    A form weighs one, and one for each kilobyte of its content, each time it is painted.
    """

    def __init__(self, objects: Objects, most: int) -> None:
        """Count up to `most` units; nothing is read yet."""
        self._objects = objects
        self._most = most
        self._weights: dict[_Key, int] = {}

    def paints_more(self, index: int) -> bool:
        """Tell whether a page paints more than that; not for one too damaged to tell."""
        try:
            page = self._objects.page(index)
            total = 0
            for form, often in (*_of_page(page), *_of_notes(page)):
                self._weigh(form)
                total += self._weights[form.key] * often
        except BAD:
            return False
        return total > self._most

    def _weigh(self, root: _Form) -> None:
        """Weigh a form and all below it, those that were not weighed before."""
        own: dict[_Key, int] = {}
        below: dict[_Key, Counter[_Key]] = {}
        waiting = [root]
        while waiting:
            form = waiting.pop()
            if form.key in own or form.key in self._weights:
                continue
            content = contents(form.stream, _LARGEST) or b""
            own[form.key] = 1 + len(content) // _A_UNIT
            below[form.key] = Counter()
            for one, often in _painted(content, form.resources, form.owner):
                below[form.key][one.key] += often
                waiting.append(one)
        self._weights |= _added_up(own, below, self._weights, self._most + 1)


def _added_up(
    own: Mapping[_Key, int],
    below: Mapping[_Key, Mapping[_Key, int]],
    known: Mapping[_Key, int],
    most: int,
) -> dict[_Key, int]:
    """Return each form's weight with what it paints, none above `most`.

    Level by level: they may paint one another in a circle.
    """
    weights = dict(own)
    for _ in range(_LEVELS):
        so_far = {**known, **weights}
        more = {
            key: min(
                most,
                own[key]
                + sum(often * so_far[one] for one, often in below[key].items()),
            )
            for key in own
        }
        if more == weights:
            break
        weights = more
    return weights


def _of_page(page: Object) -> Iterator[tuple[_Form, int]]:
    """Yield the forms that a page's own content paints, and how often."""
    held = page.get("/Contents")
    streams = list(held) if isinstance(held, pikepdf.Array) else [held]
    resources = _inherited(page)
    if _kept(resources):
        content = b"\n".join(
            contents(one, _LARGEST) or b""
            for one in streams
            if isinstance(one, pikepdf.Stream)
        )
        yield from _painted(content, resources, page.objgen)


def _of_notes(page: Object) -> Iterator[tuple[_Form, int]]:
    """Yield the forms that show a page's annotations, each of their states."""
    notes = page.get("/Annots")
    for note in notes if isinstance(notes, pikepdf.Array) else ():
        if not isinstance(note, pikepdf.Dictionary):
            continue
        shown = part_of(note, "/AP").get("/N")
        states = [one for _, one in shown.items()] if _is_plain(shown) else [shown]
        for state in states:
            if isinstance(state, pikepdf.Stream):
                yield _form(state, pikepdf.Dictionary(), (0, 0)), 1


def _is_plain(one: Object) -> bool:
    """Tell a dictionary that is no stream's."""
    return isinstance(one, pikepdf.Dictionary) and not isinstance(one, pikepdf.Stream)


def _painted(
    content: bytes, resources: Object, owner: Number
) -> Iterator[tuple[_Form, int]]:
    """Yield the forms and patterns that a content paints, and how often."""
    kept = _kept(resources)
    if not kept:
        return
    for (name, how), often in Counter(re.findall(_PAINTS, content)).items():
        plain = re.sub(_ESCAPED, lambda one: bytes([int(one[1], 16)]), name)
        stream = kept.get((how == b"Do", b"/" + plain))
        if stream is not None:
            yield _form(stream, resources, owner), often


def _form(stream: Object, resources: Object, owner: Number) -> _Form:
    """Return a form; without resources of its own it uses those around it."""
    own = stream.get("/Resources")
    if isinstance(own, pikepdf.Dictionary):
        return _Form(stream, own, stream.objgen)
    return _Form(stream, resources, owner)


def _kept(resources: Object) -> dict[tuple[bool, bytes], Object]:
    """Return the forms and the patterns that have a name: whether it is a form, its name."""
    return {
        (is_form, name.encode("utf-8", "surrogateescape")): one
        for is_form, key in ((True, "/XObject"), (False, "/Pattern"))
        for name, one in part_of(resources, key).items()
        if isinstance(one, pikepdf.Stream) and str(one.get("/Subtype", "")) != "/Image"
    }


def _inherited(page: Object) -> Object:
    """Return a page's resources, its own or those of the nearest node above."""
    node = page
    for _ in range(_LEVELS):
        found = node.get("/Resources")
        if isinstance(found, pikepdf.Dictionary):
            return found
        node = node.get("/Parent")
        if not isinstance(node, pikepdf.Dictionary):
            break
    return pikepdf.Dictionary()
