"""Texts of one column, batch after batch: how often each stands. Imported in a child process only."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from seatrial.gates.data.packing import pooled

MOST = 100_000  # texts of a column that are told apart at a time
_NAME, _ROWS = "name", "rows"
_EMPTY = {_NAME: pl.String(), _ROWS: pl.Int64()}


def tallied(texts: pl.Series) -> pl.DataFrame:
    """Each text and its rows, without nulls."""
    return (
        texts.rename(_NAME)
        .drop_nulls()
        .value_counts(name=_ROWS)
        .select(pl.col(_NAME).cast(pl.String), pl.col(_ROWS).cast(pl.Int64))
    )


class Names:
    """Every text and its rows; of too many the commonest, to be counted again."""

    def __init__(self) -> None:
        self.found = pl.DataFrame(schema=_EMPTY)
        self.nulls = self.rows = 0
        self.pruned = False
        self.again: Named | None = None

    def add(self, texts: pl.Series) -> None:
        self.nulls += texts.null_count()
        self.rows += texts.len() - texts.null_count()
        together = pl.concat([self.found, tallied(texts)])
        self.found = together.group_by(_NAME).agg(pl.col(_ROWS).sum())
        if self.found.height > MOST:
            self.pruned = True
            self.found = self.found.top_k(MOST // 2, by=_ROWS)

    def count_again(self, most: int) -> "Named":
        """Where texts were let go, the counts are too small: count the commonest again."""
        commonest = self.found.top_k(2 * most, by=_ROWS)
        self.again = Named(commonest[_NAME].to_list())
        return self.again

    def sketch(self, kind: str, least: int) -> dict[str, Any]:
        """The answer to `sketch`. Of texts that were let go each row counts as one: there are no more."""
        others = (0, 0)
        if self.again is None:
            counts = list(self.found.iter_rows())
        else:
            counts = list(zip(self.again.names, self.again.counts, strict=True))
            rest = self.rows - sum(self.again.counts)
            others = (rest, rest)
        named, (categories, rows) = pooled(counts, others, least)
        return {
            "type": kind,
            "nulls": self.nulls,
            "categories": [list(each) for each in named],
            "others": {"categories": categories, "rows": rows},
        }


class Named:
    """Rows of texts that are known beforehand, and how many others there are."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self.place = pl.DataFrame(
            {_NAME: self.names, "place": range(len(self.names))},
            schema={_NAME: pl.String(), "place": pl.Int64()},
        )
        self.counts = [0] * len(self.names)
        self.others = pl.Series(_NAME, [], dtype=pl.String())
        self.nulls = self.unlisted = self.most_others = 0

    def add(self, texts: pl.Series) -> None:
        self.nulls += texts.null_count()
        found = tallied(texts).join(self.place, on=_NAME, how="left")
        for place, rows in found.drop_nulls("place").select("place", _ROWS).iter_rows():
            self.counts[place] += rows
        others = found.filter(pl.col("place").is_null())
        self.unlisted += int(others[_ROWS].sum())
        if others.height and self.others.len() <= MOST:
            self.others = pl.concat([self.others, others[_NAME]]).unique()

    def part(self) -> Mapping[str, Any]:
        """The answer to `bins`; the others are told apart up to a number, so there are so many or more."""
        return {
            "nulls": self.nulls,
            "counts": self.counts,
            "unlisted": {"categories": self.others.len(), "rows": self.unlisted},
        }
