"""Type aliases of arrays by the type of their elements; one dimension unless stated otherwise.

Spelled out, as importing numpy.typing would delay every search by half a millisecond.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

Mask: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]
UInt8s: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.uint8]]
UInt16s: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.uint16]]
UInt64s: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.uint64]]
Int8s: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.int8]]
Int16s: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.int16]]
Int64s: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.int64]]
# The elements of array("i").
CInts: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.intc]]
# Indices of array elements, as from `nonzero` and `searchsorted`, and passage ids.
Indices: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.intp]]
Float32s: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.float32]]
Floats: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
# Of any type, such as the smallest that can represent the numbers of a file.
AnyArray: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[Any]]
