"""Fetch the files that a lock pins from a versioned bucket, as the job's identity: no key is stored anywhere.

Usage: python3 fetch_data.py LOCK FOLDER, with AWS_REGION, DATA_BUCKET and DATA_ROLE in the environment.

LOCK may come from a pull request and is read as data: names of files, versions and digests, nothing
else. Where the files lie and who may read them is told by the environment.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "biopsy/"
AUDIENCE = "sts.amazonaws.com"
MOST_FILES, MOST_BYTES, LOCK_BYTES = 20, 5 * 1024**3, 64 * 1024
CHUNK = 1024 * 1024


class Refused(Exception):
    """What the person who reads the log can mend."""


@dataclass(frozen=True)
class Pinned:
    """One file: its name in the bucket and here, and what must come back."""

    name: str
    version: str
    sha256: str
    size: int


def read_lock(text: bytes) -> list[Pinned]:
    """The files of a lock: {"train.csv": {"version": …, "sha256": …, "size": …}}."""
    try:
        found = json.loads(text)
        files = [Pinned(name, **values) for name, values in found.items()]
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Refused(
            "data.lock must be a JSON object of files, each with version, sha256 and size"
        ) from None
    if not 1 <= len(files) <= MOST_FILES:
        raise Refused(f"data.lock pins {len(files)} files; expected 1 to {MOST_FILES}")
    for number, file in enumerate(files, 1):
        if not all(
            isinstance(value, str) and re.fullmatch(form, value, re.ASCII)
            for value, form in (
                (file.name, r"[a-z0-9][a-z0-9_-]{0,60}\.(csv|parquet)"),
                (file.version, r"[A-Za-z0-9._-]{1,1024}"),
                (file.sha256, r"[0-9a-f]{64}"),
            )
        ):
            raise Refused(f"entry {number} of data.lock has a name, version or sha256 of the wrong form")
        if type(file.size) is not int or not 0 < file.size <= MOST_BYTES:
            raise Refused(f"entry {number} of data.lock has no size from 1 to {MOST_BYTES} bytes")
    return files


def identity(environ: Mapping[str, str], read: Callable[[urllib.request.Request], bytes]) -> str:
    """The job's own token, signed by GitHub, for AWS alone."""
    url, token = (environ.get(f"ACTIONS_ID_TOKEN_REQUEST_{name}", "") for name in ("URL", "TOKEN"))
    if not url or not token:
        raise Refused(
            "this job has no identity: give it `permissions: {id-token: write}`. Pull requests of forks have "
            "none, whatever the workflow says; somebody who may push can push the branch to this repository"
        )
    if urlsplit(url).scheme != "https":
        raise Refused("ACTIONS_ID_TOKEN_REQUEST_URL is no https address")
    asked = urllib.request.Request(f"{url}&audience={AUDIENCE}", headers={"Authorization": f"Bearer {token}"})
    return str(json.loads(read(asked))["value"])


def credentials(sts: Any, role: str, token: str, session: str) -> dict[str, str]:
    """Keys for a quarter of an hour, as the role's trust policy allows."""
    answer = sts.assume_role_with_web_identity(
        RoleArn=role,
        RoleSessionName=session,
        WebIdentityToken=token,
        DurationSeconds=900,
    )["Credentials"]
    return {
        "aws_access_key_id": answer["AccessKeyId"],
        "aws_secret_access_key": answer["SecretAccessKey"],
        "aws_session_token": answer["SessionToken"],
    }


def fetch(s3: Any, bucket: str, owner: str, file: Pinned, folder: Path) -> None:
    """One file, exactly the pinned version, whole or not at all."""
    answer = s3.get_object(
        Bucket=bucket,
        Key=PREFIX + file.name,
        VersionId=file.version,
        ExpectedBucketOwner=owner,
        ChecksumMode="ENABLED",
    )
    if answer["ContentLength"] != file.size:
        raise Refused(f"{file.name} has {answer['ContentLength']} bytes; data.lock pins {file.size}")
    digest, part = hashlib.sha256(), folder / f"{file.name}.part"
    with part.open("wb") as out:
        while chunk := answer["Body"].read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
    if digest.hexdigest() != file.sha256:
        part.unlink()
        raise Refused(f"{file.name} has SHA-256 {digest.hexdigest()}; data.lock pins {file.sha256}")
    part.replace(folder / file.name)


def account_of(role: str) -> str:
    found = re.fullmatch(r"arn:aws[a-z-]*:iam::(\d{12}):role/[\w+=,.@/-]+", role, re.ASCII)
    if not found:
        raise Refused(
            "the variable DATA_ROLE is no ARN of a role, such as arn:aws:iam::123456789012:role/read-data"
        )
    return found[1]


def _read(request: urllib.request.Request) -> bytes:
    with urllib.request.urlopen(request, timeout=30) as answer:
        return bytes(answer.read(64 * 1024))


def run(
    lock: Path,
    folder: Path,
    environ: Mapping[str, str],
    client: Callable[..., Any],
    read: Callable[[urllib.request.Request], bytes] = _read,
) -> None:
    """client: what makes a client of an AWS service, as boto3 does."""
    with lock.open("rb") as stream:
        files = read_lock(stream.read(LOCK_BYTES))
    role, bucket, region = (environ.get(name, "") for name in ("DATA_ROLE", "DATA_BUCKET", "AWS_REGION"))
    owner = account_of(role)
    if not bucket or not region:
        raise Refused("set the repository's variables DATA_BUCKET and DATA_REGION")
    session = f"seatrial-{environ.get('GITHUB_RUN_ID', '0')}"
    sts = client("sts", region_name=region)
    keys = credentials(sts, role, identity(environ, read), session)
    s3 = client("s3", region_name=region, **keys)
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        fetch(s3, bucket, owner, file, folder)
        print(f"{file.name}: {file.size} bytes, version {file.version}")


def main(arguments: list[str]) -> int:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        run(Path(arguments[0]), Path(arguments[1]), os.environ, boto3.client)
    except Refused as error:
        print(f"::error title=The data were not fetched::{error}")
        return 2
    except (BotoCoreError, ClientError, OSError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        print(
            f"::error title=The data were not fetched::AWS or GitHub said no ({code}); see README.md, Access"
        )
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
