"""One peer on one file: the rows that break each rule, as JSON. Run in the peers' own environment.

Usage: peer.py NAME FILE, or peer.py NAME to see whether it can be imported.

Each is used as its documentation shows, with all rules in one validation and nothing collected but counts
where it can be told so. Who counts every row of a repeated id says so with "copies".
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import contract

Counts = dict[str, int]


def pandas_frame(file: str) -> Any:
    import pandas as pd

    return pd.read_csv(file, parse_dates=["t"]) if file.endswith(".csv") else pd.read_parquet(file)


def polars_frame(file: str) -> Any:
    import polars as pl

    return pl.read_csv(file, try_parse_dates=True) if file.endswith(".csv") else pl.read_parquet(file)


def great_expectations(file: str | None) -> Counts:
    import great_expectations as gx
    import great_expectations.expectations as expect

    if file is None:
        return {}
    context = gx.get_context(mode="ephemeral")
    source = context.data_sources.add_pandas("source")
    whole = source.add_dataframe_asset("asset").add_batch_definition_whole_dataframe("whole")
    suite = gx.ExpectationSuite("suite")
    suite.add_expectation(expect.ExpectTableColumnsToMatchSet(column_set=list(contract.COLUMNS)))
    types = dict.fromkeys(contract.INTEGERS, "int64") | dict.fromkeys(contract.NUMBERS, "float64")
    types |= {"id": "int64", "b": "bool"}
    for name, kind in types.items():
        suite.add_expectation(expect.ExpectColumnValuesToBeOfType(column=name, type_=kind))
    rules: dict[tuple[str, str], str] = {}

    def add(rule: str, expectation: Any) -> None:
        suite.add_expectation(expectation)
        rules[expectation.expectation_type, expectation.column] = rule

    for name in contract.COLUMNS:
        add("nulls", expect.ExpectColumnValuesToNotBeNull(column=name))
    for name, (low, high) in contract.ranges().items():
        add("range", expect.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high))
    for name in contract.SETS:
        known = contract.values_of(name)
        add("set", expect.ExpectColumnValuesToBeInSet(column=name, value_set=known))
    add("unique", expect.ExpectColumnValuesToBeUnique(column="id"))
    batch = whole.get_batch({"dataframe": pandas_frame(file)})
    found = {}
    for result in batch.validate(suite, result_format="BASIC").results:
        config = result.expectation_config
        rule = rules.get((config.type, config.kwargs.get("column")))
        if rule is None:
            if not result.success:
                raise SystemExit(f"great_expectations: {config.type} {config.kwargs} failed")
        else:
            found[f"{rule}/{config.kwargs['column']}"] = int(result.result["unexpected_count"])
    return found | {"copies": 1}


def _pandera(pa: Any, frame: Any, types: dict[str, Any]) -> Counts:
    columns = {}
    for name in contract.COLUMNS:
        checks = []
        if name in contract.ranges():
            checks = [pa.Check.in_range(*contract.ranges()[name])]
        elif name in contract.SETS:
            checks = [pa.Check.isin(contract.values_of(name))]
        columns[name] = pa.Column(types.get(name), checks=checks, nullable=False, unique=name == "id")
    found = dict.fromkeys(contract.rules(), 0)
    try:
        pa.DataFrameSchema(columns, strict=True).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        words = {"not_nullable": "nulls", "field_uniqueness": "unique"}
        words |= {"in_range": "range", "isin": "set"}
        cases = errors.failure_cases
        rows = cases.to_dicts() if hasattr(cases, "to_dicts") else cases.to_dict("records")
        for row in rows:
            found[f"{words[str(row['check']).split('(')[0]]}/{row['column']}"] += 1
    return found | {"copies": 1}


def pandera_pandas(file: str | None) -> Counts:
    import pandera.pandas as pa

    if file is None:
        return {}
    types = dict.fromkeys(contract.INTEGERS, "int64") | dict.fromkeys(contract.NUMBERS, "float64")
    return _pandera(pa, pandas_frame(file), types | {"id": "int64", "b": "bool"})


def pandera_polars(file: str | None) -> Counts:
    import pandera.polars as pa
    import polars as pl

    if file is None:
        return {}
    types = dict.fromkeys(contract.INTEGERS, pl.Int64) | dict.fromkeys(contract.NUMBERS, pl.Float64)
    return _pandera(pa, polars_frame(file), types | {"id": pl.Int64, "b": pl.Boolean})


def pointblank(file: str | None) -> Counts:
    import pointblank as pb

    if file is None:
        return {}
    types = dict.fromkeys(contract.INTEGERS, "Int64") | dict.fromkeys(contract.NUMBERS, "Float64")
    types |= dict.fromkeys(contract.SETS, "String") | {"id": "Int64", "b": "Boolean"}
    schema = pb.Schema(columns=[(name, types[name]) for name in contract.COLUMNS if name in types])
    plan = pb.Validate(polars_frame(file)).col_schema_match(schema, complete=False)
    names = [""]
    for name in contract.COLUMNS:
        plan = plan.col_vals_not_null(columns=name)
        names.append(f"nulls/{name}")
    for name, (low, high) in contract.ranges().items():
        plan = plan.col_vals_between(columns=name, left=low, right=high, na_pass=True)
        names.append(f"range/{name}")
    for name in contract.SETS:
        # None is a member, since nulls are counted by a rule of their own.
        plan = plan.col_vals_in_set(columns=name, set=[*contract.values_of(name), None])
        names.append(f"set/{name}")
    plan = plan.rows_distinct(columns_subset="id")
    names.append("unique/id")
    done = plan.interrogate(collect_extracts=False)
    failed = [int(done.n_failed(i=step)[step]) for step in range(1, len(names) + 1)]
    if failed[0]:
        raise SystemExit("pointblank: the schema does not match")
    return dict(zip(names[1:], failed[1:], strict=True)) | {"copies": 1}


PEERS: dict[str, Callable[[str | None], Counts]] = {
    "great_expectations": great_expectations,
    "pandera.pandas": pandera_pandas,
    "pandera.polars": pandera_polars,
    "pointblank": pointblank,
}

if __name__ == "__main__":
    print(json.dumps(PEERS[sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else None)))
