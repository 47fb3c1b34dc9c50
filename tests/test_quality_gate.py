from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.quality import floors as floor_file
from tests.quality import gate, sets
from tests.quality.floors import Floor, Floors

Capture = pytest.CaptureFixture[str]

DOCUMENTS = {
    "ferry": "The night ferry leaves the harbour at ten and takes bicycles without a fee.",
    "garden": "Roses in a kitchen garden want sun, and onions beside them keep insects away.",
    "clock": "A pendulum clock loses time in summer because its brass rod grows longer.",
}
QUERIES = {"q1": "bicycles on the ferry", "q2": "insects in the garden", "q3": "brass pendulum"}
ANSWERS = {"q1": "ferry", "q2": "garden", "q3": "clock"}


@pytest.fixture
def evaluation_sets(tmp_path: Path) -> Path:
    """A folder that holds one set, `tiny`."""
    folder = tmp_path / "eval" / "tiny"
    folder.mkdir(parents=True)
    rows = (
        json.dumps({"id": name, "title": "", "text": text, "lang": "en"})
        for name, text in DOCUMENTS.items()
    )
    (folder / "docs.jsonl").write_text("\n".join(rows), encoding="utf-8")
    _write_lines(folder / "queries.tsv", (f"{name}\t{text}" for name, text in QUERIES.items()))
    _write_lines(folder / "qrels.txt", (f"{name} 0 {found} 1" for name, found in ANSWERS.items()))
    return folder.parent


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.fixture
def floors_path(tmp_path: Path) -> Path:
    path = tmp_path / "floors.json"
    floor_file.save(Floors("nDCG@10", 0.0005, {"tiny": Floor(0.9)}), path)
    return path


def run(evaluation_sets: Path, floors_path: Path, *options: str) -> int:
    return gate.main(["--eval", str(evaluation_sets), *options], floors_path=floors_path)


def test_a_set_above_its_floor_passes(
    evaluation_sets: Path, floors_path: Path, capsys: Capture
) -> None:
    assert run(evaluation_sets, floors_path) == 0
    told = capsys.readouterr()
    assert "tiny" in told.out
    assert "BELOW" not in told.out + told.err


def test_a_set_below_its_floor_fails_and_is_named(
    evaluation_sets: Path, floors_path: Path, capsys: Capture
) -> None:
    # Every query now asks for a document that cannot be its answer.
    _write_lines(evaluation_sets / "tiny" / "qrels.txt", (f"{name} 0 none 1" for name in QUERIES))
    assert run(evaluation_sets, floors_path) == 1
    told = capsys.readouterr()
    assert "BELOW" in told.out
    assert "BELOW the floor (epsilon 0.0005): tiny" in told.err


def test_a_missing_set_fails_and_is_named(
    evaluation_sets: Path, floors_path: Path, capsys: Capture
) -> None:
    assert run(evaluation_sets, floors_path, "--only", "other") == 1
    assert "has no set other" in capsys.readouterr().err


def test_without_a_folder_the_gate_is_skipped_loudly(
    tmp_path: Path, floors_path: Path, capsys: Capture
) -> None:
    assert run(tmp_path / "nowhere", floors_path) == 0
    told = capsys.readouterr()
    assert told.err.startswith("!!!!!!")
    assert "measured NOTHING" in told.err
    assert told.out.startswith("SKIPPED: the ranking gate")


def test_the_environment_names_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv(sets.VARIABLE, str(tmp_path / "gone"))
    assert gate.main([]) == 0
    assert str(tmp_path / "gone") in capsys.readouterr().err


def test_a_half_is_reported_without_a_verdict(
    evaluation_sets: Path, floors_path: Path, capsys: Capture
) -> None:
    half = sets.half_of("q1")
    kept = [name for name in QUERIES if sets.half_of(name) == half]
    assert run(evaluation_sets, floors_path, "--half", half, "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["queries"], row["passes"]) == (len(kept), None)


def test_two_sets_at_a_time_give_what_they_give_one_by_one(
    evaluation_sets: Path, tmp_path: Path
) -> None:
    shutil.copytree(evaluation_sets / "tiny", evaluation_sets / "twin")
    folders = [evaluation_sets / "tiny", evaluation_sets / "twin"]
    alone = list(gate.measure_all(folders, keep=tmp_path / "one"))
    together = list(gate.measure_all(folders, jobs=2, keep=tmp_path / "two"))
    assert [(result.name, result.measures) for result in together] == [
        (result.name, result.measures) for result in alone
    ]


def test_halves_part_the_queries_evenly_and_for_ever() -> None:
    names = [f"k{number:05}" for number in range(2000)]
    halves = [sets.half_of(name) for name in names]
    assert 900 < halves.count("A") < 1100
    assert "".join(halves[:16]) == "".join(map(sets.half_of, names[:16]))


def test_pinning_raises_a_floor_to_what_was_measured(
    evaluation_sets: Path, floors_path: Path, capsys: Capture
) -> None:
    assert run(evaluation_sets, floors_path, "--pin") == 0
    assert floor_file.load(floors_path).sets["tiny"] == Floor(0.9, 1.0)


def test_pinning_never_lowers_a_floor() -> None:
    floors = Floors("nDCG@10", 0.0005, {"tiny": Floor(0.5, 0.7)})
    assert floors.raised({"tiny": 0.6, "unknown": 1.0}) == floors


def test_a_pinned_figure_is_rounded_down() -> None:
    floors = Floors("nDCG@10", 0.0005, {"tiny": Floor(0.5)})
    assert floors.raised({"tiny": 0.61239}).sets["tiny"] == Floor(0.5, 0.6123)


def test_the_higher_of_bar_and_pin_is_the_floor() -> None:
    floors = Floors("nDCG@10", 0.0005, {"low": Floor(0.5, 0.7), "high": Floor(0.8, 0.7)})
    assert floors.passes("low", 0.6996)
    assert not floors.passes("low", 0.6994)
    assert not floors.passes("high", 0.75)


def test_the_floors_of_the_project_survive_being_written(tmp_path: Path) -> None:
    floors = floor_file.load()
    floor_file.save(floors, tmp_path / "floors.json")
    assert floor_file.load(tmp_path / "floors.json") == floors
    assert (tmp_path / "floors.json").read_bytes() == floor_file.FLOORS.read_bytes()
