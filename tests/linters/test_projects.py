"""pyproject.toml with a lock and without one."""

import pytest

from seatrial.linters.projects import folder_of, is_lock, is_locked, unlocked


def found(text: str) -> list[tuple[int | None, str]]:
    return [(each.line, each.what) for each in unlocked("pyproject.toml", text.encode())]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[tool.ruff]\nline-length = 100\n",
        "[build-system]\nrequires = ['setuptools']\n",
        "[project]\nname = 'x'\n",
        "[project]\ndependencies = ['numpy==2.1', \"torch==2.5 ; sys_platform == 'linux'\"]\n",
        "[project]\ndependencies = []\ndynamic = ['dependencies']\n",
        "[dependency-groups]\ndev = ['ruff==0.9', {include-group = 'test'}]\ntest = []\n",
        "project = 3\ndependency-groups = [1]\n",
        "[project]\ndependencies = [1, '']\noptional-dependencies = {a = 3, b = [2]}\n",
        "[tool.poetry.dependencies]\npython = '^3.11'\nnumpy = '2.1.0'\ntorch = {version = '==2.5'}\n",
        "[tool.poetry.group.dev.dependencies]\nours = {path = '../ours', develop = true}\n",
        f"[tool.poetry.dependencies]\na = {{git = 'https://e.invalid/a', rev = '{'a1' * 20}'}}\n",
        "tool = 3\n",
        "[project]\ndependencies = ['torch==2.5']\n[tool.poetry.dependencies]\ntorch = {source = 'cpu'}\n",
        f"[tool.poetry.dependencies]\na = {{git = 'git@e.invalid:a.git', rev = '{'a1' * 20}'}}\n",
        "[tool]\npoetry = {dependencies = [1], group = {dev = 2, test = {dependencies = 'x'}}}\n",
    ],
)
def test_nothing_that_another_day_installs_differently(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (
            "[project]\ndependencies = [\n  'a==1',\n  'numpy>=2',\n  'b']\n",
            4,
            "2 packages may change, numpy>=2 the",
        ),
        ("[project.optional-dependencies]\ndev = ['ruff']\n", 2, "1 package may change, ruff the first"),
        ("[dependency-groups]\ndev = ['ruff~=0.9']\n", 2, "1 package may change, ruff~=0.9 the first"),
        ("[project]\ndependencies = ['a @ git+https://e.invalid/a']\n", 2, "1 package may change"),
        (
            "[tool.poetry.dependencies]\nnumpy = '^2.1'\nb = '*'\n",
            2,
            "2 packages may change, numpy the first",
        ),
        ("[tool.poetry.group.dev.dependencies]\na = '1'\nruff = {version = '>=0.9'}\n", 3, "ruff the first"),
        (
            "[tool.poetry.dev-dependencies]\nruff = [{version = '1.0'}, {version = '~1.1'}]\n",
            2,
            "1 package may",
        ),
        (
            "[tool.poetry.dependencies]\na = {git = 'https://e.invalid/a', branch = 'main'}\n",
            2,
            "1 package may",
        ),
        ("[tool.poetry.dependencies]\na = {git = 'git@e.invalid:a.git', rev = 'v1'}\n", 2, "1 package may"),
        (
            "[tool.poetry.dependencies]\nabc = '1'\na = '1.x'\nb = 1\nc = {url = ''}\n",
            3,
            "3 packages may change, a the",
        ),
        (
            f"[tool.poetry.dependencies]\na = '1{'a.' * 5_000}!'\n",
            2,
            "1 package may",
        ),  # not looked at for ever
        ("[project]\ndependencies = [\n  'ruff']\n[tool.x]\nruff = 1\n", 3, "ruff the first"),
        ("[tool.poetry]\nname = 'numpy'\n[tool.poetry.dependencies]\nnumpy = '^2'\n", 4, "numpy the first"),
    ],
)
def test_one_finding_for_all_that_is_loose(text: str, line: int, told: str) -> None:
    ((at, what),) = found(text)
    assert at == line
    assert told in what and "no lock stands beside it" in what


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("uv.lock", True),
        ("a/poetry.lock", True),
        ("pdm.lock", True),
        ("Pipfile.lock", True),
        ("pylock.toml", True),
        ("pylock.dev.toml", True),
        ("conda-lock.yml", True),
        ("Cargo.lock", False),
        ("uv.lock.bak", False),
        ("uv.lock/a", False),
    ],
)
def test_locks_by_their_names(path: str, told: bool) -> None:
    assert is_lock(path) is told


@pytest.mark.parametrize(
    ("lock", "project", "told"),
    [
        ("uv.lock", "pyproject.toml", True),
        ("uv.lock", "packages/a/pyproject.toml", True),  # a workspace has one lock
        ("packages/uv.lock", "packages/a/pyproject.toml", True),
        ("a/uv.lock", "pyproject.toml", False),
        ("a/uv.lock", "b/pyproject.toml", False),
        ("requirements/prod.txt", "pyproject.toml", True),
        ("a/requirements/prod.txt", "a/pyproject.toml", True),
        ("a/requirements.txt", "pyproject.toml", False),
    ],
)
def test_a_lock_is_of_its_folder_and_those_in_it(lock: str, project: str, told: bool) -> None:
    assert is_locked(project, [folder_of(lock)]) is told
