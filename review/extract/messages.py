"""Sentences that several formats say: one wording for one thing."""

from typing import Final

LOCKED: Final = "文件已用密码加密，请取消密码后再提交。"
ARCHIVE_LOCKED: Final = "压缩包已用密码加密，请取消密码后再提交。"
MAIL_LOCKED: Final = "邮件正文已加密，请解密后另存再提交。"
NO_MAIN_PART: Final = "Office 文件缺少正文部件，已损坏，请重新保存后再提交。"
MACROS: Final = "文件含有宏代码，宏未经检查，请删除宏后再提交。"
MACROS_UNREAD: Final = "文件含有宏代码，未能读取，也未经检查，请删除宏后再提交。"


def linked(count: int) -> str:
    """Say how many contents the file only refers to."""
    return f"文件引用了 {count} 处外部内容，不在文件里，未经检查。"


def shadowed(part: str) -> str:
    """Say that a package holds a part of this name more than once."""
    return f"文件包里有重名部件 {part}，只读了其中一个。"


def unread(part: str) -> str:
    """Say that nobody here reads a part of a package."""
    return f"部件 {part} 的内容未能读取，请人工查看。"


def not_followed(member: str) -> str:
    """Say that a member of an archive is only a link."""
    return f"压缩包里的“{member}”是指向别处的链接，没有跟随。"
