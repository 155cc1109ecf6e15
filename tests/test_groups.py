"""Groups of a workshop in a real database: who is in, what they weigh, and who may not."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ikmgeo.errors import DataError
from ikmgeo.measures.composite import Weights
from ikmgeo.records.groups import (
    CODE_SIGNS,
    GROUPS,
    MOST_GROUPS,
    MOST_WORKSHOPS,
    Entry,
    Group,
    board,
    join,
    rejoin,
    weigh,
)
from ikmgeo.records.store import Store
from tests.rated import ASPECTS
from tests.weighted import six

EQUAL, MARKET = Weights.equal(ASPECTS), six(10, 10, 50, 10, 10, 10)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/a.sqlite")
    yield opened
    opened.close()


def refused(code: str, work: object, *given: object, **named: Any) -> None:
    with pytest.raises(DataError) as error:
        work(*given, **named)
    assert [issue.code for issue in error.value.issues] == [code]


def entered(store: Store, workshop: str) -> dict[str, Weights | None]:
    """Weights by the name of the group."""
    return {entry.name: entry.weights for entry in board(store, workshop, ASPECTS)}


def test_groups_stand_in_the_order_of_joining_with_their_newest_weights(store: Store) -> None:
    north, south = join(store, "Medan", "Utara"), join(store, "Medan", "Selatan")
    join(store, "Medan", "Barat")
    assert weigh(store, south, EQUAL) == 1
    assert weigh(store, north, EQUAL) == 1
    assert weigh(store, north, MARKET) == 2
    assert entered(store, "Medan") == {"Utara": MARKET, "Selatan": EQUAL, "Barat": None}
    assert list(entered(store, "Medan")) == ["Utara", "Selatan", "Barat"]
    assert board(store, "Medan", ASPECTS)[0] == Entry(north.group_id, "Utara", MARKET)


def test_weights_of_other_aspects_are_told_and_leave_the_others_standing(store: Store) -> None:
    """``aspects.csv`` may change between a workshop's two days; then the page could not open."""
    north, south = join(store, "Medan", "Utara"), join(store, "Medan", "Selatan")
    weigh(store, north, Weights({"market": 60.0, "environment": 40.0}))
    weigh(store, south, MARKET)
    assert board(store, "Medan", ASPECTS) == [
        Entry(north.group_id, "Utara", None, misfit=True),
        Entry(south.group_id, "Selatan", MARKET),
    ]
    weigh(store, north, EQUAL)
    assert entered(store, "Medan") == {"Utara": EQUAL, "Selatan": MARKET}


def test_what_is_saved_is_there_after_a_restart(store: Store) -> None:
    weigh(store, join(store, "Medan", "Utara"), MARKET)
    again = Store.open(f"sqlite:///{store.location}")
    assert entered(again, "Medan") == {"Utara": MARKET}
    again.close()


def test_workshops_do_not_see_each_others_groups(store: Store) -> None:
    join(store, "Medan", "Utara")
    join(store, "Binjai", "Utara")
    join(store, "Medan", "Selatan")
    assert list(entered(store, "Medan")) == ["Utara", "Selatan"]
    assert list(entered(store, "Binjai")) == ["Utara"]


@pytest.mark.parametrize("same", ["medan", " MEDAN ", "Medan"])
def test_a_workshop_is_the_same_in_any_letters(store: Store, same: str) -> None:
    group = join(store, "Medan", "Utara")
    assert rejoin(store, same, "Utara", group.code.lower()) == group
    refused("group_taken", join, store, same, "Utara")
    assert list(entered(store, same)) == ["Utara"]


@pytest.mark.parametrize("name", ["Utara", "utara", " UTARA ", "U tara".replace(" ", "")])
def test_a_name_belongs_to_who_took_it_first(store: Store, name: str) -> None:
    first = join(store, "Medan", "Utara")
    weigh(store, first, EQUAL)
    refused("group_taken", join, store, "Medan", name)
    assert entered(store, "Medan") == {"Utara": EQUAL}


def test_a_group_goes_on_elsewhere_with_its_code_only(store: Store) -> None:
    group = join(store, "Medan", "Utara")
    assert rejoin(store, "Medan", "utara", f" {group.code} ") == group
    wrong = group.code[:-1] + next(sign for sign in CODE_SIGNS if sign != group.code[-1])
    for code in (wrong, "", "x", "😀", "\ud800", group.code + "0"):
        refused("group_unknown", rejoin, store, "Medan", "Utara", code, address=ascii(code))
    refused("group_unknown", rejoin, store, "Medan", "Timur", group.code)
    refused("group_unknown", rejoin, store, "Binjai", "Utara", group.code)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b", "a\u202eb"])
def test_a_name_that_is_none_is_refused(store: Store, name: str) -> None:
    refused("group_name_invalid", join, store, "Medan", name)
    refused("group_name_invalid", join, store, name, "Utara")


def test_needless_spaces_make_no_other_group(store: Store) -> None:
    assert join(store, "Medan", "  Dinas \n Perindustrian ").name == "Dinas Perindustrian"
    refused("group_taken", join, store, "Medan", "Dinas Perindustrian")


def test_a_workshop_takes_only_so_many_groups(store: Store) -> None:
    for number in range(MOST_GROUPS):
        join(store, "Medan", f"Kelompok {number}")
    refused("workshop_full", join, store, "Medan", "Satu lagi")
    assert len(board(store, "Medan", ASPECTS)) == MOST_GROUPS


def test_only_so_many_workshops_open_within_a_day(store: Store) -> None:
    """Attack 9."""
    for number in range(MOST_WORKSHOPS):
        join(store, f"Lokakarya {number}", "Utara")
    refused("workshops_many", join, store, "Satu lagi", "Utara")
    join(store, "Lokakarya 7", "Selatan")  # those that are open stay open
    long_ago = GROUPS.update().values(joined_at=datetime.now(UTC) - timedelta(hours=25))
    with store.writing() as connection:
        connection.execute(long_ago)
    join(store, "Besok", "Utara")


NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def seconds(store: Store, code: str, after: float, address: str = "a") -> float:
    """Seconds that a guess so long after noon has to wait; 0 where it was looked at."""
    now = NOON + timedelta(seconds=after)
    with pytest.raises(DataError) as error:
        rejoin(store, "Medan", "Utara", code, address=address, now=now)
    (issue,) = error.value.issues
    return float(issue.expected["seconds"]) if issue.code == "group_wait" else 0  # type: ignore[arg-type]


def test_each_wrong_code_makes_the_next_wait_longer(store: Store) -> None:
    """Attack 9."""
    group = join(store, "Medan", "Utara")
    assert [seconds(store, "x", 0) for _ in range(5)] == [0, 0, 0, 1, 1]
    assert seconds(store, "x", 1) == 0
    assert seconds(store, "x", 1) == 2
    assert seconds(store, group.code, 2) == 1  # the right one tells nothing while it waits
    guesses, now = 0, 10.0
    while now < 600:
        wait = seconds(store, "x", now)
        guesses += not wait
        now += wait or 0.001
    assert guesses < 30
    assert rejoin(store, "Medan", "Utara", group.code, address="a", now=NOON.replace(hour=13))


def test_the_wait_holds_in_other_processes_too(store: Store) -> None:
    """Attack 9."""
    join(store, "Medan", "Utara")
    assert [seconds(store, "x", 0) for _ in range(4)] == [0, 0, 0, 1]
    again = Store.open(f"sqlite:///{store.location}")
    assert seconds(again, "x", 0) == 1
    again.close()


def test_who_guesses_does_not_keep_others_out(store: Store) -> None:
    """Attack 9."""
    group = join(store, "Medan", "Utara")
    for number in range(8):
        seconds(store, "x", 100 * number)
    assert seconds(store, "x", 701) > 10
    assert rejoin(store, "Medan", "Utara", group.code, address="b", now=NOON)
    other = join(store, "Binjai", "Utara")
    assert rejoin(store, "Binjai", "Utara", other.code, address="a", now=NOON)


def test_guesses_from_many_addresses_wait_a_little(store: Store) -> None:
    """Attack 9: and never so long that a group could not go on."""
    join(store, "Medan", "Utara")
    waits = [seconds(store, "x", 0, address=str(n)) for n in range(40)]
    assert waits[:30] == [0] * 30
    for number in range(1, 41):
        assert seconds(store, "x", 10 * number, address=f"b{number}") == 0
        assert 0 < seconds(store, "x", 10 * number, address=f"c{number}") <= 5


def test_a_clock_that_is_set_back_keeps_nobody_out(store: Store) -> None:
    join(store, "Medan", "Utara")
    for _ in range(3):
        seconds(store, "x", 86_400)
    assert seconds(store, "x", 0) == 1


def test_a_wrong_code_is_logged_without_the_code(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """Attack 9."""
    join(store, "Medan", "Utara")
    refused("group_unknown", rejoin, store, "Medan", "Utara", "SECRET", address="10.0.0.7\nx")
    (line,) = caplog.messages
    assert "medan" in line
    assert "10.0.0.7" in line
    assert "SECRET" not in line
    assert "\n" not in line


def test_reading_makes_no_file(store: Store, tmp_path: Path) -> None:
    assert board(store, "Medan", ASPECTS) == []
    refused("group_unknown", rejoin, store, "Medan", "Utara", "0000")
    assert list(tmp_path.iterdir()) == []


def test_of_many_who_take_one_name_at_once_one_gets_it(store: Store) -> None:
    join(store, "Medan", "Pertama")
    got: list[Group] = []
    codes: list[str] = []
    begin = threading.Barrier(8)

    def rush() -> None:
        own = Store.open(f"sqlite:///{store.location}")
        begin.wait()
        try:
            got.append(join(own, "Medan", "Utara"))
        except DataError as error:
            codes.extend(issue.code for issue in error.issues)
        own.close()

    threads = [threading.Thread(target=rush) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert codes == ["group_taken"] * 7


def test_groups_that_save_at_once_all_keep_theirs(store: Store) -> None:
    groups = [join(store, "Medan", f"Kelompok {n}") for n in range(6)]
    own = {g.name: EQUAL.rebalanced("market", 10.0 * n) for n, g in enumerate(groups)}
    begin = threading.Barrier(6)

    def save(group: Group) -> None:
        mine = Store.open(f"sqlite:///{store.location}")
        begin.wait()
        for _ in range(5):
            weigh(mine, group, own[group.name])
        mine.close()

    threads = [threading.Thread(target=save, args=(group,)) for group in groups]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert entered(store, "Medan") == own
    assert weigh(store, groups[0], EQUAL) == 6


def test_a_store_that_does_not_answer_says_why(tmp_path: Path) -> None:
    (tmp_path / "no.sqlite").write_bytes(b"this is no database" * 100)
    broken = Store.open(f"sqlite:///{tmp_path}/no.sqlite")
    refused("store_damaged", join, broken, "Medan", "Utara")
    refused("store_damaged", board, broken, "Medan", ASPECTS)
