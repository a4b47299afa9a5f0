"""Web pages, and web pages saved as one file."""

import base64
from typing import Final

from tests.golden.making import pictures
from tests.golden.making.sample import Sample

_NEWS: Final = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>学院举行校园歌手大赛</title>
<meta name="author" content="王测试">
<style>.draft { display: none }</style></head>
<body>
<h1>学院举行校园歌手大赛</h1>
<!-- 编辑备注：二等奖评分有争议，照片先不发 -->
<p>9月12日晚，校园歌手大赛在报告厅举行，共有十二名选手参加。</p>
<p class="draft">获奖名单未经院长签字</p>
<p data-source="内部简报第七期">比赛设一、二、三等奖。</p>
<table><tr><th>名次</th><th>选手</th></tr><tr><td>一等奖</td><td>张示例</td></tr></table>
</body></html>
"""
_FORM: Final = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb18030">
<title>教师信息查询</title></head><body><h2>教师信息查询</h2>
<form action="http://10.1.2.3/query"><input type="hidden" name="token" value="考核不合格人员表">
<label>姓名</label><input name="who" value="李样本"></form>
<p>请输入工号查询公开信息。</p><div style="visibility:hidden">工资标准见内网</div></body></html>
"""
_PLAIN: Final = """<html><head><meta charset="utf-8"><title>图书馆开放时间调整</title></head><body>
<p>因设备检修，图书馆开放时间调整如下：</p>
<ul><li>周一至周五 8:00—21:00</li><li>周六、周日 9:00—17:00</li></ul>
<p>特此通知。</p></body></html>
"""


def _part(kind: str, place: str, data: bytes) -> str:
    body = base64.encodebytes(data).decode().replace("\n", "\r\n")
    return (
        f"------YUN\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Location: {place}\r\n\r\n{body}\r\n"
    )


def saved_page(title: str, *parts: str, program: str = "<Saved by Blink>") -> bytes:
    """Return a page saved as one file."""
    subject = base64.b64encode(title.encode()).decode()
    head = (
        f"From: {program}\r\nSnapshot-Content-Location: http://news.yunshan.example/1.html\r\n"
        f"Subject: =?utf-8?B?{subject}?=\r\nDate: Thu, 3 Sep 2026 08:00:00 +0800\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; "
        'type="text/html"; boundary="----YUN"\r\n\r\n'
    )
    return (head + "".join(parts) + "------YUN--\r\n").encode()


def _styled() -> bytes:
    page = (
        "<html><head><link rel=stylesheet href='http://news.yunshan.example/a.css'></head><body>"
        "<h1>社会实践总结</h1><p>暑期共派出六支队伍。</p>"
        "<p class=inner>一支队伍违规离队</p></body></html>"
    )
    return saved_page(
        "社会实践总结",
        _part(
            "text/html; charset=utf-8",
            "http://news.yunshan.example/1.html",
            page.encode(),
        ),
        _part("text/css", "http://news.yunshan.example/a.css", b".inner{display:none}"),
    )


def _pictured() -> bytes:
    page = (
        "<html><body><h1>校园平面图</h1><p>新版平面图如下。</p>"
        "<!-- 地下管线图另存 --><img src='http://news.yunshan.example/map.png' alt='平面图'></body></html>"
    )
    image = pictures.saved(pictures.board("南门至行政楼"), "PNG", optimize=True)
    return saved_page(
        "校园平面图",
        _part(
            "text/html; charset=utf-8",
            "http://news.yunshan.example/1.html",
            page.encode(),
        ),
        _part("image/png", "http://news.yunshan.example/map.png", image),
    )


def _by_word() -> bytes:
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta charset="gb2312"><!--[if gte mso 9]><xml><o:DocumentProperties>'
        "<o:Author>赵虚构</o:Author><o:Company>云山职业学院</o:Company></o:DocumentProperties></xml><![endif]-->"
        "</head><body><p>勤工助学岗位招聘</p><p>岗位：图书馆助理两名。</p>"
        "<p style='mso-hide:all;display:none'>困难等级内部掌握</p></body></html>"
    )
    data = saved_page(
        "岗位招聘",
        _part("text/html; charset=gb2312", "file:///C:/2.htm", page.encode("gb2312")),
    )
    start = data.index(b"MIME-Version")
    return data[start:]


SAMPLES: Final = (
    Sample(
        "html/校园歌手大赛（注释与隐藏元素）.html",
        "有注释、隐藏元素、data 属性和元信息的新闻",
        _NEWS.encode,
        (
            "学院举行校园歌手大赛",
            "共有十二名选手参加。",
            "比赛设一、二、三等奖。",
            "一等奖\t张示例",
        ),
        {
            "HTML comment": "编辑备注：二等奖评分有争议",
            "hidden element": "获奖名单未经院长签字",
            "data attribute": "内部简报第七期",
            "author": "作者：王测试",
        },
    ),
    Sample(
        "html/教师信息查询（GB18030，表单）.html",
        "GB18030 编码，有隐藏的表单域和看不见的区块",
        lambda: _FORM.encode("gb18030"),
        ("教师信息查询", "请输入工号查询公开信息。"),
        {
            "form field": "考核不合格人员表",
            "hidden element": "工资标准见内网",
            "external link": "10.1.2.3",
        },
    ),
    Sample(
        "html/图书馆开放时间.html",
        "普通的通知网页",
        _PLAIN.encode,
        ("图书馆开放时间调整", "周六、周日 9:00—17:00", "特此通知。"),
    ),
    Sample(
        "mhtml/社会实践总结（样式隐藏）.mhtml",
        "另存的网页，样式表藏起一段",
        _styled,
        ("社会实践总结", "暑期共派出六支队伍。"),
        {"hidden element": "一支队伍违规离队"},
    ),
    Sample(
        "mhtml/校园平面图（图片）.mhtml",
        "另存的网页，带图片和注释",
        _pictured,
        ("校园平面图", "新版平面图如下。", "南门至行政楼"),
        {"HTML comment": "地下管线图另存"},
        ("recognition",),
    ),
    Sample(
        "mhtml/岗位招聘（Word 另存）.mht",
        "Word 另存的网页，GB2312 编码，有隐藏段落和属性",
        _by_word,
        ("勤工助学岗位招聘", "岗位：图书馆助理两名。"),
        {"hidden element": "困难等级内部掌握", "HTML comment": "赵虚构"},
    ),
)
