"""OFD, the Chinese standard for documents of fixed layout (GB/T 33190)."""

import io
import zipfile

from review.extract.interface import Extraction
from review.extract.limits import Limits
from review.extract.ofd.read import read_ofd
from review.extract.package import open_package


class Ofd:
    """OFD files; what they hide is told like that of any other format."""

    format = "ofd"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are a zip package with an OFD.xml at its root."""
        if not data.startswith(b"PK\x03\x04"):
            return False
        try:
            names = zipfile.ZipFile(io.BytesIO(data)).namelist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            # A truncated package has lost its directory; its members tell.
            return b"OFD.xml" in data and b"Document.xml" in data
        return any(name.lstrip("/").lower() == "ofd.xml" for name in names)

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every document, page, version, annotation and attached file.

        Raises:
            EncryptedError: The file opens only with a password or a key.
            CorruptError: The package is damaged or names no document.
            BombError: It would unpack to more than the limits allow.
        """
        return read_ofd(open_package(data, limits), limits)
