"""What would be public of an object: its fields as HTML, and the files they name.

Fields are taken, not templates: every field that an editor can fill counts, whether or
not today's template shows it. The same contents always give the same fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timezone
from html import escape
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise
from modelcluster.models import get_all_child_relations
from taggit.managers import TaggableManager
from wagtail import blocks
from wagtail.documents.models import AbstractDocument
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import AbstractImage
from wagtail.models import (
    COMMENTS_RELATION_NAME,
    DraftStateMixin,
    LockableMixin,
    Orderable,
    Page,
    RevisionMixin,
    TranslatableMixin,
)
from wagtail.rich_text import RichText

from xianshen_wagtail.files import File, Files
from xianshen_wagtail.guarded import is_guarded, is_setting, specific
from xianshen_wagtail.richtext import rich_html

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_TITLE = 500
# Of Wagtail's own fields only these say something to a reader.
_SHOWN = {"slug", "seo_title", "search_description"}
# Whose own fields keep house; a site's field of the same name elsewhere counts.
_BASES = (
    Page,
    DraftStateMixin,
    LockableMixin,
    Orderable,
    RevisionMixin,
    TranslatableMixin,
)


@dataclass(frozen=True)
class Contents:
    """What the gate is asked about; `fingerprint` is of all of it."""

    title: str
    html: str
    files: tuple[File, ...]

    @property
    def digests(self) -> list[list[str]]:
        """Return (name, SHA-256) of each file."""
        return [[one.name, one.sha256] for one in self.files]

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of title, HTML and the files' digests."""
        return fingerprint(self.title, self.html, self.digests)


def fingerprint(title: str, html: str, digests: list[list[str]]) -> str:
    """Return the fingerprint of contents that were written down."""
    whole = json.dumps([title, html, digests], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def contents_of(instance: Any) -> Contents:
    """Return what the object, as it is in memory, would make public.

    An alias shows its original's contents under another address, and counts as those.
    """
    whole = specific(instance)
    files = Files()
    parts = list(_fields(whole, files))
    if isinstance(whole, Page):
        slug = whole.alias_of.slug if whole.alias_of_id else whole.slug
        parts.insert(0, _line("网址", slug))
    title = str(whole.title if isinstance(whole, Page) else whole)[:LONGEST_TITLE]
    every = tuple(files.all[name] for name in sorted(files.all))
    return Contents(title or "（无标题）", "\n".join(parts), every)


def is_blank(instance: Any) -> bool:
    """Tell whether all that can be filled in is as the program's authors left it."""
    for one in _own_fields(type(instance)):
        value, usual = getattr(instance, one.attname), one.get_default()
        if value != usual and (value or usual):
            return False
    if any(True for _ in _children(instance, Files())):
        return False
    chosen = type(instance)._meta.many_to_many if instance.pk else ()
    return not any(getattr(instance, one.name).exists() for one in chosen)


def _own_fields(model: type[models.Model]) -> Iterator[models.Field]:
    machinery = {"site"} if is_setting(model) else set()
    if issubclass(model, Page):
        machinery.add("slug")  # stands first, see above
    for base in _BASES:
        if issubclass(model, base):
            machinery |= {one.name for one in base._meta.concrete_fields} - _SHOWN
    for one in model._meta.concrete_fields:
        chained = one.remote_field is not None and one.remote_field.parent_link
        if not (one.primary_key or chained or one.name in machinery):
            yield one


def _fields(instance: Any, files: Files) -> Iterator[str]:
    for one in _own_fields(type(instance)):
        if said := _value(getattr(instance, one.name), one, files):
            yield f"<section><h2>{escape(_name(one))}</h2>{said}</section>"
    yield from _chosen(instance)
    yield from _children(instance, files)


def _chosen(instance: Any) -> Iterator[str]:
    for one in instance._meta.many_to_many:
        if not isinstance(one, TaggableManager):
            chosen = "、".join(str(each) for each in getattr(instance, one.name).all())
            if chosen:
                yield _line(_name(one), chosen)


def _children(instance: Any, files: Files) -> Iterator[str]:
    for relation in get_all_child_relations(type(instance)):
        if relation.name == COMMENTS_RELATION_NAME:
            continue
        for child in getattr(instance, relation.get_accessor_name()).all():
            said = "".join(_child(child, relation.field.name, files))
            yield f"<section>{said}</section>"


def _child(child: Any, parent: str, files: Files) -> Iterator[str]:
    for one in _own_fields(type(child)):
        if one.name != parent and (
            said := _value(getattr(child, one.name), one, files)
        ):
            yield f"<div>{said}</div>"
    yield from _chosen(child)
    yield from _children(child, files)


def _value(value: Any, field: models.Field, files: Files) -> str:
    if value is None or value == "":
        return ""
    if isinstance(field, RichTextField):
        return rich_html(value, files)
    if isinstance(field, StreamField):
        return _block(value, files)
    if isinstance(field, models.FileField):
        return files.other(field.name, value) if value else ""
    return _plain(_as_stored(value, field), files)


def _as_stored(value: Any, field: models.Field) -> Any:
    """Return a value the same before it is stored and after."""
    if isinstance(field, models.ForeignKey):
        return value
    if isinstance(field, models.DecimalField):
        return f"{field.to_python(value):.{field.decimal_places}f}"
    return field.to_python(value)


def _block(value: Any, files: Files) -> str:
    """Return a block of a stream, by what it holds and not by how it is shown."""
    if isinstance(value, blocks.StreamValue):
        return "".join(_child_block(one, files) for one in value)
    if hasattr(value, "row_data") and hasattr(value, "columns"):
        return _table(value, files)
    if isinstance(value, blocks.list_block.ListValue):
        parts = [one.value for one in value.bound_blocks]
    elif isinstance(value, dict):  # a struct, and whatever else has named parts
        parts = list(value.values())
    elif isinstance(value, (list, tuple)):
        parts = list(value)
    else:
        return _plain(value, files) if value is not None and value != "" else ""
    return "".join(f"<div>{_block(one, files)}</div>" for one in parts)


def _table(value: Any, files: Files) -> str:
    """Return a table whose columns are blocks of several kinds."""
    caption = escape(str(value.caption or ""))
    heads = "".join(f"<th>{escape(str(one['heading']))}</th>" for one in value.columns)
    rows = "".join(
        "<tr>"
        + "".join(f"<td>{_child_block(one, files)}</td>" for one in row)
        + "</tr>"
        for row in value.rows
    )
    return f"<table><caption>{caption}</caption><tr>{heads}</tr>{rows}</table>"


def _child_block(bound: Any, files: Files) -> str:
    if isinstance(bound.block, blocks.RawHTMLBlock):
        return f"<div>{bound.value}</div>"
    return f"<div>{_block(bound.value, files)}</div>"


def _plain(value: Any, files: Files) -> str:
    if isinstance(value, RichText):
        return rich_html(value.source, files)
    if isinstance(value, AbstractImage):
        return files.picture(value, getattr(value, "contextual_alt_text", None))
    if isinstance(value, AbstractDocument):
        return f"<p>{files.document(value)}</p>"
    if pointer := _pointer(value):
        return pointer
    text = escape(_written(value), quote=False).replace("\n", "<br>")
    return f"<p>{text}</p>"


def _pointer(value: Any) -> str:
    """Return a link to what stands elsewhere; "" for what doesn't."""
    kind = type(value)
    if isinstance(value, models.Model) and is_guarded(kind):
        # What stands there is cleared by itself; here it is only which one.
        name = "page" if isinstance(value, Page) else value._meta.label_lower
        return f'<p><a href="/{name}/{value.pk}/">{name} {value.pk}</a></p>'
    # Its module asks for its application; as text it would be fetched from its provider.
    if (kind.__module__, kind.__name__) == ("wagtail.embeds.blocks", "EmbedValue"):
        return f'<p><a href="{escape(value.url)}">{escape(value.url)}</a></p>'
    return ""


def _written(value: Any) -> str:
    """Return a value as text, the same before it is stored and after."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(timezone.utc).isoformat()
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def _line(name: str, said: str) -> str:
    return f"<p>{escape(name)}：{escape(said)}</p>"


def _name(field: Any) -> str:
    said = getattr(field, "verbose_name", field.name)
    return field.name if isinstance(said, Promise) else str(said)
