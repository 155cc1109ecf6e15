"""Lists of centers in the store: versions, names, drafts, and what is in them."""

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ikmgeo import analysis
from ikmgeo.errors import DataError
from ikmgeo.reading.own import Listed, Own
from ikmgeo.reading.validate import Checked
from ikmgeo.records import shelf
from ikmgeo.records.lists import CenterList, Content, name_of, new_list, packed
from ikmgeo.records.store import MIGRATION_TABLE, Store
from ikmgeo.words.messages import Messages
from tests.shipped_data import shipped_inputs

SHIPPED = shipped_inputs()
FILE = "nama;komoditas;lintang;bujur;skor;pasar\nSentra é 🌋;kopi;2,30;99,00;40,1;0,3\n".encode()
NOBODY = "0" * 16


def checked(content: bytes) -> Checked:
    """What becomes of a file."""
    return analysis.read_list(content, SHIPPED, name="f.csv", limit_mb=1)


def written(*lines: str) -> bytes:
    return "\n".join(("center_id;nama;komoditas;lintang;bujur", *lines)).encode()


def listed(*lines: str) -> pd.DataFrame:
    """Good rows of a file."""
    return checked(written(*lines)).good


CONTENT = Content(checked(FILE).good, FILE)


def a_list(name: str = "Sentra Karo", **fields: Any) -> CenterList:
    """A new one, ready to be saved by Ani."""
    made = new_list("sentra karo.csv", CONTENT.centers, 2)
    return replace(made, name=name, **{"saved_by": "Ani"} | fields)


def refused(act: Callable[[], object]) -> str:
    """The one code of a refusal, whose sentence is whole in both languages."""
    with pytest.raises(DataError) as error:
        act()
    (issue,) = error.value.issues
    for language in ("id", "en"):
        assert not set(Messages(language).issue(issue)) & set("{}")
    return issue.code


class Keeping:
    """What holds for every database; the module that runs it has a fixture ``url``."""

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        store = Store.open(url)
        yield store
        store.close()

    def test_an_empty_store_has_no_lists(self, store: Store) -> None:
        assert shelf.latest(store) == shelf.history(store, NOBODY) == []
        shelf.purge(store)

    def test_a_saved_list_comes_back_whole_after_a_restart(self, store: Store, url: str) -> None:
        given = a_list(mapping={"nama": "name_id"}, remark="dari Dinas")
        before = datetime.now(UTC)
        saved = shelf.save(store, given, CONTENT)
        assert saved.saved_at is not None
        assert before <= saved.saved_at <= datetime.now(UTC)
        stored = replace(given, version=1, content_id=saved.content_id, saved_at=saved.saved_at)
        assert saved == stored
        other = Store.open(url)
        assert shelf.latest(other) == [saved]
        assert shelf.file(other, saved) == FILE
        found = shelf.centers(other, saved)
        pd.testing.assert_frame_equal(found, CONTENT.centers)
        # The literal values, so that a rounding or an encoding would show.
        (row,) = found.itertuples()
        assert (row.name_id, row.lat, row.score_total, row.market) == (
            "Sentra é 🌋",
            2.3,
            40.1,
            0.3,
        )
        other.close()

    def test_a_new_file_is_a_new_version_and_the_old_one_stays(self, store: Store) -> None:
        first = shelf.save(store, a_list(), CONTENT)
        more = listed("a;A;kopi;2,3;99", "b;B;kopi;2,4;99")
        changed = replace(first, file_name="b.csv", good=2, saved_by="Budi")
        second = shelf.save(store, changed, Content(more, b"b"))
        assert (second.version, second.base_version, second.crossed) == (2, 1, False)
        assert shelf.history(store, first.list_id) == [first, second]
        assert shelf.latest(store) == [second]
        assert list(shelf.centers(store, second).index) == ["a", "b"]
        assert [shelf.file(store, one) for one in (first, second)] == [FILE, b"b"]

    def test_two_that_began_with_one_version_both_stay_and_the_second_is_told(
        self, store: Store
    ) -> None:
        start = shelf.save(store, a_list(), CONTENT)
        ours = shelf.save(store, replace(start, remark="ours"), CONTENT)
        theirs = shelf.save(store, replace(start, remark="theirs"), CONTENT)
        assert (ours.crossed, theirs.crossed) == (False, True)
        assert [one.remark for one in shelf.history(store, start.list_id)] == ["", "ours", "theirs"]

    def test_many_that_save_at_once_each_get_a_version(self, store: Store, url: str) -> None:
        start = shelf.save(store, a_list(), CONTENT)

        def save(name: str) -> None:
            own = Store.open(url, busy_s=60)
            shelf.save(own, replace(start, saved_by=name), CONTENT)
            own.close()

        threads = [threading.Thread(target=save, args=(f"n{n}",)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = shelf.history(store, start.list_id)
        assert [one.version for one in found] == list(range(1, 8))
        assert {one.saved_by for one in found} == {"Ani", *(f"n{n}" for n in range(6))}

    def test_to_hide_to_show_and_to_go_back_are_versions(self, store: Store) -> None:
        first = shelf.save(store, a_list(), CONTENT)
        changed = replace(first, good=1, file_name="b.csv")
        second = shelf.save(store, changed, Content(listed("a;A;kopi;2,3;99"), b"b"))
        hidden = shelf.revise(store, first.list_id, "Budi", hidden=True)
        shown = shelf.revise(store, first.list_id, "Citra", hidden=False)
        back = shelf.restore(store, first.list_id, 1, "Dedi")
        assert shelf.latest(store) == [back]
        found = shelf.history(store, first.list_id)
        assert found == [first, second, hidden, shown, back]
        assert [one.hidden for one in found] == [False, False, True, False, False]
        assert [one.saved_by for one in found] == ["Ani", "Ani", "Budi", "Citra", "Dedi"]
        assert [one.crossed for one in found] == [False] * 5
        assert shelf.file(store, back) == FILE
        assert back.content_id == first.content_id  # not a copy

    def test_what_is_not_there_is_named(self, store: Store) -> None:
        saved = shelf.save(store, a_list(), CONTENT)
        for nobody in (NOBODY, "", "x" * 99, "' OR 1=1 --", "\ud800"):
            assert refused(partial(shelf.revise, store, nobody, "Ani", hidden=True)) == (
                "list_unknown"
            )
            assert shelf.history(store, nobody) == []
        gone = replace(saved, content_id="x")
        assert refused(lambda: shelf.centers(store, gone)) == "list_unknown"
        for version in (0, 2, 2**70):
            back = partial(shelf.restore, store, saved.list_id, version, "Ani")
            assert refused(back) == "version_unknown"

    def test_a_name_is_readable_and_no_two_lists_have_one(self, store: Store) -> None:
        first = shelf.save(store, a_list("Sentra Karo"), CONTENT)
        for name, code in {
            "": "list_name_invalid",
            "  ": "list_name_invalid",
            "x" * 101: "list_name_invalid",
            "a\0b": "list_name_invalid",
            "SENTRA karo": "list_name_taken",
        }.items():
            assert refused(partial(shelf.save, store, a_list(name), CONTENT)) == code
        assert refused(lambda: shelf.save(store, a_list(saved_by=" "), CONTENT)) == "cell_missing"
        assert shelf.latest(store) == [first]
        other = shelf.save(store, a_list("Toba"), CONTENT)
        taken = refused(lambda: shelf.revise(store, other.list_id, "Ani", name="sentra karo"))
        assert taken == "list_name_taken"
        shelf.revise(store, first.list_id, "Ani", hidden=True)
        shelf.revise(store, other.list_id, "Ani", name="Sentra Karo")
        back = refused(lambda: shelf.revise(store, first.list_id, "Ani", hidden=False))
        assert back == "list_name_taken"

    def test_lists_come_by_name(self, store: Store) -> None:
        for name in ("toba", "Asahan", "Karo"):
            shelf.save(store, a_list(name), CONTENT)
        assert [one.name for one in shelf.latest(store)] == ["Asahan", "Karo", "toba"]

    def test_a_draft_is_there_for_who_knows_its_id_until_somebody_saves_it(
        self, store: Store
    ) -> None:
        draft = shelf.save(store, a_list("sentra.csv", draft=True, saved_by=""), CONTENT)
        assert shelf.latest(store) == []
        assert shelf.latest(store, {draft.list_id, NOBODY}) == [draft]
        told = {"draft": False, "name": "Sentra Karo"}
        saved = shelf.revise(store, draft.list_id, "Ani", **told)
        assert shelf.latest(store) == [saved]
        assert (saved.version, saved.name, saved.content_id) == (2, "Sentra Karo", draft.content_id)
        earlier = shelf.restore(store, draft.list_id, 1, "Ani")
        assert (earlier.draft, shelf.latest(store)) == (False, [earlier])

    def test_drafts_go_after_a_week_and_with_them_what_was_in_them(self, store: Store) -> None:
        kept = shelf.save(store, a_list(), CONTENT)
        draft = shelf.save(store, a_list(draft=True), CONTENT)
        again = shelf.save(store, draft, CONTENT)
        promoted = shelf.save(store, a_list("Toba", draft=True), CONTENT)
        shelf.revise(store, promoted.list_id, "Ani", draft=False)
        assert again.saved_at is not None
        week = again.saved_at + timedelta(days=7)
        shelf.purge(store, week - timedelta(seconds=1))
        assert len(shelf.history(store, draft.list_id)) == 2
        shelf.purge(store, week + timedelta(minutes=1))
        assert shelf.history(store, draft.list_id) == []
        assert [one.name for one in shelf.latest(store, {draft.list_id})] == ["Sentra Karo", "Toba"]
        with store.reading() as connection:
            assert connection is not None
            left = set(connection.execute(sa.select(shelf.CONTENTS.c.content_id)).scalars())
        assert left == {kept.content_id, promoted.content_id}

    def test_drafts_take_a_bounded_space_and_the_oldest_go_first(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        size = sum(map(len, packed(CONTENT).values())) / 1_000_000
        monkeypatch.setattr(shelf, "DRAFTS_MB", 2.5 * size)
        drafts = [shelf.save(store, a_list(draft=True), CONTENT) for _ in range(4)]
        shelf.purge(store)
        ids = {one.list_id for one in drafts}
        assert {one.list_id for one in shelf.latest(store, ids)} == {d.list_id for d in drafts[2:]}

    def test_the_tables_are_those_that_the_migrations_make(self, store: Store) -> None:
        shelf.save(store, a_list(), CONTENT)
        known = set(shelf.VERSIONS.metadata.tables)
        options = {
            "version_table": MIGRATION_TABLE,
            "include_object": lambda _, name, kind, *__: kind != "table" or name in known,
        }
        with store.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, shelf.VERSIONS.metadata) == []

    @pytest.mark.parametrize("spoiled", [b"", b"PAR1", b"\x80\x04K\x01."])
    def test_what_something_else_wrote_is_reported(self, store: Store, spoiled: bytes) -> None:
        saved = shelf.save(store, a_list(), CONTENT)
        with store.writing() as connection:
            broken = {"centers": spoiled, "file": spoiled}
            connection.execute(sa.update(shelf.CONTENTS).values(broken))
        assert refused(lambda: shelf.centers(store, saved)) == "store_damaged"
        assert refused(lambda: shelf.file(store, saved)) == "store_damaged"
        other = io.BytesIO()
        pd.DataFrame({"x": [1]}).to_parquet(other)
        with store.writing() as connection:
            connection.execute(sa.update(shelf.CONTENTS).values(centers=other.getvalue()))
        assert refused(lambda: shelf.centers(store, saved)) == "store_damaged"


class TestSqlite(Keeping):
    """The rules for every database, with SQLite."""

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/kept.sqlite"


def test_any_program_reads_the_rows() -> None:
    table = pq.read_table(io.BytesIO(packed(CONTENT)["centers"]))
    assert table.column("name_id").to_pylist() == ["Sentra é 🌋"]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("IKM_Karo_2026.xlsx", "IKM Karo 2026"),
        ("sentra", "sentra"),
        (".csv", ".csv"),
        ("\0\x07.csv", "–"),
        ("x" * 300 + ".csv", "x" * 100),
        ("a.b.geojson", "a.b"),
    ],
)
def test_a_list_is_called_as_its_file_until_told_otherwise(file: str, expected: str) -> None:
    assert name_of(file) == expected


# Several lists together

A, B = "aaaaaaaa00000000", "bbbbbbbb00000000"


def of(list_id: str, name: str, *lines: str) -> Listed:
    return Listed(list_id, name, listed(*lines))


def test_centers_of_several_lists_each_know_theirs_and_share_no_id() -> None:
    a = of(A, "A", "k7;Satu;kopi;2,30;99", "1;Dua;kopi;2,31;99", ";Tiga;kopi;2,32;99")
    b = of(B, "B", "k7;Empat;kopi;2,33;99", "1;Lima;kopi;2,34;99", ";Enam;kopi;2,35;99")
    both = Own.of([b, a], in_place=True)
    assert both.name == "B + A"
    assert both.centers["list"].to_dict() == {
        **{"k7": "A", "aaaaaaaa-1": "A", "aaaaaaaa-u0001": "A"},
        **{"k7-bbbbbbbb": "B", "bbbbbbbb-1": "B", "bbbbbbbb-u0001": "B"},
    }
    assert sorted(both.centers["name_id"]) == ["Dua", "Empat", "Enam", "Lima", "Satu", "Tiga"]
    assert both.centers.index.name == "center_id"


def test_a_center_is_called_the_same_whatever_is_shown_beside_it() -> None:
    """Assessments go by the id: a number that two lists use must not lead to the other's."""
    a = of(A, "A", "1;Satu;kopi;2,30;99", "sentra-1;Dua;kopi;2,31;99")
    b = of(B, "B", "1;Tiga;kopi;2,33;99")
    alone, together = (Own.of(lists, in_place=False).centers for lists in ([a], [a, b]))
    for name in ("Satu", "Dua"):
        ids = [table.index[table["name_id"] == name][0] for table in (alone, together)]
        assert ids[0] == ids[1]
    assert list(Own.of([b], in_place=True).centers.index) == ["bbbbbbbb-1"]


def test_no_id_that_a_file_gives_makes_two_centers_one() -> None:
    a = of(A, "A", "1;Satu;kopi;2,30;99", "aaaaaaaa-1;Dua;kopi;2,31;99", "k;Tiga;kopi;2,32;99")
    b = of(B, "B", "k;Empat;kopi;2,33;99", "k-bbbbbbbb;Lima;kopi;2,34;99")
    both = Own.of([a, b], in_place=True).centers
    assert both.index.is_unique
    assert sorted(both["name_id"]) == ["Dua", "Empat", "Lima", "Satu", "Tiga"]
