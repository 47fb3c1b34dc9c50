"""What an index holds of a passage: its inverted fields."""

from __future__ import annotations

from enum import StrEnum

# The first field is a passage's own text; the title's terms stand at the first passage of its
# document; grams are pairs of syllables, without positions; a path is one term a passage. What a
# document tells of the other language (bridge/evidence.py) stands at its first passage as well.


class Field(StrEnum):
    """The inverted fields, in the order their terms are written."""

    BODY = "body"
    BRIDGE = "bridge"
    GRAM = "gram"
    PATH = "path"
    TITLE = "title"


POSITIONS = (Field.BODY, Field.TITLE)
# Positions are written as unsigned 16-bit numbers; a passage is bounded, and a title is cut here.
LAST_POSITION = 65_535
# A place is one number, passage and position in it: "the next word" is then an addition. The bit
# above the sixteen of a position keeps "the next" out of the next passage.
PLACE_BITS = 17
