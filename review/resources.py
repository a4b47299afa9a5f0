"""Where the shipped lexicons and models lie: in the wheel or in a checkout."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def data_folder() -> Path:
    """Return the folder that holds `lexicons` and `models`."""
    packed = _HERE / "_data"
    return packed if packed.is_dir() else _HERE.parent


def lexicons_folder() -> Path:
    """Return the shipped lexicons."""
    return data_folder() / "lexicons"


def passage_model_folder() -> Path:
    """Return the shipped passage classifier."""
    return data_folder() / "models" / "passage"


def verifier_file() -> Path:
    """Return the one-file verifier that is handed out with an export."""
    return _HERE / "ledger" / "standalone_verifier.py"
