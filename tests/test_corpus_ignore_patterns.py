from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.walk import SourceFile, walk

# No stars beside letters before a slash: Git lets "a**/b" match "ax/y/b", against its own manual.
NAMES = ("a", "b", "ab", "*", "?", "*a", "a*b", "*b*", "**", "***", "[ab]", "[!a]", "[a-b]")
SETS = ("[]a]", "[!]]", "[[:alpha:]]", "[^[:upper:]b]", r"\a", r"\*", "[", "[a-]", "[-b]*")
patterns = st.builds(
    lambda sign, names, end: sign + "/".join(names) + end,
    st.sampled_from(("", "", "", "!", "/", "!/", "#", r"\!", r"\#")),
    st.lists(st.sampled_from(NAMES + SETS), min_size=1, max_size=4),
    st.sampled_from(("", "", "", "/", " ", r"\ ", "/ ")),
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("tree")
    rng = random.Random(5)
    for _ in range(40):
        folder = base.joinpath(*rng.choices(["a", "b", "ab", "ba", "B", "-"], k=rng.randint(1, 3)))
        folder.mkdir(parents=True, exist_ok=True)
        for name in rng.sample(["aab", "bb", "*", "c", "!b", "#", "a "], k=3):
            (folder / name).touch()
    subprocess.run(["git", "init", "-q"], cwd=base, check=True)
    return base


@pytest.mark.skipif(not shutil.which("git"), reason="compares with Git")
@settings(deadline=None)
@given(outer=st.lists(patterns, max_size=4), inner=st.lists(patterns, max_size=3))
def test_the_files_that_git_ignores_are_ignored(
    tree: Path, outer: list[str], inner: list[str]
) -> None:
    (tree / ".chajaignore").write_text("\n".join(outer), encoding="utf-8")
    (tree / "a/.chajaignore").write_text("\n".join(inner), encoding="utf-8")
    command = ["git", "ls-files", "--others", "--exclude-per-directory=.chajaignore", "-z"]
    listed = subprocess.run(command, cwd=tree, check=True, capture_output=True, text=True).stdout
    expected = {path for path in listed.split("\0") if path and ".chajaignore" not in path}
    walked = walk([tree], base=tree, suffixes={""})
    assert {found.name for found in walked if isinstance(found, SourceFile)} == expected
