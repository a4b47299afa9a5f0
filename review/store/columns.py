"""How values lie in a column, alike on every database."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import TIMESTAMP, BigInteger, Integer, String, TypeDecorator
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeEngine

from review.errors import UsageError

_STAMP = 24  # characters of 2026-11-22T01:15:00.123Z
_MILLISECOND = 1000  # in microseconds

# SQLite numbers its rows by an INTEGER key and by no other word.
WHOLE_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


class Moment(TypeDecorator[datetime]):
    """A point in time: aware in, aware and in UTC out, whole milliseconds.

    PostgreSQL keeps it as such; SQLite, which has no times, as text of one width,
    so that the order of texts is the order of times. What is finer than a
    millisecond is cut off, as in the ledger.
    """

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = TIMESTAMP(timezone=True)
    cache_ok: bool | None = True

    def load_dialect_impl(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self, dialect: Dialect
    ) -> TypeEngine[Any]:
        """Choose what the database calls it."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(_STAMP))
        return dialect.type_descriptor(TIMESTAMP(timezone=True))

    def process_bind_param(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self, value: datetime | None, dialect: Dialect
    ) -> Any:
        """Write a moment.

        Raises:
            UsageError: It does not say its offset.
        """
        if value is None:
            return None
        if value.utcoffset() is None:
            raise UsageError("时间没有写明时区，不能入库；请带上时区，例如 +08:00。")
        at = value.astimezone(UTC)
        at = at.replace(microsecond=at.microsecond // _MILLISECOND * _MILLISECOND)
        if dialect.name != "sqlite":
            return at
        return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"

    def process_result_value(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self, value: Any, dialect: Dialect
    ) -> datetime | None:
        """Read a moment, in UTC."""
        if value is None:
            return None
        at = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        return at.astimezone(UTC)
