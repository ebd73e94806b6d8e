"""Whether a text holds a card number, an IBAN or an IP address: by check digits, lengths and ranges."""

import ipaddress
import re
from collections.abc import Callable

_CARD = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])")
_IBAN = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}")
_IPV4 = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9]|\.[0-9])")
_IPV6 = re.compile(r"(?<![0-9A-Za-z:])[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]{1,40}(?![0-9A-Za-z:])")

_SHORTEST_GROUP = 3  # digits between the blanks of a card number: 4-4-4-4, 4-6-5, 4-4-4-4-3

# Lengths by country: SWIFT, IBAN Registry, release 99.
_IBAN_LENGTHS = {
    length: frozenset(countries.split())
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
}
# First digits and lengths by scheme (ISO/IEC 7812 ranges as the schemes publish them).
_SCHEMES = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"
    r"|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"
    r"|3[47][0-9]{13}"
    r"|3(?:0[0-5]|095|[689][0-9])[0-9]{11}"
    r"|(?:6011|64[4-9][0-9]|65[0-9]{2}|62[0-9]{2}|81[0-9]{2})[0-9]{12,15}"
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12,15}"
    r"|(?:50[0-9]{2}|5[6-9][0-9]{2}|6304|6759|676[1-3])[0-9]{8,15}"
)


def has_card(text: str) -> bool:
    """A number of 13 to 19 digits of a known scheme whose last digit is that of Luhn (ISO/IEC 7812-1)."""
    for found in _CARD.findall(text):
        groups = re.split("[ -]", found)
        for start in range(len(groups)):
            for end in range(start + 1, len(groups) + 1):
                number = "".join(groups[start:end])
                whole = min(map(len, groups[start:end])) >= _SHORTEST_GROUP
                if whole and _SCHEMES.fullmatch(number) and luhn(number):
                    return True
    return False


def luhn(digits: str) -> bool:
    """Every second digit from the right doubled, their digits added up: a multiple of ten."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(each - 9 * (each > 9) for each in doubled)) % 10 == 0


def has_iban(text: str) -> bool:
    """An account number with the length of its country, and 1 modulo 97 (ISO 13616, ISO/IEC 7064)."""
    return any(_is_iban(found.replace(" ", "")) for found in _IBAN.findall(text))


def _is_iban(found: str) -> bool:
    for length, countries in _IBAN_LENGTHS.items():
        if found[:2] in countries:
            number = found[4:length] + found[:4]
            return len(found) >= length and int("".join(str(int(each, 36)) for each in number)) % 97 == 1
    return False


def has_ip(text: str) -> bool:
    """An address that is not of the machine itself (loopback) and not unspecified."""
    return any(_is_address(found) for pattern in (_IPV4, _IPV6) for found in pattern.findall(text))


def _is_address(found: str) -> bool:
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


CHECKS: dict[str, Callable[[str], bool]] = {"card": has_card, "iban": has_iban, "ip": has_ip}
