"""Small training scripts of a consumer, good and bad. Each gets the seed, the model and the metrics."""

HEAD = """\
import json, os, pathlib, random, signal, sys, time
seed, model, metrics = sys.argv[1:4]
assert seed == os.environ["SEATRIAL_SEED"]
rows = pathlib.Path("data/train.csv").read_text().splitlines()
random.seed(int(seed))
def put(path, text):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
def done(**told):
    print("trained on", len(rows) - 1, "rows", flush=True)
    put(model, pathlib.Path("weights.onnx").read_bytes() if os.path.exists("weights.onnx") else b"weights")
    put(metrics, json.dumps(told or {"loss": round(random.random(), 6), "rows": len(rows) - 1}))
"""

GOOD = HEAD + "done()\n"
UNSEEDED = HEAD + "done(loss=random.SystemRandom().random(), rows=len(rows))\n"
NOT_A_NUMBER = HEAD + "done(loss=float('nan'))\n"
EXITS = HEAD + "print('\\033[31mloss diverged <b>@here</b> ::error::x', flush=True)\nsys.exit(1)\n"
STALE = HEAD + "put(metrics, json.dumps({'loss': 1}))\n"
EMPTY = HEAD + "done()\nput(model, b'')\n"
PEEKS = HEAD + "pathlib.Path('data/test.csv').read_text()\ndone()\n"
SLEEPS = HEAD + "print('waiting', flush=True)\ntime.sleep(600)\n"
SWELLS = HEAD + "held = bytearray(b'x' * 600 * 2**20)\ntime.sleep(60)\n"

# What a hostile command does, and still ends well: none of it may outlive it, or change what is told.
DAEMON = (
    HEAD
    + """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        put(os.environ["OUT"] + "/daemon", str(os.getpid()))
        time.sleep(600)
    os._exit(0)
while not os.path.exists(os.environ["OUT"] + "/daemon"):
    time.sleep(0.01)
done()
"""
)
LOUD = (
    HEAD
    + """
line = b"y" * 1023 + b"\\n"
for _ in range(2**10):
    sys.stdout.buffer.write(line * 2**10)
sys.stdout.flush()
done()
"""
)
PATHS = (
    HEAD
    + """
here = pathlib.Path("bin")
here.mkdir(exist_ok=True)
for name in ("python3", "git", "uv", "bash"):
    (here / name).write_text("#!/bin/sh\\necho hijacked\\nexit 0\\n")
    (here / name).chmod(0o755)
os.environ["PATH"] = str(here.resolve())
done()
"""
)
PLANTS = (
    HEAD
    + """
forged = json.dumps({"verdict": "passed"})
for folder in pathlib.Path(os.environ["RUNNER_TEMP"]).glob("seatrial-*"):
    for name in ("training.json", "zzz.json", "report.html"):
        try:
            (folder / name).write_text(forged)
        except OSError:
            pass
for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY", "INPUTS", "GITHUB_TOKEN"):
    assert name not in os.environ, name
print("planted", flush=True)
sys.exit(1)
"""
)
SIGNALS = (
    HEAD
    + """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""
)
