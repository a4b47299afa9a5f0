"""Archives: zip, 7z, rar, tar, packed files, and one that packs itself out."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping
from typing import Final

from tests.golden.making import books, word
from tests.golden.making.sample import Sample, still
from tests.unit.extract.archives import native, rar4, rar5, zipped

_NOTE: Final = "请各班于周五前交回报名表。".encode("gb18030")
_LIST: Final = "姓名,学号,班级\n张示例,260101,一班\n李样本,260102,一班\n".encode()
_TAIL: Final = "压缩包后面还有一段：面试名单未公布。".encode()


def _files() -> dict[str, bytes]:
    memo = word.commented("报名须知", "报名需本人签字。", "名额先留三个")
    return {"通知.txt": _NOTE, "附件/名单.csv": _LIST, "附件/报名须知.docx": memo}


def _remarked(data: bytes, remark: str) -> bytes:
    held = io.BytesIO(data)
    with zipfile.ZipFile(held, "a") as archive:
        archive.comment = remark.encode()
    return held.getvalue()


def nested() -> bytes:
    """Return a zip in a zip, the inner one with a workbook."""
    inner = still(
        zipped({"期中成绩.xlsx": books.plain(), "说明.txt": "成绩未审核。".encode()})
    )
    return still(zipped({"成绩.zip": inner, "通知.txt": _NOTE}))


def old_names() -> bytes:
    """Return a zip as old Windows wrote it: names in GBK and no word of that."""
    data = still(zipped({"ABCDEFGH.txt": _NOTE}))
    return data.replace(b"ABCDEFGH.txt", "报名通知".encode("gbk") + b".txt")


def _tar(files: Mapping[str, bytes], owner: str = "") -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.uname, info.mtime = len(data), owner, 1_788_220_800
            archive.addfile(info, io.BytesIO(data))
    return held.getvalue()


def _seven(files: Mapping[str, bytes]) -> bytes:
    return native("7zip", files)


_SHOWN: Final = (
    "请各班于周五前交回报名表。",
    "张示例\t260101\t一班",
    "报名需本人签字。",
)

SAMPLES: Final = (
    Sample(
        "zip/报名材料（注释）.zip",
        "有文本、表格和文档，压缩包带注释",
        lambda: _remarked(still(zipped(_files())), "密码找王测试"),
        _SHOWN,
        {"archive remark": "密码找王测试", "comment": "名额先留三个"},
    ),
    Sample(
        "zip/成绩（套压缩包）.zip",
        "压缩包里还有压缩包",
        nested,
        ("请各班于周五前交回报名表。", "成绩未审核。", "1\t张示例\t86.5"),
        {"attachment": "成绩未审核。"},
    ),
    Sample(
        "zip/报名通知（GBK 文件名）.zip",
        "文件名是没有标记的 GBK",
        old_names,
        ("请各班于周五前交回报名表。",),
        {"attachment": "请各班于周五前交回报名表。"},
    ),
    Sample(
        "7z/报名材料.7z",
        "有文本、表格和文档",
        lambda: _seven(_files()),
        _SHOWN,
        {"comment": "名额先留三个"},
    ),
    Sample(
        "7z/面试安排（尾部数据）.7z",
        "压缩包结尾之后还附着一段文字",
        lambda: _seven({"通知.txt": _NOTE}) + _TAIL,
        ("请各班于周五前交回报名表。",),
        {"data behind the end": "面试名单未公布"},
    ),
    Sample(
        "7z/成绩（套压缩包）.7z",
        "里面是一个 zip",
        lambda: _seven({"成绩.zip": nested()}),
        ("成绩未审核。", "1\t张示例\t86.5"),
        {"attachment": "成绩未审核。"},
    ),
    Sample(
        "rar/报名材料（RAR5，注释）.rar",
        "RAR 5，只存储不压缩，带注释",
        lambda: rar5(_files(), remark="解压密码另发"),
        _SHOWN,
        {"archive remark": "解压密码另发", "comment": "名额先留三个"},
    ),
    Sample(
        "rar/报名通知（RAR4，GBK 文件名）.rar",
        "RAR 4，GBK 文件名，带注释",
        lambda: rar4(
            {
                "资料\\通知.txt".encode("gbk"): _NOTE,
                "资料\\名单.csv".encode("gbk"): _LIST,
            },
            remark="招生办内部".encode("gbk"),
        ),
        ("请各班于周五前交回报名表。", "李样本\t260102\t一班"),
        {"archive remark": "招生办内部"},
    ),
    Sample(
        "rar/名单（加密成员）.rar",
        "一个成员加密，没有读取",
        lambda: rar5({"通知.txt": _NOTE, "名单.csv": _LIST}, locked=("名单.csv",)),
        ("请各班于周五前交回报名表。",),
    ),
    Sample(
        "tar/报名材料（属主）.tar",
        "未压缩的归档，记着属主",
        lambda: _tar(_files(), "zhaoxugou"),
        _SHOWN,
        {"author": "zhaoxugou", "comment": "名额先留三个"},
    ),
    Sample(
        "tar/报名材料.tar.gz",
        "gzip 压缩的归档",
        lambda: gzip.compress(_tar(_files()), mtime=0),
        _SHOWN,
        {"comment": "名额先留三个"},
    ),
    Sample(
        "tar/名单.tar",
        "只有两个文件的归档",
        lambda: _tar({"通知.txt": _NOTE, "名单.csv": _LIST}),
        ("请各班于周五前交回报名表。", "李样本\t260102\t一班"),
    ),
    Sample(
        "gz/通知.txt.gz",
        "单个文件的 gzip",
        lambda: gzip.compress(_NOTE, mtime=0),
        ("请各班于周五前交回报名表。",),
    ),
    Sample(
        "bz2/名单.csv.bz2",
        "单个文件的 bzip2",
        lambda: bz2.compress(_LIST),
        ("张示例\t260101\t一班",),
    ),
    Sample(
        "xz/通知.txt.xz",
        "单个文件的 xz",
        lambda: lzma.compress(_NOTE),
        ("请各班于周五前交回报名表。",),
    ),
    Sample(
        "sfx/自解压的名单.exe",
        "前面是程序、后面是 zip 的自解压包（程序部分是空的）",
        lambda: b"MZ" + bytes(510) + still(zipped({"名单.csv": _LIST})),
        ("张示例\t260101\t一班",),
        {"attachment": "李样本\t260102\t一班"},
    ),
)
