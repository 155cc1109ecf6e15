"""Groups of a workshop in a real database: who is in, what they weigh, and who may not."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ikmgeo.composite import Weights
from ikmgeo.errors import DataError
from ikmgeo.groups import CODE_SIGNS, MOST_GROUPS, Entry, Group, board, join, rejoin, weigh
from ikmgeo.store import Store

EQUAL, MARKET = Weights.equal(), Weights(10, 10, 50, 10, 10, 10)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/a.sqlite")
    yield opened
    opened.close()


def refused(code: str, work: object, *given: object, **named: object) -> None:
    with pytest.raises(DataError) as error:
        work(*given, **named)
    assert [issue.code for issue in error.value.issues] == [code]


def entered(store: Store, workshop: str) -> dict[str, Weights | None]:
    """Weights by the name of the group."""
    return {entry.name: entry.weights for entry in board(store, workshop)}


def test_groups_stand_in_the_order_of_joining_with_their_newest_weights(store: Store) -> None:
    north, south = join(store, "Medan", "Utara"), join(store, "Medan", "Selatan")
    join(store, "Medan", "Barat")
    assert weigh(store, south, EQUAL) == 1
    assert weigh(store, north, EQUAL) == 1
    assert weigh(store, north, MARKET) == 2
    assert entered(store, "Medan") == {"Utara": MARKET, "Selatan": EQUAL, "Barat": None}
    assert list(entered(store, "Medan")) == ["Utara", "Selatan", "Barat"]
    assert board(store, "Medan")[0] == Entry(north.group_id, "Utara", MARKET)


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
    for code in (wrong, "", "x", "😀", group.code + "0"):
        refused("group_unknown", rejoin, store, "Medan", "Utara", code)
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
    assert len(board(store, "Medan")) == MOST_GROUPS


def test_reading_makes_no_file(store: Store, tmp_path: Path) -> None:
    assert board(store, "Medan") == []
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
    refused("store_damaged", board, broken, "Medan")
