"""Bad sections `data`, one test for each row of the catalogue: the place, what is wrong, how to mend it."""

import pytest
from bad_policies import complaint, complaints

HEAD = "version: 1\nmodel: {name: m, task: binary}\n"
DATA = HEAD + "data:\n  train: train.csv\n  test: test.csv\n"
RULES = "  columns: {c: {}}\n"


def of_column(rule: str) -> str:
    return complaint(f"{DATA}  columns: {{c: {rule}}}\n")


def test_conditions_without_rows() -> None:
    line = complaint(HEAD + "data:\n" + RULES)
    assert line.startswith("seatrial.yml:3:1: data has conditions and names no rows; write data.train: FILE")


@pytest.mark.parametrize(
    "section", ["data: {train: t.csv}", "data: {key: id}", "data: {csv: {decimal: '.'}}"]
)
def test_data_that_ask_for_nothing(section: str) -> None:
    assert "the policy asks for no gate; add evaluate: with label" in complaint(f"{HEAD}{section}\n")


@pytest.mark.parametrize(
    ("section", "what"),
    [
        ("rows: {}", "write min, max or change"),
        ("leakage: {}", "write keys, rows, target_correlation, known_after or known_by"),
        ("show: {}", "write rows or values"),
        ("csv: {}", "write delimiter, nulls, encoding or decimal"),
        ("columns: {}", "name at least one"),
        ("rules: {}", "name at least one"),
    ],
)
def test_empty_sections(section: str, what: str) -> None:
    key = section.partition(":")[0]
    [line] = [line for line in complaints(DATA + f"  {section}\n  duplicates: {{max: 0}}\n") if key in line]
    assert line.startswith(f"seatrial.yml:6:{len(key) + 5}: data.{key}")
    assert what in line


def test_empty_data() -> None:
    lines = complaints(HEAD + "data: {}\n")
    assert any("data is empty; write train: FILE" in line for line in lines)


@pytest.mark.parametrize(
    ("rule", "key", "wanted"),
    [
        ("{type: string, min: 0}", "min", "integer or number or date or timestamp"),
        ("{type: boolean, max: 1}", "max", "integer or number or date or timestamp"),
        ("{type: integer, pattern: x}", "pattern", "string"),
        ("{type: number, length: {max: 3}}", "length", "string"),
        ("{type: string, nan: {max: 1%}}", "nan", "number"),
        ("{type: integer, infinite: {max: 1%}}", "infinite", "number"),
        ("{type: date, zone: UTC}", "zone", "timestamp"),
    ],
)
def test_rule_of_another_type(rule: str, key: str, wanted: str) -> None:
    line = of_column(rule)
    assert line.startswith(f"seatrial.yml:6:{rule.index(key) + 16}: data.columns.c.{key} is for {wanted}, ")
    assert line.endswith("remove it")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{type: integer, min: low}", "min: expected a number, found low"),
        ("{type: date, min: 3}", "min: expected a date such as 2026-01-31, found 3"),
        ("{type: date, max: 2026-02-30}", "max: expected a date such as 2026-01-31, found 2026-02-30"),
        ("{type: date, max: 31.1.2026}", "max: expected a date such as 2026-01-31, found 31.1.2026"),
        ("{type: timestamp, min: '2026-01-31 25:00'}", "min: expected a time such as 2026-01-31T10:00:00Z"),
        ("{min: 2026-01-31}", "min: expected a number, found 2026-01-31; for times write type: timestamp"),
    ],
)
def test_bound_of_another_type(rule: str, said: str) -> None:
    assert f"data.columns.c.{said}" in of_column(rule)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{type: integer, min: 3, max: 2}", "min 3 is above max 2, so no value can pass; swap them"),
        ("{type: date, min: 2026-02-01, max: 2026-01-01}", "min 2026-02-01 is above max 2026-01-01"),
        ("{type: timestamp, min: '2026-01-01T10:00:00Z', max: '2026-01-01T10:30:00+01:00'}", "is above max"),
        ("{type: string, length: {min: 3, max: 2}}", "min 3 is above max 2, so no text can pass; swap them"),
    ],
)
def test_bounds_reversed(rule: str, said: str) -> None:
    assert said in of_column(rule)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{type: string, one_of: [a, 7]}", 'one_of[1]: expected text, found 7; write "7" in quotes'),
        ("{type: string, one_of: [a, true]}", 'expected text, found true; write "true" in quotes'),
        ("{type: integer, one_of: [1, 1.5]}", "one_of[1]: expected a whole number, found 1.5"),
        ("{type: number, one_of: [1, low]}", "one_of[1]: expected a number, found low"),
        ("{type: boolean, one_of: [1]}", "one_of[0]: expected true or false, found 1"),
        ("{type: date, one_of: [monday]}", "one_of[0]: expected a date such as 2026-01-31, found monday"),
        ("{one_of: [a, 1]}", "one_of mixes number and text"),
        ("{one_of: [a, a]}", "a is listed twice; keep one"),
        ("{one_of: a}", "expected a list such as [AA, DL], found a"),
    ],
)
def test_members_of_another_type(rule: str, said: str) -> None:
    assert said in of_column(rule)


@pytest.mark.parametrize(
    ("pattern", "said"), [("'(a'", "(character "), (r"'(?=a)'", "(character 1)"), (r"'a\1'", "(character 2)")]
)
def test_pattern_that_not_every_engine_reads(pattern: str, said: str) -> None:
    line = of_column(f"{{pattern: {pattern}}}")
    assert line.startswith("seatrial.yml:6:26: data.columns.c.pattern: ")
    assert said in line


def test_unlike_of_nothing() -> None:
    assert "and there is none of them; remove it" in of_column("{unlike: {max: 1%}}")


@pytest.mark.parametrize("name", ["Berlin", "Europe/Berln", "../etc/passwd", "GMT+25"])
def test_zone_that_there_is_not(name: str) -> None:
    line = of_column(f"{{type: timestamp, zone: {name}}}")
    assert line.endswith("is not a time zone; write one such as UTC or Europe/Berlin")


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("{delimiter: ';;'}", "csv.delimiter: expected one character such as , or ;, found ;;"),
        ("{delimiter: ''}", "csv.delimiter: expected one character"),
        ("{delimiter: tab}", r'for a tab write "\t" in double quotes'),
        ("{delimiter: '\"'}", "csv.delimiter: expected one character"),
        (
            "{encoding: utf-9}",
            "csv.encoding: utf-9 is no encoding of text; write one such as utf-8 or latin-1",
        ),
        ("{encoding: base64}", "csv.encoding: base64 is no encoding of text"),
        ("{nulls: NA}", "csv.nulls: expected a list, found NA"),
        ("{nulls: [NA, 9]}", 'csv.nulls[1]: expected the text of a cell, found 9; write "9" in quotes'),
        ("{decimal: ','}", "csv.decimal: the comma is the delimiter too; write the file's delimiter"),
        ("{delimiter: '.'}", "csv.delimiter: the point is the decimal mark too"),
        ("{decimal: ';'}", "csv.decimal: expected . or ,, found ;"),
    ],
)
def test_form_of_csv(csv: str, said: str) -> None:
    assert said in complaint(f"{DATA}{RULES}  csv: {csv}\n")


@pytest.mark.parametrize("master", ["spark//host", "http://host:7077", "local[", "local[x]", "spark://a b"])
def test_spark_master(master: str) -> None:
    line = complaint(f"{DATA}{RULES}  engine: {{spark: '{master}'}}\n")
    assert "is no Spark master; write local[2], spark://host:7077" in line


@pytest.mark.parametrize(
    ("section", "place"),
    [
        ("columns: {c: {nulls: {max: 5}}}", "columns.c.nulls.max"),
        ("columns: {c: {type: number, unlike: {max: 5}}}", "columns.c.unlike.max"),
        ("duplicates: {max: 5}", "duplicates.max"),
        ("rules: {r: {expect: a > b, max: 5}}", "rules.r.max"),
        ("leakage: {rows: {max: 5}}", "leakage.rows.max"),
        ("drift: {against: r.json, new_categories: {max: 5}}", "drift.new_categories.max"),
    ],
)
def test_share_without_its_percent_sign(section: str, place: str) -> None:
    line = complaint(f"{DATA}  {section}\n")
    assert line.endswith(f"data.{place}: expected a share from 0 to 1, found 5; write 0.05 or 5%")
    assert "expected a share from 0 to 1, found -5" in complaint(
        f"{DATA}  {section}\n".replace("max: 5", "max: -5")
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("{min: 3, max: 2}", "data.rows: min 3 is above max 2, so nothing can pass; swap them"),
        ("{min: 1.5}", "data.rows.min: expected a whole number, found 1.5"),
        ("{min: -1}", "expected a whole number from 0"),
        ("{change: 20%}", "against the rows of a reference, and there is none; write drift: {against: FILE}"),
        ("{change: -20%}\n  drift: {against: r.json}", "holds both ways, for more and for fewer; write 0.2"),
    ],
)
def test_number_of_rows(rows: str, said: str) -> None:
    assert said in complaint(f"{DATA}  rows: {rows}\n")


@pytest.mark.parametrize("section", ["split: {time: t}", "leakage: {keys: id}", "leakage: {rows: {max: 0}}"])
@pytest.mark.parametrize("lacking", ["train", "test"])
def test_one_file_where_two_are_compared(section: str, lacking: str) -> None:
    line = complaint(f"{DATA}  {section}\n".replace(f"  {lacking}: {lacking}.csv\n", ""))
    assert f"compares train with test, and data.{lacking} is not set; write {lacking}: FILE" in line


@pytest.mark.parametrize(
    "section",
    [
        "fresh: {column: c, within: 5d}",
        "split: {time: c}",
        "leakage: {known_by: {event: c, columns: t}}",
        "leakage: {known_by: {event: t, columns: [c, u]}}",
    ],
)
@pytest.mark.parametrize("rule", ["{}", "{type: string}"])
def test_time_that_is_not_read_as_one(section: str, rule: str) -> None:
    line = complaint(f"{DATA}  {section}\n  columns: {{c: {rule}}}\n")
    assert "c must be a date or timestamp, and data.columns says" in line


@pytest.mark.parametrize(
    ("fresh", "said"),
    [
        ("{column: t, within: 5}", "within: expected a duration with a unit"),
        ("{column: t}", "data.fresh.within is missing"),
        ("{within: 5d}", "data.fresh.column is missing"),
        ("{column: t, within: 5d, zone: Asia/Tokyo}", "Asia/Tokyo is another zone than that of the column"),
    ],
)
def test_fresh(fresh: str, said: str) -> None:
    assert said in complaint(f"{DATA}  fresh: {fresh}\n  columns: {{t: {{type: timestamp, zone: UTC}}}}\n")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("a >", "(character 4 of the rule)"),
        ("a = b", "write == to compare"),
        ("__import__('os').system('x') == 0", "of the rule)"),
        ("a + b", "compare it with something"),
        ("1 == 1", "the rule names no column"),
        ("n > 'x'", "data.columns says of which type the columns are"),
        ("{max: 1%}", "data.rules.r.expect is missing"),
        ("7", "expected a mapping (key: value) with the keys expect, max, found 7"),
        ("''", "expected text, found nothing between the quotes"),
        ("n > 0" + " " * 1_000, "the text has 1,005 characters; the most is 1,000"),
    ],
)
def test_rule_that_says_nothing(rule: str, said: str) -> None:
    written = rule if rule[0] in "{7'" else f'"{rule}"'
    line = complaint(f"{DATA}  columns: {{n: {{type: integer}}}}\n  rules:\n    r: {written}\n")
    assert line.startswith("seatrial.yml:8:")
    assert said in line


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a b", "up to 60 letters, digits, hyphens and underscores; rename it"),
        ("a/b", "up to 60 letters"),
        ("nulls", "nulls is the name of a check of ours; choose another"),
        ("x" * 61, "up to 60 letters"),
    ],
)
def test_name_of_a_rule(name: str, said: str) -> None:
    assert said in complaint(f"{DATA}  rules: {{{name}: a > b}}\n")


@pytest.mark.parametrize("section", ["balance: {min: 1%}", "leakage: {target_correlation: {max: 0.9}}"])
def test_label_that_nobody_names(section: str) -> None:
    assert "is about the label, and none is named; write data.label: COLUMN" in complaint(
        f"{DATA}  {section}\n"
    )


def test_balance_of_numbers() -> None:
    text = f"{DATA}  label: y\n  balance: {{min: 1%}}\n".replace("binary", "regression")
    assert "data.balance is about classes, and this model's task is regression; remove it" in complaint(text)


@pytest.mark.parametrize(
    ("min_", "expected", "mend"),
    [
        ("0", "0 and less than 1", "a number such as 0.05"),
        ("0%", "0% and less than 100%", "a share such as 5%"),
        ("1", "0 and less than 1", "0.01 or 1%"),
        ("50", "0 and less than 1", "0.5 or 50%"),
        ("150%", "0% and less than 100%", "a share such as 5%"),
        ("-0.1", "0 and less than 1", "a number such as 0.05"),
    ],
)
def test_balance_beyond_its_scale(min_: str, expected: str, mend: str) -> None:
    said = complaint(f"{DATA}  label: y\n  balance: {{min: {min_}}}\n")
    assert said.endswith(f"data.balance.min: expected more than {expected}, found {min_}; write {mend}")


@pytest.mark.parametrize(
    ("section", "said"),
    [
        (
            "label: y\n  leakage: {known_after: [a, y]}",
            "known_after: y is the label, which must be in the data",
        ),
        ("key: y\n  leakage: {known_after: y}", "known_after: y is in data.key, so it must be in the data"),
        ("columns: {y: {}}\n  leakage: {known_after: y}", "known_after: y is in data.columns too"),
        (
            "leakage: {known_by: {event: t, columns: [t, u]}}",
            "known_by.columns: t is the event itself; remove it",
        ),
        ("leakage: {keys: [a, a]}", "leakage.keys: a is listed twice; keep one"),
    ],
)
def test_columns_in_two_roles_of_the_data(section: str, said: str) -> None:
    assert said in complaint(f"{DATA}  {section}\n")


@pytest.mark.parametrize(
    ("personal", "said"),
    [
        ("{action: block}", "personal.action: expected warn or fail, found block"),
        ("{kinds: [email, shoes]}", "expected email or phone or card or iban or ip, found shoes"),
        ("{kinds: email}", "personal.kinds: expected a list, found email"),
    ],
)
def test_personal_data_that_nobody_looks_for(personal: str, said: str) -> None:
    assert said in complaint(f"{DATA}  personal: {personal}\n")


@pytest.mark.parametrize(
    ("drift", "said"),
    [
        ("{psi: {max: 0.2}}", "data.drift.against is missing"),
        ("{against: r.json}", "data.drift sets no limit; add psi, ks, js, wasserstein or new_categories"),
        ("{against: r.json, psi: {}}", "data.drift.psi is empty; write warn, max or both"),
        ("{against: r.json, psi: {warn: 0.3, max: 0.2}}", "warn 0.3 is above max 0.2"),
        ("{against: r.json, ks: {max: 20}}", "ks.max runs from 0 to 1, found 20; write 0.2 or 20%"),
        ("{against: r.json, js: {warn: 1.5}}", "js.warn runs from 0 to 1, found 1.5"),
        ("{against: r.json, wasserstein: {max: -1}}", "a distance is not negative, found -1"),
        (
            "{against: r.json, ks: {max: 1%}, columns: [a], ignore: a}",
            "a stands in data.drift.columns too; keep one",
        ),
        ("{against: /r.json, ks: {max: 1%}}", "is absolute; write a path relative"),
        ("{against: r.json, ks: {max: 1%}, alpha: 5}", "found 5; write 0.05 or 5%"),
        (
            "{against: r.json, ks: {max: 1%}, data: holdout}",
            "data.drift.data: expected train or test, found holdout",
        ),
    ],
)
def test_drift(drift: str, said: str) -> None:
    assert said in complaint(f"{DATA}  drift: {drift}\n")


def test_drift_of_a_file_that_is_not_set() -> None:
    text = f"{DATA}  drift: {{against: r.json, ks: {{max: 1%}}}}\n".replace("  train: train.csv\n", "")
    assert "data.drift holds train against the reference, and data.train is not set" in complaint(text)


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("data/carrier/oneof", "did you mean data/carrier/one_of?"),
        ("data/carrier", "checks of the data gate are extra, rows/min"),
        ("data/duplicate", "did you mean data/duplicates?"),
        ("data/row/min#2x", "did you mean data/row/min?"),
        ("data/carrier/zzz", "no rule of a column is called zzz; rules are required, nulls"),
        ("data/", "expected the id of a check as the comment shows it"),
    ],
)
def test_waiver_of_no_check_of_the_data(check: str, said: str) -> None:
    line = complaint(f"{DATA}{RULES}waivers: [{{check: '{check}', reason: r, until: 2027-01-01}}]\n")
    assert line.startswith("seatrial.yml:7:19: waivers[0].check: ")
    assert said in line


@pytest.mark.parametrize(
    ("show", "said"),
    [
        ("{rows: 101}", "expected a whole number from 0 to 100, found 101"),
        ("{values: 'yes'}", "show.values: "),
    ],
)
def test_what_is_shown(show: str, said: str) -> None:
    assert said in complaint(f"{DATA}{RULES}  show: {show}\n")


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("columns: {c: {tpye: string}}", "did you mean type?"),
        ("columns: {c: {type: float}}", "expected integer or number or string"),
        ("colums: {c: {}}", "unknown key colums in data; did you mean columns?"),
        ("columns: [c]", "data.columns: expected a mapping (key: value), found a list"),
        ("columns: {c: string}", "data.columns.c: expected a mapping (key: value) with the keys type"),
        ("extra: ignore", "data.extra: expected allow or warn or fail, found ignore"),
        ("time: 5", "data.time: expected a duration with a unit"),
        ("memory: 5gb", "unknown unit gb in 5gb"),
        ("key: []", "data.key: the list is empty"),
    ],
)
def test_keys_and_values_of_another_kind(section: str, said: str) -> None:
    assert said in complaints(f"{DATA}  {section}\n  duplicates: {{max: 0}}\n")[0]
