"""The application: its endpoints in one list, its errors as problems."""

from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.formparsers import MultiPartParser

from api.guard import guard
from api.openapi import describe
from api.pages import assets, mistakes
from api.pages.frame import AwayError
from api.pages.table import PAGES
from api.problems import answer_problems
from api.routes import (
    accounts,
    appointments,
    cases,
    comparing,
    deliveries,
    drafts,
    exports,
    gate,
    health,
    ledger,
    lexicons,
    pictures,
    policy,
    progress,
    public,
    review,
    session,
    site_audits,
    sites,
    statistics,
    views,
    wellknown,
)
from api.state import Served
from review import __version__
from review.bootstrap import Installation
from review.settings import Settings

# The interface that is promised; one line a subject.
ROUTERS: Final[tuple[APIRouter, ...]] = (
    gate.router,  # asked most often, and so looked through first
    cases.router,
    comparing.router,
    review.router,
    drafts.router,
    pictures.router,
    session.router,
    accounts.router,
    appointments.router,
    progress.router,
    sites.router,
    deliveries.router,
    public.router,
    lexicons.router,
    site_audits.router,
    statistics.router,
    exports.router,
    views.router,
    ledger.router,
    policy.router,
)
PREFIX: Final = "/api/v1"


def make_app(installation: Installation, settings: Settings) -> FastAPI:
    """Return the application over an open installation; the caller closes that."""
    # An upload that spilled into a temporary file would be a draft in the clear.
    MultiPartParser.spool_max_size = 2**62
    app = FastAPI(
        title="先审",
        summary="信息公开保密审查：先审查、后公开，一事一审",
        version=__version__,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.served = Served(installation=installation, settings=settings)
    answer_problems(app, shown_as=mistakes.shown)
    describe(app)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    app.include_router(wellknown.router)
    app.include_router(health.router)
    for page in PAGES:
        app.include_router(page, include_in_schema=False)
    app.mount(assets.PATH, assets.Assets())
    app.add_exception_handler(AwayError, mistakes.go_away)
    guard(app, app.state.served)
    return app
