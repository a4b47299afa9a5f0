"""Files that are made here and handed out, always as a download and never shown."""

from typing import Any, Final
from urllib.parse import quote

from fastapi import Response

from review.service.papers.exports import XLSX, Exported

_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}


def attached(made: Exported) -> Response:
    """Return the file as an answer that a browser saves."""
    headers = {"Content-Disposition": disposition(made.name)}
    return Response(made.data, media_type=made.media_type, headers=headers)


def disposition(name: str) -> str:
    """Return the header that gives a download its name."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def file_of(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Return what the interface description says of an answer that is a file."""
    return {
        200: {
            "description": "文件",
            "content": dict.fromkeys(media_types or (XLSX,), _BINARY),
        }
    }
