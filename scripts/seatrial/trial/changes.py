"""What else a pull request touches that a verdict rests on: its data, its code that we run, its workflows."""

import os
import shlex
from pathlib import Path

from seatrial.engines.files.walking import is_meant
from seatrial.policy.lint import Lint
from seatrial.policy.model import Evaluate, Policy
from seatrial.trial.call import Call

WORKFLOWS = ".github/"
# What linters, and the tools that start them, are told by; a plugin of theirs may lie anywhere.
CONFIGURATION = frozenset(
    {
        "pyproject.toml", "setup.cfg", "tox.ini", "noxfile.py", "Makefile", "package.json", "justfile",
        "ruff.toml", ".ruff.toml", "mypy.ini", ".mypy.ini", ".flake8", ".pylintrc", "pylintrc",
        "pyrightconfig.json", "pytest.ini", "conftest.py", ".pre-commit-config.yaml", ".yamllint",
        ".yamllint.yml", ".yamllint.yaml", ".sqlfluff", ".bandit",
    }
)  # fmt: skip
MOST = 5  # of one kind


def what_else_changed(call: Call, policy: Policy) -> tuple[str, ...]:
    """One sentence for each kind of file that the pull request changes and that the verdict rests on."""
    subject = call.subject
    if subject.base is None or not subject.compares:
        return ()
    changed = call.source.changed_files(subject.base, subject.head)
    if changed is None:
        return ("which files the pull request changes could not be told",)
    asked = policy.evaluate
    files = policy.data
    kinds = {
        "the training data": {files.train} if files.train else set(),
        "the test data": {path for path in (files.test, asked.data if asked else None) if path},
        "the reference of the drift checks": {files.drift.against} if files.drift else set(),
    }
    if asked is not None:
        kinds |= _of_evaluation(asked)
    kinds = {what: _with_targets(paths, call.root) for what, paths in kinds.items()}
    touched = {what: _meant(changed.paths, paths) for what, paths in kinds.items()}
    found = [f"{what}: {_listed(names)}" for what, names in touched.items() if names]
    found += _of_lint(policy.lint, changed.paths, call.root)
    workflows = {path for path in changed.paths if path.startswith(WORKFLOWS)}
    if workflows:
        found.append(f"workflows: {_listed(workflows)}")
    if not changed.complete:
        found.append("more files than GitHub lists, so this list may lack some")
    return tuple(found)


def _meant(names: frozenset[str], paths: set[str]) -> set[str]:
    """Those of the files that the paths mean, which may be folders or patterns."""
    return {name for name in names if any(is_meant(name, path) for path in paths)}


def _of_evaluation(asked: Evaluate) -> dict[str, set[str]]:
    baseline = asked.baseline.path if asked.baseline is not None else None
    return {
        "the baseline": {baseline} if baseline else set(),
        "the code or files of the predict command": _mentioned(asked.predict),
        "the requirements": {asked.requirements} if asked.requirements else set(),
    }


def _of_lint(asked: Lint | None, changed: frozenset[str], root: Path) -> list[str]:
    """What lint's commands, which are the base's, run and read of the change's.

    Only files that a command names one by one: a folder is what it looks at, not what it runs.
    """
    if asked is None or not asked.run:
        return []
    named = set().union(*(_mentioned(command) | _modules(command) for command in asked.run))
    run = changed & _with_targets(named, root)
    told = {path for path in changed if path.rpartition("/")[2] in CONFIGURATION} - run
    found = [f"files that lint's commands name: {_listed(run)}"] if run else []
    return [*found, f"configuration that lint's commands may read: {_listed(told)}"] if told else found


def _modules(command: str | tuple[str, ...]) -> set[str]:
    """The files of modules that a command runs by name: python -m tools.check."""
    dotted = (word.replace(".", "/") for word in _mentioned(command) if "/" not in word)
    return {f"{path}{end}" for path in dotted for end in (".py", "/__main__.py")}


def _with_targets(paths: set[str], root: Path) -> set[str]:
    """The paths, and where they lead if they are links or lie behind one."""
    whole = root.resolve()
    targets = {Path(os.path.realpath(root / path)) for path in paths}  # a loop of links raises nothing
    return paths | {str(t.relative_to(whole)) for t in targets if t.is_relative_to(whole)}


def _mentioned(command: str | tuple[str, ...] | None) -> set[str]:
    """The words of a command that may be files."""
    if command is None:
        return set()
    try:
        words = shlex.split(command, comments=True) if isinstance(command, str) else list(command)
    except ValueError:
        words = command.split() if isinstance(command, str) else []
    return {word.removeprefix("./") for word in words}


def _listed(paths: frozenset[str] | set[str]) -> str:
    names = sorted(paths)
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more
