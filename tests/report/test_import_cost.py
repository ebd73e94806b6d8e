"""What every run pays for: the comment, the table and the annotations need no template engine."""

import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "scripts"


def test_the_everyday_surfaces_do_not_load_the_template_engine():
    program = (
        f"import sys; sys.path.insert(0, {str(SCRIPTS)!r});"
        "import seatrial.report.markdown, seatrial.report.terminal, seatrial.report.annotations;"
        "print(sorted({'jinja2', 'numpy', 'xml.etree.ElementTree'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
