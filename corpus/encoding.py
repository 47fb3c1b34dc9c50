"""Bytes to text: UTF-8, UTF-16 and CP949 by rules of our own, the rest by a library."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from .cp949 import composed, looks_korean
from .errors import CorpusError

# How many bytes, from the first that is not ASCII, decide the encoding of a file.
SAMPLE = 1 << 20
_LIBRARY_SAMPLE = 1 << 16
_LETTERS = 20_000

# A byte that its encoding does not allow is decoded as this: no encoding yields it by itself.
BAD = "\udcff"
MARK_BAD = "chaja-mark-bad"
REPLACEMENT = "\ufffd"

UTF_8 = "utf-8-sig"
_CP949 = "cp949"
_WESTERN = "cp1252"
_BOMS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What pages declare, as they spell it. EUC-KR means its superset CP949 on the web, as ISO-8859-1
# means Windows-1252; a name that is not here is not believed.
_DECLARED = {
    "euc-kr": _CP949,
    "euckr": _CP949,
    "ks_c_5601-1987": _CP949,
    "ks_c_5601": _CP949,
    "ksc5601": _CP949,
    "cp949": _CP949,
    "ms949": _CP949,
    "uhc": _CP949,
    "windows-949": _CP949,
    "x-windows-949": _CP949,
    "utf-8": UTF_8,
    "utf8": UTF_8,
    "iso-8859-1": _WESTERN,
    "latin1": _WESTERN,
    "windows-1252": _WESTERN,
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "euc-jp": "euc_jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
}
# The library may choose among these; it knows some that no one keeps documents in (EBCDIC).
_LIBRARY = ["cp1252", "cp949", "cp932", "euc_jp", "gb18030", "big5", "cp1250", "cp1251", "koi8_r"]
_LABELS = {UTF_8: "UTF-8", _CP949: "CP949", _WESTERN: "Windows-1252"}

# Letters and typographic marks that Windows-1252 puts above ASCII and that texts really use.
_WESTERN_SIGNS = re.compile("[€‚„…†‡‰‹›‘’“”•–—™\u00a0-\u00ffƒŒœŠšŽžŸ]")
_MOST_WESTERN_SIGNS = 0.2
# UTF-16 of the wrong order, and ASCII with a stray NUL, read as little but Hanja.
_WIDE_LETTER = re.compile("[\t\n\r\x20-\x7e\u00a0-\u00ff\u2010-\u2044\u3000-\u30ff가-힣ㄱ-ㆎ]")
_HANJA = re.compile("[\u4e00-\u9fff\uf900-\ufaff]")
_LEAST_WIDE_LETTERS = 0.5
_LEAST_WIDE_TEXT = 0.9
# Letters that CP949 syllables make in UTF-8 (회: ȸ); those of Vietnamese and Romanian are left out.
_SELDOM_WRITTEN = re.compile("[\x00-\x7f\u0180-\u019f\u01a2-\u01ae\u01b1-\u0217\u021c-\u024f]+")
_UTF_8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_ASCII = bytes(range(128))
_LEAST_GOOD = 0.5  # of the bytes above ASCII, in damaged UTF-8
_MOST_BAD = 0.1  # of them, in another damaged encoding

# The first bytes of formats that people rename or save under a text suffix.
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an HWP or an older office document"),
    (b"HWP Document File", "an HWP document"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
)
# These read as words, so a text may well begin with them: the rest has to look the part.
_READS_AS_WORDS = (b"BZh", b"GIF87a", b"GIF89a", b"HWP Document File")

# Tab, line feed, form feed, carriage return, escape and the DOS end of file stand in texts.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\x0b\f\r\x1a\x1b") + b"\x7f"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text with its lines ended by a line feed, and what its encoding did not allow.

    `bad` counts the bytes that became U+FFFD, and `line` (from 1) is the line of the first.
    """

    text: str
    encoding: str
    bad: int = 0
    line: int = 0


def decode(data: bytes, *, declared: str = "") -> Decoded:
    """Return the text of a whole file; `declared` is the encoding that it says it has.

    Raises CorpusError where the bytes are not those of a text.
    """
    sample, whole = _sample(data)
    encoding = encoding_of(sample, declared=declared, whole=whole)
    text = composed(data.decode(encoding, MARK_BAD))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = text.find(BAD)
    if first < 0:
        return Decoded(text=text, encoding=encoding)
    bad, line = text.count(BAD), text.count("\n", 0, first) + 1
    return Decoded(text=text.replace(BAD, REPLACEMENT), encoding=encoding, bad=bad, line=line)


def damage(encoding: str, bad: int) -> str:
    """Say what became of the bytes that `encoding` does not allow."""
    label = _LABELS.get(encoding, encoding.upper())
    verb = "byte is" if bad == 1 else "bytes are"
    return f"{bad} {verb} not valid {label}; replaced with {REPLACEMENT}"


def encoding_of(sample: bytes, *, declared: str = "", whole: bool = True) -> str:
    """Return the codec that reads `sample`, which goes on in the file unless it is `whole`.

    Raises CorpusError where the bytes are not those of a text.
    """
    if kind := signature(sample):
        raise CorpusError(f"is {kind}, not text")
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        return _wide(sample)
    if has_controls(sample):
        raise CorpusError("is not text: it contains control characters")
    if sample.isascii():
        return UTF_8
    return _narrow(sample, _DECLARED.get(declared.strip().lower(), ""), whole)


def _sample(data: bytes) -> tuple[bytes, bool]:
    """Return the part of `data` that tells its encoding, and whether that is all there is."""
    for start in range(0, len(data), SAMPLE):
        sample = data[start : start + SAMPLE]
        if not sample.isascii() or b"\0" in sample:
            return sample, start + SAMPLE >= len(data)
    return data[:SAMPLE], True


def _wide(sample: bytes) -> str:
    """Return which UTF-16 without a mark this is; a text in any other encoding holds no NUL."""
    even = sample[: min(len(sample), 2 * _LETTERS) // 2 * 2]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = even.decode(encoding, "replace")
        letters, hanja = len(_WIDE_LETTER.findall(text)), len(_HANJA.findall(text))
        enough = letters + hanja >= _LEAST_WIDE_TEXT * len(text)
        if text and enough and letters >= _LEAST_WIDE_LETTERS * len(text):
            return encoding
    raise CorpusError("is not text: it contains NUL bytes")


def _narrow(sample: bytes, declared: str, whole: bool) -> str:
    # Text in another encoding is hardly ever valid UTF-8, while pages saved anew often keep the
    # declaration of the encoding they had: so this comes before what is declared.
    utf_8 = _decodes(sample, UTF_8, whole)
    if utf_8 is not None and not _SELDOM_WRITTEN.fullmatch(utf_8):
        return UTF_8
    if declared and _marked(sample, declared) <= _MOST_BAD:
        return declared
    korean = _decodes(sample, _CP949, whole)
    if korean is not None and looks_korean(_letters(korean)):
        return _CP949
    if utf_8 is not None:
        return UTF_8
    if _valid_utf_8(sample) >= _LEAST_GOOD:
        return UTF_8
    if _marked(sample, _CP949) <= _MOST_BAD and looks_korean(_letters(_mark(sample, _CP949))):
        return _CP949
    return _WESTERN if _looks_western(sample) else _by_library(sample)


def _decodes(sample: bytes, encoding: str, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample, final=whole)
    except UnicodeDecodeError:
        return None


def _mark(sample: bytes, encoding: str) -> str:
    return sample.decode(encoding, MARK_BAD)


def _marked(sample: bytes, encoding: str) -> float:
    """Return the share of the bytes above ASCII that `encoding` does not allow."""
    return _mark(sample, encoding).count(BAD) / len(_high(sample))


def _valid_utf_8(sample: bytes) -> float:
    return sum(map(len, _UTF_8_SEQUENCE.findall(sample))) / len(_high(sample))


def _high(sample: bytes) -> bytes:
    return sample.translate(None, _ASCII)


def _letters(text: str) -> str:
    """Return the stretch of `text` that is worth looking at: from the first letter not ASCII."""
    found = re.search(r"[^\x00-\x7f]", text)
    return text[found.start() :][:_LETTERS] if found else ""


def _looks_western(sample: bytes) -> bool:
    """Tell whether a few accents and quotation marks of Windows-1252 stand among ASCII letters."""
    high = _high(sample)
    signs = _WESTERN_SIGNS.findall(high.decode(_WESTERN, "replace"))
    return len(signs) == len(high) <= _MOST_WESTERN_SIGNS * len(sample)


def _by_library(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to load, and few files need it

    best = from_bytes(sample[:_LIBRARY_SAMPLE], cp_isolation=_LIBRARY).best()
    if best is None or not reads_as_text(str(best)):
        raise CorpusError("is not text in a known encoding")
    return best.encoding


def _mark_bad(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return BAD * (error.end - error.start), error.end


codecs.register_error(MARK_BAD, _mark_bad)


def signature(data: bytes) -> str:
    """Name the format, with its article, that the first bytes give away, or return ""."""
    for start, name in _SIGNATURES:
        if data.startswith(start) and (start not in _READS_AS_WORDS or has_controls(data)):
            return name
    return ""


def has_controls(data: bytes) -> bool:
    """Tell whether more of the bytes are control characters than a damaged text would hold."""
    return len(data) - len(data.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(data)


def reads_as_text(text: str) -> bool:
    """Tell whether a decoded text is free enough of control characters to be one."""
    return len(_CONTROL.findall(text)) <= _MOST_CONTROLS * len(text)
