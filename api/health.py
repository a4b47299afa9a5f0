"""Whether this process can serve: each part asked by name, none in a way that changes anything."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from review.bootstrap import Installation
from review.errors import StoreError, XianshenError
from review.settings import Settings
from review.store import migrate
from review.store.engine import make_engine


@dataclass(frozen=True, slots=True)
class Part:
    """One part and the code of what is wrong with it; None where all is well."""

    name: str
    code: str | None


def parts(installation: Installation, settings: Settings) -> tuple[Part, ...]:
    """Ask the database, its version, the vault and the queue, one after the other."""
    asked: tuple[tuple[str, Callable[[], object]], ...] = (
        ("database", lambda: _look(installation)),
        ("migrations", lambda: _is_current(settings)),
        ("vault", installation.vault.probe),
        ("redis", installation.queue.lengths),
    )
    return tuple(_answered(asked))


def _answered(
    asked: tuple[tuple[str, Callable[[], object]], ...],
) -> Iterator[Part]:
    for name, ask in asked:
        try:
            ask()
        except XianshenError as error:
            yield Part(name, error.code)
        else:
            yield Part(name, None)


def _look(installation: Installation) -> None:
    with installation.desk.store.reading() as records:
        records.last_entry()


def _is_current(settings: Settings) -> None:
    engine = make_engine(settings.database_url.get_secret_value())
    try:
        if not migrate.is_current(engine):
            raise StoreError("数据库版本与程序不符，请先运行 xianshen db upgrade。")
    finally:
        engine.dispose()
