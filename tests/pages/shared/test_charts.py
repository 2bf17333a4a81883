"""What the charts are given."""

from mnist_core.runs.run_files import BatchPoint
from pages.shared.charts import _thinned


def test_live_line_keeps_its_points_while_it_grows() -> None:
    points = tuple(BatchPoint(1, step, step / 1000, 1.0, 0.5, 900.0, 1.0) for step in range(1, 1001))
    early, late = _thinned(points[:500], epochs=2), _thinned(points, epochs=2)
    assert late[: len(early) - 1] == early[:-1]
    assert len(late) <= 121
