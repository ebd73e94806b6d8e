"""The ids of the data gate's checks, as waivers name them."""

import re

from seatrial.policy.data import DISTANCES
from seatrial.policy.shape import nearest
from seatrial.text import shown

OF_COLUMNS = (
    *(
        "required",
        "nulls",
        "type",
        "nan",
        "infinite",
        "min",
        "max",
        "one_of",
        "pattern",
        "shortest",
        "longest",
    ),
    *("unique", "constant", "known_after", "known_by", "target_correlation", "personal"),
    *DISTANCES,
    "new_categories",
)
OF_ROWS = (
    *("extra", "rows/min", "rows/max", "rows/change", "fresh", "key", "duplicates", "balance", "split"),
    *("leakage/keys", "leakage/rows", "target_correlation", "personal"),
)
RULE_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}"
# No rule over columns may be called so: its id would be that of a column called `rules`.
WORDS = frozenset(OF_COLUMNS)


def id_problem(check: str) -> str | None:
    """Why no check of the data gate can have this id. check: without a number behind it, or with."""
    rest = re.sub(r"#[0-9]+\Z", "", check.removeprefix("data/"))
    if rest in OF_ROWS or rest.startswith("rules/"):
        return None
    column, slash, rule = rest.rpartition("/")
    if column and rule in OF_COLUMNS:
        return None
    known = f"{', '.join(OF_ROWS)}, rules/NAME and COLUMN/RULE"
    if not slash or not rule:
        close = nearest(rest, list(OF_ROWS))
        return f"did you mean data/{close}?" if close else f"checks of the data gate are {known}"
    whole, close = nearest(rest, list(OF_ROWS)), nearest(rule, list(OF_COLUMNS))
    if close:
        return f"did you mean data/{shown(column, 60)}/{close}?"
    if whole:
        return f"did you mean data/{whole}?"
    return f"no rule of a column is called {shown(rule)}; rules are {', '.join(OF_COLUMNS)}"
