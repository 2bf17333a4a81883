"""Who hears of a change."""

from collections.abc import Iterator

import pytest

from pages.class_ import audience


@pytest.fixture
def rerun(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    ran: list[str] = []
    monkeypatch.setattr(audience, "rerun_session", lambda session: ran.append(session) or session != "gone")
    yield ran
    audience._SESSIONS.clear()


def visit(monkeypatch: pytest.MonkeyPatch, session: str, class_id: int) -> None:
    monkeypatch.setattr(audience, "current_session_id", lambda: session)
    audience.note_visit(class_id)


def test_a_class_s_own_visits_are_run_anew(monkeypatch: pytest.MonkeyPatch, rerun: list[str]):
    for session, class_id in (("a", 1), ("a", 1), ("b", 1), ("c", 2)):
        visit(monkeypatch, session, class_id)
    audience.show_change(1)
    assert sorted(rerun) == ["a", "b"]
    audience.show_change(3)
    assert sorted(rerun) == ["a", "b"]


def test_visits_that_are_over_are_forgotten(monkeypatch: pytest.MonkeyPatch, rerun: list[str]):
    visit(monkeypatch, "gone", 1)
    audience.show_change(1)
    audience.show_change(1)
    assert rerun == ["gone"]
