"""Requirements files together: includes, constraints, and what is installed with what."""

import pytest

from seatrial.linters.installs import beside, unpinned
from seatrial.linters.requirements import requirements_in


def found(files: dict[str, str], unread: tuple[str, ...] = ()) -> list[tuple[str, int | None]]:
    """File and line of each finding."""
    read = {path: requirements_in(text.encode()) for path, text in files.items()}
    return [
        (each.file, each.line) for findings in unpinned(read, frozenset(unread)).values() for each in findings
    ]


@pytest.mark.parametrize(
    "option", ["-c c.txt", "--constraint c.txt", "--constraint=c.txt", "-cc.txt", "-c 'c.txt'"]
)
def test_a_package_that_a_constraint_pins_is_pinned(option: str) -> None:
    text = f"{option}\nnumpy>=1\nscikit_Learn[extra]\nother\n"
    pins = "NumPy==2.1\nscikit.learn==1.6 ; python_version > '3'\n"
    assert found({"requirements.txt": text, "c.txt": pins}) == [("requirements.txt", 4)]


@pytest.mark.parametrize(
    "pins", ["numpy>=2\n", "numpy==2.*\n", "numpy==1\nnumpy<3\n", "", "a==1\n", "# numpy==1\n"]
)
def test_constraints_that_leave_a_choice_pin_nothing(pins: str) -> None:
    """Nor are they told themselves, since they install nothing."""
    assert found({"requirements.txt": "-c c.txt\nnumpy\n", "c.txt": pins}) == [("requirements.txt", 2)]


def test_a_constraint_holds_for_all_of_an_install() -> None:
    files = {
        "requirements.txt": "-c deep/constraints.txt\n-r base.txt\n",
        "base.txt": "-r deep/more.txt\nnumpy\n",
        "deep/more.txt": "pandas\npolars\n",
        "deep/constraints.txt": "-c ../c.txt\nnumpy==2.1\n",
        "c.txt": "pandas==2.2\n",
    }
    assert found(files) == [("deep/more.txt", 2)]


def test_a_file_of_two_installs_is_pinned_in_both_or_is_not() -> None:
    files = {
        "requirements.txt": "-c c.txt\n-r base.txt\n",
        "requirements-dev.txt": "-r base.txt\n",
        "base.txt": "numpy\n",
        "c.txt": "numpy==2.1\n",
    }
    assert found(files) == [("base.txt", 1)]
    assert found(files | {"requirements-dev.txt": "-c c.txt\n-r base.txt\n"}) == []


def test_a_lock_that_serves_as_constraints_is_judged_as_a_lock() -> None:
    assert found({"requirements.txt": "numpy\n", "requirements-dev.txt": "-c requirements.txt\n"}) == [
        ("requirements.txt", 1)
    ]


@pytest.mark.parametrize(
    "name", ["gone.txt", "../out.txt", "/etc/pip.txt", "https://e.invalid/r.txt", "${X}", "a\0b"]
)
def test_an_include_that_cannot_be_followed_is_told(name: str) -> None:
    assert found({"requirements.txt": f"a==1\n-r {name}\n"}) == [("requirements.txt", 2)]


def test_constraints_that_cannot_be_followed_pin_nothing() -> None:
    text = "-c https://e.invalid/c.txt\n-c gone.txt\na==1\n"
    assert found({"requirements.txt": text}) == []
    assert found({"requirements.txt": text + "b\n"}) == [("requirements.txt", 4)]


def test_an_include_that_could_not_be_read_is_told_by_whoever_read_it() -> None:
    assert found({"requirements.txt": "-r base.txt\n"}, ("base.txt",)) == []


def test_what_a_lock_is_compiled_from_may_constrain_and_not_be_included() -> None:
    files = {"requirements.txt": "-c base.in\n-r base.in\nnumpy\n", "base.in": "numpy==1\nx\n"}
    assert found(files) == [("requirements.txt", 2)]


def test_circles_end_and_hide_nothing() -> None:
    files = {
        "a/requirements.txt": "-r ../b/requirements.txt\nx\n",
        "b/requirements.txt": "-r ../a/requirements.txt\n-c ../c.txt\ny\n",
        "c.txt": "-c c.txt\ny==1\n",
    }
    assert found(files) == [("a/requirements.txt", 2)]


def test_files_that_include_each_other_without_end_are_told() -> None:
    """Every install would look at all of them."""
    many = 1_200
    chain = {f"{n}.txt": f"-r {n + 1}.txt\n" for n in range(many)} | {f"{many}.txt": ""}
    starts = {f"{n}/requirements.txt": "-r ../0.txt\n" for n in range(many)}
    told = found(chain | starts)
    assert 0 < len(told) < many
    assert {line for _, line in told} == {None}


def test_paths_count_from_the_file_that_names_them() -> None:
    paths = {
        name: beside("a/b/requirements.txt", name)
        for name in ("x.txt", "./x.txt", "../x.txt", "../../../x.txt")
    }
    assert paths == {
        "x.txt": "a/b/x.txt", "./x.txt": "a/b/x.txt", "../x.txt": "a/x.txt", "../../../x.txt": None,
    }  # fmt: skip
