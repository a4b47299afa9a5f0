"""The file of clearance keys: PEM, one PRIVATE KEY, then the retired PUBLIC KEYs.

The file is readable by its owner alone, is never overwritten by a new one,
and is replaced whole when the key is rotated: whoever looks sees the old
file or the new one, never a part.
"""

import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from review.clearance.keys import (
    PublicKey,
    SigningKey,
    SigningKeys,
    generate,
    public_key,
    rotate,
    signing_key,
)
from review.errors import ClearanceKeyError
from review.files import sync_folder

_BLOCK = r"-----BEGIN ([A-Z0-9 ]+)-----\n[A-Za-z0-9+/=\n]+-----END \1-----\n?"
_PRIVATE = "PRIVATE KEY"
_PUBLIC = "PUBLIC KEY"
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def to_pem(keys: SigningKeys) -> bytes:
    """Return the keys as the file holds them; whoever has it can sign."""
    private = keys.current.private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    return private + b"".join(_public_pem(key) for key in keys.retired)


def from_pem(data: bytes) -> SigningKeys:
    """Return the keys that `to_pem` wrote; lines with `#` are remarks.

    Raises:
        ClearanceKeyError: There is not exactly one private key, a key is
            not Ed25519 or damaged, comes twice, or other text stands there.
    """
    text = _plain(data)
    blocks = [(found[1], found[0]) for found in re.finditer(_BLOCK, text)]
    private = [block for kind, block in blocks if kind == _PRIVATE]
    public = [block for kind, block in blocks if kind == _PUBLIC]
    if re.sub(_BLOCK, "", text).strip() or len(private) + len(public) != len(blocks):
        raise _unfit("文件中有密钥以外的内容，或密钥残缺、带有口令")
    if len(private) != 1:
        raise _unfit("文件中应有且只有一个私钥")
    keys = SigningKeys(_signing(private[0]), tuple(_retired(one) for one in public))
    if len(set(keys.public.keys)) != len(keys.public.keys):
        raise _unfit("同一密钥出现了两次")
    return keys


def create(path: Path) -> SigningKeys:
    """Write a file with one new key, for its owner alone, and return the key.

    Raises:
        ClearanceKeyError: The file is there already, or can't be written.
    """
    try:
        number = os.open(path, _NEW_FILE, 0o600)
    except FileExistsError:
        raise ClearanceKeyError(
            f"公开许可密钥文件已存在，不会覆盖：{path}。要换密钥请用轮换。"
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from None
    keys = SigningKeys(generate())
    try:
        with os.fdopen(number, "wb") as file:
            _write_through(file, to_pem(keys))
    except OSError as error:
        path.unlink()  # a part of a key is no key, and would bar the next try
        raise _unwritable(path, error) from None
    sync_folder(path.parent)
    return keys


def load(path: Path) -> SigningKeys:
    """Return the keys in a file that only its owner can read.

    Raises:
        ClearanceKeyError: The file is missing, damaged, or open to others.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read()
    except OSError as error:
        raise ClearanceKeyError(
            f"读不到公开许可密钥文件：{path}（{error.strerror}）。"
            "请核对路径；确实没有时先生成密钥。"
        ) from None
    if mode & _OPEN_TO_OTHERS:
        raise ClearanceKeyError(
            f"公开许可密钥文件可被他人读写：{path}。请执行 chmod 600 后再启动；"
            "如可能已被他人读取，请轮换密钥。"
        )
    return from_pem(data)


def rotate_file(path: Path) -> SigningKeys:
    """Put a new key in use and retire the one before; return them all.

    Raises:
        ClearanceKeyError: The file can't be read or written, or another
            rotation is under way.
    """
    # The new file is opened before the old one is read, and only one process
    # can open it: two rotations at once would lose the key of one of them.
    beside = path.with_name(f".{path.name}.new")
    try:
        number = os.open(beside, _NEW_FILE, 0o600)
    except FileExistsError:
        raise ClearanceKeyError(
            f"另一次密钥轮换正在进行，或上次中断：{beside}。"
            "确认没有轮换在运行后，删除该文件再试。"
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        with os.fdopen(number, "wb") as file:
            keys = rotate(load(path), new=generate())
            _write_through(file, to_pem(keys))
        beside.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)
    return keys


def _write_through(file: BinaryIO, data: bytes) -> None:
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def _plain(data: bytes) -> str:
    """Return the text without remarks, its lines ending in a line feed."""
    try:
        lines = data.decode("ascii", "strict").splitlines()
    except UnicodeDecodeError:
        # remarks may be Chinese; keys are ASCII, and what is not is refused
        lines = data.decode("utf-8", "replace").splitlines()
    kept = (line.rstrip() for line in lines if not line.startswith("#"))
    return "".join(f"{line}\n" for line in kept)


def _signing(block: str) -> SigningKey:
    try:
        key = load_pem_private_key(block.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unfit("私钥损坏或带有口令") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _unfit("私钥不是 Ed25519 密钥")
    return signing_key(key)


def _retired(block: str) -> PublicKey:
    try:
        key = load_pem_public_key(block.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise _unfit("公钥损坏") from None
    if not isinstance(key, Ed25519PublicKey):
        raise _unfit("公钥不是 Ed25519 密钥")
    return public_key(key)


def _public_pem(key: PublicKey) -> bytes:
    return key.verifier().public_key.public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )


def _unfit(why: str) -> ClearanceKeyError:
    return ClearanceKeyError(
        f"公开许可密钥文件不能用：{why}。请从备份恢复，不要手工拼接。"
    )


def _unwritable(path: Path, error: OSError) -> ClearanceKeyError:
    return ClearanceKeyError(
        f"写不了公开许可密钥文件：{path}（{error.strerror}）。"
        "请核对文件夹是否存在、有无写入权限。"
    )
