"""What GitHub refuses or fails to do, told so that a person can mend it. None of these is a verdict."""

from seatrial.errors import CouldNotDecide


class ForgeError(CouldNotDecide):
    """GitHub could not be read or written; the gate's verdict does not depend on it."""

    title = "GitHub did not do what we asked"


class ReadOnlyToken(ForgeError):
    """The token may not do this: a fork's or Dependabot's run, or a missing line under `permissions:`."""

    title = "The token may not do this"

    def __init__(self, doing: str, permission: str) -> None:
        super().__init__(
            f"GitHub answered 403 while {doing}: the token lacks `{permission}`. Add `permissions: "
            f"{{{permission}}}` to the job; runs of forks and of Dependabot get a read-only token whatever "
            "the workflow says"
        )
        self.permission = permission


class BadToken(ForgeError):
    """The token is not accepted at all."""

    title = "The token is not accepted"

    def __init__(self, doing: str) -> None:
        super().__init__(
            f"GitHub answered 401 while {doing}: the token is wrong or has expired. Pass `github-token: "
            "${{ github.token }}`"
        )


class NotFound(ForgeError):
    """Not there, or not visible to this token: GitHub answers both alike."""

    title = "Not found on GitHub"


class NoSuchCommit(NotFound):
    """The commit, or a part of it, is not in this source (a shallow or partial clone)."""

    title = "The commit cannot be read"


class RateLimited(ForgeError):
    """GitHub asks us to wait longer than a job should."""

    title = "GitHub's rate limit"


class Unavailable(ForgeError):
    """GitHub did not answer, or answered with a fault, as often as we tried."""

    title = "GitHub is not available"


class OutcomeUnknown(Unavailable):
    """A change was asked for and the answer was lost: it may have happened."""


class Refused(ForgeError):
    """GitHub understood and said no."""

    title = "GitHub refused the request"


class TooLarge(Refused):
    """An answer that goes on beyond its limit; reading it was ended there."""
