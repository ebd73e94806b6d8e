"""examples/object-storage/fetch_data.py against the service models of STS and S3, without a network.

botocore holds every call and every answer against the description of the service that it ships.
"""

import base64
import hashlib
import io
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber

boto3 = pytest.importorskip("boto3")
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "object-storage"
sys.path.insert(0, str(EXAMPLE))
script = import_module("fetch_data")
sys.path.remove(str(EXAMPLE))

ROLE = "arn:aws:iam::123456789012:role/read-training-rows"
KEYS = {"AccessKeyId": "ASIAEXAMPLEEXAMPLE12", "SecretAccessKey": "of the double", "SessionToken": "short"}
ENVIRON = {
    "DATA_ROLE": ROLE,
    "DATA_BUCKET": "rows",
    "AWS_REGION": "eu-central-1",
    "GITHUB_RUN_ID": "77",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://token.example.invalid/?api-version=2.0",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of the runner",
}
ROWS = b"sample,malignant\n1,0\n"


def pin(data: bytes = ROWS, version: str = "v.1_x-y", **more: object) -> dict[str, Any]:
    return {"version": version, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), **more}


@dataclass
class Cloud:
    """Clients whose answers are written down before, and what was asked of GitHub."""

    folder: Path
    stack: ExitStack
    files: dict[str, bytes | str] = field(default_factory=lambda: {"test.csv": ROWS})
    asked: list[urllib.request.Request] = field(default_factory=list)
    made: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def read(self, request: urllib.request.Request) -> bytes:
        self.asked.append(request)
        return b'{"value": "a.signed.token"}'

    def client(self, service: str, **given: Any) -> Any:
        self.made.append((service, given))
        keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
        made = boto3.client(service, **{**keys, **given})
        stub = Stubber(made)
        (self._sts if service == "sts" else self._s3)(stub)
        self.stack.enter_context(stub)
        return made

    def _sts(self, stub: Stubber) -> None:
        asked = {
            "RoleArn": ROLE,
            "RoleSessionName": "seatrial-77",
            "WebIdentityToken": "a.signed.token",
            "DurationSeconds": 900,
        }
        until = datetime(2027, 1, 31, tzinfo=UTC)
        stub.add_response(
            "assume_role_with_web_identity", {"Credentials": {**KEYS, "Expiration": until}}, asked
        )

    def _s3(self, stub: Stubber) -> None:
        for name, data in self.files.items():
            asked = {
                "Bucket": "rows",
                "Key": f"biopsy/{name}",
                "VersionId": ANY,
                "ExpectedBucketOwner": "123456789012",
                "ChecksumMode": "ENABLED",
            }
            if isinstance(data, str):
                stub.add_client_error("get_object", data, "no", 404, expected_params=asked)
                continue
            sha256 = base64.b64encode(hashlib.sha256(data).digest()).decode()
            body = StreamingBody(io.BytesIO(data), len(data))
            answer = {
                "Body": body,
                "ContentLength": len(data),
                "VersionId": "v.1_x-y",
                "ChecksumSHA256": sha256,
            }
            stub.add_response("get_object", answer, asked)

    def run(self, lock: object, environ: dict[str, str] | None = None) -> None:
        file = self.folder / "data.lock"
        file.write_text(lock if isinstance(lock, str) else json.dumps(lock))
        given = ENVIRON if environ is None else environ
        script.run(file, self.folder / "out", given, self.client, self.read)

    @property
    def written(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.folder / "out").glob("*")}


@pytest.fixture
def cloud(tmp_path: Path) -> Any:
    with ExitStack() as stack:
        yield Cloud(tmp_path, stack)


def test_the_pinned_version_is_fetched_as_the_identity_of_the_job(cloud: Cloud) -> None:
    cloud.files = {"train.csv": ROWS * 2, "test.csv": ROWS}
    cloud.run({"train.csv": pin(ROWS * 2), "test.csv": pin()})
    assert cloud.written == cloud.files
    (asked,) = cloud.asked
    assert asked.full_url == "https://token.example.invalid/?api-version=2.0&audience=sts.amazonaws.com"
    assert asked.get_header("Authorization") == "Bearer of the runner"
    (sts, _), (s3, given) = cloud.made
    assert (sts, s3) == ("sts", "s3")
    assert given["aws_session_token"] == "short" and given["region_name"] == "eu-central-1"


def test_other_bytes_than_the_pinned_ones_are_not_kept(cloud: Cloud) -> None:
    cloud.files = {"test.csv": ROWS.replace(b"0", b"1")}
    with pytest.raises(script.Refused, match=r"has SHA-256 .*; data.lock pins "):
        cloud.run({"test.csv": pin()})
    assert cloud.written == {}


def test_another_size_is_refused_before_it_is_read(cloud: Cloud) -> None:
    cloud.files = {"test.csv": ROWS * 9}
    with pytest.raises(script.Refused, match=f"has {len(ROWS) * 9} bytes; data.lock pins {len(ROWS)}"):
        cloud.run({"test.csv": pin()})
    assert cloud.written == {}


def test_a_version_that_is_gone(cloud: Cloud) -> None:
    cloud.files = {"test.csv": "NoSuchVersion"}
    with pytest.raises(ClientError):
        cloud.run({"test.csv": pin()})


LOCKS: dict[str, object] = {
    "no JSON": "test.csv",
    "a list": [pin()],
    "no files": {},
    "too many": {f"f{n}.csv": pin() for n in range(21)},
    "another key": {"test.csv": pin(bucket="other")},
    "no version": {"test.csv": {"sha256": "0" * 64, "size": 1}},
    "a folder": {"../secret.csv": pin()},
    "another prefix": {"/etc/x.csv": pin()},
    "a script": {"fetch_data.py": pin()},
    "a newline": {"test.csv\n": pin()},
    "an empty version": {"test.csv": pin(version="")},
    "a version with blanks": {"test.csv": pin(version="a b")},
    "a version that is null": {"test.csv": pin(version=None)},  # type: ignore[arg-type]
    "a short digest": {"test.csv": {**pin(), "sha256": "ab"}},
    "no size": {"test.csv": {**pin(), "size": 0}},
    "a size that is true": {"test.csv": {**pin(), "size": True}},
    "a size beyond the limit": {"test.csv": {**pin(), "size": 6 * 1024**3}},
    "deep": "[" * 30_000,
}


@pytest.mark.parametrize("case", LOCKS)
def test_a_lock_of_another_form_is_refused_before_anything_is_asked(cloud: Cloud, case: str) -> None:
    with pytest.raises(script.Refused, match=r"data\.lock"):
        cloud.run(LOCKS[case])
    assert cloud.asked == [] and cloud.made == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ACTIONS_ID_TOKEN_REQUEST_TOKEN": ""}, "Pull requests of forks have none"),
        ({"ACTIONS_ID_TOKEN_REQUEST_URL": "http://token.example.invalid/?a"}, "no https address"),
        ({"DATA_ROLE": ""}, "DATA_ROLE is no ARN"),
        ({"DATA_ROLE": "arn:aws:iam::12:role/x"}, "DATA_ROLE is no ARN"),
        ({"DATA_BUCKET": ""}, "DATA_BUCKET and DATA_REGION"),
        ({"AWS_REGION": ""}, "DATA_BUCKET and DATA_REGION"),
    ],
)
def test_a_job_that_is_not_set_up(cloud: Cloud, change: dict[str, str], message: str) -> None:
    with pytest.raises(script.Refused, match=message):
        cloud.run({"test.csv": pin()}, {**ENVIRON, **change})
    assert cloud.asked == []


def test_the_log_of_a_fork_has_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    """As the workflow calls it."""
    environ = {"DATA_ROLE": ROLE, "DATA_BUCKET": "rows", "AWS_REGION": "eu-central-1", "PATH": "/usr/bin"}
    call: Callable[..., Any] = subprocess.run
    command = [
        sys.executable,
        str(EXAMPLE / "fetch_data.py"),
        str(EXAMPLE / "data.lock"),
        str(tmp_path / "out"),
    ]
    done = call(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    (line,) = done.stdout.splitlines()
    assert line.startswith("::error title=The data were not fetched::this job has no identity")


def test_the_lock_of_the_example_pins_the_rows_of_the_complete_example() -> None:
    rows = EXAMPLE.parent / "complete" / "data"
    for file in script.read_lock((EXAMPLE / "data.lock").read_bytes()):
        data = (rows / file.name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.size, file.sha256)


def test_the_packages_beside_the_credentials_are_locked() -> None:
    text = (EXAMPLE / "requirements-fetch.txt").read_text()
    assert text.count("==") == 7 and "://" not in text
    assert text.count("--hash=sha256:") >= 7
