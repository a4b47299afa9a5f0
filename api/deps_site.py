"""Which site asks: it comes with a key of its own, from a network of its own."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.deps import address_of, own_key
from api.problems import ProblemError
from api.state import WithDesk, WithKeeper
from review import digests
from review.access.site_keys import PresentedKey, presented
from review.access.sites import Site
from review.service.desk import Once
from review.service.gate import calls as gate

_bearer: Final = HTTPBearer(
    auto_error=False, scheme_name="站点密钥", description="xs_ 开头的站点密钥"
)


async def presented_key(
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> PresentedKey:
    """Return the key that the request brings; whether it opens is asked later.

    Raises:
        ProblemError: It brings none, or what can't be one of ours.
    """
    key = presented(given.credentials) if given is not None else None
    if key is None:
        raise ProblemError(
            401,
            "site_key_needed",
            "请带上站点密钥：Authorization: Bearer xs_…，密钥由系统管理员发放。",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAsking:
    """A site that was let in, and its own key for the request."""

    site: Site
    request: Request
    key: str | None

    def once(self, said: Any) -> Once | None:
        """Return its key for the request with a digest of all that it asks."""
        if self.key is None:
            return None
        what = [self.request.method, self.request.url.path, said]
        return Once(key=self.key, fingerprint=digests.of_json(what))


def site_asking(
    request: Request,
    key: Annotated[PresentedKey, Depends(presented_key)],
    idempotency_key: Annotated[str | None, Depends(own_key)],
    desk: WithDesk,
    keeper: WithKeeper,
) -> SiteAsking:
    """Return the site that asks.

    Raises:
        SiteRefusedError: Its key does not open, or not from there.
    """
    site = gate.let_in(desk, keeper, key, address=address_of(request))
    return SiteAsking(site=site, request=request, key=idempotency_key)


SiteKeyGiven = Annotated[PresentedKey, Depends(presented_key)]
AsSite = Annotated[SiteAsking, Depends(site_asking)]
