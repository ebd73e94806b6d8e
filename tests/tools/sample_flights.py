"""A few hundred flights as two CSV files, the same in every run: the data of docs/init.md."""

import random
from datetime import date, timedelta
from pathlib import Path

CARRIERS = ("AA", "DL", "UA", "WN")
HEADER = "flight_id,scheduled_on,hour,carrier,distance,departure_delay,crew_phone,late"


def write(folder: Path) -> None:
    """train.csv with the flights of nine months, test.csv with those of the next three."""
    numbers = random.Random(2013)
    folder.mkdir(parents=True, exist_ok=True)
    start, end, autumn = date(2013, 1, 1), date(2014, 1, 1), date(2013, 10, 1)
    rows: dict[str, list[str]] = {"train": [], "test": []}
    for number in range(1_200):
        day = start + timedelta(days=(end - start).days * number // 1_200)
        rows["train" if day < autumn else "test"].append(flight(number, day, numbers))
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")


def flight(number: int, day: date, numbers: random.Random) -> str:
    delay = round(numbers.gammavariate(0.6, 30)) - 10
    late = int(delay + numbers.gauss(0, 12) > 15)
    cells = (
        f"{number:07}",
        day.isoformat(),
        number % 24,
        numbers.choice(CARRIERS),
        numbers.randrange(80, 4_984),
        "" if numbers.random() < 0.02 else delay,
        f"+49 30 {numbers.randrange(10**6, 10**7)}",
        late,
    )
    return ",".join(map(str, cells))
