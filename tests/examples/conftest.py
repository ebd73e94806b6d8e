"""Loads the scripts of examples/flight-delay, which are no package."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

FLIGHT_DELAY = Path(__file__).resolve().parents[2] / "examples" / "flight-delay"


def load(name: str) -> ModuleType:
    sys.path.insert(0, str(FLIGHT_DELAY))
    try:
        return import_module(name)
    finally:
        sys.path.remove(str(FLIGHT_DELAY))


@pytest.fixture(scope="session")
def fetch() -> ModuleType:
    return load("fetch")


@pytest.fixture(scope="session")
def unpack() -> ModuleType:
    return load("unpack")


@pytest.fixture(scope="session")
def flight_delay() -> Path:
    return FLIGHT_DELAY
