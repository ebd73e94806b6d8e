"""Secrets are found by kind and line, and never told. Samples are put together here, so none is in a file."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.linters.secret_kinds import KINDS
from seatrial.linters.secrets import MEND, MOST, OVERLAP, is_binary, redacted, secrets

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
DASHES = "-" * 5


def body(length: int, letters: str = ALNUM, seed: int = 0) -> str:
    """Letters as a secret has them: many different ones."""
    return "".join(random.Random(f"{length}{seed}").choices(letters, k=length))


def pem(kind: str = "", line: str = "\n") -> str:
    lines = [body(64, ALNUM + "+/", n) for n in range(4)]
    return (
        f"{DASHES}BEGIN {kind}PRIVATE KEY{DASHES}{line}"
        + line.join(lines)
        + f"{line}{DASHES}END {kind}PRIVATE KEY{DASHES}"
    )


SAMPLES = {
    "an AWS access key": ["AKIA" + body(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")],
    "an AWS secret key": [
        "aws_secret_access_key = " + body(40, ALNUM + "/+"),
        'secretAccessKey": "' + body(40) + '"',
    ],
    "a GitHub token": [
        *(f"gh{kind}_" + body(36) for kind in "pousr"),
        "github_pat_" + body(22) + "_" + body(59),
    ],
    "a GitLab token": ["glpat-" + body(20), "gldt-" + body(24)],
    "a Slack token": [
        "xoxb-" + "-".join(body(12, string.digits, n) for n in (1, 2)) + "-" + body(24),
        "xapp-1-" + body(40),
    ],
    "a Slack webhook": [
        "https://hooks.slack.com/services/T"
        + body(9, string.ascii_uppercase)
        + "/B"
        + body(9, string.digits)
        + "/"
        + body(24)
    ],
    "a Google API key": ["AIza" + body(35)],
    "a Google OAuth token": ["ya29." + body(60)],
    "a Google OAuth secret": ["GOCSPX-" + body(28)],
    "a Stripe key": ["sk_live_" + body(24), "rk_live_" + body(99), "whsec_" + body(32)],
    "a Hugging Face token": ["hf_" + body(34, string.ascii_letters)],
    "an Anthropic key": ["sk-ant-api03-" + body(93) + "-" + body(8)],
    "an OpenAI key": ["sk-proj-" + body(120), "sk-" + body(20) + "T3Blbk" + "FJ" + body(20)],
    "an npm token": ["npm_" + body(36)],
    "a PyPI token": ["pypi-" + "AgEIcHlwaS5vcmc" + body(120)],
    "a Databricks token": ["dapi" + body(32, HEX)],
    "a SendGrid key": ["SG." + body(22) + "." + body(43)],
    "an Azure storage key": ["AccountKey=" + body(86) + "=="],
    "a DigitalOcean token": ["dop_v1_" + body(64, HEX)],
    "a Google service account's key": [
        '{"type": "service_account",\n "private_key": "' + pem(line="\\n") + '"}'
    ],
    "a private key": [
        pem(),
        pem("RSA "),
        pem("OPENSSH "),
        pem("ENCRYPTED "),
        pem("EC ", "\\n"),
        pem(line="\r\n"),
        pem(line="\n    "),
        pem(line="\n# "),
    ],
}
EVERY = [(kind, sample) for kind, samples in SAMPLES.items() for sample in samples]


def found(text: str | bytes, *, size: int | None = None) -> list[tuple[int | None, str]]:
    data = text.encode() if isinstance(text, str) else text
    blocks = [data] if size is None else [data[at : at + size] for at in range(0, len(data), size)]
    return [(finding.line, finding.what) for finding in secrets("f", blocks)]


def test_every_kind_has_a_sample() -> None:
    assert {kind.name for kind in KINDS} == set(SAMPLES)


@pytest.mark.parametrize(("kind", "sample"), EVERY, ids=lambda value: str(value)[:24])
def test_a_secret_is_found_and_no_part_of_it_is_told(kind: str, sample: str) -> None:
    text = f'# config\n\nTOKEN = "{sample}"\n'
    line = 4 if kind.startswith("a Google service") else 3
    assert found(text) == [(line, f"what looks like {kind}; {MEND}")]


@pytest.mark.parametrize(("kind", "sample"), EVERY, ids=lambda value: str(value)[:24])
def test_a_placeholder_is_no_secret(kind: str, sample: str) -> None:
    tail = 20  # of the random part, in all kinds
    for word in ("EXAMPLE", "xxxxxxxx", "XXXXXXXX"):
        at = len(sample) - tail if "KEY-----" not in sample else sample.index(f"KEY{DASHES}") + 12
        assert found(sample[:at] + word + sample[at + len(word) :]) == [], (kind, word)


@pytest.mark.parametrize(
    "text",
    [
        "ghp_" + "x" * 36,
        "ghp_" + "0" * 36,
        "AKIA" + "A" * 16,
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
        "sk-proj-" + "." * 50,
        f"{DASHES}BEGIN PRIVATE KEY{DASHES}\n...\n{DASHES}END PRIVATE KEY{DASHES}",
        f"grep '{DASHES}BEGIN RSA PRIVATE KEY{DASHES}' -r .",
        f"{DASHES}BEGIN PUBLIC KEY{DASHES}\n{body(64)}\n",
        f"{DASHES}BEGIN CERTIFICATE{DASHES}\n{body(64)}\n",
        "my_ghp_" + body(36),  # a name that only ends like one
        "hf_" + body(20),
        "task-proj-" + "a" * 10,
        "https://hooks.slack.com/services/T000/B000/x",
        "dapi" + body(31, HEX) + "z",
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_secret(text: str) -> None:
    assert found(text) == []


def test_each_secret_of_a_file_is_found_once_on_its_line() -> None:
    tokens = ["ghp_" + body(36, seed=n) for n in range(3)]
    text = f"{tokens[0]}\n\n\n{tokens[1]} {tokens[2]}\n"
    assert [line for line, _ in found(text)] == [1, 4, 4]


@given(
    st.lists(st.sampled_from([sample for _, sample in EVERY]), max_size=4),
    st.lists(st.text(alphabet="ab\n \"'=", max_size=3 * OVERLAP), min_size=5, max_size=5),
    st.integers(OVERLAP, 3 * OVERLAP),
)
def test_blocks_make_no_difference(samples: list[str], between: list[str], size: int) -> None:
    parts = [text for pair in zip(between, [*samples, *[""] * 5], strict=False) for text in pair]
    text = "\n".join(parts)
    assert found(text, size=size) == found(text)
    assert len(found(text)) == len(samples)


@given(st.binary(max_size=2000))
def test_any_bytes_can_be_read(data: bytes) -> None:
    found(data)


def test_text_in_utf_16_is_looked_at() -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        data = f"first\r\ntoken: ghp_{body(36)}\r\n".encode(encoding)
        assert not is_binary(data)
        assert [line for line, _ in found(data)] == [2]


def test_binary_is_told_from_text() -> None:
    assert is_binary(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert not is_binary("täglich\n".encode("latin-1"))
    assert not is_binary(b"")


def test_a_file_full_of_secrets_ends_with_how_many_there_are() -> None:
    text = "\n".join("ghp_" + body(36, seed=n) for n in range(MOST + 500))
    assert len(found(text)) == MOST + 1
    assert "more than 1,000" in found(text)[-1][1]


@pytest.mark.parametrize(("kind", "sample"), EVERY, ids=lambda value: str(value)[:24])
def test_what_is_told_of_other_findings_holds_no_secret(kind: str, sample: str) -> None:
    told = redacted(f"a line with {sample} in it", 10_000)
    assert "[secret]" in told and "a line with" in told
    assert found(told) == []
    assert redacted("\udcff plain \n text", 80) == "\\uDCFF plain \\n text"


def test_what_begins_inside_a_word_hides_no_secret_after_it() -> None:
    real = "glpat-" + body(20)
    assert found(f"my_glpat-{'a-' * 9}") == []
    assert found(f"my_glpat-{'a-' * 9}\n{real}") != []
    assert found(f"my_{real}") == []
    assert found(f"my_glpat-{body(8)}-{real}") != []
