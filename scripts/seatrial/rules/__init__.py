"""Rules over the columns of a row: a small language that is read, never run as code.

    arr_time > dep_time or overnight        0 <= share <= 1
    `net price` == price - abs(discount)    state in ['open', 'closed'] and closed_at is not null

Three-valued as in SQL (ISO/IEC 9075-2, 8.1 and 6.39): what is compared with a missing value or NaN is
unknown, and so is a division by zero; `not unknown` is unknown, `false and unknown` false, `true or unknown`
true. Arithmetic is IEEE 754 in double precision. `evaluate` says the same in Python as the engines do.
"""

from seatrial.rules.forms import from_json, text_of, to_json
from seatrial.rules.nodes import Node, RuleError, columns
from seatrial.rules.parsing import parse
from seatrial.rules.typing import problem
from seatrial.rules.values import evaluate

__all__ = ["Node", "RuleError", "columns", "evaluate", "from_json", "parse", "problem", "text_of", "to_json"]
