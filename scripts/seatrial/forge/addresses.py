"""Addresses of a GitHub server, checked before a token goes there."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from seatrial.errors import BadInput
from seatrial.text import shown

Origin = tuple[str, str, int]
_PORTS = {"https": 443, "http": 80}


def base_address(address: str, what: str) -> str:
    """The address without a trailing slash; https, or http to this machine."""
    fault = BadInput(
        f"{what} is `{shown(address)}`: expected an https address such as https://api.github.com, "
        "without user, query or fragment"
    )
    try:
        parts = urlsplit(address)
        scheme, host, _ = origin(parts)
    except ValueError:
        raise fault from None
    if not address.isascii() or not address.isprintable() or " " in address or "\\" in address:
        raise fault
    if parts.username is not None or parts.password is not None or "?" in address or "#" in address:
        raise fault
    if scheme != "https" and not (scheme == "http" and _is_this_machine(host)):
        raise fault
    return address.rstrip("/")


def origin(parts: SplitResult) -> Origin:
    """Scheme, host and port; ValueError where there is none."""
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname:
        raise ValueError("no origin")
    return scheme, parts.hostname.lower(), parts.port or _PORTS[scheme]


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
