"""The control words of rich text: which say where text goes, and which are letters."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from review.spans import Part

# Where the text of a group goes.
Way: TypeAlias = Literal[
    "show",  # to the page
    "skip",  # nowhere: it is on the page already, or no text at all
    "note",  # among what no page shows, under a label
    "code",  # a field's code
    "picture",
    "object",
    "fonts",
    "colours",
    "people",
    "author",
    "date",
    "stranger",  # a destination that nobody here knows
]

SKIPPED: Final = frozenset(
    [
        *("stylesheet", "listtable", "listoverridetable", "rsidtbl", "generator"),
        *("xmlnstbl", "themedata", "colorschememapping", "datastore", "latentstyles"),
        *("pnseclvl", "bkmkstart", "bkmkend", "falt", "panose", "fontemb", "shprslt"),
        *("nonshppict", "mmathPr", "blipuid", "wgrffmtfilter", "ftnsep", "ftnsepc"),
        *("aftnsep", "aftnsepc", "ftncn", "aftncn", "objalias", "pgptbl", "oldcprops"),
        *(
            "oldpprops",
            "oldtprops",
            "oldsprops",
            "background",
            "listpicture",
            "htmltag",
        ),
        *(
            "atrfstart",
            "atrfend",
            "atnparent",
            "atnref",
            "defchp",
            "defpap",
            "nextfile",
        ),
        *(
            "fldtype",
            "datafield",
            "pgdsctbl",
            "picprop",
            "listname",
            "listlevel",
            "list",
        ),
    ]
)
LABELS: Final[Mapping[str, str]] = {
    "title": "标题",
    "subject": "主题",
    "author": "作者",
    "manager": "负责人",
    "company": "单位",
    "operator": "最后修改者",
    "category": "类别",
    "keywords": "关键词",
    "comment": "备注",
    "doccomm": "备注",
    "hlinkbase": "链接基址",
    "creatim": "创建时间",
    "revtim": "最后保存时间",
    "printim": "最后打印时间",
    "buptim": "备份时间",
    "template": "模板",
    "propname": "自定义属性",
    "staticval": "自定义属性的值",
    "linkval": "自定义属性的链接",
    "docvar": "文档变量",
    "file": "引用的文件",
    "objclass": "内嵌对象的种类",
    "objname": "内嵌对象的名称",
    "passwordhash": "写保护密码的散列",
    "formfield": "表单域",
    "ffdeftext": "表单域的默认文字",
    "ffhelptext": "表单域的帮助文字",
    "ffstattext": "表单域的状态栏文字",
    "ffname": "表单域的名称",
    "ffl": "下拉选项",
    "mailmerge": "邮件合并",
    "mmquery": "邮件合并的查询",
    "mmdatasource": "邮件合并的数据文件",
    "mmconnectstr": "邮件合并的连接",
}
TIMES: Final = frozenset({"creatim", "revtim", "printim", "buptim"})
CLOCK: Final = ("yr", "mo", "dy", "hr", "min")
STORIES: Final[Mapping[str, Part]] = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "header"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "footer"),
    "footnote": "footnote",
    "annotation": "comment",
    "shptxt": "textbox",
    "dptxbxtext": "textbox",
}
SHAPE_LABELS: Final[Mapping[str, str]] = {
    "wzDescription": "替代文字",
    "pibName": "图片的原文件名",
    "gtextUNICODE": "艺术字或图形文字",
    "pihlShape": "链接地址",
}
WAYS: Final[Mapping[str, Way]] = {
    "fonttbl": "fonts",
    "colortbl": "colours",
    "revtbl": "people",
    "fldinst": "code",
    "pict": "picture",
    "objdata": "object",
    "atnid": "author",
    "atnauthor": "author",
    "atndate": "date",
}
# Destinations that hold others, or whose text a reader sees.
PLAIN: Final = frozenset(
    [
        *("rtf", "info", "userprops", "field", "fldrslt", "object", "result", "shp"),
        *("shpinst", "shppict", "shpgrp", "do", "pntext", "listtext", "filetbl", "ud"),
        *("pntxta", "pntxtb", "sp", "xe", "tc", "rxe", "bkmkcolf", "pn"),
    ]
)
LETTERS: Final[Mapping[str, str]] = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "zwj": "\u200d",
    "zwnj": "\u200c",
}
SIGNS: Final = {b"~": "\xa0", b"_": "-"}
ENDS: Final = frozenset(["par", "page", "sect", "column", "softpage"])
