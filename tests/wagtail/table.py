"""The rows of the trial as a table for people."""

from typing import Any, Final

_STATES: Final = {
    "never": "没送审",
    "pending": "审查中",
    "cleared": "已通过",
    "changed": "改过",
    "revoked": "已撤销",
    "down": "闸口停",
    "slow": "闸口慢",
    "nonsense": "闸口乱答",
}


def table(rows: list[dict[str, Any]]) -> str:
    """Return three tables in Markdown: ways by state, changes, and what else was tried."""
    ways: dict[str, dict[str, str]] = {}
    for one in rows:
        if one["state"] in _STATES:
            ways.setdefault(one["way"], {})[one["state"]] = _word(one)
    lines = [f"| 路径 | {' | '.join(_STATES.values())} |", "| --- " * 9 + "|"]
    lines += [
        f"| {way} | {' | '.join(found.get(one, '') for one in _STATES)} |"
        for way, found in ways.items()
    ]
    lines += [
        "",
        "| 已公开后的改动 | 没有审的看得见吗 | 原来的版本 |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {one['way'].split('：', 1)[1]} | {'**看得见**' if one['note'] else '看不见'} "
        f"| {'照常' if one['shown'] else '一并撤下（404）'} |"
        for one in rows
        if one["state"] == "altered"
    ]
    lines += ["", "| 其他 | 结果 |", "| --- | --- |"]
    lines += [
        f"| {one['way']} | {'通过' if one['shown'] else '**没有通过**'} |"
        for one in rows
        if not one["state"]
    ]
    return "\n".join(lines)


def _word(one: dict[str, Any]) -> str:
    said = "公开" if one["shown"] else "拦住"
    return (
        said if one["shown"] == one["wanted"] and not one["note"] else f"**{said}？**"
    )
