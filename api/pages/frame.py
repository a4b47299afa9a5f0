"""What every page has: who looks at it, where he can go, and how it is drawn.

Pages only read. What a person changes, a page's script sends to the interface
(`/api/v1`), where every rule is asked once for pages and programs alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.deps import COOKIE, address_of
from api.pages import words
from api.pages.assets import address_of_asset
from api.pages.navigation import Entry, entries_for
from api.state import Served, WithDesk
from review import clock
from review.access.permissions import OFFICE_VERBS, OfficeVerb
from review.case.people import Post
from review.errors import NotSignedInError
from review.service.desk import Desk
from review.service.people import sign_in
from review.service.people.sign_in import Signed

SIGN_IN: Final = "/sign-in"
ACCOUNT: Final = "/account"


class AwayError(Exception):
    """This page is not for now: the browser goes to another first."""

    def __init__(self, address: str) -> None:
        """Keep where it goes."""
        super().__init__(address)
        self.address = address


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks at a page, and through which desk."""

    desk: Desk
    signed: Signed

    @property
    def person(self) -> str:
        """Return his account's id, which every use case is given."""
        return self.signed.person

    @property
    def posts(self) -> frozenset[Post]:
        """Return the posts that he holds today."""
        return frozenset(one.post for one in self.signed.appointments)

    @property
    def departments(self) -> tuple[str, ...]:
        """Return the departments that he hands items in for, in order, each once."""
        held = (
            one.department
            for one in self.signed.appointments
            if one.post in {"reviewer", "head"} and one.department
        )
        return tuple(dict.fromkeys(held))

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing about his account must be done first."""
        signed = self.signed
        return not (signed.must_prove or signed.must_change or signed.must_enrol)

    @property
    def navigation(self) -> tuple[Entry, ...]:
        """Return where he can go; nowhere while something must be done first."""
        return entries_for(self.posts) if self.is_ready else ()

    def own(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Return those of some pages that one of his posts has."""
        return tuple(one for one in entries if one.posts & self.posts)

    def may(self, verb: OfficeVerb) -> bool:
        """Tell whether to offer it to him; whether he may, the use case asks again."""
        return not self.posts.isdisjoint(OFFICE_VERBS[verb])


def anybody(request: Request, desk: WithDesk) -> Signed:
    """Return who is signed in, even if something must be done first.

    Raises:
        AwayError: Nobody is; he signs in and comes back.
    """
    token = request.cookies.get(COOKIE, "")
    try:
        return sign_in.who(desk, token, address=address_of(request))
    except NotSignedInError:
        raise AwayError(_sign_in_for(request)) from None


def viewer(
    request: Request, desk: WithDesk, signed: Annotated[Signed, Depends(anybody)]
) -> Viewer:
    """Return who looks, ready to work.

    Raises:
        AwayError: He must first change his password or set up the second factor.
    """
    looking = Viewer(desk=desk, signed=signed)
    if not looking.is_ready:
        raise AwayError(ACCOUNT)
    # A page that refuses him still shows where else he can go.
    request.state.viewer = looking
    return looking


Anybody = Annotated[Signed, Depends(anybody)]
Looking = Annotated[Viewer, Depends(viewer)]


def draw(
    request: Request,
    template: str,
    *,
    by: Viewer | None = None,
    status: int = 200,
    **values: Any,
) -> HTMLResponse:
    """Return the page; `by` is who looks, None where nobody is signed in."""
    served: Served = request.app.state.served
    text = (
        _templates()
        .get_template(template)
        .render(
            path=request.url.path,
            office=served.installation.desk.office.name,
            idle=served.settings.session_idle_minutes,
            by=by,
            **values,
        )
    )
    return HTMLResponse(text, status)


def _sign_in_for(request: Request) -> str:
    back = request.url.path
    if request.url.query:
        back = f"{back}?{request.url.query}"
    return f"{SIGN_IN}?{urlencode({'next': back})}"


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = address_of_asset
    made.globals["words"] = words
    made.filters["moment"] = moment
    made.filters["day"] = words.day
    made.filters["china_day"] = clock.china_date
    made.filters["size"] = words.size
    return made


def moment(at: Any) -> Markup:
    """Return a moment in the office's time (China), to the minute, for people and programs."""
    local = clock.china_time(at)
    return Markup('<time datetime="{}">{}</time>').format(
        local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M}"
    )
