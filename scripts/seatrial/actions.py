"""Every action, declared once: its inputs, outputs and needs.

The `action.yml` files and the tables of the documentation are written from here by
`scripts/generate.py`; the entry scripts read their inputs through here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from seatrial.errors import BadInput
from seatrial.text import shown


@dataclass(frozen=True)
class Input:
    """One input; without a default it is required."""

    name: str
    help: str
    default: str | None = ""


@dataclass(frozen=True)
class Output:
    name: str
    help: str


@dataclass(frozen=True)
class Action:
    """One composite action: a verb, and what its users see of it."""

    verb: str
    title: str
    help: str
    lock: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    permissions: Mapping[str, str] = field(default_factory=dict)

    @property
    def step(self) -> str:
        return self.verb

    @property
    def script(self) -> str:
        """The file below scripts/ that the action runs."""
        return self.verb.replace("-", "_") + ".py"


POLICY = Input(
    "policy",
    "Path of the policy file. For a pull request the one on the base branch counts.",
    "seatrial.yml",
)
TOKEN = Input(
    "github-token",
    "Token that reads the base branch's policy and files where the checkout has no history{more}.",
    "${{ github.token }}",
)
VERDICT = Output("verdict", "`passed`, `failed` or `inconclusive`; empty when the input was bad.")
DECISION = Output("decision", "Path of the Decision as JSON; where several gates ran, a pattern for all.")
REPORT = Output("report", "Path of the HTML report: one file, no network.")
JUNIT = Output("junit", "Path of the checks as JUnit XML.")
SUMMARY = Output("summary", "The verdict and the reason in one line.")
FOLDER = Output("folder", "Folder that holds the Decision, the report, the checks as JUnit and the comment.")
DIGEST = Output(
    "decision-sha256", "SHA-256 of the Decision, its id, by which another job knows it again; of one gate."
)
BASE = Input(
    "base",
    "Folder with a checkout of the base commit, for a job that gets no token and has no history.",
)
MODEL = Input(
    "model", "Where an earlier job handed on the trained model: the file, or a folder that holds it."
)
MODEL_DIGEST = Input(
    "model-sha256",
    "SHA-256 of that file, as the job that made it told; `none` where the training left no model.",
)

ACTIONS: dict[str, Action] = {
    action.verb: action
    for action in (
        Action(
            verb="trial",
            title="Seatrial",
            help=(
                "The whole trial in one step: reads seatrial.yml, runs the gates that it mentions, "
                "and says passed, failed or inconclusive in the pull request, and why."
            ),
            lock="evaluate",
            inputs=(
                POLICY,
                Input("gates", "Gates to run, separated by commas; empty runs all that the policy mentions."),
                Input(TOKEN.name, TOKEN.help.format(more=", and posts the comment"), TOKEN.default),
            ),
            outputs=(VERDICT, DECISION, REPORT, JUNIT, SUMMARY),
            permissions={"contents": "read", "pull-requests": "write"},
        ),
        Action(
            verb="evaluate",
            title="Seatrial: evaluate",
            help="The evaluation gate alone: metrics against limits and the baseline. Posts nothing.",
            lock="evaluate",
            inputs=(
                POLICY,
                Input(
                    "predictions",
                    "Folder that the action `predict` wrote in an earlier job: no command is run then.",
                ),
                Input("predictions-sha256", "SHA-256 of its manifest, as that job told."),
                MODEL,
                MODEL_DIGEST,
                BASE,
                Input(TOKEN.name, TOKEN.help.format(more=""), TOKEN.default),
            ),
            outputs=(VERDICT, DECISION, DIGEST, REPORT, JUNIT, FOLDER, SUMMARY),
            permissions={"contents": "read"},
        ),
        Action(
            verb="predict",
            title="Seatrial: predict",
            help=(
                "Runs the policy's predict command, for candidate and baseline, on data without the label. "
                "Judges nothing."
            ),
            lock="evaluate",
            inputs=(
                POLICY,
                MODEL,
                MODEL_DIGEST,
                BASE,
                Input(TOKEN.name, TOKEN.help.format(more=""), TOKEN.default),
            ),
            outputs=(
                Output("predictions", "Folder of the predictions and their manifest; hand it on whole."),
                Output("predictions-sha256", "SHA-256 of the manifest; the action `evaluate` asks for it."),
            ),
            permissions={"contents": "read"},
        ),
        Action(
            verb="prepare",
            title="Seatrial: prepare",
            help="Runs the policy's prepare command, which brings the data. Judges nothing.",
            lock="comment",
            inputs=(
                POLICY,
                Input(
                    "reviewed",
                    "`true` runs the code of the base commit, with its requirements, and takes the labelled "
                    "rows alone from it: for a job that judges and runs no code of the change.",
                ),
                Input("requirements", "The requirements file that `reviewed` installs, if any."),
                BASE,
                Input(TOKEN.name, TOKEN.help.format(more=""), TOKEN.default),
            ),
            outputs=(Output("summary", "What was done, in one line."),),
            permissions={"contents": "read"},
        ),
        Action(
            verb="plan",
            title="Seatrial: plan",
            help="Reads the policies that count and says which jobs each model needs. Runs no command.",
            lock="comment",
            inputs=(
                Input(POLICY.name, "Policy files, one path or pattern per line.", POLICY.default),
                Input("data-artifact", "The input of ci.yml of that name; only its form is checked."),
                Input("data-artifact-id", "The input of ci.yml of that name; its form is checked."),
                Input("pip-index-url", "The input of ci.yml of that name; its form is checked."),
                Input(
                    "minutes",
                    "How long each job may take, as lines of `job: minutes`; too few give a warning.",
                ),
                Input(TOKEN.name, TOKEN.help.format(more=""), TOKEN.default),
            ),
            outputs=(
                Output("plans", "A JSON list of models for a matrix; each has its name and its plan."),
                Output("plan", "All plans as a JSON list, for the action `verdict`."),
            ),
            permissions={"contents": "read"},
        ),
        Action(
            verb="verdict",
            title="Seatrial: verdict",
            help=(
                "Says whether a run is a pass: exactly the planned jobs succeeded, and the Decision of each "
                "planned gate lets the change through."
            ),
            lock="comment",
            inputs=(
                Input("plan", "What the action `plan` told: one plan, or all; nothing where it failed."),
                Input("results", "The jobs and how they ended, as `toJSON(needs)` gives them.", None),
                Input("jobs", "Jobs that must have succeeded; those of the one plan where it is left out."),
                Input("decisions", "Folder with one folder for each artifact of a gate."),
            ),
            outputs=(VERDICT, SUMMARY),
            permissions={"contents": "read"},
        ),
        Action(
            verb="lint",
            title="Seatrial: lint",
            help="The lint gate alone: your lint commands and the built-in checks. Posts nothing.",
            lock="evaluate",
            inputs=(POLICY, BASE, Input(TOKEN.name, TOKEN.help.format(more=""), TOKEN.default)),
            outputs=(VERDICT, DECISION, DIGEST, REPORT, JUNIT, FOLDER, SUMMARY),
            permissions={"contents": "read"},
        ),
        Action(
            verb="check-data",
            title="Seatrial: check-data",
            help="The data gate alone: contracts, leakage and drift, before training. Posts nothing.",
            lock="evaluate",
            inputs=(POLICY, BASE, Input(TOKEN.name, TOKEN.help.format(more=""), TOKEN.default)),
            outputs=(VERDICT, DECISION, DIGEST, REPORT, JUNIT, FOLDER, SUMMARY),
            permissions={"contents": "read"},
        ),
        Action(
            verb="smoke-train",
            title="Seatrial: smoke-train",
            help=(
                "The training gate alone: your training command on a sample, and in full, under limits; "
                "does it train, and the same again? Posts nothing."
            ),
            lock="evaluate",
            inputs=(
                POLICY,
                Input("parts", "Parts to run, `smoke` or `full`; empty runs all that the policy mentions."),
                BASE,
                Input(TOKEN.name, TOKEN.help.format(more=""), TOKEN.default),
            ),
            outputs=(
                VERDICT,
                DECISION,
                DIGEST,
                REPORT,
                JUNIT,
                FOLDER,
                Output("model", "Path of the model of `train.full`; empty where there is none to judge."),
                Output("model-sha256", "SHA-256 of that file, for the job that gets it."),
                SUMMARY,
            ),
            permissions={"contents": "read"},
        ),
        Action(
            verb="comment",
            title="Seatrial: comment",
            help="Posts the verdict of Decision files as one comment on the pull request, edited in place.",
            lock="comment",
            inputs=(
                Input("decisions", "Paths or patterns of Decision files, one per line.", None),
                Input("report-url", "Link to the HTML report, such as an artifact's address."),
                Input(TOKEN.name, "Token that posts the comment.", TOKEN.default),
            ),
            outputs=(
                VERDICT,
                Output("url", "Address of the comment; empty when nothing could be posted."),
                SUMMARY,
            ),
            permissions={"pull-requests": "write"},
        ),
        Action(
            verb="comment-run",
            title="Seatrial: comment-run",
            help=(
                "Posts the verdicts of a run that has ended, a fork's included, as one comment per model. "
                "Its artifacts are taken as hostile data; nothing of them is run."
            ),
            lock="comment",
            inputs=(
                Input(
                    "run",
                    "Id of the run whose verdicts are posted; the run that the event `workflow_run` tells of "
                    "where it is left out.",
                ),
                Input(TOKEN.name, "Token that reads the run's artifacts and posts.", TOKEN.default),
            ),
            outputs=(
                VERDICT,
                Output("url", "Address of the first comment; empty when none was posted."),
                SUMMARY,
            ),
            permissions={"actions": "read", "pull-requests": "write"},
        ),
    )
}


def read_inputs(action: Action, environ: Mapping[str, str]) -> dict[str, str]:
    """The inputs of an action from the variable INPUTS, a JSON object of strings. Empty means unset.

    Raises BadInput where a required input is missing. An unknown key is a fault of ours.
    """
    given = json.loads(environ["INPUTS"])
    known = {i.name: i for i in action.inputs}
    unknown = sorted(given.keys() - known.keys())
    if unknown:
        raise BadInput(
            f"unknown input {shown(unknown[0])}; the inputs of `{action.verb}` are {', '.join(known)}"
        )
    values: dict[str, str] = {}
    for name, declared in known.items():
        value = given.get(name, "").strip()
        if not value:
            if declared.default is None:
                raise BadInput(f"the input `{name}` is missing; give it under `with:`. {declared.help}")
            value = "" if declared.default.startswith("${{") else declared.default
        values[name] = value
    return values
