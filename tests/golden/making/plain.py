"""Plain text, Markdown and XML in the encodings that Chinese offices use."""

from typing import Final

from tests.golden.making.sample import Sample

_NOTE: Final = (
    "关于食堂错峰就餐的温馨提示\r\n\r\n各位同学：\r\n"
    "　　为缓解拥挤，请按以下时间就餐。\r\n一、大一年级11:30开始；\r\n二、大二年级12:00开始。\r\n"
    "后勤服务中心\r\n"
)
_RARE: Final = "人事处通知\n请㛃老师、䶮老师到行政楼办理手续。\n联系人：张示例\n"
_TAIWAN: Final = (
    "校際交流活動通知\r\n敬請各系於九月十五日前回覆名單。\r\n聯絡人：李樣本\r\n"
)
_MARK: Final = """# 网络安全宣传周方案

## 一、时间

9月14日至20日。

## 二、安排

- 主题讲座，主讲人张示例
- 海报展

| 日期 | 活动 |
| --- | --- |
| 9月14日 | 开幕式 |
| 9月16日 | 知识竞赛 |

<!-- 竞赛题库放在内网共享盘 -->
"""
_LINKED: Final = """# 实习须知

实习协议见[内网下载](http://10.1.2.3/shixi.docx "口令找王测试要")。

1. 按时打卡
2. 服从安排
"""
_SHORT: Final = (
    "# 值班记录\n\n夜间巡查正常，**三号楼**门锁已修好。\n\n> 记录人：赵虚构\n"
)
_XML: Final = (
    '<?xml version="1.0" encoding="GB2312"?>\n<!-- 未经审定 -->\n<通知 密级="内部">\n'
    "  <标题>选修课开课通知</标题>\n  <正文>本学期开设选修课十二门。</正文>\n</通知>\n"
)
_SEEN: Final = (
    "关于食堂错峰就餐的温馨提示",
    "　　为缓解拥挤，请按以下时间就餐。",
    "二、大二年级12:00开始。",
)

SAMPLES: Final = (
    Sample("txt/错峰就餐（GBK）.txt", "GBK 编码", lambda: _NOTE.encode("gbk"), _SEEN),
    Sample(
        "txt/人事处通知（GB18030）.txt",
        "含四字节汉字的 GB18030",
        lambda: _RARE.encode("gb18030"),
        ("人事处通知", "请㛃老师、䶮老师到行政楼办理手续。"),
    ),
    Sample(
        "txt/错峰就餐（UTF-16）.txt",
        "带 BOM 的 UTF-16",
        lambda: _NOTE.encode("utf-16"),
        _SEEN,
    ),
    Sample(
        "txt/错峰就餐（UTF-16BE，无BOM）.txt",
        "没有 BOM 的 UTF-16BE",
        lambda: _NOTE.encode("utf-16-be"),
        _SEEN,
    ),
    Sample(
        "txt/校际交流（Big5）.txt",
        "繁体，Big5 编码",
        lambda: _TAIWAN.encode("big5"),
        ("校際交流活動通知", "敬請各系於九月十五日前回覆名單。", "聯絡人：李樣本"),
    ),
    Sample(
        "txt/错峰就餐（乱码还原）.txt",
        "UTF-8 的文字曾被当作 GBK 打开又保存",
        lambda: (
            "后勤服务中心通知：请节约用水，爱护公物，共建文明校园".encode()
            .decode("gb18030")
            .encode()
        ),
        ("后勤服务中心通知：请节约用水，爱护公物，共建文明校园",),
    ),
    Sample(
        "md/网络安全宣传周（GB18030）.md",
        "有表格和注释的 Markdown，GB18030 编码",
        lambda: _MARK.encode("gb18030"),
        (
            "网络安全宣传周方案",
            "主题讲座，主讲人张示例",
            "9月14日",
            "竞赛题库放在内网共享盘",
        ),
    ),
    Sample(
        "md/实习须知（UTF-8）.md",
        "有链接和编号的 Markdown",
        _LINKED.encode,
        ("实习须知", "口令找王测试要", "按时打卡"),
    ),
    Sample(
        "md/值班记录（UTF-16）.md",
        "UTF-16 的 Markdown",
        lambda: _SHORT.encode("utf-16"),
        ("值班记录", "三号楼", "记录人：赵虚构"),
    ),
    Sample(
        "xml/选修课通知（GB2312）.xml",
        "数据交换用的 XML，有注释和属性",
        lambda: _XML.encode("gb2312"),
        ("选修课开课通知", "本学期开设选修课十二门。"),
        {"HTML comment": "未经审定", "data attribute": "内部"},
    ),
)
