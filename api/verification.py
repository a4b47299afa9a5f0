"""Where anybody can look up whether an item was cleared."""

from fastapi import Request

from api.state import Served


def verification_address(request: Request, served: Served, number: str) -> str:
    """Return the address of the item's page for everybody."""
    base = served.settings.public_url or str(request.base_url)
    return f"{base.rstrip('/')}/verify/{number}"
