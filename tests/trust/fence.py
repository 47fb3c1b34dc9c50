"""Runs a command while the processes that read are watched: what they open, start, send and take.

A line of JSON in a report tells each file that is begun and ended, and each effect outside.
A hook of Python sees what Python code does, with its names. Native code (PDFium, libxml2, zlib) is
ended by the system where it opens a file for writing, a connection or a process, as far as Linux on
x86-64 can do that; that it opens a file for reading is not seen.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import time
from collections.abc import Iterator
from unittest.mock import patch

from corpus.changes import FileReading
from corpus.document import Document, Problem
from index.builder import batch_reader, reader_pool
from index.ingest import writable_analyzer
from tests.index_corpus import PlainKorean
from tests.process_memory import MemoryWatch

from . import seccomp

REPORT, FOLDER = "CHAJA_TRIAL_REPORT", "CHAJA_TRIAL_FOLDER"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_EFFECTS = (
    *("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system"),
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"),
    *("os.chmod", "os.chown", "os.utime", "os.kill", "shutil.", "tempfile.", "urllib.", "http."),
    *("ftplib.", "smtplib.", "webbrowser.", "pty.", "sqlite3."),
)


class Report:
    """A file of lines, which several processes write; it is opened before anything is forbidden."""

    def __init__(self) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self.descriptor = os.open(os.environ[REPORT], flags, 0o600)

    def note(self, **told: object) -> None:
        """Write a line."""
        os.write(self.descriptor, f"{json.dumps(told)}\n".encode())


class Watch:
    """A hook that notes what Python code does outside of the folder."""

    def __init__(self, report: Report) -> None:
        self._report = report
        libraries = {*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix}
        allowed = {os.environ[FOLDER], "/proc", "/usr/share/zoneinfo", *libraries, *sys.path}
        self._readable = tuple(os.path.realpath(path) + os.sep for path in allowed if path)

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Note an event with an effect; never raise, as that would change what is tried."""
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, int):
                return
            name = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]  # a path by now
            writes = bool(isinstance(flags, int) and flags & _WRITING)
            if writes or not (name + os.sep).startswith(self._readable):
                self._report.note(trespass=f"open {name} {mode or ''}")
        elif event.startswith(_EFFECTS):
            self._report.note(trespass=f"{event} {arguments!r}"[:500])


def serve() -> None:
    """Serve as a reader process does, fenced."""
    report = Report()
    os.dup2(report.descriptor, 2)  # for tracebacks

    class Timed(FileReading):
        """A reading that notes its file and the processor time that it takes."""

        def __iter__(self) -> Iterator[Document | Problem]:
            name, started = self._file.name, time.process_time()
            report.note(begun=name)
            yield from super().__iter__()
            report.note(ended=name, seconds=round(time.process_time() - started, 4))

    sys.dont_write_bytecode = True
    send_batches = reader_pool.send_batches

    def fenced(*streams: object) -> None:
        sys.addaudithook(Watch(report))
        if seccomp.IS_AVAILABLE:
            seccomp.forbid_effects()
        send_batches(*streams)  # type: ignore[arg-type]  # the two that it is given

    with (
        patch.object(reader_pool, "send_batches", fenced),
        patch.object(batch_reader, "FileReading", Timed),
    ):
        reader_pool.serve()


def run(report: str, folder: str, *arguments: str) -> int:
    """Run a command on a folder, with fenced readers and without Kiwi; return its exit code."""
    from search.cli.main import main

    os.environ[REPORT], os.environ[FOLDER] = report, folder
    report_file = Report()
    with (
        MemoryWatch(os.getpid()) as memory,
        patch.object(reader_pool, "serve", serve),
        patch.object(writable_analyzer, "KoreanProcess", PlainKorean),
    ):
        code = main(arguments)
    report_file.note(memory=memory.most)
    return code
