"""What a consumer's command inherits."""

import pytest

from seatrial.commands.environment import child_environment, refuse_if_privileged
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


def test_a_job_that_can_ask_for_identity_tokens_runs_no_commands() -> None:
    refuse_if_privileged({"ACTIONS_RUNTIME_TOKEN": "t"})
    with pytest.raises(BadInput, match="move this step into a job without `id-token: write`"):
        refuse_if_privileged({"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t"})
