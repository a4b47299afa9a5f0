"""What an examination of the installation says of one thing, and what to do."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

State: TypeAlias = Literal["ok", "note", "bad"]

WORDS: Final[dict[State, str]] = {"ok": "正常", "note": "注意", "bad": "有问题"}


@dataclass(frozen=True, slots=True)
class Result:
    """One thing: how it is, in a sentence, and what to do where it is not well."""

    name: str
    state: State
    said: str
    advice: str = ""


def ok(name: str, said: str) -> Result:
    """Say that all is well."""
    return Result(name, "ok", said)


def note(name: str, said: str, advice: str) -> Result:
    """Say that it works and should be looked at."""
    return Result(name, "note", said, advice)


def bad(name: str, said: str, advice: str) -> Result:
    """Say that it does not work, or is not safe."""
    return Result(name, "bad", said, advice)
