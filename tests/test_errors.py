import pickle

import pytest

from mnist_core import errors

KINDS = [errors.InvalidImageError, errors.UnreadableFileError, errors.ModelError, errors.DataError]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_caught_by_the_one_base_and_says_its_sentence(kind):
    with pytest.raises(errors.MnistCoreError) as caught:
        raise kind("What went wrong.")
    assert str(caught.value) == "What went wrong."
    assert caught.value.reason == ""


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_comes_whole_from_another_process(kind):
    error = pickle.loads(pickle.dumps(kind("What went wrong with anna.png.", "damaged")))
    assert type(error) is kind
    assert (str(error), error.reason) == ("What went wrong with anna.png.", "damaged")
