"""Logs that a machine can read and that never hold a draft: JSON, a line each, on standard error.

Nothing is filtered out; what is known to be harmless is let in. An event is a few
plain English words, a field's name stands on a list, and its value is a number or
short visible ASCII: codes, ids, digests. Draft text has no way in. What libraries log is
cut down to where in their code it came from, and an exception to its kinds and places.
"""

import logging
import string
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, Final, TextIO, TypeAlias

import structlog

from review.errors import XianshenError

_Fields: TypeAlias = MutableMapping[str, Any]

ALLOWED: Final = frozenset(
    {
        "account",
        "address",
        "attempts",
        "bytes",
        "case",
        "code",
        "count",
        "delivery",
        "digest",
        "entries",
        "event",
        "job",
        "kind",
        "level",
        "logger",
        "method",
        "ms",
        "person",
        "pid",
        "place",
        "port",
        "queue",
        "request_id",
        "revision",
        "round",
        "route",
        "seconds",
        "signal",
        "site",
        "stage",
        "state",
        "status",
        "task",
        "timestamp",
        "trace",
        "version",
        "worker",
    }
)
# Those whose messages are fixed words, names of functions and ids: ours, and some libraries'.
_TRUSTED: Final = ("alembic.", "api.", "review.", "rq.", "uvicorn.", "worker.")
_LONGEST: Final = 200
_DEEPEST: Final = 40
_LONGEST_EVENT: Final = 120
_EVENT: Final = frozenset(
    f"{string.ascii_letters}{string.digits} _.,:;'()[]/+=-",
)


def configure_logs(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Let everything that this process logs come out by the one way."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            _told_exception,
            only_harmless,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Foreign(shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("alembic").setLevel(max(level, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "rq.worker"):
        other = logging.getLogger(name)
        other.handlers.clear()
        other.propagate = name != "uvicorn.access"


def only_harmless(_logger: object, _method: str, fields: _Fields) -> _Fields:
    """Drop what is on no list; shorten what is too long; name what is no plain event."""
    event = str(fields.get("event", "")).strip()
    kept = {
        name: _harmless(value)
        for name, value in fields.items()
        if name in ALLOWED and value is not None
    }
    plain = 0 < len(event) <= _LONGEST_EVENT and _EVENT.issuperset(event)
    kept["event"] = event if plain else "unnamed"
    return kept


def _harmless(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_harmless(one) for one in value[:_DEEPEST]]
    if isinstance(value, str) and value.isascii() and value.isprintable():
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}..."
    return f"({type(value).__name__})"


def _told_exception(_logger: object, _method: str, fields: _Fields) -> _Fields:
    """Put in an exception's place its kinds, codes and where it was raised."""
    told = fields.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()
    if isinstance(told, BaseException):
        told = (type(told), told, told.__traceback__)
    if isinstance(told, tuple) and told[1] is not None:
        fields.update(_of_exception(told[1], told[2]))
    return fields


def _of_exception(
    error: BaseException, trace: TracebackType | None
) -> Mapping[str, Any]:
    frames = traceback.extract_tb(trace)[-_DEEPEST:]
    said: dict[str, Any] = {
        "kind": _kinds(error),
        "trace": [f"{_short(one.filename)}:{one.lineno} {one.name}" for one in frames],
    }
    if isinstance(error, XianshenError):
        said["code"] = error.code
    return said


def _kinds(error: BaseException) -> str:
    """Return the classes of an error and of what caused it: never what it says."""
    names = [type(error).__name__]
    while (error := error.__cause__ or error.__context__) is not None:  # type: ignore[assignment]  # - None ends it
        names.append(type(error).__name__)
        if len(names) == _DEEPEST:
            break
    return " < ".join(names)


def _short(path: str) -> str:
    return "/".join(path.replace("\\", "/").split("/")[-3:])


class _Foreign(logging.Formatter):
    """Writes a record of another library as one of ours, without its words."""

    def __init__(self, shared: list[Any]) -> None:
        """Take the steps that every line goes through."""
        super().__init__()
        self._shared = shared
        self._write = structlog.processors.JSONRenderer(sort_keys=True)

    def format(self, record: logging.LogRecord) -> str:  # type: ignore[explicit-override]  # - `override` needs 3.12
        """Return the line."""
        trusted = f"{record.name}.".startswith(_TRUSTED)
        fields: _Fields = {
            "event": record.getMessage() if trusted else "library",
            "logger": record.name,
            "place": f"{_short(record.pathname)}:{record.lineno}",
        }
        name = record.levelname.lower()
        for step in self._shared:
            fields = step(None, name, fields)
        if record.exc_info and record.exc_info[1] is not None:
            fields.update(_of_exception(record.exc_info[1], record.exc_info[2]))
        return str(self._write(None, name, only_harmless(None, name, fields)))
