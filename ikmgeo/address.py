"""Where the app can be reached from, as text and as a QR code, and what it may ask itself.

``ikmgeo serve`` prints text and code.
"""

import contextlib
import ipaddress
import socket
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import segno

EVERYWHERE: Final = ("0.0.0.0", "::", "")  # noqa: S104 # recognised, never bound to here
TRANSLATED: Final = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "::ffff:0:0:0/96")))
"""IPv6 addresses that stand for the IPv4 address at their end."""

NEVER: Final = tuple(
    map(
        ipaddress.ip_network,
        ("64:ff9b:1::/48", "fec0::/10", "fd00:ec2::254/128", "100.100.100.200/32"),
    )
)
"""Translated as each network likes, given up, and where clouds tell secrets."""

PRIVATE: Final = ("10.255.255.255", "172.31.255.255", "192.168.255.255", "192.0.2.1")
"""One address behind each kind of local network, and one behind the default route."""


def addresses(host: str, port: int) -> list[str]:
    """Addresses of the app for other devices in the room, likeliest first.

    Parameters
    ----------
    host
        What the server listens on. Where that is every network, the machine's own addresses count;
        a loopback address gives none, because nobody else can reach it.
    """
    if host not in EVERYWHERE:
        return [] if is_loopback(host) else [_url(host, port)]
    return [_url(found, port) for found in _own_addresses()]


def origin(url: str) -> str:
    """Scheme, host and port of an address; "" where only one machine has it."""
    parts = urlsplit(url)
    if not parts.hostname or is_loopback(parts.hostname):
        return ""
    return f"{parts.scheme}://{parts.netloc}"


@lru_cache(maxsize=64)
def qr_svg(address: str) -> str:
    """QR code of an address as an SVG drawing, made here and not by any service."""
    return str(segno.make(address, error="m").svg_inline(scale=5, border=3))


def resolved(host: str, port: int) -> list[str]:
    """Addresses of a host in digits, however it is spelled, to connect to these and no others.

    Raises
    ------
    ValueError
        When one of them is link-local, where clouds tell secrets, or no address of one machine.
    OSError
        When the name is not known.
    """
    told = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = list(dict.fromkeys(str(where[0]) for *_, where in told))
    for one in found:
        address = _plain(ipaddress.ip_address(one))
        never = address.is_link_local or address.is_multicast or address.is_unspecified
        if never or any(address in network for network in NEVER):
            raise ValueError("an address that is never asked")
    return found


def _plain(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address that an IPv6 address stands for, else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    within = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
    if within is None and (
        any(address in network for network in TRANSLATED) or 1 < int(address) < 2**32
    ):
        within = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return within or address


def _own_addresses() -> list[str]:
    found: dict[str, None] = {}
    for target in PRIVATE:
        # Connecting a datagram socket sends nothing; it only picks the network to send by.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((target, 9))
                found[probe.getsockname()[0]] = None
            except OSError:
                continue  # no network leads there
    with contextlib.suppress(OSError):  # a machine without a name
        found |= dict.fromkeys(socket.gethostbyname_ex(socket.gethostname())[2])
    return [address for address in found if not is_loopback(address)]


def is_loopback(host: str) -> bool:
    """Whether a host name or address leads to this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def tell(host: str, port: int) -> None:
    """Print the address, and where other devices can join also a QR code."""
    others = addresses(host, port)
    for address in others or [_url(host, port)]:
        print(f"ikmgeo: {address}")
    if others:
        segno.make(others[0], error="m").terminal(compact=True)
