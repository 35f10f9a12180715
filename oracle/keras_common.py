"""What every Keras loss is asked: shapes, ranks, dtypes, upstreams, refusals, special values."""

from cases import INF, NAN, Draw, pairs, tensor
from keras_family import DTYPES, RANKS, SHAPES, SPECIAL, USUAL, K
from keras_pipeline import mask, masks, reductions, weights
from protocol import FLOATS, size


def shapes(f):
    d = f.draw("shape")
    for shape in SHAPES:
        for reduction in USUAL:
            f.add(f.cls, "shape", f.inputs(d, shape), {"reduction": reduction}, grad=("y_pred",))
        f.add(f.function, "shape", f.inputs(d, shape), grad=("y_pred",))
        f.add(f.cls, "shape", f.inputs(d, shape), grad=("y_true", "y_pred"))
        f.add(f.function, "shape", f.inputs(d, shape), grad=("y_true", "y_pred"))


def ranks(f):
    d = f.draw("rank")
    for i, (a, b) in enumerate(RANKS):
        f.add(f.cls, "rank", f.inputs(d, a, b), {"reduction": "none"}, grad=("y_pred",))
        f.add(f.cls, "rank", f.inputs(d, a, b), {"reduction": USUAL[i % 2 * 2]}, grad=("y_true", "y_pred"))
        f.add(f.function, "rank", f.inputs(d, a, b), grad=("y_pred",))
    for a, b in RANKS[:6]:  # a third rank by the weight
        for w in ((3,), (3, 1), (2,), ()):
            f.add(
                f.cls,
                "rank weight",
                dict(f.inputs(d, a, b), sample_weight=d.tensor("positive", w)),
                {"reduction": ("none", "sum_over_batch_size")[size(w) % 2]},
                grad=("y_pred",),
            )


def dtypes(f, true=DTYPES):
    d = f.draw("dtype")
    for a in true:
        for b in DTYPES:
            f.add(
                f.cls,
                "dtype",
                f.inputs(d, (2, 3), true=a, pred=b),
                {"reduction": USUAL[(len(a) + len(b)) % 3]},
                grad=("y_pred",) if b in FLOATS else (),
            )
            f.add(f.function, "dtype", f.inputs(d, (2, 3), true=a, pred=b), grad=("y_pred", "y_true") if len(a + b) % 2 else ("y_pred",))
    for dtype in FLOATS:
        for shape in ((3, 5), (2, 2, 3), (4,)):
            for reduction in USUAL:
                f.add(f.cls, "dtype %s" % dtype, f.inputs(d, shape, true=dtype, pred=dtype), {"reduction": reduction}, grad=("y_pred",))
            f.add(f.function, "dtype %s" % dtype, f.inputs(d, shape, true=dtype, pred=dtype), grad=("y_pred", "y_true"))
    for dtype in ("int16", "int8"):
        f.add(f.name(), "dtype", f.inputs(d, (3,), true=dtype), grad=("y_pred",))
        f.add(f.name(), "dtype", f.inputs(d, (3,), true=dtype, pred=dtype))
    for dtype in FLOATS + ("int32", "bad", None, 1, "bool"):
        f.add(f.cls, "dtype option", f.inputs(d, (2, 3)), {"dtype": dtype}, grad=("y_pred",))
        f.add(
            f.cls,
            "dtype option",
            dict(f.inputs(d, (2, 3), true="int32", pred="float64"), sample_weight=d.tensor("positive", (2,))),
            {"dtype": dtype, "reduction": "none"},
            grad=("y_pred",),
        )
    f.add(f.cls, "name option", f.inputs(d, (2, 3)), {"name": "mine"})
    f.add(f.cls, "name option", f.inputs(d, (2, 3)), {"name": None})


def upstream(f):
    d = f.draw("upstream")
    for shape in ((2, 3), (3, 1), (2, 2, 3)):
        for grad in (("y_pred",), ("y_true", "y_pred")):
            f.add(f.cls, "upstream", f.inputs(d, shape), {"reduction": "none"}, grad=grad, upstream=d.tensor("normal", shape[:-1]))
            f.add(f.function, "upstream", f.inputs(d, shape), grad=grad, upstream=d.tensor("normal", shape[:-1]))
    for g in (2, 0, -0.5, NAN, INF):
        for reduction in ("sum_over_batch_size", "sum"):
            f.add(
                f.cls,
                "upstream scalar",
                f.inputs(d, (2, 3)),
                {"reduction": reduction},
                grad=("y_pred",),
                upstream=tensor("float32", (), [g]),
            )
    f.add(
        f.cls,
        "upstream special",
        f.inputs(d, (4, 2)),
        {"reduction": "none"},
        grad=("y_pred", "y_true"),
        upstream=tensor("float32", (4,), [NAN, INF, 0, -INF]),
    )
    f.add(f.function, "upstream special", f.inputs(d, (4, 2)), grad=("y_pred",), upstream=tensor("float32", (4,), [NAN, INF, 0, -INF]))
    f.add(
        f.cls,
        "upstream weight",
        dict(f.inputs(d, (2, 3)), sample_weight=d.tensor("positive", (2,))),
        {"reduction": "none"},
        grad=("y_pred", "sample_weight"),
        upstream=d.tensor("normal", (2,)),
    )
    f.add(
        f.function,
        "upstream float64",
        f.inputs(d, (2, 3), true="float64", pred="float64"),
        grad=("y_pred",),
        upstream=d.tensor("normal", (2,), "float64"),
    )


def refusals(f, unknown=("from_logit", "reducton", "weight", "eps", "ignore_index")):
    d = f.draw("refusal")
    for loss in (f.cls, f.function):
        whole = f.inputs(d, (2, 3))
        for option in unknown:
            f.add(loss, "unknown option", whole, {option: 1})
        for option in ("from_logits", "label_smoothing", "axis", "delta", "ignore_class"):
            if option in f.options:
                continue
            f.add(loss, "option " + option, whole, {option: 1})
        f.add(loss, "missing", {"y_true": whole["y_true"]})
        f.add(loss, "missing", {"y_pred": whole["y_pred"]})
        f.add(loss, "missing", {})
        f.add(loss, "missing", dict(whole, y_true=None))
        f.add(loss, "missing", dict(whole, y_pred=None))
        f.add(loss, "python number", dict(whole, y_true=1))
        f.add(loss, "python number", dict(whole, y_true=0.5), grad=("y_pred",))
        f.add(loss, "python number", dict(whole, y_pred=0.5))
        f.add(loss, "gradient of integers", f.inputs(d, (2, 3), true="int32"), grad=("y_true", "y_pred"))
        f.add(loss + "s", "unknown", whole)


def specials(f, values=SPECIAL, more=({},)):
    xs, ys = pairs(values)
    n = len(xs)
    for options in more:
        for dtype in ("float32", "float64", "float16", "bfloat16"):
            keep = (
                range(n)
                if dtype in ("float32", "float64")
                else [i for i in range(n) if all(v != v or abs(v) == INF or v == 0 or 1e-4 < abs(v) < 6e4 for v in (xs[i], ys[i]))]
            )
            inputs = {
                "y_true": tensor(dtype, (len(keep), 1), [ys[i] for i in keep]),
                "y_pred": tensor(dtype, (len(keep), 1), [xs[i] for i in keep]),
            }
            f.add(f.cls, "special", inputs, dict(options, reduction="none"), grad=("y_pred",))
            f.add(f.function, "special", inputs, options, grad=("y_true", "y_pred"))
        for x, y in (
            (NAN, 1.0),
            (INF, 0.0),
            (0.5, NAN),
            (0.5, INF),
            (INF, INF),
            (-INF, INF),
            (3e38, -3e38),
            (0.0, 0.0),
            (1.0, 1.0),
            (0.0, 1.0),
            (1.0, 0.0),
        ):
            inputs = {"y_true": tensor("float32", (2, 2), [1, y, 0, 1]), "y_pred": tensor("float32", (2, 2), [0.25, x, 0.5, 0.75])}
            f.add(f.cls, "special reduced", inputs, options, grad=("y_pred",))
            f.add(f.function, "special reduced", inputs, options, grad=("y_pred",))


def random_calls(f, count, choices=(), least=0):
    rng = K.random(f.cls, f.topic, "random")
    d = Draw(rng)
    for _ in range(count):
        shape = tuple(rng.choice((1, 2, 3, 4)) for _ in range(rng.choice((1, 2, 2, 2, 2, 3, 3, 4))))
        while size(shape) > 40:
            shape = shape[1:]
        if len(shape) < least:
            shape = (2,) + shape
        dtype = rng.choice(("float32",) * 6 + ("float64",) * 2 + ("float16", "bfloat16"))
        loss = rng.choice((f.cls, f.cls, f.function))
        options = {"reduction": rng.choice(USUAL)}
        for make in choices:
            options.update(make(rng))
        inputs = f.inputs(d, shape, true=dtype if rng.random() < 0.8 else "int32", pred=dtype)
        if loss == f.cls and rng.random() < 0.5 and len(shape) > 1:
            inputs["sample_weight"] = d.tensor(
                "positive", rng.choice((shape[:1] if len(shape) == 2 else shape[:-1], shape[:1] + (1,), (), shape[:-1]))
            )
        if loss == f.cls and rng.random() < 0.2 and len(shape) > 1:
            inputs["mask"] = mask(d, shape[:-1], "bool")
        grad = rng.choice((("y_pred",), ("y_pred",), ("y_true", "y_pred"), ()))
        f.add(loss, "random", inputs, options, grad=grad)


def large(f):
    """Sums of more than a vector's worth of elements."""
    d = f.draw("large")
    for dtype in FLOATS:
        for shape in ((4, 33), (19, 6)):
            f.add(f.cls, "large", f.inputs(d, shape, true=dtype, pred=dtype), grad=("y_pred",))
        f.add(f.function, "large", f.inputs(d, (3, 41), true=dtype, pred=dtype), grad=("y_pred",))


def common(f, some=None, true=DTYPES):
    """Everything that every loss is asked. With `some`, what is the pipeline's and not the loss's is asked of one loss in a few."""
    shapes(f)
    f.every = 2 if some else 1
    ranks(f)
    dtypes(f, true)
    f.every = 3 if some else 1
    reductions(f)
    f.every = 5 if some else 1
    weights(f, some)
    masks(f, some)
    f.every = 1
    upstream(f)
    refusals(f)
    large(f)


def aliases(f, names):
    d = f.draw("alias")
    for name in names:
        K.add(name, "alias", f.inputs(d, (2, 3)), f.options, grad=("y_pred",))
        K.add(name, "alias", f.inputs(d, (2, 2, 2)), f.options, grad=("y_true", "y_pred"))
        K.add(name, "alias option", f.inputs(d, (2, 3)), {"reduction": "none"})
        K.add(name, "alias weight", dict(f.inputs(d, (2, 3)), sample_weight=d.tensor("positive", (2,))), f.options)
        K.add(name, "alias dtype", f.inputs(d, (2, 3), true="float64", pred="float64"), f.options, grad=("y_pred",))


def at(f, topic, values, labels, narrow=None, **options):
    """Every value against every label, one a row."""
    for dtype in FLOATS:
        xs = (
            values
            if dtype in ("float32", "float64")
            else [v for v in (narrow or values) if v != v or abs(v) == INF or v == 0 or 1e-4 < abs(v) < 6e4]
        )
        n = len(xs) * len(labels)
        inputs = {
            "y_true": tensor(dtype, (n, 1), [y for y in labels for _ in xs]),
            "y_pred": tensor(dtype, (n, 1), [x for _ in labels for x in xs]),
        }
        f.add(f.cls, topic, inputs, dict(options, reduction="none"), grad=("y_pred",))
        f.add(f.function, topic, inputs, options, grad=("y_true", "y_pred"))
        if dtype == "float32":
            for reduction in ("sum", "sum_over_batch_size"):
                f.add(f.cls, topic, inputs, dict(options, reduction=reduction), grad=("y_pred",))


def flags(f, d, inputs):
    for value in (True, False, 1, 0, None, "x", 0.5):
        for loss in (f.cls, f.function):
            K.add(loss, "from_logits value", inputs(d), {"from_logits": value}, grad=("y_pred",))


def smoothing(f, d, inputs, both=(False, True)):
    for value in (0, 0.1, 0.5, 1, -0.1, 1.5, 2, NAN, INF, 1e-9, 1e-6):
        for from_logits in both:
            for loss in (f.cls, f.function):
                K.add(loss, "label_smoothing", inputs(d), {"label_smoothing": value, "from_logits": from_logits}, grad=("y_pred", "y_true"))
            for dtype in ("float64", "float16", "bfloat16"):
                K.add(
                    (f.cls, f.function)[len(dtype) % 2],
                    "label_smoothing dtype",
                    inputs(d, dtype),
                    {"label_smoothing": value, "from_logits": from_logits},
                    grad=("y_pred",),
                )
    for value in (None, "x", [0.1], True, [], {"dtype": "float32", "shape": [], "data": [0.1]}):
        for loss in (f.cls, f.function):
            K.add(loss, "label_smoothing value", inputs(d), {"label_smoothing": value}, grad=("y_pred",))
