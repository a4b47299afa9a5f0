"""A provider of sign-ins as a process of its own: authlib's server behind werkzeug.

It is told what time it is, and prints the port that it listens on. It keeps the standards as authlib does:
authorization code with PKCE, client authentication, nonces, each code once. Who comes
is signed in as the subject that the address asks for with `who`; a subject that
begins with `bad-` gets an answer such as a broken or false provider would give.
"""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from authlib.oauth2 import AuthorizationServer, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import OAuth2Payload
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin, ClientMixin
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

CALLBACK: Final = "http://127.0.0.1:8000/api/v1/session/oidc/callback"
# Signs that a client must encode before it sends them as a header.
SECRET: Final = "geheim: %41 & mehr"  # noqa: S105 - invented
KEY: Final = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
OTHER_KEY: Final = RSAKey.generate_key(2048, {"kid": "one"}, private=True)


@dataclass
class Client(ClientMixin):
    """A system that is known here; a public one has no secret."""

    id: str
    secret: str | None

    def get_client_id(self) -> str:
        return self.id

    def get_default_redirect_uri(self) -> str:
        return CALLBACK

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(one for one in scope.split() if one in {"openid", "profile"})

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == CALLBACK

    def check_client_secret(self, client_secret: str) -> bool:
        return self.secret == client_secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - as the library asks
        if self.secret is None:
            return method == "none"
        return method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    """A code that was given out."""

    code: str
    client_id: str
    scope: str
    nonce: str | None
    user: str
    code_challenge: str | None
    code_challenge_method: str | None

    def get_redirect_uri(self) -> str:
        return CALLBACK

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return MEMORY.now

    def get_acr(self) -> str | None:
        return None

    def get_amr(self) -> list[str] | None:
        if self.user.endswith("-unsaid"):
            return None
        return ["pwd", "mfa"] if self.user.endswith("-mfa") else ["pwd"]


@dataclass
class Memory:
    """What the provider remembers while it runs."""

    issuer: str = ""
    now: int = 0
    clients: dict[str, Client] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)


MEMORY: Final = Memory(
    clients={
        "xianshen": Client("xianshen", SECRET),
        "public": Client("public", None),
    }
)


class Grant(AuthorizationCodeGrant):
    """The authorization code, kept in memory and used once."""

    TOKEN_ENDPOINT_AUTH_METHODS: Final = (
        "client_secret_basic",
        "client_secret_post",
        "none",
    )

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        asked = request.payload.data
        MEMORY.codes[code] = Code(
            code=code,
            client_id=request.client.id,
            scope=request.payload.scope,
            nonce=asked.get("nonce"),
            user=request.user,
            code_challenge=asked.get("code_challenge"),
            code_challenge_method=asked.get("code_challenge_method"),
        )
        MEMORY.nonces.add(str(asked.get("nonce")))

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        known = MEMORY.codes.get(code)
        return known if known and known.client_id == client.id else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del MEMORY.codes[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.user


class AlwaysChallenge(CodeChallenge):
    """PKCE for every client, with a digest."""

    SUPPORTED_CODE_CHALLENGE_METHOD: Final = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        if not grant.request.payload.data.get("code_challenge"):
            raise OAuth2Error("PKCE is asked for")
        super().validate_code_challenge(grant, redirect_uri)


class Token(OpenIDCode):
    """The ID token, signed as it should be or as it should not."""

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:  # noqa: ARG002 - as the library asks
        return nonce in MEMORY.nonces

    def generate_user_info(self, user: str, scope: str) -> dict[str, Any]:  # noqa: ARG002 - as the library asks
        # Names are told by the other endpoint, as many providers do.
        return {"sub": user}

    def encode_id_token(self, token: Any, request: OAuth2Request) -> str:
        now, code = MEMORY.now, request.authorization_code
        claims: dict[str, Any] = {
            **self.get_authorization_code_claims(code),
            **self.generate_user_info(request.user, token["scope"]),
            "iss": MEMORY.issuer,
            "aud": request.client.id,
            "iat": now,
            "exp": now + 300,
        }
        return _signed(request.user, claims)


def _signed(user: str, claims: dict[str, Any]) -> str:
    change = _WRONG.get(user)
    if change is not None:
        change(claims)
    if user == "bad-hmac":
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET * 4))
    if user == "bad-none":
        return jwt.encode({"alg": "none"}, claims, OctKey.import_key(SECRET), ["none"])
    if user == "bad-token":
        return "no.token.at-all"
    key = OTHER_KEY if user == "bad-key" else KEY
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


_WRONG: Final[dict[str, Callable[[dict[str, Any]], Any]]] = {
    "bad-nonce": lambda claims: claims.update(nonce="another"),
    "bad-no-nonce": lambda claims: claims.pop("nonce"),
    "bad-audience": lambda claims: claims.update(aud="another"),
    "bad-party": lambda claims: claims.update(aud=["xianshen", "x"], azp="x"),
    "bad-parties": lambda claims: claims.update(aud=["xianshen", "x"]),
    "bad-issuer": lambda claims: claims.update(iss="https://id.example.edu.cn"),
    "bad-expired": lambda claims: claims.update(exp=claims["exp"] - 86_400),
    "bad-future": lambda claims: claims.update(iat=claims["iat"] + 86_400),
    "bad-no-exp": lambda claims: claims.pop("exp"),
    "bad-no-sub": lambda claims: claims.pop("sub"),
}


class Payload(OAuth2Payload):
    """What came in, as the library reads it."""

    def __init__(self, request: Request) -> None:
        self._request = request

    @property
    def data(self) -> Any:
        return self._request.values

    @property
    def datalist(self) -> dict[str, list[str]]:
        return {name: self.data.getlist(name) for name in self.data}


class Asked(OAuth2Request):
    """A request, as the library reads it."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.method, request.url, headers=request.headers)
        self._request = request
        self.payload = Payload(request)

    @property
    def args(self) -> Any:
        return self._request.args

    @property
    def form(self) -> Any:
        return self._request.form


class Server(AuthorizationServer):
    """authlib's server, joined to werkzeug."""

    def query_client(self, client_id: str) -> Client | None:
        return MEMORY.clients.get(client_id)

    def save_token(self, token: Any, request: OAuth2Request) -> None:
        MEMORY.tokens[token["access_token"]] = request.user

    def create_oauth2_request(self, request: Request) -> Asked:
        return Asked(request)

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        text = json.dumps(body) if isinstance(body, dict) else body
        return Response(text, status=status, headers=headers)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Tell nobody."""


def _server() -> Server:
    server = Server(scopes_supported=["openid", "profile"])
    numbers = iter(range(10**6))
    generator = BearerTokenGenerator(lambda **_: f"token-{next(numbers)}")
    server.register_token_generator("default", generator)
    server.register_grant(Grant, [Token(require_nonce=True), AlwaysChallenge()])
    return server


SERVER: Final = _server()


def authorize(request: Request) -> Response:
    """Sign in at once whom the address names, and send him back."""
    who = request.args.get("who")
    if who is None:
        return Response("who?", 400)
    try:
        grant = SERVER.get_consent_grant(request, end_user=who)
    except OAuth2Error as error:
        return Response(f"{error.error}: {error.description}", 400)
    return SERVER.create_authorization_response(request, who, grant)


def token(request: Request) -> Response:
    """Exchange a code."""
    return SERVER.create_token_response(request)


def user_info(request: Request) -> Response:
    """Tell of whom a token is."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    user = MEMORY.tokens.get(bearer)
    if user is None:
        return Response("{}", 401)
    sub = "somebody-else" if user == "bad-userinfo" else user
    # What it says of factors is not signed, and must not count.
    told = {"sub": sub, "preferred_username": user.partition("-")[0], "amr": ["mfa"]}
    return Response(json.dumps(told))


def described(_: Request) -> Response:
    """Describe the provider."""
    at = MEMORY.issuer
    return Response(
        json.dumps(
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "userinfo_endpoint": f"{at}/userinfo",
                "jwks_uri": f"{at}/jwks",
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "none",
                ],
            }
        )
    )


def keys(_: Request) -> Response:
    """Show the public key."""
    return Response(json.dumps(KeySet([KEY]).as_dict(private=False)))


ROUTES: Final[dict[str, Callable[[Request], Response]]] = {
    "/.well-known/openid-configuration": described,
    "/authorize": authorize,
    "/token": token,
    "/userinfo": user_info,
    "/jwks": keys,
    "/moved/.well-known/openid-configuration": lambda _: Response(
        "", 302, {"Location": f"{MEMORY.issuer}/.well-known/openid-configuration"}
    ),
    "/huge/.well-known/openid-configuration": lambda _: Response(b" " * 2_000_000),
    "/text/.well-known/openid-configuration": lambda _: Response("no json"),
    "/list/.well-known/openid-configuration": lambda _: Response("[]"),
    "/other/.well-known/openid-configuration": described,
    "/empty/.well-known/openid-configuration": lambda _: Response(
        json.dumps({"issuer": f"{MEMORY.issuer}/empty"})
    ),
    "/inside/.well-known/openid-configuration": lambda _: Response(
        json.dumps(
            {
                "issuer": f"{MEMORY.issuer}/inside",
                "authorization_endpoint": f"{MEMORY.issuer}/authorize",
                "token_endpoint": "http://10.0.0.1/token",
                "jwks_uri": "http://10.0.0.1/jwks",
            }
        )
    ),
}


def application(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Answer one request."""
    request = Request(environ)
    answer = ROUTES.get(request.path, lambda _: Response("", 404))(request)
    return answer(environ, start_response)


class Quiet(WSGIRequestHandler):
    """Writes no log, which nobody reads."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - as the library names it
        """Write nothing."""


def main() -> None:
    """Serve until somebody ends the process."""
    server = make_server("127.0.0.1", 0, application, request_handler=Quiet)
    MEMORY.issuer = f"http://127.0.0.1:{server.server_port}"
    MEMORY.now = int(sys.argv[1])
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
