"""What secrets look like, by the prefixes that their makers gave them so that they can be found.

A file is read in time proportional to its length: every repetition is bounded, and gives nothing back (`+`
behind it) where it could be divided in many ways.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = frozenset(b"0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True)
class Kind:
    """One kind of secret. anchors: texts one of which every match holds. The group is the random part."""

    name: str
    anchors: tuple[bytes, ...]
    pattern: re.Pattern[bytes]

    def matches(self, data: bytes) -> Iterator[re.Match[bytes]]:
        """Each place in the data; none that begins in the middle of a word.

        What stands before is looked at here, since a pattern that begins with its text is searched faster.
        """
        if not any(anchor in data for anchor in self.anchors):
            return
        position = 0
        while (match := self.pattern.search(data, position)) is not None:
            start = match.start()
            inside = start > 0 and data[start] in _WORD and data[start - 1] in _WORD
            position = start + 1 if inside else match.end()
            if not inside:
                yield match


def _kind(name: str, anchors: str, pattern: str) -> Kind:
    found = tuple(anchor.encode() for anchor in anchors.split())
    return Kind(name, found, re.compile(pattern.encode(), re.DOTALL))


_END = r"(?![A-Za-z0-9_])"
_WIDE_END = r"(?![A-Za-z0-9_-])"
# Of a line, also inside a string of JSON, a quotation or a comment.
_BREAK = r"(?:\\r|\\n|[\s>#*]){1,40}+"
_BODY = r"[A-Za-z0-9+/=]{30}"
_HEADERS = r"(?:[A-Za-z-]{1,40}: [^\n\\]{0,200}+" + _BREAK + r"){0,4}+"

KINDS: tuple[Kind, ...] = (
    _kind("an AWS access key", "AKIA ASIA ABIA ACCA", rf"(?:AKIA|ASIA|ABIA|ACCA)([A-Z2-7]{{16}}){_END}"),
    _kind(
        "an AWS secret key",
        "aws_secret_access_key AWS_SECRET_ACCESS_KEY secretAccessKey SecretAccessKey",
        r"(?:aws_secret_access_key|AWS_SECRET_ACCESS_KEY|secretAccessKey|SecretAccessKey)"
        r"[\"']?\s{0,9}[=:]\s{0,9}[\"']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _kind("a GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", rf"gh[pousr]_([A-Za-z0-9]{{36,255}}+){_END}"),
    _kind("a GitHub token", "github_pat_", rf"github_pat_([A-Za-z0-9]{{22}}_[A-Za-z0-9]{{59}}){_END}"),
    _kind(
        "a GitLab token",
        "glpat- gldt- glrt- glcbt- glptt- glsoat- glft- glimt- glagent-",
        rf"gl(?:pat|dt|rt|cbt|ptt|soat|ft|imt|agent)-([A-Za-z0-9_.-]{{20,100}}+){_WIDE_END}",
    ),
    _kind(
        "a Slack token",
        "xoxa- xoxb- xoxc- xoxd- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xapp-",
        rf"(?:xox[abcdeoprs][-.]|xapp-)([A-Za-z0-9%./+-]{{20,255}}){_END}",
    ),
    _kind(
        "a Slack webhook",
        "hooks.slack.com/",
        rf"hooks\.slack\.com/(?:services|workflows|triggers)/"
        rf"([A-Z0-9]{{8,20}}/[A-Za-z0-9]{{8,20}}/[A-Za-z0-9]{{18,64}}){_END}",
    ),
    _kind("a Google API key", "AIza", rf"AIza([A-Za-z0-9_-]{{35}}){_WIDE_END}"),
    _kind("a Google OAuth token", "ya29.", r"ya29\.([A-Za-z0-9_-]{30,255})"),
    _kind("a Google OAuth secret", "GOCSPX-", rf"GOCSPX-([A-Za-z0-9_-]{{28}}){_WIDE_END}"),
    _kind(
        "a Stripe key",
        "sk_live_ sk_test_ rk_live_ rk_test_ whsec_",
        rf"(?:[sr]k_(?:live|test)|whsec)_([A-Za-z0-9]{{24,255}}+){_END}",
    ),
    _kind("a Hugging Face token", "hf_ api_org_", rf"(?:hf|api_org)_([A-Za-z0-9]{{34}}){_END}"),
    _kind("an Anthropic key", "sk-ant-", r"sk-ant-[a-z0-9]{2,12}-([A-Za-z0-9_-]{40,255})"),
    _kind(
        "an OpenAI key",
        "sk-proj- sk-svcacct- sk-admin-",
        r"sk-(?:proj|svcacct|admin)-([A-Za-z0-9_-]{40,255})",
    ),
    _kind("an OpenAI key", "T3BlbkFJ", rf"sk-([A-Za-z0-9]{{20}}T3BlbkFJ[A-Za-z0-9]{{20}}){_END}"),
    _kind("an npm token", "npm_", rf"npm_([A-Za-z0-9]{{36}}){_END}"),
    _kind("a PyPI token", "pypi-AgE", r"pypi-(AgE[A-Za-z0-9_-]{50,255})"),
    _kind("a Databricks token", "dapi", rf"dapi([0-9a-f]{{32}}){_END}"),
    _kind("a SendGrid key", "SG.", rf"SG\.([A-Za-z0-9_-]{{22}}\.[A-Za-z0-9_-]{{43}}){_WIDE_END}"),
    _kind("an Azure storage key", "AccountKey=", r"AccountKey=([A-Za-z0-9+/]{86})=="),
    _kind("a DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", rf"do[por]_v1_([0-9a-f]{{64}}){_END}"),
    _kind(
        "a Google service account's key",
        "service_account",
        rf"\"private_key\"\s{{0,99}}:\s{{0,99}}\"-----BEGIN PRIVATE KEY-----{_BREAK}({_BODY})",
    ),
    _kind(
        "a private key",
        "PRIVATE-KEY----- KEY-----",
        rf"-----BEGIN (?:[A-Z0-9]{{2,12}} ){{0,2}}PRIVATE KEY(?: BLOCK)?-----{_BREAK}{_HEADERS}({_BODY})",
    ),
)
