"""What a change may not do to the gate that judges it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from acting import Consumer

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
ROWS = "id,y,g\n" + "".join(f"{i},{int(i % 3 == 0)},{'ab'[i % 2]}\n" for i in range(600))
GOOD = "id,score\n" + "".join(f"{i},{0.8 if i % 3 == 0 else 0.2 + i / 6000}\n" for i in range(600))
BAD = "id,score\n" + "".join(f"{i},{i * 7919 % 600 / 600}\n" for i in range(600))
HEAD = "version: 1\nmodel: {name: m, task: binary}\n"
ASKED = "evaluate: {data: rows.csv, label: y, key: id, predictions: p.csv, metrics: {roc_auc: {min: 0.9}}}\n"
EVIL = """\
import sys
open("evil-ran", "w").close()
lines = (f"{i},{0.8 if i % 3 == 0 else 0.2}\\n" for i in range(600))
open(sys.argv[2], "w").write("id,score\\n" + "".join(lines))
"""
FAIR = """\
import sys
lines = (f"{i},{0.8 if good == (i % 3 == 0) else 0.2}\\n" for i in range(600))
open(sys.argv[2], "w").write("id,score\\n" + "".join(lines))
"""


def trial(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPTS / "command.py"), "trial", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def consumer(tmp_path: Path) -> Consumer:
    found = Consumer(tmp_path / "consumer")
    found.commit({"rows.csv": ROWS, "p.csv": BAD, "seatrial.yml": HEAD + ASKED})
    return found


def comment(consumer: Consumer) -> str:
    return (consumer.root / "build" / "seatrial" / "comment.md").read_text()


def test_a_command_that_only_the_change_brings_is_not_run(consumer: Consumer) -> None:
    brought = ASKED.replace("predictions: p.csv", 'predict: "python3 evil.py {data} {out}"')
    consumer.git("checkout", "-qb", "change")
    consumer.commit({"seatrial.yml": HEAD + brought, "evil.py": EVIL})
    done = trial(consumer.root, "--base", "main")
    assert done.returncode == 1, done.stderr
    assert not (consumer.root / "evil-ran").exists()
    assert "nobody has reviewed" in comment(consumer)


def test_a_reviewed_command_is_run_for_the_proposal_too(consumer: Consumer) -> None:
    command = ASKED.replace("predictions: p.csv", 'predict: "python3 evil.py {data} {out}"')
    consumer.commit({"seatrial.yml": HEAD + command, "evil.py": EVIL})
    consumer.git("checkout", "-qb", "change")
    consumer.commit({"seatrial.yml": HEAD + command.replace("0.9", "0.99999")})
    assert trial(consumer.root, "--base", "main").returncode == 0
    assert (consumer.root / "evil-ran").exists()


def test_the_baseline_predicts_before_the_change_can_meddle_with_it(consumer: Consumer) -> None:
    """Here with what both share outside of the checkout; it could as well be a package."""
    shared = "from pathlib import Path\nshared = Path.home() / 'spoiled'\n"
    good = f"{shared}good = not shared.exists()\n{FAIR}"
    command = ASKED.replace("predictions: p.csv", 'predict: "python3 fair.py {data} {out}"')
    command = command.replace("metrics", "baseline: {branch: fair.py}, metrics").replace(
        "min: 0.9", "margin: 0.1"
    )
    consumer.commit({"seatrial.yml": HEAD + command, "fair.py": good})
    consumer.git("checkout", "-qb", "change")
    consumer.commit({"fair.py": f"{shared}shared.touch()\ngood = False\n{FAIR}"})
    done = trial(consumer.root, "--base", "main")
    assert done.returncode == 1, done.stdout + done.stderr


def test_whose_predict_command_failed_is_told(consumer: Consumer) -> None:
    command = ASKED.replace("predictions: p.csv", 'predict: "python3 fair.py {data} {out}"')
    command = command.replace("metrics", "baseline: {branch: fair.py}, metrics")
    consumer.commit({"seatrial.yml": HEAD + command, "fair.py": "raise SystemExit('old')\n"})
    consumer.git("checkout", "-qb", "change")
    consumer.commit({"fair.py": f"good = True\n{FAIR}"})
    done = trial(consumer.root, "--base", "main")
    assert done.returncode == 2
    assert "of the baseline: the predict command ended with exit code 1; its last lines: old" in done.stderr


def test_a_proposal_that_cannot_be_applied_leaves_the_verdict_and_is_bad_input(consumer: Consumer) -> None:
    consumer.commit({"p.csv": GOOD})
    consumer.git("checkout", "-qb", "change")
    consumer.commit({"seatrial.yml": HEAD + ASKED.replace("roc_auc", "roc_uac")})
    done = trial(consumer.root, "--base", "main")
    assert done.returncode == 2
    assert "Passed" in comment(consumer)
    assert "must not be merged" in comment(consumer) and "roc" in done.stdout + done.stderr


def test_a_changed_baseline_and_what_a_link_leads_to_are_named(consumer: Consumer) -> None:
    asked = ASKED.replace("rows.csv", "data/t.csv").replace("p.csv,", "p.csv, baseline: {path: base.csv},")
    (consumer.root / "data").mkdir()
    (consumer.root / "data" / "t.csv").symlink_to("../rows.csv")
    consumer.commit({"seatrial.yml": HEAD + asked, "base.csv": GOOD})
    consumer.git("checkout", "-qb", "change")
    consumer.commit({"base.csv": BAD, "rows.csv": ROWS.replace("\n3,1", "\n3,0")})
    trial(consumer.root, "--base", "main")
    assert "base.csv" in comment(consumer)
    assert "rows.csv" in comment(consumer)


def test_changed_files_of_a_folder_and_of_a_pattern_are_named(consumer: Consumer) -> None:
    data = "data: {train: parts, test: 'more/**/*.csv', rows: {min: 1}}\n"
    consumer.commit({"seatrial.yml": HEAD + data, "parts/a.csv": ROWS, "more/x/b.csv": ROWS})
    consumer.git("checkout", "-qb", "change")
    consumer.commit({"parts/c.csv": ROWS, "more/x/b.csv": ROWS + "600,1,a\n", "partsless.csv": ROWS})
    assert trial(consumer.root, "--base", "main").returncode == 0
    said = comment(consumer)
    assert "the training data: parts/c.csv" in said
    assert "the test data: more/x/b.csv" in said
    assert "partsless" not in said


def test_a_change_cannot_show_what_the_base_hides(consumer: Consumer) -> None:
    kept = "data: {train: rows.csv, columns: {g: {type: string, hide: true}}}\n"
    consumer.commit({"seatrial.yml": HEAD + kept, "rows.csv": ROWS.replace(",a\n", ",secret\n")})
    consumer.git("checkout", "-qb", "change")
    bare = "data: {train: rows.csv, columns: {g: {one_of: [z]}}, show: {values: true}}\n"
    consumer.commit({"seatrial.yml": HEAD + bare})
    done = trial(consumer.root, "--base", "main")
    assert "proposes it would be **failed**" in comment(consumer)
    written = [path.read_text() for path in (consumer.root / "build").rglob("*") if path.is_file()]
    assert not any("secret" in each for each in (done.stdout, done.stderr, *written))


@pytest.mark.parametrize("columns", ["", ", columns: {t: {type: timestamp}}"])
def test_a_change_learns_no_newest_time_that_the_base_hides(consumer: Consumer, columns: str) -> None:
    kept = "data: {train: rows.csv, columns: {t: {type: timestamp, hide: true}}}\n"
    rows = "id,t\n1,2020-02-03T04:05:06Z\n2,2020-01-01T00:00:00Z\n"
    consumer.commit({"seatrial.yml": HEAD + kept, "rows.csv": rows})
    consumer.git("checkout", "-qb", "change")
    asked = f"data: {{train: rows.csv, fresh: {{column: t, within: 1d}}{columns}, show: {{values: true}}}}\n"
    consumer.commit({"seatrial.yml": HEAD + asked})
    done = trial(consumer.root, "--base", "main")
    assert "proposes it would be **failed**" in comment(consumer)
    written = [path.read_text() for path in (consumer.root / "build").rglob("*") if path.is_file()]
    for told in (done.stdout, done.stderr, *written):
        assert "04:05:06" not in told and "2020-02-03" not in told
    assert any("is older than 1 d" in each for each in written)
    assert not any("within:" in each or "ago" in each for each in written)


def test_a_cluster_that_only_the_change_names_is_not_called(consumer: Consumer) -> None:
    data = "data: {train: rows.csv, rows: {min: 1}}\n"
    consumer.commit({"seatrial.yml": HEAD + data})
    consumer.git("checkout", "-qb", "change")
    consumer.commit({"seatrial.yml": HEAD + data.replace("}}", "}, engine: {spark: 'spark://evil:7077'}}")})
    done = trial(consumer.root, "--base", "main")
    assert done.returncode == 0, done.stderr
    assert "which nobody has reviewed; it was not called" in comment(consumer)


def test_a_loop_of_links_among_a_commands_words_is_no_fault_of_ours(consumer: Consumer) -> None:
    command = ASKED.replace("predictions: p.csv", 'predict: "python3 evil.py {data} {out} loop"')
    (consumer.root / "loop").symlink_to("loop")
    consumer.commit({"seatrial.yml": HEAD + command, "evil.py": EVIL})
    consumer.git("checkout", "-qb", "change")
    consumer.commit({"p.csv": GOOD})
    done = trial(consumer.root, "--base", "main")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_subfolder_is_told_from_where_to_run(consumer: Consumer) -> None:
    consumer.commit({"models/a/seatrial.yml": HEAD + ASKED})
    done = trial(consumer.root / "models" / "a")
    assert done.returncode == 2
    assert "name the policy: --policy models/a/seatrial.yml" in done.stderr


def test_output_is_never_written_through_a_link(consumer: Consumer) -> None:
    victim = consumer.root / "victim"
    victim.write_text("precious")
    out = consumer.root / "build" / "seatrial"
    out.mkdir(parents=True)
    (out / "report.html").symlink_to(victim)
    trial(consumer.root)
    assert victim.read_text() == "precious"
    assert (out / "report.html").is_file() and not (out / "report.html").is_symlink()


def test_an_output_folder_that_leads_out_is_refused(consumer: Consumer, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (consumer.root / "build").symlink_to(tmp_path / "elsewhere")
    done = trial(consumer.root)
    assert done.returncode == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_no_old_verdict_stands_beside_a_run_that_failed(consumer: Consumer) -> None:
    trial(consumer.root)
    assert (consumer.root / "build/seatrial/evaluation.json").exists()
    (consumer.root / "p.csv").unlink()
    assert trial(consumer.root).returncode == 2
    assert not (consumer.root / "build/seatrial/evaluation.json").exists()


def test_uncommitted_files_are_not_said_to_be_a_commit(consumer: Consumer) -> None:
    commit = consumer.git("rev-parse", "HEAD")
    trial(consumer.root)
    assert f"commit `{commit[:12]}`" in comment(consumer)
    (consumer.root / "p.csv").write_text(GOOD)
    trial(consumer.root)
    assert f"commit `{commit[:12]}`" not in comment(consumer)


def test_a_model_that_takes_the_label_is_refused(consumer: Consumer) -> None:
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node("Identity", ["y"], ["p"])],
        "cheat",
        [helper.make_tensor_value_info("y", kind, [None, 1])],
        [helper.make_tensor_value_info("p", kind, [None, 1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    consumer.commit(
        {
            "m.onnx": model.SerializeToString(),
            "seatrial.yml": HEAD + ASKED.replace("predictions: p.csv", "model: m.onnx"),
        }
    )
    done = trial(consumer.root)
    assert done.returncode == 2
    assert "m.onnx" in done.stderr and "label" in done.stderr


def test_groups_too_small_to_compare_are_listed(consumer: Consumer) -> None:
    rows = ROWS + "600,1,c\n601,0,c\n"
    fair = ASKED.replace("}}}\n", "}}, fairness: {by: g, gaps: {recall: {max: 0.5}}}}\n")
    consumer.commit({"rows.csv": rows, "p.csv": GOOD + "600,0.1\n601,0.9\n", "seatrial.yml": HEAD + fair})
    trial(consumer.root)
    assert "g = c" in comment(consumer)
