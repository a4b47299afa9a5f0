"""What the running application works with, made once at its start."""

from dataclasses import dataclass, field
from typing import Annotated, Final, cast

from fastapi import Depends, Request

from api.turns import Turns
from review.bootstrap import Installation
from review.service.desk import Desk
from review.service.gate.gatekeeper import Gatekeeper
from review.settings import Settings

_DRAWINGS: Final = 2  # pages of drafts that are drawn at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The installation behind this door, and what its operator chose."""

    installation: Installation
    settings: Settings
    keeper: Gatekeeper = field(default_factory=Gatekeeper)
    drawing: Turns = field(default_factory=lambda: Turns(_DRAWINGS))


# These only reach for what is there. Were they not coroutines, the framework would
# send each to a thread and back, which costs more than all that the gate does.


async def served_by(request: Request) -> Served:
    """Return what the application was made with."""
    return _served(request)


async def desk_of(request: Request) -> Desk:
    """Return the desk that every use case is given."""
    return _served(request).installation.desk


async def keeper_of(request: Request) -> Gatekeeper:
    """Return what this process keeps at hand for the gate."""
    return _served(request).keeper


def _served(request: Request) -> Served:
    return cast("Served", request.app.state.served)


WithDesk = Annotated[Desk, Depends(desk_of)]
WithKeeper = Annotated[Gatekeeper, Depends(keeper_of)]
WithServed = Annotated[Served, Depends(served_by)]
