"""Signing in and out, and who it is that asks.

No refusal tells whether a login name exists, is locked or was closed: the
message is one, and the time it takes is that of one password check.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from review import clock
from review.access import passwords, sessions
from review.access.accounts import Account, is_login, login_of
from review.access.events import SignedIn
from review.access.sessions import How, Session
from review.case.people import Appointment
from review.errors import (
    EntryError,
    NotSignedInError,
    PasswordChangeNeededError,
    SecondFactorEnrolmentNeededError,
    SecondFactorNeededError,
    SignInRefusedError,
    WrongCodeError,
)
from review.ports.records import Reading, Writing
from review.service.appointed import appointments_of
from review.service.desk import Desk
from review.service.people import attempts

Way: TypeAlias = Literal["password", "second_factor", "provider"]

# More than anybody has devices; what is older was forgotten somewhere.
_MOST_SESSIONS: Final = 10
_REFUSED: Final = (
    "登录名或密码不对，或者这个账号现在不能登录（连续输错会暂时锁定）。"
    "请核对后稍等再试；忘了密码请找系统管理员重置。"
)
_NOT_IN: Final = "您还没有登录，或登录已经过期，请重新登录。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Somebody came in: the token for his browser, shown once, and his page's CSRF token."""

    token: str
    csrf: str
    account: Account

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # - `override` needs 3.12
        """Show who, and no token."""
        return f"Entered({self.account.id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who asks: an account's holder with the appointments that he holds today.

    While one of the three `must_…` is true he can do that and nothing else:
    `must_prove` gives a code of his second factor, `must_change` sets another
    password, `must_enrol` sets a second factor up.
    """

    person: str
    name: str
    department: str | None
    session: Session
    appointments: tuple[Appointment, ...]
    must_prove: bool
    must_change: bool
    must_enrol: bool

    @property
    def csrf(self) -> str:
        """Return what his pages send back to show that they are ours."""
        return self.session.csrf


def sign_in(
    desk: Desk, login: str, password: str, *, code: str | None = None, address: str
) -> Entered:
    """Let somebody in by password, and by his second factor if he has one.

    Raises:
        SignInRefusedError: Not with these; it is never said what is wrong.
        SecondFactorNeededError: The password is right, and a code is needed too.
        WrongCodeError: The password is right, the code is not, or was used already.
    """
    known = _known(desk, login_of(login))
    tried = _tried(known, password)
    with desk.store.writing() as work:
        outcome = _attempt(desk, work, tried, code=code, address=address)
    # Raised out here: what was counted stays counted.
    if isinstance(outcome, EntryError):
        raise outcome
    return outcome


def who(desk: Desk, token: str, *, address: str) -> Signed:
    """Return whose session it is, and write down once a minute that it is in use.

    Raises:
        NotSignedInError: It is nobody's, or over.
    """
    if not token:
        raise NotSignedInError(_NOT_IN)
    with desk.store.reading() as records:
        signed = _signed(desk, records, sessions.id_of(token))
    at = desk.now()
    if signed.session.wants_renewal(at):
        with desk.store.writing() as work:
            here = address[: sessions.LONGEST_ADDRESS]
            work.accounts.renew_session(signed.session.id, at=at, address=here)
    return signed


def require_ready(signed: Signed) -> None:
    """Keep somebody from everything else while something about his account is undone.

    Raises:
        EntryError: He must first give a code, set a password or set a second factor up.
    """
    require_proven(signed)
    if signed.must_change:
        raise PasswordChangeNeededError(
            "密码是系统管理员给的或已过期，请先修改密码，再办理其他事项。"
        )
    if signed.must_enrol:
        raise SecondFactorEnrolmentNeededError(
            "您的岗位须用二次验证登录，请先绑定动态码，再办理其他事项。"
        )


def require_proven(signed: Signed) -> None:
    """Keep somebody from what his second factor guards until he has given a code of it.

    Raises:
        SecondFactorNeededError: He has not, in this session.
    """
    if signed.must_prove:
        raise SecondFactorNeededError("请先输入动态码，完成二次验证。")


def sign_out(desk: Desk, token: str) -> bool:
    """End the token's session; tell whether there was one."""
    with desk.store.writing() as work:
        return work.accounts.end_session(sessions.id_of(token))


def sign_out_everywhere(desk: Desk, signed: Signed) -> int:
    """End all sessions of whoever asks, this one too; return how many."""
    with desk.store.writing() as work:
        return work.accounts.end_sessions(signed.person)


def let_in(  # noqa: PLR0913 - who, how, how surely and from where
    desk: Desk, work: Writing, account: Account, *, way: Way, strong: bool, address: str
) -> Entered:
    """Open a session for somebody who has shown who he is, and put it on record.

    `strong` says that the second factor was given.
    """
    at = desk.now()
    how: How = "provider" if way == "provider" else "password"
    token, session = sessions.begin(
        account.id, how=how, second_factor=strong, at=at, address=address
    )
    account = replace(account, failures=0, locked_until=None, signed_in_at=at)
    work.accounts.save(account)
    for one in work.accounts.sessions_of(account.id)[: 1 - _MOST_SESSIONS]:
        work.accounts.end_session(one.id)
    work.accounts.open_session(session)
    by = attempts.holder(desk, work, account)
    event = SignedIn(at=at, by=by, account=account.id, address=session.address, how=way)
    attempts.seal(desk, work, event)
    return Entered(token=token, csrf=session.csrf, account=account)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """A password check, made outside the transaction because it takes long.

    `anew` is the password as it is kept from now on, if parameters have changed.
    """

    account: Account | None
    right: bool
    anew: str | None = None


def _known(desk: Desk, login: str) -> Account | None:
    # A database may refuse to look for what is no login name at all.
    if not is_login(login):
        return None
    with desk.store.reading() as records:
        return records.accounts.find(login)


def _tried(account: Account | None, password: str) -> _Tried:
    kept = account.password_hash if account else None
    right = passwords.fits(kept, password)
    outdated = right and kept is not None and passwords.is_outdated(kept)
    anew = passwords.hash_password(password) if outdated else None
    return _Tried(account=account, right=right, anew=anew)


def _attempt(
    desk: Desk, work: Writing, tried: _Tried, *, code: str | None, address: str
) -> Entered | EntryError:
    account = work.accounts.find(tried.account.id) if tried.account else None
    if account is None or not _may_try(desk, work, account, tried, address):
        if account is None:
            attempts.refuse(desk, work, None, address=address, code="unknown_account")
        return SignInRefusedError(_REFUSED)
    if account.second_factor is not None and not code:
        return SecondFactorNeededError("密码正确，请再输入动态码。")
    strong = account.second_factor is not None
    proven: Account | WrongCodeError = account
    if strong:
        proven = attempts.try_code(desk, work, account, code or "", address=address)
    if isinstance(proven, WrongCodeError):
        return proven
    if tried.anew is not None:
        recent = (tried.anew, *account.recent_hashes[1:])
        proven = replace(proven, password_hash=tried.anew, recent_hashes=recent)
    way: Way = "second_factor" if strong else "password"
    return let_in(desk, work, proven, way=way, strong=strong, address=address)


def _may_try(
    desk: Desk, work: Writing, account: Account, tried: _Tried, address: str
) -> bool:
    """Tell whether the password lets further; put on record why not."""
    checked = tried.account.password_hash if tried.account else None
    if account.disabled:
        attempts.refuse(desk, work, account, address=address, code="disabled")
    elif account.is_locked(desk.now()):
        attempts.refuse(desk, work, account, address=address, code="locked")
    elif not tried.right:
        attempts.fail(desk, work, account, address=address, code="wrong_password")
    elif account.password_hash != checked:
        attempts.refuse(desk, work, account, address=address, code="password_changed")
    else:
        return True
    return False


def _signed(desk: Desk, records: Reading, session_id: str) -> Signed:
    session, at = records.accounts.session(session_id), desk.now()
    if session is None or session.is_over(desk.entrance, at):
        raise NotSignedInError(_NOT_IN)
    account = records.accounts.find(session.account)
    if account is None or account.disabled:
        raise NotSignedInError(_NOT_IN)
    today = clock.china_date(at)
    every = appointments_of(records, account.id)
    held = tuple(one for one in every if one.holds_on(today))
    signs = account.needs_second_factor({one.post for one in held})
    factor = account.second_factor
    by_password = session.how == "password"
    return Signed(
        person=account.id,
        name=account.name,
        department=account.department,
        session=session,
        appointments=held,
        must_prove=factor is not None and not session.second_factor,
        must_change=by_password and account.must_change_password(desk.entrance, at),
        must_enrol=signs and factor is None and not session.second_factor,
    )
