"""What must hold at the end, asked of the records and of what people were told."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import psycopg

from deploy.hosts.machines import Machine
from deploy.hosts.servers import url
from deploy.hosts.stories import Asked, Item, Office

# Between the stamp of a commit and the moment from which others see it.
_FLUSH = 2.0


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry of the record: of which case, what, and when it was committed."""

    case: str | None
    kind: str
    committed: float


@dataclass
class Verdict:
    """What was looked at, a line each, and what was wrong."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    # Of each item: when it was handed in, when the machine's report was there.
    scans: list[tuple[float, float]] = field(default_factory=list)

    def look(self, what: str, seen: str, wrong: Sequence[str] = ()) -> None:
        """Keep what was seen, and what should not have been."""
        self.lines.append((what, seen))
        self.wrong += [f"{what}：{one}" for one in wrong]


def judged(office: Office, database: str) -> Verdict:
    """Hold the records against what people were told."""
    verdict = Verdict(wrong=list(office.problems))
    with psycopg.connect(url(database)) as connection:
        sealed = _sealed(connection)
        verdict.scans = _scans(sealed)
        _items(verdict, office.items, connection, sealed)
        _decisions(verdict, office.items, sealed)
        _gate(verdict, office, sealed)
        _tasks(verdict, connection)
    return verdict


def verified(verdict: Verdict, machines: Sequence[Machine]) -> None:
    """Let each host verify the record with its own witness."""
    for one in machines:
        python = one.words[0]
        done = one.run(python, "-m", "review.cli.main", "records", "verify")
        said = (done.stdout + done.stderr).splitlines()
        wrong = () if done.returncode == 0 else (" ".join(said),)
        verdict.look(f"records verify（{one.name}）", said[0] if said else "", wrong)


def _sealed(connection: "psycopg.Connection[tuple[object, ...]]") -> list[Sealed]:
    rows = connection.execute(
        "SELECT case_number, kind, extract(epoch FROM pg_xact_commit_timestamp(xmin)) "
        "FROM entries ORDER BY index"
    ).fetchall()
    return [Sealed(_text(case), str(kind), float(str(at))) for case, kind, at in rows]


def _scans(sealed: Sequence[Sealed]) -> list[tuple[float, float]]:
    begun = {one.case: one.committed for one in sealed if one.kind == "case.submitted"}
    done = {one.case: one.committed for one in sealed if one.kind == "case.scanned"}
    return [(begun[case], at) for case, at in done.items() if case in begun]


def _items(
    verdict: Verdict,
    items: Sequence[Item],
    connection: "psycopg.Connection[tuple[object, ...]]",
    sealed: Sequence[Sealed],
) -> None:
    told = [one for one in items if one.case is not None]
    rows = connection.execute("SELECT number, title FROM cases").fetchall()
    by_title = Counter(str(title) for _, title in rows)
    numbers = {str(number) for number, _ in rows}
    submitted = Counter(one.case for one in sealed if one.kind == "case.submitted")
    wrong = [f"{one.case} 不见了" for one in told if one.case not in numbers]
    wrong += [f"“{one}”有 {n} 件" for one, n in by_title.items() if n > 1]
    wrong += [f"{one} 登记了 {n} 次" for one, n in submitted.items() if n != 1]
    wrong += [f"{one} 没有登记记录" for one in numbers if one not in submitted]
    silent = len(numbers) - len({one.case for one in told})
    verdict.look(
        "送审",
        f"{len(told)} 件得到答复，都在，都只有一件；另有 {silent} 件办成而没有等到答复",
        wrong,
    )


def _decisions(
    verdict: Verdict, items: Sequence[Item], sealed: Sequence[Sealed]
) -> None:
    counted = Counter((one.case, one.kind) for one in sealed)
    wrong: list[str] = []
    for kind in (
        "case.scanned",
        "case.first_pass_concluded",
        "case.signed_off",
        "case.cleared",
        "case.revoked",
    ):
        wrong += [
            f"{c} {k} {n} 次" for (c, k), n in counted.items() if k == kind and n > 1
        ]
    for one in items:
        expected = {
            "case.signed_off": one.winners == 1,
            "case.cleared": one.cleared_told is not None,
            "case.revoked": one.revoked_told is not None,
        }
        wrong += [
            f"{one.case} 说成了的 {kind} 没有记录"
            for kind, is_told in expected.items()
            if is_told and not counted[one.case, kind]
        ]
        if one.refused and counted[one.case, "case.cleared"]:
            wrong.append(f"{one.case} 退回了又许可了")
    kinds = Counter(one.kind for one in sealed)
    verdict.look(
        "决定",
        f"机检 {kinds['case.scanned']}，初审 {kinds['case.first_pass_concluded']}，"
        f"终审 {kinds['case.signed_off']}，许可 {kinds['case.cleared']}，"
        f"撤销 {kinds['case.revoked']}；没有一件办过两次",
        wrong,
    )


def _gate(verdict: Verdict, office: Office, sealed: Sequence[Sealed]) -> None:
    asked = list(office.asked)
    wrong = list(_wrong_yeses(asked, office.items, sealed))
    answers = Counter(_kind_of(one) for one in asked)
    verdict.look(
        "闸口",
        f"问了 {len(asked)} 次：可以 {answers['yes']}，不可以 {answers['no']}，"
        f"没有答上来 {answers['none']}",
        wrong,
    )


def _wrong_yeses(
    asked: Sequence[Asked], items: Sequence[Item], sealed: Sequence[Sealed]
) -> Iterator[str]:
    cleared = {one.case: one.committed for one in sealed if one.kind == "case.cleared"}
    revoked = {one.case: one.committed for one in sealed if one.kind == "case.revoked"}
    told = {one.case: one.revoked_told for one in items if one.revoked_told}
    for one in asked:
        if not one.allowed:
            continue
        if not one.is_same:
            yield f"{one.case} 改过的内容答了可以（{one.address}）"
        if one.case not in cleared or one.received < cleared[one.case]:
            yield f"{one.case} 还没有许可就答了可以（{one.address}）"
        if one.sent > revoked.get(one.case, one.sent) + _FLUSH:
            yield f"{one.case} 撤销以后答了可以（{one.address}）"
        if one.sent > told.get(one.case, one.sent):
            yield f"{one.case} 已告知撤销以后答了可以（{one.address}）"


def _tasks(
    verdict: Verdict, connection: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    rows = connection.execute(
        "SELECT kind, state, count(*), sum((due_at <= now())::int), max(attempts) "
        "FROM tasks GROUP BY kind, state ORDER BY kind, state"
    ).fetchall()
    wrong = [
        f"{kind} {state} {number}"
        for kind, state, number, due, _ in rows
        if state in {"running", "failed"} or (state == "waiting" and due)
    ]
    scanning = connection.execute(
        "SELECT count(*) FROM cases WHERE stage IN ('scanning', 'clearing')"
    ).fetchone()
    if scanning != (0,):
        wrong.append(f"{scanning} 件停在机检")
    seen = "，".join(
        f"{kind} {state} {n}（最多试 {a} 次）" for kind, state, n, _, a in rows
    )
    verdict.look("任务", seen, wrong)


def _kind_of(one: Asked) -> str:
    if one.status != 200:  # noqa: PLR2004
        return "none"
    return "yes" if one.allowed else "no"


def _text(value: object) -> str | None:
    return None if value is None else str(value)
