"""The one-file hand-out in Firefox, which is spoken to by WebDriver BiDi, without a network."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from ikmgeo.handout import Handout
from ikmgeo.handouts import portable
from ikmgeo.view import View

PREFERENCES = {
    "network.proxy.type": 1,  # a proxy that nobody serves: nothing outside can answer
    **{f"network.proxy.{kind}": "127.0.0.1" for kind in ("http", "ssl", "socks")},
    **{f"network.proxy.{kind}_port": 9 for kind in ("http", "ssl", "socks")},
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}


class Firefox:
    """One tab; ``requests`` and ``errors`` are what it asked for and complained of."""

    def __init__(self, line: ClientConnection) -> None:
        self.line, self.sent = line, 0
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["network.beforeRequestSent", "log.entryAdded"])
        self.tab = self.call("browsingContext.getTree")["contexts"][0]["context"]
        size = {"width": 1366, "height": 768}
        self.call("browsingContext.setViewport", context=self.tab, viewport=size)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self.sent += 1
        self.line.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while True:
            answer = json.loads(self.line.recv(timeout=30))
            if answer.get("id") == self.sent:
                assert answer["type"] == "success", answer
                return dict(answer["result"])
            told = answer["params"]
            if answer["method"] == "network.beforeRequestSent":
                self.requests.append(told["request"]["url"])
            elif told["level"] == "error":
                self.errors.append(told["text"])

    def open(self, url: str) -> None:
        self.call("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def see(self, script: str) -> Any:
        """Value of a script."""
        told = self.call(
            "script.evaluate",
            expression=f"JSON.stringify({script})",
            target={"context": self.tab},
            awaitPromise=False,
        )
        assert told["type"] == "success", told
        return json.loads(told["result"]["value"])

    def click(self, at: list[float]) -> None:
        steps: list[dict[str, Any]] = [
            {"type": "pointerMove", "x": round(at[0]), "y": round(at[1])},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        actions = [{"type": "pointer", "id": "mouse", "actions": steps}]
        self.call("input.performActions", context=self.tab, actions=actions)


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    named = (shutil.which(name) for name in ("firefox", "firefox-esr"))
    found = os.environ.get("FIREFOX") or next(filter(None, named), None)
    if found is None:
        words = "No Firefox found: install it (apt-get install firefox-esr) or set FIREFOX."
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    profile = tmp_path_factory.mktemp("firefox")
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [found, "--headless", "--no-remote", "--profile", str(profile)]
    command.append(f"--remote-debugging-port={port}")
    process = subprocess.Popen(
        command,
        env={**os.environ, "HOME": str(profile)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        listening(port)
        with connect(f"ws://127.0.0.1:{port}/session", max_size=None) as line:
            yield Firefox(line)
    finally:
        process.terminate()
        process.wait(20)


def listening(port: int) -> None:
    """Wait until the browser takes calls."""
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "Firefox did not start"
            time.sleep(0.2)
        else:
            return


def test_the_file_works_in_firefox(
    firefox: Firefox, hand_out: Callable[..., Handout], tmp_path: Path
) -> None:
    path = tmp_path / "peta.html"
    path.write_text(portable.page(hand_out(view=View(language="en"))), encoding="utf-8")
    firefox.open(path.as_uri())
    signs = "Object.values(map._layers).filter(l => l.options.sign).length"
    count = "document.querySelector('#count').textContent"
    names = "[...document.querySelectorAll('#table tbody td:nth-child(2)')].map(c => c.innerText)"
    assert (firefox.see(signs), firefox.see(count)) == (13, "13 of 13 centers")
    honey = """(() => {
        const center = centers.find((c) => c.name === "Simalungun Honey Center");
        const at = map.latLngToContainerPoint([center.lat, center.lon]);
        const box = document.querySelector("#map").getBoundingClientRect();
        return [box.x + at.x - 4, box.y + at.y];
    })()"""
    firefox.click(firefox.see(honey))
    assert "Simalungun Honey Center" in firefox.see("document.querySelector('#panel').innerText")
    assert "38.80" in firefox.see("document.querySelector('tr[aria-current]').innerText")
    label = """(() => {
        const box = document.querySelectorAll("#filters label")[2].getBoundingClientRect();
        return [box.x + 60, box.y + 10];
    })()"""
    firefox.click(firefox.see(label))
    assert (firefox.see(signs), firefox.see(count)) == (4, "4 of 13 centers")
    assert firefox.see(names)[0] == "Deli Serdang Cassava Center"
    head = "(() => { heads[3].firstChild.click(); return 1; })()"
    assert firefox.see(head) == 1
    assert firefox.see(names)[-1] == "Deli Serdang Cassava Center"
    outside = [u for u in firefox.requests if not u.startswith(("data:", path.as_uri()))]
    assert [u for u in outside if u.startswith(("http", "ws", "file"))] == []
    assert firefox.errors == []
