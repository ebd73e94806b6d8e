"""What a command printed, without the tokens of the job, for pages that mask nothing.

The log of a job is masked by its runner; a comment or a report is not.
"""

import json
from collections.abc import Callable, Mapping

_SHORTEST = 12
# How the names of variables end that hold secrets: HF_TOKEN, AWS_SECRET_ACCESS_KEY, PGPASSWORD.
_ENDS = ("TOKEN", "SECRET", "KEY", "PASSWORD", "PASSWD", "CREDENTIALS")


def withheld(environ: Mapping[str, str]) -> Callable[[str], str]:
    """A line with every value in it replaced that the environment calls a secret, or that is our token."""
    secrets = {value for name, value in environ.items() if name.upper().endswith(_ENDS)}
    try:
        given = json.loads(environ.get("INPUTS", "{}"))
    except ValueError:
        given = {}
    if isinstance(given, dict):
        secrets |= {str(value) for name, value in given.items() if str(name).lower().endswith("token")}
    found = sorted((secret for secret in secrets if len(secret) >= _SHORTEST), key=len, reverse=True)

    def clean(line: str) -> str:
        for secret in found:
            line = line.replace(secret, "***")
        return line

    return clean
