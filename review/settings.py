"""Everything an operator may choose, read once at the start and never changed.

The environment beats the configuration file, which beats the defaults. A name
that nobody knows is refused, since a misspelt setting is a setting not made. Secrets
come from the environment or from a file of their own and are never shown. Only
this file reads the environment; `docs/手册/设置.md` describes each setting.
"""

import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

from pydantic import (
    BeforeValidator,
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
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from review.errors import SettingsError
from review.settings_files import (
    has_password,
    host_names_in,
    in_chinese,
    is_safe_address,
    is_there,
    nearest,
    networks_in,
    path_of,
    sqlite_path,
    table_of,
    text_of,
    words_of,
)

PREFIX: Final = "XIANSHEN_"
CONFIG: Final = "XIANSHEN_CONFIG"
_CONFIG_NAME: Final = "xianshen.toml"
# What a test run tells its own tests, not the program.
_FOR_TESTS: Final = "XIANSHEN_TEST_"
_MANUAL: Final = "全部设置见 docs/手册/设置.md"

# Each of these can also stand in a file that `<name>_file` names.
_SECRETS: Final = (
    "database_url",
    "vault_key",
    "ledger_key",
    "redis_url",
    "oidc_client_secret",
    "messenger_urls",
    "site_key",
)
# Those that are read here; the rooms open key files themselves, and check who may read them.
_URLS: Final = ("database_url", "redis_url")
_READ_HERE: Final = (*_URLS, "oidc_client_secret", "messenger_urls", "site_key")
# What an operator may write, and what SQLAlchemy wants: with the driver.
_DATABASES: Final[Mapping[str, str]] = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def _in_data_dir(*parts: str) -> Any:
    return Field(default_factory=lambda data: data["data_dir"].joinpath(*parts))


# Several values: in the environment parted by commas, in the file a list.
Words: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(words_of)]
ShortName: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)
]


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
    models_dir: Path = _in_data_dir("models")
    office_name: ShortName = "本单位"
    office_id: Annotated[
        str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,62}$")
    ] = "local"
    pdf_font: Path | None = None
    redis_url: SecretStr | None = None
    redis_url_file: Path | None = None
    messenger_urls: SecretStr | None = None
    messenger_urls_file: Path | None = None
    webhook_networks: str = ""
    webhook_ca_file: Path | None = None
    site_key: SecretStr | None = None
    site_key_file: Path | None = None
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    scan_file_seconds: Annotated[int, Field(ge=1, le=86_400)] = 900
    scan_file_memory_mb: Annotated[int, Field(ge=1, le=1_048_576)] = 2048
    scan_quick_seconds: Annotated[int, Field(ge=1, le=86_400)] = 30
    scan_round_seconds: Annotated[int, Field(ge=1, le=604_800)] = 7200
    read_seconds: Annotated[int, Field(ge=1, le=86_400)] = 180
    read_memory_mb: Annotated[int, Field(ge=256, le=1_048_576)] = 2048
    read_unpacked_mb: Annotated[int, Field(ge=1, le=65_536)] = 512
    read_members: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    read_pages: Annotated[int, Field(ge=1, le=100_000)] = 3000
    read_depth: Annotated[int, Field(ge=1, le=20)] = 3
    read_pictures: Annotated[int, Field(ge=0, le=100_000)] = 300
    read_frames: Annotated[int, Field(ge=1, le=100_000)] = 30
    read_characters: Annotated[int, Field(ge=1000, le=1_000_000_000)] = 20_000_000
    read_cells: Annotated[int, Field(ge=1000, le=100_000_000)] = 2_000_000
    read_blocks: Annotated[int, Field(ge=1000, le=100_000_000)] = 500_000
    read_drawn: Annotated[int, Field(ge=1000, le=100_000_000)] = 100_000
    convert_seconds: Annotated[int, Field(ge=1, le=86_400)] = 120
    convert_memory_mb: Annotated[int, Field(ge=256, le=1_048_576)] = 2048
    picture_seconds: Annotated[int, Field(ge=1, le=86_400)] = 120
    picture_memory_mb: Annotated[int, Field(ge=256, le=1_048_576)] = 1536
    pictures_seconds: Annotated[int, Field(ge=1, le=86_400)] = 1200
    pictures_at_once: Annotated[int, Field(ge=1, le=64)] = 2
    audit_addresses: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000
    audit_megabytes: Annotated[int, Field(ge=1, le=1_048_576)] = 4096
    audit_minutes: Annotated[int, Field(ge=1, le=10_080)] = 240
    audit_delay_ms: Annotated[int, Field(ge=0, le=60_000)] = 200
    demo: bool | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    public_url: str | None = None
    allowed_hosts: Words = ()
    trusted_proxies: Words = ()
    metrics_networks: Words = ()
    upload_megabytes: Annotated[int, Field(ge=1, le=2048)] = 200
    requests_per_minute: Annotated[int, Field(ge=60, le=100_000)] = 600
    gate_requests_per_minute: Annotated[int, Field(ge=60, le=1_000_000)] = 60_000
    password_days: Annotated[int, Field(ge=0, le=3650)] = 0
    session_idle_minutes: Annotated[int, Field(ge=2, le=24 * 60)] = 30
    session_hours: Annotated[int, Field(ge=1, le=7 * 24)] = 12
    signing_code_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 10
    oidc_issuer: str | None = None
    oidc_client_id: str | None = Field(default=None, validate_default=True)
    oidc_client_secret: SecretStr | None = None
    oidc_client_secret_file: Path | None = None
    oidc_name: ShortName = "统一身份认证"
    oidc_login_claim: str | None = None
    oidc_second_factor_counts: bool = False

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
            rest = sqlite_path(rest, info.data["data_dir"])
        return SecretStr(f"{_DATABASES[kind]}://{rest}")

    @field_validator("allowed_hosts")
    @classmethod
    def _of_hosts(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        return host_names_in(words)

    @field_validator("trusted_proxies", "metrics_networks")
    @classmethod
    def _of_networks(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        return networks_in(words)

    @field_validator("redis_url")
    @classmethod
    def _for_redis(cls, url: SecretStr | None) -> SecretStr | None:
        kinds = ("redis://", "rediss://", "unix://")
        if url is not None and not url.get_secret_value().startswith(kinds):
            raise ValueError("要写成 redis://主机:6379/0")
        return url

    @field_validator("webhook_networks")
    @classmethod
    def _as_networks(cls, text: str) -> str:
        found = (ip_network(one.strip()) for one in text.split(",") if one.strip())
        try:
            return ",".join(str(one) for one in found)
        except ValueError:
            raise ValueError(
                "要写成网段，几个用逗号隔开，例如 10.1.2.0/24,10.1.3.7"
            ) from None

    @field_validator("public_url", "oidc_issuer")
    @classmethod
    def _over_https(cls, url: str | None) -> str | None:
        if url is not None and not is_safe_address(url):
            raise ValueError(
                "要写成 https://主机/…（只有本机可以用 http），不带问号和井号"
            )
        return url

    @field_validator("oidc_client_id")
    @classmethod
    def _with_issuer(cls, client: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("oidc_issuer") and not client:
            raise ValueError("设了 oidc_issuer，就要一起设")
        return client


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
        path_of(named, Path.cwd(), home)
        if named
        else upper.get("data_dir", fallback) / _CONFIG_NAME
    )
    lower = _from_file(config, home, must_exist=bool(named))
    values = {"data_dir": fallback, **_not_overruled(lower, upper), **upper}
    return _settings(values | _read_from_files(values), upper)


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
            near = nearest(rest.upper(), known, PREFIX)
            raise SettingsError(
                f"环境变量 {name} 不是先审的设置{near}；请改正或删去，{_MANUAL}"
            )


def _default_data_dir(given: Mapping[str, str], home: Path) -> Path:
    # A relative XDG_DATA_HOME is to be ignored, says the XDG specification.
    shared = Path(given.get("XDG_DATA_HOME", ""))
    shared = shared if shared.is_absolute() else home / ".local" / "share"
    return shared.absolute() / "xianshen"


def _with_paths(values: Mapping[str, Any], base: Path, home: Path) -> dict[str, Any]:
    """Return the values with each path taken from `base`, the file's folder or ours."""
    paths = {
        name
        for name, field in Settings.model_fields.items()
        if Path in (field.annotation, *get_args(field.annotation))
    }
    return {
        name: path_of(value, base, home)
        if name in paths and isinstance(value, str)
        else value
        for name, value in values.items()
    }


def _from_file(path: Path, home: Path, *, must_exist: bool) -> dict[str, Any]:
    if not must_exist and not is_there(path):
        return {}
    values = table_of(path, text_of(path, "配置文件"))
    for name in values:
        if name not in Settings.model_fields:
            raise SettingsError(
                f"配置文件 {path} 里的 {name} 不是先审的设置"
                f"{nearest(name, Settings.model_fields)}；请改正或删去，{_MANUAL}"
            )
    if "data_dir" in values and not must_exist:
        raise SettingsError(
            f"配置文件 {path} 就在数据目录里，里面不能再写 data_dir；"
            f"请改用环境变量 {PREFIX}DATA_DIR"
        )
    _refuse_pairs(values, f"配置文件 {path} 里的 ")
    _refuse_open_secrets(values, path)
    return _with_paths(values, path.parent, home)


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
        if value is not None and (name not in _URLS or has_password(str(value))):
            raise SettingsError(
                f"配置文件 {path} 里不能写密钥和口令，请删去 {name}，"
                f"改用 {name}_file 指向单独的文件，或用环境变量 {PREFIX}{name.upper()}"
            )


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


def _read_from_files(values: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _READ_HERE:
        path = values.get(f"{name}_file")
        if isinstance(path, Path):
            found[name] = text_of(path, f"{name}_file 指定的文件").strip()
    return found


def _settings(values: Mapping[str, Any], upper: Mapping[str, Any]) -> Settings:
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
    name = str(first["loc"][0])
    where = f"环境变量 {PREFIX}{name.upper()}" if name in upper else f"设置 {name} "
    # Raised out here, so that the error does not carry the refused values along.
    raise SettingsError(f"{where} {in_chinese(first)}；{_MANUAL}")
