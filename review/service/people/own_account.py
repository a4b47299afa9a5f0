"""What a person does about his own account: password, second factor."""

from dataclasses import dataclass, field, replace

from review.access import passwords, second_factor
from review.access.accounts import Account, SecondFactor
from review.access.events import SignedIn
from review.access.sessions import Session
from review.case.people import Appointment
from review.errors import (
    AccountLockedError,
    FreshCodeNeededError,
    NotSignedInError,
    RefusedError,
    SignInRefusedError,
    StaleError,
    WrongCodeError,
    XianshenError,
)
from review.ports.records import Reading, Writing
from review.service.appointed import appointments_of
from review.service.desk import Desk
from review.service.people import attempts
from review.service.people.sign_in import Signed, require_proven


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A second factor to be confirmed: for the device's camera, or to be typed in."""

    uri: str = field(repr=False)
    typed: str = field(repr=False)
    qr_svg: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """What a person is shown of his own account: where he is signed in, and as what."""

    account: Account
    sessions: tuple[Session, ...]
    appointments: tuple[Appointment, ...]

    @property
    def recovery_left(self) -> int:
        """Return how many recovery codes are unused."""
        factor = self.account.second_factor
        return len(factor.recovery) if factor else 0


def own_account(desk: Desk, signed: Signed) -> OwnAccount:
    """Return somebody's own account as it is now; nobody else's can be asked for.

    Raises:
        NotSignedInError: The session ended meanwhile.
    """
    with desk.store.reading() as records:
        account = _own(records, signed)
        at, entrance = desk.now(), desk.entrance
        every = records.accounts.sessions_of(account.id)
        return OwnAccount(
            account=account,
            sessions=tuple(one for one in every if not one.is_over(entrance, at)),
            appointments=appointments_of(records, account.id),
        )


def change_password(
    desk: Desk, signed: Signed, *, current: str, new: str, address: str
) -> None:
    """Set another password; every other session of his ends.

    Raises:
        SignInRefusedError: The present password is wrong; it counts as a failure.
        AccountLockedError: Too many were wrong.
        WeakPasswordError: The new one does not keep the rule, or was used lately.
    """
    require_proven(signed)
    with desk.store.reading() as records:
        account = _own(records, signed)
    if account.password_hash is None:
        raise RefusedError("您的账号用统一身份认证登录，在这里没有密码，不能修改。")
    locked = attempts.locked(account, desk.now())
    if locked is not None:
        raise locked
    right = passwords.fits(account.password_hash, current)
    kept = _acceptable(account, new) if right else ""
    with desk.store.writing() as work:
        outcome = _set_password(desk, work, signed, account, kept, address)
    # Raised out here: what was counted stays counted.
    if outcome is not None:
        raise outcome


def begin_second_factor(desk: Desk, signed: Signed) -> Enrolment:
    """Make a seed for his device; it counts once a code of it is confirmed.

    Raises:
        RefusedError: He has a second factor already.
    """
    seed = second_factor.new_seed()
    with desk.store.writing() as work:
        account = _own(work, signed)
        _forbid_second(account)
        sealed = desk.secrets.seal(seed, purpose=second_factor.purpose(account.id))
        work.accounts.save(replace(account, pending_seed=sealed))
    uri = second_factor.provisioning_uri(
        seed, account=signed.person, office=desk.office.name
    )
    typed = second_factor.written(seed)
    return Enrolment(uri=uri, typed=typed, qr_svg=second_factor.qr_svg(uri))


def confirm_second_factor(desk: Desk, signed: Signed, code: str) -> tuple[str, ...]:
    """Set the second factor up, a code having shown that his device has the seed.

    Every other session of his ends. Returns the recovery codes, shown once.

    Raises:
        RefusedError: There is nothing to confirm, or one is set up already.
        WrongCodeError: The device's code is another; its clock may be wrong.
    """
    codes = second_factor.new_recovery_codes()
    with desk.store.writing() as work:
        account = _own(work, signed)
        _forbid_second(account)
        if account.pending_seed is None:
            raise RefusedError("请先取得二维码，在手机上添加后再输入动态码。")
        factor = _confirmed(desk, account, account.pending_seed, code, codes)
        account = replace(account, second_factor=factor, pending_seed=None)
        work.accounts.save(account)
        work.accounts.strengthen_session(signed.session.id, at=desk.now())
        work.accounts.end_sessions(account.id, but=signed.session.id)
        by = attempts.holder(desk, work, account)
        attempts.seal_change(desk, work, account, "second_factor_set", by=by)
    return codes


def prove_second_factor(desk: Desk, signed: Signed, code: str, *, address: str) -> None:
    """Give a code in a session that came without, through the provider.

    Raises:
        WrongCodeError: It is not right, or was used already; it counts as a failure.
        AccountLockedError: Too many were wrong.
    """
    with desk.store.writing() as work:
        account = _own(work, signed)
        proven = _with_code(desk, work, account, code, address)
        if isinstance(proven, Account):
            work.accounts.save(replace(proven, failures=0, locked_until=None))
            work.accounts.strengthen_session(signed.session.id, at=desk.now())
            by = attempts.holder(desk, work, account)
            event = SignedIn(
                at=desk.now(),
                by=by,
                account=account.id,
                address=address,
                how="second_factor",
            )
            attempts.seal(desk, work, event)
    # Raised out here: what was counted stays counted.
    if isinstance(proven, XianshenError):
        raise proven


def require_fresh_code(desk: Desk, signed: Signed) -> None:
    """Let nobody sign whose second factor was given too long ago, if he has one.

    A screen that was left open does not sign in its owner's name.

    Raises:
        FreshCodeNeededError: He gives a code of it first.
    """
    with desk.store.reading() as records:
        account = _own(records, signed)
    since = desk.now() - desk.entrance.signing
    if account.second_factor is not None and not signed.session.is_proven_since(since):
        raise FreshCodeNeededError("签署前请再输入一次动态码，确认是您本人。")


def renew_recovery_codes(
    desk: Desk, signed: Signed, code: str, *, address: str
) -> tuple[str, ...]:
    """Return ten new recovery codes; the old ones no longer count.

    Raises:
        WrongCodeError: The code given for it is not right; it counts as a failure.
        AccountLockedError: Too many were wrong.
    """
    require_proven(signed)
    codes = second_factor.new_recovery_codes()
    with desk.store.writing() as work:
        account = _own(work, signed)
        proven = _with_code(desk, work, account, code, address)
        if isinstance(proven, Account) and proven.second_factor is not None:
            kept = replace(proven.second_factor, recovery=_digests(account.id, codes))
            work.accounts.save(replace(proven, second_factor=kept))
            by = attempts.holder(desk, work, account)
            attempts.seal_change(desk, work, account, "second_factor_set", by=by)
    # Raised out here: what was counted stays counted.
    if isinstance(proven, XianshenError):
        raise proven
    return codes


def _own(records: Reading, signed: Signed) -> Account:
    """Return the account as it is now, if its session still stands."""
    account = records.accounts.find(signed.person)
    there = records.accounts.session(signed.session.id)
    if account is None or account.disabled or there is None:
        raise NotSignedInError("登录已经结束，请重新登录。")
    return account


def _forbid_second(account: Account) -> None:
    if account.second_factor is not None:
        raise RefusedError(
            "您已经绑定了动态码；换手机请先由安全管理员解除原来的，再重新绑定。"
        )


def _acceptable(account: Account, new: str) -> str:
    """Return what is kept of the new password."""
    passwords.forbid_weak(new, login=account.id, recent=account.recent_hashes)
    return passwords.hash_password(new)


def _set_password(  # noqa: PLR0913, PLR0917 - one step of a use case
    desk: Desk,
    work: Writing,
    signed: Signed,
    seen: Account,
    kept: str,
    address: str,
) -> XianshenError | None:
    account, at = _own(work, signed), desk.now()
    locked = attempts.locked(account, at)
    if locked is not None:
        return locked
    if account.password_hash != seen.password_hash:
        return StaleError("密码刚刚已被改过，请用新密码重新登录后再试。")
    if not kept:
        attempts.fail(desk, work, account, address=address, code="wrong_password")
        return SignInRefusedError("原密码不对，密码没有修改，请核对后再试。")
    account = account.with_password(kept, at)
    work.accounts.save(account)
    work.accounts.end_sessions(account.id, but=signed.session.id)
    by = attempts.holder(desk, work, account)
    attempts.seal_change(desk, work, account, "password_set", by=by)
    return None


def _confirmed(
    desk: Desk, account: Account, pending: bytes, code: str, codes: tuple[str, ...]
) -> SecondFactor:
    seed = desk.secrets.open(pending, purpose=second_factor.purpose(account.id))
    step = second_factor.step_of_code(seed, code, at=desk.now(), after=None)
    if step is None:
        raise WrongCodeError("动态码不对，请核对手机时间是否准确，等下一个动态码再试。")
    recovery = _digests(account.id, codes)
    return SecondFactor(sealed=pending, last_step=step, recovery=recovery)


def _digests(account: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(second_factor.recovery_digest(account, one) for one in codes)


def _with_code(
    desk: Desk, work: Writing, account: Account, code: str, address: str
) -> Account | AccountLockedError | WrongCodeError:
    """Return the account with the code used up, or why not; what failed is counted."""
    locked = attempts.locked(account, desk.now())
    if locked is not None:
        return locked
    return attempts.try_code(desk, work, account, code, address=address)
