"""Says in Chinese what was wrong with a command's options and arguments.

The library that reads them says it in English; what it says of an option that
nobody has translated here is handed on as it is rather than lost.
"""

from collections.abc import Sequence
from typing import Final

import regex

_SAYINGS: Final[Sequence[tuple[str, str]]] = (
    (r"Missing option '(.+)'\.(?: .*)?", r"缺少选项 \1。"),
    (r"Missing argument '(.+)'\.(?: .*)?", r"缺少参数 \1。"),
    (
        r"No such option: (\S+) \(Possible options: (.+)\)",
        r"没有选项 \1；是不是 \2？",
    ),
    (r"No such option: (\S+)", r"没有选项 \1。"),
    (r"No such command '(.+?)'\. Did you mean (.+)\?", r"没有命令 \1；是不是 \2？"),
    (r"No such command '(.+)'\.", r"没有命令 \1。"),
    (r"Missing command\.", "没有写命令。"),
    (r"Got unexpected extra argument(?:\(s\)|s)? \((.+)\)", r"多出来的参数：\1。"),
    (r"Option '(.+)' requires an argument\.", r"选项 \1 后面要写内容。"),
    (
        r"Option '(.+)' requires (\d+) arguments\.",
        r"选项 \1 后面要写 \2 项内容。",
    ),
    (r"Option '(.+)' does not take a value\.", r"选项 \1 后面不写内容。"),
    (
        r"Invalid value for '(.+?)': (.+) is not in the range (.+)\.",
        r"\1 不能是 \2，范围是 \3。",
    ),
    (
        r"Invalid value for '(.+?)': '(.*)' is not one of (.+)\.",
        r"\1 不能是“\2”，可以写 \3。",
    ),
    (
        r"Invalid value for '(.+?)': '(.*)' does not match the formats? .+\.",
        r"\1 不能是“\2”，日期请写成 2026-01-31 这样。",
    ),
    (
        r"Invalid value for '(.+?)': '(.*)' is not a valid int(?:eger|(?:eger)? range)\.",
        r"\1 不能是“\2”，请写整数。",
    ),
)


def complaint(said: str) -> str:
    """Return the line that ends a command which was called wrongly."""
    if not said.strip():
        # A command that only holds others was called alone: the library has just
        # printed its help, and says nothing more.
        return "请选择一个子命令：有哪些，见上面的列表。"
    return f"用法不对：{in_chinese(said)}（加 --help 查看用法）"


def in_chinese(said: str) -> str:
    """Return what the library says about wrong usage, in Chinese where it is known."""
    for pattern, words in _SAYINGS:
        found = regex.fullmatch(pattern, said, regex.DOTALL)
        if found:
            return found.expand(words)
    return said
