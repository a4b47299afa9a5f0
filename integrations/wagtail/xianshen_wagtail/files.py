"""The files that an object shows or hands out, by the digest of their bytes."""

from __future__ import annotations

import hashlib
import re
import time
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.cache import cache
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

_DAY = 86_400
_SETTLED = 2.0  # seconds after which another writing shows
# What a file is called at the gate: never a name that means something in an address.
_ODD = re.compile(r"[^\w.-]+")
MISSING = "0" * 64


class File(NamedTuple):
    """A file of an item: its name at the gate, its digest, where its bytes are."""

    name: str
    sha256: str
    field: FieldFile

    def data(self) -> bytes:
        """Return its bytes."""
        with self.field.storage.open(self.field.name) as opened:
            return bytes(opened.read())


class Files:
    """Collects the files of one item while its HTML is written."""

    def __init__(self) -> None:
        """Begin with none."""
        self.all: dict[str, File] = {}

    def picture(self, image: Any, alt: str | None = None) -> str:
        """Return the HTML of a picture and keep its file."""
        name = self._keep("image", image)
        words = image.title if alt is None else alt
        return f'<img src="{escape(name)}" alt="{escape(words)}">{_told_of(image)}'

    def picture_by_id(self, name: str, alt: str | None) -> str:
        """Return the same of a picture by its number; one that is gone is said to be."""
        image = _by_id(get_image_model(), name)
        return (
            self.picture(image, alt)
            if image
            else f"<p>（图片 {escape(name)} 已删除）</p>"
        )

    def document(self, document: Any) -> str:
        """Return the HTML of a link to a document and keep its file."""
        name = self._keep("document", document)
        return (
            f'<a href="{escape(name)}">{escape(document.title)}</a>{_told_of(document)}'
        )

    def document_by_id(self, name: str) -> str:
        """Return what a link to a document by its number leads to."""
        document = _by_id(get_document_model(), name)
        return self._keep("document", document) if document else f"/document/{name}/"

    def other(self, kind: str, field: FieldFile) -> str:
        """Return the HTML of a link to a file of a field of its own."""
        name = self._add(f"{kind}-{_plain(field.name)}", field)
        return f'<a href="{escape(name)}">{escape(_plain(field.name))}</a>'

    def _keep(self, kind: str, one: Any) -> str:
        return self._add(f"{kind}-{one.pk}-{_plain(one.file.name)}", one.file)

    def _add(self, name: str, field: FieldFile) -> str:
        self.all[name] = File(name, digest_of(field), field)
        return name


# Of a picture's or document's own fields these say nothing to a reader.
_NO_WORDS = {"id", "title", "file", "collection", "width", "height", "created_at"} | {
    "uploaded_by_user", "file_size", "file_hash",
}  # fmt: skip


def words_of(model: Any) -> list[str]:
    """Return the fields beside the title in which an editor writes of a file."""
    return [
        one.name
        for one in model._meta.concrete_fields
        if one.editable
        and not one.primary_key
        and one.name not in _NO_WORDS
        and not one.name.startswith("focal_point_")
    ]


def _told_of(one: Any) -> str:
    said = (getattr(one, name) for name in words_of(type(one)))
    return "".join(f"<p>{escape(str(each))}</p>" for each in said if each)


def digest_of(field: FieldFile) -> str:
    """Return the SHA-256 of the bytes that lie there now; of a lost file, zeros.

    It is kept for as long as whatever changes with each writing stays the same.
    """
    storage, name = field.storage, field.name
    try:
        mark = _mark_of(field)
    except OSError:
        return MISSING
    known = f"xianshen:file:{_hashed(f'{name}|{mark}')}" if mark else ""
    found = cache.get(known) if known else None
    if isinstance(found, str):
        return found
    made = hashlib.sha256()
    try:
        with storage.open(name) as opened:
            for part in opened.chunks():
                made.update(part)
    except OSError:
        return MISSING
    if known:
        cache.set(known, made.hexdigest(), _DAY)
    return made.hexdigest()


def _mark_of(field: FieldFile) -> str:
    """Return what changes whenever the bytes are written; "" where nothing tells.

    A time of modification can be set back by whoever writes, that of change can't. What was
    written a moment ago may be written again within the clock's tick.
    """
    storage, name = field.storage, field.name
    try:
        seen = Path(storage.path(name)).stat()
    except NotImplementedError:  # it lies on no disk of ours
        try:
            when = storage.get_modified_time(name).timestamp()
            return f"{when}|{storage.size(name)}"
        except NotImplementedError:
            return ""
    if abs(time.time() - seen.st_ctime) < _SETTLED:
        return ""
    return f"{seen.st_size}|{seen.st_mtime_ns}|{seen.st_ctime_ns}|{seen.st_ino}"


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(name: str | None) -> str:
    return _ODD.sub("_", (name or "").rsplit("/", 1)[-1])[-80:] or "file"


def _by_id(model: Any, name: str) -> Any:
    return model.objects.filter(pk=int(name)).first() if name.isdecimal() else None
