"""The training page without a browser: the network that a run has trained."""

from pathlib import Path

from mnist_core.runs.run_files import RunState
from tests.pages.classroom import put_on_shelf, write_run
from tests.pages.train.opened import open_train, sentences


def test_finished_run_shows_its_network(with_cells: Path) -> None:
    put_on_shelf(with_cells, "mine")
    run_id = write_run(with_cells, RunState.FINISHED, "mine is on the shelf.")
    page = open_train()
    assert "**Finished.**" in sentences(page)
    assert page.selectbox(key=f"results-of-{run_id}").value == "mine"
    assert any(" of 1" in metric.value for metric in page.metric)
    assert page.selectbox(key="confusion-square").value == (6, 0)
    assert "drawn cells" in sentences(page)
