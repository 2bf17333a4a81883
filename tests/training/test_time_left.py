"""The time a run still takes, on a clock that the tests set: a busy machine is a matter of its figures."""

import numpy as np
import pytest

from mnist_core.training.time_left import TimeLeft

EPOCHS, STEPS = 4, 400
GRAPH_SECONDS, PAUSE_STEPS, FINISHING_SECONDS = 6.0, 25, 9.0


def simulate(step_seconds):
    """Run the clock through a whole run: at each step, when it was, and what was estimated.

    Args:
        step_seconds: float (EPOCHS * STEPS,), how long each step takes.
    Returns:
        float (n,) moments, float (n,) estimates, and the moment of the run's end.
    """
    now = 0.0
    left = TimeLeft(EPOCHS, STEPS, FINISHING_SECONDS, clock=lambda: now)
    moments, estimates = [], []
    now += GRAPH_SECONDS
    for done, seconds in enumerate(step_seconds, 1):
        now += seconds
        left.note_step()
        moments.append(now)
        estimates.append(np.nan if left.seconds is None else left.seconds)
        if done % STEPS == 0:
            now += PAUSE_STEPS * seconds
            left.note_epoch()
    return np.array(moments), np.array(estimates), now + FINISHING_SECONDS


def worst(moments, estimates, end, since):
    """The largest departure from the truth from a moment on, as a share of the truth."""
    later = moments > since
    truth = end - moments[later]
    return float(np.max(np.abs(estimates[later] - truth) / truth))


def test_nothing_is_said_after_the_first_step_which_builds_the_graph():
    moments, estimates, _ = simulate(np.full(EPOCHS * STEPS, 0.02))
    assert np.isnan(estimates[0])
    assert np.isfinite(estimates[1:]).all()
    assert moments[0] > GRAPH_SECONDS


def test_a_steady_machine_is_estimated_within_a_tenth_from_the_start():
    rng = np.random.default_rng(0)
    course = simulate(0.02 * rng.uniform(0.7, 1.3, EPOCHS * STEPS))
    assert worst(*course, since=GRAPH_SECONDS + 1) < 0.1


@pytest.mark.parametrize("slower", [2, 4, 10])
def test_a_machine_that_gets_busy_in_mid_run_is_estimated_within_a_quarter_soon_after(slower):
    rng = np.random.default_rng(0)
    steps = 0.02 * rng.uniform(0.7, 1.3, EPOCHS * STEPS)
    change = EPOCHS * STEPS // 2
    steps[change:] *= slower
    moments, estimates, end = simulate(steps)
    assert worst(moments, estimates, end, since=moments[change] + 10) < 0.25


def test_a_machine_that_is_free_again_is_estimated_within_a_quarter_soon_after():
    steps = np.full(EPOCHS * STEPS, 0.08)
    change = EPOCHS * STEPS // 2
    steps[change:] = 0.02
    moments, estimates, end = simulate(steps)
    assert worst(moments, estimates, end, since=moments[change] + 10) < 0.25


def test_a_hiccup_of_a_second_changes_little_in_a_long_run():
    steps = np.full(EPOCHS * STEPS, 0.5)
    steps[600] = 3.0
    assert worst(*simulate(steps), since=60) < 0.15


def test_at_the_last_step_what_comes_after_it_is_left():
    _, estimates, _ = simulate(np.full(EPOCHS * STEPS, 0.02))
    assert estimates[-1] == pytest.approx(FINISHING_SECONDS + PAUSE_STEPS * 0.02, rel=0.01)
