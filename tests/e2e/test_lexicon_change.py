"""A word is added to a rule: proposed, previewed, activated by somebody else, found in drafts."""

import regex

from tests.e2e.college import College

_WORD = "虚构丁号方案"
_RULE = "拟提拔"


def test_a_word_is_added_by_two_people(college: College) -> None:
    before = college.submit(
        "启用之前", f"各部门要落实{_WORD}，按时报送材料，共三十份。\n"
    )
    assert not college.see(before)["rounds"][0]["report"]["findings"]
    proposer = college.window("li").go(f"/lexicons?q={_RULE}")
    proposer.find("#hits ~ .scroll tbody a").first.click()
    proposer.page.wait_for_url(lambda url: "rule=" in url)
    proposer.check().follow("提出改这条规则")
    proposer.page.wait_for_url(lambda url: "/lexicons/propose" in url)
    form = proposer.check().find("form[data-edits=add]")
    form.get_by_label("词语（一行一个）").fill(_WORD)
    form.get_by_label("分值").select_option(value="2")
    form.get_by_label("提出的理由").fill("单位内部方案的代称")
    form.get_by_role("button", name="提出加词").click()
    proposer.page.wait_for_url(
        lambda url: bool(regex.search(r"/lexicons/changes/(?!new)[^/]+$", url))
    )
    address = proposer.path
    # Every draft of the college is opened again for that, scans among them.
    proposer.sees(_WORD).press("预演").sees("格式正确，例文全部符合", seconds=240)
    # The case that it would flag stands there. Who proposed it can't activate it.
    proposer.sees(before).check()
    assert proposer.button("启用").count() == 0
    second = college.window("qian").go(address)
    second.page.on("dialog", lambda one: one.accept())
    second.press("启用").sees("启用中").check()
    after = college.submit(
        "启用之后", f"各部门要落实{_WORD}，按时报送材料，共三十份。\n"
    )
    found = college.see(after)["rounds"][0]["report"]["findings"]
    assert [one["detector"] for one in found if one["detector"] == "lexicon"]
