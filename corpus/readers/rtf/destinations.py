"""What the groups of an RTF are for: which have text, and which are left out."""

from __future__ import annotations

# Texts of their own, which belong to the paragraph where they are.
NOTES = frozenset(("footnote", "annotation", "shptxt", "dptxbxtext"))
# Texts at the edges of pages.
RUNNING = frozenset(
    f"{kind}{pages}" for kind in ("header", "footer") for pages in ("", "l", "r", "f")
)
# What the document states of itself, by the names of Chaja's metadata.
STATED = {
    "title": "title",
    "author": "author",
    "subject": "subject",
    "keywords": "keywords",
    "doccomm": "description",
}
MOMENTS = {"creatim": "created", "revtim": "modified"}
FONTS, STYLES, INFORMATION, LIST_MARK = "fonttbl", "stylesheet", "info", ("listtext", "pntext")
HIGHER_ANSI = "upr"  # its first group repeats the second, in fewer characters

# Groups with a star are left out, as the format wants it of those that a program does not know.
_READ_WITH_STAR = frozenset(
    (*NOTES, *RUNNING, "ud", "shpinst", "do", "nesttableprops", "moMath", "moMathPara", "fldrslt")
)
_UNREAD = frozenset(
    (
        *("colortbl", "filetbl", "revtbl", "listtable", "listoverridetable", "rsidtbl"),
        *("xmlnstbl", "themedata", "colorschememapping", "latentstyles", "generator"),
        *("pict", "objdata", "nonshppict", "shprslt", "sp", "background", "template"),
        *("fldinst", "datafield", "formfield", "xe", "tc", "rxe", "private", "fchars", "lchars"),
        *("ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "nonesttables"),
        *("bkmkstart", "bkmkend", "htmltag", "mhtmltag", "atnid", "atnauthor", "atndate"),
        *("operator", "manager", "company", "category", "hlinkbase", "printim", "buptim"),
        *("pnseclvl", "pntxta", "pntxtb", "userprops", "docvar", "objclass", "objname"),
    )
)


def is_unread(name: str, *, has_star: bool) -> bool:
    """Return whether a group that begins with this control word is left out."""
    if has_star:
        return name not in _READ_WITH_STAR
    is_property = name.startswith("m") and name.endswith("Pr")  # of a formula
    return name in _UNREAD or is_property
