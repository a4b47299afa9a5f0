"""All pages, one line each; most asked first."""

from typing import Final

from fastapi import APIRouter

from api.pages import (
    account,
    admin,
    admin_accounts,
    admin_appointments,
    admin_policy,
    admin_sites,
    admin_system,
    audit,
    case,
    comparing,
    lexicon_changes,
    lexicons,
    register,
    review,
    sign_in,
    site_audit,
    statistics,
    submit,
    verify,
    watermark,
    workbench,
)

PAGES: Final[tuple[APIRouter, ...]] = (
    workbench.router,
    review.router,
    watermark.router,
    case.router,
    register.router,
    statistics.router,
    site_audit.router,
    submit.router,
    comparing.router,
    lexicons.router,
    lexicon_changes.router,
    sign_in.router,
    verify.router,
    account.router,
    admin.router,
    admin_accounts.router,
    admin_appointments.router,
    admin_sites.router,
    admin_policy.router,
    admin_system.router,
    audit.router,
)
