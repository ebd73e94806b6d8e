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

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

OLDEST, NEWEST = (3, 11), (3, 14)
BAD_INPUT, COULD_NOT_DECIDE, INTERRUPTED = 2, 3, 130
INSTALLER_SECONDS = 600  # each takes a second or two; an index that stalls would take the whole job
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


def give_up(what: str, code: int = BAD_INPUT) -> NoReturn:
    """End with one line that a person can act upon. Not 1, which says that a gate said no."""
    try:
        sys.stdout.write(
            "::error title=Seatrial set-up::" + what.replace("%", "%25").replace("\n", "%0A") + "\n"
        )
        sys.stdout.flush()
    except OSError:  # where the log cannot be written either, Python would end with a code of its own
        os._exit(code)
    sys.exit(code)


def supported(version: Sequence[int]) -> bool:
    return OLDEST <= (version[0], version[1]) <= NEWEST


def find_interpreter(version: Sequence[int], executable: str, path: str) -> str | None:
    """Absolute path of a Python that we support: the one that runs this, or the newest on the path."""
    if supported(version):
        return executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which("python3.%d" % minor, path=path)
        if found:
            return os.path.realpath(found)
    return None


def unsuited(environ: Mapping[str, str], system: str, machine: str) -> str | None:
    """Why this runner cannot run our actions, and what to do."""
    if environ.get("GITHUB_ACTIONS") != "true" or (system == "linux" and machine in ("x86_64", "aarch64")):
        return None
    return (
        "This runner is %s on %s; Seatrial's actions run on Linux x64 and arm64. Use `runs-on: ubuntu-latest`."
        % (system, machine)
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


def run(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    folder: str,
    what: str,
    seconds: float = INSTALLER_SECONDS,
) -> None:
    try:
        done = subprocess.run(
            arguments,
            cwd=folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        give_up(
            "%s did not end within %d s. Run the job again later, or look at the package index."
            % (what, seconds),
            COULD_NOT_DECIDE,
        )
    if done.returncode != 0:
        tail = done.stdout.decode("utf-8", "replace").strip().splitlines()[-8:]
        give_up(
            "%s failed (exit code %d). The last lines were:\n%s" % (what, done.returncode, "\n".join(tail)),
            COULD_NOT_DECIDE,
        )


def key_of(locks: Sequence[str], interpreter: str) -> str:
    content = hashlib.sha256()
    for lock in locks:
        with open(lock, "rb") as file:
            content.update(file.read())
    content.update(("%s %s" % (interpreter, sys.version)).encode())
    return content.hexdigest()[:20]


def build(
    home: str, interpreter: str, lock: str, environ: Mapping[str, str], how: Sequence[str] = ("--no-build",)
) -> None:
    """An environment with the locked packages in home/venv; about a second. how: what may be built."""
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
        [*uv, "pip", "install", *how, "--no-deps", "--require-hashes", "--python",
         os.path.join(venv, "bin", "python"), "-r", lock],
        environ, home, "Installing the locked packages",
    )  # fmt: skip


def prepare(home: str, make: Callable[[], None]) -> None:
    """Make what belongs into home, once, however many ask at the same time."""
    import fcntl  # not on Windows, where a line must say so

    done = os.path.join(home, "complete")
    if os.path.exists(done):
        return
    os.makedirs(home, mode=0o700, exist_ok=True)
    with open(os.path.join(home, "lock"), "w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)  # the second waits here, and then finds it done
        if not os.path.exists(done):
            make()
            open(done, "w").close()


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    if len(arguments) < 2:
        give_up("usage: bootstrap.py EXTRA SCRIPT [ARGUMENT ...]")
    extra, script, *rest = arguments
    wrong = unsuited(environ, sys.platform, platform.machine())
    if wrong:
        give_up(wrong)
    interpreter = find_interpreter(sys.version_info[:3], sys.executable, environ.get("PATH", os.defpath))
    if interpreter is None:
        give_up(
            "Python %s was found; Seatrial needs 3.11 to 3.14. Add a step `uses: actions/setup-python` "
            "with `python-version: '3.12'` before this one." % platform.python_version()
        )
    if interpreter != sys.executable:
        os.execve(interpreter, [interpreter, "-I", os.path.abspath(__file__), *arguments], environ)
    lock = os.path.join(REQUIREMENTS, extra + ".txt")
    base = environ.get("RUNNER_TEMP") or os.path.join(os.path.expanduser("~"), ".cache")
    home = os.path.join(base, "seatrial", key_of([os.path.join(REQUIREMENTS, "uv.txt"), lock], interpreter))
    prepare(home, lambda: build(home, interpreter, lock, installer_environment(environ)))
    python = os.path.join(home, "venv", "bin", "python")
    workspace = environ.get("GITHUB_WORKSPACE")
    if workspace:
        os.chdir(workspace)
    os.execve(python, [python, "-E", "-s", os.path.join(SCRIPTS, script), *rest], environ)


def set_up(arguments: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    """As main, and whatever happens ends in one line and an exit code that is not a gate's."""
    try:
        main(arguments, environ)
    except OSError as error:  # a full disk, a read-only file system
        give_up("%s: %s" % (error.strerror or error, error.filename or "no file named"), COULD_NOT_DECIDE)
    except KeyboardInterrupt:
        give_up("The run was cancelled during the set-up; it is no pass.", INTERRUPTED)


if __name__ == "__main__":
    set_up(sys.argv[1:], dict(os.environ))
