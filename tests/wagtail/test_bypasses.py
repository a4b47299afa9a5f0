"""Every way of Wagtail to make something public, in every state, on real parts."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from review.service.cases import publish
from tests.api.college import College
from tests.service.cms import Cms
from tests.wagtail.table import table
from tests.wagtail.wagtails import VERSIONS, running, wagtail


@dataclass
class Review:
    """The people of the review, asked by the site's process for what they do."""

    college: College
    rows: list[dict[str, Any]] = field(default_factory=list)
    milliseconds: float = 0

    def clear(self, case: str) -> None:
        site = self.college.site
        site.scan(case)
        site.dispose(case)
        site.acknowledge(case)
        site.conclude(case)
        site.sign(case)

    def revoke(self, case: str) -> None:
        publish.revoke(
            self.college.site.desk,
            case,
            cause="error",
            reason="数字有误",
            asker=self.college.site.by("li", case),
        )

    def answer(self, said: dict[str, Any]) -> bool:
        """Do what is asked; tell whether that was the last."""
        if said["do"] == "clear":
            self.clear(said["case"])
        elif said["do"] == "revoke":
            self.revoke(said["case"])
        elif said["do"] == "row":
            self.rows.append(said)
        elif said["do"] == "median":
            self.milliseconds = said["ms"]
        return bool(said["do"] == "done")


@pytest.mark.longest
@pytest.mark.parametrize("line", VERSIONS)
def test_nothing_goes_online_that_was_not_cleared(  # noqa: PLR0913, PLR0917 - fixtures
    line: str, college: College, cms: Cms, gate: str, package: Path, tmp_path: Path
) -> None:
    site = wagtail(line, package)
    xianshen = {
        "URL": gate,
        "KEY": cms.key.text,
        "WEBHOOK_SECRET": cms.secret,
        "DEPARTMENT": "宣传部",
        "MODELS": ["news.Banner"],
        "RECHECK": 0,
        "TIMEOUT": 20,
        "CALLBACK_URL": "https://127.0.0.1/xianshen/hook/",
    }
    said = {
        "folder": str(tmp_path),
        "address": "http://127.0.0.1",
        "xianshen": xianshen,
    }
    review, log = Review(college), tmp_path / "said.txt"
    ended = False
    with running(["-m", "driver.run"], site.environ(said), log) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in process.stdout:
            if text.startswith("@"):
                ended = review.answer(json.loads(text[1:]))
                process.stdin.write("true\n")
                process.stdin.flush()
    keep_table(line, review)
    assert ended, log.read_text("utf-8")[-4000:]
    wrong = [one for one in review.rows if one["shown"] != one["wanted"] or one["note"]]
    assert not wrong, "\n".join(
        f"{one['way']} × {one['state']}: {one['shown']} {one['note']}" for one in wrong
    )
    assert len(review.rows) > 300


def keep_table(line: str, review: Review) -> None:
    """Write the table where that is wished."""
    wished = os.environ.get("XIANSHEN_TEST_TABLE")  # noqa: TID251 - how the tests run
    if wished:
        with Path(wished).open("a", encoding="utf-8") as file:
            file.write(f"\nWagtail {VERSIONS[line]}\n\n{table(review.rows)}\n")
            file.write(f"\n询问闸口使发布慢 {review.milliseconds:.0f} 毫秒（中位数）\n")
