"""Numbers out of the texts of a column, strictly."""

import numpy as np
from numpy.typing import NDArray

from seatrial.engines.files.cells import NUMERIC, is_number


def parse_numbers(texts: list[str]) -> NDArray[np.float64] | int:
    """All texts as finite floats, or the position of the first that is not one.

    float() alone also takes 1_000, blanks around a number, nan, inf and digits of other scripts.
    """
    try:
        if not "".join(texts).encode("utf-8", "replace").translate(None, NUMERIC):
            values = np.fromiter(map(float, texts), np.float64, len(texts))
            if np.isfinite(values).all():
                return values
    except ValueError:
        pass
    return next(row for row, text in enumerate(texts) if not is_number(text))
