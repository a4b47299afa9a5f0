"""Signing in through the office's own provider (统一身份认证).

The door has checked what the provider signed; here its word is matched with
an account that exists. None is ever made by it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from review.access.accounts import Account, is_login, login_of
from review.access.entrance import Provider
from review.errors import SignInRefusedError
from review.ports.records import Writing
from review.service.desk import Desk
from review.service.people import attempts
from review.service.people.sign_in import Entered, let_in

_LONGEST_SUBJECT: Final = 512
_REFUSED: Final = (
    "统一身份认证通过了，但本系统没有与之对应、可以登录的账号。请联系系统管理员。"
)


def sign_in_with_identity(
    desk: Desk, issuer: str, subject: str, claims: Mapping[str, Any], *, address: str
) -> Entered:
    """Let in whom the provider vouches for.

    A claim that equals a login name links the account at the first time; from then on
    the provider's own name for him counts. Who has a second factor here still gives
    it, unless the provider asked for one and the operator lets that count.

    Raises:
        SignInRefusedError: No account is his.
    """
    provider = desk.entrance.provider
    with desk.store.writing() as work:
        entered = None
        if provider is not None and issuer == provider.issuer and subject:
            name = subject_of(issuer, subject)
            account = _account(desk, work, name, claims, provider)
            entered = _let_in(desk, work, account, claims, provider, address)
        if entered is None:
            attempts.refuse(desk, work, None, address=address, code="unknown_identity")
    # Raised out here: the refusal stays on record.
    if entered is None:
        raise SignInRefusedError(_REFUSED)
    return entered


def subject_of(issuer: str, subject: str) -> str:
    """Return by what an account is linked: the same subject elsewhere is somebody else."""
    return f"{issuer} {subject}"


def _account(
    desk: Desk, work: Writing, name: str, claims: Mapping[str, Any], provider: Provider
) -> Account | None:
    if len(name) > _LONGEST_SUBJECT or not name.isprintable():
        return None
    linked = work.accounts.linked_to(name)
    if linked is not None or provider.login_claim is None:
        return linked
    claimed = claims.get(provider.login_claim)
    login = login_of(claimed) if isinstance(claimed, str) else ""
    found = work.accounts.find(login) if is_login(login) else None
    # Linked to somebody else there: a login name that was given to another person.
    if found is None or found.subject is not None or found.disabled:
        return None
    account = replace(found, subject=name)
    work.accounts.save(account)
    by = attempts.holder(desk, work, account)
    attempts.seal_change(desk, work, account, "identity_linked", by=by)
    return account


def _let_in(  # noqa: PLR0913, PLR0917 - what the provider said, and where from
    desk: Desk,
    work: Writing,
    account: Account | None,
    claims: Mapping[str, Any],
    provider: Provider,
    address: str,
) -> Entered | None:
    if account is None or account.disabled:
        return None
    said = claims.get("amr")
    asked_there = isinstance(said, list) and "mfa" in said
    strong = asked_there and provider.its_second_factor_counts
    return let_in(desk, work, account, way="provider", strong=strong, address=address)
