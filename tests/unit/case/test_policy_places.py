"""A wrong policy file is refused with the very place: line, name, number in the list."""

from pathlib import Path

import pytest

from review.case.policy_file import load_policy
from review.errors import PolicyError

_OWN = 'name: 云山政策\nversion: "2"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
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
    ],
)
def test_the_place_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    assert caught.value.message == f"{path}:{told}"
