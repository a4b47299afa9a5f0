"""Pages that stand in a PDF file and in no reader's list of pages."""

import io
from typing import Final

import pikepdf

from review.extract.pdf.objects import BAD, Objects

MOST_ORPHANS: Final = 50


def orphans_of(objects: Objects) -> tuple[bytes | None, bool]:
    """Return a file of the pages that no page list names, and whether there are more.

    `None` stands for no such page.
    """
    listed = objects.pages()
    found = []
    for number, one in objects.dictionaries():
        try:
            kind = one.get("/Type") if isinstance(one, pikepdf.Dictionary) else None
            if (
                str(kind) in {"/Page", "/Template"}
                and number not in listed
                and one.is_indirect
                and "/Contents" in one
            ):
                found.append(one)
        except BAD:
            continue
        if len(found) > MOST_ORPHANS:
            break
    file = _file_of(found[:MOST_ORPHANS]) if found else None
    return file, len(found) > MOST_ORPHANS


def _file_of(pages: list[pikepdf.Object]) -> bytes | None:
    """Return a file with nothing but these pages."""
    try:
        with pikepdf.new() as pdf:
            for one in pages:
                pdf.pages.append(pikepdf.Page(one))
            buffer = io.BytesIO()
            pdf.save(buffer)
            return buffer.getvalue()
    except BAD:
        return None
