"""What a safe copy of a presentation leaves out, and what it keeps."""

import io
import zipfile

import pytest
from PIL import Image

from review.errors import UnsupportedError
from review.extract.read import read
from review.safecopy.copying import safe_copy
from review.safecopy.interface import SafeCopy

HIDDEN = "藏着的话"
SHOWN = "云山职业学院招生宣传"
_O = "http://schemas.openxmlformats.org"
_R = f"{_O}/officeDocument/2006/relationships"
_RELS = f"{_O}/package/2006/relationships"
_NAMES = (
    f'xmlns:p="{_O}/presentationml/2006/main" xmlns:a="{_O}/drawingml/2006/main" '
    f'xmlns:r="{_R}" xmlns:mc="{_O}/markup-compatibility/2006"'
)
_MAIN = "application/vnd.openxmlformats-officedocument.presentationml"


def shape(text: str, at: int = 1000, *, more: str = "", look: str = "") -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{at}" name="标题" {more}/><p:cNvSpPr/><p:nvPr/>'
        f'</p:nvSpPr><p:spPr><a:xfrm><a:off x="{at}" y="1000"/>'
        '<a:ext cx="5000" cy="500"/></a:xfrm></p:spPr><p:txBody><a:bodyPr/><a:p><a:r>'
        f"<a:rPr>{look}</a:rPr><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def slide(inner: str, more: str = "", after: str = "") -> str:
    return (
        f'<p:sld {_NAMES} {more}><p:cSld name="{HIDDEN}"><p:bg><p:bgPr><a:solidFill>'
        '<a:srgbClr val="FFFFFF"/></a:solidFill><a:effectLst/></p:bgPr></p:bg><p:spTree>'
        '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
        f"<p:grpSpPr/>{inner}</p:spTree></p:cSld>{after}</p:sld>"
    )


def pptx(
    *slides: str, parts: dict[str, tuple[str, bytes]] | None = None, more: str = ""
) -> bytes:
    """Make a presentation; `parts` hang on the first slide."""
    out = io.BytesIO()
    ids = "".join(
        f'<p:sldId id="{255 + at}" r:id="s{at}"/>' for at in range(1, len(slides) + 1)
    )
    kinds = [
        ("ppt/presentation.xml", f"{_MAIN}.presentation.main+xml"),
        *(
            (f"ppt/slides/slide{at}.xml", f"{_MAIN}.slide+xml")
            for at in range(1, len(slides) + 1)
        ),
    ]
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_O}/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="png" ContentType="image/png"/>'
            + "".join(
                f'<Override PartName="/{name}" ContentType="{kind}"/>'
                for name, kind in kinds
            )
            + "</Types>",
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_RELS}"><Relationship Id="a" '
            f'Type="{_R}/officeDocument" Target="ppt/presentation.xml"/></Relationships>',
        )
        archive.writestr(
            "ppt/presentation.xml",
            f"<p:presentation {_NAMES}><p:sldIdLst>{ids}</p:sldIdLst>"
            f'<p:sldSz cx="12000" cy="6000"/>{more}</p:presentation>',
        )
        archive.writestr(
            "ppt/_rels/presentation.xml.rels",
            f'<Relationships xmlns="{_RELS}">'
            + "".join(
                f'<Relationship Id="s{at}" Type="{_R}/slide" '
                f'Target="slides/slide{at}.xml"/>'
                for at in range(1, len(slides) + 1)
            )
            + "</Relationships>",
        )
        for at, text in enumerate(slides, 1):
            archive.writestr(f"ppt/slides/slide{at}.xml", text)
        rels = "".join(
            f'<Relationship Id="r{at}" Type="{_R}/{kind}" Target="../{name}"/>'
            for at, (name, (kind, _)) in enumerate((parts or {}).items(), 1)
        )
        archive.writestr(
            "ppt/slides/_rels/slide1.xml.rels",
            f'<Relationships xmlns="{_RELS}">{rels}</Relationships>',
        )
        for name, (_, data) in (parts or {}).items():
            archive.writestr(f"ppt/{name}", data)
    return out.getvalue()


def whole(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(
            f"{name}\n{archive.read(name).decode('utf-8', 'replace')}"
            for name in archive.namelist()
        )


def copied(data: bytes) -> SafeCopy:
    made = safe_copy(data, "x.pptx")
    assert not [one.text for one in read(made.data, "c").blocks if one.hidden]
    assert HIDDEN not in whole(made.data)
    assert SHOWN in whole(made.data)
    return made


def kinds(made: SafeCopy) -> str:
    return "、".join(one.kind for one in made.removed)


_WHITE = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
_HIDING = {
    "outside": (shape(HIDDEN, 13_000), "页面之外的形状"),
    "hidden": (shape(HIDDEN, more='hidden="1"'), "隐藏的形状"),
    "white": (shape(HIDDEN, look=_WHITE), "看不见的文字"),
    "alternative": (shape("", more=f'descr="{HIDDEN}"'), "替代文字"),
    "zero width": (shape("\u200b\u2060"), "零宽"),
    "in a group": (
        (
            '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="7" name="g"/></p:nvGrpSpPr><p:grpSpPr>'
            '<a:xfrm><a:off x="0" y="0"/><a:ext cx="24000" cy="6000"/><a:chOff x="0" y="0"/>'
            '<a:chExt cx="12000" cy="3000"/></a:xfrm></p:grpSpPr>'
            f"{shape(HIDDEN, 7000)}</p:grpSp>"
        ),
        "页面之外的形状",
    ),
}


@pytest.mark.parametrize("name", _HIDING)
def test_what_hides_on_a_slide_goes(name: str) -> None:
    inner, kind = _HIDING[name]
    made = copied(pptx(slide(shape(SHOWN) + inner)))
    assert kind in kinds(made)


def test_hidden_slides_go() -> None:
    made = copied(pptx(slide(shape(SHOWN)), slide(shape(HIDDEN), 'show="0"')))
    assert "slide2" not in whole(made.data)
    assert "隐藏的幻灯片" in kinds(made)


def test_notes_comments_tags_and_names_of_sections_go() -> None:
    notes = f"<p:notes {_NAMES}><p:cSld><p:spTree>{shape(HIDDEN)}</p:spTree></p:cSld></p:notes>"
    comment = f"<p:cmLst {_NAMES}><p:cm><p:text>{HIDDEN}</p:text></p:cm></p:cmLst>"
    made = copied(
        pptx(
            slide(shape(SHOWN)),
            parts={
                "notesSlides/n1.xml": ("notesSlide", notes.encode()),
                "comments/comment1.xml": ("comments", comment.encode()),
                "tags/t1.xml": ("tags", f"<x>{HIDDEN}</x>".encode()),
            },
            more=f'<p:extLst><p:ext uri="x"><section name="{HIDDEN}"/></p:ext></p:extLst>',
        )
    )
    for kind in ("演讲者备注", "批注", "标记", "节名称"):
        assert kind in kinds(made)


def test_an_embedded_object_leaves_its_picture() -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 40)).save(out, "PNG")
    frame = (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="9" name="o"/></p:nvGraphicFramePr>'
        '<a:graphic><a:graphicData><p:oleObj r:id="r1"><p:embed/><p:pic><p:nvPicPr>'
        '<p:cNvPr id="0" name=""/></p:nvPicPr><p:blipFill><a:blip r:embed="r2"/>'
        "</p:blipFill><p:spPr/></p:pic></p:oleObj></a:graphicData></a:graphic>"
        "</p:graphicFrame>"
    )
    made = copied(
        pptx(
            slide(shape(SHOWN) + frame),
            parts={
                "embeddings/o.bin": ("oleObject", HIDDEN.encode()),
                "media/i.png": ("image", out.getvalue()),
            },
        )
    )
    assert "image1.png" in whole(made.data)
    assert "内嵌对象" in kinds(made)


def test_animations_of_shapes_that_went_go_too() -> None:
    timing = '<p:timing><p:spTgt spid="13000"/></p:timing>'
    made = copied(pptx(slide(shape(SHOWN) + shape(HIDDEN, 13_000), after=timing)))
    assert "timing" not in whole(made.data)
    stays = '<p:timing><p:spTgt spid="1000"/></p:timing>'
    assert "timing" in whole(copied(pptx(slide(shape(SHOWN), after=stays))).data)


def test_film_is_refused() -> None:
    film = '<p:pic><p:nvPicPr><p:nvPr><a:videoFile r:link="x"/></p:nvPr></p:nvPicPr></p:pic>'
    with pytest.raises(UnsupportedError, match="视频"):
        safe_copy(pptx(slide(shape(SHOWN) + film)), "x.pptx")


def test_a_show_of_hidden_slides_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="没有可见的幻灯片"):
        safe_copy(pptx(slide(shape(HIDDEN), 'show="0"')), "x.pptx")
