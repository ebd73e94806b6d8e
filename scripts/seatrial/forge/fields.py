"""Fields of GitHub's answers, each of the type that its API describes."""

from seatrial.forge.errors import Unavailable


class Fields:
    """Fields of a JSON object, each of the type that the API describes."""

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, dict):
            raise unexpected(what)
        self._value, self._what = value, what

    def has(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self._value.get(key) is not None

    def text(self, key: str) -> str:
        """A text that must be there."""
        value = self._value.get(key)
        if not isinstance(value, str):
            raise unexpected(f"{self._what} with `{key}`")
        return value

    def integer(self, key: str) -> int:
        """A whole number that must be there."""
        value = self._value.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise unexpected(f"{self._what} with `{key}`")
        return value

    def flag(self, key: str) -> bool:
        """True or false; it must be there."""
        value = self._value.get(key)
        if not isinstance(value, bool):
            raise unexpected(f"{self._what} with `{key}`")
        return value

    def inner(self, key: str) -> "Fields":
        """An object that must be there."""
        return Fields(self._value.get(key), f"{self._what} with `{key}`")


def unexpected(what: str) -> Unavailable:
    """The error for an answer that is not of the shape that the API describes."""
    return Unavailable(f"GitHub's answer was not {what}, as its API describes; is the API address right?")
