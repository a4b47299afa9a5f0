"""The vault's envelopes in the database: what `review.vault.interface.Blobs` promises.

Within a transaction that this thread is writing in, an envelope comes and goes
with that transaction; otherwise each call is one of its own, on the disk when
it returns.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Engine, delete, insert, select, update

from review.digests import require_digest
from review.errors import MissingContentsError
from review.store import engine as databases
from review.store.tables import blobs

_BATCH: Final = 1_000


class SqlBlobs:
    """Envelopes by address, in the table `blobs`."""

    def __init__(self, engine: Engine) -> None:
        """Name the database."""
        self._engine = engine

    def put(self, address: str, envelope: bytes) -> None:
        """Keep `envelope` at `address`, in place of one that lies there."""
        with databases.joining(self._engine) as connection:
            if not self.replace(address, envelope):
                values = {"address": address, "envelope": envelope}
                connection.execute(insert(blobs), values)

    def replace(self, address: str, envelope: bytes) -> bool:
        """Put `envelope` only where one lies already; tell whether one did."""
        here = blobs.c.address == require_digest(address)
        with databases.joining(self._engine) as connection:
            changed = update(blobs).where(here).values(envelope=envelope)
            return connection.execute(changed).rowcount > 0

    def get(self, address: str) -> bytes:
        """Return the envelope at `address`.

        Raises:
            MissingContentsError: Nothing lies there.
        """
        here = blobs.c.address == require_digest(address)
        with databases.looking(self._engine) as connection:
            found = connection.scalar(select(blobs.c.envelope).where(here))
        if found is None:
            raise MissingContentsError(
                f"加密存储里没有摘要为 {address[:12]}… 的内容：可能已按规定清除，或从未存入。"
                "审查记录仍然有效；如果不该缺，请从备份恢复。"
            )
        return bytes(found)

    def exists(self, address: str) -> bool:
        """Tell whether an envelope lies at `address`."""
        here = blobs.c.address == require_digest(address)
        with databases.looking(self._engine) as connection:
            return connection.scalar(select(blobs.c.address).where(here)) is not None

    def delete(self, address: str) -> bool:
        """Take the envelope away for good; tell whether there was one."""
        here = blobs.c.address == require_digest(address)
        with databases.joining(self._engine) as connection:
            return connection.execute(delete(blobs).where(here)).rowcount > 0

    def addresses(self) -> Iterator[str]:
        """Yield the address of every envelope, some at a time, in order."""
        after = ""
        while True:
            batch = select(blobs.c.address).where(blobs.c.address > after)
            ordered = batch.order_by(blobs.c.address).limit(_BATCH)
            with databases.looking(self._engine) as connection:
                found = connection.scalars(ordered).all()
            yield from found
            if len(found) < _BATCH:
                return
            after = found[-1]
