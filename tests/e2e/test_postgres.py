"""The same program on PostgreSQL: an item from hand in to publication."""

from pathlib import Path

from tests.databases import PostgresServer
from tests.e2e import drafts
from tests.e2e.college import College, entering
from tests.e2e.conftest import need_chromium, watched
from tests.e2e.program import Program
from tests.e2e.words import conclude, judge, paste, send_in, sign


def test_an_item_from_hand_in_to_clearance(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    need_chromium()
    with postgres_server.lend(migrated=False) as url:
        chosen = {"XIANSHEN_DATABASE_URL": url.replace("+psycopg", "")}
        program = Program(tmp_path / "data", chosen)
        with program.started(), entering(program) as college, watched(college, "pg"):
            _journey(college)


def _journey(college: College) -> None:
    window = college.window("zhang").go("/submit")
    paste(window, f"运动会闭幕\n{drafts.PHONE}")
    number = send_in(window)
    window.open(f"/cases/{number}/review")
    judge(window, "不涉密", "是对外公布的办公联系方式")
    conclude(window, "拟同意", "内容属实，可以公开")
    office = college.window("li").open(f"/cases/{number}/sign-off")
    sign(office, "同意公开", "同意公开")
    office.sees("公开许可").check()
