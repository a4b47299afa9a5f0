"""What `ports.lexicons` promises, on every database."""

from contextlib import suppress

from review.store.store import SqlStore


class _StoppedError(Exception):
    """Something went wrong inside a transaction."""


def test_files_and_previews_are_kept_by_version(store: SqlStore) -> None:
    with store.writing() as work:
        work.lexicons.put_files("词0001", b"\0one")
        work.lexicons.put_files("词0002", b"two")
        work.lexicons.put_preview("词0002", b"seen")
    with store.reading() as records:
        assert records.lexicons.files("词0001") == b"\0one"
        assert records.lexicons.files("词0002") == b"two"
        assert records.lexicons.preview("词0001") is None
        assert records.lexicons.preview("词0002") == b"seen"
        assert records.lexicons.files("词0003") is None


def test_a_later_one_replaces_its_own_and_no_other(store: SqlStore) -> None:
    with store.writing() as work:
        for name in ("词0001", "词0002"):
            work.lexicons.put_files(name, b"old")
            work.lexicons.put_preview(name, b"old")
    with store.writing() as work:
        work.lexicons.put_files("词0001", b"new")
        work.lexicons.put_preview("词0001", b"newer")
    with store.reading() as records:
        assert records.lexicons.files("词0001") == b"new"
        assert records.lexicons.preview("词0001") == b"newer"
        assert records.lexicons.files("词0002") == b"old"
        assert records.lexicons.preview("词0002") == b"old"


def test_nothing_is_kept_of_a_transaction_that_fails(store: SqlStore) -> None:
    with suppress(_StoppedError), store.writing() as work:
        work.lexicons.put_files("词0001", b"one")
        raise _StoppedError
    with store.reading() as records:
        assert records.lexicons.files("词0001") is None
