"""What the categories are called where people read them."""

from typing import Final

CATEGORY_NAMES: Final = {
    "marking": "密级标志与涉密件",
    "exam": "考试",
    "personnel": "干部人事",
    "meeting": "会议",
    "finance": "财务审计",
    "student": "学生",
    "discipline": "案件与处分",
    "stability": "稳定",
    "foreign": "涉外",
    "party": "党务",
    "union_youth": "工会与团",
    "procurement": "采购招标",
    "research": "科研",
    "itsec": "信息系统",
    "plans": "计划与统计",
    "privacy": "个人隐私",
    "business": "商业秘密",
    "unitedfront": "统战民族宗教",
    "keysite": "要害部位",
    "upstream": "上下级来往公文",
    "assets": "资产设备",
    "visit": "领导与外宾活动",
}
