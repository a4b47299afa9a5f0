"""What an operator may set, where from, and that nothing is taken in silence."""

import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError
from sqlalchemy.engine import make_url

from review.errors import SettingsError
from review.settings import CONFIG, PREFIX, Settings, load_settings

_ROOT = Path(__file__).parents[2]
_MANUAL = _ROOT / "docs" / "手册" / "设置.md"
_SECRET = "geheim-und-lang"  # noqa: S105 - made up, to be looked for


@pytest.fixture
def office(tmp_path: Path) -> dict[str, str]:
    """Return an environment whose home is a temporary folder."""
    return {"HOME": str(tmp_path), "XIANSHEN_DATA_DIR": str(tmp_path / "data")}


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _database(settings: Settings) -> str:
    return settings.database_url.get_secret_value()


# --- defaults ---


def test_defaults_lie_in_the_data_folder(tmp_path: Path):
    data = tmp_path / ".local" / "share" / "xianshen"

    settings = load_settings({"HOME": str(tmp_path), "PATH": "/bin"})

    assert settings == Settings(
        data_dir=data,
        database_url=SecretStr(f"sqlite:///{data}/xianshen.db"),
        vault="folder",
        vault_dir=data / "vault",
        vault_key=None,
        vault_key_file=data / "keys" / "vault.key",
        vault_algorithm="AES-256-GCM",
        ledger_key=None,
        ledger_key_file=data / "keys" / "ledger.pem",
        ledger_algorithm="sha256",
        witness_file=data / "keys" / "witness.jsonl",
        clearance_key_file=data / "keys" / "clearance.pem",
        fingerprint_key_file=data / "keys" / "fingerprint.key",
        policy_file=None,
        lexicons_dir=None,
        office_name="本单位",
        office_id="local",
        pdf_font=None,
        redis_url=None,
    )


@pytest.mark.parametrize(
    ("environ", "data_dir"),
    [
        ({"XDG_DATA_HOME": "/srv/share"}, "/srv/share/xianshen"),
        ({"XDG_DATA_HOME": "relative"}, "/home/zhang/.local/share/xianshen"),
        ({"XDG_DATA_HOME": ""}, "/home/zhang/.local/share/xianshen"),
        ({"XIANSHEN_DATA_DIR": "/srv/x", "XDG_DATA_HOME": "/y"}, "/srv/x"),
        ({"XIANSHEN_DATA_DIR": ""}, "/home/zhang/.local/share/xianshen"),
        ({"XIANSHEN_DATA_DIR": "~/x"}, "/home/zhang/x"),
        ({"XIANSHEN_DATA_DIR": "x"}, str(Path.cwd() / "x")),
    ],
)
def test_where_the_data_folder_is(environ: dict[str, str], data_dir: str):
    settings = load_settings({"HOME": "/home/zhang"} | environ)

    assert settings.data_dir == Path(data_dir)
    assert settings.vault_key_file == Path(data_dir) / "keys" / "vault.key"


def test_the_process_environment_is_read_by_default(tmp_path: Path):
    code = "from review.settings import *; print(load_settings().office_id)"
    environ = os.environ | {  # noqa: TID251 - handed on to another process
        "XIANSHEN_DATA_DIR": str(tmp_path),
        "XIANSHEN_OFFICE_ID": "yunshan",
    }
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "yunshan\n"


def test_only_what_is_handed_in_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("XIANSHEN_OFFICE_ID", "elsewhere")

    assert load_settings({"HOME": str(tmp_path)}).office_id == "local"
    assert Settings(data_dir=tmp_path).office_id == "local"


# --- the environment and the file ---


def test_the_environment_beats_the_file_and_the_file_the_defaults(
    office: dict[str, str], tmp_path: Path
):
    _write(
        tmp_path / "data" / "xianshen.toml",
        'office_name = "云山职业学院"\noffice_id = "yunshan"\nvault = "database"\n',
    )

    settings = load_settings(office | {"XIANSHEN_OFFICE_ID": "yunshan-2"})

    assert settings.office_name == "云山职业学院"
    assert settings.office_id == "yunshan-2"
    assert settings.vault == "database"
    assert settings.ledger_algorithm == "sha256"


def test_a_named_file_may_move_the_data_folder(tmp_path: Path):
    path = _write(
        tmp_path / "etc" / "other.toml",
        'data_dir = "/srv/x"\npolicy_file = "policy.yaml"\npdf_font = "~/font.ttf"\n',
    )

    settings = load_settings({"HOME": "/home/zhang", CONFIG: str(path)})

    assert settings.data_dir == Path("/srv/x")
    assert settings.vault_dir == Path("/srv/x/vault")
    assert settings.policy_file == tmp_path / "etc" / "policy.yaml"
    assert settings.pdf_font == Path("/home/zhang/font.ttf")
    moved = {"HOME": "/home/zhang", CONFIG: str(path), "XIANSHEN_DATA_DIR": "/srv/y"}
    assert load_settings(moved).data_dir == Path("/srv/y")


def test_the_named_file_is_read_instead_of_the_one_in_the_data_folder(
    office: dict[str, str], tmp_path: Path
):
    _write(tmp_path / "data" / "xianshen.toml", 'office_id = "here"\n')
    named = _write(tmp_path / "named.toml", "")

    assert load_settings(office).office_id == "here"
    assert load_settings(office | {CONFIG: ""}).office_id == "here"
    assert load_settings(office | {CONFIG: str(named)}).office_id == "local"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('office_nam = "x"\n', "是不是想写 office_name"),
        ('[vault]\ndir = "x"\n', "vault"),
        ('[xianshen]\noffice_id = "x"\n', "xianshen 不是"),
        ('data_dir = "/srv"\n', "XIANSHEN_DATA_DIR"),
        ('office_id = "x"\noffice_id = "y"\n', "第 2 行"),
        ("office_id = yunshan\n", "第 1 行"),
        ("office_id = 7\n", "office_id"),
        ("policy_file = 7\n", "policy_file"),
        ('vault_key = "x"\n', "vault_key_file"),
        ('ledger_key = "x"\n', "ledger_key_file"),
        ('database_url = "postgresql://u:p@h/x"\n', "database_url_file"),
        ('database_url = "postgresql://h/x?user=u&password=p"\n', "database_url_file"),
        ('redis_url = "redis://:p@h/0"\n', "redis_url_file"),
        ('redis_url = "redis://h/0"\nredis_url_file = "x"\n', "只能设一个"),
        ("x = " + "[" * 5000, "TOML"),
        ("#" * 70_000, "64 KB"),
    ],
)
def test_a_wrong_file_is_refused(
    office: dict[str, str], tmp_path: Path, text: str, says: str
):
    path = _write(tmp_path / "data" / "xianshen.toml", text)
    with pytest.raises(SettingsError, match=says) as caught:
        load_settings(office)
    assert str(path) in caught.value.message or "设置 " in caught.value.message


def test_a_file_that_cannot_be_read_is_refused(office: dict[str, str], tmp_path: Path):
    with pytest.raises(SettingsError, match="读不了"):
        load_settings(office | {CONFIG: str(tmp_path / "missing.toml")})
    with pytest.raises(SettingsError, match="读不了"):
        load_settings(office | {CONFIG: str(tmp_path)})

    _write(tmp_path / "data" / "x", "")
    (tmp_path / "data" / "xianshen.toml").symlink_to("nowhere")
    with pytest.raises(SettingsError, match="读不了"):
        load_settings(office)

    (tmp_path / "data" / "xianshen.toml").unlink()
    (tmp_path / "data" / "xianshen.toml").write_bytes("#中".encode("gb18030"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(office)


# --- names and values ---


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("XIANSHEN_DATADIR", "是不是想写 XIANSHEN_DATA_DIR"),
        ("XIANSHEN_VAULT_ALGORYTHM", "是不是想写 XIANSHEN_VAULT_ALGORITHM"),
        ("XIANSHEN_CONFIG_FILE", "是不是想写 XIANSHEN_CONFIG"),
        ("xianshen_office_id", "是不是想写 XIANSHEN_OFFICE_ID"),
        ("Xianshen_Office_Id", "是不是想写 XIANSHEN_OFFICE_ID"),
        ("XIANSHEN_ZZZZZZ", "XIANSHEN_ZZZZZZ 不是先审的设置；"),
        ("XIANSHEN_", "不是先审的设置"),
    ],
)
@pytest.mark.parametrize("value", ["x", ""])
def test_an_unknown_variable_is_refused(name: str, says: str, value: str):
    with pytest.raises(SettingsError, match=says) as caught:
        load_settings({name: value})
    assert caught.value.code == "settings"


def test_other_programs_and_tests_keep_their_variables(office: dict[str, str]):
    load_settings(office | {"XIANSHENG": "x", "XIANSHEN_TEST_EVAL": "x", "VAULT": "x"})


@given(st.text(min_size=1, max_size=20).filter(lambda name: "\0" not in name))
def test_no_misspelt_name_gets_through(rest: str):
    name = f"{PREFIX}{rest}"
    known = {CONFIG, *(f"{PREFIX}{one.upper()}" for one in Settings.model_fields)}
    if name in known or name.startswith("XIANSHEN_TEST_"):
        return
    with pytest.raises(SettingsError):
        load_settings({name: ""})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("VAULT", "s3", "只能写 folder、database"),
        ("VAULT_ALGORITHM", "AES-128-GCM", "只能写 AES-256-GCM、SM4-GCM"),
        ("LEDGER_ALGORITHM", "md5", "只能写 sha256、sm3"),
        ("OFFICE_ID", "云山", "小写字母"),
        ("OFFICE_ID", "Yunshan", "小写字母"),
        ("OFFICE_NAME", "   ", "写法不对"),
        ("OFFICE_NAME", "院" * 61, "写法不对"),
        ("DATABASE_URL", "mysql://h/x", "要写成 sqlite"),
        ("DATABASE_URL", "postgresql+asyncpg://h/x", "要写成 sqlite"),
        ("DATABASE_URL", "xianshen.db", "要写成 sqlite"),
        ("DATABASE_URL", "postgresql://", "要写成 sqlite"),
        ("DATABASE_URL", "sqlite://", "要写成 sqlite"),
        ("DATABASE_URL", "sqlite:///", "要写成 sqlite"),
        ("DATABASE_URL", "sqlite://x.db", "磁盘"),
        ("DATABASE_URL", "sqlite:///:memory:", "磁盘"),
        ("DATABASE_URL", "sqlite:///file::memory:", "磁盘"),
        ("DATABASE_URL", "sqlite:////x.db?mode=memory&uri=true", "磁盘"),
        ("REDIS_URL", "http://h", "要写成 redis"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused(name: str, value: str, says: str):
    with pytest.raises(SettingsError, match=says) as caught:
        load_settings({f"{PREFIX}{name}": value})
    assert f"{PREFIX}{name}" in caught.value.message


def test_settings_do_not_change(tmp_path: Path):
    settings = Settings(data_dir=tmp_path)
    with pytest.raises(ValidationError):
        settings.vault = "database"  # type: ignore[misc]  # - this is what is refused


# --- databases ---


@pytest.mark.parametrize(
    ("url", "normalized"),
    [
        ("sqlite:////srv/x.db", "sqlite+pysqlite:////srv/x.db"),
        ("sqlite:///x.db", "sqlite+pysqlite:////srv/data/x.db"),
        ("sqlite:///a/b.db", "sqlite+pysqlite:////srv/data/a/b.db"),
        ("sqlite+pysqlite:////srv/x.db", "sqlite+pysqlite:////srv/x.db"),
        ("postgresql://h/x", "postgresql+psycopg://h/x"),
        ("postgresql:///x", "postgresql+psycopg:///x"),
        (
            "postgresql+psycopg://u:p%40@h:5433/x?sslmode=require",
            "postgresql+psycopg://u:p%40@h:5433/x?sslmode=require",
        ),
    ],
)
def test_database_urls_become_sqlalchemys(url: str, normalized: str):
    environ = {"XIANSHEN_DATA_DIR": "/srv/data", "XIANSHEN_DATABASE_URL": url}

    found = _database(load_settings(environ))

    assert found == normalized
    # Normalizing once more changes nothing, and SQLAlchemy knows the driver.
    again = load_settings(environ | {"XIANSHEN_DATABASE_URL": found})
    assert _database(again) == found
    assert make_url(found).get_dialect().driver in {"pysqlite", "psycopg"}


def test_the_default_database_lies_in_the_data_folder_whatever_its_name(tmp_path: Path):
    folder = tmp_path / "先审 的#数据%20?"
    found = _database(load_settings({"XIANSHEN_DATA_DIR": str(folder)}))
    assert make_url(found).database == str(folder / "xianshen.db")


# --- secrets ---


def test_a_url_may_stand_in_a_file_of_its_own(office: dict[str, str], tmp_path: Path):
    url = _write(tmp_path / "url", f"postgresql://u:{_SECRET}@h/x\n")
    _write(
        tmp_path / "data" / "xianshen.toml",
        f'database_url_file = "{url}"\nredis_url = "redis://h/0"\n',
    )

    settings = load_settings(office)
    assert _database(settings) == f"postgresql+psycopg://u:{_SECRET}@h/x"
    assert settings.database_url_file == url
    assert settings.redis_url == SecretStr("redis://h/0")


def test_the_environment_beats_the_file_by_value_or_by_file(
    office: dict[str, str], tmp_path: Path
):
    one = _write(tmp_path / "one", "postgresql://h/one")
    two = _write(tmp_path / "two", "redis://h/2")
    _write(
        tmp_path / "data" / "xianshen.toml",
        f'database_url_file = "{one}"\nredis_url = "redis://h/1"\n'
        'vault_key_file = "vault.key"\n',
    )

    settings = load_settings(
        office
        | {
            "XIANSHEN_DATABASE_URL": "postgresql://h/two",
            "XIANSHEN_REDIS_URL_FILE": str(two),
            "XIANSHEN_VAULT_KEY": _SECRET,
        }
    )

    assert _database(settings) == "postgresql+psycopg://h/two"
    assert settings.redis_url == SecretStr("redis://h/2")
    assert settings.vault_key == SecretStr(_SECRET)


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "REDIS_URL", "VAULT_KEY", "LEDGER_KEY"]
)
def test_a_secret_is_set_once(office: dict[str, str], name: str):
    with pytest.raises(SettingsError, match="只能设一个") as caught:
        load_settings(
            office | {f"{PREFIX}{name}": _SECRET, f"{PREFIX}{name}_FILE": "/srv/secret"}
        )
    assert _SECRET not in caught.value.message


@pytest.mark.parametrize("contents", [b"", b"mysql://u:geheim-und-lang@h/x", b"\xff"])
def test_a_bad_secret_file_is_refused(
    office: dict[str, str], tmp_path: Path, contents: bytes
):
    path = tmp_path / "url"
    path.write_bytes(contents)
    with pytest.raises(SettingsError, match=r"database_url") as caught:
        load_settings(office | {"XIANSHEN_DATABASE_URL_FILE": str(path)})
    assert _SECRET not in caught.value.message


def test_a_missing_secret_file_is_refused(office: dict[str, str]):
    with pytest.raises(SettingsError, match="读不了"):
        load_settings(office | {"XIANSHEN_REDIS_URL_FILE": "/nowhere/url"})


def test_secrets_are_not_shown(office: dict[str, str]):
    settings = load_settings(
        office
        | {
            "XIANSHEN_DATABASE_URL": f"postgresql://u:{_SECRET}@h/x",
            "XIANSHEN_REDIS_URL": f"redis://:{_SECRET}@h/0",
            "XIANSHEN_VAULT_KEY": _SECRET,
            "XIANSHEN_LEDGER_KEY": _SECRET,
        }
    )

    for shown in (repr(settings), str(settings), f"{settings}"):
        assert _SECRET not in shown
    assert _SECRET not in repr(settings.model_dump())
    assert _SECRET not in settings.model_dump_json()
    assert settings.ledger_key is not None
    assert settings.ledger_key.get_secret_value() == _SECRET


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", f"mysql://u:{_SECRET}@h/x"),
        ("DATABASE_URL", f"sqlite:///x?{_SECRET}"),
        ("REDIS_URL", f"http://{_SECRET}"),
        ("OFFICE_ID", f"{_SECRET}!"),
    ],
)
def test_an_error_carries_no_value(name: str, value: str):
    with pytest.raises(SettingsError) as caught:
        load_settings({f"{PREFIX}{name}": value})

    error = caught.value
    assert _SECRET not in "".join(traceback.format_exception(error))
    # Nor does it hold on to the error that quotes the values.
    assert error.__context__ is None
    assert error.__cause__ is None


# --- the manual ---


def _rows() -> dict[str, str]:
    lines = _MANUAL.read_text("utf-8").splitlines()
    return {
        line.split("`")[1]: line
        for line in lines
        if line.startswith("| `") and line.count("`") > 1
    }


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_manual(name: str):
    row = _rows()[name]
    assert f"`{PREFIX}{name.upper()}`" in row
    assert len([cell for cell in row.split("|") if cell.strip()]) == 4


def test_the_manual_names_no_setting_that_is_not():
    assert set(_rows()) - set(Settings.model_fields) == {CONFIG}


def test_the_manual_tells_the_defaults():
    rows = _rows()
    settings = Settings(data_dir=Path("/data"))
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, Path) and name != "data_dir":
            assert f"`{value.relative_to('/data')}`" in rows[name], name
        elif isinstance(field.default, str):
            assert field.default in rows[name].split("|")[3], name


def test_the_example_in_the_manual_is_taken(office: dict[str, str], tmp_path: Path):
    text = _MANUAL.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    url = _write(tmp_path / "url", "postgresql://h/x")
    text = text.replace("/etc/xianshen/database_url", str(url))
    _write(tmp_path / "data" / "xianshen.toml", text)

    settings = load_settings(office)

    assert settings.office_name == "云山职业学院"
    assert settings.policy_file == tmp_path / "data" / "policy.yaml"
