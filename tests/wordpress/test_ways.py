"""Every way of publishing, in every state of the review: through when cleared, else not."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.wordpress.desk import Desk
from tests.wordpress.gate import Mode
from tests.wordpress.ways import FIRST, LATER, Change, Way

_TABLE: Final = "XIANSHEN_TEST_TABLE"
_STATES: Final = (
    "没有送审",
    "正在审查",
    "审过又改",
    "闸口停机",
    "闸口超时",
    "闸口乱答",
    "许可撤销",
    "审查通过",
)
_SHUT: Final[tuple[tuple[str, Mode], ...]] = (
    ("闸口停机", "down"),
    ("闸口超时", "slow"),
    ("闸口乱答", "nonsense"),
)


class Results:
    """What became of each try, as the table shows it."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, str]] = {}

    def note(self, way: Way, state: str, *, out: bool) -> None:
        self.rows.setdefault(way.name, {})[state] = "公开" if out else "拦住"

    def table(self) -> str:
        lines = ["| 路径 | " + " | ".join(_STATES) + " |", "| --- " * 9 + "|"]
        for name, found in self.rows.items():
            said = (found.get(one, "") for one in _STATES)
            lines.append(f"| {name} | " + " | ".join(said) + " |")
        return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def results() -> Iterator[Results]:
    found = Results()
    yield found
    file = os.environ.get(_TABLE)  # noqa: TID251 - how the tests run
    if file:
        Path(file).write_text(found.table(), "utf-8")


class Trial:
    """One post on one way, from state to state."""

    def __init__(self, desk: Desk, results: Results, way: Way, number: int) -> None:
        self.desk, self.results, self.way, self.number = desk, results, way, number

    def blocked(self, state: str, change: Change, words: str) -> None:
        """Try in a state in which it may not go out: nothing does, nothing is lost."""
        desk, way = self.desk, self.way
        if desk.gate.mode == "slow":
            desk.choose(timeout=1)
        told = way.do(desk, self.number, change)
        if desk.gate.mode == "slow":
            desk.choose(timeout=30)
        out = desk.is_public(self.number, words)
        self.results.note(way, state, out=out)
        assert not out, f"{way.name}, {state}: went out"
        assert not way.tells or "没有发布" in told, f"{state}: told {told[:500]!r}"
        kept = words
        if "thumbnail" in change:
            kept = f'"thumbnail":{change["thumbnail"]},'
        assert not way.keeps or desk.is_kept(self.number, kept), f"{state}: lost"

    def through(self, change: Change, words: str) -> None:
        """Try when exactly this is cleared: it goes out."""
        told = self.way.do(self.desk, self.number, change)
        out = self.desk.is_public(self.number, words)
        self.results.note(self.way, "审查通过", out=out)
        assert out, told[-3000:]


@pytest.mark.parametrize("way", FIRST, ids=lambda one: one.name)
def test_a_post_goes_out_only_as_it_was_cleared(
    desk: Desk, results: Results, way: Way
) -> None:
    number = desk.draft(post_status=way.before)
    words, text = desk.names[number], desk.row(number)["post_content"]
    trial = Trial(desk, results, way, number)

    def again(content: str = text) -> None:
        desk.site.run(
            "wp_update_post(wp_slash(array('ID' => $id, 'post_status' => $status,"
            " 'post_date' => current_time('mysql'), 'post_content' => $text)));",
            id=number,
            status=way.before,
            text=content,
        )

    trial.blocked("没有送审", {}, words)
    again()
    case = desk.submit(number)
    trial.blocked("正在审查", {}, words)
    again()
    desk.gate.clear(case)
    again(f"{text}<p>后来加的一句。</p>")
    trial.blocked("审过又改", {}, words)
    for state, mode in _SHUT:
        again()
        with desk.gate.being(mode):
            trial.blocked(state, {}, words)
    again()
    desk.gate.revoke(case)
    trial.blocked("许可撤销", {}, words)
    again()
    assert desk.cleared(number) == case
    trial.through({}, words)


@pytest.mark.parametrize("way", LATER, ids=lambda one: one.name)
def test_a_public_post_changes_only_to_what_was_cleared(
    desk: Desk, results: Results, way: Way
) -> None:
    number = desk.published()
    before = desk.names[number]
    change, words = _change(desk, number, way, "新")
    other, other_words = _change(desk, number, way, "另")
    trial = Trial(desk, results, way, number)

    def blocked(state: str, change: Change, words: str) -> None:
        if not desk.is_public(number, before):
            _put_back(desk, number, before)
        with desk.gate.being(dict(_SHUT).get(state, "open")):
            trial.blocked(state, change, words)
        if way.keeps:
            assert desk.is_public(number, before), (
                f"{state}: the public version is gone"
            )

    blocked("没有送审", change, words)
    case = _propose(desk, number, change)
    blocked("正在审查", change, words)
    desk.gate.clear(case)
    blocked("审过又改", other, other_words)
    for state, _ in _SHUT:
        blocked(state, change, words)
    desk.gate.revoke(case)
    blocked("许可撤销", change, words)
    assert _propose(desk, number, change) == case
    desk.gate.clear(case)
    trial.through(change, words)


def _change(desk: Desk, number: int, way: Way, mark: str) -> tuple[Change, str]:
    """Return what a way writes, and by which words readers would know it."""
    row = desk.row(number)
    if way.change == "thumbnail":
        name = f"{'new' if mark == '新' else 'other'}-{number}"
        picture = desk.picture(f"{name}.png", int(mark == "另"))
        return {"thumbnail": str(picture)}, name
    if way.change == "slug":
        return {"slug": f"{'new' if mark == '新' else 'other'}-{number}"}, (
            f"{'new' if mark == '新' else 'other'}-{number}"
        )
    words = f"{mark}写的第{number}句"
    if way.change == "content":
        return {"content": f"{row['post_content']}<p>{words}。</p>"}, words
    if way.change == "title":
        return {"title": f"{row['post_title']}，{words}"}, words
    return {way.change: words}, words


def _propose(desk: Desk, number: int, change: Change) -> str:
    """Hand in the changed text of a public post; return the case's number."""
    desk.site.run(
        "$offer = Xianshen\\offer_of_post(get_post($id));"
        "foreach ($change as $name => $value) {"
        " if ('subtitle' === $name) $offer['fields'][$name] = $value;"
        " else $offer[$name] = 'thumbnail' === $name ? (int) $value : $value; }"
        "Xianshen\\keep_proposal($offer);",
        id=number,
        change=change,
    )
    return desk.submit(number)


def _put_back(desk: Desk, number: int, words: str) -> None:
    """Publish anew what was taken down, as it was cleared."""
    desk.site.run(
        "delete_post_meta($id, '_xianshen_proposal');"
        "wp_update_post(wp_slash(array('ID' => $id, 'post_status' => 'publish',"
        " 'post_content' => $text)));",
        id=number,
        text=f"<p>{words}昨日在田径场举行，各班同学踊跃参加。</p>",
    )
    assert desk.is_public(number, words)
