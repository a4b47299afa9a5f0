"""A key is named by what it is; a published set is taken whole or not at all."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from review.clearance.keys import (
    KeySet,
    PublicKey,
    SigningKey,
    SigningKeys,
    generate,
    jwks,
    key_set,
    rotate,
    signing_key,
)
from review.errors import ClearanceInvalidError, ClearanceKeyError


def test_the_name_is_the_thumbprint_of_rfc_8037() -> None:
    # appendix A of the RFC: the key, its public half, and its thumbprint
    private = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    public = signing_key(
        Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private))
    ).public

    assert public.x == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert public.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_two_keys_are_never_the_same() -> None:
    assert generate().public != generate().public


def test_a_signing_key_is_not_shown(key: SigningKey) -> None:
    for shown in (
        repr(key),
        str(key),
        repr(SigningKeys(key)),
        str(jwks(SigningKeys(key))),
    ):
        assert "private" not in shown.lower()
        assert bytes(range(32)).hex() not in shown
        assert "AAECAwQFBgcICQoL" not in shown


def test_rotation_retires_the_key_in_use(
    key: SigningKey, other_key: SigningKey
) -> None:
    keys = rotate(SigningKeys(key), new=other_key)

    assert keys.current == other_key
    assert keys.retired == (key.public,)
    third = generate()
    assert rotate(keys, new=third).retired == (other_key.public, key.public)


def test_a_key_never_comes_back(key: SigningKey, other_key: SigningKey) -> None:
    keys = rotate(SigningKeys(key), new=other_key)

    for used in (key, other_key):
        with pytest.raises(ClearanceKeyError) as caught:
            rotate(keys, new=used)
        said = "新密钥与已有密钥相同，请重新生成后再轮换。"
        assert caught.value.message == said


def test_the_published_set_is_public_and_complete(
    key: SigningKey, other_key: SigningKey
) -> None:
    keys = rotate(SigningKeys(key), new=other_key)

    published = jwks(keys)

    assert published == {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "use": "sig",
                "alg": "EdDSA",
                "kid": one.public.kid,
                "x": one.public.x,
            }
            for one in (other_key, key)
        ]
    }
    assert key_set(published) == keys.public


def test_keys_of_other_kinds_are_passed_over(key: SigningKey) -> None:
    others: list[Any] = [
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {"kty": "oct", "k": "AAAA", "kid": key.public.kid},
        {"kty": ["OKP"], "crv": "Ed25519"},
        "a key",
        None,
    ]

    assert key_set({"keys": [*others, key.public.jwk]}) == KeySet((key.public,))
    with pytest.raises(ClearanceInvalidError) as caught:
        key_set({"keys": others})
    assert caught.value.message == (
        "公钥集（JWKS）中没有公开许可的公钥，请从保密审查系统重新下载。"
    )


@pytest.mark.parametrize("published", [{}, {"keys": None}, {"keys": {}}, {"keys": "x"}])
def test_what_is_no_key_set_is_refused(published: dict[str, Any]) -> None:
    with pytest.raises(ClearanceInvalidError) as caught:
        key_set(published)
    assert caught.value.message == (
        "公钥集（JWKS）不合格式，请从保密审查系统重新下载。"
    )


def test_a_set_without_keys_says_so() -> None:
    with pytest.raises(ClearanceInvalidError, match="没有公开许可的公钥"):
        key_set({"keys": []})


@pytest.mark.parametrize(
    "change",
    [
        {"x": ""},
        {"x": None},
        {"x": 5},
        {"x": "A" * 42},
        {"x": "A" * 44},
        {"x": "*" * 43},
        {"x": "A" * 42 + "B"},  # spare bits
        {"kid": "another"},
        {"use": "enc"},
        {"alg": "HS256"},
        {"d": "A" * 43},
        {"key_ops": ["verify"]},
    ],
)
def test_a_damaged_key_spoils_the_set(
    change: dict[str, Any], key: SigningKey, other_key: SigningKey
) -> None:
    with pytest.raises(ClearanceInvalidError) as caught:
        key_set({"keys": [other_key.public.jwk, {**key.public.jwk, **change}]})
    assert caught.value.message == (
        "公钥集（JWKS）中有公钥损坏或名称不符，请从保密审查系统重新下载。"
    )


def test_a_key_without_anything_is_damaged_and_not_passed_over(
    key: SigningKey,
) -> None:
    with pytest.raises(ClearanceInvalidError, match="损坏或名称不符"):
        key_set({"keys": [key.public.jwk, {"kty": "OKP", "crv": "Ed25519"}]})


@pytest.mark.parametrize("x", ["", None, "A" * 42, "A" * 44, "*" * 43, "A" * 42 + "B"])
def test_a_key_without_a_name_must_be_a_key_all_the_same(x: object) -> None:
    with pytest.raises(ClearanceInvalidError, match="损坏"):
        key_set({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]})


def test_a_key_comes_once(key: SigningKey) -> None:
    with pytest.raises(ClearanceInvalidError):
        key_set({"keys": [key.public.jwk, key.public.jwk]})


def test_a_key_may_come_without_its_name(key: SigningKey) -> None:
    bare = {"kty": "OKP", "crv": "Ed25519", "x": key.public.x}

    assert key_set({"keys": [bare]}).find(key.public.kid) == key.public


def test_only_a_known_name_is_found(key: SigningKey) -> None:
    keys = KeySet((PublicKey("A" * 43), key.public))

    assert keys.find(key.public.kid) == key.public
    assert keys.find("") is None
    assert KeySet(()).find(key.public.kid) is None
