"""Files that outlive a power cut, and that nobody but their owner reads."""

import os
from pathlib import Path


def write_private(path: Path, data: bytes) -> None:
    """Write a new file for its owner alone, never over an old one.

    The file and its name have reached the disk when this returns.

    Raises:
        FileExistsError: There is one already.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that a power cut takes back no name that the folder was just given."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
