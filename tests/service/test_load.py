"""What the load is measured on is what the program itself would have recorded."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import load_cases, load_people, load_stories, load_tables
from benchmarks.load_cases import Filled
from review.access import site_keys
from review.bootstrap import Installation, install, open_installation
from review.case.places import places_of
from review.ledger import statement
from review.ports.records import RegisterQuery
from review.service.gate.gatekeeper import Gatekeeper
from review.service.gate.question import Offered, Question
from review.service.projection import register_row, sequence_of
from review.service.record import records
from review.service.recording import happened, load
from review.service.tally import findings_of, rounds_of, steps_of
from review.settings import Settings
from review.store.register import values_of

CASES = 1_000


@pytest.fixture(scope="module")
def filled(
    postgres_server: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Installation, Filled]]:
    folder = tmp_path_factory.mktemp("load")
    with postgres_server.lend(migrated=False) as url:  # type: ignore[attr-defined]  # - a fixture of another folder
        settings = Settings(data_dir=folder, database_url=url)
        install(settings)
        with open_installation(settings, via="benchmark") as installation:
            load_people.found(installation)
            made = _fill(installation, url, settings.witness_file)
        # Opened anew: the witness and the ledger's end must fit.
        with open_installation(settings, via="benchmark") as installation:
            yield installation, made


def _fill(installation: Installation, url: str, witness: Path) -> Filled:
    with load_tables.connected(url) as connection:
        tables = load_tables.Tables(connection, witness, installation.desk.policy)
        with load_tables.indexes_aside(connection):
            return load_cases.fill(installation, tables, CASES)


@pytest.mark.slow
def test_the_record_verifies(filled: tuple[Installation, Filled]) -> None:
    installation, made = filled
    proven = records.check(installation.desk, witnessed=installation.witness.heads())
    assert proven.entries == made.entries
    assert made.entries > 7 * CASES


@pytest.mark.slow
def test_rows_are_what_follows_from_the_entries(
    filled: tuple[Installation, Filled],
) -> None:
    desk = filled[0].desk
    with desk.store.reading() as reading:
        rows = reading.register(RegisterQuery(limit=CASES + 1))
        assert len(rows) == CASES
        assert len({one.stage for one in rows}) >= 6
        for row in rows:
            case = load(reading, row.number)
            fresh = register_row(case, None, policy=desk.policy, days=desk.days)
            for place in places_of(case):
                assert reading.gate.cases_at(place, limit=2) == (row.number,)
            told, known = values_of(fresh), values_of(row)
            # Worked out step by step, from one row to the next.
            assert known.pop("late_steps") >= told.pop("late_steps")
            assert known == told


@pytest.mark.slow
def test_statements_are_spelled_as_the_program_spells_them(
    filled: tuple[Installation, Filled],
) -> None:
    with filled[0].desk.store.reading() as reading:
        for one in reading.entries():
            if one.index > 0:
                said = statement.read(one.statement)
                assert statement.write(said.event, said.context) == one.statement


@pytest.mark.slow
def test_figures_are_what_follows_from_the_entries(
    filled: tuple[Installation, Filled],
) -> None:
    desk = filled[0].desk
    with desk.store.writing() as work:
        before = work.statistics.uncounted(after=0, limit=CASES)
        assert before == ()
        for place in range(0, CASES, 10):
            story = filled[1].stories[place]
            case = load(work, story.number)
            steps = steps_of(happened(work, story.number), days=desk.days)
            assert _written(
                work, story.number, steps, findings_of(case), rounds_of(case)
            )


def _written(work: object, number: str, *wanted: object) -> bool:
    """Tell whether those rows stand there: showing them anew writes nothing."""
    steps, findings, rounds = wanted
    connection = work._connection  # type: ignore[attr-defined]  # - its own counts
    before = _changes(connection)
    work.statistics.show(  # type: ignore[attr-defined]  # - as above
        sequence_of(number), steps=steps, findings=findings, rounds=rounds
    )
    return _changes(connection) == before


def _changes(connection: object) -> int:
    asked = (
        "SELECT coalesce(sum(n_tup_ins + n_tup_del), 0) FROM pg_stat_xact_user_tables"
    )
    return int(connection.exec_driver_sql(asked).scalar())  # type: ignore[attr-defined]  # - as above


@pytest.mark.slow
def test_the_gate_knows_what_was_cleared(filled: tuple[Installation, Filled]) -> None:
    installation, made = filled
    keeper = Gatekeeper()
    said = {True: 0, False: 0}
    for place in range(CASES):
        story = made.stories[place]
        title = story.words["title"]
        last = 2 if story.form.name == "returned" else 1
        body = load_stories.page(story.number, title, last).encode()
        offered = Offered(title=title, name="正文.html", body=body)
        key = site_keys.presented(made.staff.keys[place % load_people.INSTITUTIONS])
        assert key is not None
        asked = Question(
            channel="website", offered=offered, external_id=story.words["external"]
        )
        answer = keeper.look(installation.desk, key, "127.0.0.1", asked).answer
        assert answer is not None
        assert answer.allowed == story.may_be_published, story
        said[answer.allowed] += 1
    assert min(said.values()) > CASES // 10
