"""The database's rows as text that any database can take in again.

A part is gzipped JSON Lines: the first line names the table and its columns,
each other one is a row. Times are UTC with milliseconds, dates ISO, bytes and
JSON are marked as such. It holds so many rows that memory stays bounded.
"""

import base64
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import JSON, Column, Connection, Table, column, insert, select, table
from sqlalchemy.engine import CursorResult

from review.errors import BackupError

_PART: Final = 4 << 20  # characters, about
_LONGEST_PART: Final = 1 << 30
_AT_ONCE: Final = 1_000
_BYTES: Final = "bytes"
_JSON: Final = "json"


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one table, ready for the archive."""

    number: int
    rows: int
    data: bytes


def parts_of(connection: Connection, wanted: Table) -> Iterator[Part]:
    """Yield every row of a table, in the order of its key; nothing for none."""
    asked = select(wanted).order_by(*wanted.primary_key.columns)
    found = connection.execution_options(yield_per=_AT_ONCE).execute(asked)
    columns = list(wanted.columns)
    head = json.dumps({"columns": [one.name for one in columns], "table": wanted.name})
    for number, lines in enumerate(_batches(found, columns)):
        yield Part(number, len(lines), _zipped([head, *lines]))


def load_part(connection: Connection, data: bytes, *, expected: str) -> int:
    """Put a part's rows into its table; return how many.

    Raises:
        BackupError: It is no part, or one of another table.
    """
    head, *lines = _unzipped(data).split("\n")[:-1]
    said = json.loads(head)
    if said["table"] != expected:
        raise BackupError(f"备份里 {expected} 表的数据放错了位置，不能采用。")
    names = [str(one) for one in said["columns"]]
    into = insert(table(expected, *(column(name) for name in names)))
    for start in range(0, len(lines), _AT_ONCE):
        some = lines[start : start + _AT_ONCE]
        rows = [dict(zip(names, _read(one), strict=True)) for one in some]
        connection.execute(into, rows)
    return len(lines)


def _batches(
    found: CursorResult[Any], columns: Sequence[Column[Any]]
) -> Iterator[list[str]]:
    lines: list[str] = []
    size = 0
    for row in found:
        line = _written(row, columns)
        lines.append(line)
        size += len(line)
        if size > _PART:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def _written(row: Sequence[Any], columns: Sequence[Column[Any]]) -> str:
    values = [_plain(value, one) for value, one in zip(row, columns, strict=True)]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any, of: Column[Any]) -> Any:
    if value is not None and isinstance(of.type, JSON):
        return {_JSON: json.dumps(value, ensure_ascii=False, sort_keys=True)}
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes() | memoryview():
            return {_BYTES: base64.b64encode(bytes(value)).decode("ascii")}
        case datetime():
            at = value.astimezone(UTC).replace(tzinfo=None)
            return at.isoformat(timespec="milliseconds") + "Z"
        case date():
            return value.isoformat()
        case _:
            raise TypeError(f"no portable form of {type(value).__name__} in {of}")


def _read(line: str) -> list[Any]:
    return [_value(one) for one in json.loads(line)]


def _value(said: Any) -> Any:
    match said:
        case {"bytes": str(text)}:
            return base64.b64decode(text, validate=True)
        case {"json": str(text)}:
            return text
        case _:
            return said


def _zipped(lines: Sequence[str]) -> bytes:
    # Without a time, so that the same rows are the same bytes.
    return gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=6, mtime=0)


def _unzipped(data: bytes) -> str:
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        text = file.read(_LONGEST_PART + 1)
    if len(text) > _LONGEST_PART:
        raise BackupError("备份里有一部分大得反常，不能采用。")
    return text.decode()
