"""The envelope by itself: what it takes to the letter, and which refusal says what."""

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from joserfc.errors import UnsupportedAlgorithmError

from review.clearance import envelope
from review.clearance.envelope import seal, unseal
from review.clearance.keys import KeySet, SigningKey
from review.errors import ClearanceInvalidError, UsageError

Forge: TypeAlias = Callable[[dict[str, Any], bytes], str]

_TYPE = "xianshen-example+jwt"
_EMPTY = "签名文件为空或过长，不能采信。请重新获取。"
_INCOMPLETE = "这不是完整的签名文件（JWS），请重新获取。"
_ALTERED = (
    "签名核对不通过：签名文件被改动、残缺或不是本单位签发。请重新获取，不得据此公开。"
)
_OTHER_TYPE = "签名文件的类型或算法不符，不能采信。"
_OTHER_KEY = (
    "签名所用的密钥不在公钥集中：可能不是本单位签发，或公钥集已过时。"
    "请重新下载公钥集后再核对。"
)


@pytest.fixture
def header(key: SigningKey) -> dict[str, Any]:
    return {"alg": "EdDSA", "kid": key.public.kid, "typ": _TYPE}


@pytest.fixture
def refusal(key: SigningKey) -> Callable[[str], str]:
    """Open a token that is none, and return what is said of it."""

    def said(token: str) -> str:
        with pytest.raises(ClearanceInvalidError) as caught:
            unseal(token, typ=_TYPE, keys=KeySet((key.public,)), longest=2000)
        return caught.value.message

    return said


def test_the_longest_token_is_sealed_and_opened(key: SigningKey) -> None:
    keys = KeySet((key.public,))
    token = seal({"a": 1}, typ=_TYPE, key=key, longest=1000)
    length = len(token)

    assert seal({"a": 1}, typ=_TYPE, key=key, longest=length) == token
    assert unseal(token, typ=_TYPE, keys=keys, longest=length) == {"a": 1}
    with pytest.raises(UsageError) as sealed:
        seal({"a": 1}, typ=_TYPE, key=key, longest=length - 1)
    said = "附件或条目过多，签名文件超过上限。请拆分为几件后分别审查。"
    assert sealed.value.message == said
    with pytest.raises(ClearanceInvalidError) as opened:
        unseal(token, typ=_TYPE, keys=keys, longest=length - 1)
    assert opened.value.message == _EMPTY


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("", _EMPTY),
        ("A" * 2001, _EMPTY),
        ("A", _INCOMPLETE),
        ("AA.AA", _INCOMPLETE),
        ("AA.AA.AA.AA", _INCOMPLETE),
        ("AA..AA", _INCOMPLETE),
        ("AA.A A.AA", _INCOMPLETE),
        ("AA.A=.AA", _INCOMPLETE),
        ("AA.AA.AA", _ALTERED),  # no header
        ("AB.AA.AA", _ALTERED),  # spare bits
    ],
)
def test_what_is_no_token_is_told_from_what_was_altered(
    token: str, says: str, refusal: Callable[[str], str]
) -> None:
    assert refusal(token) == says


@pytest.mark.parametrize("more", [{"crit": ["b64"]}, {"typ": "JWT"}, {"alg": "none"}])
def test_another_header_of_a_known_key_is_another_type(
    more: dict[str, Any],
    header: dict[str, Any],
    forge: Forge,
    refusal: Callable[[str], str],
) -> None:
    assert refusal(forge({**header, **more}, b"{}")) == _OTHER_TYPE


@pytest.mark.parametrize("size", [384, 385])
def test_a_header_is_read_up_to_its_length(
    size: int, header: dict[str, Any], forge: Forge, refusal: Callable[[str], str]
) -> None:
    empty = len(json.dumps({**header, "x": ""}, separators=(",", ":")))
    forged = forge({**header, "x": "a" * (size - empty)}, b"{}")

    assert len(forged.split(".")[0]) == (512 if size == 384 else 514)
    assert refusal(forged) == (_OTHER_TYPE if size == 384 else _ALTERED)


def test_a_strange_key_is_told_from_an_old_set(
    header: dict[str, Any],
    other_key: SigningKey,
    forge: Forge,
    refusal: Callable[[str], str],
) -> None:
    assert refusal(forge({**header, "kid": other_key.public.kid}, b"{}")) == _OTHER_KEY


@pytest.mark.parametrize(
    "payload", [b'{"b":1,"a":2}', b'{"a":NaN}', b'{"a":-Infinity}', b'{"a":"\\u4e00"}']
)
def test_a_payload_of_another_spelling_is_altered(
    payload: bytes,
    header: dict[str, Any],
    forge: Forge,
    refusal: Callable[[str], str],
) -> None:
    assert refusal(forge(header, payload)) == _ALTERED


@pytest.mark.parametrize("data", [b"\0\0\x17", b"\0", b"\xff\xfe", bytes(range(64))])
def test_every_letter_of_base64_survives(data: bytes) -> None:
    assert envelope._decoded(envelope._encoded(data)) == data
    assert envelope._encoded(b"\0\0\x17") == "AAAX"


def test_a_refused_algorithm_is_named() -> None:
    registry = envelope._OneAlgorithm(algorithms=["EdDSA"])

    with pytest.raises(UnsupportedAlgorithmError, match="HS256"):
        registry.get_alg("HS256")
