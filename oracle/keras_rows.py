"""Rows of classes for the cross entropies and CategoricalHinge: one-hot and soft labels, probabilities, scores at the edges."""

from cases import INF, NAN
from protocol import FLOATS, size


def one_hot(d, shape, dtype):
    return d.one_hot(shape, dtype) if shape else d.tensor("bit", shape, dtype)


def rows(d, shape, dtype):
    return d.rows(shape, -1, dtype) if shape and size(shape) and dtype in FLOATS else d.tensor("unit", shape, dtype)


ROWS = [
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
    [2, 1, 1],
    [0, 0, 0],
    [-0.2, 0.7, 0.5],
    [0.5, 0.5, 0],
    [1e-8, 1, 1e-8],
    [NAN, 0.5, 0.5],
    [INF, 0, 0],
    [1e-7, 1, 1e-6],
    [1, 1, 1],
    [2e-38, 1, 0],
    [0.999999, 1e-6, 0],
    [3e38, 3e38, 1],
    [-1, -1, -1],
    [-1, 1, 0],
    [0.2, 0.3, 0.5],
]
SCORES = [
    [0, 0, 1],
    [1, 2, 3],
    [88, -88, 0],
    [1e4, -1e4, 0],
    [INF, 0, 0],
    [-INF, 0, 0],
    [-INF, -INF, -INF],
    [INF, INF, 0],
    [NAN, 0, 0],
    [3e38, -3e38, 0],
    [-0.0, 0, -0.0],
    [100, 100, 100],
    [16, 0, 0],
    [1e-8, 0, 1e-8],
]
