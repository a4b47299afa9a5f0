"""The shipped policy, an office's file over it, and what no file can ask for."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from review import digests
from review.case.policy import (
    Deadlines,
    FastLane,
    LeaderSigns,
    Policy,
    Retention,
)
from review.case.policy_file import load_policy
from review.case.values import Channel
from review.detect.interface import Tier
from review.errors import PolicyError

_SHIPPED = Path(__file__).parents[3] / "review" / "case" / "default_policy.yaml"
_OWN = "name: 云山职业学院审查政策\nversion: '3'\n"

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(text: str) -> Path:
        path = tmp_path / "policy.yaml"
        path.write_text(text, "utf-8")
        return path

    return _write


# --- the shipped policy ---


def test_the_shipped_policy_is_as_the_contract_and_the_manual_say():
    assert load_policy() == Policy(
        name="出厂默认政策",
        version="1",
        deadlines=Deadlines(
            first_pass=3, head=2, sign_off=7, leader=3, answer=20, rework=15
        ),
        clearance_valid_days=180,
        publication_required=("website", "wechat"),
        fast_lane=FastLane(
            enabled=False, channels=("website", "wechat"), most_severe="notice"
        ),
        head_must_endorse=False,
        leader_signs=LeaderSigns(
            channels=("press", "broadcast"), tiers=("state",), after_answer=False
        ),
        marking_incident="seal",
        incident_report_hours=24,
        retention_days=Retention(cleared=1095, refused=365, withdrawn=90),
        repeat_check=True,
        own_days_off=(),
        own_working_days=(),
    )


def test_the_shipped_file_states_every_field_and_explains_each():
    text = _SHIPPED.read_text("utf-8")
    lines = text.splitlines()

    assert set(yaml.safe_load(text)) == {one.name for one in fields(Policy)}
    for one in fields(Policy):
        at = next(n for n, line in enumerate(lines) if line.startswith(f"{one.name}:"))
        above = [line for line in lines[max(at - 2, 0) : at] if line.startswith("#")]
        assert above or one.name in {"version", "own_working_days"}, one.name


# --- an office's own file ---


def test_what_a_file_leaves_out_stays_as_shipped(write: Write):
    path = write(_OWN + "deadlines:\n  sign_off: 5\nleader_signs: {channels: []}\n")

    shipped = load_policy()

    assert load_policy(path) == replace(
        shipped,
        name="云山职业学院审查政策",
        version="3",
        deadlines=replace(shipped.deadlines, sign_off=5),
        leader_signs=replace(shipped.leader_signs, channels=()),
    )


def test_own_days_reach_the_calendar(write: Write):
    path = write(
        _OWN
        + "own_days_off: [2026-11-25, '2026-11-23']\nown_working_days: [2026-11-22]\n"
    )

    policy = load_policy(path)

    assert policy.own_days_off == (date(2026, 11, 23), date(2026, 11, 25))
    assert policy.working_days.is_working(date(2026, 11, 22))
    assert policy.working_days.add(date(2026, 11, 22), 2) == date(2026, 11, 26)


def test_the_fast_lane_can_be_opened(write: Write):
    lane = load_policy(
        write(
            _OWN
            + "fast_lane: {enabled: true, channels: [website], most_severe: none}\n"
        )
    ).fast_lane

    assert lane == FastLane(enabled=True, channels=("website",), most_severe="none")
    assert lane.head_approves is True


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        # Names that do not exist, among them the safeguards.
        ("sign_of: 5\n", 3, "deadlines.sign_off"),
        ("deadlines:\n  signoff: 5\n", 4, "deadlines.sign_off"),
        ("skip_scan: true\n", 3, "固定要求"),
        ("auto_clear_when_overdue: true\n", 3, "没有这一项"),
        ("fast_lane:\n  enabled: true\n  allow_gaps: true\n", 5, "没有这一项"),
        ("deadlines:\n  sign_off: 7\n  auto: true\n", 5, "没有这一项"),
        # A safeguard that cannot be switched off, only written out.
        ("fast_lane:\n  head_approves: false\n", 4, "固定要求"),
        ("fast_lane:\n  most_severe: review\n", 4, "只能写 none、notice"),
        ("fast_lane:\n  most_severe: block\n", 4, "只能写 none、notice"),
        ("marking_incident: ignore\n", 3, "只能写 seal、purge"),
        # Ranges.
        ("deadlines:\n  head: 2\n  sign_off: 0\n", 5, "最小是 1"),
        ("deadlines:\n  sign_off: 61\n", 4, "最大是 60"),
        ("deadlines:\n  answer: 121\n", 4, "最大是 120"),
        ("clearance_valid_days: 0\n", 3, "最小是 1"),
        ("clearance_valid_days: 731\n", 3, "最大是 730"),
        ("incident_report_hours: 25\n", 3, "最大是 24"),
        ("incident_report_hours: 0\n", 3, "最小是 1"),
        ("retention_days: {refused: 3651}\n", 3, "最大是 3650"),
        # Kinds of value.
        ("deadlines: {sign_off: '7'}\n", 3, "整数"),
        ("deadlines: {sign_off: 7.5}\n", 3, "整数"),
        ("deadlines: {sign_off: true}\n", 3, "整数"),
        ("deadlines: {sign_off:}\n", 3, "整数"),
        ("deadlines: {sign_off: 010}\n", 3, "普通的数字"),
        ("deadlines: {sign_off: 0x10}\n", 3, "普通的数字"),
        ("deadlines: {sign_off: 1:30}\n", 3, "普通的数字"),
        ("deadlines: {sign_off: -1}\n", 3, "普通的数字"),
        ("deadlines: 7\n", 3, "缩进"),
        ("deadlines:\n", 3, "缩进"),
        ("repeat_check: 1\n", 3, "true 或 false"),
        ("repeat_check: 'no'\n", 3, "true 或 false"),
        ("head_must_endorse:\n", 3, "true 或 false"),
        ("publication_required: website\n", 3, "列表"),
        ("publication_required: [website, tv]\n", 3, "只能写 website、"),
        ("publication_required: [website, website]\n", 3, "重复"),
        ("leader_signs: {tiers: [secret]}\n", 3, "只能写 state、"),
        ("own_days_off: [2026-11-23, 2026-11-23]\n", 3, "重复"),
        ("own_days_off:\n  - 2026-11-23\n  - 2026-02-30\n", 5, "没有这一天"),
        ("own_days_off: [2026-11-23 10:00:00]\n", 3, "2026-05-20"),
        ("own_days_off: ['11月23日']\n", 3, "2026-05-20"),
        ("own_days_off: [20261123]\n", 3, "2026-05-20"),
        # What contradicts itself.
        (
            "own_days_off: [2026-11-23]\nown_working_days: [2026-11-23]\n",
            4,
            "2026-11-23",
        ),
        ("clearance_valid_days: 400\nretention_days:\n  cleared: 399\n", 5, "400"),
        ("fast_lane:\n  enabled: true\n  channels: []\n", 5, "至少"),
        ("fast_lane:\n  enabled: true\n  channels: [press]\n", 5, "press"),
        # YAML that says something twice, or nothing.
        ("repeat_check: true\nrepeat_check: false\n", 4, "写了两次"),
        ("deadlines:\n  head: 2\n  head: 3\n", 5, "写了两次"),
        ("deadlines: {head: 2\n", 4, "YAML"),
        ("deadlines:\n head: 2\n  leader: 3\n", 5, "YAML"),
        ("x: !!python/object:os.system {}\n", 3, "YAML"),
        ("3: 4\n", 3, "应是文字"),
        ("deadlines:\n  <<: {head: 4}\n", 4, "应是文字"),
    ],
)
def test_a_wrong_file_is_refused_by_line(write: Write, text: str, line: int, says: str):
    path = write(_OWN + text)

    with pytest.raises(PolicyError) as caught:
        load_policy(path)

    assert caught.value.code == "policy"
    assert caught.value.message.startswith(f"{path}:{line}：")
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "名称: 值"),
        ("# 只有说明\n", "名称: 值"),
        ("- name\n", "名称: 值"),
        ("一段话\n", "名称: 值"),
        ("version: '3'\n", "name 缺少"),
        ("name: 本院政策\n", "version 缺少"),
        ("nam: 本院政策\nversion: '3'\n", "是不是想写 name"),
        ("name: 本院政策\nversion: 3\n", "加上引号"),
        ("name: 本院政策\nversion: 2026-11-22\n", "加上引号"),
        ("name: ''\nversion: '3'\n", "不能空着"),
        ("name: ' 政策'\nversion: '3'\n", "空格"),
        ("name: \"政\\n策\"\nversion: '3'\n", "换行"),
        ("name: \"\\uD800\"\nversion: '3'\n", "看不见的字符"),
        (f"name: {'长' * 61}\nversion: '3'\n", "太长"),
        (_OWN + f"x: {'[' * 1500}\n", "YAML"),
        (_OWN + "deadlines: &a {head: *a}\n", "引用"),
        (_OWN + "x: &a [1]\ny: [*a, *a]\n", "引用"),
        (_OWN + "# " + "长" * 30_000, "64 KB"),
        (_OWN + "x: \x07\n", "YAML"),
    ],
)
def test_what_is_no_policy_is_refused(write: Write, text: str, says: str):
    with pytest.raises(PolicyError, match=says):
        load_policy(write(text))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path):
    path = tmp_path / "policy.yaml"
    path.write_bytes("name: 政策".encode("gb18030"))
    with pytest.raises(PolicyError, match="UTF-8"):
        load_policy(path)


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str):
    with pytest.raises(PolicyError, match="XIANSHEN_POLICY_FILE"):
        load_policy(tmp_path / name)


# --- laws ---

_CHANNELS = st.lists(st.sampled_from(get_args(Channel)), unique=True).map(tuple)
_TIERS = st.lists(st.sampled_from(get_args(Tier)), unique=True).map(tuple)
_NAMES = st.text(
    st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=30
)
_STEPS = st.integers(1, 60)
_KEPT = st.integers(0, 3650)


@st.composite
def _policies(draw: st.DrawFn) -> Policy:
    leader = draw(
        st.builds(
            LeaderSigns, channels=_CHANNELS, tiers=_TIERS, after_answer=st.booleans()
        )
    )
    lane = draw(
        st.builds(
            FastLane,
            enabled=st.booleans(),
            channels=_CHANNELS,
            most_severe=st.sampled_from(("none", "notice")),
        )
    )
    if not lane.channels or set(lane.channels) & set(leader.channels):
        lane = replace(lane, enabled=False)
    valid = draw(st.integers(1, 730))
    days = draw(st.sets(st.dates(), max_size=6))
    worked = draw(st.sets(st.sampled_from(sorted(days)))) if days else set()
    return Policy(
        name=draw(_NAMES),
        version=draw(_NAMES),
        deadlines=draw(
            st.builds(
                Deadlines,
                first_pass=_STEPS,
                head=_STEPS,
                sign_off=_STEPS,
                leader=_STEPS,
                answer=st.integers(1, 120),
                rework=st.integers(1, 120),
            )
        ),
        clearance_valid_days=valid,
        publication_required=draw(_CHANNELS),
        fast_lane=lane,
        head_must_endorse=draw(st.booleans()),
        leader_signs=leader,
        marking_incident=draw(st.sampled_from(("seal", "purge"))),
        incident_report_hours=draw(st.integers(1, 24)),
        retention_days=draw(
            st.builds(
                Retention,
                cleared=st.integers(valid, 3650),
                refused=_KEPT,
                withdrawn=_KEPT,
            )
        ),
        repeat_check=draw(st.booleans()),
        own_days_off=tuple(sorted(days - worked)),
        own_working_days=tuple(sorted(worked)),
    )


@settings(max_examples=80)
@given(policy=_policies())
def test_a_file_can_say_all_that_a_policy_is(
    tmp_path_factory: pytest.TempPathFactory, policy: Policy
):
    path = tmp_path_factory.mktemp("policies") / "policy.yaml"
    path.write_text(yaml.safe_dump(policy.content), "utf-8")

    read = load_policy(path)

    assert read == policy
    assert read.digest == policy.digest


@settings(max_examples=60)
@given(_policies(), _policies())
def test_the_digest_tells_policies_apart(one: Policy, other: Policy):
    assert (one.digest == other.digest) == (one == other)


def _other(value: object) -> Any:
    """Return another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case ():
            return (date(2026, 11, 23),)
        case _:
            return ()


def _changed(value: Any) -> list[Any]:
    """Return the value with each of its fields changed, one at a time."""
    changed = []
    for one in fields(value):
        part = getattr(value, one.name)
        parts = _changed(part) if is_dataclass(part) else [_other(part)]
        changed += [replace(value, **{one.name: inner}) for inner in parts]
    return changed


def test_the_digest_changes_with_every_field():
    policy = load_policy()
    changed = _changed(policy)

    assert len(changed) == 10 + sum(
        len(fields(one)) for one in (Deadlines, FastLane, LeaderSigns, Retention)
    )
    assert len({one.digest for one in [policy, *changed]}) == len(changed) + 1


def test_the_digest_is_of_the_content_not_of_the_layout(write: Write):
    plain = load_policy(write(_OWN))
    text = "# 说明\nversion: '3'\n\nname:   云山职业学院审查政策   # 旁注\n"

    assert load_policy(write(text)).digest == plain.digest
    assert plain.digest == digests.of_json(plain.content)
