"""Lets Linux end this process at system calls that have an effect outside of it.

Unlike a hook of Python it also holds for native code. It sees numbers, no paths: so files may be
opened for reading anywhere.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from struct import pack

IS_AVAILABLE = sys.platform == "linux" and platform.machine() == "x86_64"

_X86_64 = 0xC000003E
_OPEN, _CLONE, _OPENAT, _OPENAT2, _CLONE3 = 2, 56, 257, 437, 435
# By their numbers on x86-64.
_FORBIDDEN = (
    *(41, 42, 44, 46, 49, 425),  # socket, connect, sendto, sendmsg, bind, io_uring_setup
    *(57, 58, 59, 322),  # fork, vfork, execve, execveat
    *(62, 101, 200, 234, 310, 311),  # kill, ptrace, tkill, tgkill, memory of other processes
    *(76, 82, 83, 84, 85, 86, 87, 88, 90, 92),  # truncate, rename, mkdir, rmdir, creat, link, …
    *(133, 258, 259, 260, 263, 264, 265, 266, 268, 316),  # mknod, and all of these in a folder
    _OPENAT2,
)
_WRITING = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
_CLONE_THREAD = 0x10000
_KILL, _NOT_THERE, _ALLOW = 0x80000000, 0x50000 | 38, 0x7FFF0000
_LOAD, _EQUALS, _HAS, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # places in what a filter is given
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2


def forbid_effects() -> None:
    """End this process, from now on, where it writes to files that it opens, or does worse.

    Threads may be started. Raises OSError if the system refuses.
    """

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    code = _program()
    buffer = ctypes.create_string_buffer(code)
    program = Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    library = ctypes.CDLL(None, use_errno=True)
    for arguments in (
        (_NO_NEW_PRIVILEGES, 1, 0, 0, 0),
        (_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0),
    ):
        if library.prctl(*arguments):
            raise OSError(ctypes.get_errno(), "no filter of system calls can be set")


def _program() -> bytes:
    """Return a program of the kernel's filter language."""
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUALS, _X86_64, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
    ]
    for number in _FORBIDDEN:
        steps += [_step(_EQUALS, number, 0, 1), _step(_RETURN, _KILL)]
    # Threads are then started by clone, whose flags can be seen.
    steps += [_step(_EQUALS, _CLONE3, 0, 1), _step(_RETURN, _NOT_THERE)]
    for number, argument, bits, with_them, without in (
        (_OPEN, 1, _WRITING, _KILL, _ALLOW),
        (_OPENAT, 2, _WRITING, _KILL, _ALLOW),
        (_CLONE, 0, _CLONE_THREAD, _ALLOW, _KILL),
    ):
        steps += [
            _step(_EQUALS, number, 0, 4),
            _step(_LOAD, _FIRST_ARGUMENT + 8 * argument),
            _step(_HAS, bits, 0, 1),
            _step(_RETURN, with_them),
            _step(_RETURN, without),
        ]
    return b"".join([*steps, _step(_RETURN, _ALLOW)])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return pack("HBBI", code, if_true, if_false, value)
