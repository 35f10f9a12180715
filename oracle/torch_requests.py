"""The list put to every PyTorch: first the hard families of the foundation, then every other loss of the handbook."""

from cases import INF, NAN
from torch_binary import binary, binary_logits
from torch_common import T
from torch_cosine import cosine
from torch_cross_entropy import cross_entropy, likelihood
from torch_elementwise import absolute_error, divergence, hinge_embedding, kinked, squared_error


def everything():
    T.clear()
    squared_error()
    cross_entropy()
    binary()
    cosine()
    absolute_error()
    kinked("SmoothL1Loss", "smooth_l1_loss", "beta", (-1, -0.5, NAN, -INF, None, "x", [1]), (1, 0, 0.5, 2, 1e-3, 1e-40, 1e30, INF, -0.0))
    kinked("HuberLoss", "huber_loss", "delta", (0, -1, NAN, -INF, None, "x", [1], -0.0), (1, 0.5, 2, 1e-3, 1e30, INF))
    binary_logits()
    divergence()
    hinge_embedding()
    likelihood()
    return T.list
