"""Requests for the losses that are a mean over the last axis, the hinges and CosineSimilarity."""

from cases import INF, NAN, tensor
from keras_common import aliases, at, common, random_calls, specials
from keras_family import SPECIAL, USUAL, Family
from keras_rows import one_hot
from protocol import FLOATS


def squared_error():
    f = Family("MeanSquaredError", "mean_squared_error", "normal", "normal")
    common(f)
    specials(f)
    random_calls(f, 80)
    aliases(f, ("MSE", "mse", "Mse", "meanSquaredError"))
    d = f.draw("integers")
    for a in ("int32", "int64", "uint8", "int8", "int16"):
        for reduction in USUAL + ("auto",):
            for shape in ((2, 3), (3, 2), (3,)):
                f.add(f.cls, "integers", f.inputs(d, shape, true=a, pred=a), {"reduction": reduction})
        f.add(f.cls, "integers weight", dict(f.inputs(d, (3, 2), true=a, pred=a), sample_weight=d.tensor("positive", (3,))))
        f.add(f.cls, "integers weight", dict(f.inputs(d, (3, 2), true=a, pred=a), sample_weight=d.tensor("positive", (3,), a)))
    f.add(f.cls, "large labels", {"y_true": tensor("int32", (1, 1), [2**24 + 1]), "y_pred": tensor("float32", (1, 1), [2**24])})
    f.add(f.cls, "large labels", {"y_true": tensor("int32", (1, 1), [2**24 + 1]), "y_pred": tensor("float64", (1, 1), [2**24])})


def hinges():
    f = Family("Hinge", "hinge", "sign", "normal")
    common(f, "some")
    specials(f)
    margin("Hinge", "hinge")
    random_calls(f, 60)
    random_calls(Family("Hinge", "hinge", "bit", "normal"), 30)


def margin(cls, function):
    """The conversion of labels 0 and 1, which looks at the whole tensor, and the kink."""
    f = Family(cls, function, "sign", "normal")
    d = f.draw("labels")
    for labels in (
        [0, 1, 1, 0],
        [0, 0, 0, 0],
        [1, 1, 1, 1],
        [-1, 1, 1, -1],
        [-1, 0, 1, 0],
        [0.05, 0.95, 0.95, 0.05],
        [0, 1, 2, 1],
        [0, 1, NAN, 1],
        [0, 1, INF, 0],
        [-0.0, 1, 0, 1],
        [0.5, 0.5, 0.5, 0.5],
        [-1, -1, -1, -1],
    ):
        for shape in ((2, 2), (4, 1), (4,)):
            inputs = {"y_true": tensor("float32", shape, labels), "y_pred": tensor("float32", shape, [1, -1, 0.5, 2])}
            f.add(cls, "labels", inputs, {"reduction": "none"}, grad=("y_pred", "y_true"))
            f.add(function, "labels", inputs, grad=("y_pred",))
        f.add(cls, "labels", dict(inputs, y_pred=d.tensor("normal", (4,))), grad=("y_pred",))
        if all(v == v and abs(v) < 9 for v in labels):
            for dtype in ("int32", "int64", "bool", "uint8", "int8", "float64", "float16", "bfloat16"):
                inputs = {
                    "y_true": tensor(dtype, (2, 2), [max(0, v) if dtype in ("uint8",) else v for v in labels]),
                    "y_pred": d.tensor("normal", (2, 2)),
                }
                f.add(f.name(), "labels dtype", inputs, grad=("y_pred",))
    for x in (1, -1, 0, INF, -INF, NAN, 3e38, 1 + 2.0**-23, 1 - 2.0**-24):
        for y in (1, -1, 0):
            inputs = {"y_true": tensor("float32", (2, 1), [y, -1]), "y_pred": tensor("float32", (2, 1), [x, 0.5])}
            f.add(cls, "kink", inputs, {"reduction": "none"}, grad=("y_pred", "y_true"))
            f.add(function, "kink", inputs, grad=("y_pred",))


def elementwise(cls, function, y_true, y_pred, names=(), values=SPECIAL, count=40):
    f = Family(cls, function, y_true, y_pred)
    common(f, "some")
    specials(f, values)
    random_calls(f, count)
    aliases(f, names)
    return f


def others():
    elementwise("MeanAbsoluteError", "mean_absolute_error", "normal", "normal", ("MAE", "mae"))
    f = elementwise("MeanAbsolutePercentageError", "mean_absolute_percentage_error", "normal", "normal", ("MAPE", "mape"))
    at(f, "small labels", [0.0, 1.0, -1.0, 1e-7], (0, 1e-8, 1e-7, -1e-8, -1e-7, -0.0, 2e-7))
    f = elementwise("MeanSquaredLogarithmicError", "mean_squared_logarithmic_error", "positive", "positive", ("MSLE", "msle"))
    at(f, "clipped", [0.0, 1e-8, 1e-7, -5.0, -1.0, 1e-6, 1.0], (0, -5, 1e-7, 1e-8, 1))
    squared = elementwise("SquaredHinge", "squared_hinge", "sign", "normal")
    margin(squared.cls, squared.function)
    f = Family("CategoricalHinge", "categorical_hinge", one_hot, "normal")
    common(f, "some")
    specials(f)
    random_calls(f, 40)
    d = f.draw("ties")
    for labels, scores in (
        ([1, 0, 0], [-1, -2, -3]),
        ([1, 0, 0], [0, 2, 2]),
        ([1, 0, 0], [1, 0, 0]),
        ([0, 0, 0], [1, 2, 3]),
        ([1, 1, 0], [1, 2, 3]),
        ([0.5, 0.5, 0], [1, 2, 3]),
        ([1, 0, 0], [NAN, 1, 2]),
        ([1, 0, 0], [INF, 0, 0]),
        ([1, 0, 0], [0, INF, INF]),
        ([1, 0, 0], [-INF, 0, 0]),
        ([-1, 1, 0], [1, 2, 3]),
        ([NAN, 0, 1], [1, 2, 3]),
        ([1, 0, 0], [0, 0, 0]),
        ([2, 0, 0], [1, 1, 1]),
    ):
        for shape in ((1, 3), (3,)):
            inputs = {"y_true": tensor("float32", shape, labels), "y_pred": tensor("float32", shape, scores)}
            f.add(f.cls, "ties", inputs, {"reduction": "none"}, grad=("y_pred", "y_true"))
            f.add(f.function, "ties", inputs, grad=("y_pred",))
    f = elementwise("Huber", "huber", "normal", "normal", ("huber_loss",))
    d = f.draw("delta")
    for delta in (
        1,
        0.5,
        0,
        -1,
        2,
        1e-3,
        1e6,
        1e38,
        INF,
        NAN,
        None,
        "x",
        [1],
        {"dtype": "float32", "shape": [], "data": [0.5]},
        {"dtype": "float64", "shape": [], "data": [0.5]},
        True,
    ):
        kink = [
            v
            for e in (delta if isinstance(delta, (int, float)) and delta == delta and abs(delta) < 1e37 else 1,)
            for v in (e, -e, e / 2, 2 * e, 0.0, 0.1)
        ]
        for dtype in FLOATS:
            xs = [max(-6e4, min(6e4, v)) if dtype == "float16" else v for v in kink]
            inputs = {"y_true": tensor(dtype, (6, 1), [0] * 6), "y_pred": tensor(dtype, (6, 1), xs)}
            f.add(f.cls, "delta", inputs, {"delta": delta, "reduction": "none"}, grad=("y_pred",))
            f.add(f.function, "delta", inputs, {"delta": delta}, grad=("y_pred", "y_true"))
        for dtype in ("int32", "float64"):
            f.add(f.cls, "delta", f.inputs(d, (2, 3), true=dtype, pred=dtype), {"delta": delta})
    random_calls(f, 30, [lambda r: {"delta": r.choice((0.1, 0.5, 2.5))}])
    f = elementwise("LogCosh", "log_cosh", "normal", "normal", ("logcosh",))
    at(f, "saturated", [100.0, -100.0, 1e4, -1e4, 1e-4, 3e38, INF, -INF], (0, 1))
    f = elementwise("Poisson", "poisson", "positive", "positive")
    at(f, "edges", [0.0, -0.0, 1e-8, 1e-7, -1e-7, -1.0, 1.0, 2e-7, 1e30], (0, 1, 2, -1))
    f = elementwise("KLDivergence", "kl_divergence", "unit", "unit", ("KLD", "kld", "kullback_leibler_divergence"))
    at(f, "clipped", [0.0, 1e-8, 1e-7, 0.5, 1.0, 1.5, -1.0, 1e-6, 9.9e-8], (0, 1, 0.5, 1e-8, 1e-7, 1.5, -1, 9.9e-8))
    f = Family("CosineSimilarity", "cosine_similarity", "normal", "normal")
    common(f, "some")
    specials(f)
    random_calls(f, 40, [lambda r: {"axis": r.choice((-1, 0))} if r.random() < 0.3 else {}], least=2)
    d = f.draw("axis")
    for axis in (-1, 0, 1, -2, 2, -3, 5, None, [0, 1], [-1], [1], [], "x", 1.5, True):
        for shape in ((2, 3), (2, 3, 2), (3,)):
            for loss in (f.cls, f.function):
                f.add(loss, "axis", f.inputs(d, shape), {"axis": axis, "reduction": "none"}, grad=("y_pred",))
        f.add(f.cls, "axis weight", dict(f.inputs(d, (2, 3)), sample_weight=d.tensor("positive", (3,))), {"axis": axis}, grad=("y_pred",))
    for s in (1e-3, 1e-6, 1e-7, 1e-8, 1e-10, 1e-16, 1e18, 1e20, 0, 3.2e-7):
        for dtype in ("float32", "float64"):
            for other in ([1, 1], [s, s]):
                inputs = {"y_true": tensor(dtype, (2, 2), other + [s, 0]), "y_pred": tensor(dtype, (2, 2), [s, s, s, 0])}
                f.add(f.cls, "short vectors", inputs, {"reduction": "none"}, grad=("y_pred",))
                f.add(f.function, "short vectors", inputs, grad=("y_true", "y_pred"))
    for row in ([0, 0, 0], [NAN, 1, 2], [INF, 1, 2], [-INF, INF, 0], [3e38, 3e38, 1], [-0.0, 0, 0], [2e-38, 0, 0]):
        for dtype in ("float32", "float64", "float16", "bfloat16"):
            some = [0 if dtype == "float16" and 0 < abs(v) < 1e-4 else 6e4 if dtype == "float16" and 6e4 < v < INF else v for v in row]
            inputs = {"y_true": tensor(dtype, (1, 3), [1, 2, 3]), "y_pred": tensor(dtype, (1, 3), some)}
            f.add(f.cls, "special vectors", inputs, grad=("y_pred",))
            f.add(f.function, "special vectors", {"y_true": inputs["y_pred"], "y_pred": inputs["y_true"]}, grad=("y_true", "y_pred"))
