"""An essay in English with headings, a numbered list, a note and a table: DOCX."""

from __future__ import annotations

from tests.office_files import (
    CORE_PROPERTIES,
    WORD,
    XML,
    core,
    package,
    paragraph,
    relationships,
    word_table,
)

_TITLE = "Nordpolitik: how Seoul opened its door to the East"
_TABLE = (
    ("Country", "Relations since", "What came first"),
    ("Hungary", "1 February 1989", "A trade office, and a loan"),
    ("Poland", "1 November 1989", "An exchange of trade offices"),
    ("Mongolia", "26 March 1990", "A visit, and an open border with the world"),
    ("Soviet Union", "30 September 1990", "A meeting of presidents in San Francisco"),
    ("China", "24 August 1992", "A decade of sport, trade and quiet talks"),
)
_NOTE = (
    "The name follows the Ostpolitik of West Germany in the 1970s; in Korean it is 북방정책, "
    "the northern policy."
)


def nordpolitik() -> bytes:
    """Return the essay."""
    return package(
        {
            "_rels/.rels": XML
            + relationships(
                {
                    "rId1": ("officeDocument", "word/document.xml"),
                    "rId2": (CORE_PROPERTIES, "docProps/core.xml"),
                }
            ),
            "docProps/core.xml": XML
            + core(dc_title=_TITLE, dc_creator="Sample Policy Review", cp_keywords="Nordpolitik"),
            "word/document.xml": f"{XML}<w:document {WORD}><w:body>{_body()}</w:body></w:document>",
            "word/_rels/document.xml.rels": XML
            + relationships(
                {
                    f"rId{number}": (kind, f"{kind}.xml")
                    for number, kind in enumerate(("styles", "numbering", "footnotes"), start=1)
                }
            ),
            "word/styles.xml": f"{XML}<w:styles {WORD}>{_styles()}</w:styles>",
            "word/numbering.xml": f"{XML}<w:numbering {WORD}>{_NUMBERING}</w:numbering>",
            "word/footnotes.xml": f"{XML}<w:footnotes {WORD}>{_notes()}</w:footnotes>",
        }
    )


def _body() -> str:
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440"'
        ' w:bottom="1440" w:left="1440" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
    )
    reference = (
        '</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:t xml:space="preserve">'
    )
    return (
        _styled("Title", _TITLE)
        + paragraph("7 July 2023")
        + paragraph(
            "For forty years Seoul had no embassy in any communist capital. In July 1988, two "
            "months before the Olympic Games, President Roh Tae-woo announced that Korea would "
            f"trade with such countries and seek relations with all of them.{reference} Within "
            "four years the map of Korean diplomacy had changed for good."
        )
        + _styled("Heading1", "Games before treaties")
        + paragraph(
            "Sport went ahead of politics. Teams of the Soviet Union, China and Hungary came to "
            "the Seoul Olympics although North Korea had asked them to stay away. Merchants came "
            "with the athletes. Hungary was the first to draw the conclusion: it needed credit, "
            "Korea had it, and in February 1989 the two agreed to exchange ambassadors."
        )
        + word_table(_TABLE, has_header=True)
        + _styled("Heading1", "The method")
        + paragraph("Korean diplomats describe the policy as a sequence:")
        + "".join(
            paragraph(text, '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
            for text in (
                "Begin with what costs little: matches, fairs, flights and letters.",
                "Open a trade office and give its officials the rank of consuls.",
                "Offer credit once the partner asks for it, and never before.",
                "Sign, and let the presidents meet afterwards.",
            )
        )
        + _styled("Heading1", "What it cost, and what it brought")
        + paragraph(
            "Taipei felt betrayed in August 1992, when its embassy in Seoul had to close within "
            "days. A loan to Moscow was repaid late and partly in helicopters and tanks. Yet the "
            "two Koreas entered the United Nations together in September 1991, because neither "
            "Moscow nor Beijing stood in the way any more, and trade with China grew until it was "
            "larger than that with Japan and the United States together. Pyongyang found no such "
            "door: Washington and Tokyo have no embassy there to this day."
        )
        + page
    )


def _styled(style: str, text: str) -> str:
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def _styles() -> str:
    sizes = {"Title": 40, "heading 1": 28}
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "</w:style>"
    )
    return normal + "".join(
        f'<w:style w:type="paragraph" w:styleId="{name.title().replace(" ", "")}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/>'
        f'<w:pPr>{_level(name)}</w:pPr><w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
        for name, size in sizes.items()
    )


def _level(name: str) -> str:
    return '<w:outlineLvl w:val="0"/>' if name.startswith("heading") else ""


_NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def _notes() -> str:
    """Return the footnote, behind the two lines that Word asks for."""
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p>'
        "</w:footnote>"
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    mark = "<w:r><w:footnoteRef/></w:r>"
    text = f'<w:r><w:t xml:space="preserve"> {_NOTE}</w:t></w:r>'
    return f'{lines}<w:footnote w:id="1"><w:p>{mark}{text}</w:p></w:footnote>'
