"""What an operator may choose about signing in, and what he may not."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from review.access.entrance import Entrance, Provider
from review.bootstrap import install, open_installation
from review.errors import SettingsError
from review.settings import PREFIX, Settings, load_settings

_ISSUER = "https://id.example.edu.cn/realms/yunshan"
_SECRET = "geheim-und-lang"  # noqa: S105 - made up, to be looked for


def _load(tmp_path: Path, **chosen: str) -> Settings:
    given = {f"{PREFIX}{name}": value for name, value in chosen.items()}
    return load_settings({"HOME": str(tmp_path), **given})


def test_what_is_chosen_is_what_the_entrance_goes_by(tmp_path: Path) -> None:
    chosen = _load(
        tmp_path,
        PASSWORD_DAYS="90",  # noqa: S106 - a number of days
        SESSION_IDLE_MINUTES="10",
        SESSION_HOURS="8",
        OIDC_ISSUER=_ISSUER,
        OIDC_CLIENT_ID="xianshen",
        OIDC_LOGIN_CLAIM="preferred_username",
        OIDC_SECOND_FACTOR_COUNTS="true",
    )
    install(chosen)
    with open_installation(chosen, via="test") as installation:
        assert installation.desk.entrance == Entrance(
            password_days=90,
            idle=timedelta(minutes=10),
            longest=timedelta(hours=8),
            provider=Provider(
                issuer=_ISSUER,
                login_claim="preferred_username",
                its_second_factor_counts=True,
            ),
        )


def test_without_a_choice_there_is_no_provider(tmp_path: Path) -> None:
    chosen = _load(tmp_path)
    install(chosen)
    with open_installation(chosen, via="test") as installation:
        assert installation.desk.entrance == Entrance()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PASSWORD_DAYS", "-1", "太小"),
        ("PASSWORD_DAYS", "never", "整数"),
        ("SESSION_IDLE_MINUTES", "0", "太小"),
        ("SESSION_HOURS", "1000", "太大"),
        ("OIDC_SECOND_FACTOR_COUNTS", "perhaps", "true、false"),
        ("OIDC_ISSUER", "http://id.example.edu.cn", "https"),
        ("OIDC_ISSUER", "https://id.example.edu.cn?x=1", "https"),
        ("OIDC_ISSUER", "https://u:p@id.example.edu.cn", "https"),
        ("OIDC_ISSUER", "https://[", "https"),
        ("OIDC_ISSUER", "id.example.edu.cn", "https"),
        ("PUBLIC_URL", "http://review.example.edu.cn", "https"),
        ("OIDC_ISSUER", _ISSUER, "一起设"),
    ],
)
def test_what_cannot_be_chosen_is_said(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        _load(tmp_path, **{name: value})


@pytest.mark.parametrize(
    "issuer", [_ISSUER, "http://127.0.0.1:9000", "http://localhost/x", "http://[::1]:1"]
)
def test_a_provider_is_reached_over_tls_or_on_this_machine(
    tmp_path: Path, issuer: str
) -> None:
    chosen = _load(tmp_path, OIDC_ISSUER=issuer, OIDC_CLIENT_ID="xianshen")
    assert chosen.oidc_issuer == issuer


def test_the_clients_secret_stands_in_a_file_or_the_environment(
    tmp_path: Path,
) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{_SECRET}\n")
    by_file = _load(tmp_path, OIDC_CLIENT_SECRET_FILE=str(path))
    by_value = _load(tmp_path, OIDC_CLIENT_SECRET=_SECRET)
    assert by_file.oidc_client_secret == by_value.oidc_client_secret
    assert by_file.oidc_client_secret == SecretStr(_SECRET)
    assert _SECRET not in repr(by_value)
    assert _SECRET not in json.dumps(by_value.model_dump(mode="json"))
    with pytest.raises(SettingsError, match="只能设一个"):
        _load(tmp_path, OIDC_CLIENT_SECRET=_SECRET, OIDC_CLIENT_SECRET_FILE=str(path))


def test_the_clients_secret_never_stands_in_the_configuration_file(
    tmp_path: Path,
) -> None:
    config = tmp_path / "xianshen.toml"
    config.write_text(f'oidc_client_secret = "{_SECRET}"\n')
    with pytest.raises(SettingsError, match="不能写密钥") as refused:
        _load(tmp_path, CONFIG=str(config))
    assert _SECRET not in refused.value.message
