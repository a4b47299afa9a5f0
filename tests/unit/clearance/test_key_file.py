"""The key file: its owner's alone, never overwritten, replaced whole."""

import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from review.clearance import key_file
from review.clearance.keys import SigningKey, SigningKeys, generate, rotate
from review.errors import ClearanceKeyError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clearance.pem"


@pytest.fixture
def keys(key: SigningKey, other_key: SigningKey) -> SigningKeys:
    return rotate(rotate(SigningKeys(key), new=other_key), new=generate())


def test_the_file_says_the_keys_and_nothing_else(keys: SigningKeys) -> None:
    text = key_file.to_pem(keys)

    assert key_file.from_pem(text) == keys
    assert key_file.to_pem(key_file.from_pem(text)) == text
    assert text.count(b"BEGIN PRIVATE KEY") == 1
    assert text.count(b"BEGIN PUBLIC KEY") == 2


def test_the_key_read_back_signs_alike(keys: SigningKeys) -> None:
    read = key_file.from_pem(key_file.to_pem(keys))

    assert read.current.private.sign(b"x") == keys.current.private.sign(b"x")


def test_remarks_and_other_line_ends_are_allowed(keys: SigningKeys) -> None:
    text = key_file.to_pem(keys).decode().replace("\n", "\r\n")

    marked = f"# 公开许可密钥，2026 年启用\r\n\r\n{text}# end\r\n".encode()

    assert key_file.from_pem(marked) == keys


def _pem(private: Ed25519PrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _unfit(keys: SigningKeys) -> dict[str, bytes]:
    good = key_file.to_pem(keys)
    private = _pem(keys.current.private)
    curve = generate_private_key(SECP256R1())
    return {
        "empty": b"",
        "no key": b"# nothing\n",
        "only public": good[len(private) :],
        "two private": good + _pem(Ed25519PrivateKey.generate()),
        "text beside": good + b"password: 1234\n",
        "cut": good[:-30],
        "damaged": good.replace(b"MC4C", b"MC5C"),
        "damaged public": private
        + b"-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n",
        "bytes": good + b"\xff\xfe",
        "other label": good.replace(b"PUBLIC KEY", b"CERTIFICATE"),
        "twice": private
        + keys.current.private.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        ),
        "locked": keys.current.private.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")
        ),
        "other curve": curve.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ),
        "other public": private
        + curve.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        ),
    }


def test_an_unfit_file_is_refused_and_not_quoted(keys: SigningKeys) -> None:
    for kind, text in _unfit(keys).items():
        with pytest.raises(ClearanceKeyError, match="不能用") as caught:
            key_file.from_pem(text)
        assert caught.value.__cause__ is None, kind
        assert "BEGIN" not in caught.value.message, kind
        assert "1234" not in caught.value.message, kind


def test_a_new_file_is_its_owners_alone(path: Path) -> None:
    keys = key_file.create(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key_file.load(path) == keys
    assert keys.retired == ()


def test_a_file_is_never_overwritten(path: Path) -> None:
    keys = key_file.create(path)

    with pytest.raises(ClearanceKeyError, match="已存在"):
        key_file.create(path)

    assert key_file.load(path) == keys


def test_a_link_is_not_followed(path: Path) -> None:
    target = path.with_name("elsewhere")
    path.symlink_to(target)

    with pytest.raises(ClearanceKeyError):
        key_file.create(path)

    assert not target.exists()


@pytest.mark.parametrize("act", [key_file.create, key_file.load, key_file.rotate_file])
def test_a_missing_folder_is_said(act: object, tmp_path: Path) -> None:
    assert callable(act)

    with pytest.raises(ClearanceKeyError, match="密钥文件"):
        act(tmp_path / "none" / "clearance.pem")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_open_to_others_is_refused(mode: int, path: Path) -> None:
    key_file.create(path)
    path.chmod(mode)

    with pytest.raises(ClearanceKeyError, match="chmod 600"):
        key_file.load(path)


def test_rotation_replaces_the_file_whole(path: Path) -> None:
    before = key_file.create(path)
    old = path.read_bytes()

    after = key_file.rotate_file(path)

    assert after.retired == (before.current.public,)
    assert key_file.load(path) == after
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert old not in path.read_bytes(), "the retired private key is gone"
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_second_rotation_at_once_is_refused(path: Path) -> None:
    before = key_file.create(path)
    path.with_name(".clearance.pem.new").touch()

    with pytest.raises(ClearanceKeyError, match="正在进行"):
        key_file.rotate_file(path)

    assert key_file.load(path) == before


def test_a_failed_rotation_leaves_all_as_it_was(path: Path) -> None:
    path.write_bytes(b"damaged\n")
    path.chmod(0o600)

    with pytest.raises(ClearanceKeyError, match="不能用"):
        key_file.rotate_file(path)

    assert path.read_bytes() == b"damaged\n"
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@contextmanager
def _full_disk() -> Iterator[None]:
    """Let no file of this process grow, as on a disk without room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_rotation_on_a_full_disk_keeps_the_old_keys(path: Path) -> None:
    before = key_file.create(path)

    with _full_disk(), pytest.raises(ClearanceKeyError, match="写不了"):
        key_file.rotate_file(path)

    assert key_file.load(path) == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_full_disk_leaves_no_part_of_a_file(path: Path) -> None:
    with _full_disk(), pytest.raises(ClearanceKeyError, match="写不了"):
        key_file.create(path)

    assert not path.exists()
    key_file.create(path)


def test_a_rotation_that_cannot_replace_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "clearance.pem"
    folder.mkdir()

    with pytest.raises(ClearanceKeyError):
        key_file.rotate_file(folder)

    assert [one.name for one in tmp_path.iterdir()] == ["clearance.pem"]
