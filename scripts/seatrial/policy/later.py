"""What a later version will run: named, so that asking for it now never passes in silence."""

SECTIONS = {
    (): ("build", "deploy", "canary", "verify", "monitor", "alerts"),
}
GATES = ("canary", "verification", "drift")


def message(dotted: str) -> str:
    """The fault of a key or gate that a later version will have."""
    return f"not in this version of Seatrial: {dotted}, remove it"
