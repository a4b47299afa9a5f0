"""For whoever watches over the program: alive, ready, and its figures."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from api.health import parts
from api.metrics import WithMeters
from api.network import comes_from, networks_of
from api.problems import ProblemError
from api.state import WithServed

router: Final = APIRouter(include_in_schema=False)


@router.get("/healthz")
def alive() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@router.get("/readyz")
def ready(request: Request, served: WithServed) -> JSONResponse:
    """Say whether everything that a request needs is there, and to our own what is not."""
    found = parts(served.installation, served.settings)
    is_ready = all(one.code is None for one in found)
    said: dict[str, object] = {"status": "ready" if is_ready else "not ready"}
    networks = networks_of(served.settings.metrics_networks)
    if comes_from(request.scope, networks):
        said["parts"] = {one.name: one.code or "ok" for one in found}
    return JSONResponse(said, 200 if is_ready else 503)


@router.get("/metrics")
def metrics(request: Request, served: WithServed, meters: WithMeters) -> Response:
    """Return the figures, to this machine and to the networks that a setting names."""
    networks = networks_of(served.settings.metrics_networks)
    if not comes_from(request.scope, networks):
        raise ProblemError(404, "not_found", "没有这个地址，请核对。")
    return Response(meters.text(), media_type=CONTENT_TYPE_LATEST)
