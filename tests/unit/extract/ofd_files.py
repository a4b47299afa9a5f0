"""Make small OFD files, part by part."""

import io
import zipfile
from collections.abc import Mapping

_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def page(*layers: str, area: str = "0 0 210 297", before: str = "") -> str:
    """Return a page whose contents are these layers."""
    body = "".join(
        layer if layer.startswith("<ofd:Layer") else f"<ofd:Layer>{layer}</ofd:Layer>"
        for layer in layers
    )
    return (
        f"<ofd:Page {_NAMESPACE}><ofd:Area><ofd:PhysicalBox>{area}</ofd:PhysicalBox>"
        f"</ofd:Area>{before}<ofd:Content>{body}</ofd:Content></ofd:Page>"
    )


def text(  # noqa: PLR0913 - the attributes of one object
    words: str,
    x: float = 20.0,
    y: float = 20.0,
    *,
    size: float = 5.0,
    more: str = "",
    fill: str = "",
    code: str = "",
) -> str:
    """Return a text object whose box begins at a point of the page."""
    width = size * len(words) + 1
    return (
        f'<ofd:TextObject Boundary="{x} {y} {width} {size * 1.3}" Font="1" Size="{size}" {more}>'
        f'{fill}<ofd:TextCode X="0" Y="{size}" DeltaX="g {len(words) - 1} {size}" {code}>'
        f"{words}</ofd:TextCode></ofd:TextObject>"
    )


def white() -> str:
    """Return a white filling."""
    return '<ofd:FillColor Value="255 255 255"/>'


def box(  # noqa: PLR0913, PLR0917 - the attributes of one object
    x: float,
    y: float,
    width: float,
    height: float,
    colour: str = "0 0 0",
    more: str = "",
) -> str:
    """Return a filled rectangle."""
    return (
        f'<ofd:PathObject Boundary="{x} {y} {width} {height}" Fill="true" Stroke="false" {more}>'
        f'<ofd:FillColor Value="{colour}"/><ofd:AbbreviatedData>M 0 0 L {width} 0 '
        f"L {width} {height} L 0 {height} C</ofd:AbbreviatedData></ofd:PathObject>"
    )


def rule(x: float, y: float, to_x: float, to_y: float) -> str:
    """Return a line."""
    width, height = to_x - x, to_y - y
    return (
        f'<ofd:PathObject Boundary="{x} {y} {width + 0.1} {height + 0.1}" Stroke="true">'
        f"<ofd:AbbreviatedData>M 0 0 L {width} {height}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def image(  # noqa: PLR0913, PLR0917 - the attributes of one object
    resource: str, x: float, y: float, width: float, height: float, more: str = ""
) -> str:
    """Return a picture in its place."""
    return (
        f'<ofd:ImageObject ResourceID="{resource}" Boundary="{x} {y} {width} {height}" '
        f'CTM="{width} 0 0 {height} 0 0" {more}/>'
    )


def resources(media: Mapping[str, str], more: str = "") -> str:
    """Return a part of resources: pictures by their number."""
    every = "".join(
        f'<ofd:MultiMedia ID="{number}" Type="Image"><ofd:MediaFile>{name}</ofd:MediaFile>'
        "</ofd:MultiMedia>"
        for number, name in media.items()
    )
    return (
        f'<ofd:Res {_NAMESPACE} BaseLoc="Res"><ofd:MultiMedias>{every}</ofd:MultiMedias>'
        f"{more}</ofd:Res>"
    )


def document(pages: int = 1, *, common: str = "", more: str = "") -> str:
    """Return the root of a document."""
    listed = "".join(
        f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>'
        for n in range(pages)
    )
    return (
        f"<ofd:Document {_NAMESPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>"
        f"0 0 210 297</ofd:PhysicalBox></ofd:PageArea>{common}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages>{more}</ofd:Document>"
    )


def part(tag: str, inside: str) -> str:
    """Return a part with this root."""
    return f"<ofd:{tag} {_NAMESPACE}>{inside}</ofd:{tag}>"


def root(inside: str = "", info: str = "", folder: str = "Doc_0") -> str:
    """Return the body of one document in OFD.xml."""
    return (
        f"<ofd:DocBody><ofd:DocInfo>{info}</ofd:DocInfo>"
        f"<ofd:DocRoot>{folder}/Document.xml</ofd:DocRoot>{inside}</ofd:DocBody>"
    )


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """Return the file that holds these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in parts.items():
            archive.writestr(name, contents)
    return held.getvalue()


def ofd(
    *pages: str,
    info: str = "",
    body: str = "",
    common: str = "",
    more: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return a file of one document with these pages."""
    every: dict[str, str | bytes] = {
        "OFD.xml": part("OFD", root(body, info)),
        "Doc_0/Document.xml": document(len(pages), common=common, more=more),
    }
    for number, contents in enumerate(pages):
        every[f"Doc_0/Pages/Page_{number}/Content.xml"] = contents
    return package({**every, **(parts or {})})
