"""The key with which a script or a proxy of ours asks the gate."""

from pathlib import Path

from review.cli.joined import read_in
from review.errors import UsageError
from review.settings import load_settings


def site_key(key_file: Path | None) -> str:
    """Return the key from its file, or else from the settings.

    Raises:
        UsageError: There is none.
    """
    if key_file is not None:
        ((_, data),) = read_in(key_file)
        return data.decode("ascii", "replace").strip()
    key = load_settings().site_key
    if key is None:
        raise UsageError(
            "没有站点密钥：请用 --key-file 指明文件，或设环境变量 XIANSHEN_SITE_KEY。"
        )
    return key.get_secret_value().strip()
