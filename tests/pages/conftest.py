"""The college behind its door, as its people's browsers see it."""

from tests.api.conftest import (
    college,
    database,
    founded,
    installation,
    machine,
    secrets,
    site,
    staffed,
    standing,
)

__all__ = [
    "college",
    "database",
    "founded",
    "installation",
    "machine",
    "secrets",
    "site",
    "staffed",
    "standing",
]
