"""The register page takes a file in: what it is taken for, how far it is, what became of it."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from time import monotonic, sleep

import pytest
from streamlit.testing.v1 import AppTest

from ikmgeo.analysis import Inputs
from ikmgeo.reading import worker
from ikmgeo.register import households, taking_in
from ikmgeo.register.store import Register
from ikmgeo.register.taking_in import Step, Taken
from ikmgeo.ui.state import intake
from ikmgeo.ui.state.intake import Intake
from tests.pages import screen
from tests.pages.screen import SAY, address, read, sound
from tests.registered import COFFEES, OTHER, VILLAGE, registered

SAY_ID = SAY["id"]
WAIT_S = 120
GOOD = "Nama Usaha,Nama Pemilik,KBLI 2020,Kode Desa,Tenaga Kerja"
NIK = "1207231505800001"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    """An empty register, and a server on which nobody has brought a file."""
    monkeypatch.setenv("IKMGEO_REGISTER", str(tmp_path / "register"))
    intake._desk.clear()
    yield Register(tmp_path / "register")
    intake.stop()
    intake._desk.clear()


def bring(name: str, *lines: str) -> AppTest:
    app = screen.run("register", lang="id", section="files")
    return app.file_uploader[0].set_value((name, "\n".join(lines).encode(), "text/csv")).run()


def take(app: AppTest) -> AppTest:
    """Press the button and look until the file is in."""
    [button] = [b for b in app.button if b.label == SAY_ID("units.take_in")]
    return until(button.click().run(), lambda: bool(app.success))


def until(app: AppTest, met: Callable[[], bool]) -> AppTest:
    began = monotonic()
    while not met():
        assert monotonic() - began < WAIT_S
        sleep(0.2)
        app.run()
        assert not app.error, words(app)
    return app


def told(values: Iterable[str]) -> list[str]:
    """Markdown as it is read."""
    return [value.replace("\\", "") for value in values]


def words(app: AppTest) -> str:
    return " ".join(read(app).split())


def test_a_file_is_taken_in_on_the_page_without_peoples_data(store: Register) -> None:
    app = sound(
        bring(
            "unit.csv",
            GOOD,
            f"Kopi Satu,Rahmat Hidayat,10761,{VILLAGE},3",
            f"Kopi Dua,Siti Aminah,10761,{VILLAGE},2",
            "Kopi Tiga,Rahmat Hidayat,10761,9999999999,2",
        )
    )
    assert "Nama usaha ← Nama Usaha" in words(app)
    assert "Kode KBLI ← KBLI 2020" in words(app)
    assert SAY_ID("register.personal_dropped", columns="Nama Pemilik (nama orang)") in words(app)
    (shown,) = app.dataframe
    assert list(shown.value) == ["Nama Usaha", "KBLI 2020", "Kode Desa", "Tenaga Kerja"]
    take(app)
    assert told(app.success.values) == ["unit.csv: unit usaha 2, baris yang dikembalikan 1"]
    assert store.version().units == 2
    (back,) = [b for b in app.get("download_button") if b.label == SAY_ID("own.rejected_csv")]
    returned = intake.current().back.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(returned))] == ["row", "4"]
    assert "Rahmat" not in returned
    assert back
    assert not list(Path(intake.current().folder.name).glob("brought/*"))
    screen.press(app, "units.see")
    assert address(app).get("section", "units") == "units"
    assert "2 dari 2 unit ditampilkan" in read(app)


def test_the_same_file_changes_nothing(store: Register) -> None:
    lines = GOOD, f"Kopi Satu,Rahmat Hidayat,10761,{VILLAGE},3"
    take(bring("unit.csv", *lines))
    intake._desk.clear()
    again = take(bring("unit.csv", *lines))
    assert told(again.info.values) == [SAY_ID("register.known", file="unit.csv")]
    assert store.version().number == 1


def test_a_column_that_is_not_recognised_is_chosen_by_the_reader(store: Register) -> None:
    app = sound(bring("unit.csv", "Nama Usaha,Dibuat apa,Kode Desa", f"A,Keripik,{VILLAGE}"))
    refused = SAY_ID("issue.register_no_product", headings="")
    assert refused.split(".")[0] in words(app)
    (button,) = [b for b in app.button if b.label == SAY_ID("units.take_in")]
    assert button.disabled
    app.selectbox("columns-units-products").set_value("Dibuat apa")
    screen.press(app, "own.read_again")
    assert "Rincian produk ← Dibuat apa" in words(app)
    take(app)
    with store.connect(store.version()) as connection:
        assert connection.execute("SELECT product FROM units").fetchall() == [("Keripik",)]


def test_what_cannot_be_read_says_so_and_may_be_followed_by_another_file() -> None:
    app = bring("kosong.csv", "")
    assert told(app.error.values) == [SAY_ID("base.refused", file="kosong.csv")]
    good = f"{GOOD}\nKopi Satu,Rahmat,10761,{VILLAGE},3".encode()
    app.file_uploader[0].set_value(("unit.csv", good, "text/csv")).run()
    assert "Kode KBLI ← KBLI 2020" in words(sound(app))


def test_a_name_is_text_and_no_path(store: Register) -> None:
    name = "../../<b>a*b</b>.csv"
    app = take(bring(name, GOOD, f"Kopi Satu,Rahmat,10761,{VILLAGE},3"))
    assert "<b>a*b" not in screen.html(app)
    (entry,) = store.version().entries
    assert "/" not in entry.file
    assert not list(store.folder.parent.glob("*.csv"))


@pytest.fixture
def going(store: Register) -> "Iterator[Intake]":
    """A file that somebody else is taking in."""
    with tempfile.TemporaryDirectory() as folder:
        held = tempfile.TemporaryDirectory(dir=folder)
        now = Intake("provinsi.csv", "of another", held, Future[Taken]())
        intake._desk().now = now
        taking_in.noted(Path(held.name) / "step.json", Step("reading", 40_000, 0.4))
        yield now


def test_everybody_sees_what_is_being_taken_in_and_may_cancel_it(going: Intake) -> None:
    app = screen.run("register", lang="id", section="files")
    far = SAY_ID("register.step_reading", file="provinsi.csv", share="40", rows="40.000")
    assert told(bar.proto.text for bar in app.get("progress")) == [far]
    screen.press(app, "own.cancel")
    assert going.future.cancelled()
    assert app.get("progress") == []  # and nothing of what another brought


def test_one_file_is_taken_in_at_a_time(going: Intake) -> None:
    app = sound(bring("unit.csv", GOOD, f"Kopi Satu,Rahmat,10761,{VILLAGE},3"))
    screen.press(app, "units.take_in")
    assert SAY_ID("issue.register_busy") in words(app)
    going.future.cancel()
    take(app)


def test_who_cancels_can_take_the_same_file_in_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = sound(bring("unit.csv", GOOD, f"Kopi Satu,Rahmat,10761,{VILLAGE},3"))
    with monkeypatch.context() as held:
        held.setattr(worker, "started", lambda *_: Future())
        screen.press(app, "units.take_in")
    [cancel] = [b for b in app.button if b.label == SAY_ID("own.cancel")]
    cancel.click().run()
    assert told(app.error.values) == [SAY_ID("base.refused", file="unit.csv")]
    assert SAY_ID("issue.intake_cancelled") in words(app)
    [again] = [b for b in app.button if b.label == SAY_ID("units.take_in")]
    until(again.click().run(), lambda: bool(app.success))


def bring_households(app: AppTest, *lines: str) -> AppTest:
    (control,) = [box for box in app.file_uploader if box.label == SAY_ID("units.households_label")]
    return control.set_value(("kk.csv", "\n".join(lines).encode(), "text/csv")).run()


def test_with_a_table_of_households_their_share_can_be_asked_for(
    tmp_path: Path, shipped: Inputs
) -> None:
    """Twelve of coffee among 60 households are a fifth; six of cassava among 31 are less."""
    registered(tmp_path, shipped)
    app = screen.run("register", lang="id", section="files")
    sound(bring_households(app, "Kode Desa,Jumlah KK", f"{VILLAGE},60", f"{OTHER},31"))
    assert "kk.csv: 2 desa" in read(app)
    again = screen.run("register", lang="id", definition="bps")  # for everyone from now on
    (table,) = again.dataframe
    assert table.value["units"].tolist() == [COFFEES]
    assert table.value["households"].tolist() == [20]
    (definition,) = [box for box in again.selectbox if box.label == SAY_ID("units.definition")]
    assert len(definition.options) == 3


def test_a_table_without_households_is_refused_and_the_one_before_stays(store: Register) -> None:
    app = screen.run("register", lang="id", section="files")
    sound(bring_households(app, "Kode Desa,Jumlah KK", f"{VILLAGE},60"))
    bring_households(app, "Kode Desa,Nama", f"{VILLAGE},Anu")
    assert told(app.error.values) == [SAY_ID("base.refused", file="kk.csv")]
    there = households.kept(store)
    assert there
    assert there.counts.to_dict() == {VILLAGE: 60}


def test_a_damaged_table_of_households_is_told_and_nothing_else_ends(store: Register) -> None:
    store.folder.mkdir()
    (store.folder / "households.json").write_text("{")
    app = screen.run("register", lang="id", section="files")
    assert SAY_ID("issue.register_damaged") in words(app)
    sound(bring_households(app, "Kode Desa,Jumlah KK", f"{VILLAGE},60"))
    assert "kk.csv: 1 desa" in read(app)
