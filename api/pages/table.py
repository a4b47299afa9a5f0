"""All pages, one line each; most asked first."""

from typing import Final

from fastapi import APIRouter

from api.pages import sign_in, workbench

PAGES: Final[tuple[APIRouter, ...]] = (
    workbench.router,
    sign_in.router,
)
