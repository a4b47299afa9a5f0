"""Signing in through the office's own provider: OpenID Connect, as a relying party.

Authorization code with PKCE, state and nonce; what the provider signed is checked
here, whose account it is elsewhere. What lies between leaving and coming back is
sealed in a cookie, so that any host of the installation can go on.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self
from urllib.parse import quote, urlencode

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from review.errors import ProviderError, SignInRefusedError, XianshenError
from review.ports.secrets import Secrets
from review.settings import Settings
from review.settings_files import is_safe_address

COOKIE: Final = "xianshen_oidc"
PATH: Final = "/api/v1/session/oidc"
MINUTES: Final = 10

_PURPOSE: Final = "oidc:leaving"
_SCOPES: Final = "openid profile"
_RANDOM_BYTES: Final = 32
_TIMEOUT: Final = 10.0
_MOST_BYTES: Final = 1024 * 1024
_LEEWAY: Final = 60
_OK: Final = 200
# Signatures by a key of the provider's own; none that a shared secret makes.
_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
_DISCOVERY: Final = "/.well-known/openid-configuration"
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_LOST: Final = "这次认证已经过期，或不是从这个浏览器开始的，请从登录页重新开始。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who we are at the provider, and where it sends people back to."""

    issuer: str
    client_id: str
    secret: str | None
    callback: str

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # - `override` needs 3.12
        """Show which client, and no secret."""
        return f"Client({self.issuer}, {self.client_id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is, as the provider signed it."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Leaving:
    """What must be the same when he comes back."""

    state: str
    nonce: str
    verifier: str
    at: float


def client_of(settings: Settings, base: str) -> Client | None:
    """Return who we are at the provider; None if the operator chose none."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    secret = settings.oidc_client_secret
    return Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        secret=secret.get_secret_value() if secret else None,
        callback=(settings.public_url or base).rstrip("/") + f"{PATH}/callback",
    )


def leave(client: Client, box: Secrets, *, at: datetime) -> tuple[str, str]:
    """Return the provider's address to go to, and the cookie to take along.

    Raises:
        ProviderError: The provider does not answer, or describes itself wrongly.
    """
    leaving = _Leaving(
        state=secrets.token_urlsafe(_RANDOM_BYTES),
        nonce=secrets.token_urlsafe(_RANDOM_BYTES),
        verifier=secrets.token_urlsafe(_RANDOM_BYTES),
        at=at.timestamp(),
    )
    challenge = hashlib.sha256(leaving.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.callback,
        "scope": _SCOPES,
        "state": leaving.state,
        "nonce": leaving.nonce,
        "code_challenge": _base64(challenge),
        "code_challenge_method": "S256",
    }
    with _Web() as web:
        address = str(_description(web, client.issuer)["authorization_endpoint"])
    joint = "&" if "?" in address else "?"
    sealed = box.seal(json.dumps(asdict(leaving)).encode(), purpose=_PURPOSE)
    return f"{address}{joint}{urlencode(asked)}", _base64(sealed)


def come_back(  # noqa: PLR0913 - what he left with, what he brings, and when
    client: Client, box: Secrets, *, cookie: str, state: str, code: str, at: datetime
) -> Identity:
    """Return who the provider says that he is.

    Raises:
        SignInRefusedError: He did not leave from this browser, or too long ago.
        ProviderError: The provider does not answer, or its answer proves nothing.
    """
    leaving = _opened(box, cookie)
    late = at.timestamp() - leaving.at >= timedelta(minutes=MINUTES).total_seconds()
    if late or not hmac.compare_digest(leaving.state.encode(), state.encode()):
        raise SignInRefusedError(_LOST)
    with _Web() as web:
        described = _description(web, client.issuer)
        tokens = _tokens(web, described, client, code, leaving.verifier)
        keys = _asked(web.get(str(described["jwks_uri"])))
        claims = _checked(str(tokens.get("id_token")), keys, client, leaving.nonce, at)
        more = _more_claims(web, described, tokens, claims)
    return Identity(
        issuer=client.issuer, subject=str(claims["sub"]), claims={**more, **claims}
    )


class _Web:
    """The provider over HTTP: no redirects, little time, little room."""

    def __init__(self) -> None:
        self._client = httpx2.Client(
            timeout=_TIMEOUT, follow_redirects=False, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, address: str, *, bearer: str | None = None) -> bytes:
        """Return what lies there."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return self._send("GET", address, headers=headers)

    def post(
        self, address: str, fields: Mapping[str, str], *, headers: Mapping[str, str]
    ) -> bytes:
        """Return the answer to a form."""
        return self._send("POST", address, headers=headers, fields=fields)

    def _send(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str],
        fields: Mapping[str, str] | None = None,
    ) -> bytes:
        if not is_safe_address(address.partition("?")[0]):
            raise _unreliable("给出的地址不是 https")
        wanted = {"Accept": "application/json", **headers}
        try:
            with self._client.stream(
                method, address, headers=wanted, data=fields
            ) as answer:
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise _unreliable("回答太长")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _unreliable("连不上") from error
        if answer.status_code != _OK:
            raise _unreliable(f"回答了 {answer.status_code}")
        return body


def _description(web: _Web, issuer: str) -> Mapping[str, Any]:
    """Return the provider's description of itself, if it is that provider's."""
    described = _asked(web.get(issuer.rstrip("/") + _DISCOVERY))
    if described.get("issuer") != issuer:
        raise _unreliable("自称的 issuer 与设置 oidc_issuer 不同")
    if not all(isinstance(described.get(one), str) for one in _ENDPOINTS):
        raise _unreliable("没有说明全部地址")
    return described


def _tokens(
    web: _Web, described: Mapping[str, Any], client: Client, code: str, verifier: str
) -> Mapping[str, Any]:
    """Exchange the code, which only who left can do."""
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.callback,
        "code_verifier": verifier,
    }
    headers = {}
    ways = described.get("token_endpoint_auth_methods_supported")
    if client.secret is None:
        fields["client_id"] = client.client_id
    elif ways is None or "client_secret_basic" in ways:
        headers["Authorization"] = _basic(client.client_id, client.secret)
    else:
        fields |= {"client_id": client.client_id, "client_secret": client.secret}
    address = str(described["token_endpoint"])
    return _asked(web.post(address, fields, headers=headers))


def _checked(
    token: str,
    keys: Mapping[str, Any],
    client: Client,
    nonce: str,
    at: datetime,
) -> Mapping[str, Any]:
    """Return the claims of an ID token that was made for this sign-in (OIDC Core 3.1.3.7)."""
    registry = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=_LEEWAY,
        iss={"essential": True, "value": client.issuer},
        aud={"essential": True, "value": client.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        known = KeySet.import_key_set({"keys": list(keys["keys"])})
        claims = jwt.decode(token, known, algorithms=list(_ALGORITHMS)).claims
        registry.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise _unreliable("签发的身份令牌核验不过") from error
    audience = claims["aud"]
    parties = 1 if isinstance(audience, str) else len(audience)
    presenter = claims.get("azp")
    if presenter != client.client_id and (presenter is not None or parties > 1):
        raise _unreliable("签发的身份令牌是给别的系统的")
    return claims


def _more_claims(
    web: _Web,
    described: Mapping[str, Any],
    tokens: Mapping[str, Any],
    claims: Mapping[str, Any],
) -> Mapping[str, Any]:
    """Return what the provider tells beside the token; many leave names out of that."""
    address, bearer = described.get("userinfo_endpoint"), tokens.get("access_token")
    if not isinstance(address, str) or not isinstance(bearer, str):
        return {}
    told = _asked(web.get(address, bearer=bearer))
    if told.get("sub") != claims["sub"]:
        raise _unreliable("前后说的不是同一个人")
    # How he signed in is believed of the signed token alone.
    return {name: value for name, value in told.items() if name != "amr"}


def _opened(box: Secrets, cookie: str) -> _Leaving:
    try:
        sealed = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
        return _Leaving(**json.loads(box.open(sealed, purpose=_PURPOSE)))
    except (XianshenError, binascii.Error, ValueError, TypeError) as error:
        raise SignInRefusedError(_LOST) from error


def _asked(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _unreliable("回答的不是 JSON") from error
    if not isinstance(value, dict):
        raise _unreliable("回答的不是 JSON 对象")
    return value


def _basic(name: str, secret: str) -> str:
    # Both are form-encoded first (RFC 6749, 2.3.1).
    pair = f"{quote(name, safe='')}:{quote(secret, safe='')}"
    return "Basic " + base64.b64encode(pair.encode()).decode("ascii")


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _unreliable(what: str) -> ProviderError:
    return ProviderError(
        f"统一身份认证{what}，没有登录。请改用密码登录，并告知系统管理员。"
    )
