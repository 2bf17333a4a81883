import json

import pytest

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.evaluation.activation import activate, activate_previous, require_sound
from tests.shelved_models import bars, shelve, write_network


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path, mnist=None)


def test_a_sound_model_is_activated(paths):
    shelve("ours", paths)
    activate("ours", paths)
    assert paths.active_model().name == "ours"
    activate("shipped", paths)
    assert paths.active_model().name == "shipped"


@pytest.mark.parametrize(
    ("network", "complaint"),
    [
        pytest.param({"outputs": 9}, "can't read cells|9 values", id="nine answers"),
        pytest.param({"softmax": False}, "don't sum to one", id="no softmax"),
        pytest.param({"weight": float("nan")}, "no number", id="not a number"),
        pytest.param({"side": 14}, "can't read cells of 28×28", id="other cells"),
        pytest.param({}, "not the network that its card is about", id="another network"),
    ],
)
def test_an_unsound_network_is_not_activated(paths, network, complaint):
    files = shelve("ours", paths)
    write_network(files.onnx, **network)
    with pytest.raises(ModelError, match=f"ours was not activated.*({complaint})"):
        activate("ours", paths)
    assert paths.active_model().name == "shipped"


def test_what_is_no_network_is_not_activated(paths):
    shelve("ours", paths).onnx.write_bytes(b"no network")
    with pytest.raises(ModelError, match="damaged"):
        activate("ours", paths)


def test_a_card_that_promises_more_is_found_out(paths):
    files = shelve("ours", paths)
    card = json.loads(files.card.read_text())
    card["confusion_matrix"] = [[0] * 10 for _ in range(10)]
    card["confusion_matrix"][1][1] = len(bars())
    files.card.write_text(json.dumps(card))
    with pytest.raises(ModelError, match="contradict"):
        require_sound(files)


def test_damaged_test_results_are_found_out(paths):
    files = shelve("ours", paths)
    files.evaluation.write_bytes(b"no archive")
    with pytest.raises(ModelError, match=r"evaluation\.npz is damaged"):
        require_sound(files)


def test_a_model_without_test_results_is_checked_as_far_as_it_goes(paths):
    files = shelve("ours", paths)
    files.evaluation.unlink()
    require_sound(files)


def test_a_network_that_broke_meanwhile_is_not_gone_back_to(paths):
    files = shelve("ours", paths)
    activate("ours", paths)
    shelve("theirs", paths)
    activate("theirs", paths)
    write_network(files.onnx, softmax=False)
    with pytest.raises(ModelError, match=r"ours was not activated.*sum to one"):
        activate_previous(paths)
    assert paths.active_model().name == "theirs"


def test_back_leads_to_a_sound_network(paths):
    shelve("ours", paths)
    activate("ours", paths)
    assert activate_previous(paths) == "shipped"
    assert paths.active_model().name == "shipped"
