import pytest

from mnist_core.config import Places
from mnist_core.errors import ModelError
from mnist_core.keeping.cards import save_card
from mnist_core.keeping.entries import new_model_folder
from mnist_core.keeping.shelf import (
    activate_model,
    list_models,
    remove_model,
    show_model,
)
from tests.keeping.sample_card import CARD


@pytest.fixture
def places(tmp_path):
    return Places(home=tmp_path / "home", mnist=None)


@pytest.fixture
def shelved(places):
    def put(name):
        with new_model_folder(places.model(name).folder) as files:
            files.keras.write_bytes(b"weights")
            files.onnx.write_bytes(b"network")
            save_card(CARD, files.card)

    return put


def names(places):
    return [entry.name for entry in list_models(places)]


def test_an_empty_shelf_holds_the_shipped_model(places):
    (entry,) = list_models(places)
    assert (entry.name, entry.active, entry.problem) == ("shipped", True, None)


def test_models_are_listed_by_name_after_the_shipped_one(places, shelved):
    shelved("zebra")
    shelved("ant")
    assert names(places) == ["shipped", "ant", "zebra"]
    assert show_model("ant", places).card == CARD


def test_a_damaged_model_is_listed_as_such(places, shelved):
    shelved("broken")
    shelved("whole")
    places.model("broken").card.write_text("{")
    _, broken, whole = list_models(places)
    assert "damaged" in broken.problem
    assert whole.problem is None


def test_a_missing_file_is_named(places, shelved):
    shelved("half")
    places.model("half").onnx.unlink()
    assert "model.onnx" in show_model("half", places).problem
    with pytest.raises(ModelError, match=r"not activated.*model\.onnx"):
        activate_model("half", places)


def test_what_is_no_model_is_not_listed(places, shelved):
    shelved("ant")
    (places.models / "notes.txt").write_text("mine")
    (places.models / ".partial-x").mkdir()
    (places.models / "shipped").mkdir()
    assert names(places) == ["shipped", "ant"]


def test_activating_and_removing_move_the_pointer(places, shelved):
    shelved("ant")
    activate_model("ant", places)
    assert places.active_model() == places.model("ant")
    assert [entry.active for entry in list_models(places)] == [False, True]
    remove_model("ant", places)
    assert names(places) == ["shipped"]
    assert list_models(places)[0].active
    assert not list(places.models.iterdir())


def test_the_shipped_model_stays(places):
    with pytest.raises(ModelError, match="can't be removed"):
        remove_model("shipped", places)


@pytest.mark.parametrize("act", [show_model, activate_model, remove_model])
def test_unknown_and_impossible_names_are_told(places, act):
    with pytest.raises(ModelError, match="no model 'nobody'"):
        act("nobody", places)
    with pytest.raises(ModelError, match="can't be a model's name"):
        act("../../etc", places)


def test_a_taken_name_is_refused(places, shelved):
    shelved("ant")
    with pytest.raises(ModelError, match="already"):
        shelved("ant")
    assert show_model("ant", places).problem is None


def break_off_writing(target, replace=False):
    with new_model_folder(target, replace) as files:
        files.keras.write_bytes(b"half")
        raise InterruptedError


def test_a_model_half_written_leaves_nothing(places):
    with pytest.raises(InterruptedError):
        break_off_writing(places.model("ant").folder)
    assert not list(places.models.iterdir())


def test_a_model_half_written_leaves_the_one_before(places, shelved):
    shelved("ant")
    with pytest.raises(InterruptedError):
        break_off_writing(places.model("ant").folder, replace=True)
    assert show_model("ant", places).problem is None
    assert [path.name for path in places.models.iterdir()] == ["ant"]


def test_a_home_that_is_a_file_is_told(tmp_path):
    home = tmp_path / "home"
    home.write_text("in the way")
    with (
        pytest.raises(ModelError, match="No model can be written"),
        new_model_folder(home / "models" / "ant"),
    ):
        pass
