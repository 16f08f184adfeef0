"""Sets of document numbers as roaring bitmaps, and as arrays."""

from array import array

import numpy as np
from pyroaring import BitMap

from .array_file import Array


def bitmap(numbers: Array) -> BitMap:
    """The set of an array of unsigned 32-bit numbers; ten times as fast as from the numpy array itself."""
    return BitMap(array("I", np.ascontiguousarray(numbers, np.uint32).tobytes()))


def numbers(documents: BitMap) -> Array:
    """The set's numbers, ascending."""
    return np.asarray(documents.to_array(), np.uint32)
