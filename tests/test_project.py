"""What the README, the documentation and the packaging promise is so."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module, metadata
from pathlib import Path

import pytest

from corpus import SUFFIXES, Document, Problem, read
from corpus.walk import SourceFile, walk
from index.builder.build import build
from search import weights
from search.cli.main import chaja, main

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "index", "search")
READMES = ("README.md", "README.ko.md")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)(?P<path>[^)#\s]+)(?:#(?P<heading>[^)\s]+))?\)")
ROW = re.compile(r"^\| *`?(?P<name>[\w-]+)`? *\| *\**(?P<value>[\d.]+)\** *\|", re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return [
        block["body"] for block in BLOCK.finditer(text_of(name)) if block["language"] == language
    ]


def command_lines(name: str) -> list[list[str]]:
    """Return the arguments of every `chaja` line of a page's shell blocks, up to a pipe."""
    lines = [
        line.removeprefix("$ ")
        for block in (*blocks(name, "sh"), *blocks(name, "console"))
        for line in block.splitlines()
        if line.removeprefix("$ ").startswith("chaja")
    ]
    return [list(words_of(line))[1:] for line in lines]


def words_of(line: str) -> Iterator[str]:
    for word in shlex.split(line, comments=True):
        if word in ("|", ">"):
            return
        yield word


def sections(name: str) -> list[str]:
    return re.findall(r"^#+ ", text_of(name), re.MULTILINE)


# The READMEs.


@pytest.mark.parametrize("readme", READMES)
def test_the_library_example_runs_and_prints_a_place_and_its_text(
    readme: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    example, _ = blocks(readme, "python")
    (tmp_path / "documents").mkdir()
    text = "Harbour news\n\nTwo ports signed a strategic partnership in spring.\n"
    (tmp_path / "documents" / "ports.txt").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, readme, "exec"), {})
    assert capsys.readouterr().out.startswith("documents/ports.txt:1 Harbour news")


@pytest.mark.parametrize("readme", READMES)
def test_every_command_of_the_readme_is_one_that_the_command_line_takes(readme: str) -> None:
    options = {option for parameter in chaja.params for option in parameter.opts}
    given = command_lines(readme)
    assert {line[0] for line in given} == {*chaja.commands, "--version"}
    for first, *rest in given:
        if first not in options:
            with chaja.make_context("chaja", [first]) as context:
                chaja.commands[first].make_context(first, rest, parent=context).close()


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_lists_the_two_commands_that_make_knows(readme: str) -> None:
    shell = "\n".join(blocks(readme, "sh"))
    for target in ("demo", "test"):
        assert re.search(rf"^make {target}\b", shell, re.MULTILINE)
        assert re.search(rf"^{target}:", text_of("Makefile"), re.MULTILINE)


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_readme_completes_in_each_shell_that_the_command_line_knows(
    readme: str, shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [instruction] = set(re.findall(rf"_CHAJA_COMPLETE=({shell}_\w+) chaja", text_of(readme)))
    monkeypatch.setenv("_CHAJA_COMPLETE", instruction)
    main([])
    assert "_chaja_completion" in capsys.readouterr().out


def test_both_readmes_have_the_same_sections_code_and_figures() -> None:
    english, korean = READMES
    assert sections(english) == sections(korean)
    assert command_lines(english) == command_lines(korean)
    assert blocks(english, "python") == blocks(korean, "python")
    assert blocks(english, "console") == blocks(korean, "console")
    assert ROW.findall(text_of(english)) == ROW.findall(text_of(korean))


@pytest.mark.parametrize("readme", READMES)
def test_the_ranking_of_the_readme_is_the_one_that_was_pinned(readme: str) -> None:
    floors = json.loads(text_of("tests/quality/floors.json"))["sets"]
    stated = {name: float(value) for name, value in ROW.findall(text_of(readme)) if name in floors}
    assert stated.keys() == floors.keys()
    for name, floor in floors.items():
        assert stated[name] >= floor["bar"]
        assert stated[name] == floor["pinned"] or not floor["pinned"]


@pytest.mark.parametrize("readme", READMES)
def test_the_times_of_the_readme_are_those_of_the_benchmarks(readme: str) -> None:
    measured = text_of("docs/benchmarks.md")
    stated = re.findall(r"\| ([\d.]+) (?:s|ms)(?= \|)", text_of(readme))
    assert stated
    assert [figure for figure in stated if f" {figure} " not in measured] == []


@pytest.mark.parametrize("readme", READMES)
def test_an_installation_takes_about_what_the_readme_says(readme: str) -> None:
    [[stated]] = [re.findall(r"(\d+) ?MB", line) for line in paragraphs(readme) if "3.11" in line]
    pending, known = ["chaja"], {"chaja"}
    installed = 0
    while pending:
        distribution = metadata.distribution(pending.pop())
        files = distribution.files or ()
        installed += sum(file.size or 0 for file in files if file.suffix != ".pyc")
        needed = {name.lower() for name in needs_of(distribution)} - known
        known |= needed
        pending += needed
    assert {"numpy", "kiwipiepy_model"} <= known
    assert installed / 1e6 == pytest.approx(int(stated), rel=0.15)


def paragraphs(name: str) -> list[str]:
    return text_of(name).split("\n\n")


def needs_of(distribution: metadata.Distribution) -> Iterator[str]:
    """Yield the installed distributions that another needs, without its extras."""
    for requirement in distribution.requires or ():
        name = re.match(r"[\w.-]+", requirement)
        if name and "extra ==" not in requirement:
            with suppress(metadata.PackageNotFoundError):  # of another system or Python
                yield metadata.distribution(name[0]).name


# The sample.


def test_the_sample_has_many_documents_in_many_formats_and_in_each_language() -> None:
    files = list(walk([ROOT / "sample"], base=ROOT, suffixes=SUFFIXES))
    assert all(isinstance(file, SourceFile) for file in files)
    found = [
        item
        for file in files
        if isinstance(file, SourceFile)
        for item in read(file.path, name=file.name)
    ]
    documents = [item for item in found if isinstance(item, Document)]
    assert [item for item in found if isinstance(item, Problem)] == []
    assert len(documents) >= 24
    assert len({Path(document.path).suffix for document in documents}) >= 4
    languages = Counter(document.language for document in documents)
    assert languages.keys() == {"ko", "en", "mixed"}
    assert min(languages.values()) >= 3


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the README's commands have the README's documents."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "sample", folder / "sample")
    return folder


@pytest.mark.kiwi
def test_the_readme_shows_what_its_commands_print(
    sample: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    monkeypatch.chdir(sample)
    shown = blocks("README.md", "console")
    assert len(shown) >= 4
    for block in shown:
        command, _, printed = block.partition("\n")
        assert main(list(words_of(command.removeprefix("$ chaja ")))) == 0
        out, err = capfd.readouterr()
        assert without_time(out).strip() == without_time(printed).strip()
        assert err == ""


def without_time(text: str) -> str:
    return re.sub(r"in [\d.]+ s$", "in … s", text, flags=re.MULTILINE)


@pytest.mark.kiwi
def test_the_demonstration_ends_with_a_command_that_searches_its_index(
    sample: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    demo = ["make", "--no-print-directory", "--dry-run", "demo"]
    done = subprocess.run(demo, capture_output=True, encoding="utf-8", check=True, cwd=ROOT)
    [[index, program, folder]] = re.findall(
        r"^CHAJA_INDEX=(\S+) (\S+) build (\S+)$", done.stdout, re.MULTILINE
    )
    last = done.stdout.splitlines()[-1]
    command, *arguments = shlex.split(re.split(r"\\n *", last)[-2])
    assert command == program
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    monkeypatch.chdir(sample)
    assert main(["build", folder, "--index", index]) == 0
    capfd.readouterr()
    assert main(arguments) == 0
    assert "공급망" in capfd.readouterr().out


# The documentation.


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in LINK.finditer(page.read_text(encoding="utf-8")):
        target = page.parent / link["path"]
        assert target.is_file()
        if link["heading"]:
            titles = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert link["heading"] in [anchor(title) for title in titles]


def anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def test_ranking_md_tells_the_weights_that_the_code_uses() -> None:
    row = re.compile(r"^\| `([A-Z]\w+)` \| ([\d.]+) \|$", re.MULTILINE)
    stated = {name: float(value) for name, value in row.findall(text_of("docs/ranking.md"))}
    assert stated == {name: value for name, value in vars(weights).items() if name.isupper()}


# The packages.


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_offers_is_sorted_and_can_be_imported(package: str) -> None:
    module = import_module(package)
    names = list(module.__all__)
    assert names == sorted(names, key=lambda name: (not name.isupper(), name.islower(), name))
    for name in names:
        assert getattr(module, name) is not None
    with pytest.raises(AttributeError):
        module.nothing_of_the_kind  # noqa: B018 - asking is the test


def test_no_pattern_repeats_a_group_possessively() -> None:
    """Python 3.11.0 to 3.11.4 match `(?:…)*+` wrongly (gh-106052), but `(?>(?:…)*)` rightly."""
    repeated = re.compile(r"(?<![\\(])\)(?:[*+?]|\{[^()\s]*?\})\+")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for match in repeated.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_importing_the_command_line_imports_nothing_heavy() -> None:
    script = "import sys, search.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(done.stdout.split())
    assert "click" in loaded
    assert loaded.isdisjoint({"numpy", "whoosh", "kiwipiepy", "sqlite3", "trafilatura"})


def test_the_newest_version_of_the_changelog_is_that_of_the_package() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    released = re.findall(r"^## \[(\d[^\]]*)\]", text_of("CHANGELOG.md"), re.MULTILINE)
    assert released[0] == version


@pytest.mark.kiwi
@pytest.mark.parametrize("readme", READMES)
def test_the_program_with_whoosh_finds_the_document_that_it_adds(
    readme: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a.txt").write_text("The river Han flows through 서울.", encoding="utf-8")
    build(tmp_path / ".chaja", [tmp_path])
    monkeypatch.chdir(tmp_path)
    _, program = blocks(readme, "python")
    assert len(program.splitlines()) == 10
    exec(program, {})  # the page is ours
    shown = capsys.readouterr().out.splitlines()
    assert sorted(line.split()[0] for line in shown) == ["a.txt", "notes/han"]
    assert all("<b" in line for line in shown)
