from __future__ import annotations

import itertools
import math
import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import EvaluationError, MissingExtra
from search.evaluation import Evaluation, RunLine, evaluate
from search.output.trec import write_run

Ranking = Sequence[tuple[str, float]]


class Fixed:
    """A ranker that gives prepared answers and records its calls."""

    def __init__(self, answers: Mapping[str, Ranking]) -> None:
        self._answers = answers
        self.calls: list[tuple[str, int]] = []
        self.options: list[tuple[str, bool]] = []

    def rank_documents(self, text: str, *, limit: int, path: str, bridge: bool) -> Ranking:
        self.calls.append((text, limit))
        self.options.append((path, bridge))
        return self._answers.get(text, ())[:limit]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "queries.tsv").write_text(
        "q1\t서울 지하철\nq2\tferry timetable\n", encoding="utf-8"
    )
    (tmp_path / "qrels.txt").write_text("q1 0 a 1\nq2 0 b 1\n", encoding="utf-8")
    return tmp_path


def run_on(folder: Path, answers: Mapping[str, Ranking], *, depth: int = 100) -> Evaluation:
    return evaluate(Fixed(answers), folder / "queries.tsv", folder / "qrels.txt", depth=depth)


def test_a_right_answer_on_top_of_every_query_measures_one(folder: Path) -> None:
    evaluation = run_on(folder, {"서울 지하철": [("a", 2.0)], "ferry timetable": [("b", 1.0)]})
    assert evaluation.measures == {"nDCG@10": 1.0, "MRR@10": 1.0, "R@10": 1.0, "R@100": 1.0}
    assert (evaluation.queries, evaluation.without_hits) == (2, 0)


def test_a_judged_query_without_hits_counts_as_zero(folder: Path) -> None:
    evaluation = run_on(folder, {"서울 지하철": [("a", 2.0)]})
    assert evaluation.measures == {"nDCG@10": 0.5, "MRR@10": 0.5, "R@10": 0.5, "R@100": 0.5}
    assert (evaluation.queries, evaluation.without_hits) == (2, 1)


def test_nothing_found_at_all_measures_zero(folder: Path) -> None:
    evaluation = run_on(folder, {})
    assert set(evaluation.measures.values()) == {0.0}
    assert evaluation.run == ()


def test_measures_look_no_further_than_their_cutoff(folder: Path) -> None:
    others = [(f"other{rank}", 100.0 - rank) for rank in range(10)]
    evaluation = run_on(folder, {"서울 지하철": [*others, ("a", 1.0)]})
    assert evaluation.measures == {"nDCG@10": 0.0, "MRR@10": 0.0, "R@10": 0.0, "R@100": 0.5}


def test_a_higher_grade_is_worth_more(folder: Path) -> None:
    (folder / "qrels.txt").write_text("q1 0 a 1\nq1 0 b 3\n", encoding="utf-8")
    evaluation = run_on(folder, {"서울 지하철": [("a", 2.0), ("b", 1.0)]})
    expected = (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))
    assert evaluation.measures["nDCG@10"] == pytest.approx(expected)


def test_queries_without_judgements_are_not_asked(folder: Path) -> None:
    (folder / "qrels.txt").write_text("q2 0 b 1\n", encoding="utf-8")
    ranker = Fixed({"ferry timetable": [("b", 1.0)]})
    evaluation = evaluate(ranker, folder / "queries.tsv", folder / "qrels.txt")
    assert ranker.calls == [("ferry timetable", 100)]
    assert ranker.options == [("", True)]
    assert (evaluation.queries, evaluation.measures["nDCG@10"]) == (1, 1.0)


def test_a_part_of_the_index_is_measured_with_or_without_the_bridge(folder: Path) -> None:
    ranker = Fixed({})
    files = (folder / "queries.tsv", folder / "qrels.txt")
    evaluate(ranker, *files, path="help/en/", bridge=False)
    assert ranker.options == 2 * [("help/en/", False)]


def test_judgements_of_a_query_that_is_not_asked_do_not_count(folder: Path) -> None:
    (folder / "qrels.txt").write_text("q1 0 a 1\nq9 0 a 1\n", encoding="utf-8")
    evaluation = run_on(folder, {"서울 지하철": [("a", 2.0)]})
    assert (evaluation.queries, evaluation.measures["nDCG@10"]) == (1, 1.0)


def test_depth_is_how_many_documents_are_asked_for(folder: Path) -> None:
    evaluation = run_on(folder, {"서울 지하철": [("c", 3.0), ("d", 2.0), ("a", 1.0)]}, depth=2)
    assert [line.document_id for line in evaluation.run] == ["c", "d"]


def test_a_document_named_twice_counts_at_its_better_place(folder: Path) -> None:
    evaluation = run_on(folder, {"서울 지하철": [("c", 3.0), ("c", 2.0), ("a", 1.0)]})
    assert [(line.document_id, line.rank) for line in evaluation.run] == [("c", 1), ("a", 2)]


@given(st.lists(st.floats(min_value=-1e6, max_value=1e6), min_size=2, max_size=100))
def test_scores_fall_with_every_rank_in_single_precision(
    tmp_path_factory: pytest.TempPathFactory, scores: list[float]
) -> None:
    folder = tmp_path_factory.mktemp("falling")
    (folder / "queries.tsv").write_text("q\tword\n", encoding="utf-8")
    (folder / "qrels.txt").write_text("q 0 d0 1\n", encoding="utf-8")
    answers = [(f"d{rank}", score) for rank, score in enumerate(sorted(scores, reverse=True))]
    evaluation = run_on(folder, {"word": answers})
    write_run(evaluation, folder / "run.txt")
    written = [line.split() for line in (folder / "run.txt").read_text("utf-8").splitlines()]
    assert [line[2] for line in written] == [name for name, _ in answers]
    single = [struct.unpack("f", struct.pack("f", float(line[4])))[0] for line in written]
    assert all(above > below for above, below in itertools.pairwise(single))


def test_equal_scores_keep_the_order_of_the_ranker(folder: Path) -> None:
    # trec_eval puts equal scores into falling order of the document id: b before a.
    evaluation = run_on(folder, {"서울 지하철": [("a", 7.0), ("b", 7.0)]})
    assert evaluation.measures["MRR@10"] == 0.5


def test_the_written_run_measures_the_same(folder: Path) -> None:
    answers = {"서울 지하철": [("z", 7.0), ("a", 7.0)], "ferry timetable": [("b", 1.5)]}
    evaluation = run_on(folder, answers)
    write_run(evaluation, folder / "run.txt")
    measured = ir_measures.calc_aggregate(
        [ir_measures.nDCG @ 10],
        list(ir_measures.read_trec_qrels(str(folder / "qrels.txt"))),
        list(ir_measures.read_trec_run(str(folder / "run.txt"))),
    )
    assert measured[ir_measures.nDCG @ 10] == pytest.approx(evaluation.measures["nDCG@10"])


def test_a_run_has_six_columns_and_a_tag(tmp_path: Path) -> None:
    line = RunLine(query_id="q1", document_id="d 1", rank=1, score=12.5)
    evaluation = Evaluation(measures={}, queries=1, without_hits=0, run=(line,))
    write_run(evaluation, tmp_path / "run.txt", tag="my run")
    written = (tmp_path / "run.txt").read_text(encoding="utf-8")
    assert written == "q1 Q0 d_1 1 12.5 my_run\n"


def test_a_run_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    evaluation = Evaluation(measures={}, queries=0, without_hits=0, run=())
    with pytest.raises(FileNotFoundError, match=r"run\.txt"):
        write_run(evaluation, tmp_path / "nowhere" / "run.txt")


def test_without_ir_measures_nothing_is_asked_and_the_extra_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    ranker = Fixed({})
    with pytest.raises(MissingExtra, match="ir-measures, which is not installed") as caught:
        evaluate(ranker, folder / "queries.tsv", folder / "qrels.txt")
    assert "pip install 'chaja[evaluate]'" in caught.value.hint
    assert ranker.calls == []


def test_a_byte_order_mark_blank_lines_and_carriage_returns_are_no_part_of_a_file(
    folder: Path,
) -> None:
    (folder / "queries.tsv").write_bytes("\ufeffq1\t서울 지하철\r\n\r\n".encode())
    (folder / "qrels.txt").write_bytes("\ufeffq1\t0\ta\t1\r\n\r\n".encode())
    evaluation = run_on(folder, {"서울 지하철": [("a", 2.0)]})
    assert evaluation.measures["nDCG@10"] == 1.0


def test_a_document_id_may_hold_spaces(folder: Path) -> None:
    (folder / "qrels.txt").write_text("q1 0 my files/a b.txt 1\n", encoding="utf-8")
    evaluation = run_on(folder, {"서울 지하철": [("my files/a b.txt", 2.0)]})
    assert evaluation.measures["nDCG@10"] == 1.0


@pytest.mark.parametrize("line", ["no tab here", "q3\t", "\twords", "q3\t  "])
def test_a_line_that_is_no_query_is_named(folder: Path, line: str) -> None:
    (folder / "queries.tsv").write_text(f"q1\t서울\n{line}\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"queries\.tsv, line 2, .*id, a tab and the words"):
        run_on(folder, {})


def test_a_query_id_given_twice_is_named(folder: Path) -> None:
    (folder / "queries.tsv").write_text("q1\t서울\nq1\t부산\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"line 2, repeats the query id q1"):
        run_on(folder, {})


@pytest.mark.parametrize("line", ["q1 a 1", "q1", "q1 0 a good", "q1 0 a 1.5", "q1 0 1"])
def test_a_line_that_is_no_judgement_is_named(folder: Path, line: str) -> None:
    (folder / "qrels.txt").write_text(f"q1 0 a 1\n\n{line}\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"qrels\.txt, line 3, is not a judgement") as caught:
        run_on(folder, {})
    assert caught.value.hint


def test_two_different_grades_for_one_document_are_named(folder: Path) -> None:
    (folder / "qrels.txt").write_text("q1 0 a 1\nq1 0 a 1\nq1 0 a 2\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="line 3, gives a a second grade that differs"):
        run_on(folder, {})


def test_bytes_that_are_not_utf8_are_named_by_line(folder: Path) -> None:
    (folder / "queries.tsv").write_bytes("q1\tbus\nq2\t서울\n".encode("cp949"))
    with pytest.raises(EvaluationError, match="line 2, is not UTF-8"):
        run_on(folder, {})


def test_a_file_that_is_not_there_is_named_with_what_it_should_be(folder: Path) -> None:
    (folder / "qrels.txt").unlink()
    with pytest.raises(EvaluationError, match=r"qrels\.txt cannot be read") as caught:
        run_on(folder, {})
    assert "judgements" in caught.value.hint


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_a_file_without_an_end_is_refused(folder: Path) -> None:
    (folder / "queries.tsv").unlink()
    (folder / "queries.tsv").symlink_to("/dev/zero")
    with pytest.raises(EvaluationError, match=r"queries\.tsv is longer than 134,217,728 bytes"):
        run_on(folder, {})


def test_judgements_of_other_queries_alone_are_refused(folder: Path) -> None:
    (folder / "qrels.txt").write_text("x1 0 a 1\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="judges none of the queries"):
        run_on(folder, {})
