"""A folder keeps envelopes whole, private, and follows no link."""

import os
import stat
import threading
from pathlib import Path

import pytest

from review import digests
from review.errors import (
    MissingContentsError,
    UsageError,
    VaultDamagedError,
    VaultError,
)
from review.vault.folder import FolderBlobs

_A = digests.of_bytes(b"a")
_B = digests.of_bytes(b"b")
_ENVELOPE = b"XSV1 sealed"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def blobs(root: Path) -> FolderBlobs:
    return FolderBlobs(root)


def _place(root: Path, address: str) -> Path:
    return root / address[:2] / address[2:4] / address


def test_what_is_put_is_got(blobs: FolderBlobs) -> None:
    assert not blobs.exists(_A)
    blobs.put(_A, _ENVELOPE)
    blobs.put(_A, _ENVELOPE)
    assert blobs.exists(_A)
    assert blobs.get(_A) == _ENVELOPE
    assert list(blobs.addresses()) == [_A]


def test_putting_again_takes_the_place(blobs: FolderBlobs) -> None:
    blobs.put(_A, b"old")
    blobs.put(_A, b"new")
    assert blobs.get(_A) == b"new"


def test_large_and_empty_ones_come_back_whole(blobs: FolderBlobs) -> None:
    large = os.urandom(3 * (1 << 20) + 17)
    blobs.put(_A, large)
    blobs.put(_B, b"")
    assert blobs.get(_A) == large
    assert blobs.get(_B) == b""


def test_deleting_tells_whether_there_was_one(blobs: FolderBlobs) -> None:
    blobs.put(_A, _ENVELOPE)
    assert blobs.delete(_A)
    assert not blobs.delete(_A)
    assert not blobs.delete(_B)
    assert not blobs.exists(_A)
    assert list(blobs.addresses()) == []


def test_replacing_brings_nothing_back(blobs: FolderBlobs) -> None:
    assert not blobs.replace(_A, _ENVELOPE)
    blobs.put(_A, _ENVELOPE)
    assert blobs.replace(_A, b"new")
    assert blobs.get(_A) == b"new"
    blobs.delete(_A)
    assert not blobs.replace(_A, _ENVELOPE)
    assert not blobs.exists(_A)


def test_what_is_missing_is_said(blobs: FolderBlobs) -> None:
    blobs.put(_A, _ENVELOPE)
    for missing in (_B, _A[:-1] + ("0" if _A[-1] != "0" else "1")):
        with pytest.raises(MissingContentsError, match=missing[:12]):
            blobs.get(missing)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "../../etc/passwd",
        _A.upper(),
        _A[:-1],
        _A + "0",
        f"{_A[:-1]}/",
        f"..{_A[2:]}",
        f"{_A[:-1]}\n",
        f"{_A[:-1]}\0",
        f"{_A[:-1]}\uff10",
    ],
)
def test_what_is_no_address_touches_nothing(
    blobs: FolderBlobs, root: Path, address: str
) -> None:
    calls = (
        lambda: blobs.put(address, _ENVELOPE),
        lambda: blobs.replace(address, _ENVELOPE),
        lambda: blobs.get(address),
        lambda: blobs.exists(address),
        lambda: blobs.delete(address),
    )
    for call in calls:
        with pytest.raises(UsageError):
            call()
    assert [one.name for one in root.iterdir()] == [".lock"]


def test_everything_is_private_whatever_the_umask(root: Path) -> None:
    before = os.umask(0)
    try:
        FolderBlobs(root).put(_A, _ENVELOPE)
    finally:
        os.umask(before)
    for folder in (root, root / _A[:2], root / _A[:2] / _A[2:4]):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(_place(root, _A).stat().st_mode) == 0o600
    assert stat.S_IMODE((root / ".lock").stat().st_mode) == 0o600


def test_a_folder_open_to_others_is_refused_not_changed(root: Path) -> None:
    root.mkdir()
    root.chmod(0o755)
    with pytest.raises(VaultError, match="chmod 700"):
        FolderBlobs(root)
    assert stat.S_IMODE(root.stat().st_mode) == 0o755


def test_a_root_that_is_a_link_or_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    for name in ("link", "dangling", "file"):
        with pytest.raises(VaultError, match="不能用"):
            FolderBlobs(tmp_path / name)
    assert list((tmp_path / "real").iterdir()) == []


def test_a_linked_lock_is_refused(root: Path, tmp_path: Path) -> None:
    FolderBlobs(root)
    (root / ".lock").unlink()
    (root / ".lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(VaultError):
        FolderBlobs(root)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("depth", [1, 2])
def test_no_linked_folder_is_followed(
    blobs: FolderBlobs, root: Path, tmp_path: Path, depth: int
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    blobs.put(_A, _ENVELOPE)
    place = _place(root, _A).parents[2 - depth]
    moved = outside / "moved"
    place.rename(moved)
    place.symlink_to(moved)
    calls = (
        lambda: blobs.get(_A),
        lambda: blobs.put(_A, b"new"),
        lambda: blobs.replace(_A, b"new"),
        lambda: blobs.exists(_A),
        lambda: blobs.delete(_A),
        lambda: list(blobs.addresses()),
        lambda: FolderBlobs(root),
    )
    for call in calls:
        with pytest.raises(VaultDamagedError):
            call()
    (kept,) = (one for one in outside.rglob("*") if one.is_file())
    assert kept.read_bytes() == _ENVELOPE


def test_a_linked_file_is_not_read(
    blobs: FolderBlobs, root: Path, tmp_path: Path
) -> None:
    blobs.put(_A, _ENVELOPE)
    target = tmp_path / "target"
    target.write_bytes(b"not ours")
    _place(root, _A).unlink()
    _place(root, _A).symlink_to(target)
    for call in (blobs.get, blobs.exists):
        with pytest.raises(VaultDamagedError):
            call(_A)
    # Writing and deleting touch the link itself, never what it names.
    blobs.put(_A, b"new")
    assert blobs.get(_A) == b"new"
    assert target.read_bytes() == b"not ours"


def test_what_is_no_file_is_not_read(blobs: FolderBlobs, root: Path) -> None:
    for address, make in ((_A, os.mkfifo), (_B, os.mkdir)):
        place = _place(root, address)
        place.parent.mkdir(mode=0o700, parents=True)
        make(place)
        with pytest.raises(VaultDamagedError):
            blobs.get(address)


def test_what_a_dead_writer_left_is_removed_at_the_start(
    blobs: FolderBlobs, root: Path
) -> None:
    blobs.put(_A, _ENVELOPE)
    left = _place(root, _A).with_name(".0123456789abcdef.tmp")
    left.write_bytes(b"half")
    assert list(blobs.addresses()) == [_A]
    again = FolderBlobs(root)
    assert not left.exists()
    assert again.get(_A) == _ENVELOPE


def test_a_failed_write_leaves_nothing(blobs: FolderBlobs, root: Path) -> None:
    """A folder where the file belongs makes the last step fail."""
    place = _place(root, _A)
    place.mkdir(parents=True, mode=0o700)
    with pytest.raises(VaultError, match="没有存入"):
        blobs.put(_A, _ENVELOPE)
    assert [one.name for one in place.parent.iterdir()] == [_A]


def test_a_misplaced_file_is_named(blobs: FolderBlobs, root: Path) -> None:
    blobs.put(_A, _ENVELOPE)
    blobs.put(_B, _ENVELOPE)
    _place(root, _B).rename(_place(root, _A).with_name(_B))
    assert sorted(blobs.addresses()) == sorted([_A, _B])
    with pytest.raises(MissingContentsError):
        blobs.get(_B)


def test_writers_starts_and_deletions_at_once(blobs: FolderBlobs, root: Path) -> None:
    """A start that cleans up takes no file from under a living writer."""
    failures: list[BaseException] = []
    addresses = [digests.of_bytes(bytes([at])) for at in range(12)]

    def work(at: int) -> None:
        try:
            for address in addresses[at::4]:
                blobs.put(address, address.encode() * 500)
                FolderBlobs(root)
        except BaseException as error:  # noqa: BLE001 - handed to the test's thread
            failures.append(error)

    threads = [threading.Thread(target=work, args=(at,)) for at in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert {one: blobs.get(one) for one in blobs.addresses()} == {
        one: one.encode() * 500 for one in addresses
    }
