import json
import logging
import re

import pytest

from mnist_core.config import PROJECT_FOLDER, LogSettings
from mnist_core.errors import DataError, ModelError, UnreadableFileError
from mnist_core.logs import configure_logging, log_event, log_refusal


def caught(error):
    try:
        raise error
    except type(error) as raised:
        return raised


@pytest.mark.parametrize(
    ("value", "level", "as_json"),
    [
        (None, "INFO", False),
        ("", "INFO", False),
        ("debug", "DEBUG", False),
        ("json", "INFO", True),
        ("Warning, JSON", "WARNING", True),
    ],
)
def test_the_environment_says_what_is_logged_and_how(monkeypatch, value, level, as_json):
    monkeypatch.delenv("DIGITS_LOG", raising=False)
    if value is not None:
        monkeypatch.setenv("DIGITS_LOG", value)
    assert LogSettings.from_environment("INFO") == LogSettings(level, as_json)


def test_a_setting_that_is_not_understood_is_told_and_changes_nothing(monkeypatch, capsys):
    monkeypatch.setenv("DIGITS_LOG", "loud,json")
    configure_logging(LogSettings.from_environment("INFO"))
    record = json.loads(capsys.readouterr().err)
    assert (record["level"], record["event"], record["reason"]) == (
        "WARNING",
        "setting ignored",
        "DIGITS_LOG: loud",
    )


def test_a_record_is_one_line_whatever_is_in_it(capsys):
    configure_logging(LogSettings("INFO"))
    log_event("model activated", name="ours", reason='two\nlines, a "word"', empty="", count=3)
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert line.endswith(
        'INFO    model activated name=ours reason="two\\nlines, a \\"word\\"" empty="" count=3\n'
    )


def test_json_lines_hold_every_fact_and_no_fact_hides_the_event(capsys):
    configure_logging(LogSettings("INFO", as_json=True))
    log_event("model activated", logging.WARNING, name="ours\n", time="never", count=3)
    record = json.loads(capsys.readouterr().err)
    assert record.pop("time") > "2026"
    assert record == {"level": "WARNING", "event": "model activated", "name": "ours\n", "count": 3}


@pytest.mark.parametrize("as_json", [False, True])
def test_a_traceback_stays_in_its_record(capsys, as_json):
    configure_logging(LogSettings("INFO", as_json))
    logging.getLogger("mnist_core.reading").error("odd", exc_info=caught(ValueError("why\nnot")))
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "ValueError: why" in line


def test_less_than_the_level_is_left_out(capsys):
    configure_logging(LogSettings("WARNING"))
    log_event("seen", logging.WARNING)
    log_event("unseen")
    assert "unseen" not in capsys.readouterr().err


def test_configuring_again_does_not_write_twice(capsys):
    configure_logging(LogSettings("INFO"))
    configure_logging(LogSettings("INFO"))
    log_event("once")
    assert capsys.readouterr().err.count("once") == 1


def test_a_models_error_is_logged_in_its_own_words(caplog):
    log_refusal(caught(ModelError("The model's card is damaged.")), "models")
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.facts["reason"] == "The model's card is damaged."
    assert record.facts["where"] == "models"


@pytest.mark.parametrize("kind", [DataError, UnreadableFileError])
def test_what_may_name_a_file_is_logged_by_its_kind_and_its_line_of_code(caplog, kind):
    caplog.set_level("INFO", logger="mnist_core")
    log_refusal(caught(kind("holiday-with-anna.csv is damaged.")), "train")
    (record,) = caplog.records
    assert record.facts["error"] == kind.__name__
    assert record.facts["raised"].startswith("tests/test_logs.py:")
    assert "anna" not in str(vars(record))


def test_a_short_reason_takes_the_place_of_a_sentence(caplog):
    log_refusal(ModelError("Anna's run is under way.", "another run is under way"), "train")
    (record,) = caplog.records
    assert record.facts["reason"] == "another run is under way"
    assert record.facts["raised"] == ""
    assert "Anna" not in str(vars(record))


def test_the_documentation_has_every_event():
    sources = [path for folder in ("mnist_core", "pages") for path in (PROJECT_FOLDER / folder).rglob("*.py")]
    calls = [re.findall(r'log_event\(\s*"([^"]+)"', path.read_text(encoding="utf-8")) for path in sources]
    events = {event for found in calls for event in found}
    documented = (PROJECT_FOLDER / "docs" / "log.md").read_text(encoding="utf-8")
    assert "model activated" in events
    assert not [event for event in sorted(events) if f"`{event}`" not in documented]
