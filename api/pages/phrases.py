"""What offices usually write, ready to be taken with one press; own words are always possible.

None of it decides anything: a phrase fills a field, and a person sends it under his name.
"""

from collections.abc import Mapping
from typing import Final

from review.case.values import Conclusion, Opinion, SignedOutcome

DISPOSITIONS: Final[Mapping[Opinion, tuple[str, ...]]] = {
    "not_sensitive": (
        "属于依法公开的办事信息，不涉及秘密",
        "是对外公布的办公联系方式",
        "只是一般提及，没有透露具体内容",
        "当事人已同意公开",
        "内容已公开，依据见所填文号或网址",
    ),
    "must_change": (
        "属于个人信息，请删去或用*号代替",
        "属于内部事项，请删去这一段",
        "尚未正式公布，请删去或等公布以后再发",
        "只写结果，请删去讨论过程和不同意见",
        "请删去隐藏内容（批注、修订、文件属性），另存后重新送审",
    ),
    "uncertain": (
        "不能确定是否属于国家秘密或工作秘密，请保密办认定",
        "不能确定是否已经公开，请保密办核实",
        "来自其他单位，不能确定能否公开，请保密办征求意见",
    ),
}
GAPS: Final[tuple[str, ...]] = (
    "已打开原件逐页看过，没有不宜公开的内容",
    "已看过图片里的文字，没有不宜公开的内容",
    "已逐个打开内嵌文件看过，没有不宜公开的内容",
    "有不宜公开的内容，须修改，见初审意见",
)
CONCLUSIONS: Final[Mapping[Conclusion, tuple[str, ...]]] = {
    "agree": ("经逐项审查，没有涉密和不宜公开的内容，拟同意公开",),
    "must_change": ("请按处置意见修改后重新送审",),
    "uncertain": ("有不能确定的内容，报保密办审定",),
    "refuse": ("含有不宜公开的内容，不予公开",),
}
AGREEMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "true": ("同意", "同意初审意见，报保密办终审"),
    "false": ("请按处置意见补充审查后再报",),
}
LEADER: Final[Mapping[str, tuple[str, ...]]] = {
    "true": ("同意公开",),
    "false": ("请保密办进一步核实后再报",),
}
OUTCOMES: Final[Mapping[SignedOutcome, tuple[str, ...]]] = {
    "clear": ("经审查，同意在所选范围内公开", "同意公开，发布内容须与送审稿一致"),
    "return": ("请按处置意见修改后再报审",),
    "partial": ("请删去不宜公开的部分，另送一轮后公开其余部分",),
    "refuse": ("含有不宜公开的内容，不予公开",),
}
