"""Writes HWPX files with every part and element that Hangul asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.office_files import XML, stored

TEXT, HEADING, ITEM = range(3)  # shapes of paragraphs
USUAL, LARGE = range(2)  # shapes of letters
_NO_LINES, _LINES = 1, 2  # shapes of borders
_WIDTH, _ROW = 42520, 1400  # of the text on A4 and of a row, in 1/7200 inch
_HANCOM = "http://www.hancom.co.kr/hwpml/2011"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{_HANCOM}/{name}"'
    for prefix, name in (("hp", "paragraph"), ("hs", "section"), ("hc", "core"), ("hh", "head"))
)
_SCRIPTS = ("hangul", "latin", "hanja", "japanese", "other", "symbol", "user")


def package(
    *paragraphs: str, title: str, author: str, modified: str, number_format: str = "DIGIT"
) -> bytes:
    """Return an HWPX; `modified` is a time in ISO 8601, the items are numbered in the format."""
    first, *rest = paragraphs
    begun = first.replace("<hp:t>", f"{_SECTION}<hp:t>", 1)
    ocf = "urn:oasis:names:tc:opendocument:xmlns"
    return stored(
        {
            "mimetype": "application/hwp+zip",
            "version.xml": f'{XML}<hv:HCFVersion xmlns:hv="{_HANCOM}/version" '
            'tagetApplication="WORDPROCESSOR" major="5" minor="0" micro="5" buildNumber="0" '
            'os="1" xmlVersion="1.4" application="Chaja" appVersion="1"/>',
            "META-INF/container.xml": f'{XML}<ocf:container xmlns:ocf="{ocf}:container">'
            '<ocf:rootfiles><ocf:rootfile full-path="Contents/content.hpf"'
            ' media-type="application/hwpml-package+xml"/></ocf:rootfiles></ocf:container>',
            "META-INF/manifest.xml": f'{XML}<odf:manifest xmlns:odf="{ocf}:manifest:1.0"/>',
            "Contents/content.hpf": XML + _contents(title, author, modified),
            "Contents/header.xml": XML + _header(number_format),
            "Contents/section0.xml": f"{XML}<hs:sec {_NAMESPACES}>{begun}{''.join(rest)}</hs:sec>",
            "settings.xml": f'{XML}<ha:HWPApplicationSetting xmlns:ha="{_HANCOM}/app">'
            '<ha:CaretPosition listIDRef="0" paraIDRef="0" pos="0"/></ha:HWPApplicationSetting>',
        }
    )


def text(words: str) -> str:
    """Return a text in a paragraph."""
    return f"<hp:t>{words}</hp:t>"


def paragraph(*inside: str, shape: int = TEXT, letters: int = USUAL) -> str:
    """Return a paragraph; one without an element inside is a text."""
    content = "".join(each if each.startswith("<") else text(each) for each in inside)
    place = f'id="0" paraPrIDRef="{shape}" styleIDRef="0"'
    return (
        f'<hp:p {place} pageBreak="0" columnBreak="0" merged="0">'
        f'<hp:run charPrIDRef="{letters}">{content}</hp:run></hp:p>'
    )


def note(number: int, words: str) -> str:
    """Return a footnote."""
    style = (
        '<hp:autoNumFormat type="DIGIT" userChar="" prefixChar="" suffixChar=")" supscript="0"/>'
    )
    count = f'<hp:ctrl><hp:autoNum num="{number}" numType="FOOTNOTE">{style}</hp:autoNum></hp:ctrl>'
    inside = _list(paragraph(count, text(f" {words}")))
    mark = f'number="{number}" suffixChar="41" instId="{number}"'
    return f"<hp:ctrl><hp:footNote {mark}>{inside}</hp:footNote></hp:ctrl>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first row is its header."""
    columns = len(rows[0])
    size = (
        f'<hp:sz width="{_WIDTH}" widthRelTo="ABSOLUTE" height="{_ROW * len(rows)}"'
        ' heightRelTo="ABSOLUTE" protect="0"/>'
        '<hp:pos treatAsChar="1" affectLSpacing="0" flowWithText="1" allowOverlap="0"'
        ' holdAnchorAndSO="0" vertRelTo="PARA" horzRelTo="COLUMN" vertAlign="TOP"'
        ' horzAlign="LEFT" vertOffset="0" horzOffset="0"/>'
    )
    margins = f"{_margin('outMargin', 283, 283)}{_margin('inMargin', 510, 141)}"
    body = "".join(
        "<hp:tr>"
        + "".join(_cell(cell, row, column, _WIDTH // columns) for column, cell in enumerate(cells))
        + "</hp:tr>"
        for row, cells in enumerate(rows)
    )
    return (
        '<hp:tbl id="1" zOrder="0" numberingType="TABLE" textWrap="TOP_AND_BOTTOM"'
        ' textFlow="BOTH_SIDES" lock="0" dropcapstyle="None" pageBreak="CELL" repeatHeader="1"'
        f' rowCnt="{len(rows)}" colCnt="{columns}" cellSpacing="0" borderFillIDRef="{_LINES}"'
        f' noAdjust="0">{size}{margins}{body}</hp:tbl><hp:t/>'
    )


def _cell(words: str, row: int, column: int, width: int) -> str:
    return (
        f'<hp:tc name="" header="{int(not row)}" hasMargin="0" protect="0" editable="0" dirty="0"'
        f' borderFillIDRef="{_LINES}">{_list(paragraph(words))}'
        f'<hp:cellAddr colAddr="{column}" rowAddr="{row}"/>'
        '<hp:cellSpan colSpan="1" rowSpan="1"/>'
        f'<hp:cellSz width="{width}" height="{_ROW}"/>{_margin("cellMargin", 510, 141)}</hp:tc>'
    )


def _margin(name: str, sides: int, ends: int) -> str:
    return f'<hp:{name} left="{sides}" right="{sides}" top="{ends}" bottom="{ends}"/>'


def _list(inside: str) -> str:
    return (
        '<hp:subList id="" textDirection="HORIZONTAL" lineWrap="BREAK" vertAlign="TOP"'
        ' linkListIDRef="0" linkListNextIDRef="0" textWidth="0" textHeight="0" hasTextRef="0"'
        f' hasNumRef="0">{inside}</hp:subList>'
    )


def _contents(title: str, author: str, modified: str) -> str:
    items = {
        "header": "Contents/header.xml",
        "section0": "Contents/section0.xml",
        "settings": "settings.xml",
    }
    listed = "".join(
        f'<opf:item id="{name}" href="{path}" media-type="application/xml"/>'
        for name, path in items.items()
    )
    order = "".join(f'<opf:itemref idref="{name}" linear="yes"/>' for name in list(items)[:2])
    metadata = (
        f"<opf:title>{title}</opf:title><opf:language>ko</opf:language>"
        f'<opf:meta name="creator" content="text">{author}</opf:meta>'
        f'<opf:meta name="ModifiedDate" content="text">{modified}</opf:meta>'
    )
    return (
        '<opf:package xmlns:opf="http://www.idpf.org/2007/opf/" version="" unique-identifier=""'
        f' id=""><opf:metadata>{metadata}</opf:metadata><opf:manifest>{listed}</opf:manifest>'
        f"<opf:spine>{order}</opf:spine></opf:package>"
    )


def _header(number_format: str) -> str:
    fonts = "".join(
        f'<hh:fontface lang="{script.upper()}" fontCnt="1">'
        '<hh:font id="0" face="바탕" type="TTF" isEmbedded="0"/></hh:fontface>'
        for script in _SCRIPTS
    )
    items = {
        "fontfaces": [fonts],
        "borderFills": [_border(_NO_LINES, "NONE"), _border(_LINES, "SOLID")],
        "charProperties": [_letters(USUAL, 10), _letters(LARGE, 18)],
        "tabProperties": ['<hh:tabPr id="0" autoTabLeft="0" autoTabRight="0"/>'],
        "numberings": [_numbering(1, "DIGIT"), _numbering(2, number_format)],
        "paraProperties": [
            _shape(TEXT, "NONE"),
            _shape(HEADING, "OUTLINE"),
            _shape(ITEM, "NUMBER"),
        ],
        "styles": [
            '<hh:style id="0" type="PARA" name="바탕글" engName="Normal" paraPrIDRef="0"'
            ' charPrIDRef="0" nextStyleIDRef="0" langID="1042" lockForm="0"/>'
        ],
    }
    listed = "".join(
        f'<hh:{name} itemCnt="{len(_SCRIPTS) if name == "fontfaces" else len(each)}">'
        f"{''.join(each)}</hh:{name}>"
        for name, each in items.items()
    )
    starts = _attributes(
        dict.fromkeys(("page", "footnote", "endnote", "pic", "tbl", "equation"), 1)
    )
    return (
        f'<hh:head {_NAMESPACES} version="1.4" secCnt="1"><hh:beginNum {starts}/>'
        f'<hh:refList>{listed}</hh:refList><hh:compatibleDocument targetProgram="HWP201X">'
        "<hh:layoutCompatibility/></hh:compatibleDocument></hh:head>"
    )


def _attributes(stated: Mapping[str, int]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in stated.items())


def _border(number: int, kind: str) -> str:
    sides = "".join(
        f'<hh:{side}Border type="{kind}" width="0.12 mm" color="#000000"/>'
        for side in ("left", "right", "top", "bottom")
    )
    return (
        f'<hh:borderFill id="{number}" threeD="0" shadow="0" centerLine="NONE"'
        ' breakCellSeparateLine="0"><hh:slash type="NONE" Crooked="0" isCounter="0"/>'
        f'<hh:backSlash type="NONE" Crooked="0" isCounter="0"/>{sides}</hh:borderFill>'
    )


def _letters(number: int, points: int) -> str:
    values = {"fontRef": 0, "ratio": 100, "spacing": 0, "relSz": 100, "offset": 0}
    each = "".join(
        f"<hh:{name} {_attributes(dict.fromkeys(_SCRIPTS, value))}/>"
        for name, value in values.items()
    )
    return (
        f'<hh:charPr id="{number}" height="{100 * points}" textColor="#000000" shadeColor="none"'
        f' useFontSpace="0" useKerning="0" symMark="NONE" borderFillIDRef="{_NO_LINES}">{each}'
        "</hh:charPr>"
    )


def _numbering(number: int, number_format: str) -> str:
    return (
        f'<hh:numbering id="{number}" start="0"><hh:paraHead start="1" level="1" align="LEFT"'
        ' useInstWidth="1" autoIndent="1" widthAdjust="0" textOffsetType="PERCENT" textOffset="50"'
        f' numFormat="{number_format}" charPrIDRef="4294967295" checkable="0">'
        f"{'^1.' if number_format == 'DIGIT' else '^1'}</hh:paraHead></hh:numbering>"
    )


def _shape(number: int, kind: str) -> str:
    margins = "".join(
        f'<hc:{side} value="0" unit="HWPUNIT"/>'
        for side in ("intent", "left", "right", "prev", "next")
    )
    return (
        f'<hh:paraPr id="{number}" tabPrIDRef="0" condense="0" fontLineHeight="0" snapToGrid="1"'
        ' suppressLineNumbers="0" checked="0"><hh:align horizontal="JUSTIFY" vertical="BASELINE"/>'
        f'<hh:heading type="{kind}" idRef="{2 if kind == "NUMBER" else 0}" level="0"/>'
        '<hh:breakSetting breakLatinWord="KEEP_WORD" breakNonLatinWord="KEEP_WORD"'
        ' widowOrphan="0" keepWithNext="0" keepLines="0" pageBreakBefore="0" lineWrap="BREAK"/>'
        f'<hh:autoSpacing eAsianEng="0" eAsianNum="0"/><hh:margin>{margins}</hh:margin>'
        '<hh:lineSpacing type="PERCENT" value="160" unit="HWPUNIT"/>'
        f'<hh:border borderFillIDRef="{_NO_LINES}" offsetLeft="0" offsetRight="0" offsetTop="0"'
        ' offsetBottom="0" connect="0" ignoreMargin="0"/></hh:paraPr>'
    )


_NOTES = (
    '<hp:autoNumFormat type="DIGIT" userChar="" prefixChar="" suffixChar=")" supscript="0"/>'
    '<hp:noteLine length="-1" type="SOLID" width="0.12 mm" color="#000000"/>'
    '<hp:noteSpacing betweenNotes="283" belowLine="567" aboveLine="850"/>'
    '<hp:numbering type="CONTINUOUS" newNum="1"/>'
)
_SECTION = (
    '<hp:secPr id="" textDirection="HORIZONTAL" spaceColumns="1134" tabStop="8000"'
    ' outlineShapeIDRef="1" memoShapeIDRef="0" textVerticalWidthHead="0" masterPageCnt="0">'
    '<hp:grid lineGrid="0" charGrid="0" wonggojiFormat="0"/>'
    '<hp:startNum pageStartsOn="BOTH" page="0" pic="0" tbl="0" equation="0"/>'
    '<hp:pagePr landscape="WIDELY" width="59528" height="84188" gutterType="LEFT_ONLY">'
    '<hp:margin header="4252" footer="4252" gutter="0" left="8504" right="8504" top="5668"'
    ' bottom="4252"/></hp:pagePr>'
    f'<hp:footNotePr>{_NOTES}<hp:placement place="EACH_COLUMN" beneathText="0"/></hp:footNotePr>'
    f'<hp:endNotePr>{_NOTES}<hp:placement place="END_OF_DOCUMENT" beneathText="0"/></hp:endNotePr>'
    '</hp:secPr><hp:ctrl><hp:colPr id="" type="NEWSPAPER" layout="LEFT" colCount="1" sameSz="1"'
    ' sameGap="0"/></hp:ctrl>'
)
