"""Rewrite what paints a PDF page: without hidden glyphs, layers that are off, marks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pikepdf

from review.errors import CorruptError
from review.extract.pdf.items import SAME, Box, Matrix, moved, point, times
from review.safecopy.interface import Tally
from review.safecopy.pdf.cover import Covers
from review.safecopy.pdf.fonts import Font, as_number, font_of
from review.safecopy.pdf.layers import Layers
from review.safecopy.pdf.show import (
    CURSOR_OPERATORS,
    Hides,
    TextCursor,
    TextState,
    as_operands,
)

_DEEPEST: Final = 12
_MOST_STREAMS: Final = 20_000
_FORM_KEYS: Final = ("/BBox", "/Matrix", "/Group")
_FILLS: Final = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
_PAINTS: Final = _FILLS | {"S", "s"}
_MARKS: Final = frozenset({"BDC", "BMC", "EMC", "MP", "DP", "BX", "EX"})
# Which operator names an entry of which resource.
_NAMING: Final[Mapping[str, str]] = {
    "Tf": "/Font",
    "Do": "/XObject",
    "gs": "/ExtGState",
    "cs": "/ColorSpace",
    "CS": "/ColorSpace",
    "sh": "/Shading",
    "scn": "/Pattern",
    "SCN": "/Pattern",
}
_DEFAULT_SPACES: Final = ("/DefaultGray", "/DefaultRGB", "/DefaultCMYK")
# A picture is painted on a square of one point.
_UNIT: Final = Box(0.0, 0.0, 1.0, 1.0)
_DAMAGED: Final = "PDF 的页面内容已损坏，不能可靠清除；请重新导出后再试。"


@dataclass(frozen=True, slots=True)
class _Graphics:
    """The part of the graphics state that counts here."""

    matrix: Matrix
    text: TextState
    opaque: bool = True


@dataclass(slots=True, kw_only=True)
class PageRewriting:
    """Rewrites one page and the forms that it paints."""

    pdf: pikepdf.Pdf
    page: int
    frame: Box
    layers: Layers
    hides: Hides
    tally: Tally
    covers: Covers | None = None
    gone: int = 0
    _streams: int = 0
    _fonts: dict[tuple[int, int], Font] = field(default_factory=dict)

    def run(self, page: pikepdf.Page) -> None:
        """Replace the contents and the resources of a page.

        Raises:
            CorruptError: They are damaged.
            UnsupportedError: A layer's state cannot be told.
        """
        stream = StreamRewriting(self, page.resources, _Graphics(SAME, TextState()))
        made = stream.run(page.obj)
        page.obj["/Contents"] = self.pdf.make_stream(made)
        page.obj["/Resources"] = stream.used_resources()

    def font(self, raw: Any) -> Font:
        """Return a font, taken apart once."""
        if not isinstance(raw, pikepdf.Dictionary):
            return Font()
        key = (int(raw.objgen[0]), int(raw.objgen[1]))
        if key == (0, 0):
            return font_of(raw)
        if key not in self._fonts:
            self._fonts[key] = font_of(raw)
        return self._fonts[key]

    def one_more(self, depth: int) -> None:
        """Count a stream, since a form may paint itself."""
        self._streams += 1
        if depth > _DEEPEST or self._streams > _MOST_STREAMS:
            raise CorruptError(_DAMAGED)

    @property
    def place(self) -> str:
        """Return the page in words."""
        return f"第 {self.page} 页"


@dataclass(slots=True)
class StreamRewriting:
    """One stream of painting operators while it is rewritten."""

    whole: PageRewriting
    resources: Any
    graphics: _Graphics
    depth: int = 0
    off: int = 0
    _stack: list[_Graphics] = field(default_factory=list)
    _cursor: TextCursor = field(default_factory=TextCursor)
    _marks: list[bool] = field(default_factory=list)
    _made: list[Any] = field(default_factory=list)
    _used: dict[str, dict[str, Any]] = field(default_factory=dict)
    _new: int = 0

    def run(self, source: pikepdf.Object) -> bytes:
        """Return the new operators."""
        self.whole.one_more(self.depth)
        self._cursor.state = self.graphics.text
        try:
            found = pikepdf.parse_content_stream(source)
        except (pikepdf.PdfError, ValueError, TypeError) as fault:
            raise CorruptError(_DAMAGED) from fault
        table: Mapping[str, Callable[[list[Any]], bool]] = self._table()
        for one in found:
            if isinstance(one, pikepdf.ContentStreamInlineImage):
                self._inline(one)
                continue
            name, operands = str(one.operator), list(one.operands)
            act = table.get(name)
            if name in _MARKS:
                self._mark(name, operands)
            elif name in CURSOR_OPERATORS:
                self._cursor.follow(name, [as_number(each) for each in operands])
                self._made.append(one)
            elif act is None or act(operands):
                self._name(name, operands)
                self._made.append(one)
        return pikepdf.unparse_content_stream(self._made)

    def used_resources(self) -> pikepdf.Dictionary:
        """Return only those resources that the new operators name."""
        for name in _DEFAULT_SPACES:
            self._use("/ColorSpace", name)
        made = pikepdf.Dictionary()
        for kind, entries in self._used.items():
            made[kind] = pikepdf.Dictionary(entries)
        return made

    def _table(self) -> Mapping[str, Callable[[list[Any]], bool]]:
        """Return what is done on an operator; it is kept where that returns true."""
        table: dict[str, Callable[[list[Any]], bool]] = {
            "q": self._save,
            "Q": self._restore,
            "cm": self._transform,
            "gs": self._state,
            "Do": self._paint,
            "re": self._rectangle,
            "m": self._corner,
            "l": self._corner,
            "c": self._curve,
            "v": self._curve,
            "y": self._curve,
            "n": lambda _: self._end_path(fill=False),
            "sh": lambda _: not self._is_off,
            "Tf": self._font,
            "Tj": lambda o: self._show(o[:1]),
            "TJ": lambda o: self._show(list(o[0]) if o else []),
            "'": self._next_and_show,
            '"': self._space_and_show,
        }
        for name in _PAINTS:
            table[name] = self._painting(name)
        return table

    def _keep(self, name: str, operands: Sequence[Any]) -> None:
        """Write an operator of one's own."""
        self._made.append(
            pikepdf.ContentStreamInstruction(operands, pikepdf.Operator(name))
        )

    def _name(self, name: str, operands: Sequence[Any]) -> None:
        """Remember which resource an operator names."""
        kind = _NAMING.get(name)
        if kind and operands:
            named = operands[-1 if kind == "/Pattern" else 0]
            if isinstance(named, pikepdf.Name):
                self._use(kind, str(named))

    def _use(self, kind: str, name: str) -> None:
        entry = self._resource(kind, name)
        if entry is not None:
            self._used.setdefault(kind, {})[name] = entry

    def _resource(self, kind: str, name: str) -> Any:
        group = self.resources.get(kind) if self.resources is not None else None
        if not isinstance(group, pikepdf.Dictionary):
            return None
        return group.get(name)

    @property
    def _is_off(self) -> bool:
        return self.off > 0 or any(self._marks)

    # marks and layers

    def _mark(self, name: str, operands: list[Any]) -> None:
        """Drop the marks, which may say something; a layer's contents with them."""
        if name in {"BDC", "BMC"}:
            off = False
            if name == "BDC" and len(operands) > 1 and str(operands[0]) == "/OC":
                owner = operands[1]
                if isinstance(owner, pikepdf.Name):
                    owner = self._resource("/Properties", str(owner))
                off = self.whole.layers.hides(owner)
            if off:
                self.whole.tally.add("关闭的图层", self.whole.place)
            self._marks.append(off)
        elif name == "EMC" and self._marks:
            self._marks.pop()

    # graphics

    def _save(self, _: list[Any]) -> bool:
        self._stack.append(replace(self.graphics, text=self._cursor.state))
        return True

    def _restore(self, _: list[Any]) -> bool:
        if self._stack:
            self.graphics = self._stack.pop()
            self._cursor.state = self.graphics.text
        return True

    def _transform(self, operands: list[Any]) -> bool:
        matrix = times(_matrix(operands), self.graphics.matrix)
        self.graphics = replace(self.graphics, matrix=matrix)
        return True

    def _state(self, operands: list[Any]) -> bool:
        entry = self._resource("/ExtGState", str(operands[0])) if operands else None
        if not isinstance(entry, pikepdf.Dictionary):
            return True
        opaque = self.graphics.opaque
        if "/ca" in entry:
            opaque = as_number(entry.get("/ca")) >= 1
        if str(entry.get("/BM", "/Normal")) not in {"/Normal", "/Compatible"}:
            opaque = False
        self.graphics = replace(self.graphics, opaque=opaque)
        font = entry.get("/Font")
        if isinstance(font, pikepdf.Array) and len(font) > 1:
            self._cursor.set(font=self.whole.font(font[0]), size=as_number(font[1]))
        return True

    def _rectangle(self, operands: list[Any]) -> bool:
        x, y, wide, high = (_at(operands, index) for index in range(4))
        for corner in ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high)):
            self._point(*corner)
        return True

    def _corner(self, operands: list[Any]) -> bool:
        self._point(_at(operands, 0), _at(operands, 1))
        return True

    def _point(self, x: float, y: float) -> None:
        if self.whole.covers is not None:
            self.whole.covers.point(*point(self.graphics.matrix, x, y))

    def _curve(self, _: list[Any]) -> bool:
        if self.whole.covers is not None:
            self.whole.covers.curve()
        return True

    def _end_path(self, *, fill: bool) -> bool:
        if self.whole.covers is not None:
            self.whole.covers.painted(opaque=fill and self.graphics.opaque)
        return True

    def _painting(self, name: str) -> Callable[[list[Any]], bool]:
        def act(_: list[Any]) -> bool:
            self._end_path(fill=name in _FILLS and not self._is_off)
            if not self._is_off:
                return True
            # The path may still be a clip for what follows.
            self._keep("n", [])
            return False

        return act

    def _inline(self, image: pikepdf.ContentStreamInlineImage) -> None:
        if self._is_off:
            return
        spaces = self.resources.get("/ColorSpace") if self.resources else None
        if isinstance(spaces, pikepdf.Dictionary):
            for name in list(spaces.keys()):
                self._use("/ColorSpace", str(name))
        self._made.append(image)

    # pictures and forms

    def _paint(self, operands: list[Any]) -> bool:
        name = str(operands[0]) if operands else ""
        thing = self._resource("/XObject", name)
        if not isinstance(thing, pikepdf.Stream):
            return False
        if self._is_off or self.whole.layers.hides(thing.get("/OC")):
            self.whole.tally.add("关闭的图层", self.whole.place, not self._is_off)
            return False
        if str(thing.get("/Subtype")) != "/Form":
            return self._picture()
        made = self._form(thing)
        self._new += 1
        name = f"/Form{self._new}"
        self._used.setdefault("/XObject", {})[name] = made
        self._made.append(
            pikepdf.ContentStreamInstruction(
                [pikepdf.Name(name)], pikepdf.Operator("Do")
            )
        )
        return False

    def _picture(self) -> bool:
        box = moved(_UNIT, self.graphics.matrix)
        if not box.meets(self.whole.frame):
            self.whole.tally.add("页面以外的图片", self.whole.place)
            return False
        if self.whole.covers is not None:
            self.whole.covers.picture(box)
        return True

    def _form(self, form: pikepdf.Stream) -> pikepdf.Stream:
        """Return the form as it is painted here, rewritten."""
        matrix = _matrix(list(form.get("/Matrix", ())) or [1, 0, 0, 1, 0, 0])
        below = form.get("/Resources", self.resources)
        graphics = replace(
            self.graphics,
            matrix=times(matrix, self.graphics.matrix),
            text=self._cursor.state,
        )
        inner = StreamRewriting(self.whole, below, graphics, self.depth + 1)
        made = self.whole.pdf.make_stream(inner.run(form))
        made["/Type"] = pikepdf.Name.XObject
        made["/Subtype"] = pikepdf.Name.Form
        for key in _FORM_KEYS:
            if key in form:
                made[key] = form[key]
        made["/Resources"] = inner.used_resources()
        return made

    # text

    def _font(self, operands: list[Any]) -> bool:
        if len(operands) > 1:
            raw = self._resource("/Font", str(operands[0]))
            self._cursor.set(font=self.whole.font(raw), size=as_number(operands[1]))
        return True

    def _next_and_show(self, operands: list[Any]) -> bool:
        self._cursor.follow("T*", ())
        self._keep("T*", [])
        self._show(operands[:1], always=True)
        return False

    def _space_and_show(self, operands: list[Any]) -> bool:
        self._cursor.set(word=_at(operands, 0), letter=_at(operands, 1))
        self._keep("Tw", operands[:1])
        self._keep("Tc", operands[1:2])
        return self._next_and_show(operands[2:3])

    def _show(self, parts: list[Any], *, always: bool = False) -> bool:
        """Keep a string as it stands, or write it without what nobody sees."""
        hides = (lambda _x, _y: True) if self._is_off else self.whole.hides
        made, gone, seen = self._cursor.show(parts, self.graphics.matrix, hides)
        if self.whole.covers is not None:
            for x, y in seen:
                self.whole.covers.glyph(x, y)
        self.whole.gone += 0 if self._is_off else gone
        if not gone and not always:
            return True
        if made:
            self._keep("TJ", [as_operands(made)])
        return False


def _at(operands: Sequence[Any], index: int) -> float:
    return as_number(operands[index]) if index < len(operands) else 0.0


def _matrix(operands: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (_at(operands, index) for index in range(6))
    return a, b, c, d, e, f
