"""Decodes the bytes of an RTF, whose encoding depends on the font in which they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..code_pages import KOREAN, WESTERN, codec_of_page, western_or_korean

# What fonts state: the codec, by the numbers of Windows; 0 and 1 are those of the document.
_CHARSETS = {
    77: "mac_roman",
    78: "shift_jis",
    79: "cp949",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    255: "cp437",
}
# Charsets of fonts that say what the bytes above ASCII are not: letters of the document's language.
_ANSI, _SYMBOLS = 0, 2
_MARK = "•"  # what a sign is taken for: most are the marks of lists


@dataclass(slots=True)
class Encodings:
    """The codecs of a document and of its fonts; `bad` counts the bytes that are in none."""

    document: str = WESTERN
    fonts: dict[int, str] = field(default_factory=dict)
    bad: int = 0

    def state_page(self, number: int) -> None:
        """Take the code page that the document states."""
        self.document = codec_of_page(number) or self.document

    def state_charset(self, font: int, charset: int) -> None:
        """Take the charset that a font states."""
        special = {_ANSI: WESTERN, _SYMBOLS: _MARK}
        if codec := special.get(charset) or _CHARSETS.get(charset):
            self.fonts.setdefault(font, codec)

    def state_font_page(self, font: int, number: int) -> None:
        """Take the code page that a font states, which precedes its charset."""
        if codec := codec_of_page(number):
            self.fonts[font] = codec

    def text(self, data: bytes, font: int) -> str:
        """Decode bytes that are shown in a font."""
        if data.isascii():
            return data.decode("ascii")
        own = self.fonts.get(font, "")
        if own == _MARK:
            return "".join(chr(code) if code < 128 else _MARK for code in data)
        codecs = [own, self.document]
        if own in ("", WESTERN) and self.document in (WESTERN, KOREAN):
            return self._western(data, self.document if not own else WESTERN)
        if own == WESTERN:  # in a document of another language
            codecs.reverse()
        for codec in filter(None, (*codecs, WESTERN)):
            text = _decoded(data, codec)
            if text is not None:
                return text
        return self._replaced(data, own or self.document)

    def _western(self, data: bytes, codec: str) -> str:
        """Decode bytes that are in a codec, unless pairs of them are Korean."""
        if codec == KOREAN and (text := _decoded(data, codec)) is not None:
            return text
        text = western_or_korean(data)
        self.bad += text.count("\ufffd")
        return text

    def _replaced(self, data: bytes, codec: str) -> str:
        text = data.decode(codec, "replace")
        self.bad += text.count("\ufffd")
        return text


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None
