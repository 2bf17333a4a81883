"""Made-up names."""

from mnist_core.classroom.names import make_name


def test_a_hundred_members_get_different_names_of_two_words():
    taken: set[str] = set()
    for _ in range(100):
        name = make_name(taken)
        assert name not in taken
        assert [word.isalpha() and word.istitle() for word in name.split()] == [True, True]
        taken.add(name)


def test_where_all_are_taken_one_gets_a_number():
    taken = set()
    while not (name := make_name(taken)).startswith("Number"):
        taken.add(name)
    assert len(taken) == 36 * 36
    assert name == "Number 1297"
