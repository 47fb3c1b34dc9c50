"""Writes presentations with every part and element that PowerPoint asks for."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests import office_files as office
from tests.office_files import SLIDE, XML, relationships

_WIDTH, _HEIGHT = 9144000, 6858000  # of a slide, in 1/360000 cm
_LEFT, _INNER = 628650, 7886700
_PLACES = {  # from the top, and the height, of each kind of box
    "ctrTitle": (1122363, 2387600),
    "subTitle": (3602038, 1655762),
    "title": (365125, 1325563),
    "body": (1825625, 4351338),
    "table": (1825625, 370840),
}
_TREE = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/>'
    '<a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)
_INDEX = ' idx="1"'
_SAME_COLOURS = "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>"
_COLOURS = (
    '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2"'
    ' accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink"'
    ' folHlink="folHlink"/>'
)


def package(slides: Sequence[str], spoken: Sequence[str], *, title: str, author: str) -> bytes:
    """Return a PPTX of slides, each with its notes."""
    numbers = range(1, len(slides) + 1)
    lead = {f"rId{number}": ("slide", f"slides/slide{number}.xml") for number in numbers}
    masters = {
        "master": ("slideMaster", "slideMasters/slideMaster1.xml"),
        "notes": ("notesMaster", "notesMasters/notesMaster1.xml"),
        "theme": ("theme", "theme/theme1.xml"),
    }
    parts = {
        "_rels/.rels": relationships(
            {
                "rId1": ("officeDocument", "ppt/presentation.xml"),
                "rId2": (office.CORE_PROPERTIES, "docProps/core.xml"),
            }
        ),
        "docProps/core.xml": office.core(dc_title=title, dc_creator=author),
        "ppt/presentation.xml": _presentation(len(slides)),
        "ppt/_rels/presentation.xml.rels": relationships({**lead, **masters}),
        **_masters(),
    }
    for number, shown, said in zip(numbers, slides, spoken, strict=True):
        name = f"ppt/slides/slide{number}.xml"
        parts[name] = shown
        parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = relationships(
            {
                "rId1": ("slideLayout", "../slideLayouts/slideLayout1.xml"),
                "rId2": ("notesSlide", f"../notesSlides/notesSlide{number}.xml"),
            }
        )
        parts[f"ppt/notesSlides/notesSlide{number}.xml"] = said
        parts[f"ppt/notesSlides/_rels/notesSlide{number}.xml.rels"] = relationships(
            {
                "rId1": ("notesMaster", "../notesMasters/notesMaster1.xml"),
                "rId2": ("slide", f"../slides/slide{number}.xml"),
            }
        )
    return office.package({name: XML + content for name, content in parts.items()})


def slide(*shapes: str) -> str:
    """Return a slide."""
    return _part("sld", shapes, _SAME_COLOURS)


def notes(text: str) -> str:
    """Return the page of notes of a slide."""
    return _part("notes", [box(text, kind="body")], _SAME_COLOURS)


def box(*paragraphs: str, kind: str) -> str:
    """Return a box of a kind: "title", "ctrTitle", "subTitle" or "body"."""
    size = '<a:rPr sz="2000"/>' if kind == "body" else ""
    lines = "".join(f"<a:p><a:r>{size}<a:t>{escape(each)}</a:t></a:r></a:p>" for each in paragraphs)
    top, height = _PLACES[kind]
    number = 2 if "itle" in kind and kind != "subTitle" else 3
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{kind}"/><p:cNvSpPr/>'
        f'<p:nvPr><p:ph type="{kind}"{_INDEX if number == 3 else ""}/></p:nvPr></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{_LEFT}" y="{top}"/><a:ext cx="{_INNER}" cy="{height}"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f"<p:txBody><a:bodyPr/><a:lstStyle/>{lines}</p:txBody></p:sp>"
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first row is its header."""
    columns = (_INNER // 6, _INNER - _INNER // 6)
    top, height = _PLACES["table"]
    grid = "".join(f'<a:gridCol w="{width}"/>' for width in columns)
    body = "".join(
        f'<a:tr h="{height}">'
        + "".join(
            "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r>"
            f"<a:t>{escape(cell)}</a:t></a:r></a:p></a:txBody><a:tcPr/></a:tc>"
            for cell in cells
        )
        + "</a:tr>"
        for cells in rows
    )
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name="table"/>'
        "<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>"
        f'<p:xfrm><a:off x="{_LEFT}" y="{top}"/><a:ext cx="{_INNER}" cy="{height * len(rows)}"/>'
        '</p:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/'
        f'2006/table"><a:tbl><a:tblPr firstRow="1"/><a:tblGrid>{grid}</a:tblGrid>{body}</a:tbl>'
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )


def _part(name: str, shapes: Sequence[str], more: str) -> str:
    tree = f"<p:spTree>{_TREE}{''.join(shapes)}</p:spTree>"
    return f"<p:{name} {SLIDE}><p:cSld>{tree}</p:cSld>{more}</p:{name}>"


def _presentation(count: int) -> str:
    listed = "".join(
        f'<p:sldId id="{255 + number}" r:id="rId{number}"/>' for number in range(1, count + 1)
    )
    return (
        f'<p:presentation {SLIDE}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="master"/>'
        '</p:sldMasterIdLst><p:notesMasterIdLst><p:notesMasterId r:id="notes"/>'
        f"</p:notesMasterIdLst><p:sldIdLst>{listed}</p:sldIdLst>"
        f'<p:sldSz cx="{_WIDTH}" cy="{_HEIGHT}"/><p:notesSz cx="{_HEIGHT}" cy="{_WIDTH}"/>'
        "</p:presentation>"
    )


def _masters() -> dict[str, str]:
    """Return the master of the slides, its one layout, the master of the notes, and the themes."""
    layouts = '<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst>'
    return {
        "ppt/slideMasters/slideMaster1.xml": _part("sldMaster", (), _COLOURS + layouts),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": relationships(
            {
                "rId1": ("slideLayout", "../slideLayouts/slideLayout1.xml"),
                "rId2": ("theme", "../theme/theme1.xml"),
            }
        ),
        "ppt/slideLayouts/slideLayout1.xml": _part("sldLayout", (), _SAME_COLOURS),
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": relationships(
            {"rId1": ("slideMaster", "../slideMasters/slideMaster1.xml")}
        ),
        "ppt/notesMasters/notesMaster1.xml": _part("notesMaster", (), _COLOURS),
        "ppt/notesMasters/_rels/notesMaster1.xml.rels": relationships(
            {"rId1": ("theme", "../theme/theme2.xml")}
        ),
        "ppt/theme/theme1.xml": _theme(),
        "ppt/theme/theme2.xml": _theme(),
    }


def _theme() -> str:
    """Return a theme of black on white, in plain fonts, without effects."""
    values = {
        "dk1": "000000", "lt1": "FFFFFF", "dk2": "1F3864", "lt2": "E7E6E6",
        "accent1": "2F5597", "accent2": "C55A11", "accent3": "7F7F7F", "accent4": "BF9000",
        "accent5": "538135", "accent6": "7030A0", "hlink": "0563C1", "folHlink": "954F72",
    }  # fmt: skip
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in values.items()
    )
    fonts = "".join(
        f'<a:{name}Font><a:latin typeface="Calibri"/><a:ea typeface="맑은 고딕"/>'
        f'<a:cs typeface=""/></a:{name}Font>'
        for name in ("major", "minor")
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="plain">'
        f'<a:themeElements><a:clrScheme name="plain">{colours}</a:clrScheme>'
        f'<a:fontScheme name="plain">{fonts}</a:fontScheme><a:fmtScheme name="plain">'
        f"<a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
