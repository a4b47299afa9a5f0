# ruff: noqa: INP001, T201 - a script by itself that prints
"""Tells `install.sh` about one version of the program and its installation, a fact a line.

Run by that version's own Python: which version of the database it makes; how many entries
the record has; whether database, drafts and keys all lie in the data folder.
"""

import sys

from review.settings import load_settings
from review.store import migrate


def main() -> None:
    """Print the program's schema; with `all` also what is known of the installation."""
    print(migrate.newest())
    if sys.argv[1:] == ["all"]:
        print(_entries())
        print("yes" if _lies_together() else "no")


def _entries() -> int:
    """Return how many entries the record has."""
    from review.bootstrap import open_installation  # noqa: PLC0415 - opened for this alone

    with (
        open_installation(load_settings(), via="install") as installation,
        installation.desk.store.reading() as records,
    ):
        last = records.last_entry()
    return last.index + 1 if last else 0


def _lies_together() -> bool:
    """Tell whether database, drafts and keys all lie in the data folder."""
    settings = load_settings()
    kind, _, path = settings.database_url.get_secret_value().partition(":///")
    inside = (
        settings.vault_dir,
        settings.vault_key_file,
        settings.ledger_key_file,
        settings.witness_file,
        settings.clearance_key_file,
        settings.fingerprint_key_file,
        settings.models_dir,
    )
    return (
        kind.startswith("sqlite")
        and path.startswith(f"{settings.data_dir}/")
        and all(one.is_relative_to(settings.data_dir) for one in inside)
    )


if __name__ == "__main__":
    main()
