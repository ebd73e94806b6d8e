"""What a consumer's command inherits."""

from pathlib import Path

import pytest

from seatrial.commands.environment import child_environment, environment_in, refuse_if_privileged
from seatrial.errors import BadInput


def test_tokens_inputs_and_the_runners_command_files_are_left_out() -> None:
    step = {
        "PATH": "/their/venv/bin:/usr/bin",
        "HOME": "/home/runner",
        "GITHUB_SHA": "abc",
        "PYTHONPATH": "src",
        "INPUTS": "{}",
        "INPUT_TOKEN": "t",
        "SEATRIAL_TOKEN": "t",
        "GITHUB_TOKEN": "t",
        "GH_TOKEN": "t",
        "GITHUB_OUTPUT": "/o",
        "GITHUB_ENV": "/e",
        "GITHUB_PATH": "/p",
        "GITHUB_STATE": "/s",
        "GITHUB_STEP_SUMMARY": "/m",
        "ACTIONS_RUNTIME_TOKEN": "t",
        "ACTIONS_CACHE_URL": "u",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t",
    }
    assert child_environment(step) == {
        "PATH": "/their/venv/bin:/usr/bin",
        "HOME": "/home/runner",
        "GITHUB_SHA": "abc",
        "PYTHONPATH": "src",
    }


def test_a_command_of_another_commit_is_not_pointed_to_this_ones_files() -> None:
    step = {"PATH": "/usr/bin", "PWD": "/work", "OLDPWD": "/work", "INPUTS": "{}"}
    assert environment_in(step, Path("/base")) == {"PATH": "/usr/bin", "PWD": "/base"}
    on_a_runner = environment_in(step | {"GITHUB_WORKSPACE": "/work"}, Path("/base"))
    assert on_a_runner == {"PATH": "/usr/bin", "PWD": "/base", "GITHUB_WORKSPACE": "/base"}


def test_a_job_that_can_ask_for_identity_tokens_runs_no_commands() -> None:
    refuse_if_privileged({"ACTIONS_RUNTIME_TOKEN": "t"})
    with pytest.raises(BadInput, match="move this step into a job without `id-token: write`"):
        refuse_if_privileged({"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t"})
