"""The store of assessments: rules that hold for every database, and SQLite's own."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from ikmgeo.errors import DataError, Issue
from ikmgeo.records import store as store_module
from ikmgeo.records.assessments import COMMODITY, FORM, PLAN, Assessment, frame
from ikmgeo.records.groups import board
from ikmgeo.records.store import FAILURES, MIGRATION_TABLE, VERSIONS, Store
from ikmgeo.settings import Settings
from ikmgeo.words.messages import Messages
from tests.rated import ASPECTS

ROOT = Path(__file__).parents[1]
UNKNOWN = "00000000-0000-4000-8000-000000000000"
HOSTILE = (
    "'; DROP TABLE assessment_versions; --",
    'a"b\\c`$%s %(x)s :x ? \\u0000 {{ 7*7 }} ${7*7} {0}',
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "=HYPERLINK(1)\t+1\r\n-2\n@x",
    "e\u0301 é \u202egnirts\u202c \u200b\ufeff 🌋👩\u200d🔬 ᯅᯖᯂ \U0010ffff",
    "  spaces around \u00a0",
)
SAVER = """
import sys
from datetime import date
from ikmgeo.records.assessments import Assessment
from ikmgeo.records.store import Store

url, assessment_id, name, count = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
store = Store.open(url, busy_s=60)
for number in range(int(count)):
    given = {"author": name, "assessed_on": date(2026, 1, 2), "comment": str(number)}
    given |= {"assessment_id": assessment_id} if assessment_id else {}
    store.save(Assessment(center_id="karo", **given))
"""


def assessment(**changes: Any) -> Assessment:
    """A new one, with an id of its own."""
    given: dict[str, Any] = {
        "center_id": "karo",
        "author": "Dinas Karo",
        "assessed_on": date(2026, 1, 2),
    }
    return Assessment(**(given | changes))


ID = "5b0f4a52-6d0e-4b3c-9d3f-0f7b1c1f8a11"
SIX = {**dict.fromkeys(ASPECTS), "production": 100.0, "market": 0.30000000000000004}


def upgrade(store: Store, revision: str) -> None:
    """Bring an empty database to an earlier revision."""
    config = Config()
    config.set_main_option("script_location", "ikmgeo.records:migrations")
    if store.path:
        store.path.parent.mkdir(parents=True, exist_ok=True)
    with store.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        options = {"connection": connection, "version_table": MIGRATION_TABLE}
        config.attributes["options"] = options
        command.upgrade(config, revision)


def insert(store: Store, name: str, *rows: dict[str, Any]) -> None:
    """Put rows into a table as it stands."""
    with store.engine.begin() as connection:
        table = sa.Table(name, sa.MetaData(), autoload_with=connection)
        for row in rows:
            connection.execute(sa.insert(table).values(row))


def code(error: pytest.ExceptionInfo[DataError]) -> str:
    """The one code of a failure."""
    (issue,) = error.value.issues
    return issue.code


def save_in_processes(url: str, *, count: int, assessment_id: str = "") -> None:
    """Two processes that begin to save at the same time."""
    savers = [
        subprocess.Popen(
            [sys.executable, "-c", SAVER, url, assessment_id, name, str(count)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("first", "second")
    ]
    for saver in savers:
        assert saver.stdout is not None
        assert saver.stdout.readline() == "ready\n"
    for saver in savers:
        assert saver.stdin is not None
        saver.stdin.write("\n")
        saver.stdin.flush()
    for saver in savers:
        _, trouble = saver.communicate(timeout=120)
        assert saver.returncode == 0, trouble


def in_threads(*work: Any) -> None:
    """Run functions at the same time; the first exception of any is raised here."""
    together = threading.Barrier(len(work))
    failed: list[BaseException] = []

    def run(one: Any) -> None:
        together.wait()
        try:
            one()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=[one]) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in failed:
        raise error


class Behaviour:
    """What holds for every database; the module that runs it has a fixture ``url``."""

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        store = Store.open(url)
        yield store
        store.close()

    def test_an_empty_store_lists_nothing(self, store: Store) -> None:
        assert store.latest() == []
        assert store.history(UNKNOWN) == []

    def test_a_saved_assessment_comes_back_whole(self, store: Store, url: str) -> None:
        given = assessment(
            scores={"market": 0.1 + 0.2, "production": 0, "institutional": 100, "ie_linkage": None},
            indicators={"market": {"Merek": 1 / 3, "Pasar ekspor": None}},
            notes={"market": "ramai"},
            evidence={"production": "foto 3"},
            ratings={"swot": {"strong": ["a", {"n": 1.5, "b": True, "none": None}]}, "10": 10**20},
            actions=["b", "a"],
            comment="baris 1\nbaris 2",
            assessed_on=date(1999, 12, 31),
        )
        before = datetime.now(UTC)
        saved = store.save(given)
        after = datetime.now(UTC)
        assert saved.saved_at is not None
        assert before <= saved.saved_at <= after
        assert saved.saved_at.utcoffset() == timedelta(0)
        # The literal scores, so that a rounding by the database would show.
        scores = {
            "institutional": 100.0,
            "production": 0.0,
            "market": 0.30000000000000004,
            "sustainability": None,
            "sez_linkage": None,
            "ie_linkage": None,
        }
        expected = replace(
            given, scores=scores, version=1, saved_by="Dinas Karo", saved_at=saved.saved_at
        )
        assert saved == expected
        other = Store.open(url)  # as after a restart
        assert other.latest() == [expected]
        assert other.history(given.assessment_id) == [expected]
        assert list(other.latest()[0].ratings) == ["swot", "10"]
        other.close()

    def test_the_table_for_scoring_takes_what_is_stored(self, store: Store) -> None:
        store.save(assessment(scores={"market": 40}))
        table = frame(store.latest(), ASPECTS)
        assert table["market"].tolist() == [40.0]
        assert table["production"].isna().tolist() == [True]

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_texts_come_back_as_they_were(self, store: Store, text: str) -> None:
        given = assessment(
            center_id=text,
            author=text,
            comment=text,
            notes={"market": text},
            evidence={"market": text},
            indicators={"market": {text: 1.0}},
            ratings={text: [text]},
            actions={text: text},
        )
        store.save(given)
        (loaded,) = store.latest()
        fields = ("center_id", "author", "comment", "notes", "evidence", "indicators")
        for name in (*fields, "ratings", "actions", "saved_by"):
            assert getattr(loaded, name) == getattr(replace(given, saved_by=text), name)

    def test_the_longest_texts_come_back(self, store: Store) -> None:
        given = assessment(
            comment="🌋" * 10_000, ratings={"a": "x" * 199_991}, actions=["é" * 30_000]
        )
        store.save(given)
        (loaded,) = store.latest()
        assert (loaded.comment, loaded.ratings, loaded.actions) == (
            given.comment,
            given.ratings,
            given.actions,
        )

    def test_saving_never_overwrites(self, store: Store) -> None:
        first = store.save(assessment(scores={"market": 10}))
        second = store.save(replace(first, scores={"market": 20}, author="Bappeda"))
        assert (second.version, second.base_version, second.crossed) == (2, 1, False)
        assert (second.author, second.saved_by) == ("Bappeda", "Bappeda")
        assert store.latest() == [second]
        assert store.history(first.assessment_id) == [first, second]

    def test_what_is_defective_is_refused_and_nothing_is_saved(self, store: Store) -> None:
        with pytest.raises(DataError) as error:
            store.save(assessment(scores={"market": 170.06}, author=""))
        assert [i.code for i in error.value.issues] == ["cell_missing", "score_out_of_range"]
        assert store.latest() == []

    def test_two_that_started_from_one_version_both_stay(self, store: Store) -> None:
        start = store.save(assessment())
        ours = store.save(replace(start, comment="ours"))
        theirs = store.save(replace(start, comment="theirs"))
        assert [(a.version, a.base_version) for a in (ours, theirs)] == [(2, 1), (3, 1)]
        assert (ours.crossed, theirs.crossed) == (False, True)
        assert [a.comment for a in store.history(start.assessment_id)] == ["", "ours", "theirs"]

    def test_a_form_that_names_its_base_keeps_it(self, store: Store) -> None:
        start = store.save(assessment())
        store.save(replace(start, comment="meanwhile"))
        form = assessment(assessment_id=start.assessment_id, base_version=1)
        saved = store.save(form)
        assert (saved.version, saved.base_version, saved.crossed) == (3, 1, True)

    def test_an_assessment_stays_with_its_center(self, store: Store) -> None:
        first = store.save(assessment())
        with pytest.raises(DataError) as error:
            store.save(replace(first, center_id="langkat"))
        assert code(error) == "center_differs"
        assert store.history(first.assessment_id) == [first]
        sentence = Messages("en").issue(error.value.issues[0])
        assert "karo" in sentence
        assert "langkat" in sentence

    def test_one_center_can_have_several_assessments(self, store: Store) -> None:
        a, b = store.save(assessment()), store.save(assessment())
        assert a.assessment_id != b.assessment_id
        assert [x.version for x in store.latest()] == [1, 1]

    def test_latest_is_sorted_by_center_and_date(self, store: Store) -> None:
        late = store.save(assessment(center_id="b", assessed_on=date(2026, 1, 3)))
        early = store.save(assessment(center_id="b", assessed_on=date(2026, 1, 2)))
        capital = store.save(assessment(center_id="Z"))
        first = store.save(assessment(center_id="a"))
        assert store.latest() == [capital, first, early, late]

    def test_hiding_is_a_version_and_can_be_undone(self, store: Store) -> None:
        first = store.save(assessment(scores={"market": 10}))
        hidden = store.hide(first.assessment_id, "Admin")
        assert store.latest() == []
        assert store.latest(include_hidden=True) == [hidden]
        shown = store.show(first.assessment_id, "Ketua")
        assert store.latest() == [shown]
        assert store.history(first.assessment_id) == [first, hidden, shown]
        assert [a.hidden for a in (first, hidden, shown)] == [False, True, False]
        assert [a.saved_by for a in (first, hidden, shown)] == ["Dinas Karo", "Admin", "Ketua"]
        assert [a.base_version for a in (first, hidden, shown)] == [0, 1, 2]
        same: dict[str, Any] = {"version": 1, "base_version": 0, "saved_at": first.saved_at}
        assert replace(shown, **same, saved_by="Dinas Karo") == first

    def test_restoring_is_a_version_equal_to_the_old_one(self, store: Store) -> None:
        first = store.save(assessment(scores={"market": 10}, ratings={"a": [1]}, comment="x"))
        store.save(replace(first, scores={"market": 20}, ratings={}, author="Bappeda"))
        store.hide(first.assessment_id, "Admin")
        restored = store.restore(first.assessment_id, 1, "Ketua")
        assert (restored.version, restored.base_version, restored.crossed) == (4, 3, False)
        assert (restored.author, restored.saved_by) == ("Dinas Karo", "Ketua")
        same: dict[str, Any] = {"version": 1, "base_version": 0, "saved_at": first.saved_at}
        assert replace(restored, **same, saved_by="Dinas Karo") == first
        assert store.latest() == [restored]
        assert len(store.history(first.assessment_id)) == 4

    @pytest.mark.parametrize("nobody", [UNKNOWN, "", "x", "\0", "' OR 1=1 --", "\ud800"])
    def test_an_unknown_assessment_is_named(self, store: Store, nobody: str) -> None:
        store.save(assessment())
        assert store.history(nobody) == []
        for change in (
            lambda: store.hide(nobody, "Admin"),
            lambda: store.show(nobody, "Admin"),
            lambda: store.restore(nobody, 1, "Admin"),
        ):
            with pytest.raises(DataError) as error:
                change()
            assert code(error) == "assessment_unknown"
            Messages("id").issue(error.value.issues[0]).encode()  # can be shown
        assert len(store.latest()) == 1

    @pytest.mark.parametrize("version", [0, -1, 3, 2**31, 2**70])
    def test_an_unknown_version_is_named(self, store: Store, version: int) -> None:
        first = store.save(assessment())
        store.save(first)
        with pytest.raises(DataError) as error:
            store.restore(first.assessment_id, version, "Admin")
        assert code(error) == "version_unknown"
        assert len(store.history(first.assessment_id)) == 2
        assert "1" in Messages("id").issue(error.value.issues[0])

    @pytest.mark.parametrize("author", ["", "  ", "\0", "x" * 201])
    def test_who_hides_or_restores_must_say_who_he_is(self, store: Store, author: str) -> None:
        first = store.save(assessment())
        for change in (
            lambda: store.hide(first.assessment_id, author),
            lambda: store.restore(first.assessment_id, 1, author),
        ):
            with pytest.raises(DataError):
                change()
        assert store.history(first.assessment_id) == [first]

    def test_what_no_longer_passes_the_checks_can_still_be_hidden(self, store: Store) -> None:
        first = store.save(assessment())
        with store.engine.begin() as connection:  # as when a clock was wrong
            connection.execute(sa.update(VERSIONS).values(assessed_on=date(2999, 1, 1)))
        hidden = store.hide(first.assessment_id, "Admin")
        assert (hidden.hidden, hidden.assessed_on) == (True, date(2999, 1, 1))
        assert store.latest() == []

    def test_assessments_of_commodities_are_kept_apart_from_those_of_centers(
        self, store: Store
    ) -> None:
        """Audit missing 4: a commodity is rated beside the centers, and counts for none."""
        center = store.save(assessment())
        commodity = store.save(assessment(center_id=f"{COMMODITY}coffee"))
        assert store.latest() == [center]
        assert store.latest(of_commodities=True) == [commodity]
        assert [a.commodity for a in (center, commodity)] == ["", "coffee"]
        assert store.of("g").latest(of_commodities=True) == []

    def test_threads_that_save_at_once_all_keep_their_version(self, url: str) -> None:
        shared, own = Store.open(url, busy_s=60), Store.open(url, busy_s=60)
        start = shared.save(assessment())

        def saver(store: Store, name: str) -> Any:
            return lambda: [store.save(replace(start, author=name)) for _ in range(10)]

        in_threads(saver(shared, "a"), saver(shared, "b"), saver(own, "c"))
        history = shared.history(start.assessment_id)
        assert [a.version for a in history] == list(range(1, 32))
        assert sorted(a.author for a in history[1:]) == ["a"] * 10 + ["b"] * 10 + ["c"] * 10
        shared.close()
        own.close()

    def test_threads_that_open_a_new_store_at_once_all_save(self, url: str) -> None:
        stores = [Store.open(url, busy_s=60) for _ in range(3)]
        in_threads(*(lambda s=store: s.save(assessment()) for store in stores))
        assert len(stores[0].latest()) == 3
        for store in stores:
            store.close()

    def test_processes_that_save_one_assessment_at_once_keep_all(self, store: Store) -> None:
        url = store.engine.url.render_as_string(hide_password=False)
        one = str(uuid4())
        save_in_processes(url, count=15, assessment_id=one)  # and both create the database
        history = store.history(one)
        assert [a.version for a in history] == list(range(1, 31))
        told = sorted((a.author, int(a.comment)) for a in history)
        assert told == [(name, n) for name in ("first", "second") for n in range(15)]

    def test_processes_that_save_one_center_at_once_keep_all(self, store: Store) -> None:
        url = store.engine.url.render_as_string(hide_password=False)
        save_in_processes(url, count=10)
        told = sorted((a.author, int(a.comment), a.version) for a in store.latest())
        assert told == [(name, n, 1) for name in ("first", "second") for n in range(10)]

    def test_the_migrations_make_the_table_that_the_code_uses(self, store: Store) -> None:
        store.migrate()
        store.migrate()  # has nothing left to do
        tables = VERSIONS.metadata.tables  # others have modules of their own
        options = {
            "version_table": MIGRATION_TABLE,
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "table" or name in tables,
        }
        with store.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=options)
            # SQLite's type names say less; the columns and keys are compared all the same.
            assert compare_metadata(context, VERSIONS.metadata) == []

    def test_a_database_of_the_first_revision_keeps_its_assessments(self, store: Store) -> None:
        upgrade(store, "0001")
        saved_at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        old = {
            **{"assessment_id": ID, "version": 1, "base_version": 0, "center_id": "karo-coffee"},
            **{"author": "Dinas", "assessed_on": date(2026, 1, 2), "comment": "", "hidden": False},
            **{"saved_by": "Dinas", "saved_at": saved_at, "actions": [], **SIX},
            **{key: {} for key in ("indicators", "notes", "evidence", "ratings")},
        }
        insert(store, "assessment_versions", old, old | {"version": 2, "market": 0.5})
        first, second = store.history(ID)
        scored = {aspect: score for aspect, score in SIX.items() if score is not None}
        assert (first.scores, second.scores) == (scored, scored | {"market": 0.5})
        assert (first.saved_at, first.center_name, first.group_id) == (saved_at, "", "")
        named = store.save(replace(second, center_name="Sentra Kopi Karo"))
        assert store.latest() == [named]
        assert (named.version, named.center_name) == (3, "Sentra Kopi Karo")

    def test_weights_that_groups_had_saved_in_columns_are_kept(self, store: Store) -> None:
        upgrade(store, "0005")
        weights = {**dict.fromkeys(ASPECTS, 100 / 7), "market": 200 / 7}
        saved = {"group_id": "g", "version": 1, "saved_at": datetime(2026, 1, 2, tzinfo=UTC)}
        insert(store, "group_weights", saved | weights)
        group = {"workshop": "w", "name_key": "a", "group_id": "g", "name": "A", "code": "ABCDEF"}
        insert(store, "workshop_groups", group | {"joined_at": saved["saved_at"]})
        (entry,) = board(store, "w", ASPECTS)
        assert entry.weights == weights

    def test_what_a_group_records_is_its_own(self, store: Store) -> None:
        north, south = store.of("north"), store.of("south")
        shared, own = store.save(assessment()), north.save(assessment(author="Utara"))
        assert store.latest() == store.versions() == [shared]
        assert north.latest() == north.versions() == north.history(own.assessment_id) == [own]
        assert own.group_id == "north"
        assert south.latest() == south.history(own.assessment_id) == []
        both = store.latest_of(["north", "south"])
        assert [(a.group_id, a.author) for a in both] == [("north", "Utara")]
        for other in (store, south):
            for change in (
                lambda other: other.save(replace(own, comment="x")),
                lambda other: other.hide(own.assessment_id, "Selatan"),
                lambda other: other.show(own.assessment_id, "Selatan"),
                lambda other: other.restore(own.assessment_id, 1, "Selatan"),
            ):
                with pytest.raises(DataError) as error:
                    change(other)
                assert [i.code for i in error.value.issues] == ["assessment_unknown"]
        assert north.hide(own.assessment_id, "Utara").hidden
        assert [a.version for a in north.history(own.assessment_id)] == [1, 2]

    def test_all_versions_come_by_id_and_number(self, store: Store) -> None:
        one, two = sorted((assessment(), assessment()), key=lambda a: a.assessment_id)
        first = store.save(two)
        store.save(one)
        store.save(replace(first, comment="b"))
        store.hide(one.assessment_id, "Dinas")
        found = [(a.assessment_id, a.version, a.hidden) for a in store.versions()]
        assert found == [
            (one.assessment_id, 1, False),
            (one.assessment_id, 2, True),
            (two.assessment_id, 1, False),
            (two.assessment_id, 2, False),
        ]

    def test_a_plan_and_a_form_that_pass_each_other_both_stay(self, store: Store) -> None:
        begun = store.save(assessment(scores={"market": 10}))
        plan = store.save(replace(begun, actions={"pinned": ["a"]}), only=PLAN)
        form = store.save(replace(begun, scores={"market": 20}), only=FORM)
        assert (plan.version, form.version) == (2, 3)
        assert (plan.crossed, form.crossed) == (False, False)
        assert (form.actions, form.scores["market"]) == ({"pinned": ["a"]}, 20)
        again = store.save(replace(plan, actions={"pinned": ["b"]}), only=PLAN)
        assert (again.crossed, again.scores["market"]) == (False, 20)

    def test_two_plans_that_pass_each_other_are_told(self, store: Store) -> None:
        begun = store.save(assessment())
        one, two = (replace(begun, actions={"pinned": [name]}) for name in "ab")
        assert not store.save(one, only=PLAN).crossed
        assert store.save(two, only=PLAN).crossed

    def test_a_form_that_passes_a_deletion_is_told_and_brings_it_back(self, store: Store) -> None:
        begun = store.save(assessment())
        store.hide(begun.assessment_id, "Dinas")
        saved = store.save(replace(begun, comment="x"), only=FORM)
        assert (saved.crossed, saved.hidden) == (True, False)

    def test_who_corrects_is_named_beside_the_author(self, store: Store) -> None:
        begun = store.save(assessment())
        saved = store.save(replace(begun, comment="x"), by="Tim B")
        assert (saved.author, saved.saved_by) == (begun.author, "Tim B")
        with pytest.raises(DataError) as error:
            store.save(saved, by="\0")
        assert code(error) == "text_invalid"

    def test_migrating_again_keeps_what_is_there(self, store: Store, url: str) -> None:
        saved = store.save(assessment())
        other = Store.open(url)
        other.migrate()
        assert other.latest() == [saved]
        other.close()

    def test_a_database_of_a_newer_version_is_refused(self, store: Store, url: str) -> None:
        store.save(assessment())
        with store.engine.begin() as connection:
            connection.execute(sa.text(f"UPDATE {MIGRATION_TABLE} SET version_num = '9999'"))
        newer = Store.open(url)
        for use in (newer.migrate, newer.latest, lambda: newer.save(assessment())):
            with pytest.raises(DataError) as error:
                use()
            assert code(error) == "store_newer"
        newer.close()
        with store.engine.connect() as connection:
            count = connection.execute(sa.select(sa.func.count()).select_from(VERSIONS)).scalar()
        assert count == 1

    def test_a_score_off_the_scale_that_something_else_wrote_is_reported(
        self, store: Store
    ) -> None:
        store.save(assessment(scores={"market": 10}))
        with store.engine.begin() as connection:
            connection.execute(sa.update(VERSIONS).values(scores={"market": 100.5}))
        with pytest.raises(DataError) as error:
            store.latest()
        assert code(error) == "store_damaged"

    def test_a_table_that_has_gone_is_reported(self, store: Store) -> None:
        store.save(assessment())
        with store.engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE assessment_versions"))
        with pytest.raises(DataError) as error:
            store.latest()
        assert code(error) == "store_damaged"

    def test_who_waits_too_long_for_another_is_told(self, store: Store, url: str) -> None:
        start = store.save(assessment())
        hasty = Store.open(url, busy_s=0.2)
        hasty.latest()
        with store.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as other:
            cells = store_module._row(start, 2)
            other.execute(sa.insert(VERSIONS).values(cells))
            with pytest.raises(DataError) as error:
                hasty.save(start)
            assert code(error) == "store_busy"
            assert len(hasty.latest()) == 1  # who only reads need not wait
        assert hasty.save(start).version == 3
        hasty.close()

    def test_nothing_of_a_save_that_failed_remains(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        start = store.save(assessment())
        with monkeypatch.context() as patch:
            patch.setattr(store_module, "_assessment", lambda _: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                store.save(start)
        assert store.history(start.assessment_id) == [start]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new folder % é" / "assessments.sqlite"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


class TestSqlite(Behaviour):
    """The rules for every database, with SQLite."""


def test_opening_and_reading_make_no_file(url: str, file: Path) -> None:
    store = Store.open(url)
    assert store.latest() == []
    assert store.history(UNKNOWN) == []
    assert not file.parent.exists()
    store.save(assessment())
    assert file.exists()


def test_the_default_is_a_file_in_the_folder_of_user_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    store = Store.open()
    assert store.location == str(tmp_path / "ikmgeo" / "assessments.sqlite")
    assert list(tmp_path.iterdir()) == []
    store.save(assessment())
    assert Path(store.location).exists()


def test_the_setting_names_another_store(tmp_path: Path) -> None:
    none, empty = Settings.from_environment({}), Settings.from_environment({"IKMGEO_DATA": ""})
    assert (none.database_url, empty.database_url) == (None, None)
    assert Settings.from_environment({"IKMGEO_DATABASE_URL": ""}).database_url is None
    url = "postgresql://planner:secret@db.example/ikm"
    settings = Settings.from_environment({"IKMGEO_DATABASE_URL": url})
    assert settings.database_url == url
    assert "secret" not in repr(settings)


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Store.open("sqlite:///~/a.sqlite").location == str(tmp_path / "a.sqlite")


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("postgresql://planner:s3cret@db.example:6543/ikm", "planner@db.example:6543/ikm"),
        ("postgres://planner:s3cret@db.example/ikm", "planner@db.example/ikm"),
        ("postgresql+psycopg2://planner:s3cret@db.example/ikm", "planner@db.example/ikm"),
        ("postgresql://db.example/ikm?password=s3cret&sslpassword=s3cret", "db.example/ikm"),
    ],
)
def test_the_location_of_a_server_has_no_password(url: str, location: str) -> None:
    store = Store.open(url)
    assert store.location == f"postgresql://{location}"
    assert store.engine.url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        "mysql://planner:s3cret@db.example/ikm",
        "postgresql://planner:s3cret@db.example:port/ikm",
        "postgresqlx://planner:s3cret@db.example/ikm",
        "planner:s3cret@db.example",
        "/var/lib/s3cret.sqlite",
        "{{ s3cret }}",
        "\0",
    ],
)
def test_an_url_of_nothing_known_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(DataError) as error:
        Store.open(url)
    assert code(error) == "store_url_invalid"
    assert "s3cret" not in str(error.value)
    assert error.value.__cause__ is None
    for language in ("id", "en"):
        assert "IKMGEO_DATABASE_URL" in Messages(language).issue(error.value.issues[0])


def test_every_save_is_written_through_to_the_disk(url: str) -> None:
    store = Store.open(url)
    store.save(assessment())
    with store.engine.connect() as connection:
        pragmas = ("synchronous", "journal_mode", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert found == [2, "wal", 10_000]  # 2 is FULL


def test_at_rest_the_store_is_a_single_file(url: str, file: Path, tmp_path: Path) -> None:
    saved = Store.open(url).save(assessment())
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    copy = shutil.copy(file, tmp_path / "copy.sqlite")
    assert Store.open(f"sqlite:///{copy}").latest() == [saved]


def test_threads_that_make_several_stores_at_once_do_not_mix_them(tmp_path: Path) -> None:
    stores = [Store.open(f"sqlite:///{tmp_path}/{number}.sqlite") for number in range(20)]
    in_threads(*(lambda s=store: s.save(assessment(center_id=s.location)) for store in stores))
    for store in stores:
        assert [a.center_id for a in store.latest()] == [store.location]


def test_a_file_that_was_removed_meanwhile_is_made_again(url: str, file: Path) -> None:
    store = Store.open(url)
    store.save(assessment())
    file.unlink()
    assert store.latest() == []
    saved = store.save(assessment(center_id="langkat"))
    assert store.latest() == [saved]


def test_a_database_without_our_table_gets_it(url: str, file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        # Another program's migrations are none of ours.
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
        other.execute("INSERT INTO alembic_version VALUES ('theirs')")
    store = Store.open(url)
    assert store.latest() == []
    saved = store.save(assessment())
    assert store.latest() == [saved]


@pytest.mark.parametrize("content", [b"%PDF-1.7" + b"x" * 5_000, b"SQLite format 3\0" + b"x" * 900])
def test_a_file_that_is_no_database_is_reported_and_left_alone(
    url: str, file: Path, content: bytes
) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    store = Store.open(url)
    for use in (store.latest, lambda: store.save(assessment())):
        with pytest.raises(DataError) as error:
            use()
        assert code(error) == "store_damaged"
    assert file.read_bytes() == content


@pytest.mark.parametrize(
    "change",
    [
        *("ratings = 'x{'", "assessed_on = 'noon'", "saved_at = 5", "comment = x'ff00'"),
        *("notes = '[1]'", "notes = '{\"market\": 1}'", "evidence = 'null'", "ratings = '[]'"),
        *("indicators = '{\"market\": [1]}'", 'indicators = \'{"market": {"A": "b"}}\''),
        *("actions = '5'", "scores = '[]'", "scores = '{\"market\": 100.1}'"),
        "scores = '{\"market\": true}'",
    ],
)
def test_a_cell_that_something_else_has_written_is_reported(
    url: str, file: Path, change: str
) -> None:
    """Attack 10."""
    store = Store.open(url)
    store.save(assessment())
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute(f"UPDATE assessment_versions SET {change}")
    with pytest.raises(DataError) as error:
        store.latest()
    assert code(error) == "store_damaged"


def test_a_full_disk_is_reported_and_the_store_stays_whole(url: str, file: Path) -> None:
    store = Store.open(url)
    start = store.save(assessment())
    saved = [start]

    def no_more_pages(connection: Any, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size instead

    sa.event.listen(store.engine, "connect", no_more_pages)

    def fill() -> None:
        while len(saved) < 50:
            saved.append(store.save(replace(start, comment="x" * 10_000)))

    with pytest.raises(DataError) as error:
        fill()
    assert code(error) == "store_full"
    sa.event.remove(store.engine, "connect", no_more_pages)
    assert store.history(start.assessment_id) == saved
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert store.save(start).version == len(saved) + 1


def test_a_database_that_only_reads_is_reported(url: str) -> None:
    store = Store.open(url)
    saved = store.save(assessment())

    @sa.event.listens_for(store.engine, "connect")
    def only_reads(connection: Any, _: object) -> None:
        connection.execute("PRAGMA query_only = 1")

    assert store.latest() == [saved]
    with pytest.raises(DataError) as error:
        store.save(saved)
    assert code(error) == "store_read_only"


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder that a process without rights can reach; root's own rights know no limits."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o777)
    root = os.geteuid() == 0
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_file_without_the_right_to_write_is_reported(as_nobody: Path) -> None:
    store = Store.open(f"sqlite:///{as_nobody}/a.sqlite")
    saved = store.save(assessment())
    Path(store.location).chmod(0o444)
    if os.geteuid() == 0:
        os.seteuid(65_534)
    with pytest.raises(DataError) as error:
        store.save(saved)
    assert code(error) == "store_read_only"


def test_a_folder_without_the_right_to_write_is_reported(as_nobody: Path) -> None:
    as_nobody.chmod(0o555)
    store = Store.open(f"sqlite:///{as_nobody}/ikmgeo/a.sqlite")
    if os.geteuid() == 0:
        os.seteuid(65_534)
    with pytest.raises(DataError) as error:
        store.save(assessment())
    assert code(error) == "store_read_only"


def test_a_folder_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("x")
    store = Store.open(f"sqlite:///{tmp_path}/folder/a.sqlite")
    with pytest.raises(DataError) as error:
        store.save(assessment())
    assert code(error) == "store_unavailable"


def test_a_file_that_is_a_folder_is_reported(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}")
    for use in (store.latest, lambda: store.save(assessment())):
        with pytest.raises(DataError) as error:
            use()
        assert code(error) == "store_unavailable"


def test_a_failure_tells_nobody_what_was_written(url: str) -> None:
    store = Store.open(url, busy_s=0.1)
    start = store.save(assessment())
    with (
        store.engine.execution_options(begin="BEGIN IMMEDIATE").begin(),
        pytest.raises(DataError) as error,
    ):
        store.save(replace(start, comment="confidential"))
    told = [str(error.value), str(error.value.__cause__)]
    assert not any("confidential" in text for text in told)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_failure_has_a_sentence(language: str) -> None:
    say = Messages(language)
    for name in (*FAILURES, "store_damaged", "store_newer"):
        sentence = say.issue(Issue(name, "/data/assessments.sqlite"))
        assert sentence.startswith("/data/assessments.sqlite")
        assert not set(sentence) & set("{}")
    issue = Issue("assessment_unknown", "a.sqlite", None, "assessment_id", UNKNOWN)
    assert UNKNOWN in say.issue(issue)
