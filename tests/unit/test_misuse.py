"""What is wrong with a command's options is said in Chinese."""

import pytest
import regex
import typer

from review.cli.main import command_line
from review.cli.misuse import complaint, in_chinese

_MISUSE = typer.BadParameter.__mro__[1]


@pytest.mark.parametrize(
    "words",
    [
        "scan --format foo x",
        "scan --jobs",
        "scan --jobs x y",
        "scan --jbos 2 x",
        "scan --nothing-like-it x",
        "scan --quiet=1 x",
        "case submit",
        "case submit x.txt",
        "case shwo",
        "case zzzz",
        "case show 1 2 --as zhang",
        "case list --limit 0 --as li",
        "case answer 1 --answered-on xx --text a --document b --as li",
    ],
)
def test_wrong_usage_is_told_in_chinese(words: str) -> None:
    app = command_line(words.split(maxsplit=1)[0])
    with pytest.raises(_MISUSE) as caught:
        app(words.split(), standalone_mode=False)
    said = in_chinese(getattr(caught.value, "format_message")())  # noqa: B009 - typer exports no type that has it
    assert regex.match(r"\p{Han}|--", said), said
    assert not regex.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]", said), said


@pytest.mark.parametrize("words", ["", "gate", "case", "lexicon"])
def test_a_command_that_only_holds_others_asks_for_one_of_them(words: str) -> None:
    app = command_line(words)
    with pytest.raises(_MISUSE) as caught:
        app(words.split(), standalone_mode=False)
    said = complaint(getattr(caught.value, "format_message")())  # noqa: B009 - typer exports no type that has it
    assert said.startswith("请选择一个子命令")


def test_what_nobody_translated_is_not_lost() -> None:
    assert in_chinese("Something new.") == "Something new."
