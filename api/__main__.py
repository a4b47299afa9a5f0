"""`python -m api`: one process that serves the interface until it is told to stop."""

import gc
import sys

import uvicorn

from api.app import make_app
from review.bootstrap import open_installation
from review.errors import XianshenError
from review.logs import configure_logs
from review.service.demo import forbid_demo_outside
from review.settings import load_settings


def main() -> None:
    """Open the installation and serve it; say in Chinese why it can't."""
    try:
        settings = load_settings()
        configure_logs()
        with open_installation(settings, via="api") as installation:
            forbid_demo_outside(
                installation.desk, host=settings.host, public_url=settings.public_url
            )
            app = make_app(installation, settings)
            # The first question at the gate shall not wait for a walk over the ledger.
            app.state.served.keeper.facts(installation.desk)
            # What is there now stays; without this, looking for rubbish among it
            # makes everybody wait a fifth of a second now and then.
            gc.collect()
            gc.freeze()
            uvicorn.run(
                app,
                host=settings.host,
                port=settings.port,
                access_log=False,
                log_config=None,
                server_header=False,
                date_header=True,
                proxy_headers=False,
                timeout_graceful_shutdown=30,
            )
    except XianshenError as error:
        print(error.message, file=sys.stderr)  # noqa: T201 - nobody else hears it yet
        sys.exit(2)


if __name__ == "__main__":
    main()
