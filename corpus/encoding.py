"""Decodes bytes to text: UTF-8, UTF-16 and CP949 by own rules, the rest by a library."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .binary import has_controls, has_many_nuls, signature
from .document import Problem
from .errors import OtherFormat
from .korean_text import looks_korean

# The size in bytes of the block that decides the encoding: the first that is not ASCII.
SAMPLE = 1 << 20
_LIBRARY_SAMPLE = 1 << 16
_LETTERS = 20_000  # characters

# A byte that is invalid in its encoding is decoded as this: no valid byte is.
BAD = "\udcff"
MARK_BAD = "chaja-mark-bad"
# Encodes BAD to a byte that is invalid in UTF-8, so that MARK_BAD finds as many again.
KEEP_BAD = "chaja-keep-bad"
REPLACEMENT = "\ufffd"

UTF_8 = "utf-8-sig"
_CP949 = "cp949"
_WESTERN = "cp1252"
_BOMS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose BOM it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Names that pages declare. EUC-KR means its superset CP949 on the web, as ISO-8859-1 means
# Windows-1252; any other name is ignored.
_DECLARED = {
    **dict.fromkeys(("euc-kr", "euckr", "ks_c_5601-1987", "ks_c_5601", "ksc5601"), _CP949),
    **dict.fromkeys(("cp949", "ms949", "uhc", "windows-949", "x-windows-949"), _CP949),
    **dict.fromkeys(("utf-8", "utf8"), UTF_8),
    **dict.fromkeys(("iso-8859-1", "latin1", "windows-1252"), _WESTERN),
    **dict.fromkeys(("shift_jis", "shift-jis"), "cp932"),
    "euc-jp": "euc_jp",
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    "big5": "big5hkscs",
}
# The library chooses among these; it also knows some that are not used for documents (EBCDIC).
_LIBRARY = ["cp1252", "cp949", "cp932", "euc_jp", "gb18030", "big5", "cp1250", "cp1251", "koi8_r"]
_LABELS = {UTF_8: "UTF-8", _CP949: "CP949", _WESTERN: "Windows-1252"}

# The letters and typographic marks of Windows-1252 above ASCII that occur in texts.
_WESTERN_SIGNS = re.compile("[€‚„…†‡‰‹›‘’“”•–—™\u00a0-\u00ffƒŒœŠšŽžŸ]")
_MOST_WESTERN_SIGNS = 0.2
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.02
# UTF-16 in the wrong byte order, and ASCII with a stray NUL, decode to almost nothing but Hanja.
_WIDE_LETTER = re.compile("[\t\n\r\x20-\x7e\u00a0-\u00ff\u2010-\u2044\u3000-\u30ff가-힣ㄱ-ㆎ]")
_HANJA = re.compile("[\u4e00-\u9fff\uf900-\ufaff]")
_LEAST_WIDE_LETTERS = 0.5
_LEAST_WIDE_TEXT = 0.9
# Letters that CP949 syllables give in UTF-8 (회: ȸ), without those of Vietnamese and Romanian.
_RARE_LETTERS = re.compile("[\x00-\x7f\u0180-\u019f\u01a2-\u01ae\u01b1-\u0217\u021c-\u024f]+")
_UTF_8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_ASCII = bytes(range(128))
_LEAST_VALID = 0.5  # of the bytes above ASCII, in damaged UTF-8
_MOST_BAD = 0.1  # of them, in another damaged encoding
_LEAST_MIXED = 0.9  # of the lines above ASCII

# KS X 1001 has no code for 8,822 of the syllables: "펲" is written as a filler and ㅍ, ㅔ, ㅍ.
_FILLER = "\u3164"
_SEQUENCE = re.compile(f"{_FILLER}[ㄱ-ㅎ][ㅏ-ㅣ][ㄱ-ㅎ{_FILLER}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A decoded text, its lines ended by line feeds.

    `bad` counts the invalid bytes, now U+FFFD; `line` is the line of the first, from 1.
    """

    text: str
    encoding: str
    bad: int = 0
    line: int = 0


def decode(data: bytes, *, declared: str = "") -> Decoded:
    """Decode a whole file; `declared` is the encoding that the file declares.

    Raises CorpusError if it is not a text file.
    """
    sample, whole = _sample(data)
    encoding = encoding_of(sample, declared=declared, whole=whole)
    if is_narrow(encoding):
        text = text_of(data.translate(None, b"\0"), encoding)
    else:
        text = data.decode(encoding, MARK_BAD).replace("\0", "")
    text = compose_syllables(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = text.find(BAD)
    if first < 0:
        return Decoded(text=text, encoding=encoding)
    bad, line = text.count(BAD), text.count("\n", 0, first) + 1
    return Decoded(text=text.replace(BAD, REPLACEMENT), encoding=encoding, bad=bad, line=line)


def is_narrow(encoding: str) -> bool:
    """Return whether bytes below 0x30, such as line feeds and spaces, are whole characters."""
    return not encoding.startswith(("utf-16", "utf-32"))


def text_of(lines: bytes, encoding: str) -> str:
    """Decode lines of a file in a narrow encoding, each bad byte as BAD.

    A line that this encoding cannot decode may be in another one: where a program of Windows
    wrote to a file of a web server, or lines of several files were put together.
    """
    try:
        return lines.decode(encoding)
    except UnicodeDecodeError:
        pass
    if encoding not in (UTF_8, _CP949):
        return lines.decode(encoding, MARK_BAD)
    return "".join(
        line.decode(_encoding_of_line(line, encoding), MARK_BAD)
        for line in lines.splitlines(keepends=True)
    )


def _encoding_of_line(line: bytes, encoding: str) -> str:
    """Return the encoding of a line of a file in `encoding`, which may be invalid in it."""
    if line.isascii() or _strictly_decoded(line, encoding, whole=True) is not None:
        return encoding
    if encoding != UTF_8:
        return encoding if _strictly_decoded(line, UTF_8, whole=True) is None else UTF_8
    if _is_korean(line):
        return _CP949
    is_damaged = _valid_utf_8_share(line) >= _LEAST_VALID
    return _WESTERN if not is_damaged and _looks_western(line) else encoding


def _is_korean(data: bytes, *, whole: bool = True) -> bool:
    """Return whether bytes are valid CP949, and Korean text."""
    korean = _strictly_decoded(data, _CP949, whole)
    return korean is not None and looks_korean(_letters(korean))


def _is_mixed(sample: bytes) -> bool:
    """Return whether nearly all lines are Korean text, some in UTF-8 and some in CP949."""
    lines = [line for line in sample.splitlines() if not line.isascii()]
    of_utf_8 = sum(_strictly_decoded(line, UTF_8, whole=True) is not None for line in lines)
    korean = sum(map(_is_korean, lines))
    return bool(of_utf_8 and korean) and of_utf_8 + korean >= _LEAST_MIXED * len(lines)


def bad_bytes(name: str, encoding: str, count: int, line: int) -> Iterator[Problem]:
    """Yield a Problem if `count` bytes of the file `name`, the first on `line`, were invalid."""
    if count:
        label = _LABELS.get(encoding, encoding.upper())
        verb = "byte is" if count == 1 else "bytes are"
        reason = f"{count} {verb} not valid {label}; replaced with {REPLACEMENT}"
        yield Problem(path=name, reason=reason, line=line)


def encoding_of(sample: bytes, *, declared: str = "", whole: bool = True) -> str:
    """Detect the codec of `sample`; more bytes follow in the file unless it is `whole`.

    Raises CorpusError if the bytes are not text.
    """
    if encoding := _unicode(sample):
        return encoding
    sample = sample.translate(None, b"\0")
    if sample.isascii():
        return UTF_8
    return _narrow(sample, _DECLARED.get(declared.strip().lower(), ""), whole)


def reject_binary(sample: bytes) -> None:
    """Raise CorpusError if a file that begins with `sample` is not text in any encoding."""
    _unicode(sample)


def _unicode(sample: bytes) -> str:
    """Return the Unicode codec that a byte order mark or NUL bytes tell, or "".

    Raises CorpusError if the bytes are not text.
    """
    if format_name := signature(sample):
        raise OtherFormat(f"is {format_name}, not text")
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return encoding
    if b"\0" in sample:
        if encoding := _wide(sample):
            return encoding
        if has_many_nuls(sample):
            raise OtherFormat("is not text: it contains NUL bytes")
    if has_controls(sample.translate(None, b"\0")):
        raise OtherFormat("is not text: it contains control characters")
    return ""


def _sample(data: bytes) -> tuple[bytes, bool]:
    """Return the block of `data` that decides the encoding, and whether it is the last."""
    for start in range(0, len(data), SAMPLE):
        sample = data[start : start + SAMPLE]
        if not sample.isascii() or (b"\0" in sample and _wide(sample)):
            return sample, start + SAMPLE >= len(data)
    return data[:SAMPLE], True


def _wide(sample: bytes) -> str:
    """Return which UTF-16 without a BOM this is, or "".

    Text in any other encoding contains no NUL, or a few that belong to no text.
    """
    even = sample[: min(len(sample), 2 * _LETTERS) // 2 * 2]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = even.decode(encoding, "replace")
        letters, hanja = len(_WIDE_LETTER.findall(text)), len(_HANJA.findall(text))
        is_text = letters + hanja >= _LEAST_WIDE_TEXT * len(text)
        if text and is_text and letters >= _LEAST_WIDE_LETTERS * len(text):
            return encoding
    return ""


def _narrow(sample: bytes, declared: str, whole: bool) -> str:
    # UTF-8 comes before the declaration: text in another encoding is hardly ever valid UTF-8,
    # and pages converted to UTF-8 often keep their old declaration.
    utf_8 = _strictly_decoded(sample, UTF_8, whole)
    if utf_8 is not None and not _RARE_LETTERS.fullmatch(utf_8):
        return UTF_8
    if declared and _bad_share(sample, declared) <= _MOST_BAD:
        return declared
    if _is_korean(sample, whole=whole):
        return _CP949
    if utf_8 is not None or _valid_utf_8_share(sample) >= _LEAST_VALID or _is_mixed(sample):
        return UTF_8
    if _bad_share(sample, _CP949) <= _MOST_BAD and looks_korean(
        _letters(sample.decode(_CP949, MARK_BAD))
    ):
        return _CP949
    return _WESTERN if _looks_western(sample) else _by_library(sample)


def _strictly_decoded(sample: bytes, encoding: str, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample, final=whole)
    except UnicodeDecodeError:
        return None


def _bad_share(sample: bytes, encoding: str) -> float:
    """Return the share of the bytes above ASCII that are invalid in `encoding`."""
    return sample.decode(encoding, MARK_BAD).count(BAD) / len(_high(sample))


def _valid_utf_8_share(sample: bytes) -> float:
    return sum(map(len, _UTF_8_SEQUENCE.findall(sample))) / len(_high(sample))


def _high(sample: bytes) -> bytes:
    return sample.translate(None, _ASCII)


def _letters(text: str) -> str:
    """Return the part of `text` to examine: from the first character that is not ASCII."""
    found = re.search(r"[^\x00-\x7f]", text)
    return text[found.start() :][:_LETTERS] if found else ""


def _looks_western(sample: bytes) -> bool:
    """Return whether the sample is ASCII with a few accents and quotation marks of Windows-1252."""
    high = _high(sample)
    signs = _WESTERN_SIGNS.findall(high.decode(_WESTERN, "replace"))
    return len(signs) == len(high) <= _MOST_WESTERN_SIGNS * len(sample)


def _by_library(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to load, and rarely needed

    best = from_bytes(sample[:_LIBRARY_SAMPLE], cp_isolation=_LIBRARY).best()
    if best is None or len(_CONTROL.findall(str(best))) > _MOST_CONTROLS * len(str(best)):
        raise OtherFormat("is not text in a known encoding")
    return best.encoding


def _mark_bad(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return BAD * (error.end - error.start), error.end


def _keep_bad(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return b"\xff" * (error.end - error.start), error.end


codecs.register_error(MARK_BAD, _mark_bad)
codecs.register_error(KEEP_BAD, _keep_bad)


def compose_syllables(text: str) -> str:
    """Compose the syllables of `text` that EUC-KR encodes as a filler and three letters."""
    return text if _FILLER not in text else _SEQUENCE.sub(_compose, text)


def _compose(sequence: re.Match[str]) -> str:
    return sequence[0].encode("cp949").decode("euc_kr", "replace")
