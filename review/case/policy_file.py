"""Reads an office's policy file, laid over the shipped one.

What the office's file leaves out stands as `default_policy.yaml` has it; a list
that it gives replaces the shipped list. A wrong file is refused as a whole, with
the line and what would be right: half a policy must never be in force.
"""

import difflib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
)

from review.case.policy import (
    Deadlines,
    FastLane,
    FastLaneSeverity,
    LeaderSigns,
    MarkingIncident,
    Policy,
    Retention,
)
from review.case.values import Channel
from review.detect.interface import Tier
from review.errors import PolicyError

_SHIPPED: Final = Path(__file__).with_name("default_policy.yaml")
_MOST_BYTES: Final = 64 * 1024
# What an office must say itself: whose policy it is, and which version.
_OWN: Final = ("name", "version")
_YAML_STR: Final = "tag:yaml.org,2002:str"
_YAML_INT: Final = "tag:yaml.org,2002:int"
_YAML_DATE: Final = "tag:yaml.org,2002:timestamp"

_Place: TypeAlias = tuple[int | str, ...]


def _printable(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise ValueError("不能有换行、首尾空格和看不见的字符")
    return text


def _without_repeats(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) < len(values):
        raise ValueError("有重复，请删去多余的")
    return values


def _in_order(days: tuple[date, ...]) -> tuple[date, ...]:
    return tuple(sorted(_without_repeats(days)))


def _as_day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("日期应写成 2026-05-20") from None


def _fixed(value: bool) -> bool:  # noqa: FBT001 - pydantic calls it with the value alone
    if not value:
        raise ValueError("是固定要求，不能关掉，只能写 true")
    return value


_Step = Annotated[int, Field(strict=True, ge=1, le=60)]
_Wait = Annotated[int, Field(strict=True, ge=1, le=120)]
_Kept = Annotated[int, Field(strict=True, ge=0, le=3650)]
_Channels = Annotated[tuple[Channel, ...], AfterValidator(_without_repeats)]
_Day = Annotated[date, BeforeValidator(_as_day)]
_Days = Annotated[tuple[_Day, ...], AfterValidator(_in_order)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Deadlines(_Strict):
    first_pass: _Step
    head: _Step
    sign_off: _Step
    leader: _Step
    answer: _Wait
    rework: _Wait


class _FastLane(_Strict):
    enabled: StrictBool
    channels: _Channels
    most_severe: FastLaneSeverity
    head_approves: Annotated[StrictBool, AfterValidator(_fixed)]


class _LeaderSigns(_Strict):
    channels: _Channels
    tiers: Annotated[tuple[Tier, ...], AfterValidator(_without_repeats)]
    after_answer: StrictBool


class _Retention(_Strict):
    cleared: _Kept
    refused: _Kept
    withdrawn: _Kept


class _PolicyFile(_Strict):
    name: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_printable)]
    version: Annotated[
        str, Field(min_length=1, max_length=30), AfterValidator(_printable)
    ]
    deadlines: _Deadlines
    clearance_valid_days: Annotated[int, Field(strict=True, ge=1, le=730)]
    publication_required: _Channels
    fast_lane: _FastLane
    head_must_endorse: StrictBool
    leader_signs: _LeaderSigns
    marking_incident: MarkingIncident
    incident_report_hours: Annotated[int, Field(strict=True, ge=1, le=24)]
    retention_days: _Retention
    repeat_check: StrictBool
    own_days_off: _Days
    own_working_days: _Days


def load_policy(path: Path | None = None) -> Policy:
    """Return the policy of an office's file, or the shipped one.

    Raises:
        PolicyError: The file is missing, is not YAML, or asks for something that
            does not exist or is not allowed; file and line are named.
    """
    shipped = _read(_SHIPPED)
    if path is None:
        return _checked(shipped, shipped.values)
    own = _read(path)
    base = {key: value for key, value in shipped.values.items() if key not in _OWN}
    return _checked(own, _laid_over(base, own.values))


class _File:
    """A policy file as it was read: its values, and the nodes that know their lines."""

    def __init__(self, path: Path, node: yaml.Node | None) -> None:
        self.path = path
        self.node = node
        self.values: Any = None

    def error(self, place: _Place, problem: str) -> PolicyError:
        """Return the error that names `place` and the line of it or its parent."""
        named = ".".join(part for part in place if isinstance(part, str))
        counted = "".join(f" 第{part + 1}个" for part in place if isinstance(part, int))
        line = _line(self.node, place)
        return PolicyError(f"{self.path}:{line}：{named}{counted} {problem}")


def _read(path: Path) -> _File:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise PolicyError(
            f"读不了审查政策文件 {path}，请检查设置 XIANSHEN_POLICY_FILE 和文件权限"
        ) from error
    if len(data) > _MOST_BYTES:
        raise PolicyError(f"{path}：超过 64 KB，不像审查政策文件，请检查是否指错了文件")
    try:
        return _parse(path, data)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyError(
            f"{path}:{line}：不是合格的 YAML，请检查这一行和上一行的缩进、冒号、引号"
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise PolicyError(
            f"{path}：不是合格的 YAML，请存为 UTF-8 编码，并对照出厂默认文件检查"
        ) from error


def _parse(path: Path, data: bytes) -> _File:
    loader = yaml.SafeLoader(data)
    try:
        node = loader.get_single_node()
        file = _File(path, node)
        if not isinstance(node, yaml.MappingNode):
            raise PolicyError(
                f"{path}:1：里面应是一行一项的“名称: 值”，可照出厂默认文件的样子写"
            )
        _refuse_traps(file)
        file.values = loader.construct_document(node)
        return file
    finally:
        loader.dispose()


def _refuse_traps(file: _File) -> None:
    """Refuse what YAML takes in silence: a name given twice, 010 for eight, loops."""
    seen: set[int] = set()
    for place, node in _nodes(file.node, ()):
        if id(node) in seen:
            raise file.error(place, "不能用 & 和 * 引用别处，请写全")
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            _refuse_bad_names(file, place, [key for key, _ in node.value])
        elif node.tag == _YAML_INT and str(node.value) != str(_decimal(node.value)):
            raise file.error(place, "应写成普通的数字，例如 7")
        elif node.tag == _YAML_DATE and not _is_day(node.value):
            raise file.error(place, "没有这一天，日期应写成 2026-05-20")


def _refuse_bad_names(file: _File, place: _Place, names: list[yaml.Node]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.tag != _YAML_STR:
            raise file.error((*place, name.value), "的名称应是文字")
        if name.value in seen:
            raise file.error((*place, name.value), "写了两次，请只留一处")
        seen.add(name.value)


def _decimal(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _nodes(node: Any, place: _Place) -> Iterator[tuple[_Place, Any]]:
    yield place, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _nodes(value, (*place, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _nodes(value, (*place, index))


def _line(node: Any, place: _Place) -> int:
    """Return the line where `place` stands in the file, or else what would hold it."""
    line = 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            pairs = [pair for pair in node.value if pair[0].value == part]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            pairs = [(one, one) for one in node.value[part : part + 1]]
        else:
            pairs = []
        if not pairs:
            break
        shown, node = pairs[-1]
        line = shown.start_mark.line + 1
    return line


def _laid_over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    both = {
        key: _laid_over(base[key], value)
        for key, value in own.items()
        if isinstance(value, dict) and isinstance(base.get(key), dict)
    }
    return {**base, **own, **both}


def _checked(file: _File, values: Mapping[str, Any]) -> Policy:
    try:
        checked = _PolicyFile.model_validate(values)
    except ValidationError as error:
        # A misspelt name first: what is missing is often only the other side of it.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise file.error(first["loc"], _in_chinese(first)) from None
    policy = _policy(checked)
    for place, problem in _contradictions(policy):
        raise file.error(place, problem)
    return policy


def _policy(file: _PolicyFile) -> Policy:
    values = file.model_dump()
    return Policy(
        **{
            **values,
            "deadlines": Deadlines(**values["deadlines"]),
            "fast_lane": FastLane(**values["fast_lane"]),
            "leader_signs": LeaderSigns(**values["leader_signs"]),
            "retention_days": Retention(**values["retention_days"]),
        }
    )


def _contradictions(policy: Policy) -> Iterator[tuple[_Place, str]]:
    both = set(policy.own_days_off) & set(policy.own_working_days)
    if both:
        yield ("own_working_days",), f"里的 {min(both)} 又列为休息日，请只留一处"
    if policy.retention_days.cleared < policy.clearance_valid_days:
        valid = f"不得短于公开许可的有效期 {policy.clearance_valid_days} 天"
        yield ("retention_days", "cleared"), f"{valid}，否则发布时没有原稿可以核对"
    if policy.fast_lane.enabled:
        if not policy.fast_lane.channels:
            yield (
                ("fast_lane", "channels"),
                "至少要写一个渠道；不用快速办理就关掉 enabled",
            )
        for channel in policy.fast_lane.channels:
            if channel in policy.leader_signs.channels:
                yield (
                    ("fast_lane", "channels"),
                    f"里的 {channel} 又列为须分管领导签署（leader_signs），请只留一处",
                )


_MEANINGS: Final[Mapping[str, str]] = {
    "missing": "缺少，请补上",
    "int_type": "应写成不带引号的整数",
    "bool_type": "应写成 true 或 false",
    "string_type": "应是文字，请加上引号",
    "string_unicode": "有看不见的字符",
    "string_too_short": "不能空着",
    "string_too_long": "太长，请写短一些",
    "tuple_type": "应写成列表，例如 [website, wechat]；没有就写 []",
    "model_type": "下面应缩进，一行一项",
    "greater_than_equal": "太小，最小是 {ge}",
    "less_than_equal": "太大，最大是 {le}",
    "literal_error": "只能写 {expected}",
    "value_error": "{error}",
}


def _in_chinese(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        near = _nearest(str(error["loc"][-1]))
        return f"没有这一项{near or '；审查的固定要求不能在这里改'}"
    context = dict(error.get("ctx", {}))
    if "expected" in context:
        words = str(context["expected"]).replace("'", "")
        context["expected"] = words.replace(", ", "、").replace(" or ", "、")
    meaning = _MEANINGS.get(error["type"], "写法不对，请对照出厂默认文件")
    return meaning.format(**context)


def _nearest(name: str) -> str:
    full = dict(_names(_PolicyFile))
    close = difflib.get_close_matches(name, full, n=1)
    return f"，是不是想写 {full[close[0]]}？" if close else ""


def _names(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, str]]:
    """Yield each name that a policy file may hold, with the way to it."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _names(inner, f"{above}{name}.")
        yield name, f"{above}{name}"
