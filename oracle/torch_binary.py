"""Requests for BCELoss and BCEWithLogitsLoss: saturation, ranges, weight, pos_weight."""

from cases import INF, NAN, Draw, tensor
from protocol import FLOATS
from torch_common import REDUCTIONS, Family, T, common, random_calls

PROBABILITIES = [0.0, -0.0, 1.0, 1e-8, 2.0**-25, 1e-7, 9.9e-8, 0.5, 1 - 2.0**-23, 1 - 2.0**-24, 1e-40, 1e-38, 1e-30, 0.25]


def broadcast_weights(f, key, d):
    """An option that broadcasts to the loss: `weight`, `pos_weight`."""
    for shape in ((), (1,), (3,), (2, 1), (1, 3), (2, 3), (1, 1)):
        for reduction in REDUCTIONS:
            T.add(f.name(), key, f.inputs(d, (2, 3)), {key: d.tensor("positive", shape), "reduction": reduction}, grad=("input",))
        T.add(f.name(), key, f.inputs(d, (2, 3)), {key: d.tensor("positive", shape)}, grad=("input", "target"))
    for shape in ((2,), (4,), (3, 2), (1, 2, 3), (4, 2, 3), (3, 1), (0,), (2, 3, 1)):
        for loss in (f.cls, f.function):
            T.add(loss, key + " shape", f.inputs(d, (2, 3)), {key: d.tensor("positive", shape)}, grad=("input",))
    for of, shape in (
        ((), ()),
        ((), (1,)),
        ((3,), (3,)),
        ((3,), ()),
        ((3,), (2, 3)),
        ((0, 3), (3,)),
        ((0, 3), (0, 3)),
        ((2, 2, 2), (2,)),
        ((2, 2, 2), (2, 1)),
        ((0,), ()),
    ):
        for reduction in ("none", "mean"):
            T.add(f.name(), key + " shape", f.inputs(d, of), {key: d.tensor("positive", shape), "reduction": reduction}, grad=("input",))
    for data in ([0, 0, 0], [-1, 2, 0], [NAN, 1, 0], [INF, 1, -0.0], [1e-40, 3e38, 1]):
        for reduction in REDUCTIONS:
            T.add(
                f.name(),
                key + " value",
                f.inputs(d, (2, 3)),
                {key: tensor("float32", (3,), data), "reduction": reduction},
                grad=("input", "target"),
            )
    for dtype in ("float64", "float16", "bfloat16", "int64", "bool", "float32", "int32", "uint8"):
        for of in ("float32", "float64", "float16", "bfloat16"):
            T.add(
                f.name(),
                key + " dtype",
                f.inputs(d, (2, 3), dtype=of),
                {key: d.tensor("positive", (3,), dtype), "reduction": REDUCTIONS[f.turn % 3]},
                grad=("input",),
            )
    for bad in (None, 2, 0.5, [1, 2, 3], "x"):
        for loss in (f.cls, f.function):
            T.add(loss, key + " value", f.inputs(d, (2, 3)), {key: bad}, grad=("input",))


def binary():
    f = Family("BCELoss", "binary_cross_entropy", "unit", "unit")
    common(f)
    d = Draw(T.random("BCELoss", "more"))
    for ys in ([0, 1, 0.5, 0.25],):
        for dtype in FLOATS:
            keep = PROBABILITIES if dtype in ("float32", "float64") else [0.0, -0.0, 1.0, 0.5, 0.25, 0.99609375, 0.0009765625]
            for grad in (("input",), ("input", "target")):
                inputs = {
                    "input": tensor(dtype, (len(keep) * 4,), [x for x in keep for _ in range(4)]),
                    "target": tensor(dtype, (len(keep) * 4,), ys * len(keep)),
                }
                T.add(f.name(), "special", inputs, {"reduction": "none"}, grad=grad)
                T.add(f.name(), "special weight", inputs, {"reduction": "none", "weight": tensor(dtype, (1,), [0])}, grad=grad)
                T.add(f.name(), "special sum", inputs, {"reduction": "sum"}, grad=("input",))
    for x in (1.5, -0.1, NAN, INF, -INF, -1e-40, 1 + 2.0**-23, -1e-7, 2):
        for loss in (f.cls, f.function):
            for reduction in ("mean", "none"):
                T.add(
                    loss,
                    "input out of range",
                    {"input": tensor("float32", (2,), [0.5, x]), "target": tensor("float32", (2,), [0, 1])},
                    {"reduction": reduction},
                    grad=("input",),
                )
        T.add(f.name(), "input out of range", {"input": tensor("float64", (2,), [0.5, x]), "target": tensor("float64", (2,), [0, 1])})
    for y in (2, -1, NAN, INF, -INF, 1.5, -1e-40, 1 + 2.0**-23, -0.0, 1, 0):
        for loss in (f.cls, f.function):
            for reduction in REDUCTIONS:
                T.add(
                    loss,
                    "target out of range",
                    {"input": tensor("float32", (2,), [0.4, 0.3]), "target": tensor("float32", (2,), [0.5, y])},
                    {"reduction": reduction},
                    grad=("input",),
                )
        T.add(
            f.name(),
            "target out of range",
            {"input": tensor("float32", (2,), [0.4, 0.3]), "target": tensor("float32", (2,), [0.5, y])},
            grad=("input", "target"),
        )
        T.add(f.name(), "target out of range", {"input": tensor("float32", (2,), [0.4, 3]), "target": tensor("float32", (2,), [0.5, y])})
    broadcast_weights(f, "weight", d)
    T.add(f.cls, "unknown option", f.inputs(d, (3,)), {"pos_weight": d.tensor("positive", (3,))})
    random_calls(f, 70, [lambda r, d, s, t: {"weight": d.tensor("positive", s[r.randrange(len(s) + 1) :], t)} if r.random() < 0.5 else {}])


LOGITS = [0.0, -0.0, 1.0, -1.0, 20.0, -20.0, 88.0, -88.0, 104.0, -104.0, 1e4, -1e4, 1e-8, 1e-40, INF, -INF, NAN]


def binary_logits():
    f = Family("BCEWithLogitsLoss", "binary_cross_entropy_with_logits", "normal", "unit")
    common(f)
    d = Draw(T.random("BCEWithLogitsLoss", "more"))
    for y in (0, 1, 0.5, 0.9, 2, -1, INF, NAN, -0.0):
        for more in ({}, {"pos_weight": 2.5}, {"pos_weight": 0}, {"weight": 0}, {"weight": 3, "pos_weight": 0.5}):
            for dtype in ("float32", "float64"):
                options = {k: tensor(dtype, (1,), [v]) for k, v in more.items()}
                inputs = {"input": tensor(dtype, (len(LOGITS),), LOGITS), "target": tensor(dtype, (len(LOGITS),), [y] * len(LOGITS))}
                T.add(f.name(), "saturated", inputs, dict(options, reduction="none"), grad=("input", "target"))
        T.add(
            f.name(),
            "saturated bfloat16",
            {"input": tensor("bfloat16", (10,), LOGITS[:10]), "target": tensor("bfloat16", (10,), [y] * 10)},
            {"reduction": "none"},
            grad=("input",),
        )
        T.add(
            f.name(),
            "saturated float16",
            {"input": tensor("float16", (10,), LOGITS[:10]), "target": tensor("float16", (10,), [y] * 10)},
            {"reduction": "none"},
            grad=("input",),
        )
    T.add(
        f.name(),
        "inf against inf",
        {"input": tensor("float32", (4,), [INF, INF, -INF, -INF]), "target": tensor("float32", (4,), [INF, -INF, INF, -INF])},
        {"reduction": "none"},
        grad=("input", "target"),
    )
    broadcast_weights(f, "weight", d)
    broadcast_weights(f, "pos_weight", d)
    for shape in ((2, 3), (3,), (2, 1)):
        for reduction in REDUCTIONS:
            T.add(
                f.name(),
                "weight pos_weight",
                f.inputs(d, (2, 3)),
                {"weight": d.tensor("positive", shape), "pos_weight": d.tensor("positive", (3,)), "reduction": reduction},
                grad=("input", "target"),
            )
    random_calls(
        f,
        70,
        [
            lambda r, d, s, t: {"pos_weight": d.tensor("positive", s[r.randrange(len(s) + 1) :], t)} if r.random() < 0.5 else {},
            lambda r, d, s, t: {"weight": d.tensor("positive", s[r.randrange(len(s) + 1) :], t)} if r.random() < 0.3 else {},
        ],
    )
