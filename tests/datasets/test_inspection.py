import numpy as np
import pytest

from mnist_core.config import SHIPPED_MODEL, AppPaths
from mnist_core.datasets.inspection import FindingKind, Remedy, apply_remedy, inspect_cells
from mnist_core.datasets.labelled_cells import Dataset, LabelledCells, no_cells
from mnist_core.reading.recognizer import Recognizer
from tests.pages.classroom import hand_drawn_cells


@pytest.fixture(scope="module")
def recognizer(tmp_path_factory):
    paths = AppPaths(home=tmp_path_factory.mktemp("home"), mnist=None)
    return Recognizer.open(paths.model(SHIPPED_MODEL))


@pytest.fixture(scope="module")
def digits():
    return LabelledCells(*hand_drawn_cells(each=20))


def changed(digits, change):
    return LabelledCells(np.ascontiguousarray(change(digits.cells)), digits.labels)


def shuffled_columns(cells, columns=784):
    order = np.arange(784)
    order[:columns] = np.random.default_rng(2).permutation(columns)
    return cells.reshape(-1, 784)[:, order].reshape(-1, 28, 28)


def swapped_columns(cells):
    pixels = cells.reshape(-1, 784).copy()
    pixels[:, [20, 406]] = pixels[:, [406, 20]]
    return pixels.reshape(-1, 28, 28)


def test_digits_as_they_should_be_are_not_remarked_upon(digits, recognizer):
    assert inspect_cells(digits, recognizer) == ()
    assert inspect_cells(no_cells(), recognizer) == ()


@pytest.mark.parametrize(
    ("change", "kind", "remedy"),
    [
        pytest.param(lambda cells: np.uint8(cells > 127), FindingKind.RANGE, Remedy.SCALE, id="0 and 1"),
        pytest.param(lambda cells: cells // 16, FindingKind.RANGE, Remedy.SCALE, id="0 to 15"),
        pytest.param(lambda cells: 255 - cells, FindingKind.POLARITY, Remedy.INVERT, id="black on white"),
        pytest.param(
            lambda cells: cells.transpose(0, 2, 1), FindingKind.ORIENTATION, Remedy.TRANSPOSE, id="transposed"
        ),
        pytest.param(lambda cells: cells[:, :, ::-1], FindingKind.ORIENTATION, Remedy.MIRROR, id="mirrored"),
        pytest.param(
            lambda cells: cells[:, ::-1, ::-1], FindingKind.ORIENTATION, Remedy.HALF_TURN, id="upside down"
        ),
        pytest.param(
            lambda cells: np.rot90(cells, -1, (1, 2)), FindingKind.ORIENTATION, Remedy.TURN_LEFT, id="turned"
        ),
    ],
)
def test_what_can_be_remedied_is_found_and_remedied(digits, recognizer, change, kind, remedy):
    table = changed(digits, change)
    (finding,) = inspect_cells(table, recognizer)
    assert (finding.kind, finding.remedy) == (kind, remedy)
    before = table.cells.copy()
    train, test = apply_remedy(Dataset("mine.csv", "", table, no_cells()), remedy)
    assert inspect_cells(train, recognizer) == ()
    assert not len(test)
    np.testing.assert_array_equal(table.cells, before)


def test_two_mistakes_in_one_table_are_both_found(digits, recognizer):
    table = changed(digits, lambda cells: np.uint8(cells < 127))
    assert [finding.remedy for finding in inspect_cells(table, recognizer)] == [Remedy.SCALE, Remedy.INVERT]


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        pytest.param(lambda cells: 0 * cells, FindingKind.BLANK, "no ink", id="blank"),
        pytest.param(swapped_columns, FindingKind.COLUMNS, "pixel20", id="two columns swapped"),
        pytest.param(shuffled_columns, FindingKind.COLUMNS, "others", id="columns without order"),
        pytest.param(
            lambda cells: np.concatenate([255 - cells[:80], cells[80:]]),
            FindingKind.POLARITY,
            "two kinds",
            id="both on white and on black",
        ),
    ],
)
def test_what_only_its_owner_can_apply_remedy_is_found(digits, recognizer, change, kind, words):
    finding = inspect_cells(changed(digits, change), recognizer)[0]
    assert (finding.kind, finding.remedy) == (kind, Remedy.NONE)
    assert words in finding.sentence


def test_labels_that_stand_with_other_pictures_are_found(digits, recognizer):
    table = LabelledCells(digits.cells, (digits.labels + 1) % 10)
    (finding,) = inspect_cells(table, recognizer)
    assert finding.kind is FindingKind.READING
    assert "only" in finding.sentence
