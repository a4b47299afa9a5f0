"""Everything an operator may choose, read once at the start and never changed.

The environment beats the configuration file, which beats the defaults. A name
that nobody knows is refused, since a misspelt setting is a setting not made. Secrets
come from the environment or from a file of their own and are never shown. Only
this file reads the environment; `docs/手册/设置.md` describes each setting.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args
from urllib.parse import parse_qs, urlsplit

from pydantic import (
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from review.errors import SettingsError

PREFIX: Final = "XIANSHEN_"
CONFIG: Final = "XIANSHEN_CONFIG"
_CONFIG_NAME: Final = "xianshen.toml"
# What a test run tells its own tests, not the program.
_FOR_TESTS: Final = "XIANSHEN_TEST_"
_MANUAL: Final = "全部设置见 docs/手册/设置.md"
_MOST_BYTES: Final = 64 * 1024

# Each of these can also stand in a file that `<name>_file` names.
_SECRETS: Final = ("database_url", "vault_key", "ledger_key", "redis_url")
# Those that are read here; the rooms open key files themselves, and check who may read them.
_URLS: Final = ("database_url", "redis_url")
_DATABASES: Final[Mapping[str, str]] = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def _in_data_dir(*parts: str) -> Any:
    return Field(default_factory=lambda data: data["data_dir"].joinpath(*parts))


class Settings(BaseSettings):
    """An operator's choices; `load_settings` makes every path absolute.

    `database_url` is written as SQLAlchemy wants it, with the driver. `vault_key`
    and `ledger_key`, where given, stand before the files of that name. A path that
    is None means: what is shipped, or none.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    data_dir: Path
    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///xianshen.db"), validate_default=True
    )
    database_url_file: Path | None = None
    vault: Literal["folder", "database"] = "folder"
    vault_dir: Path = _in_data_dir("vault")
    vault_key: SecretStr | None = None
    vault_key_file: Path = _in_data_dir("keys", "vault.key")
    vault_algorithm: Literal["AES-256-GCM", "SM4-GCM"] = "AES-256-GCM"
    ledger_key: SecretStr | None = None
    ledger_key_file: Path = _in_data_dir("keys", "ledger.pem")
    ledger_algorithm: Literal["sha256", "sm3"] = "sha256"
    witness_file: Path = _in_data_dir("keys", "witness.jsonl")
    clearance_key_file: Path = _in_data_dir("keys", "clearance.pem")
    fingerprint_key_file: Path = _in_data_dir("keys", "fingerprint.key")
    policy_file: Path | None = None
    lexicons_dir: Path | None = None
    office_name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)
    ] = "本单位"
    office_id: Annotated[
        str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,62}$")
    ] = "local"
    pdf_font: Path | None = None
    redis_url: SecretStr | None = None
    redis_url_file: Path | None = None

    @classmethod
    def settings_customise_sources(  # type: ignore[explicit-override]  # - `override` needs 3.12
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - named so by the library
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - named so by the library
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - named so by the library
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - named so by the library
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what is handed in: `load_settings` brings the sources together."""
        return (init_settings,)

    @field_validator("database_url")
    @classmethod
    def _for_sqlalchemy(cls, url: SecretStr, info: ValidationInfo) -> SecretStr:
        kind, _, rest = url.get_secret_value().partition("://")
        if kind not in _DATABASES or not rest.strip("/"):
            raise ValueError(
                "要写成 sqlite:////完整路径/xianshen.db 或 postgresql://用户@主机/库名"
            )
        if kind.startswith("sqlite"):
            rest = _sqlite_path(rest, info.data["data_dir"])
        return SecretStr(f"{_DATABASES[kind]}://{rest}")

    @field_validator("redis_url")
    @classmethod
    def _for_redis(cls, url: SecretStr | None) -> SecretStr | None:
        kinds = ("redis://", "rediss://", "unix://")
        if url is not None and not url.get_secret_value().startswith(kinds):
            raise ValueError("要写成 redis://主机:6379/0")
        return url


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of `environ`, by default the process's own environment.

    Raises:
        SettingsError: A name is unknown, a value is not allowed, or a file that
            was named cannot be read.
    """
    given = os.environ if environ is None else environ  # noqa: TID251 - read only here
    _refuse_unknown_variables(given)
    home = Path(given.get("HOME") or Path.home())
    fallback = _default_data_dir(given, home)
    upper = _with_paths(_Environment(given)(), Path.cwd(), home)
    _refuse_pairs(upper, "环境变量里的 ")
    named = given.get(CONFIG)
    config = (
        _path(named, Path.cwd(), home)
        if named
        else upper.get("data_dir", fallback) / _CONFIG_NAME
    )
    lower = _from_file(config, home, must_exist=bool(named))
    values = {"data_dir": fallback, **_not_overruled(lower, upper), **upper}
    return _settings(values | _urls_from_files(values), upper)


class _Environment(EnvSettingsSource):
    """The variables that were handed in; an empty one counts as not set."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        super().__init__(Settings)

    def _load_env_vars(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self,
    ) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._given.items() if value}


def _refuse_unknown_variables(given: Mapping[str, str]) -> None:
    known = [CONFIG.removeprefix(PREFIX), *map(str.upper, Settings.model_fields)]
    for name in sorted(given):
        ours = name.upper().startswith(PREFIX) and not name.startswith(_FOR_TESTS)
        rest = name[len(PREFIX) :]
        if ours and not (name.startswith(PREFIX) and rest in known):
            near = _nearest(rest.upper(), known, PREFIX)
            raise SettingsError(
                f"环境变量 {name} 不是先审的设置{near}；请改正或删去，{_MANUAL}"
            )


def _nearest(name: str, known: Iterable[str], prefix: str = "") -> str:
    # Without the prefix, which would make all names look alike.
    close = difflib.get_close_matches(name, known, n=1)
    return f"，是不是想写 {prefix}{close[0]}" if close else ""


def _default_data_dir(given: Mapping[str, str], home: Path) -> Path:
    # A relative XDG_DATA_HOME is to be ignored, says the XDG specification.
    shared = Path(given.get("XDG_DATA_HOME", ""))
    shared = shared if shared.is_absolute() else home / ".local" / "share"
    return shared.absolute() / "xianshen"


def _path(text: str, base: Path, home: Path) -> Path:
    first, *others = Path(text).parts or (".",)
    return home.joinpath(*others) if first == "~" else base / text


def _with_paths(values: Mapping[str, Any], base: Path, home: Path) -> dict[str, Any]:
    """Return the values with each path taken from `base`, the file's folder or ours."""
    paths = {
        name
        for name, field in Settings.model_fields.items()
        if Path in (field.annotation, *get_args(field.annotation))
    }
    return {
        name: _path(value, base, home)
        if name in paths and isinstance(value, str)
        else value
        for name, value in values.items()
    }


def _from_file(path: Path, home: Path, *, must_exist: bool) -> dict[str, Any]:
    if not must_exist and not _is_there(path):
        return {}
    values = _toml(path, _text(path, "配置文件"))
    for name in values:
        if name not in Settings.model_fields:
            raise SettingsError(
                f"配置文件 {path} 里的 {name} 不是先审的设置"
                f"{_nearest(name, Settings.model_fields)}；请改正或删去，{_MANUAL}"
            )
    if "data_dir" in values and not must_exist:
        raise SettingsError(
            f"配置文件 {path} 就在数据目录里，里面不能再写 data_dir；"
            f"请改用环境变量 {PREFIX}DATA_DIR"
        )
    _refuse_pairs(values, f"配置文件 {path} 里的 ")
    _refuse_open_secrets(values, path)
    return _with_paths(values, path.parent, home)


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        # It may well be there: reading it will say what is wrong.
        return True
    return True


def _text(path: Path, what: str) -> str:
    problem = "超过 64 KB，请检查是否指错了文件"
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) <= _MOST_BYTES:
            return data.decode()
    except OSError:
        problem = "读不了，请检查路径和权限"
    except UnicodeDecodeError:
        problem = "不是 UTF-8 编码，请另存为 UTF-8"
    # Raised out here, so that the error carries no piece of what may be a secret.
    raise SettingsError(f"{what} {path} {problem}")


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
    raise SettingsError(
        f"配置文件 {path}{f'第 {line[1]} 行' if line else ''}不是合格的 TOML，"
        '一行一项，文字加引号，例如 office_name = "云山职业学院"'
    )


def _refuse_pairs(values: Mapping[str, Any], where: str) -> None:
    for name in _SECRETS:
        if name in values and f"{name}_file" in values:
            raise SettingsError(
                f"{where}{name} 和 {name}_file 只能设一个，请删去另一个"
            )


def _refuse_open_secrets(values: Mapping[str, Any], path: Path) -> None:
    """Keep secrets out of a file that is copied, mailed and read by many."""
    for name in _SECRETS:
        value = values.get(name)
        if value is not None and (name not in _URLS or _has_password(str(value))):
            raise SettingsError(
                f"配置文件 {path} 里不能写密钥和口令，请删去 {name}，"
                f"改用 {name}_file 指向单独的文件，或用环境变量 {PREFIX}{name.upper()}"
            )


def _has_password(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return parts.password is not None or "password" in parse_qs(parts.query)


def _not_overruled(
    lower: Mapping[str, Any], upper: Mapping[str, Any]
) -> dict[str, Any]:
    """Drop from the file what the environment sets, by value or by file."""
    overruled = {
        one
        for name in _SECRETS
        for one in (name, f"{name}_file")
        if name in upper or f"{name}_file" in upper
    }
    return {name: value for name, value in lower.items() if name not in overruled}


def _urls_from_files(values: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _URLS:
        path = values.get(f"{name}_file")
        if isinstance(path, Path):
            found[name] = _text(path, f"{name}_file 指定的文件").strip()
    return found


def _sqlite_path(rest: str, data_dir: Path) -> str:
    """Return what follows `sqlite://`, a relative path being one in the data folder."""
    name = rest.removeprefix("/")
    if name in {rest, ":memory:"} or name.startswith("file:") or "?" in name:
        raise ValueError(
            "要指向磁盘上的一个文件，例如 sqlite:////完整路径/xianshen.db：审查记录必须留得住"
        )
    if name.startswith("/"):
        return rest
    # SQLAlchemy decodes percent signs, and takes a question mark for the end.
    folder = str(data_dir).replace("%", "%25").replace("?", "%3F")
    return f"/{folder}/{name}"


def _settings(values: Mapping[str, Any], upper: Mapping[str, Any]) -> Settings:
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
    name = str(first["loc"][0])
    where = f"环境变量 {PREFIX}{name.upper()}" if name in upper else f"设置 {name} "
    # Raised out here, so that the error does not carry the refused values along.
    raise SettingsError(f"{where} {_in_chinese(first)}；{_MANUAL}")


def _in_chinese(error: Any) -> str:
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(context["error"])
    if error["type"] == "literal_error":
        words = str(context["expected"]).replace("'", "")
        return f"只能写 {words.replace(', ', '、').replace(' or ', '、')}"
    if error["loc"][0] == "office_id":
        return "只能用小写字母、数字、点和横线，以字母或数字开头"
    return "写法不对，应是一段不空的文字，不要太长"
