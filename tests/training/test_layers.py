import pytest

from mnist_core.training.layers import Conv, Dense, Flatten, Norm, Pool, count_multiply_adds


@pytest.mark.parametrize(
    ("layers", "count"),
    [
        pytest.param((Flatten(),), 784 * 10, id="linear"),
        pytest.param((Flatten(), Dense(5)), 784 * 5 + 5 * 10, id="dense"),
        pytest.param((Conv(3, 5), Flatten()), 784 * 25 * 3 + 784 * 3 * 10, id="same"),
        pytest.param((Conv(3, 5, 2), Flatten()), 196 * 25 * 3 + 196 * 3 * 10, id="same with a stride"),
        pytest.param((Conv(3, 5, padding="valid"), Flatten()), 576 * 25 * 3 + 576 * 3 * 10, id="valid"),
        pytest.param(
            (Conv(3, 5, 2, "valid"), Flatten()), 144 * 25 * 3 + 144 * 3 * 10, id="valid with a stride"
        ),
        pytest.param((Pool(), Pool(), Pool(), Flatten()), 9 * 10, id="pooling leaves a rest out"),
        pytest.param((Norm(), Flatten()), 784 * 10, id="norm"),
    ],
)
def test_multiplications_are_counted_layer_by_layer(layers, count):
    assert count_multiply_adds(layers) == count


def test_each_output_of_the_heads_counts():
    assert count_multiply_adds((Flatten(),), outputs=13) == 784 * 13
