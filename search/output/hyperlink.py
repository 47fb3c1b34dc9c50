"""Hyperlinks of a terminal (OSC 8): a path that opens its file when it is clicked.

The form is that of https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda.
"""

from __future__ import annotations

from collections.abc import Mapping

_START, _MIDDLE, _END = "\x1b]8;;", "\x1b\\", "\x1b]8;;\x1b\\"

# Terminals that show hyperlinks, by the variables that they set. Others may print rubbish.
_PROGRAMS = frozenset(
    ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby", "zed", "WarpTerminal")
)
_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")
_SET = ("KITTY_WINDOW_ID", "WT_SESSION", "DOMTERM", "KONSOLE_VERSION", "GHOSTTY_RESOURCES_DIR")
_FIRST_VTE = 5000  # VTE 0.50, of GNOME Terminal and others

# What a URL has as it is, `%` for what is coded already.
_OF_URLS = "%!#$&'()*+,/:;=?@[]~"


def shows_hyperlinks(choice: str, environment: Mapping[str, str]) -> bool:
    """Return whether to print hyperlinks on a terminal: `choice` is "auto", "always" or "never".

    "auto" prints them if the terminal is known to show them, outside tmux and screen.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("TMUX") or environment.get("STY"):
        return False
    version = environment.get("VTE_VERSION", "")
    return (
        environment.get("TERM_PROGRAM") in _PROGRAMS
        or environment.get("TERM", "").startswith(_TERMS)
        or any(map(environment.get, _SET))
        or (version.isdecimal() and int(version) >= _FIRST_VTE)
    )


def hyperlink(text: str, path: str) -> str:
    """Return a text that links to a URL, or to the file at a full path; without a file, no link.

    Documents that a program gave have no file.
    """
    # Imported late: few outputs have hyperlinks.
    from os import fsencode
    from os.path import lexists
    from socket import gethostname
    from urllib.parse import quote

    if "://" in path:  # no path of a file has it
        address = quote(fsencode(path), safe=_OF_URLS)
    elif lexists(path):
        # With the name of the machine a terminal does not open a file of another one, over SSH.
        address = f"file://{quote(gethostname())}{quote(fsencode(path))}"
    else:
        return text
    return f"{_START}{address}{_MIDDLE}{text}{_END}"
