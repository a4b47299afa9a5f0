"""A wrong policy file is refused with the very place and the whole sentence."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from review.case.policy_file import load_policy
from review.case.working_days import WorkingDays
from review.errors import PolicyError, UsageError
from tests.unit.case.making import check_sentence

_OWN = 'name: 云山政策\nversion: "2"\n'


_ROWS = [
    ("name: 云山政策\n", "1：version 缺少，请补上"),
    (
        _OWN + "zzqx: 1\n",
        "3：zzqx 没有这一项；审查的固定要求不能在这里改",
    ),
    (
        _OWN + "deadlines:\n  head: x\n",
        "4：deadlines.head 应写成不带引号的整数",
    ),
    (
        _OWN + "publication_required:\n  - website\n  - tv\n  - wechat\n",
        "5：publication_required 第2个 只能写 website、wechat、press、broadcast、exhibition、other",
    ),
    (
        _OWN + "own_days_off:\n  - x\n  - 2026-11-23\n",
        "4：own_days_off 第1个 日期应写成 2026-05-20",
    ),
    (
        _OWN + "sign_of: 5\n",
        "3：sign_of 没有这一项，是不是想写 deadlines.sign_off？",
    ),
    (
        'name: " 云山"\nversion: "2"\n',
        "1：name 不能有换行、首尾空格和看不见的字符",
    ),
    (
        _OWN + "leader_signs: {tiers: [work, work]}\n",
        "3：leader_signs.tiers 有重复，请删去多余的",
    ),
    (
        _OWN + "fast_lane: {head_approves: false}\n",
        "3：fast_lane.head_approves 是固定要求，不能关掉，只能写 true",
    ),
    (
        _OWN + "deadlines: {head: 010}\n",
        "3：deadlines.head 应写成普通的数字，例如 7",
    ),
    (
        _OWN + "own_days_off: [2026-02-30]\n",
        "3：own_days_off 第1个 没有这一天，日期应写成 2026-05-20",
    ),
    (
        _OWN + "repeat_check: true\nrepeat_check: true\n",
        "4：repeat_check 写了两次，请只留一处",
    ),
    (_OWN + "3: 4\n", "3：3 的名称应是文字"),
    (
        _OWN + "deadlines: &a {head: 2}\nfast_lane: *a\n",
        "4：fast_lane 不能用 & 和 * 引用别处，请写全",
    ),
    (
        _OWN + "fast_lane:\n  enabled: true\n  channels: []\n",
        "5：fast_lane.channels 至少要写一个渠道；不用快速办理就关掉 enabled",
    ),
]


@pytest.mark.parametrize(("text", "told"), _ROWS, ids=range(len(_ROWS)))
def test_the_place_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    assert caught.value.message == f"{path}:{told}"


def test_drafts_may_stay_exactly_as_long_as_a_clearance(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    own = "clearance_valid_days: 30\nretention_days: {cleared: 30}\n"
    path.write_text(_OWN + own, "utf-8")
    assert load_policy(path).retention_days.cleared == 30


def test_a_file_of_64_kb_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    own = _OWN.encode()
    whole = own + b"#" * (64 * 1024 - len(own))
    path.write_bytes(whole)
    assert load_policy(path).name == "云山政策"
    path.write_bytes(whole + b"#")
    with pytest.raises(PolicyError, match="超过 64 KB"):
        load_policy(path)


def test_working_days_say_in_chinese_what_they_want() -> None:
    days = WorkingDays()
    with pytest.raises(UsageError) as caught:
        days.add(date(2026, 11, 20), 0)
    check_sentence(caught.value.message + "。", "期限至少是 1 个工作日")
    assert caught.value.message.endswith("请改正办理期限")
    with pytest.raises(UsageError) as caught:
        days.is_working(datetime(2026, 11, 20, tzinfo=UTC))
    check_sentence(caught.value.message + "。", "这里要的是日期")
