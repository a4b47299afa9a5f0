"""The samples of docx, docm, and of what newer programs save under the name wps."""

from typing import Final

from tests.golden.making import word
from tests.golden.making.sample import Sample

_CODE: Final = 'Sub AutoOpen()\r\n    \' 口令 yunshan2026\r\n    MsgBox "请启用编辑"\r\nEnd Sub\r\n'
_STAMP: Final = (
    "Sub 套红()\r\n    ' 模板在 机要科共享盘\r\n    ActiveDocument.Save\r\nEnd Sub\r\n"
)

SAMPLES: Final = (
    Sample(
        "docx/国庆值班通知（修订批注）.docx",
        "有修订、批注与回复、文档变量、各种属性的通知",
        word.reviewed,
        (
            "关于2026年国庆节放假值班的通知",
            "各系部、处室：",
            "放假期间各部门安排专人值班，",
            "值班表请于9月25日前报送",
            "值班电话保持畅通。",
            "10月1日\t行政楼101\t张示例",
            "2026年9月18日",
        ),
        {
            "tracked insertion": "并报保卫处备案",
            "tracked deletion": "值班费每人每天一百五十元，",
            "comment": "校领导手机号不要写进值班表",
            "comment reply": "已经改为值班室座机",
            "header": "云山职业学院文件",
            "footer": "云山职业学院党政办公室印发",
            "document variable": "送审处室：校长办公室机要科",
            "author": "作者：赵虚构",
            "company": "单位：云山职业学院党政办公室",
            "template path": "红头文件（内部）.dotx",
            "last printed": "2026-09-17T02:00:00Z",
            "custom property": "拟稿密级：内部资料",
            "revision ids": "修订标识（rsid）2 个",
        },
    ),
    Sample(
        "docx/致新同学的信（隐藏文字）.docx",
        "有隐藏、白色、极小文字、域代码和文本框的信",
        word.unseen,
        (
            "致2026级新同学的一封信",
            "欢迎来到云山职业学院！报到时间为9月5日至6日。",
            "请携带录取通知书和身份证。",
            "学费标准以收费公示栏为准。",
            "如有疑问请拨打招生热线。",
            "本信发出日期：2026年8月20日",
        ),
        {
            "hidden run": "本批补录名单含未公示的三人",
            "white text": "内部减免口径暂不公开",
            "tiny text": "底线分数四百零二分",
            "field code": "DOCPROPERTY 机要编号",
            "text box": "报名咨询时间：工作日8:30至17:00",
        },
    ),
    Sample(
        "docx/实训楼改造小结（嵌入外链）.docx",
        "有脚注、尾注、嵌入工作簿、外部链接、远程模板和裁剪图片的小结",
        word.joined,
        (
            "实训楼改造工作小结",
            "改造共涉及机房四间",
            "费用已经审计",
            "进度见项目网页。",
            "设备清单见附表：",
        ),
        {
            "footnote": "含保密教室一间，不对外开放",
            "endnote": "审计报告尚未公开，文号云职审〔2026〕3号",
            "alternative text": "实训楼机房布线照片",
            "cropped picture": "被裁剪（下侧 50%）",
            "embedded object": "核心交换机",
            "external link": "http://project.yunshan.example/shixun",
            "remote template": "http://oa.yunshan.example/模板/小结.dotm",
        },
        ("recognition",),
    ),
    Sample(
        "docx/优秀班主任公示（python-docx）.docx",
        "程序库写出的公示，有表格和批注",
        word.roster,
        (
            "2026年优秀班主任评选结果公示",
            "序号\t姓名\t系部",
            "2\t李样本\t护理系",
            "公示期五个工作日。",
            "如有异议请向人事处反映。",
        ),
        {"comment": "第三名有举报未查清，先不列", "author": "作者：王测试"},
        ("recognition",),  # the library's template has a thumbnail
    ),
    Sample(
        "docm/启用宏的报名表.docm",
        "打开时运行宏的报名表",
        lambda: word.with_macros(_CODE, "技能大赛报名表", "请各系于10月10日前报名。"),
        ("技能大赛报名表", "请各系于10月10日前报名。"),
        {"macro": "口令 yunshan2026"},
    ),
    Sample(
        "docm/公文套红模板.docm",
        "用宏套红头的公文",
        lambda: word.with_macros(
            _STAMP, "关于召开教学例会的通知", "时间：9月22日下午两点。"
        ),
        ("关于召开教学例会的通知", "时间：9月22日下午两点。"),
        {"macro": "模板在 机要科共享盘"},
    ),
    Sample(
        "docm/信息公开审核表（无宏）.docm",
        "宏文档的类型，没有宏，有下拉选项",
        word.without_macros,
        ("信息公开审核表", "公开属性：主动公开"),
    ),
    Sample(
        "wps/读书月活动安排（新格式）.wps",
        "WPS 新版存成 wps 的其实是 docx",
        lambda: word.commented(
            "读书月活动安排", "十月每周三晚在图书馆举行分享会。", "嘉宾人选还没批"
        ),
        ("读书月活动安排", "十月每周三晚在图书馆举行分享会。"),
        {"comment": "嘉宾人选还没批"},
    ),
)
