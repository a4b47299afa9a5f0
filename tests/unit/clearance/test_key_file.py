"""The key file: its owner's alone, never overwritten, replaced whole."""

import errno
import os
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
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
    text = key_file.to_pem(keys).decode().replace("\n", " \t\r\n")

    marked = f"# 公开许可密钥，2026 年启用\r\n\r\n{text}# end\r\n".encode()

    assert key_file.from_pem(marked) == keys


def _pem(private: Ed25519PrivateKey | EllipticCurvePrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_pem(public: Ed25519PublicKey | EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


_BESIDE = "文件中有密钥以外的内容，或密钥残缺、带有口令"
_NOT_ONE = "文件中应有且只有一个私钥"


def _unfit(keys: SigningKeys) -> dict[str, tuple[bytes, str]]:
    """Return files that are none, with what is said of each."""
    good = key_file.to_pem(keys)
    private = _pem(keys.current.private)
    curve = generate_private_key(SECP256R1())
    own = keys.current.private.public_key()
    damaged = b"-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n"
    locked = keys.current.private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")
    )
    return {
        "empty": (b"", _NOT_ONE),
        "no key": (b"# nothing\n", _NOT_ONE),
        "only public": (good[len(private) :], _NOT_ONE),
        "two private": (good + _pem(Ed25519PrivateKey.generate()), _NOT_ONE),
        "text beside": (good + b"password: 1234\n", _BESIDE),
        "cut": (good[:-30], _BESIDE),
        "damaged": (good.replace(b"MC4C", b"MC5C"), "私钥损坏或带有口令"),
        "damaged public": (private + damaged, "公钥损坏"),
        "bytes": (good + b"\xff\xfe", _BESIDE),
        "other label": (good.replace(b"PUBLIC KEY", b"CERTIFICATE"), _BESIDE),
        "twice": (private + _public_pem(own), "同一密钥出现了两次"),
        "locked": (locked, _BESIDE),
        "other curve": (_pem(curve), "私钥不是 Ed25519 密钥"),
        "other public": (
            private + _public_pem(curve.public_key()),
            "公钥不是 Ed25519 密钥",
        ),
    }


def test_an_unfit_file_is_refused_and_not_quoted(keys: SigningKeys) -> None:
    for kind, (text, why) in _unfit(keys).items():
        with pytest.raises(ClearanceKeyError) as caught:
            key_file.from_pem(text)
        said = f"公开许可密钥文件不能用：{why}。请从备份恢复，不要手工拼接。"
        assert caught.value.message == said, kind
        assert caught.value.__cause__ is None, kind


def test_a_new_file_is_its_owners_alone(path: Path) -> None:
    keys = key_file.create(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key_file.load(path) == keys
    assert keys.retired == ()


def test_a_file_is_never_overwritten(path: Path) -> None:
    keys = key_file.create(path)

    with pytest.raises(ClearanceKeyError) as caught:
        key_file.create(path)

    said = f"公开许可密钥文件已存在，不会覆盖：{path}。要换密钥请用轮换。"
    assert caught.value.message == said
    assert key_file.load(path) == keys


def test_a_link_is_not_followed(path: Path) -> None:
    target = path.with_name("elsewhere")
    path.symlink_to(target)

    with pytest.raises(ClearanceKeyError):
        key_file.create(path)

    assert not target.exists()


def _unwritable(path: Path, number: int) -> str:
    return (
        f"写不了公开许可密钥文件：{path}（{os.strerror(number)}）。"
        "请核对文件夹是否存在、有无写入权限。"
    )


def _unreadable(path: Path, number: int) -> str:
    return (
        f"读不到公开许可密钥文件：{path}（{os.strerror(number)}）。"
        "请核对路径；确实没有时先生成密钥。"
    )


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (key_file.create, _unwritable),
        (key_file.load, _unreadable),
        (key_file.rotate_file, _unwritable),
    ],
)
def test_a_missing_folder_is_said(
    act: Callable[[Path], object], says: Callable[[Path, int], str], tmp_path: Path
) -> None:
    path = tmp_path / "none" / "clearance.pem"

    with pytest.raises(ClearanceKeyError) as caught:
        act(path)

    assert caught.value.message == says(path, errno.ENOENT)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_open_to_others_is_refused(mode: int, path: Path) -> None:
    key_file.create(path)
    path.chmod(mode)

    with pytest.raises(ClearanceKeyError) as caught:
        key_file.load(path)

    assert caught.value.message == (
        f"公开许可密钥文件可被他人读写：{path}。请执行 chmod 600 后再启动；"
        "如可能已被他人读取，请轮换密钥。"
    )


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
    beside = path.with_name(".clearance.pem.new")
    beside.touch()

    with pytest.raises(ClearanceKeyError) as caught:
        key_file.rotate_file(path)

    assert caught.value.message == (
        f"另一次密钥轮换正在进行，或上次中断：{beside}。"
        "确认没有轮换在运行后，删除该文件再试。"
    )

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

    with _full_disk(), pytest.raises(ClearanceKeyError) as caught:
        key_file.rotate_file(path)

    assert caught.value.message == _unwritable(path, errno.EFBIG)

    assert key_file.load(path) == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_full_disk_leaves_no_part_of_a_file(path: Path) -> None:
    with _full_disk(), pytest.raises(ClearanceKeyError) as caught:
        key_file.create(path)

    assert caught.value.message == _unwritable(path, errno.EFBIG)

    assert not path.exists()
    key_file.create(path)


def test_a_rotation_that_cannot_replace_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "clearance.pem"
    folder.mkdir()

    with pytest.raises(ClearanceKeyError):
        key_file.rotate_file(folder)

    assert [one.name for one in tmp_path.iterdir()] == ["clearance.pem"]
