"""Which pictures a folder holds, and in what order."""

from mnist_core.commands.paths import find_pictures


def test_folders_are_walked_in_natural_order(tmp_path):
    for name in ("b10.png", "b9.png", "a.png", "A2/1.png", "a10/1.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [str(path.relative_to(tmp_path)) for path in find_pictures([tmp_path], frozenset({".png"}))]
    assert found == ["A2/1.png", "a10/1.png", "a.png", "b9.png", "b10.png"]
