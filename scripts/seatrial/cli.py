"""The command `seatrial`: the same verdict on a laptop as in CI.

Each command imports only what it needs; `validate` is run on every commit.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from seatrial import __version__
from seatrial.errors import COULD_NOT_DECIDE, PASSED, BadInput, Location, SeatrialError
from seatrial.text import shown

INTERRUPTED = 130


def arguments_parser() -> argparse.ArgumentParser:
    """The commands and their arguments."""
    parser = argparse.ArgumentParser(prog="seatrial", description="CI/CD gates for machine-learning models.")
    parser.add_argument("--version", action="version", version=f"seatrial {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help_text in (
        ("trial", "run the gates that the policy mentions and write the verdict, comment and report"),
        ("evaluate", "run the evaluation gate alone"),
        ("check-data", "run the data gate alone: contracts, leakage and drift"),
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
    validate = commands.add_parser("validate", help="check policy files; nothing is run")
    validate.add_argument("policies", nargs="*", default=["seatrial.yml"], metavar="FILE")
    judge = commands.add_parser(
        "judge", help="compute a Decision's verdict again from its evidence; exit 1 on any disagreement"
    )
    judge.add_argument("decisions", nargs="+", metavar="FILE")
    return parser


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
        if given.command == "validate":
            return validate(given.policies)
        if given.command == "judge":
            return judge(given.decisions)
        from seatrial.trial.local import run_local

        signal.signal(signal.SIGHUP, signal.default_int_handler)  # a closed terminal ends children too

        gates = {"evaluate": "evaluation", "check-data": "data"}.get(given.command) or given.gates
        return run_local(Path.cwd(), given.policy, gates, given.base, given.out, dict(os.environ))
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


if __name__ == "__main__":
    sys.exit(main())
