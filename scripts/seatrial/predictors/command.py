"""Predictions by a command of the consumer, which gets the data without the label."""

import os
import stat
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from seatrial.commands.parsing import parse, uses
from seatrial.commands.running import Finished, Limits, run
from seatrial.engines.files.reading import read_source
from seatrial.engines.tables.dropping import csv_without, parquet_without
from seatrial.engines.tables.reading import MAX_BYTES
from seatrial.engines.tables.table import Table
from seatrial.errors import BadInput, Location
from seatrial.text import shown

LINE = 200


def predict(
    command: str | Sequence[str],
    *,
    data: Table,
    file: Path,
    label: str,
    model: Path | None,
    cwd: Path,
    env: Mapping[str, str],
    limits: Limits,
    scratch: Path,
    location: Location | None = None,
    on_line: Callable[[str], None] = lambda line: None,
    root: Path | None = None,
    clean: Callable[[str], str] = str,
) -> Path:
    """Run the command; return the file of predictions that it wrote, in a fresh folder below scratch.

    data: the table as it was read from file. model: what {model} stands for. location: of the command in the
    policy. env: as `child_environment` makes it. clean: takes out of a line what no page may show.
    """
    for name in ("data", "out"):
        if not uses(command, name):
            raise BadInput(
                f"the command never mentions {{{name}}}; it must read the rows from {{data}} and write "
                "predictions "
                "to {out}",
                location=location,
            )
    folder = Path(tempfile.mkdtemp(prefix="predict-", dir=scratch)).resolve()
    rows = folder / f"data.{data.format}"
    out = folder / "predictions.csv"
    values = {"data": str(rows), "out": str(out)} | ({"model": str(model.absolute())} if model else {})
    argv = parse(command, values, location=location)
    _write_unlabelled(data, file, label, rows, root)
    finished = run(argv, cwd=cwd, env=env, limits=limits, on_line=on_line)
    if finished.survivors:
        on_line(f"[{finished.survivors} processes were left running and have been ended]")
    _refuse_failure(finished, limits, location, clean)
    _refuse_odd_output(out, location)
    return out


def _write_unlabelled(data: Table, file: Path, label: str, target: Path, root: Path | None) -> None:
    source = read_source(file, name=data.path, root=root, cap=MAX_BYTES, mend="write fewer rows or columns")
    place = Location(data.path)
    if source.sha256 != data.sha256:
        raise BadInput(
            "the file changed after it was read; let the step that writes it end first", location=place
        )
    if label not in data.header:
        raise ValueError(f"the data was read without its label {label!r}")
    if len(data.header) == 1:
        raise BadInput(
            "the data holds nothing but the label; expected features to predict from", location=place
        )
    if data.format == "parquet":
        parquet_without(source, label, target)
    else:
        target.write_bytes(csv_without(source.data, data.header.index(label)))


def _refuse_failure(
    finished: Finished, limits: Limits, location: Location | None, clean: Callable[[str], str]
) -> None:
    if finished.stopped == "time":
        what = f"did not end within {limits.time:g} s; make it faster, or raise `time`"
    elif finished.stopped == "memory":
        what = (
            f"took more than {(limits.memory or 0) / 2**20:,.0f} MiB of memory; use less, or raise `memory`"
        )
    elif finished.code < 0:
        what = f"was ended by signal {-finished.code}"
    elif finished.code > 0:
        what = f"ended with exit code {finished.code}"
    else:
        return
    lines = [shown(clean(line), LINE) for line in finished.log_tail if line.strip()]
    said = f"; its last lines: {' ⏎ '.join(lines)}" if lines else "; it printed nothing"
    raise BadInput(f"the predict command {what}{said}", location=location)


def _refuse_odd_output(out: Path, location: Location | None) -> None:
    try:
        status = os.lstat(out)
    except OSError:
        raise BadInput(
            "the predict command ended well but wrote no file to {out}; write the predictions there",
            location=location,
        ) from None
    if (
        not stat.S_ISREG(status.st_mode)
        or status.st_nlink > 1
        or not out.resolve().is_relative_to(out.parent)
    ):
        raise BadInput(
            "the predict command made {out} a link, folder or device; expected a regular file: write the "
            "predictions "
            "into it",
            location=location,
        )
