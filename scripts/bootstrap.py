"""Set up our own Python environment, then become the script that was asked for.

Usage: python3 -I bootstrap.py EXTRA SCRIPT [ARGUMENT ...]

Trusts nothing in the caller's checkout: works from the runner's temporary folder,
reads no configuration file of pip or uv, installs only wheels whose hashes are
pinned, and reaches its interpreter by absolute path. Index variables (such as
PIP_INDEX_URL and UV_DEFAULT_INDEX) are honoured, so that a mirror works.

Standard library only, and in words that older Pythons can parse, so that they
can be told what is wrong.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

OLDEST, NEWEST = (3, 11), (3, 14)
SCRIPTS = os.path.dirname(os.path.abspath(__file__))
REQUIREMENTS = os.path.join(os.path.dirname(SCRIPTS), "requirements")

# What the installers may learn from the caller's environment: where to fetch from and how to trust it.
KEPT = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "RUNNER_TEMP", "LD_LIBRARY_PATH",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_PROXY",
    "PIP_DEFAULT_TIMEOUT", "PIP_RETRIES",
    "UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INSECURE_HOST", "UV_NATIVE_TLS",
    "UV_SYSTEM_CERTS", "UV_HTTP_TIMEOUT", "UV_CACHE_DIR", "UV_OFFLINE",
)  # fmt: skip


def give_up(what: str) -> NoReturn:
    """End with exit code 2 and one line that a person can act upon."""
    sys.stdout.write("::error title=Seatrial set-up::" + what.replace("%", "%25").replace("\n", "%0A") + "\n")
    sys.stdout.flush()
    sys.exit(2)


def supported(version: Sequence[int]) -> bool:
    return OLDEST <= (version[0], version[1]) <= NEWEST


def find_interpreter() -> str:
    """Absolute path of a Python that we support; the one that runs this, or a newer one beside it."""
    if supported(sys.version_info[:2]):
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)
        if found:
            return os.path.realpath(found)
    give_up(
        "Python %s was found; Seatrial needs 3.11 to 3.14. Add a step `uses: actions/setup-python` "
        "with `python-version: '3.12'` before this one." % platform.python_version()
    )


def installer_environment(environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: environ[name] for name in KEPT if name in environ}
    kept["PIP_CONFIG_FILE"] = os.devnull
    kept["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    kept["PYTHONDONTWRITEBYTECODE"] = "1"
    kept.setdefault(
        "UV_SYSTEM_CERTS", "1"
    )  # a company's own certificate authority lies in the system's store
    if "PIP_INDEX_URL" in kept and not ({"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & kept.keys()):
        kept["UV_DEFAULT_INDEX"] = kept["PIP_INDEX_URL"]
    if "PIP_EXTRA_INDEX_URL" in kept and not ({"UV_INDEX", "UV_EXTRA_INDEX_URL"} & kept.keys()):
        kept["UV_EXTRA_INDEX_URL"] = kept["PIP_EXTRA_INDEX_URL"]
    return kept


def run(arguments: Sequence[str], environ: Mapping[str, str], folder: str, what: str) -> None:
    done = subprocess.run(
        arguments, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        tail = done.stdout.decode("utf-8", "replace").strip().splitlines()[-8:]
        give_up(
            "%s failed (exit code %d). The last lines were:\n%s" % (what, done.returncode, "\n".join(tail))
        )


def key_of(locks: Sequence[str], interpreter: str) -> str:
    content = hashlib.sha256()
    for lock in locks:
        with open(lock, "rb") as file:
            content.update(file.read())
    content.update(("%s %s" % (interpreter, sys.version)).encode())
    return content.hexdigest()[:20]


def build(home: str, interpreter: str, lock: str, environ: Mapping[str, str]) -> None:
    """An environment with the locked packages in home/venv; about a second."""
    tools, venv = os.path.join(home, "uv"), os.path.join(home, "venv")
    pip = [
        interpreter,
        "-I",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--no-cache-dir",
        "--no-compile",
    ]
    pip += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--target", tools, "--upgrade"]
    run([*pip, "-r", os.path.join(REQUIREMENTS, "uv.txt")], environ, home, "Installing uv with pip")
    uv = [os.path.join(tools, "bin", "uv"), "--no-config", "--quiet"]
    run(
        [*uv, "venv", "--clear", "--python", interpreter, "--no-python-downloads", venv],
        environ, home, "Creating the environment",
    )  # fmt: skip
    run(
        [*uv, "pip", "install", "--no-build", "--require-hashes", "--python", os.path.join(venv, "bin", "python"),
         "-r", lock],
        environ, home, "Installing the locked packages",
    )  # fmt: skip


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    if len(arguments) < 2:
        give_up("usage: bootstrap.py EXTRA SCRIPT [ARGUMENT ...]")
    extra, script, *rest = arguments
    on_runner = environ.get("GITHUB_ACTIONS") == "true"
    if on_runner and (sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64")):
        give_up(
            "This runner is %s on %s; Seatrial's actions run on Linux x64 and arm64. Use `runs-on: ubuntu-latest`."
            % (sys.platform, platform.machine())
        )
    interpreter = find_interpreter()
    if interpreter != sys.executable:
        os.execve(interpreter, [interpreter, "-I", os.path.abspath(__file__), *arguments], environ)
    lock = os.path.join(REQUIREMENTS, extra + ".txt")
    base = environ.get("RUNNER_TEMP") or os.path.join(os.path.expanduser("~"), ".cache")
    home = os.path.join(base, "seatrial", key_of([os.path.join(REQUIREMENTS, "uv.txt"), lock], interpreter))
    python, done = os.path.join(home, "venv", "bin", "python"), os.path.join(home, "complete")
    if not os.path.exists(done):
        os.makedirs(home, mode=0o700, exist_ok=True)
        with open(os.path.join(home, "lock"), "w") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)  # two steps at once: the second waits, then finds it done
            if not os.path.exists(done):
                build(home, interpreter, lock, installer_environment(environ))
                open(done, "w").close()
    workspace = environ.get("GITHUB_WORKSPACE")
    if workspace:
        os.chdir(workspace)
    os.execve(python, [python, "-E", "-s", os.path.join(SCRIPTS, script), *rest], environ)


if __name__ == "__main__":
    main(sys.argv[1:], dict(os.environ))
