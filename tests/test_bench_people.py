"""The people of the bench: what they learn of an answer, when it ends, and how it is told."""

import asyncio
import random
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tools import bench_people
from tools.bench_people import Crowd, Person


class Server:
    """Answers each message with the same ones, and keeps what it was asked."""

    def __init__(self, *answers: ForwardMsg) -> None:
        self.answers, self.left = answers, iter(())
        self.asked: list[BackMsg] = []

    async def send(self, message: bytes) -> None:
        self.asked.append(BackMsg.FromString(message))
        self.left = iter(self.answers)

    async def recv(self, *, decode: bool) -> bytes:
        assert not decode
        return next(self.left).SerializeToString()


def pages() -> ForwardMsg:
    message = ForwardMsg()
    for address, name in (("", "one"), ("scoring", "two")):
        message.navigation.app_pages.add(url_pathname=address, page_script_hash=name)
    return message


def pick() -> ForwardMsg:
    message = ForwardMsg(hash="seen")
    message.metadata.cacheable = True
    message.delta.fragment_id = "part"
    box = message.delta.new_element.selectbox
    box.id = "$$ID-0af-w-pick"
    box.options.extend(["a", "b"])
    return message


def end(status: Any = ForwardMsg.FINISHED_SUCCESSFULLY) -> ForwardMsg:
    return ForwardMsg(script_finished=status)


def test_a_person_sends_what_a_browser_would() -> None:
    address = ForwardMsg()
    address.page_info_changed.query_string = "lang=id"
    early = end(ForwardMsg.FINISHED_EARLY_FOR_RERUN)
    server = Server(early, pages(), pick(), address, end())
    person = Person(server, random.Random(1))  # type: ignore[arg-type]

    async def work() -> None:
        await person.open("")
        await person.put("w-pick", string_value="b")
        await person.open("scoring")

    asyncio.run(work())
    first, picked, turned = (asked.rerun_script for asked in server.asked)
    assert not first.widget_states.widgets
    assert (picked.fragment_id, picked.query_string) == ("part", "lang=id")
    (state,) = picked.widget_states.widgets
    assert (state.id, state.string_value) == ("$$ID-0af-w-pick", "b")
    assert list(picked.cached_message_hashes) == ["seen"]
    assert (turned.page_name, turned.page_script_hash) == ("scoring", "two")
    assert not turned.widget_states.widgets  # those of another page


def test_a_person_stops_where_the_app_fails() -> None:
    message = ForwardMsg()
    message.delta.new_element.exception.message = "broken"
    person = Person(Server(message), random.Random(1))  # type: ignore[arg-type]
    with pytest.raises(SystemExit, match="broken"):
        asyncio.run(person.open(""))


def test_answers_are_told_by_median_and_95th_percentile() -> None:
    # 0.00, 0.01 to 0.20: 19 of the 20 steps lie below 0.19.
    answers = [n / 100 for n in range(21)]
    found = Crowd({10: answers, 25: answers}, idle_mb=3.5)
    idle, ten, _ = bench_people.targets(found)
    assert ten[1:] == ("0.10 and 0.19 s", True)
    assert idle[1:] == ("3.5 MB", False)
    assert "| 10 | 21 | 0.10 | 0.19 |" in bench_people.section(found)
