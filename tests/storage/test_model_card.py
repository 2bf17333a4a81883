import json
from dataclasses import replace

import pytest

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.storage.model_card import load_card, save_card
from tests.storage.sample_card import CARD


@pytest.mark.parametrize("threshold", [0.4, None], ids=["with digitness", "without"])
def test_a_card_comes_back_as_it_was(tmp_path, threshold):
    card = replace(CARD, digitness_threshold=threshold)
    save_card(card, tmp_path / "card.json")
    assert load_card(tmp_path / "card.json") == card
    assert [path.name for path in tmp_path.iterdir()] == ["card.json"]


def test_saving_replaces_the_card_before(tmp_path):
    save_card(CARD, tmp_path / "card.json")
    save_card(replace(CARD, seed=8), tmp_path / "card.json")
    assert load_card(tmp_path / "card.json").seed == 8


def test_missing_card_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"card\.json is missing"):
        load_card(tmp_path / "card.json")


def test_saving_where_nothing_can_be_written_is_told(tmp_path):
    with pytest.raises(ModelError, match="can't be written"):
        save_card(CARD, tmp_path / "gone" / "card.json")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("name", 3, id="name a number"),
        pytest.param("seed", "7", id="seed a text"),
        pytest.param("parameters", True, id="count a truth value"),
        pytest.param("temperature", "warm", id="temperature a text"),
        pytest.param("temperature", 1e999, id="temperature infinite"),
        pytest.param("digitness_threshold", 2.0, id="threshold over 1"),
        pytest.param("scores", [{"measure": "test", "right": 5, "total": 4}], id="more right than there are"),
        pytest.param("scores", {}, id="scores no list"),
        pytest.param("confusion_matrix", [[1]], id="matrix too small"),
        pytest.param("confusion_matrix", [[-1] * 10] * 10, id="matrix negative"),
        pytest.param("curves", [{"epoch": 1}], id="curve without values"),
        pytest.param("settings", [], id="settings no object"),
    ],
)
def test_wrong_values_are_refused(tmp_path, key, value):
    path = tmp_path / "card.json"
    save_card(CARD, path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    with pytest.raises(ModelError, match=r"card\.json is damaged"):
        load_card(path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b"{}", id="no keys"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"[" * 100_000, id="nested endlessly"),
    ],
)
def test_what_is_no_card_is_refused(tmp_path, content):
    path = tmp_path / "card.json"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"card\.json is damaged"):
        load_card(path)


def test_an_enormous_card_is_refused_unread(tmp_path):
    path = tmp_path / "card.json"
    path.write_bytes(b" " * 5_000_000)
    with pytest.raises(ModelError, match="too large"):
        load_card(path)


def test_the_shipped_card_is_whole():
    card = load_card(AppPaths.from_environment().model("shipped").card)
    assert card.name == "shipped"
    assert card.digitness_threshold is not None
    cells = next(score for score in card.scores if score.measure.startswith("MNIST, test cells: read right"))
    assert cells.total == sum(map(sum, card.confusion_matrix)) == 10_000
    assert cells.right == sum(card.confusion_matrix[digit][digit] for digit in range(10))
    assert cells.right >= 9_950


@pytest.mark.parametrize(
    ("key", "json_text"),
    [
        pytest.param("temperature", "1e999", id="endless"),
        pytest.param("temperature", "NaN", id="not a number"),
        pytest.param("temperature", "9" * 400, id="400 digits of a real number"),
        pytest.param("parameters", "9" * 400, id="400 digits of a count"),
        pytest.param("created", '"\\ud800"', id="half a letter"),
        pytest.param("settings", '{"a": ' * 900 + "1" + "}" * 900, id="nested deeply"),
        pytest.param("settings", '{"a": ' * 100_000 + "1" + "}" * 100_000, id="nested endlessly"),
        pytest.param("extra", "[" * 100_000 + "]" * 100_000, id="nested endlessly where no one looks"),
    ],
)
def test_hostile_json_is_a_sentence_and_no_crash(tmp_path, key, json_text):
    path = tmp_path / "card.json"
    save_card(CARD, path)
    content = json.loads(path.read_text()) | {key: "HERE"}
    path.write_text(json.dumps(content).replace('"HERE"', json_text))
    with pytest.raises(ModelError, match=r"card\.json is damaged: .*\.$"):
        load_card(path)


def test_what_a_newer_card_knows_more_is_left_out(tmp_path):
    path = tmp_path / "card.json"
    save_card(CARD, path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"colour": "blue"}))
    assert load_card(path) == CARD
