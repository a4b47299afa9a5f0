"""What is wrong with a request's fields, in Chinese, without quoting what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

_SAID: Final[Mapping[str, str]] = {
    "missing": "必填",
    "extra_forbidden": "没有这一项，请删去",
    "string_too_short": "太短，至少 {min_length} 个字",
    "string_too_long": "太长，最多 {max_length} 个字",
    "string_type": "应是文字",
    "string_pattern_mismatch": "写法不对",
    "int_type": "应是整数",
    "int_parsing": "应是整数",
    "int_from_float": "应是整数",
    "bool_type": "应是“是”或“否”（true 或 false）",
    "bool_parsing": "应是“是”或“否”（true 或 false）",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不应小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不应大于 {le}",
    "literal_error": "只能是 {expected}",
    "enum": "只能是 {expected}",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "json_invalid": "不是合格的 JSON",
    "json_type": "应是 JSON",
    "model_attributes_type": "应是一个 JSON 对象",
    "dict_type": "应是一个 JSON 对象",
    "list_type": "应是列表",
    "tuple_type": "应是列表",
    "timezone_aware": "时间没有写明时区，请带上，例如 +08:00",
}
_DATES: Final = "日期或时间的写法不对，例如 2026-11-22 或 2026-11-22T09:15:00+08:00"
_OTHER: Final = "写法不对"
_PLACES: Final = frozenset({"body", "query", "path", "header", "cookie"})


def faults(found: Iterable[Mapping[str, Any]]) -> Sequence[Mapping[str, str]]:
    """Return for each fault the place, the field and a Chinese sentence."""
    return [_fault(one) for one in found]


def _fault(one: Mapping[str, Any]) -> Mapping[str, str]:
    places = [str(each) for each in one["loc"]]
    place = places[0] if places and places[0] in _PLACES else "body"
    field = ".".join(places[1:] if places and places[0] in _PLACES else places)
    return {"in": place, "field": field, "message": _said(one)}


def _said(one: Mapping[str, Any]) -> str:
    kind, context = str(one["type"]), one.get("ctx", {})
    if kind == "value_error":
        return str(context.get("error", _OTHER))
    if kind.startswith(("date", "time")) and kind not in _SAID:
        return _DATES
    try:
        return _SAID.get(kind, _OTHER).format(**context).replace(" or ", "、")
    except KeyError:
        return _OTHER
