"""The nodes that other tests use: they start, are one cluster, come back, and leave nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .distribution import PLAIN, NoDistribution, cache_folder, distribution
from .launch import NotStarted
from .nodes import Cluster

ROOT = Path(__file__).parents[2]
REPLICATED = {"settings": {"number_of_shards": 3, "number_of_replicas": 1}}
# A process of tests that does not come to its end.
HELD = """
import time
from tests.cluster.nodes import Cluster
with Cluster() as started:
    print(started.plan.folder, *started.pids.values(), flush=True)
    time.sleep(600)
"""


def runs(pid: int) -> bool:
    """Return whether a process is there and not merely waiting to be collected."""
    said = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return said.stdout.strip()[:1] not in ("", "Z")


def becomes_true(condition: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_a_node_answers_in_the_version_asked_for(cluster: Cluster) -> None:
    assert len(cluster.urls) == 1
    assert cluster.ask("/")["version"]["number"] == PLAIN


def test_a_node_analyzes_and_scores_as_chaja_needs_it(cluster: Cluster) -> None:
    mappings = {"properties": {"body": {"type": "text", "analyzer": "stacked"}}}
    stack = {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]}
    analysis = {
        "filter": {"stack": stack},
        "analyzer": {"stacked": {"tokenizer": "whitespace", "filter": ["stack"]}},
    }
    body = {"settings": {"analysis": analysis}, "mappings": mappings}
    cluster.ask("/node-scripts", method="PUT", body=body)
    terms = {"body": "한미|한미정상회의 정상 회의"}
    cluster.ask("/node-scripts/_doc/1?refresh=true", method="PUT", body=terms)
    script = {"source": "termFreq('body', '한미정상회의')"}
    query = {"script_score": {"query": {"match_all": {}}, "script": script}}
    found = cluster.ask("/node-scripts/_search", method="POST", body={"query": query})
    assert found["hits"]["max_score"] == 1


def test_three_nodes_are_one_cluster(three_nodes: Cluster) -> None:
    names = [
        {each["name"] for each in three_nodes.ask("/_nodes", node=number)["nodes"].values()}
        for number in range(3)
    ]
    assert len(set(three_nodes.urls)) == 3
    assert names == [{"node-0", "node-1", "node-2"}] * 3


def test_a_killed_node_is_missed_and_comes_back_with_its_documents(three_nodes: Cluster) -> None:
    three_nodes.ask("/node-kill", method="PUT", body=REPLICATED)
    three_nodes.ask("/_cluster/health/node-kill?wait_for_status=green&timeout=60s", seconds=70)
    for number in range(20):
        three_nodes.ask(f"/node-kill/_doc/{number}", method="PUT", body={})
    three_nodes.ask("/node-kill/_refresh", method="POST")

    def count(node: int) -> int:
        return int(three_nodes.ask("/node-kill/_count", node=node)["count"])

    def nodes(node: int) -> int:
        return int(three_nodes.ask("/_cluster/health", node=node)["number_of_nodes"])

    killed = three_nodes.pids[1]
    three_nodes.kill(1)
    assert not runs(killed)
    assert 1 not in three_nodes.pids
    with pytest.raises(OSError, match="refused"):
        three_nodes.ask("/", node=1)
    assert becomes_true(lambda: nodes(0) == nodes(2) == 2)
    assert count(0) == count(2) == 20
    three_nodes.start(1)
    green = "/_cluster/health/node-kill?wait_for_status=green&timeout=60s"
    assert three_nodes.ask(green, node=1, seconds=70)["status"] == "green"
    assert count(1) == 20
    assert nodes(0) == 3


def test_a_process_of_tests_that_is_killed_leaves_no_node_and_no_file() -> None:
    command = [sys.executable, "-c", HELD]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as held:
        assert held.stdout
        folder, pid = held.stdout.readline().split()
        assert runs(int(pid))
        held.send_signal(signal.SIGKILL)
    assert becomes_true(lambda: not runs(int(pid)))
    assert becomes_true(lambda: not Path(folder).exists())


def test_a_node_that_cannot_start_says_why_and_leaves_nothing() -> None:
    broken = Cluster(heap="1m")
    with pytest.raises(NotStarted, match=r"node 0 ended: [^/]* heap"), broken:
        raise AssertionError("it has started")
    assert broken.pids == {}
    assert not broken.plan.folder.exists()


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own: nodes may run from the usual one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return cache_folder()


def test_a_damaged_distribution_is_laid_out_again(empty_cache: Path) -> None:
    home = distribution().home
    jar = home / "modules" / "lang-painless" / f"lang-painless-{PLAIN}.jar"
    whole = jar.read_bytes()
    jar.write_bytes(whole[:-1])
    assert distribution().home == home
    assert jar.read_bytes() == whole
    assert {path.name for path in empty_cache.iterdir()} == {home.name, "lock"}


def test_what_maven_says_is_passed_on_and_nothing_is_kept(
    empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maven = tmp_path / "bin" / "mvn"
    maven.parent.mkdir()
    maven.write_text("#!/bin/sh\necho no such version\nexit 1\n")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{maven.parent}:{os.environ['PATH']}")
    with pytest.raises(NoDistribution, match=rf"OpenSearch {PLAIN}: no such version"):
        distribution()
    assert [path.name for path in empty_cache.iterdir()] == ["lock"]
