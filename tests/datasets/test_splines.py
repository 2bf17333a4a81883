import numpy as np

from mnist_core.datasets.splines import cardinal_slopes, spline

ZIGZAG = np.array([[0, 0], [1, 1], [2, 0], [3, 1]], np.float64)


def test_curve_goes_through_every_point():
    curve = spline(ZIGZAG, cardinal_slopes(ZIGZAG), steps=4)
    assert curve.shape == (13, 2)
    np.testing.assert_allclose(curve[::4], ZIGZAG)


def test_curve_passes_a_point_in_the_direction_of_its_neighbours():
    curve = spline(ZIGZAG, cardinal_slopes(ZIGZAG), steps=1000)
    tangent = curve[1001] - curve[999]
    assert abs(tangent[1] / tangent[0]) < 0.01  # from (0, 0) to (2, 0): level


def test_one_point_is_a_curve_of_one_point():
    point = np.array([[3.0, 4.0]])
    assert spline(point, cardinal_slopes(point), steps=8).tolist() == [[3.0, 4.0]]
