"""Streamlit's names that are not public: the installed release has them, and does with them what we need."""

import logging
import subprocess
import sys
from types import SimpleNamespace

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.bidi_component import serialization
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFileRec
from streamlit.testing.v1 import AppTest

from mnist_core.config import PROJECT_FOLDER
from mnist_core.serving.uploads import UploadedBytes
from pages.shared import resources, streamlit_internals

ENDED_SESSION = """
import time, weakref
from types import SimpleNamespace
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from pages.shared.streamlit_internals import forget_ended_sessions

class Session:
    id = "ended"

storage = MemorySessionStorage(ttl_seconds=0.5)
runtime = Runtime(RuntimeConfig(
    script_path="app.py",
    media_file_storage=MemoryMediaFileStorage("/media"),
    uploaded_file_manager=MemoryUploadedFileManager("/upload"),
    session_storage=storage,
))
ended = Session()
seen = weakref.ref(ended)
uploads = runtime.uploaded_file_mgr
for session in ("ended", "here"):
    uploads.add_file(session, UploadedFileRec("1", "a.png", "image/png", b"x"))
runtime._session_mgr._active_session_info_by_id["here"] = SimpleNamespace(session=SimpleNamespace(id="here"))
storage.save(SimpleNamespace(session=ended))
forget_ended_sessions(runtime)
print(*uploads.file_storage)
del ended
time.sleep(0.6)
print("stored" if seen() else "gone")
forget_ended_sessions(runtime)
print("stored" if seen() else "gone")
print(*uploads.file_storage)
"""


def test_streamlit_asks_of_a_component_s_data_whether_it_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(serialization, "is_dataframe_like", asked.append)
    serialization.serialize_mixed_data({"drawing": {"objects": []}}, BidiComponent())
    assert asked == [{"objects": []}]


def test_no_dictionary_is_taken_for_a_table_but_tables_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serialization, "is_dataframe_like", serialization.is_dataframe_like)  # put back after
    streamlit_internals.look_for_no_tables()
    pandas = pytest.importorskip("pandas")
    assert not serialization.is_dataframe_like({})
    assert serialization.is_dataframe_like(pandas.DataFrame({"a": [1]}))


def test_sessions_that_ended_leave_the_memory_with_their_uploads() -> None:
    command = [sys.executable, "-c", ENDED_SESSION]
    finished = subprocess.run(command, cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True)
    assert finished.stdout.splitlines() == ["ended here", "stored", "gone", "here"]


def test_server_goes_on_and_warns_where_sessions_are_stored_elsewhere(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(resources, "_HOUSEKEEPING_S", 0)
    with caplog.at_level(logging.WARNING):
        resources._free_memory_regularly(object())  # type: ignore[arg-type]
    assert "stay in memory" in caplog.text


def test_tests_find_the_installed_components_once() -> None:
    found = manifest_scanner.scan_component_manifests
    AppTest.from_string("import streamlit_drawable_canvas").run()
    before = found.cache_info()
    app = AppTest.from_string("import streamlit_drawable_canvas").run()
    assert not app.exception
    assert found.cache_info().hits == before.hits + 1
    assert found.cache_info().misses == 1


def test_uploads_are_counted_as_streamlit_holds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = MemoryUploadedFileManager("/upload")
    monkeypatch.setattr(Runtime, "_instance", SimpleNamespace(uploaded_file_mgr=manager))
    for session, size in (("one", 3), ("one", 5), ("other", 20)):
        manager.add_file(session, UploadedFileRec(str(size), "a.png", "image/png", b"x" * size))
    assert streamlit_internals.uploaded_bytes("one") == UploadedBytes(session=8, server=28)
    manager.remove_session_files("one")
    assert streamlit_internals.uploaded_bytes("one") == UploadedBytes(session=0, server=20)


def test_an_upload_that_was_read_is_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = MemoryUploadedFileManager("/upload")
    monkeypatch.setattr(Runtime, "_instance", SimpleNamespace(uploaded_file_mgr=manager))
    monkeypatch.setattr(streamlit_internals, "is_served", lambda: True)
    monkeypatch.setattr(streamlit_internals, "current_session_id", lambda: "one")
    for file_id in ("a", "b"):
        manager.add_file("one", UploadedFileRec(file_id, "a.png", "image/png", b"xyz"))
    streamlit_internals.free_upload("a")
    assert streamlit_internals.uploaded_bytes("one") == UploadedBytes(session=3, server=3)
    assert [each.file_id for each in manager.get_files("one", ["a", "b"])] == ["b"]


def test_upload_that_is_gone_is_told_from_one_that_is_there() -> None:
    assert streamlit_internals.is_lost_upload(DeletedFile("1"))
    assert not streamlit_internals.is_lost_upload(object())


def test_apptest_is_no_server() -> None:
    def script() -> None:
        import streamlit as st

        from pages.shared.streamlit_internals import is_served

        st.text(is_served())

    assert AppTest.from_function(script).run().text[0].value == "False"
    assert not streamlit_internals.is_served()
