"""Office packages (docx, xlsx) whose bytes depend on their contents alone."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from review.paper.text import in_china

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_CORE: Final = "docProps/core.xml"
_TERMS: Final = "{http://purl.org/dc/terms/}"


def settled(data: bytes, *, at: datetime) -> bytes:
    """Return the package with `at` as its only time and a fixed order.

    The writers below stamp the clock on each member, and openpyxl on the
    properties too; two prints of one form must be the same file.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in _ordered(old.namelist()):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            body = old.read(name)
            new.writestr(member, _dated(body, at) if name == _CORE else body)
    return out.getvalue()


def saved(save: Callable[[io.BytesIO], None], *, at: datetime) -> bytes:
    """Return what `save` writes into a file, settled."""
    out = io.BytesIO()
    save(out)
    return settled(out.getvalue(), at=at)


def property_time(at: datetime) -> datetime:
    """Return `at` as the properties of a package hold it: naive, in UTC."""
    return in_china(at).astimezone(UTC).replace(tzinfo=None, microsecond=0)


def _ordered(names: list[str]) -> list[str]:
    """Return the content types first, as readers expect, the rest by name."""
    return sorted(names, key=lambda name: (name != "[Content_Types].xml", name))


def _dated(core: bytes, at: datetime) -> bytes:
    root = etree.fromstring(core)
    for name in ("created", "modified"):
        for element in root.iter(f"{_TERMS}{name}"):
            element.text = f"{property_time(at).isoformat()}Z"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
