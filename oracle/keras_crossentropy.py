"""Requests for BinaryCrossentropy and CategoricalCrossentropy, from probabilities and from logits."""

from cases import INF, NAN, tensor
from keras_common import aliases, at, common, dtypes, flags, random_calls, ranks, shapes, smoothing, specials, upstream
from keras_family import Family, K
from keras_pipeline import weights
from keras_rows import ROWS, SCORES, one_hot, rows

PROBABILITIES = [
    0.0,
    -0.0,
    1.0,
    1e-8,
    9.9e-8,
    1e-7,
    1.1e-7,
    1e-6,
    0.5,
    1 - 2.0**-23,
    1 - 2.0**-24,
    1 - 1e-6,
    1.5,
    -0.5,
    2e-38,
    NAN,
    INF,
    -INF,
]
LOGITS = [0.0, -0.0, 1.0, -1.0, 15.0, -15.0, 20.0, -20.0, 88.0, -88.0, 100.0, -100.0, 1e4, -1e4, 1e-8, 3e38, -3e38, INF, -INF, NAN]
NARROW_PROBABILITIES = [0.0, -0.0, 1.0, 0.5, 0.25, 0.99609375, 0.0009765625, 1.5, -0.5, NAN, INF]


def binary():
    f = Family("BinaryCrossentropy", "binary_crossentropy", "bit", "unit")
    g = Family("BinaryCrossentropy", "binary_crossentropy", "bit", "normal", from_logits=True)
    common(f, "some")
    shapes(g)
    upstream(g)
    g.every = 2
    ranks(g)
    dtypes(g)
    weights(g, "some")
    g.every = 1
    at(f, "saturated", PROBABILITIES, (0, 1, 0.5, 2, -1, NAN, INF), NARROW_PROBABILITIES)
    at(g, "saturated", LOGITS, (0, 1, 0.5, 2, -1, NAN, INF))
    at(f, "saturated smoothing", PROBABILITIES[:12], (0, 1), NARROW_PROBABILITIES, label_smoothing=0.1)
    at(g, "saturated smoothing", LOGITS, (0, 1), label_smoothing=0.1)
    specials(f)
    specials(g)
    d = f.draw("more")
    flags(f, d, lambda d: f.inputs(d, (2, 3)))
    smoothing(f, d, lambda d, dtype="float32": f.inputs(d, (2, 3), true=dtype, pred=dtype))
    for axis in (-1, 0, 1, -2, 2, -3, 5, None, [0, 1], [-1], [1], [], "x", 1.5, True):
        for h in (f, g):
            for shape in ((2, 3), (2, 3, 2)):
                for loss in (h.cls, h.function):
                    h.add(loss, "axis", h.inputs(d, shape), {"axis": axis, "reduction": "none"}, grad=("y_pred",))
            h.add(
                h.cls, "axis weight", dict(h.inputs(d, (2, 3)), sample_weight=d.tensor("positive", (3,))), {"axis": axis}, grad=("y_pred",)
            )
            h.add(h.cls, "axis smoothing", h.inputs(d, (2, 3)), {"axis": axis, "label_smoothing": 0.2})
    random_calls(f, 60, [lambda r: {"label_smoothing": r.choice((0.1, 0.3))} if r.random() < 0.4 else {}])
    random_calls(g, 60, [lambda r: {"label_smoothing": r.choice((0.1, 0.3))} if r.random() < 0.4 else {}])
    aliases(f, ("bce", "BCE"))


def categorical():
    f = Family("CategoricalCrossentropy", "categorical_crossentropy", one_hot, rows)
    g = Family("CategoricalCrossentropy", "categorical_crossentropy", one_hot, "normal", from_logits=True)
    common(f, "some")
    shapes(g)
    upstream(g)
    g.every = 2
    ranks(g)
    dtypes(g)
    weights(g, "some")
    g.every = 1
    d = f.draw("more")
    for h, table in ((f, ROWS), (g, SCORES)):
        for labels in ([0, 1, 0], [1, 1, 0], [0, 0, 0], [0.2, 0.3, 0.5], [NAN, 0, 1], [INF, 0, 0], [-1, 1, 2], [1, 0, 0]):
            for dtype in ("float32", "float64"):
                inputs = {
                    "y_true": tensor(dtype, (len(table), 3), labels * len(table)),
                    "y_pred": tensor(dtype, (len(table), 3), sum(table, [])),
                }
                h.add(h.cls, "special rows", inputs, {"reduction": "none"}, grad=("y_pred",))
                h.add(h.function, "special rows", inputs, grad=("y_true", "y_pred"))
        narrow = [[0 if abs(v) < 1e-4 else v for v in row] for row in table if not any(abs(v) > 6e4 and abs(v) != INF for v in row)]
        for dtype in ("float16", "bfloat16"):
            inputs = {
                "y_true": tensor(dtype, (len(narrow), 3), [0, 1, 0] * len(narrow)),
                "y_pred": tensor(dtype, (len(narrow), 3), sum(narrow, [])),
            }
            h.add(h.cls, "special rows", inputs, {"reduction": "none"}, grad=("y_pred",))
            h.add(h.function, "special rows", inputs, grad=("y_pred",))
        for row in table:
            inputs = {"y_true": tensor("float32", (2, 3), [0, 1, 0, 1, 0, 0]), "y_pred": tensor("float32", (2, 3), row + [0.2, 0.3, 0.5])}
            h.add(h.cls, "special row", inputs, grad=("y_pred",))
            h.add(h.cls, "special row", dict(inputs, sample_weight=tensor("float32", (2,), [0, 1])), grad=("y_pred",))
        for axis in (-1, 0, 1, -2, 2, -3, 5, None, [0, 1], [-1], "x", 1.5, True):
            for shape in ((2, 3), (2, 3, 2)):
                inputs = {"y_true": h.true(d, shape), "y_pred": h.pred(d, shape)}
                for loss in (h.cls, h.function):
                    h.add(loss, "axis", inputs, {"axis": axis, "reduction": "none"}, grad=("y_pred",))
                h.add(h.cls, "axis smoothing", inputs, {"axis": axis, "label_smoothing": 0.3}, grad=("y_pred",))
        for shape in ((2, 1), (1, 1), (2, 2, 1), (1,)):
            for smooth in (0, 0.1):
                for loss in (h.cls, h.function):
                    h.add(
                        loss,
                        "one class",
                        {"y_true": d.tensor("bit", shape), "y_pred": d.tensor("unit", shape)},
                        {"label_smoothing": smooth},
                        grad=("y_pred",),
                    )
        random_calls(h, 60, [lambda r: {"label_smoothing": r.choice((0.1, 0.3))} if r.random() < 0.4 else {}])
    flags(f, d, lambda d: f.inputs(d, (2, 3)))
    smoothing(f, d, lambda d, dtype="float32": f.inputs(d, (2, 3), true=dtype, pred=dtype))
    for labels in ("int32", "int64", "bool", "uint8"):
        for smooth in (0, 0.1):
            for from_logits in (True, False):
                K.add(
                    (f.cls, f.function)[from_logits],
                    "integer labels",
                    f.inputs(d, (3, 4), true=labels),
                    {"label_smoothing": smooth, "from_logits": from_logits},
                    grad=("y_pred",),
                )
