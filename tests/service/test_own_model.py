"""A model of the office's own: put into force by a decision, and never fallen back from."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from review import clock
from review.backup.make import make_backup
from review.backup.restore import restore_backup
from review.bootstrap import Installation, install, open_installation
from review.cli import model_compare, model_here, model_use
from review.cli.doctor_model import model as examined
from review.cli.doctor_result import Result
from review.detect import model_folder
from review.detect.classifier import load_classifier
from review.errors import (
    ModelError,
    NotPermittedError,
    StaleError,
    UsageError,
)
from review.ledger import statement
from review.resources import passage_model_folder
from review.service.models import versions
from review.service.models.versions import InForce
from review.service.upkeep import background
from review.settings import Settings, load_settings
from review.store.engine import make_engine, reading
from review.store.reading import SqlReading
from review.upkeep.events import ModelActivated
from tests.service import site as sites
from tests.service.model_material import candidate
from tests.service.site import Site
from worker import jobs

_PHRASE = "correct horse 电池 staple"


@pytest.fixture(scope="session")
def shipped() -> str:
    return load_classifier(passage_model_folder()).digest


@pytest.fixture
def office(site: Site, tmp_path: Path) -> Site:
    site.desk = replace(site.desk, models_dir=tmp_path / "models")
    return site


def _events(site: Site) -> list[ModelActivated]:
    with site.desk.store.reading() as records:
        found = [
            statement.read(one.statement).event
            for one in records.entries_of_kind("model.activated")
        ]
    return [one for one in found if isinstance(one, ModelActivated)]


def _use(site: Site, folder: Path, person: str = "li") -> str:
    seen = versions.shown(site.desk, person=person)
    return versions.activate(site.desk, folder, seen=seen, person=person)


def _models(site: Site) -> Path:
    assert site.desk.models_dir is not None
    return site.desk.models_dir


def test_a_decision_is_on_record_and_the_files_are_its_own(
    office: Site, shipped: str, tmp_path: Path
) -> None:
    folder = candidate(tmp_path / "a", review_point=0.9)
    digest = _use(office, folder)
    assert digest == load_classifier(folder).digest
    shutil.rmtree(folder)
    (event,) = _events(office)
    assert (event.by.id, event.model, event.before, event.shipped) == (
        "li",
        digest,
        shipped,
        False,
    )
    with office.desk.store.reading() as records:
        loaded = versions.classifier_in_force(records, _models(office))
        assert versions.in_force(records).own == digest
    assert (loaded.digest, loaded.review_point) == (digest, 0.9)
    assert model_folder.load_in_force(_models(office)).digest == digest
    for path in (_models(office), _models(office) / digest):
        assert path.stat().st_mode & 0o077 == 0
    assert (_models(office) / digest / "model.npz").stat().st_mode & 0o077 == 0


def test_the_way_back_to_the_shipped_one(
    office: Site, shipped: str, tmp_path: Path
) -> None:
    digest = _use(office, candidate(tmp_path / "a", review_point=0.9))
    seen = versions.shown(office.desk, person="li")
    assert versions.back_to_shipped(office.desk, seen=seen, person="li") == shipped
    last = _events(office)[-1]
    assert (last.model, last.before, last.shipped) == (shipped, digest, True)
    assert model_folder.load_in_force(_models(office)).digest == shipped
    with office.desk.store.reading() as records:
        own = versions.in_force(records)
        assert own.own is None
        assert versions.classifier_in_force(records, _models(office)).digest == shipped
    with pytest.raises(UsageError, match="正在使用"):
        versions.back_to_shipped(office.desk, seen=own, person="li")


def test_what_is_in_force_is_not_put_into_force_again(
    office: Site, tmp_path: Path
) -> None:
    folder = candidate(tmp_path / "a", review_point=0.9)
    digest = _use(office, folder)
    # A crash after the record would have left the note behind.
    model_folder.note(_models(office), None)
    with pytest.raises(UsageError, match="正在使用"):
        _use(office, folder)
    assert len(_events(office)) == 1
    assert model_folder.noted(_models(office)) == digest
    with pytest.raises(UsageError, match="--shipped"):
        _use(office, candidate(tmp_path / "same"))


def test_who_compared_with_another_model_must_look_again(
    office: Site, tmp_path: Path
) -> None:
    seen = versions.shown(office.desk, person="li")
    _use(office, candidate(tmp_path / "a", review_point=0.9), person="qian")
    other = candidate(tmp_path / "b", review_point=0.8)
    with pytest.raises(StaleError, match="重新比较"):
        versions.activate(office.desk, other, seen=seen, person="li")
    assert len(_events(office)) == 1


@pytest.mark.parametrize("person", ["zhang", "wang", "sun", "system", "audit"])
def test_nobody_but_the_office_decides(
    office: Site, tmp_path: Path, person: str
) -> None:
    folder = candidate(tmp_path / "a", review_point=0.9)
    for ask in (
        lambda: versions.shown(office.desk, person=person),
        lambda: versions.activate(office.desk, folder, seen=InForce(), person=person),
        lambda: versions.back_to_shipped(office.desk, seen=InForce(), person=person),
    ):
        with pytest.raises(NotPermittedError, match="保密办审查员"):
            ask()
    assert [one.verb for one in office.refusals()] == ["activate_model"] * 3
    assert _events(office) == []
    assert not _models(office).exists()


def test_a_model_of_another_format_never_comes_into_force(
    office: Site, tmp_path: Path
) -> None:
    with pytest.raises(ModelError):
        _use(office, candidate(tmp_path / "a", format=0))
    assert _events(office) == []


def _spoil_arrays(folder: Path) -> None:
    data = bytearray((folder / "model.npz").read_bytes())
    data[-1] ^= 1
    (folder / "model.npz").write_bytes(data)


def _another_model(folder: Path) -> None:
    shutil.copy(passage_model_folder() / "model.json", folder / "model.json")


@pytest.mark.parametrize("spoil", [shutil.rmtree, _spoil_arrays, _another_model])
def test_an_unusable_model_is_an_error_and_no_other_takes_its_place(
    office: Site,
    tmp_path: Path,
    spoil: object,
) -> None:
    digest = _use(office, candidate(tmp_path / "a", review_point=0.9))
    assert callable(spoil)
    spoil(_models(office) / digest)
    with office.desk.store.reading() as records:
        with pytest.raises(ModelError, match="--shipped") as caught:
            versions.classifier_in_force(records, _models(office))
        assert digest[:12] in caught.value.message
    with pytest.raises(ModelError, match="不会自己改用别的模型"):
        model_folder.load_in_force(_models(office))
    # The same model handed in again mends the copy.
    with pytest.raises(UsageError, match="正在使用"):
        _use(office, candidate(tmp_path / "again", review_point=0.9))
    assert model_folder.load_in_force(_models(office)).digest == digest


def test_a_scan_waits_for_a_usable_model_as_long_as_it_takes(office: Site) -> None:
    """A draft must never be given up as unreadable because the model was gone."""
    at = office.desk.now()
    with office.desk.store.writing() as work:
        task = work.tasks.add("scan", "2026-000001", queue="quick", at=at)
    taken = background.take(office.desk, task.id, holder="here:1")
    assert taken is not None
    assert taken.attempts == 1
    jobs._record_failure(office.desk, taken, ModelError("不见了"))
    with office.desk.store.reading() as records:
        after = records.tasks.find(task.id)
    assert after is not None
    assert (after.state, after.attempts, after.code) == ("waiting", 0, "model")


# --- the program as it is joined ---


def _settings(folder: Path) -> Settings:
    return load_settings({"XIANSHEN_DATA_DIR": str(folder), "HOME": str(folder)})


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return an installation with its people, which commands find by themselves."""
    settings = _settings(tmp_path / "data")
    install(settings)
    with open_installation(settings, via="test") as opened:
        sites.staff(opened.desk)
    monkeypatch.setenv("XIANSHEN_DATA_DIR", str(settings.data_dir))
    return settings


@contextmanager
def _opened(settings: Settings) -> Iterator[Installation]:
    with open_installation(settings, via="test") as opened:
        yield opened


def _version(opened: Installation) -> str:
    opened.machine.prepare()
    loaded = opened.machine.loaded
    assert loaded is not None
    return loaded._scanner.versions.model


def _doctor(settings: Settings) -> Result:
    engine = make_engine(settings.database_url.get_secret_value())
    try:
        with reading(engine) as connection:
            return examined(settings, SqlReading(connection, lambda _: None))
    finally:
        engine.dispose()


def test_a_machine_that_runs_goes_by_the_new_model(
    settings: Settings, shipped: str, tmp_path: Path
) -> None:
    folder = candidate(tmp_path / "a", review_point=0.9)
    digest = load_classifier(folder).digest
    with _opened(settings) as opened:
        assert _version(opened) == shipped
        assert _doctor(settings).state == "ok"
        model_use.use(person="li", folder=folder, yes=True)
        assert _version(opened) == digest
        assert model_here.classifier_here().digest == digest
        found = _doctor(settings)
        assert (found.state, "李样本" in found.said) == ("ok", True)
        model_use.use(person="li", shipped=True, yes=True)
        assert _version(opened) == shipped


def test_nothing_changes_without_an_answer(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = candidate(tmp_path / "a", review_point=0.9)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    with pytest.raises(typer.Exit) as ended:
        model_use.use(person="li", folder=folder)
    assert ended.value.exit_code == 1
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(UsageError, match="--yes"):
        model_use.use(person="li", folder=folder)
    said = capsys.readouterr().out
    assert "复核点" in said
    assert "没有启用" in said
    assert model_folder.noted(settings.models_dir) is None
    for asked in ({"folder": folder, "shipped": True}, {}):
        with pytest.raises(UsageError, match="二者选一"):
            model_use.use(person="li", yes=True, **asked)  # type: ignore[arg-type]  # - either option


def test_a_damaged_model_can_be_replaced_and_doctor_says_so(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = candidate(tmp_path / "a", review_point=0.9)
    model_use.use(person="li", folder=folder, yes=True)
    shutil.rmtree(settings.models_dir / load_classifier(folder).digest)
    found = _doctor(settings)
    assert found.state == "bad"
    assert "--shipped" in found.advice
    with _opened(settings) as opened, pytest.raises(ModelError):
        opened.machine.prepare()
    with pytest.raises(ModelError):
        model_here.classifier_here()
    other = candidate(tmp_path / "b", review_point=0.8)
    model_use.use(person="qian", folder=other, yes=True)
    assert "无法比较" in capsys.readouterr().out
    assert _doctor(settings).state == "ok"


def test_doctor_tells_of_another_lexicon_and_of_a_note_gone_astray(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = candidate(tmp_path / "a", lexicons="0" * 64)
    model_use.use(person="li", folder=folder, yes=True)
    assert "同一版词库重新训练" in capsys.readouterr().out
    found = _doctor(settings)
    assert (found.state, "词库是另一版" in found.said) == ("note", True)
    model_folder.note(settings.models_dir, None)
    found = _doctor(settings)
    assert (found.state, "不符" in found.said) == ("note", True)


@pytest.mark.parametrize(("point", "code"), [(None, 0), (0.95, 1)])
def test_comparing_ends_with_what_it_found(
    settings: Settings,
    tmp_path: Path,
    point: float | None,
    code: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    changes = {} if point is None else {"review_point": point}
    folder = candidate(tmp_path / "a", **changes)
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    (drafts / "新闻.txt").write_text(sites.CLEAN, "utf-8")
    with pytest.raises(typer.Exit) as ended:
        model_compare.compare(folder, on=drafts)
    assert ended.value.exit_code == code
    assert "检查 1 份稿件" in capsys.readouterr().out
    # 1 would read as “different”: what cannot be compared is a usage error.
    for wrong, on in ((tmp_path / "none", None), (folder, tmp_path / "nowhere")):
        with pytest.raises(UsageError):
            model_compare.compare(wrong, on=on)
    assert settings.data_dir.exists()


def test_the_model_in_force_is_in_the_backup(
    settings: Settings, tmp_path: Path
) -> None:
    folder = candidate(tmp_path / "a", review_point=0.9)
    model_use.use(person="li", folder=folder, yes=True)
    path = tmp_path / "all.xsb"
    with _opened(settings) as opened:
        made = make_backup(settings, opened, path, at=clock.now(), passphrase=_PHRASE)
    assert made.lacks == ()
    new = _settings(tmp_path / "new")
    needs = restore_backup(new, path, passphrase=_PHRASE).needs
    assert not any("model use" in one for one in needs)
    digest = load_classifier(folder).digest
    assert model_folder.load_in_force(new.models_dir).digest == digest
    with _opened(new) as opened:
        assert _version(opened) == digest


def test_a_backup_without_a_usable_model_says_so_and_so_does_what_is_put_back(
    settings: Settings, tmp_path: Path
) -> None:
    folder = candidate(tmp_path / "a", review_point=0.9)
    model_use.use(person="li", folder=folder, yes=True)
    digest = load_classifier(folder).digest
    (settings.models_dir / digest / "model.npz").unlink()
    path = tmp_path / "all.xsb"
    with _opened(settings) as opened:
        made = make_backup(settings, opened, path, at=clock.now(), passphrase=_PHRASE)
    (lack,) = made.lacks
    assert "xianshen model use" in lack
    new = _settings(tmp_path / "new")
    needs = restore_backup(new, path, passphrase=_PHRASE).needs
    assert sum("xianshen model use" in one for one in needs) == 1
