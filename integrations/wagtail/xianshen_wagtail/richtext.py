"""Rich text as it lies in the database → HTML that names its files by what they are."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xianshen_wagtail.files import Files

# The editor's own marks, anew at each saving; no reader sees them.
_EDITORS = {"data-block-key"}
_VOID = {"br", "hr", "img", "embed"}


def rich_html(source: str, files: Files) -> str:
    """Return the text with its pictures, documents and links written out.

    Renditions and addresses that depend on where a page stands today are left out: the
    same text always gives the same HTML.
    """
    reader = _Reader(files)
    reader.feed(source)
    reader.close()
    return "".join(reader.out)


class _Reader(HTMLParser):
    def __init__(self, files: Files) -> None:
        super().__init__(convert_charrefs=True)
        self.files = files
        self.out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs if name not in _EDITORS}
        if tag == "embed":
            self.out.append(self._embed(said))
            return
        if tag == "a" and said.get("linktype"):
            attrs = [("href", self._link(said))]
        # Each as it stands: of one that is written twice a browser takes the first.
        inner = "".join(
            f' {name}="{escape(own or "")}"'
            for name, own in attrs
            if name not in _EDITORS
        )
        self.out.append(f"<{tag}{inner}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(escape(data, quote=False))

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.out.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.out.append(f"<![{data}]>")

    def _embed(self, said: dict[str, str]) -> str:
        kind = said.get("embedtype")
        if kind == "image":
            return self.files.picture_by_id(said.get("id", ""), said.get("alt"))
        if kind == "media":
            address = escape(said.get("url", ""))
            return f'<p><a href="{address}">{address}</a></p>'
        # Of a kind that a site made for itself all that is known is what it says.
        told = escape(" ".join(f"{name}={own}" for name, own in sorted(said.items())))
        return f"<p>{told}</p>"

    def _link(self, said: dict[str, str]) -> str:
        kind, name = said["linktype"], said.get("id", "")
        if kind == "document":
            return self.files.document_by_id(name)
        return f"/{kind}/{name}/"
