"""Bad policies, one test for each row of the catalogue: the place, what is wrong, and how to mend it."""

import pytest

from seatrial.errors import BAD_INPUT, PolicyInvalid
from seatrial.policy import parse
from seatrial.policy.findings import MOST

GOOD = """\
version: 1
model: {name: flight-delay, task: binary}
evaluate:
  label: late
  data: test.csv
  predictions: predictions.csv
  metrics:
    roc_auc: {min: 0.7}
"""
METRIC = "    roc_auc: {min: 0.7}\n"


def complaints(text: str | bytes) -> list[str]:
    with pytest.raises(PolicyInvalid) as caught:
        parse(text, "seatrial.yml")
    assert caught.value.exit_code == BAD_INPUT
    lines = str(caught.value).split("\n")
    assert len(lines) == len(caught.value.faults)
    assert all(line.isprintable() for line in lines)
    return lines


def complaint(text: str | bytes) -> str:
    [line] = complaints(text)
    return line


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def test_the_unchanged_policy_is_good() -> None:
    assert parse(GOOD).gates == ("evaluation",)


def test_duplicate_key() -> None:
    line = complaint(changed("  label: late\n", "  label: late\n  label: early\n"))
    assert line.startswith("seatrial.yml:5:3: duplicate key label")
    assert "first on line 4, again on line 5" in line
    assert "keep one" in line


def test_duplicate_key_keeps_the_places_of_the_first() -> None:
    lines = complaints(changed("0.7}", "2, min: [0.7]}"))
    assert lines[0].startswith("seatrial.yml:8:20: evaluate.metrics.roc_auc.min: ROC AUC runs from 0 to 1")
    assert lines[1].startswith("seatrial.yml:8:23: duplicate key min")


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("1e-3", "write 0.001,"),
        ("1.0e-3", "write 0.0010,"),
        ("7E+1", "write 70,"),
        ("1e999", "write it out in digits"),
    ],
)
def test_scientific_notation(written: str, hint: str) -> None:
    line = complaint(changed("0.7", written))
    assert line.startswith(f"seatrial.yml:8:20: {written} is in scientific notation")
    assert hint in line


@pytest.mark.parametrize("written", [".nan", ".NaN", ".inf", "-.inf", "+.Inf"])
def test_not_finite(written: str) -> None:
    line = complaint(changed("0.7", written))
    assert line.startswith(
        f"seatrial.yml:8:20: {written} is not a finite number; write a number such as 0.95"
    )


def test_leading_zero() -> None:
    line = complaint(GOOD + "seed: 010\n")
    assert line.startswith("seatrial.yml:9:7: the number 010 begins with 0")
    assert "write 10," in line


def test_base_60() -> None:
    line = complaint(changed("predictions: predictions.csv", "predict: run {data} {out}\n  time: 1:30"))
    assert line.startswith("seatrial.yml:7:9: 1:30 is a number in base 60")
    assert "write a duration such as 90s" in line


def test_underscores_not_by_threes() -> None:
    line = complaint(GOOD + "seed: 1_00\n")
    assert line.startswith("seatrial.yml:9:7: the underscores of 1_00")
    assert "write 100" in line


@pytest.mark.parametrize(
    ("written", "meant"), [("10_000", 10_000), ("1_000_000", 1_000_000), ("0x1F", 31), ("0o17", 15)]
)
def test_integers_of_the_core_schema(written: str, meant: int) -> None:
    assert parse(GOOD + f"seed: {written}\n").seed == meant


@pytest.mark.parametrize("word", ["yes", "on", "y", "True "])
def test_boolean_words(word: str) -> None:
    text = changed("  metrics:\n", f'  baseline: {{retrain: "{word}"}}\n  metrics:\n')
    assert complaint(text).startswith("seatrial.yml:7:23: evaluate.baseline.retrain: expected true, found ")


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "y", "n"])
def test_boolean_words_are_text_elsewhere(word: str) -> None:
    text = changed("  label: late\n", f"  label: {word}\n  positive: {word}\n")
    assert parse(text).evaluate.positive == word


def test_date_stays_text() -> None:
    assert parse(changed("late", "2027-03-31")).evaluate.label == "2027-03-31"


def test_decimal_comma() -> None:
    line = complaint(changed(METRIC, "    roc_auc:\n      min: 0,95\n"))
    assert line.startswith("seatrial.yml:9:12: 0,95 has a decimal comma; write 0.95,")


def test_decimal_comma_in_braces() -> None:
    lines = complaints(changed("0.7", "0,95"))
    assert lines == [
        "seatrial.yml:8:22: unknown key 95 in evaluate.metrics.roc_auc; with a decimal comma, "
        "write the number "
        "with a point; known keys: min, max, margin, min_gain, cut, k, quantile, bins, column, direction"
    ]


def test_decimal_comma_in_quotes() -> None:
    assert complaint(changed("0.7", '"0,95"')).endswith("found 0,95; write 0.95")


def test_percentage_is_read_as_a_share() -> None:
    assert parse(changed("0.7", "95%")).evaluate.metrics["roc_auc"].min == 0.95


def test_percentage_of_what_is_no_share() -> None:
    line = complaint(changed(METRIC, "    log_loss: {max: 60%}\n"))
    assert line.startswith("seatrial.yml:8:21: evaluate.metrics.log_loss.max: ")
    assert "write a plain number" in line


def test_no_break_space_indent() -> None:
    line = complaint(changed("  label: late", "\xa0 label: late"))
    assert line.startswith("seatrial.yml:4:1: the line is indented with U+00A0 (a no-break space)")
    assert "indent with spaces" in line


def test_no_break_space_after_an_indent() -> None:
    assert complaint(changed("  label: late", "  \xa0label: late")).startswith(
        "seatrial.yml:4:3: the line is"
    )


def test_no_break_space_in_a_key() -> None:
    line = complaint(changed("label:", "la\xa0bel:"))
    assert line.startswith(r"seatrial.yml:4:3: the key la\u00A0bel holds U+00A0 (a no-break space)")


@pytest.mark.parametrize("deep", ["[" * 3000, "{a: " * 3000, "- " * 3000])
def test_deep_nesting(deep: str) -> None:
    assert "nested over 32 deep" in complaint(GOOD + "waivers:\n  " + deep)


def test_alias_bomb() -> None:
    levels = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12))
    line = complaint(f"a0: &a0 [lol]\n{levels}\nversion: *a11\n")
    assert line.startswith("seatrial.yml:1:5: anchors (&a0) are not allowed; write the value out")


def test_alias() -> None:
    line = complaint(changed("test.csv", "*.csv"))
    assert line.startswith("seatrial.yml:5:10: text that begins with * or & must be in quotes")
    line = complaint(changed("test.csv", "*data"))
    assert line.startswith("seatrial.yml:5:9: aliases (*data) are not allowed; write the value out")


def test_merge_key() -> None:
    line = complaint(changed("  label: late", "  <<: {label: late}"))
    assert line.startswith("seatrial.yml:4:3: merge keys (<<) are not allowed; write the keys out")


@pytest.mark.parametrize("tag", ["!!str", "!custom", "!!python/object/apply:os.system", "!"])
def test_tags(tag: str) -> None:
    line = complaint(changed("label: late", f"label: {tag} late"))
    assert line.startswith(f"seatrial.yml:4:10: tags ({tag}) are not allowed; remove the tag")


def test_several_documents() -> None:
    line = complaint(GOOD + "---\nversion: 1\n")
    assert line.startswith("seatrial.yml:9:1: a second document begins here")
    assert "remove" in line


@pytest.mark.parametrize("directive", ["%YAML 1.2", "%TAG ! tag:example.org,2000:", "%OTHER x"])
def test_directive(directive: str) -> None:
    line = complaint(f"{directive}\n---\n{GOOD}")
    assert line == "seatrial.yml:1:1: YAML directives are not allowed; remove the lines that begin with %"


def test_tab_indent() -> None:
    line = complaint(changed("  label", "\tlabel"))
    assert line.startswith(
        "seatrial.yml:4:1: a tab (U+0009) stands in the layout; indent and separate with spaces"
    )


def test_tab_between() -> None:
    assert complaint(changed("label: late", "label:\tlate")).startswith("seatrial.yml:4:9: a tab (U+0009)")


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing here\n", "---\n", "~", b"\xef\xbb\xbf"])
def test_empty(text: str | bytes) -> None:
    line = complaint(text)
    assert (
        line == 'seatrial.yml:1:1: the policy is empty; expected keys and values, beginning with "version: 1"'
    )


def test_empty_mapping() -> None:
    starts = [line.split(";")[0] for line in complaints("{}")]
    assert starts == [
        "seatrial.yml:1:1: version is missing",
        "seatrial.yml:1:1: model is missing",
        "seatrial.yml:1:1: the policy asks for no gate",
    ]


def test_scalar() -> None:
    line = complaint("# policy\nenforce\n")
    assert line.startswith("seatrial.yml:2:1: the policy is only the value enforce; expected keys and values")


def test_list() -> None:
    assert complaint("- version: 1\n").startswith("seatrial.yml:1:1: the policy is a list; expected keys")


def test_byte_order_mark() -> None:
    policy = parse(b"\xef\xbb\xbf" + GOOD.encode())
    assert policy.place("version").column == 1


def test_crlf() -> None:
    policy = parse(GOOD.replace("\n", "\r\n"))
    assert str(policy.place("evaluate", "label")) == "seatrial.yml:4:3"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-32", "UTF-32")],
)
def test_utf_16(encoding: str, name: str) -> None:
    line = complaint(GOOD.encode(encoding))
    assert line.startswith("seatrial.yml:1:1: the policy is in UTF-")
    assert name in line
    assert "save it as UTF-8" in line


def test_not_utf_8() -> None:
    line = complaint(changed("late", "versp\xe4tet").encode("latin-1"))
    assert line == "seatrial.yml:4:15: byte 0xE4 at offset 77 is not UTF-8; save the file as UTF-8"


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "U+202E (right-to-left override)"),
        ("\u2066", "U+2066 (left-to-right isolate)"),
        ("\u200b", "U+200B (zero width space)"),
        ("\u200f", "U+200F (right-to-left mark)"),
        ("\ufeff", "U+FEFF (a byte order mark)"),
        ("\u00ad", "U+00AD (soft hyphen)"),
    ],
)
def test_bidi_and_zero_width_in_keys(character: str, name: str) -> None:
    line = complaint(changed("label:", f"la{character}bel:"))
    assert line.startswith(rf"seatrial.yml:4:3: the key la\u{ord(character):04X}bel holds {name}")
    assert "type the key again" in line


def test_escaped_control_in_a_key() -> None:
    assert complaint(changed("label:", r'"la\0bel":')).startswith(r"seatrial.yml:4:3: the key la\u0000bel")


def test_homoglyph_key() -> None:
    lines = complaints(changed("label:", "l\u0430bel:"))
    assert lines[0].startswith("seatrial.yml:3:1: evaluate.label is missing")
    assert lines[1].startswith(
        "seatrial.yml:4:3: unknown key l\u0430bel in evaluate; it holds the character U+0430"
    )
    assert "did you mean label?" in lines[1]


def test_lone_surrogate() -> None:
    assert complaint(changed("late", "la\ud800te")).startswith(
        "seatrial.yml:4:12: U+D800 (half of a surrogate"
    )
    line = complaint(changed("late", r'"la\ud800te"'))
    assert line.startswith(r"seatrial.yml:4:10: the value la\uD800te holds U+D800")


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\u2028"])
def test_control_characters(character: str) -> None:
    line = complaint(changed("late", f"la{character}te"))
    assert line.startswith(f"seatrial.yml:4:12: U+{ord(character):04X}")
    assert line.endswith("is not allowed in a policy; remove it")


def test_escaped_control_characters() -> None:
    line = complaint(changed("test.csv", r'"te\0st.csv"'))
    assert line.startswith(r"seatrial.yml:5:9: the value te\u0000st.csv holds U+0000")


def test_too_large() -> None:
    line = complaint(GOOD + "#" * 2**20)
    assert line.startswith("seatrial.yml: the policy has 1,048,7")
    assert "the most is 524,288" in line


def test_too_many_entries() -> None:
    line = complaint("waivers: [" + "1," * 20_000 + "]")
    assert "over 10,000 keys and values; make it smaller" in line


@pytest.mark.parametrize("digits", [41, 5_000])
def test_endless_number(digits: int) -> None:
    line = complaint(GOOD + "seed: " + "1" * digits + "\n")
    assert line.startswith("seatrial.yml:9:7: the number 1111")
    assert "shorten it" in line


def test_list_as_key() -> None:
    line = complaint("[version, model]: 1\n")
    assert line.startswith("seatrial.yml:1:1: a key must be text, not a list or a mapping; write key: value")


def test_missing_key() -> None:
    assert complaint(changed("label:", ":")).startswith("seatrial.yml:4:3: a key is missing before the colon")
    line = complaint(changed("{name: flight-delay,", "{name: flight-delay, '': x,"))
    assert line == "seatrial.yml:2:29: a key is missing before the colon; write key: value"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("late", "'late", "a quote is opened and never closed; close it"),
        ("{min: 0.7}", "{min: 0.7", "expected a comma or }"),
        ("{min: 0.7}", "[min, 0.7", "expected a comma or ]"),
        ("  label: late", "  label: a: b", "put the value in quotes"),
        ("  label: late", "  label\n  x: late", "stands where none can"),
        ("  label: late", "   label: late", "align the keys"),
        ("late", "@late", "text cannot begin with @ unless it is in quotes"),
        ("late", r'"\late"', "unknown escape in double quotes"),
        ("late", "late\n...\nseed: 0", "expected one document"),
    ],
)
def test_broken_syntax(old: str, new: str, expected: str) -> None:
    line = complaint(changed(old, new))
    assert line.startswith("seatrial.yml:")
    assert expected in line


def test_unknown_key() -> None:
    line = complaint(GOOD + "moed: enforce\n")
    assert line == "seatrial.yml:9:1: unknown key moed in the policy; did you mean mode?"


def test_unknown_key_with_nothing_near_lists_the_known() -> None:
    line = complaint(changed("{name: flight-delay,", "{name: flight-delay, zzz: 1,"))
    assert line == "seatrial.yml:2:29: unknown key zzz in model; known keys: name, task"


def test_no_space_after_the_colon_in_braces() -> None:
    line = complaints(changed("{min: 0.7}", "{min:0.7}"))[1]
    assert line.startswith(
        "seatrial.yml:8:15: unknown key min:0.7 in evaluate.metrics.roc_auc; put a space after"
    )


def test_key_of_another_section() -> None:
    line = complaint(GOOD + "cluster: tail_number\n")
    assert line.endswith("unknown key cluster in the policy; it belongs into evaluate")


def test_misspelt_metric() -> None:
    line = complaint(changed("roc_auc", "roc_acu"))
    assert line.startswith(
        "seatrial.yml:8:5: unknown metric roc_acu in evaluate.metrics; did you mean roc_auc?"
    )


@pytest.mark.parametrize("key", ["build", "deploy", "canary", "verify", "monitor", "alerts"])
def test_gate_of_a_later_version(key: str) -> None:
    line = complaint(GOOD + f"{key}: {{what: ever, is: [here]}}\n")
    assert line == f"seatrial.yml:9:1: not in this version of Seatrial: {key}, remove it"


@pytest.mark.parametrize("version", ["2", "'1'", "1.0", "true"])
def test_version(version: str) -> None:
    assert complaint(changed("version: 1", f"version: {version}")).startswith(
        "seatrial.yml:1:10: version: expected 1, found "
    )


@pytest.mark.parametrize("name", ["a/b", ".hidden", "''", "a b", "x" * 101, "-rm"])
def test_model_name(name: str) -> None:
    assert complaint(changed("flight-delay", name)).startswith("seatrial.yml:2:15: model.name: ")


def test_threshold_reversed() -> None:
    line = complaint(changed(METRIC, "    selection_rate: {min: 0.3, max: 0.1}\n"))
    assert line.startswith("seatrial.yml:8:37: evaluate.metrics.selection_rate: min 0.3 is above max 0.1")
    assert "swap them" in line


def test_max_where_higher_is_better() -> None:
    line = complaint(changed("min: 0.7", "max: 0.7"))
    assert line.startswith("seatrial.yml:8:15: evaluate.metrics.roc_auc.max: higher is better for ROC AUC")
    assert line.endswith("use min")


def test_min_where_lower_is_better() -> None:
    line = complaint(changed(METRIC, "    log_loss: {min: 0.7}\n"))
    assert line.startswith("seatrial.yml:8:16: evaluate.metrics.log_loss.min: lower is better")
    assert line.endswith("use max")


def test_margin_where_neither_way_is_better() -> None:
    line = complaint(changed(METRIC, "    selection_rate: {margin: 0.7}\n"))
    assert line.startswith("seatrial.yml:8:22: ")
    assert line.endswith("use min and max")


@pytest.mark.parametrize(("written", "hint"), [("95", "write 0.95 or 95%"), ("1.5", "write 0.015 or 1.5%")])
def test_percentage_without_its_sign(written: str, hint: str) -> None:
    line = complaint(changed("0.7", written))
    assert line.startswith("seatrial.yml:8:20: evaluate.metrics.roc_auc.min: ROC AUC runs from 0 to 1")
    assert line.endswith(hint)


def test_margin_as_percentage_without_its_sign() -> None:
    line = complaint(changed("min: 0.7", "margin: 2"))
    assert line.startswith("seatrial.yml:8:23: evaluate.metrics.roc_auc.margin: 2 is the whole scale")
    assert line.endswith("write 0.02 or 2%")


@pytest.mark.parametrize("kind", ["margin", "min_gain"])
def test_negative_difference(kind: str) -> None:
    line = complaint(changed("min: 0.7", f"{kind}: -0.02"))
    assert f"evaluate.metrics.roc_auc.{kind}: a difference is not negative, found -0.02; write 0.02" in line


@pytest.mark.parametrize("metric", ["{}", "{cut: 0.3}"])
def test_neither_bound(metric: str) -> None:
    line = complaint(changed(METRIC, f"    f1: {metric}\n"))
    assert line == "seatrial.yml:8:5: evaluate.metrics.f1 sets no limit; add min, margin or min_gain"


def test_no_metrics() -> None:
    assert complaint(changed("  metrics:\n" + METRIC, "")).startswith(
        "seatrial.yml:3:1: evaluate.metrics is missing; "
    )
    assert complaint(changed("metrics:\n" + METRIC, "metrics: {}\n")).startswith(
        "seatrial.yml:7:12: evaluate.metrics: this is empty"
    )


@pytest.mark.parametrize("key", ["slices", "baseline", "budgets", "fairness", "cluster", "features"])
def test_key_without_a_value(key: str) -> None:
    line = complaint(GOOD + f"  {key}:\n")
    assert line == f"seatrial.yml:9:3: evaluate.{key} has no value; write one, or remove the key"


def test_item_without_a_value() -> None:
    line = complaint(GOOD + "  key: [a, ~]\n")
    assert line == "seatrial.yml:9:12: evaluate.key[1] has no value; write one, or remove the key"


def test_metric_of_another_task() -> None:
    line = complaint(changed(METRIC, "    rmse: {max: 3}\n"))
    assert line.startswith("seatrial.yml:8:5: evaluate.metrics.rmse is a metric of regression tasks")
    assert "choose from roc_auc, " in line


def test_setting_of_another_metric() -> None:
    assert complaint(changed("{min: 0.7}", "{min: 0.7, cut: 0.5}")) == (
        "seatrial.yml:8:25: evaluate.metrics.roc_auc: ROC AUC takes no cut; remove it"
    )


def test_metric_of_their_own_without_direction() -> None:
    line = complaint(changed(METRIC, "    cost: {column: cost, max: 3}\n"))
    assert line.startswith(
        "seatrial.yml:8:5: evaluate.metrics.cost is a metric of your own and lacks its direction"
    )
    assert line.endswith("add direction: higher or lower")


def test_metric_of_their_own_without_column() -> None:
    line = complaint(changed(METRIC, "    cost: {direction: lower, max: 3}\n"))
    assert line.endswith("add column: NAME of the predictions")


def test_built_in_name_for_a_metric_of_their_own() -> None:
    line = complaint(changed("{min: 0.7}", "{min: 0.7, column: x}"))
    assert line.startswith("seatrial.yml:8:25: evaluate.metrics.roc_auc is built in and takes no column")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/etc/passwd", "absolute"),
        ("~/data.csv", "absolute"),
        ("C:/data.csv", "absolute"),
        ("../data.csv", "leaves the checkout"),
        ("a/../../data.csv", "leaves the checkout"),
        ("'-rf'", "begins with a hyphen"),
        ("./-rf", "begins with a hyphen"),
        ("s3://bucket/data.csv", "URL"),
        (r"data\test.csv", "backslashes"),
        ("data/", "folder"),
        ("'.'", "folder"),
        ("da\u202eta.csv", "cannot be seen"),
        ("7", "expected text, found 7"),
    ],
)
def test_path(path: str, why: str) -> None:
    line = complaint(changed("data: test.csv", f"data: {path}"))
    assert line.startswith("seatrial.yml:5:9: evaluate.data: ")
    assert why in line


def test_no_candidate() -> None:
    line = complaint(changed("  predictions: predictions.csv\n", ""))
    assert line.startswith("seatrial.yml:3:1: evaluate names no candidate; write one of model: FILE.onnx")


@pytest.mark.parametrize("other", ["model: m.onnx", "predict: run {data} {out}"])
def test_two_candidates(other: str) -> None:
    lines = complaints(GOOD + f"  {other}\n")
    assert any(line.startswith("seatrial.yml:6:3: evaluate names two candidates") for line in lines)


def test_model_that_is_not_onnx() -> None:
    line = complaint(changed("predictions: predictions.csv", "model: model.pkl"))
    assert line.startswith("seatrial.yml:6:10: evaluate.model: model.pkl is not an ONNX file")
    assert "add predict: COMMAND" in line


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("run {data}", "lacks {out}"),
        ("run {out}", "lacks {data}"),
        ("run {data} {out} {model}", "evaluate.model is not set"),
        ("run 'it {data} {out}", "a quote is not closed"),
        ("[run, [1], '{data}', '{out}']", "holds texts only"),
        ("|\n    echo ${data} {out}", "lacks {data}"),
    ],
)
def test_command(command: str, expected: str) -> None:
    line = complaint(changed("predictions: predictions.csv", f"predict: {command}"))
    assert line.startswith("seatrial.yml:6:12: evaluate.predict")
    assert expected in line


@pytest.mark.parametrize("key", ["time: 5m", "memory: 1GiB", "requirements: requirements.txt"])
def test_limits_of_a_command_that_is_not_there(key: str) -> None:
    line = complaint(GOOD + f"  {key}\n")
    assert line.startswith("seatrial.yml:9:3: ")
    assert line.endswith("is for a predict command, and there is none; remove it")


def test_no_rows() -> None:
    line = complaint(changed("  data: test.csv\n", ""))
    assert line.startswith("seatrial.yml:3:1: evaluate has no rows to judge on; write evaluate.data: FILE")


def test_two_baselines() -> None:
    line = complaint(GOOD + "  baseline: {path: old.csv, branch: old.csv}\n")
    assert line == "seatrial.yml:9:29: evaluate.baseline names two sources, path and branch; keep one"


def test_no_baseline_source() -> None:
    assert complaint(GOOD + "  baseline: {}\n").startswith(
        "seatrial.yml:9:3: evaluate.baseline names no source"
    )


def test_candidate_as_its_own_baseline() -> None:
    line = complaint(GOOD + "  baseline: {path: predictions.csv}\n")
    assert line.startswith(
        "seatrial.yml:9:20: evaluate.baseline.path: predictions.csv is the candidate itself"
    )


@pytest.mark.parametrize("written", ["0", "0.5", "-0.1", "5", "nought"])
def test_alpha(written: str) -> None:
    assert complaint(GOOD + f"  alpha: {written}\n").startswith(
        "seatrial.yml:9:10: evaluate.alpha: expected "
    )


def test_alpha_as_percentage_without_its_sign() -> None:
    assert complaint(GOOD + "  alpha: 5\n").endswith("write 0.05 or 5%")


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        ("{latency_p95: 5}", "the number 5 without a unit"),
        ("{latency_p95: 5MS}", "write 5ms"),
        ("{size: 20mb}", "write 20MB"),
        ("{size: 20}", "units: B, KB, MB"),
        ("{latency_p50: 9ms, latency_p95: 5ms}", "above latency_p95"),
        ("{}", "evaluate.budgets is empty"),
    ],
)
def test_budget(budget: str, expected: str) -> None:
    text = changed("predictions: predictions.csv", f"model: m.onnx\n  budgets: {budget}")
    assert expected in complaint(text)


def test_latency_without_a_model_to_run() -> None:
    line = complaint(GOOD + "  budgets: {latency_p95: 5ms}\n")
    assert line.startswith("seatrial.yml:9:13: evaluate.budgets.latency_p95 is measured on an ONNX model")
    assert "remove the budget" in line


def test_size_without_a_model_file() -> None:
    assert "there is none" in complaint(GOOD + "  budgets: {size: 5MB}\n")


def test_column_listed_twice() -> None:
    assert (
        complaint(GOOD + "  key: [a, b, a]\n")
        == "seatrial.yml:9:8: evaluate.key: a is listed twice; keep one"
    )


@pytest.mark.parametrize("key", ["key: late", "key: [id, late]", "cluster: late"])
def test_label_in_another_role(key: str) -> None:
    line = complaint(GOOD + f"  {key}\n")
    assert "late is the label" in line
    assert line.endswith("remove it")


def test_label_as_the_key_of_the_data() -> None:
    text = changed("  data: test.csv\n", "") + "data: {test: test.csv, key: [id, late]}\n"
    assert complaint(text).startswith("seatrial.yml:8:34: data.key: late is the label")


def test_top_k_of_no_more_classes() -> None:
    text = changed("binary", "multiclass").replace("roc_auc: {min: 0.7}", "top_k_accuracy: {min: 0.7}")
    line = complaint(text + "  classes: [a, b, c]\n")
    assert line.startswith(
        "seatrial.yml:8:5: evaluate.metrics.top_k_accuracy: with k 5 of 3 classes it is always 1"
    )
    assert parse(text.replace("0.7}", "0.7, k: 2}") + "  classes: [a, b, c]\n").evaluate.classes == (
        "a",
        "b",
        "c",
    )


@pytest.mark.parametrize(
    ("old", "new", "most"),
    [
        ("late", "x" * 201, "200"),
        ("test.csv", "x" * 1_001, "1,000"),
        ("predictions: predictions.csv", "predict: run {data} {out} " + "x" * 20_000, "20,000"),
    ],
)
def test_endless_text(old: str, new: str, most: str) -> None:
    line = complaint(changed(old, new))
    assert f"the most is {most}, shorten it" in line
    assert len(line) < 200


def test_label_as_a_feature() -> None:
    text = changed("predictions: predictions.csv", "model: m.onnx\n  features: [hour, late]")
    assert complaint(text).startswith("seatrial.yml:7:20: evaluate.features: late is the label")


def test_positive_and_classes_of_another_task() -> None:
    assert complaint(GOOD + "  classes: [a, b]\n").startswith(
        "seatrial.yml:9:3: evaluate.classes is for multiclass"
    )
    text = changed("task: binary", "task: regression").replace("roc_auc: {min: 0.7}", "mae: {max: 1}")
    assert "evaluate.positive is for binary tasks" in complaint(text + "  positive: late\n")


def test_gap_of_an_unknown_metric() -> None:
    line = complaint(GOOD + "  fairness: {by: sex, gaps: {cost: {max: 0.1}}}\n")
    assert line.startswith("seatrial.yml:9:30: unknown metric cost in evaluate.fairness.gaps")


def test_gap_as_percentage_without_its_sign() -> None:
    line = complaint(GOOD + "  fairness: {by: sex, gaps: {recall: {max: 10}}}\n")
    assert line.startswith("seatrial.yml:9:44: ")
    assert line.endswith("write 0.1 or 10%")


@pytest.mark.parametrize(
    ("waiver", "expected"),
    [
        ("{check: roc_auc, reason: r, until: 2027-01-01}", "expected the id of a check"),
        ("{check: canary/errors/max, reason: r, until: 2027-01-01}", "not in this version of Seatrial"),
        ("{check: data/carrier/oneof, reason: r, until: 2027-01-01}", "did you mean data/carrier/one_of?"),
        (
            "{check: evaluation/roc_auc/min, reason: '', until: 2027-01-01}",
            "waivers[0].reason: expected text",
        ),
        ("{check: evaluation/roc_auc/min, reason: r, until: 2027-02-30}", "is not a date"),
        ("{check: evaluation/roc_auc/min, reason: r, until: 31.3.2027}", "write year-month-day"),
        ("{check: evaluation/roc_auc/min, reason: r}", "waivers[0].until is missing"),
    ],
)
def test_waiver(waiver: str, expected: str) -> None:
    line = complaint(GOOD + f"waivers: [{waiver}]\n")
    assert line.startswith("seatrial.yml:9:")
    assert expected in line


def test_waiver_twice() -> None:
    entry = "{check: evaluation/roc_auc/min, reason: r, until: 2027-01-01}"
    assert complaint(GOOD + f"waivers: [{entry}, {entry}]\n").endswith("is waived twice; keep one")


def test_waivers_that_are_no_list() -> None:
    line = complaint(GOOD + "waivers: {check: evaluation/roc_auc/min}\n")
    assert line.startswith("seatrial.yml:9:10: waivers: expected a list, found a mapping")


@pytest.mark.parametrize("section", ["model", "evaluate", "data"])
@pytest.mark.parametrize("value", ["text", "7", "[1]"])
def test_section_of_another_kind(section: str, value: str) -> None:
    kept = [line for line in GOOD.splitlines() if not line.startswith((section, " "))]
    lines = complaints("\n".join([*kept, f"{section}: {value}"]))
    assert any(f"{section}: expected a mapping (key: value) with the keys " in line for line in lines)


def test_every_fault_is_told_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace("version: 1", "version: 3").replace("late", "7").replace("0.7", "1e-1, max: 2")
    places = [line.split(": ")[0] for line in complaints(text + "sede: 1\n")]
    assert places == [
        "seatrial.yml:1:10",
        "seatrial.yml:4:10",
        "seatrial.yml:8:20",
        "seatrial.yml:8:26",
        "seatrial.yml:9:1",
    ]


def test_a_fault_of_data_is_not_told_again_for_evaluate() -> None:
    text = changed("  data: test.csv\n", "") + "data: {test: /abs, key: [a, a]}\n"
    places = [line.split(": ")[0] for line in complaints(text)]
    assert places == ["seatrial.yml:8:14", "seatrial.yml:8:25"]


def test_endless_faults_are_cut() -> None:
    lines = complaints(GOOD + "\n".join(f"zz{i}: 1" for i in range(500)))
    assert len(lines) == MOST + 1
    assert lines[-1].endswith("and 450 more faults")
