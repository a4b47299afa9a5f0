"""Styles, scripts and what was taken from others: served from here, and from nowhere else."""

from functools import cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from review import digests

FOLDER: Final = Path(__file__).parent.parent / "static"
PATH: Final = "/static"
_KEPT: Final = "public, max-age=31536000, immutable"
_NOT_FOUND: Final = 404


class Assets(StaticFiles):
    """The files, below a name that changes with them, so that browsers may keep them.

    Scripts name each other by relative addresses and so stay within one edition.
    """

    def __init__(self) -> None:
        """Serve the folder beside the pages."""
        super().__init__(directory=FOLDER)

    async def get_response(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self, path: str, scope: Scope
    ) -> Response:
        """Return one file of this edition."""
        named, _, name = path.partition("/")
        if named != edition():
            raise HTTPException(_NOT_FOUND)
        answer = await super().get_response(name, scope)
        answer.headers["Cache-Control"] = _KEPT
        return answer


@cache
def edition() -> str:
    """Return what tells these files from those of another version of the program."""
    files = sorted(one for one in FOLDER.rglob("*") if one.is_file())
    known = [
        [str(one.relative_to(FOLDER)), digests.of_bytes(one.read_bytes())]
        for one in files
    ]
    return digests.of_json(known)[:12]


def address_of_asset(name: str) -> str:
    """Return the address of a file.

    Raises:
        FileNotFoundError: There is no such file.
    """
    if not (FOLDER / name).is_file():
        raise FileNotFoundError(name)
    return f"{PATH}/{edition()}/{name}"
