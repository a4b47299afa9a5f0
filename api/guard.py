"""What stands around the application, from the outside in.

A request is told from a proxy's, numbered and counted, answered with safe headers
whatever happens, and refused for a strange host, too many requests or a body that is too
large, before any endpoint hears of it.
"""

from collections.abc import Callable
from typing import Final

from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.types import Scope

from api.bodies import MEBI, Bodies
from api.deps import COOKIE, address_of
from api.headers import SafeHeaders
from api.metrics import Meters
from api.network import FromProxies, KnownNames, names_of, networks_of
from api.state import Served
from api.throttle import Rates, SharedWindow, Throttle
from api.watching import Watched
from review.access.site_keys import presented
from review.bootstrap import queue_url
from review.errors import XianshenError
from review.queue.timings import ScanTimings
from review.service.gate.gatekeeper import admitted
from review.service.people import sign_in

_BEARER: Final = "bearer"


def guard(app: FastAPI, served: Served) -> None:
    """Put everything around the application; it has its routes already."""
    settings, desk = served.settings, served.installation.desk
    meters = Meters()
    url = queue_url(settings)
    timings = ScanTimings(url)
    meters.watch(desk, lengths=served.installation.queue.lengths, timings=timings.read)
    app.state.meters = meters
    rates = Rates(
        person=settings.requests_per_minute, site=settings.gate_requests_per_minute
    )
    inner = Bodies(
        app.build_middleware_stack(),
        most=settings.upload_megabytes * MEBI,
        known=known_senders(served),
    )
    throttled = Throttle(inner, rates=rates, shared=SharedWindow(url))
    named = KnownNames(throttled, names=names_of(settings))
    watched = Watched(SafeHeaders(named), meters=meters)
    # Even the answer to an error that nobody foresaw goes through all of them.
    app.middleware_stack = FromProxies(
        watched, proxies=networks_of(settings.trusted_proxies)
    )


def known_senders(served: Served) -> Callable[[Scope], bool]:
    """Return what tells whether a request comes from somebody who may send much."""
    desk, keeper = served.installation.desk, served.keeper

    def is_known(scope: Scope) -> bool:
        asked = HTTPConnection(scope)
        address = address_of(asked)
        scheme, _, given = asked.headers.get("authorization", "").partition(" ")
        try:
            key = presented(given.strip()) if scheme.lower() == _BEARER else None
            if key is not None:
                admitted(keeper.facts(desk), key, address)
            else:
                token = asked.cookies.get(COOKIE, "")
                sign_in.require_ready(sign_in.who(desk, token, address=address))
        except XianshenError:
            return False
        return True

    return is_known
