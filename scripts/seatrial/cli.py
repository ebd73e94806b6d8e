"""The command `seatrial`: the same verdict on a laptop as in CI.

Each command imports only what it needs; `validate` is run on every commit.
"""

import argparse
import gc
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from seatrial import __version__
from seatrial.errors import COULD_NOT_DECIDE, PASSED, BadInput, Location, SeatrialError
from seatrial.forge.streams import drop_unwritten
from seatrial.text import shown

if TYPE_CHECKING:
    from seatrial.commands.ahead import Ahead

INTERRUPTED = 130


def arguments_parser() -> argparse.ArgumentParser:
    """The commands and their arguments."""
    parser = argparse.ArgumentParser(prog="seatrial", description="CI/CD gates for machine-learning models.")
    parser.add_argument("--version", action="version", version=f"seatrial {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help_text in (
        ("trial", "run the gates that the policy mentions and write the verdict, comment and report"),
        ("evaluate", "run the evaluation gate alone"),
        ("lint", "run the lint gate alone: the policy's commands and the built-in checks"),
        ("check-data", "run the data gate alone: contracts, leakage and drift"),
        ("smoke-train", "run the training gate alone: does it train, and the same again"),
    ):
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.add_argument("--policy", default="seatrial.yml", help="policy file (default: seatrial.yml)")
        command.add_argument(
            "--base",
            metavar="REF",
            help="commit or branch whose policy counts and whose files are the baseline "
            "(default: the repository's main branch)",
        )
        command.add_argument(
            "--out",
            type=Path,
            default=Path("build/seatrial"),
            help="folder to write to (default: build/seatrial)",
        )
        if name == "trial":
            command.add_argument(
                "--gates", default="", help="gates to run, separated by commas (default: all)"
            )
        if name == "smoke-train":
            command.add_argument(
                "--parts", default="", help="smoke, full or both, separated by commas (default: all)"
            )
    _init_arguments(commands.add_parser("init", help=INIT, description=INIT))
    _profile_arguments(commands.add_parser("profile", help=PROFILE, description=PROFILE))
    validate = commands.add_parser("validate", help="check policy files; nothing is run")
    validate.add_argument("policies", nargs="*", default=["seatrial.yml"], metavar="FILE")
    judge = commands.add_parser(
        "judge", help="compute a Decision's verdict again from its evidence; exit 1 on any disagreement"
    )
    judge.add_argument("decisions", nargs="+", metavar="FILE")
    return parser


PROFILE = "write the profile of a data set that drift is measured against"


def _profile_arguments(profile: argparse.ArgumentParser) -> None:
    profile.add_argument("data", metavar="DATA", help="a file, a folder, or a pattern in quotes")
    profile.add_argument("--out", metavar="FILE", help="default: the data's name with .profile.json")
    profile.add_argument("--policy", metavar="FILE", help="how columns are read (default: seatrial.yml)")
    profile.add_argument(
        "--min-count", type=int, default=10, metavar="N", help="rows that share a value that is kept (10)"
    )


def profile(given: argparse.Namespace) -> int:
    """Write a profile."""
    from seatrial.trial.data.profiling import Wish, write_profile

    wish = Wish(given.data, given.out, given.policy, given.min_count)
    for line in write_profile(Path.cwd(), wish, dict(os.environ)):
        print(line)
    return PASSED


INIT = "draft a policy from your data, or show what changed data need of one"


def _init_arguments(init: argparse.ArgumentParser) -> None:
    init.add_argument("data", nargs="*", metavar="DATA", help="train, test or both: file, folder, or pattern")
    init.add_argument("--label", metavar="COLUMN", help="the column that is predicted")
    init.add_argument("--key", nargs="+", default=[], metavar="COLUMN", help="the columns that name one row")
    init.add_argument("--model", metavar="NAME", help="the model's name (default: the folder's)")
    init.add_argument(
        "--task", metavar="TASK", help="binary, multiclass or regression (default: by the label)"
    )
    init.add_argument(
        "--encoding", metavar="NAME", help="of CSV files, such as windows-1252 (default: utf-8)"
    )
    init.add_argument(
        "--delimiter", metavar="MARK", help='of CSV files, such as ";" or tab (default: as they are written)'
    )
    init.add_argument("--out", metavar="FILE", default="seatrial.yml", help="default: seatrial.yml")
    init.add_argument("--force", action="store_true", help="replace a policy that is there")
    init.add_argument(
        "--update", action="store_true", help="show what the data need of the policy, as a diff"
    )
    init.add_argument("--policy", metavar="FILE", default="seatrial.yml", help="with --update: the policy")
    init.add_argument("--write", action="store_true", help="with --update: apply the diff")


def init(given: argparse.Namespace) -> int:
    """Draft a policy, or show what changed data need of one."""
    root, data = Path.cwd(), tuple(given.data)
    if given.update:
        from seatrial.trial.drafting.update import update

        said = update(root, data, given.policy, write=given.write)
    else:
        from seatrial.trial.drafting.draft import Wish, draft

        key, written = tuple(given.key), (given.encoding, given.delimiter)
        wish = Wish(data, given.label, key, given.model, given.task, given.out, given.force, *written)
        said = draft(root, wish)
    for line in said.lines:
        print(line)
    return said.code


def validate(files: list[str]) -> int:
    """Check policies; every fault on a line of its own."""
    from seatrial.policy import parse  # pydantic is most of the start-up time

    code = PASSED
    for name in files:
        try:
            try:
                content = Path(name).read_bytes()
            except OSError as error:
                raise BadInput(
                    f"cannot be read ({error.strerror}); name a policy file", location=Location(shown(name))
                ) from None
            policy = parse(content, name)
            print(f"{name}: valid; gates: {', '.join(policy.gates)}")
        except SeatrialError as error:
            print(error, file=sys.stderr)
            code = max(code, error.exit_code)
    return code


def judge(files: list[str]) -> int:
    """Compute verdicts again; 1 on any disagreement, 2 on a file that is no Decision."""
    from seatrial.trial.rejudge import judge_file

    worst = PASSED
    for name in files:
        try:
            code, lines = judge_file(name)
        except SeatrialError as error:
            code, lines = error.exit_code, [str(error)]
        for line in lines:
            print(line, file=sys.stderr if code else sys.stdout)
        worst = max(worst, code)
    return worst


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit code is the verdict's."""
    given = arguments_parser().parse_args(arguments)
    try:
        return _ended(given)
    finally:
        drop_unwritten(sys.stdout)
        gc.freeze()  # the interpreter ends sooner where it does not look through all that it gives up anyway


def _ended(given: argparse.Namespace) -> int:
    try:
        code = _done(given)
        sys.stdout.flush()  # here, where a full disk can still be told
        return code
    except SeatrialError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("stopped; nothing was judged", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return COULD_NOT_DECIDE
    except OSError as error:
        print(f"{error.filename or 'seatrial'}: {error.strerror or error}", file=sys.stderr)
        return COULD_NOT_DECIDE
    except Exception as error:
        if os.environ.get("SEATRIAL_DEBUG"):
            raise
        told = f"{type(error).__name__}, a fault of Seatrial; run again with SEATRIAL_DEBUG=1 and report it"
        print(told, file=sys.stderr)
        return COULD_NOT_DECIDE


def _done(given: argparse.Namespace) -> int:
    if given.command == "validate":
        return validate(given.policies)
    if given.command == "judge":
        return judge(given.decisions)
    if given.command == "init":
        return init(given)
    if given.command == "profile":
        return profile(given)
    if given.command == "check-data":
        from seatrial.engines import reader

        with reader.started() as started:
            return _judged(given, started)
    return _judged(given, None)


def _judged(given: argparse.Namespace, started: "Ahead | None") -> int:
    """started: what reads the data."""
    from seatrial.trial.local import run_local

    signal.signal(signal.SIGHUP, signal.default_int_handler)  # a closed terminal ends children too

    gates = {
        "lint": "lint",
        "check-data": "data",
        "smoke-train": "training",
        "evaluate": "evaluation",
    }.get(given.command) or given.gates
    parts = tuple(part.strip() for part in getattr(given, "parts", "").split(",") if part.strip())
    return run_local(Path.cwd(), given.policy, gates, given.base, given.out, dict(os.environ), parts, started)


if __name__ == "__main__":
    sys.exit(main())
