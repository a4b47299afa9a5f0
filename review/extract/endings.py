"""Which endings of names each format goes by; a new format is a line here too.

What a file is, its contents say (`formats.py`). The endings are promises: pages use them to
warn before an upload, and the handbook (`docs/手册/扫描.md`) names the first of each line.
"""

from collections.abc import Mapping
from typing import Final

ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "docx": ("docx", "docm", "dotx"),
    "doc": ("doc",),
    "wps": ("wps",),
    "rtf": ("rtf",),
    "odt": ("odt",),
    "pdf": ("pdf",),
    "ofd": ("ofd",),
    "xlsx": ("xlsx", "xlsm"),
    "xls": ("xls", "et"),
    "ods": ("ods",),
    "csv": ("csv", "tsv"),
    "pptx": ("pptx", "pptm", "ppsx"),
    "ppt": ("ppt", "dps"),
    "odp": ("odp",),
    "txt": ("txt", "md"),
    "html": ("html", "htm"),
    "mhtml": ("mhtml", "mht"),
    "xml": ("xml",),
    "eml": ("eml",),
    "msg": ("msg",),
    "vcf": ("vcf",),
    "ics": ("ics",),
    "tnef": (),  # winmail.dat, which no office hands in by itself
    "zip": ("zip",),
    "rar": ("rar",),
    "7z": ("7z",),
    "tar": ("tar",),
    "gz": ("gz", "tgz"),
    "bz2": ("bz2",),
    "xz": ("xz",),
    "sfx": (),  # an archive behind a program: nobody is invited to hand in programs
    "png": ("png",),
    "jpg": ("jpg", "jpeg"),
    "gif": ("gif",),
    "bmp": ("bmp",),
    "tiff": ("tiff", "tif"),
    "webp": ("webp",),
}
