"""Measure one server with many people at once, over Streamlit's own protocol without a browser."""

import asyncio
import random
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PEOPLE = {10: (0.15, 0.5), 25: (0.4, 1.5)}
"""How many at once, and the median and 95th percentile wanted of their answers, in s."""

EVERY_S = 5.0
"""Between two actions of a person, from one to the next."""

WARM, IDLE = 10, 40
"""Sessions that are opened and left alone, to see what one of the second holds."""

ELSEWHERE = ("linkage", "districts", "scoring")
SEARCHED = ("kopi", "batik", "karo", "")


@dataclass
class Person:
    """Somebody at the map who filters, picks centers and looks at other pages by turns.

    Parameters
    ----------
    socket
        To the server.
    chance
        What this person does next.
    controls
        Id, fragment and choices of each control that was seen, by its key.
    states
        What is set in the controls of the page, by their ids.
    pages
        What the server knows each page by, by its name in the address.
    known
        Hashes of messages that need not be sent again.
    """

    socket: ClientConnection
    chance: random.Random
    controls: dict[str, tuple[str, str, list[str]]] = field(default_factory=dict)
    states: dict[str, WidgetState] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    page: str = "map"
    query: str = ""

    async def act(self) -> float:
        """Do what comes next; seconds from asking until the whole answer is there."""
        turn = self.chance.random()
        if self.page != "map":
            return await self.open("map")
        if turn < 0.25:
            return await self.open(self.chance.choice(ELSEWHERE))
        choices = self.controls["w-pick"][2]
        if turn < 0.55 and choices:
            return await self.put("w-pick", string_value=self.chance.choice(choices))
        if turn < 0.85:
            some = self.chance.sample(self.controls["w-categories"][2], self.chance.randint(0, 2))
            return await self.put("w-categories", string_array_value={"data": some})
        return await self.put("w-text", string_value=self.chance.choice(SEARCHED))

    async def open(self, page: str) -> float:
        """Open a page, as a click on its link does."""
        self.page, self.query, self.states = page, "", {}
        return await self._ask(page_name=page, page_script_hash=self.pages.get(page, ""))

    async def put(self, control: str, **value: Any) -> float:
        """Set a control of the page."""
        name, fragment, _ = self.controls[control]
        self.states[name] = WidgetState(id=name, **value)
        here = self.pages.get(self.page, "")
        return await self._ask(fragment_id=fragment, page_script_hash=here)

    async def _ask(self, **asked: str) -> float:
        message = BackMsg()
        run = message.rerun_script
        for name, value in {"query_string": self.query, **asked}.items():
            setattr(run, name, value)
        run.widget_states.widgets.extend(self.states.values())
        run.cached_message_hashes.extend(self.known)
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while not self._over(ForwardMsg.FromString(await self.socket.recv(decode=False))):
            pass
        return time.perf_counter() - began

    def _over(self, heard: ForwardMsg) -> bool:
        """Whether the answer ends with this message, from which the person learns what is there."""
        if heard.metadata.cacheable:
            self.known.add(heard.hash)
        kind = heard.WhichOneof("type")
        if kind == "navigation":
            self.pages |= {
                p.url_pathname or "map": p.page_script_hash for p in heard.navigation.app_pages
            }
        elif kind == "page_info_changed":
            self.query = heard.page_info_changed.query_string
        elif kind == "delta" and heard.delta.WhichOneof("type") == "new_element":
            element = heard.delta.new_element
            control = getattr(element, str(element.WhichOneof("type")))
            name = str(getattr(control, "id", ""))
            if key := re.search(r"-(w-[a-z]+)$", name):
                choices = [str(choice) for choice in getattr(control, "options", ())]
                self.controls[key[1]] = (name, heard.delta.fragment_id, choices)
            if element.WhichOneof("type") == "exception":
                raise SystemExit(f"the app failed: {element.exception.message}")
        finished = ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return kind == "script_finished" and heard.script_finished != finished


async def _come(address: str, number: int) -> Person:
    """A person whose page is open."""
    socket = await connect(
        f"{address.replace('http', 'ws')}/_stcore/stream",
        origin=Origin(address),
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
        ping_interval=None,
    )
    person = Person(socket, random.Random(number))  # noqa: S311
    await person.open("")
    person.page = "map"
    return person


async def _work(address: str, number: int, people: int, seconds: float) -> list[float]:
    """Seconds of each answer to one of the people, who come one after another."""
    await asyncio.sleep(EVERY_S * number / people)
    person = await _come(address, number)
    until = time.monotonic() + seconds
    answers = []
    while time.monotonic() < until:
        answers.append(await person.act())
        await asyncio.sleep(max(0.0, EVERY_S * person.chance.uniform(0.8, 1.2) - answers[-1]))
    await person.socket.close()
    return answers


async def _together(address: str, people: int, seconds: float) -> list[float]:
    works = [_work(address, number, people, seconds) for number in range(people)]
    return [answer for answers in await asyncio.gather(*works) for answer in answers]


async def _idle(address: str, process: int) -> float:
    """MB that a session holds after its first page."""
    some = [await _come(address, number) for number in range(WARM)]
    before = _held(process)
    some += [await _come(address, number) for number in range(IDLE)]
    held = (_held(process) - before) / IDLE
    for person in some:
        await person.socket.close()
    return held


def _held(process: int) -> float:
    """MB of memory of a process."""
    told = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+) kB", told)[0]) / 1000


@dataclass(frozen=True)
class Crowd:
    """Seconds of the answers by number of people, and MB of an idle session."""

    answers: dict[int, list[float]]
    idle_mb: float


def measure(address: str, process: int, seconds: float) -> Crowd:
    """So many people at once for so many seconds each, and sessions left alone."""
    idle = asyncio.run(_idle(address, process))
    return Crowd({n: asyncio.run(_together(address, n, seconds)) for n in PEOPLE}, idle)


def _p95(answers: list[float]) -> float:
    return quantiles(answers, n=20, method="inclusive")[-1]


def section(found: Crowd) -> str:
    """What was measured."""
    rows = [
        f"| {people} | {len(answers)} | {median(answers):.2f} | {_p95(answers):.2f} |"
        for people, answers in found.answers.items()
    ]
    table = "\n".join(rows)
    return f"""## Many people

People who filter, search, pick a center and look at other pages, an action every {EVERY_S:.0f} s,
on one server process; the program that plays them runs on the same machine. Seconds from asking
until the whole answer is there.

| people | answers | median, s | 95th percentile, s |
|---|---|---|---|
{table}

An idle session holds {found.idle_mb:.1f} MB ({IDLE} of them).
"""


def targets(found: Crowd) -> list[tuple[str, str, bool]]:
    """What was wanted, what was measured, and whether it was met."""
    rows = [("an idle session: at most 3 MB", f"{found.idle_mb:.1f} MB", found.idle_mb <= 3)]
    for people, answers in found.answers.items():
        wanted, told = PEOPLE[people], (median(answers), _p95(answers))
        met = all(a <= b for a, b in zip(told, wanted, strict=True))
        what = f"{people} people: median at most {wanted[0]} s, 95th percentile {wanted[1]} s"
        rows.append((what, f"{told[0]:.2f} and {told[1]:.2f} s", met))
    return rows
