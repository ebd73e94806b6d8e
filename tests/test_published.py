"""The copy of our workflows that runs under act is the one that is published, but for how it names itself."""

import re
from pathlib import Path

from acting import ROOT
from published import WORKFLOWS, publish, rewritten, stubs


def test_only_lines_that_name_ourselves_are_rewritten(tmp_path: Path) -> None:
    copy = publish(tmp_path / "copy")
    changed = 0
    for file in sorted(path for path in copy.rglob("*") if path.is_file()):
        ours = ROOT / file.relative_to(copy)
        if file.read_bytes() == ours.read_bytes():
            continue
        assert file.parent == copy / WORKFLOWS, file
        before, after = ours.read_text().splitlines(), file.read_text().splitlines()
        assert len(before) == len(after)
        for old, new in zip(before, after, strict=True):
            if old != new:
                found = re.fullmatch(r"(\s*(?:- )?uses: )\$/(\S+)", old)
                assert found is not None, old
                assert new == f"{found[1]}seatrial/seatrial/{found[2]}@v1"
                changed += 1
    assert changed >= 8


def test_no_line_that_names_ourselves_is_left() -> None:
    for workflow in (ROOT / WORKFLOWS).glob("*.yml"):
        assert "$/" not in rewritten(workflow.read_text()).replace("/$/", "")


def test_every_stub_stands_for_an_action_that_we_use() -> None:
    named = {line.partition("=")[0] for line in stubs()}
    assert {name.partition("@")[0].rpartition("/")[2] for name in named} == {
        path.name for path in (Path(__file__).parent / "tools" / "stubs").iterdir()
    }
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name) for name in named)
