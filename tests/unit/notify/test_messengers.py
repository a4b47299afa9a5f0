"""Messages through the real library, to a service of our own that stays on this machine."""

import uuid

import pytest
from apprise.decorators import notify

from review.errors import MessengerError, SettingsError
from review.notify.messengers import AppriseMessengers

# The library asks an old module of Python's for help where a newer one is missing.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")


@pytest.fixture
def office() -> tuple[str, list[tuple[str, str]]]:
    """Return the address of a messenger that remembers, and what it remembers."""
    said: list[tuple[str, str]] = []
    name = f"xs{uuid.uuid5(uuid.NAMESPACE_DNS, str(id(said))).hex[:12]}"

    @notify(on=name)
    def remember(body: str, title: str, *_: object, **__: object) -> bool:
        said.append((title, body))
        return True

    return f"{name}://", said


def test_every_address_gets_the_message(
    office: tuple[str, list[tuple[str, str]]],
) -> None:
    address, said = office
    messengers = AppriseMessengers(f"{address}\n {address}two")
    messengers.tell("先审：2026-000001 待终审")
    assert said == [("先审提醒", "先审：2026-000001 待终审")] * 2


def test_a_message_that_goes_nowhere_is_an_error() -> None:
    # The tests' own network is cut: nothing leaves this machine.
    messengers = AppriseMessengers("json://127.0.0.1:9/")
    with pytest.raises(MessengerError):
        messengers.tell("先审：2026-000001 待终审")


def test_a_wrong_address_is_named_by_its_place_alone(
    office: tuple[str, list[tuple[str, str]]],
) -> None:
    address, _ = office
    with pytest.raises(SettingsError, match="第 2 个") as raised:
        AppriseMessengers(f"{address} nosuch://geheim")
    assert "geheim" not in raised.value.message
