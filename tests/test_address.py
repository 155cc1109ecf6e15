"""Where others in the room find the app: its addresses, and a QR code that a reader reads."""

import re
import socket

import pytest
import zxingcpp
from PIL import Image

from ikmgeo import address


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "localhost", "::1"])
def test_nobody_else_reaches_a_loopback_address(host: str) -> None:
    assert address.addresses(host, 8501) == []


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("192.168.1.7", "http://192.168.1.7:8600"),
        ("ikm.local", "http://ikm.local:8600"),
        ("fd00::7", "http://[fd00::7]:8600"),
    ],
)
def test_an_address_that_was_asked_for_is_the_address(host: str, url: str) -> None:
    assert address.addresses(host, 8600) == [url]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_on_every_network_the_addresses_are_the_machines_own(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    class Socket:
        def __enter__(self) -> "Socket":
            return self

        def __exit__(self, *_: object) -> None: ...

        def connect(self, target: tuple[str, int]) -> None:
            if not target[0].startswith("192.168"):
                raise OSError("no network leads there")

        def getsockname(self) -> tuple[str, int]:
            return ("192.168.43.1", 5)

    monkeypatch.setattr(socket, "socket", lambda *_: Socket())
    named: tuple[str, list[str], list[str]] = (
        "room",
        [],
        ["127.0.1.1", "192.168.43.1", "10.0.0.5"],
    )
    monkeypatch.setattr(socket, "gethostbyname_ex", lambda _: named)
    assert address.addresses(host, 8501) == ["http://192.168.43.1:8501", "http://10.0.0.5:8501"]


def test_without_any_network_there_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(socket.socket, "connect", nothing)
    monkeypatch.setattr(socket, "gethostbyname_ex", nothing)
    assert address.addresses("0.0.0.0", 8501) == []


def read(svg: str) -> str:
    """Text of a QR code by an independent reader, from the path's dark runs alone."""
    size = int(re.search(r'viewBox="0 0 (\d+)|width="(\d+)"', svg)[0].split('"')[1].split()[-1])
    image = Image.new("L", (size, size), 255)
    scaled = re.search(r"scale\(([\d.]+)\)", svg)
    scale = float(scaled[1]) if scaled else 1.0
    x = y = 0.0
    pixels = image.load()
    for command, rest in re.findall(r"([MmHh])\s*([-\d. ]+)", re.search(r' d="([^"]+)"', svg)[1]):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", rest)]
        if command in "Mm":
            x, y = numbers if command == "M" else (x + numbers[0], y + numbers[1])
            continue
        for column in range(int(x * scale), int((x + numbers[0]) * scale)):
            for row in range(int((y - 0.5) * scale), int((y + 0.5) * scale)):
                pixels[column, row] = 0
        x += numbers[0]
    (found,) = zxingcpp.read_barcodes(image)
    return str(found.text)


def test_the_qr_code_holds_the_address() -> None:
    svg = address.qr_svg("http://192.168.43.1:8501")
    assert read(svg) == "http://192.168.43.1:8501"
    assert "http" not in svg  # drawn, not fetched


@pytest.mark.parametrize("host", ["127.0.0.1", "192.168.1.7"])
def test_starting_prints_the_address_and_a_code_only_for_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    address.tell(host, 8501)
    printed = capsys.readouterr().out
    assert printed.startswith(f"ikmgeo: http://{host}:8501\n")
    assert (printed.count("\n") > 15) == (host != "127.0.0.1")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://ikm.sumutprov.example/workshop?section=groups", "https://ikm.sumutprov.example"),
        ("http://192.168.1.7:8501/workshop", "http://192.168.1.7:8501"),
        ("http://127.0.0.1:8501/workshop", ""),
        ("http://localhost:8501/", ""),
        ("http://[::1]:8501/", ""),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_behind_a_proxy_others_come_by_the_address_that_this_browser_did(
    url: str, found: str
) -> None:
    assert address.origin(url) == found


@pytest.mark.parametrize(
    "host",
    [
        *("64:ff9b:1::a9fe:a9fe", "64:ff9b:1:ff::1", "::ffff:0:169.254.169.254", "fec0::1"),
        *("fd00:ec2::254", "100.100.100.200", "::ffff:100.100.100.200", "64:ff9b::169.254.169.254"),
    ],
)
def test_addresses_where_secrets_are_told_are_never_asked(host: str) -> None:
    """Attack 7."""
    with pytest.raises(ValueError, match="never asked"):
        address.resolved(host, 80)


@pytest.mark.parametrize("host", ["fd00:ec2::253", "100.100.100.201", "::ffff:0:192.168.1.7"])
def test_addresses_beside_those_are_asked(host: str) -> None:
    assert address.resolved(host, 80) == [host.replace("192.168.1.7", "c0a8:107")]
