"""Names for arrays by the type of their elements; what the elements are, each variable's name says.

Arrays have one dimension, unless the docstring speaks of rows.
"""

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
# As array("i") has them.
CInts: TypeAlias = NDArray[np.intc]
# What `nonzero`, `argsort` and `searchsorted` return and `take` wants: places in an array, and
# passages, which are places in the arrays of a snapshot.
Indices: TypeAlias = NDArray[np.intp]
Float32s: TypeAlias = NDArray[np.float32]
Floats: TypeAlias = NDArray[np.float64]
# Of the smallest type that holds the numbers, as a file has them, or of any.
AnyArray: TypeAlias = NDArray[Any]
