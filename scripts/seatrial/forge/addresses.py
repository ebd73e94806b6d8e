"""Addresses of a GitHub server and of its repositories, checked before a token goes there."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from seatrial.errors import BadInput
from seatrial.text import shown

PUBLIC_API = "https://api.github.com"
_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}", re.ASCII)
Origin = tuple[str, str, int]
_PORTS = {"https": 443, "http": 80}
# Where github.com and ghe.com keep artifacts. A server of one's own keeps them where its owner says.
_GITHUB = re.compile(r"api\.github\.com|api\.[a-z0-9-]+\.ghe\.com", re.ASCII)
_STORES = re.compile(
    r"[a-z0-9]{3,24}\.blob\.core\.windows\.net|[a-z0-9-]{1,63}\.actions\.githubusercontent\.com", re.ASCII
)


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


def is_store(address: str, api: Origin) -> bool:
    """Whether artifacts may be fetched from this address, which the API at `api` named; without a token."""
    if not address.isascii() or not address.isprintable() or " " in address or "\\" in address:
        return False
    try:
        parts = urlsplit(address)
        scheme, host, port = origin(parts)
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or "#" in address:
        return False
    if scheme == "http":
        return _is_this_machine(host) and _is_this_machine(api[1])
    if _GITHUB.fullmatch(api[1]):
        return port == 443 and _STORES.fullmatch(host) is not None
    return True


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_repository(name: str) -> str:
    """owner/name as GitHub allows it."""
    if _REPOSITORY.fullmatch(name) is None:
        raise BadInput(f"repository is `{shown(name)}`: expected owner/name")
    return name
