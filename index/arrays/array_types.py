"""Type aliases of arrays by the type of their elements; one dimension unless stated otherwise."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]
UInt8s: TypeAlias = NDArray[np.uint8]
UInt16s: TypeAlias = NDArray[np.uint16]
UInt64s: TypeAlias = NDArray[np.uint64]
Int8s: TypeAlias = NDArray[np.int8]
Int16s: TypeAlias = NDArray[np.int16]
Int64s: TypeAlias = NDArray[np.int64]
# The elements of array("i").
CInts: TypeAlias = NDArray[np.intc]
# Indices of array elements, as from `nonzero` and `searchsorted`, and passage ids.
Indices: TypeAlias = NDArray[np.intp]
Float32s: TypeAlias = NDArray[np.float32]
Floats: TypeAlias = NDArray[np.float64]
# Of any type, such as the smallest that can represent the numbers of a file.
AnyArray: TypeAlias = NDArray[Any]
