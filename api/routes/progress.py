"""How far the machine is with an item, told as it happens (server-sent events)."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Final

from fastapi import APIRouter
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.deps import SignedIn
from api.paths import Number, described
from api.state import Served, WithServed
from review.case.case import Case
from review.case.words import STAGES
from review.queue.progress import Progress
from review.service.cases import look

router: Final = APIRouter(prefix="/cases/{number}", tags=["审查件"])

# How often the records are asked where the queue's server says nothing.
_ASK_AGAIN: Final = 2.0


@router.get(
    "/progress",
    summary="机检进度",
    response_class=EventSourceResponse,
    responses={
        **described(403, 404),
        200: {"content": {"text/event-stream": {}}, "description": "进度事件流"},
    },
)
def progress(
    number: Number, signed: SignedIn, served: WithServed
) -> EventSourceResponse:
    """事件 `progress`：做到哪一步、第几个文件、第几页；事件 `done`：机检结束，这一件现在的状态。"""
    case = look.see(served.installation.desk, number, person=signed.person)
    return EventSourceResponse(_events(served, case, person=signed.person))


async def _events(
    served: Served, case: Case, *, person: str
) -> AsyncIterator[ServerSentEvent]:
    """Tell what the machine says; whether it is done, the records alone know."""
    desk, number = served.installation.desk, case.number
    while case.stage == "scanning":
        async for said in served.installation.board.listen(number):
            if said is not None:
                yield _progress(said)
            case = await run_in_threadpool(look.see, desk, number, person=person)
            if case.stage != "scanning":
                break
        else:
            await asyncio.sleep(_ASK_AGAIN)
            case = await run_in_threadpool(look.see, desk, number, person=person)
    yield _done(case)


def _progress(said: Progress) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(asdict(said)), event="progress")


def _done(case: Case) -> ServerSentEvent:
    told = {
        "stage": case.stage,
        "stage_word": STAGES[case.stage],
        "version": case.version,
    }
    return ServerSentEvent(json.dumps(told, ensure_ascii=False), event="done")
