"""A file is found and opens whatever its name is on the disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from index_corpus import built, counts
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

from index.builder.build import build
from index.directory.location import FOLDER
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")

NAMES = [
    unicodedata.normalize("NFD", "회의록/정상회담.txt").encode(),
    "자료/청자.txt".encode("cp949"),
    b"\xff\xfe.txt",
    "평범.txt".encode(),
]


def put_bytes(folder: Path, names: list[bytes]) -> None:
    for number, name in enumerate(names):
        path = folder / os.fsdecode(name)
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"river {number}", encoding="utf-8")
        except OSError:
            pytest.skip("this file system takes only text for names")


def test_the_path_of_a_hit_opens_and_its_id_is_text(tmp_path: Path) -> None:
    put_bytes(tmp_path, NAMES)
    assert counts(built(tmp_path)) == (4, 0, 0, 0)

    with Searcher.open(tmp_path / FOLDER) as searcher:
        hits = searcher.search("river")
        assert {hit.document for hit in hits} == {
            "회의록/정상회담.txt",
            "자료/청자.txt",
            "\\xff\\xfe.txt",
            "평범.txt",
        }
        for hit in hits:
            assert (tmp_path / hit.path).read_text(encoding="utf-8").startswith("river")
            assert [found.path for found in searcher.passages(hit.path)] == [hit.path]
            assert [found.path for found in searcher.passages(hit.document)] == [hit.path]


def test_a_later_build_finds_its_folders_again(tmp_path: Path) -> None:
    put_bytes(tmp_path, NAMES)
    folders = [tmp_path / os.fsdecode(name.rpartition(b"/")[0]) for name in NAMES[:2]]
    build(tmp_path / FOLDER, folders)

    assert counts(build(tmp_path / FOLDER)) == (0, 0, 0, 2)


def test_a_file_renamed_to_another_normal_form_still_opens(tmp_path: Path) -> None:
    apart, whole = (unicodedata.normalize(form, "한글.txt") for form in ("NFD", "NFC"))
    put_bytes(tmp_path, [apart.encode()])
    os.utime(tmp_path / apart, (1_700_000_000, 1_700_000_000))
    built(tmp_path)

    (tmp_path / apart).rename(tmp_path / whole)

    assert counts(built(tmp_path)) == (0, 1, 0, 0)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert [hit.path for hit in searcher.search("river")] == [whole]


def test_the_command_line_prints_and_takes_such_names(tmp_path: Path) -> None:
    put_bytes(tmp_path, NAMES)
    built(tmp_path)

    def run(*arguments: str | bytes) -> str:
        command = [sys.executable, "-c", "from search.cli import main; main()", *arguments]
        root = str(Path(__file__).parents[1])
        environment = {**os.environ, "PYTHONPATH": root}
        found = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, check=True
        )
        return found.stdout.decode()

    found = json.loads(run("search", "river", "--json", "--strict", "--no-bridge"))
    paths = [hit["path"] for hit in found["hits"]]
    assert all((tmp_path / path).exists() for path in paths)
    assert sorted(map(os.fsencode, paths)) == sorted(NAMES)
    text = run("search", "river", "--strict", "--no-bridge")
    for shown in ("자료/청자.txt:1", "\\xff\\xfe.txt:1", NAMES[0].decode()):
        assert shown in text
    for typed in ("자료/청자.txt:1", NAMES[1], NAMES[2] + b":1", "회의록/정상회담.txt:1"):
        assert "river" in run("show", typed)
