"""Run the proxy until it is told to stop."""

import logging
from typing import Any

import uvicorn

from review.proxy.asking import Asking
from review.proxy.checking import Checker
from review.proxy.rules import Rules
from review.proxy.serving import make_app
from review.proxy.template import Frame
from review.proxy.upstream import Upstream, client_for


async def run(
    rules: Rules, frames: tuple[Frame, ...], *, key: str, **place: Any
) -> None:
    """Serve at a place (`host` and `port`, or `uds`)."""
    # One line for each question and its address would be all there is in the log.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    async with client_for(rules.upstream) as site, client_for(rules.gate) as gate:
        seconds = rules.limits.gate_seconds
        asking = Asking(gate, key=key, seconds=seconds, channel=rules.channel)
        checker = Checker(rules, frames, Upstream(site, rules), asking)
        config = uvicorn.Config(
            make_app(checker),
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=10,
            **place,
        )
        await uvicorn.Server(config).serve()
