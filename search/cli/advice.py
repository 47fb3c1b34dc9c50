"""Advice on options and commands of other programs: what does the same here."""

from __future__ import annotations

from collections.abc import Iterable

import click

_SEARCHES = frozenset({"search", "phrase", "similar"})
# Options of grep, ripgrep and search engines, and what to do instead.
OPTIONS = {
    ("-A", "-B", "-C", "--after-context", "--before-context", "--context"): (
        "To see what is around a hit: chaja show PATH:LINE -C N"
    ),
    ("-m", "-k", "--max-count", "--num", "--size", "--top"): "For the number of hits: -n N",
    ("--page", "--skip", "--start"): "To go on after the first N hits: --offset N",
    ("-r", "-R", "--recursive"): (
        "An index is always searched with all its folders; leave the option out."
    ),
    ("-i", "-s", "-S", "--ignore-case", "--smart-case"): (
        "Words in small letters find capitals too; leave the option out."
    ),
    ("-e", "-E", "-G", "-P", "--regex", "--regexp", "--extended-regexp", "--perl-regexp"): (
        "There are no regular expressions; * and ? in a word stand for letters: 'strateg*'"
    ),
    ("-F", "-Q", "--fixed-strings", "--literal"): (
        "To find an exact text: chaja phrase --exact WORDS"
    ),
    ("-w", "--word-regexp", "--whole-word"): (
        "Words match as words, in all their forms; for words side by side: chaja phrase WORDS"
    ),
    ("-v", "--invert-match", "--not"): "To exclude a word, put - before it: '전략 -북한'",
    ("-g", "--glob", "--iglob", "--include", "--file", "--filename", "--folder"): (
        "For files whose path has PART in it, put path:PART into the query."
    ),
    ("--exclude", "--exclude-dir"): (
        "For files whose path has no PART in it, put -path:PART into the query."
    ),
    ("--after", "--before", "--from", "--to", "--until"): (
        "For documents of some years, put date:2024..2025 into the query."
    ),
    ("--language",): "For documents in one language: --lang ko",
    ("--title",): "For words of a title, put title:WORD into the query.",
    ("--fuzzy", "--fuzziness"): "Misspelt words are corrected anyway; leave the option out.",
    ("--no-fuzzy", "--no-correction", "--verbatim"): "To search for words as typed: --strict",
}
_OF_CLUSTER = (
    "--cluster-user and --cluster-ca stand before the command; a password is read from the file "
    "that CHAJA_CLUSTER_PASSWORD_FILE names."
)
COMMANDS = {
    ("find", "grep", "query", "rg"): "To search: chaja search WORDS",
    ("add", "create", "index", "init", "reindex", "update"): (
        "To make or update an index: chaja build FOLDER"
    ),
    ("cat", "less", "read", "view"): "To read a document: chaja show PATH",
    ("list", "ls", "stats", "status"): "To see what the index has: chaja info, or chaja health",
    ("check", "fsck"): "To check the index: chaja verify",
    ("dictionary", "translate", "translations"): "For translations: chaja glossary list WORD",
}


def option_advice(context: click.Context | None, option: str) -> str:
    """Return what to do instead of an option that a command does not have, or ""."""
    if option.startswith("--cluster-"):
        return _OF_CLUSTER
    if context is None or context.info_name not in _SEARCHES:
        return ""
    return _found(OPTIONS, option)


def command_advice(name: str, others: Iterable[str]) -> str:
    """Return what to type instead of a command that does not exist, one of `others` perhaps."""
    if advice := _found(COMMANDS, name):
        return advice
    # Imported late: needed for a mistake only.
    from difflib import get_close_matches

    if near := get_close_matches(name, others, n=1):
        return f"Did you mean: chaja {near[0]}"
    return "To search for it: chaja search WORDS"


def _found(table: dict[tuple[str, ...], str], name: str) -> str:
    return next((advice for names, advice in table.items() if name in names), "")
