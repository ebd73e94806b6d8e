"""What a report says beside the Decisions: where it lies, which policy counted, what else changed."""

from dataclasses import dataclass

from seatrial.decision import Decision


@dataclass(frozen=True)
class Context:
    """Everything around the Decisions that people should know. All strings may be hostile.

    policy_note: one sentence on the policy that the Decisions do not hold, if any.
    unreviewed: the base branch has no policy yet, so the pull request's own was applied.
    other: the same gates under the policy that the pull request proposes; shown, never counted.
    changes: what else the pull request touches: test data, prediction code, workflows.
    outdated: the branch has moved on since this commit was judged.
    incomplete: one sentence on why a pass of these gates is not all that was asked for.
    notes: further sentences on these Decisions.
    """

    policy_note: str | None = None
    unreviewed: bool = False
    other: tuple[Decision, ...] = ()
    changes: tuple[str, ...] = ()
    report_url: str | None = None
    run_url: str | None = None
    outdated: bool = False
    incomplete: str | None = None
    notes: tuple[str, ...] = ()


NOTHING = Context()
