"""The files of one session have together a bounded size, whichever way they came.

Streamlit keeps every file that is sent to its upload address until the session ends, also those
that no control asked for.
"""

from streamlit.runtime import Runtime, exists
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from ikmgeo.reading.bounds import MB
from ikmgeo.ui.state import installation

MOST_FILES = 50
"""Of one session; also empty ones take memory."""


class BoundedFiles(MemoryUploadedFileManager):
    """Forgets a session's oldest files where a new one would be too much.

    What was read from a file outlives it, so that nobody who brings one after another notices.
    """

    def add_file(self, session_id: str, file: UploadedFileRec) -> None:
        """Keep a file, if it alone is not too much."""
        most = installation.settings().session_mb * MB
        self.remove_file(session_id, file.file_id)
        if len(file.data) > most:
            return
        with self._lock:
            held = {i: len(f.data) for i, f in self.file_storage.get(session_id, {}).items()}
        total = sum(held.values()) + len(file.data)
        for left, (oldest, size) in zip(range(len(held), 0, -1), held.items(), strict=True):
            if total <= most and left < MOST_FILES:
                break
            self.remove_file(session_id, oldest)
            total -= size
        super().add_file(session_id, file)


def bound() -> None:
    """Let the running server keep files so; it offers no setting for it."""
    if exists():
        files = Runtime.instance().uploaded_file_mgr
        if type(files) is MemoryUploadedFileManager:
            files.__class__ = BoundedFiles
