"""Files that nobody here made, and whether reading gives what their index says it must."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import regex

from review.errors import UnreadableError
from review.extract.interface import Document
from review.pipeline import Reader

_UNSEEN = regex.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


def entries(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what the folder's index says of each file."""
    for line in (folder / "index.jsonl").read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def fault(entry: dict[str, Any], folder: Path, reader: Reader) -> str:
    """Read the file; return what is not as it must be, '' if nothing.

    A success has every string that is expected, unless the report says that the text is
    garbled; an error says what it is in Chinese, where one is expected.
    """
    expected = entry["expect"]
    try:
        data = (folder / entry["file"]).read_bytes()
        document = reader(data, entry["upload_as"])
    except UnreadableError as error:
        due = expected["outcome"] in {"error", "text_or_error"}
        clear = regex.search(r"\p{Han}", error.message)
        return "" if due and clear else error.message
    if expected["outcome"] == "error":
        return "an error was expected"
    said = _said(document)
    wanted = (*expected.get("contains", ()), *expected.get("contains_with_ocr", ()))
    missing = [one for one in wanted if _squeezed(one) not in said]
    excused = any(gap.code == "garbled_text" for gap in document.gaps)
    if not missing or excused:
        return ""
    return f"missing {missing}; {[gap.message for gap in document.gaps]}"


def _squeezed(text: str) -> str:
    return str(_UNSEEN.sub("", text))


def _said(document: Document) -> str:
    """Return everything that was read, places and gaps too."""
    return _squeezed(
        "\n".join(
            f"{one.text}\n{one.detail or ''}\n{one.where.path or ''}"
            for one in document.blocks
        )
    )
