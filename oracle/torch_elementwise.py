"""Requests for the element-wise losses: mean squared and absolute error, SmoothL1, Huber, KLDiv, HingeEmbedding."""

from cases import INF, INTEGERS, NAN, Draw, tensor
from protocol import FLOATS
from torch_common import BROADCAST, FLAGS, NARROW, REDUCTIONS, SHAPES, SPECIAL, Family, T, common, element_weights, random_calls, specials


def squared_error():
    f = Family("MSELoss", "mse_loss", "normal", "normal")
    common(f)
    specials(f)
    random_calls(f, 60)
    element_weights("mse_loss", f)
    d = Draw(T.random("MSELoss weight"))
    T.add("MSELoss", "unknown option", f.inputs(d, (3,)), {"weight": d.tensor("positive", (3,))})


def absolute_error():
    f = Family("L1Loss", "l1_loss", "normal", "normal")
    common(f)
    specials(f)
    random_calls(f, 50)
    element_weights("l1_loss", f)


def kinked(cls, function, key, refused, accepted):
    """SmoothL1 with its beta, Huber with its delta."""
    f = Family(cls, function, "normal", "normal")
    common(f)
    specials(f)
    d = Draw(T.random(cls, key))
    for value in accepted:
        edge = min(abs(value), 1e30)
        at = [edge, -edge, 0.0, -0.0, edge / 2, -2 * edge, 0.1, -3.0, INF, -INF, NAN]
        for shift in (0, 1.5):
            for dtype in ("float32", "float64"):
                inputs = {
                    "input": tensor(dtype, (len(at),), [x + shift for x in at]),
                    "target": tensor(dtype, (len(at),), [shift] * len(at)),
                }
                T.add(f.name(), "at " + key, inputs, {key: value, "reduction": "none"}, grad=("input", "target"))
        for reduction in REDUCTIONS:
            T.add(f.name(), key, f.inputs(d, (3, 2)), {key: value, "reduction": reduction}, grad=("input",))
        ties = {
            "input": tensor("float32", (7,), [0, 0, -0.0, 1.5, 1.5, -2, 3]),
            "target": tensor("float32", (7,), [0, -0.0, 0, 1.5, 1.5, -2, 3]),
        }
        T.add(f.name(), "ties", ties, {key: value, "reduction": "none"}, grad=("input", "target"))
        for dtype in NARROW:
            T.add(f.name(), key + " dtype", f.inputs(d, (4,), dtype=dtype), {key: value, "reduction": "none"}, grad=("input",))
    for value in refused:
        for loss in (cls, function):
            T.add(loss, "bad " + key, f.inputs(d, (3,)), {key: value}, grad=("input",))
    random_calls(f, 60, [lambda r, d, s, t: {key: r.choice((0.1, 0.5, 1, 2.5))}])
    if function == "huber_loss":
        element_weights(function, f)
        for weight in ((3,), (1,)):
            T.add(function, "weight delta", f.inputs(d, (3,)), {"delta": 0.5, "weight": d.tensor("positive", weight)}, grad=("input",))


def divergence():
    f = Family("KLDivLoss", "kl_div", "log", "unit")
    common(f)
    d = Draw(T.random("KLDivLoss", "more"))
    for log_target in (True, False):
        g = Family("KLDivLoss", "kl_div", "log", "log" if log_target else "unit")
        more = {"log_target": log_target}
        values = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1e-40, 80.0, INF, -INF, NAN]
        specials(g, values, (more,))
        for shape in SHAPES:
            for reduction in REDUCTIONS + ("batchmean",):
                for loss in ("KLDivLoss", "kl_div"):
                    T.add(
                        loss,
                        "log_target" if log_target else "batchmean",
                        g.inputs(d, shape),
                        dict(more, reduction=reduction),
                        grad=("input", "target"),
                    )
        for a, b in BROADCAST:
            for reduction in ("batchmean", "none", "mean"):
                T.add(f.name(), "broadcast " + reduction, g.inputs(d, a, b), dict(more, reduction=reduction), grad=("input",))
                T.add(f.name(), "broadcast value " + reduction, g.inputs(d, a, b), dict(more, reduction=reduction))
        for dtype in FLOATS:
            for reduction in REDUCTIONS + ("batchmean",):
                T.add(
                    f.name(),
                    "log_target dtype",
                    g.inputs(d, (3, 4), dtype=dtype),
                    dict(more, reduction=reduction),
                    grad=("input", "target"),
                )
        for a, b in (
            ("float32", "float64"),
            ("float64", "float32"),
            ("int64", "float32"),
            ("float32", "int64"),
            ("float16", "bfloat16"),
            ("int64", "int64"),
            ("uint8", "uint8"),
            ("bool", "float32"),
        ):
            for reduction in REDUCTIONS + ("batchmean",):
                T.add(f.name(), "log_target dtype", g.inputs(d, (2, 3), dtype=a, target=b), dict(more, reduction=reduction))
        for _ in range(3):
            T.add(
                f.name(),
                "log_target upstream",
                g.inputs(d, (2, 2)),
                dict(more, reduction="none"),
                grad=("input", "target"),
                upstream=d.tensor("normal", (2, 2)),
            )
        T.add(
            f.name(),
            "log_target upstream",
            g.inputs(d, (4,)),
            dict(more, reduction="none"),
            grad=("input", "target"),
            upstream=tensor("float32", (4,), [NAN, INF, 0, -INF]),
        )
    for size_average, reduce in FLAGS:
        for loss in ("KLDivLoss", "kl_div"):
            for shape in ((3, 2), ()):
                T.add(
                    loss,
                    "legacy batchmean",
                    f.inputs(d, shape),
                    {"size_average": size_average, "reduce": reduce, "reduction": "batchmean"},
                    grad=("input",),
                )
        T.add(f.name(), "legacy log_target", f.inputs(d, (3, 2)), {"size_average": size_average, "reduce": reduce, "log_target": True})
    for value in (None, 1, 0, "x"):
        T.add(f.name(), "log_target value", f.inputs(d, (3,)), {"log_target": value})
    random_calls(
        f,
        60,
        [
            lambda r, d, s, t: {"log_target": r.random() < 0.4},
            lambda r, d, s, t: {"reduction": "batchmean"} if r.random() < 0.25 and False else {},
        ],
    )


def hinge_embedding():
    f = Family("HingeEmbeddingLoss", "hinge_embedding_loss", "normal", "sign")
    common(f)
    d = Draw(T.random("HingeEmbeddingLoss", "more"))
    specials(f, SPECIAL + [2.0])
    for margin in (1, 0, 0.5, -1, 2, NAN, INF, -INF, 1e30):
        xs = [0, -0.0, margin, -margin, 0.25, 1, -1, 3, -3, NAN, INF, -INF]
        for y in (1, -1, 0, 0.5, 2, NAN):
            inputs = {"input": tensor("float32", (len(xs),), xs), "target": tensor("float32", (len(xs),), [y] * len(xs))}
            T.add(f.name(), "margin", inputs, {"margin": margin, "reduction": "none"}, grad=("input",))
        for reduction in REDUCTIONS:
            T.add(f.name(), "margin", f.inputs(d, (3, 2)), {"margin": margin, "reduction": reduction}, grad=("input",))
    for loss in (f.cls, f.function):
        for margin in (None, "x", [1], True, {"dtype": "float32", "shape": [], "data": [0.5]}):
            T.add(loss, "bad margin", f.inputs(d, (3,)), {"margin": margin})
    for dtype in FLOATS:
        for target in INTEGERS + ("bool",):
            T.add(
                f.name(),
                "target dtype",
                f.inputs(d, (4,), dtype=dtype, target=target),
                {"reduction": REDUCTIONS[f.turn % 3]},
                grad=("input",),
            )
    random_calls(f, 50, [lambda r, d, s, t: {"margin": r.choice((1, 0.5, 2))}])
