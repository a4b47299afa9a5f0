"""Keys come from a private file or a given string, and never show."""

import hashlib
import os
import stat
import threading
from pathlib import Path

import pytest

from review.errors import VaultKeyError
from review.vault.keys import (
    Key,
    KeyRing,
    add_key,
    new_key,
    ring_from_file,
    ring_from_text,
    ring_of,
    write_key_file,
)

_ONE = "00112233445566778899aabbccddeeff" * 2
_TWO = "ffeeddccbbaa99887766554433221100" * 2


def _file(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def test_the_id_is_that_of_the_material() -> None:
    material = bytes.fromhex(_ONE)
    digest = hashlib.sha256(b"xianshen vault key id" + material).hexdigest()
    assert Key(material).id == digest[:8]


def test_a_key_never_shows() -> None:
    key = new_key()
    ring = ring_of(key)
    for shown in (repr(key), str(key), repr(ring), f"{ring}"):
        assert key.material.hex() not in shown
        assert repr(key.material) not in shown


def test_new_keys_differ() -> None:
    assert new_key() != new_key()


def test_purposes_and_keys_part_what_is_derived() -> None:
    one, two = Key(bytes.fromhex(_ONE)), Key(bytes.fromhex(_TWO))
    derived = {
        one.derive("wrap", 32),
        one.derive("other", 32),
        two.derive("wrap", 32),
        one.material,
    }
    assert len(derived) == 4
    assert len(one.derive("wrap", 16)) == 16


def test_comments_and_blank_lines_are_passed_over_and_the_last_key_is_current() -> None:
    ring = ring_from_text(f"# 旧\n{_ONE}  # 2025 年\n\n{_TWO.upper()}\n")
    assert [one.material.hex() for one in ring.keys] == [_ONE, _TWO]
    assert ring.current.material.hex() == _TWO


def test_several_keys_may_stand_in_one_line() -> None:
    assert len(ring_from_text(f"{_ONE} {_TWO}").keys) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有密钥"),
        ("# 只有注释\n", "没有密钥"),
        (f"{_ONE}\n{_ONE[:-1]}\n", "第 2 行"),
        (f"{_ONE}00\n", "第 1 行"),
        (f"密{_ONE[1:]}\n", "第 1 行"),
        (f"{_ONE}\n{_ONE}\n", "相同"),
        ("00" * 32, "占位"),
        ("ab" * 32, "占位"),
    ],
)
def test_what_is_no_key_is_refused_and_not_quoted(text: str, said: str) -> None:
    with pytest.raises(VaultKeyError, match=said) as caught:
        ring_from_text(text)
    assert _ONE[:16] not in caught.value.message


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_has_32_bytes(length: int) -> None:
    with pytest.raises(VaultKeyError, match="32"):
        Key(bytes(length))


def test_the_current_key_stands_on_the_ring() -> None:
    one, two = new_key(), new_key()
    with pytest.raises(VaultKeyError):
        KeyRing(current=one, keys=(two,))


def test_a_missing_key_is_named_with_the_place_to_look() -> None:
    key = new_key()
    ring = ring_of(key, source="密钥文件 /etc/vault.key ")
    with pytest.raises(VaultKeyError) as caught:
        ring.find("0badcafe")
    for said in ("0badcafe", key.id, "/etc/vault.key", "备份"):
        assert said in caught.value.message


def test_a_written_file_is_private_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"
    key = write_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert ring_from_file(path).current == key
    assert all(line.startswith("#") for line in path.read_text("utf-8").split("\n")[:2])


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    key = write_key_file(path)
    with pytest.raises(VaultKeyError, match="已经存在"):
        write_key_file(path)
    assert ring_from_file(path).current == key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644, 0o666])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = _file(tmp_path / "vault.key", _ONE, mode)
    with pytest.raises(VaultKeyError, match="chmod 600"):
        ring_from_file(path)
    with pytest.raises(VaultKeyError, match="chmod 600"):
        add_key(path)
    assert path.read_text("utf-8") == _ONE


def test_a_missing_file_says_not_to_make_a_new_one(tmp_path: Path) -> None:
    with pytest.raises(VaultKeyError, match="备份恢复"):
        ring_from_file(tmp_path / "vault.key")


def test_a_folder_or_a_pipe_is_no_key_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "folder").mkdir(mode=0o700)
    for name in ("pipe", "folder"):
        with pytest.raises(VaultKeyError, match="普通文件"):
            ring_from_file(tmp_path / name)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"# " + b"x" * 70_000])
def test_a_binary_or_huge_file_is_no_key_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "vault.key"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(VaultKeyError, match="不是密钥文件"):
        ring_from_file(path)


@pytest.mark.parametrize("end", ["\n", ""])
def test_an_added_key_is_current_and_the_old_one_stays(
    tmp_path: Path, end: str
) -> None:
    path = _file(tmp_path / "vault.key", _ONE + end)
    key = add_key(path)
    ring = ring_from_file(path)
    assert ring.current == key
    assert [one.material.hex() for one in ring.keys[:-1]] == [_ONE]


def test_nothing_is_added_to_a_broken_file(tmp_path: Path) -> None:
    path = _file(tmp_path / "vault.key", f"{_ONE}\n{_TWO[:20]}")
    with pytest.raises(VaultKeyError, match="第 2 行"):
        add_key(path)
    assert path.read_text("utf-8") == f"{_ONE}\n{_TWO[:20]}"


def test_keys_added_at_once_all_stand(tmp_path: Path) -> None:
    path = _file(tmp_path / "vault.key", _ONE)
    threads = [threading.Thread(target=add_key, args=(path,)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(ring_from_file(path).keys) == 9
