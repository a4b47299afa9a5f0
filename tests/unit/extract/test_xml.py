"""XML files of no office format: texts, and what stands beside them."""

from review.extract.read import read


def _read(text: str) -> list[tuple[str, bool, str | None]]:
    document = read(text.encode(), "a.xml")
    return [(one.text, one.hidden, one.detail) for one in document.blocks]


def test_texts_and_what_stands_beside_them() -> None:
    found = _read(
        '<?xml version="1.0"?><!-- 送审稿 --><人员 密级="机密" id="p1" 电话="13800000001">'
        "<姓名>张示例</姓名><!-- pw: abc --></人员><!-- 完 -->"
    )
    assert found == [
        ("张示例", False, None),
        ("送审稿", True, "XML 注释"),
        ("机密", True, "密级 属性"),
        ("13800000001", True, "电话 属性"),
        ("pw: abc", True, "XML 注释"),
        ("完", True, "XML 注释"),
    ]


def test_attributes_that_only_name_things_of_the_format_are_left_out() -> None:
    found = _read('<?xml version="1.0"?><a kind="row" width="120"><b>正文</b></a>')
    assert found == [("正文", False, None)]
