"""Passwords: 004's rule, how they are kept, and the first ones that are given out.

004 (计算机保密管理): at least ten characters, capital and small letters, digits and
symbols. Kept as argon2id hashes; whoever is unknown costs as much time as anybody.
"""

import random
import secrets
import string
import unicodedata
from collections.abc import Sequence
from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from review.errors import WeakPasswordError

SHORTEST: Final = 10
# Far beyond what people type; a limit on what is hashed.
LONGEST: Final = 128
KEPT: Final = 5
# A login name of two letters stands in too many words.
_SHORTEST_NAME: Final = 3
_FEWEST_CHARACTERS: Final = 5

# Above the least that OWASP asks for; what one attempt costs in time and memory.
_MEMORY_KIB: Final = 32 * 1024
_PASSES: Final = 2
_LANES: Final = 1
_AT_ONCE: Final = 4

# What is left of them without digits and symbols is what everybody tries first.
_COMMON: Final = frozenset(
    """
    password passwords passw passwd pass word pwd mima admin administrator admins
    root system user test guest welcome login letmein master super manager
    qwer qwert qwerty qwertyuiop asdf asdfg asdfgh asdfghjkl zxcv zxcvb zxcvbn
    zxcvbnm qaz qazwsx qazwsxedc wsx edc zaq xsw qweasd qweasdzxc
    a aa aaa ab abc abcd abcde abcdef abcdefg abcdefgh xyz
    iloveyou woaini woaiwojia china zhongguo changeme secret
    xianshen baomi baomiban shencha xuexiao xueyuan office
    """.split()  # noqa: SIM905 - a list of quoted words would fill two screens
)
_LOOK_ALIKE: Final = str.maketrans("@40$51!37", "aaossiiet")

_FIRST_LENGTH: Final = 14
# Nothing that is mistaken for something else on paper.
_FIRST_SETS: Final = (
    "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "abcdefghijkmnpqrstuvwxyz",
    "23456789",
    "+-=%#@?",
)


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _turns():
        return _hasher().hash(_normal(password))


def fits(kept: str | None, password: str) -> bool:
    """Tell whether the password is the one that was kept; takes as long where none was."""
    usable = kept is not None and len(password) <= LONGEST
    against = kept if kept is not None and usable else _nobody()
    try:
        with _turns():
            _hasher().verify(against, _normal(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return usable


def is_outdated(kept: str) -> bool:
    """Tell whether it was kept with other parameters than today's."""
    try:
        return _hasher().check_needs_rehash(kept)
    except InvalidHashError:
        return False


def forbid_weak(password: str, *, login: str, recent: Sequence[str] = ()) -> None:
    """Keep 004's rule, and off what everybody tries first.

    Raises:
        WeakPasswordError: All that is wrong with it, in one message.
    """
    wrong = [*_breaches(password), *_guessable(password, login)]
    if not wrong and any(fits(one, password) for one in recent[:KEPT]):
        wrong.append(f"与最近 {KEPT} 次用过的相同")
    if wrong:
        raise WeakPasswordError(f"密码不合要求：{'；'.join(wrong)}。请换一个。")


def first_password() -> str:
    """Return a random password that keeps the rule, to be shown once."""
    every = "".join(_FIRST_SETS)
    letters = [secrets.choice(one) for one in _FIRST_SETS]
    letters += [secrets.choice(every) for _ in range(_FIRST_LENGTH - len(letters))]
    random.SystemRandom().shuffle(letters)
    made = "".join(letters)
    # One in very many spells a word by chance.
    return first_password() if _guessable(made, "") else made


def _breaches(password: str) -> list[str]:
    """Return which points of 004's rule are broken."""
    asked = (
        ("大写字母", any(one in string.ascii_uppercase for one in password)),
        ("小写字母", any(one in string.ascii_lowercase for one in password)),
        ("数字", any(one in string.digits for one in password)),
        ("符号", any(_is_symbol(one) for one in password)),
    )
    missing = "、".join(word for word, there in asked if not there)
    wrong = [f"缺少{missing}"] if missing else []
    if len(_normal(password)) < SHORTEST:
        wrong.append(f"不足 {SHORTEST} 个字符")
    if len(password) > LONGEST:
        wrong.append(f"超过 {LONGEST} 个字符")
    if not password.isprintable():
        wrong.append("有不能输入的字符")
    return wrong


def _guessable(password: str, login: str) -> list[str]:
    plain = password.casefold()
    # P@ssw0rd2026! is the same word: what is hung on it is taken off first.
    hung = string.digits + string.punctuation
    bare = (plain.rstrip(hung), plain.strip(hung))
    cores = {_letters(plain), *(_letters(one.translate(_LOOK_ALIKE)) for one in bare)}
    wrong = []
    if len(login) >= _SHORTEST_NAME and login.casefold() in plain:
        wrong.append("含有登录名")
    if cores & _COMMON or len(set(plain)) < _FEWEST_CHARACTERS:
        wrong.append("太常见，容易被猜到")
    return wrong


def _letters(text: str) -> str:
    return "".join(one for one in text if one.isalpha())


def _is_symbol(one: str) -> bool:
    return one.isprintable() and not one.isalnum() and not one.isspace()


def _normal(password: str) -> str:
    # Two keyboards write one letter in two ways.
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode()


@cache
def _turns() -> BoundedSemaphore:
    """Return what lets a few hash at once: a flood of attempts must not fill the memory."""
    return BoundedSemaphore(_AT_ONCE)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(
        time_cost=_PASSES,
        memory_cost=_MEMORY_KIB,
        parallelism=_LANES,
        type=Type.ID,
    )


@cache
def _nobody() -> str:
    """Return the hash that stands in for one that is not there."""
    return hash_password(secrets.token_urlsafe())
