"""One session holds at most a stated sum of files, also of those that no control asked for."""

import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.web.server.server import UPLOAD_FILE_ENDPOINT
from websockets.sync.client import connect

from ikmgeo.reading.bounds import MB
from ikmgeo.settings import Settings
from ikmgeo.ui.state.uploads import MOST_FILES, BoundedFiles
from tests.conftest import Server, serving

XSRF = "_streamlit_xsrf"


def test_a_session_forgets_its_oldest_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "from_environment", lambda: Settings(session_mb=3))
    files = BoundedFiles("/upload")

    def add(session: str, name: str, size: int) -> list[str]:
        files.add_file(session, UploadedFileRec(name, name, "", bytes(size)))
        return list(files.file_storage.get(session, {}))

    assert add("a", "one", MB) == ["one"]
    assert add("a", "two", MB) == ["one", "two"]
    assert add("a", "two", 2 * MB) == ["one", "two"]  # in its own place
    assert add("a", "three", 2 * MB) == ["three"]
    assert add("a", "four", 3 * MB + 1) == ["three"]  # alone too much
    assert add("b", "five", 3 * MB) == ["five"]  # nobody else's
    assert add("a", "three", 1) == ["three"]
    for number in range(2 * MOST_FILES):
        add("a", str(number), 0)
    assert len(files.file_storage["a"]) == MOST_FILES


@contextmanager
def begun(app: Server) -> Iterator[tuple[str, str]]:
    """A session of the running app: its id, and the token that a browser would have."""
    with urllib.request.urlopen(f"{app.url}/_stcore/health") as answer:
        token = str(answer.headers["Set-Cookie"]).partition(f"{XSRF}=")[2].partition(";")[0]
    with connect(
        f"{app.url.replace('http', 'ws')}/_stcore/stream",
        subprotocols=["streamlit", token],
        origin=app.url,
        additional_headers={"Cookie": f"{XSRF}={token}"},
        max_size=None,
    ) as socket:
        first = BackMsg()
        first.rerun_script.query_string = ""
        socket.send(first.SerializeToString())
        session, told = "", ForwardMsg()
        while told.WhichOneof("type") != "script_finished":
            told = ForwardMsg.FromString(socket.recv(timeout=60))
            session = session or told.new_session.initialize.session_id
        yield session, token


def put(app: Server, session: str, token: str, size: int) -> int:
    """Send a file under an invented id, as no browser does."""
    line = f"--x\r\nContent-Disposition: form-data; name={uuid4()}; filename=a.csv\r\n\r\n"
    connection = HTTPConnection(urlsplit(app.url).netloc)
    connection.request(
        "PUT",
        f"{UPLOAD_FILE_ENDPOINT}/{session}/{uuid4()}",
        line.encode() + bytes(size) + b"\r\n--x--\r\n",
        {
            "Content-Type": "multipart/form-data; boundary=x",
            "X-Xsrftoken": token,
            "Cookie": f"{XSRF}={token}",
        },
    )
    status = connection.getresponse().status
    connection.close()
    return status


def held(app: Server) -> int:
    """Bytes of uploaded files that the server says it keeps."""
    with urllib.request.urlopen(f"{app.url}/_stcore/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return sum(int(float(line.split()[-1])) for line in lines if "UploadedFileManager" in line)


@pytest.mark.app
def test_a_running_server_keeps_no_more_of_a_session(tmp_path: Path) -> None:
    """Attack 6: six files of 60 MB under invented ids."""
    with serving(tmp_path) as app, begun(app) as (session, token):
        before = held(app)
        for _ in range(7):
            assert put(app, session, token, 60 * MB) == 204
        until = time.monotonic() + 60
        while (now := held(app)) == before and time.monotonic() < until:
            pass  # the server counts anew every few seconds only
        assert now - before == 300 * MB == Settings().session_mb * MB
        assert put(app, session, token, 201 * 1024 * 1024) == 413
