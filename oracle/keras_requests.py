"""The requests put to every Keras: first the hard families of the foundation, then every other loss of the handbook.

No value is a float32 subnormal: TensorFlow's CPU runs with denormals flushed to zero, a mode of the processor and no rule of a loss.
"""
from cases import INF, INTEGERS, NAN, Draw, Requests, pairs, size, tensor
from protocol import FLOATS

K = Requests("keras")
REDUCTIONS = ("none", "sum", "sum_over_batch_size", "auto", "mean", "mean_with_sample_weight", None)
USUAL = ("sum_over_batch_size", "none", "sum")
BAD_REDUCTIONS = ("bad", "MEAN", "", 0, 1, True, False, "Sum", "batchmean", "NaN")
SHAPES = [(), (3,), (1,), (0,), (2, 3), (3, 1), (1, 1), (1, 4), (0, 3), (3, 0), (2, 3, 4), (2, 1, 3, 2), (2, 0, 3)]
RANKS = [
    ((3, 1), (3,)), ((3,), (3, 1)), ((2, 1), (2, 3)), ((2, 3), (2, 1)), ((3,), (2, 3)), ((2, 3), (3,)), ((), (2, 3)), ((2, 3), ()), ((2, 3, 1), (2, 3)), ((2, 3), (2, 3, 1)), ((1, 3), (3,)), ((3,), (1, 3)),
    ((1,), (3,)), ((3,), (1,)), ((1,), (3, 1)), ((3, 1), (1,)), ((1, 3), (2, 3)), ((2, 1, 3), (2, 2, 3)), ((), (3,)), ((3,), ()), ((2, 2, 1), (2, 2)), ((2, 1), (2, 1, 1)), ((1, 1), (1,)), ((2, 3), (1, 2, 3)), ((3, 1), (3, 4)), ((3, 4), (3, 1)),
    ((2,), (2, 3)), ((2, 3), (2,)), ((2, 2), (2, 3)), ((3, 2), (2, 3)), ((4,), (3,)), ((2, 3, 4), (2, 3)), ((2, 3), (2, 3, 4)), ((0,), (3,)), ((0, 1), (0,)), ((0,), (0, 1)), ((2, 3, 4), (2, 3, 5)), ((4, 1), (3,)), ((3,), (4, 1)),
]
DTYPES = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "uint8", "bool")
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 1e-7, 2e-38, 3e38, INF, -INF, NAN]


class Family:
    """One loss as class and as function, with what y_true and y_pred hold."""

    def __init__(self, cls, function, y_true, y_pred, **options):
        self.cls, self.function, self.y_true, self.y_pred, self.options = cls, function, y_true, y_pred, options
        self.turn = self.asked = 0
        self.every = 1  # one request in so many is kept
        self.topic = " ".join("%s=%s" % item for item in sorted(options.items()))

    def name(self):
        """Class and function by turns; the function twice as rarely, for it has no reduction."""
        self.turn += 1
        return self.function if self.turn % 3 == 0 else self.cls

    def true(self, d, shape, dtype="float32"):
        return self.y_true(d, shape, dtype) if callable(self.y_true) else d.tensor(self.y_true, shape, dtype)

    def pred(self, d, shape, dtype="float32"):
        return self.y_pred(d, shape, dtype) if callable(self.y_pred) else d.tensor(self.y_pred, shape, dtype)

    def inputs(self, d, shape, other=None, true="float32", pred="float32"):
        """y_true of `shape`, y_pred of `other` (or the same shape)."""
        return {"y_true": self.true(d, shape, true), "y_pred": self.pred(d, shape if other is None else other, pred)}

    def draw(self, topic):
        return Draw(K.random(self.cls, self.topic, topic))

    def add(self, loss, topic, inputs, options=None, **more):
        self.asked += 1
        if (self.asked + len(self.cls)) % self.every:
            return
        options = dict(self.options, **(options or {}))
        if loss == self.function:
            options.pop("reduction", None)
        K.add(loss, topic if not self.topic else "%s %s" % (topic, self.topic), inputs, options, **more)


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
            f.add(f.cls, "rank weight", dict(f.inputs(d, a, b), sample_weight=d.tensor("positive", w)), {"reduction": ("none", "sum_over_batch_size")[size(w) % 2]}, grad=("y_pred",))


def reductions(f):
    d = f.draw("reduction")
    for reduction in REDUCTIONS:
        for shape in ((2, 3), (3,), (2, 2, 3), (0, 3), (0,)):
            f.add(f.cls, "reduction", f.inputs(d, shape), {"reduction": reduction}, grad=("y_pred",))
        for w in ((2,), (2, 1)):
            f.add(f.cls, "reduction weight", dict(f.inputs(d, (2, 3)), sample_weight=d.tensor("positive", w)), {"reduction": reduction}, grad=("y_pred", "sample_weight"))
        for weight in ([0, 0], [1, -1], [2, 0], [NAN, 1], [INF, 1]):
            f.add(f.cls, "reduction weight value", dict(f.inputs(d, (2, 3)), sample_weight=tensor("float32", (2,), weight)), {"reduction": reduction}, grad=("y_pred",))
    for reduction in BAD_REDUCTIONS:
        f.add(f.cls, "bad reduction", f.inputs(d, (2, 3)), {"reduction": reduction})
    f.add(f.cls, "defaults", f.inputs(d, (2, 3)))
    f.add(f.function, "unknown option", f.inputs(d, (2, 3)))
    K.add(f.function, "unknown option", f.inputs(d, (2, 3)), dict(f.options, reduction="none"))


WEIGHTS = {
    (2, 3): [(), (1,), (2,), (2, 1), (3,), (2, 3), (1, 2), (2, 2), (2, 1, 1), (0,), (1, 1), (1, 3), (4,)],
    (2, 3, 4): [(), (1,), (2,), (3,), (2, 1), (1, 3), (2, 3), (2, 3, 1), (2, 3, 4), (2, 1, 1), (2, 3, 2), (1, 1), (1, 1, 1), (4,), (3, 2), (2, 3, 1, 1)],
    (3, 3, 2): [(3,), (3, 1), (3, 3), (1, 3), (3, 3, 2)],
    (3,): [(), (1,), (3,), (3, 1), (2,)],
    (0, 3): [(), (0,), (1,), (0, 1), (3,)],
    (3, 1): [(3,), (3, 1), (1, 3), (3, 3)],
}


def weights(f, some=None):
    d = f.draw("weight")
    for shape, fits in WEIGHTS.items():
        for i, w in enumerate(fits):
            for reduction in USUAL if shape in ((2, 3), (2, 3, 4)) and some is None else ("none", USUAL[i % 2 * 2]):
                f.add(f.cls, "weight", dict(f.inputs(d, shape), sample_weight=d.tensor("positive", w)), {"reduction": reduction}, grad=("y_pred",) if i % 3 else ("y_pred", "sample_weight"))
    for dtype in DTYPES:
        for pred in ("float32", "float64", "float16") if some is None else ("float32",):
            f.add(f.cls, "weight dtype", dict(f.inputs(d, (3, 2), true=pred, pred=pred), sample_weight=d.tensor("unit" if dtype == "bool" else "positive", (3,), dtype)), {"reduction": USUAL[len(dtype + pred) % 3]}, grad=("y_pred",))
    for number in (2, 0, -1, 0.5, "NaN", "Infinity", None):
        for reduction in ("none", "sum_over_batch_size"):
            f.add(f.cls, "weight number", dict(f.inputs(d, (2, 3)), sample_weight=number), {"reduction": reduction}, grad=("y_pred",))
    for data in ([0, 0, 0], [1, 0, 2], [-1, 1, 0], [-1, -2, 3], [NAN, 0, 1], [INF, 0, 1], [3e38, 3e38, 1]):
        for reduction in USUAL[:2] if some is not None else USUAL:
            f.add(f.cls, "weight value", dict(f.inputs(d, (3, 2)), sample_weight=tensor("float32", (3,), data)), {"reduction": reduction}, grad=("y_pred", "sample_weight"))
    f.add(f.function, "weight", dict(f.inputs(d, (2, 3)), sample_weight=d.tensor("positive", (2,))))


def mask(d, shape, dtype, share=0.6):
    data = [d.rng.random() < share for _ in range(size(shape))]
    return tensor(dtype, shape, [float(x) if dtype in FLOATS else x for x in data])


def masks(f, some=None):
    d = f.draw("mask")
    more = ("mean", "mean_with_sample_weight") if some is None else ()
    for shape, fits in (((2, 3), [(2,), (2, 1), (2, 3), (3,), (), (1,)]), ((2, 3, 4), [(2, 3), (2,), (2, 3, 1), (2, 3, 4), (3,), (2, 1), (1, 3)]), ((3,), [(3,), (1,), ()]), ((3, 1), [(3,), (3, 1)])):
        for i, m in enumerate(fits):
            for dtype in ("bool", "float32", "int32"):
                for reduction in (USUAL + more if dtype == "bool" else USUAL[i % 3 : i % 3 + 1]):
                    f.add(f.cls, "mask", dict(f.inputs(d, shape), mask=mask(d, m, dtype)), {"reduction": reduction}, grad=("y_pred",))
    for share in (0, 1):
        for shape, m in (((2, 3), (2,)), ((2, 3, 4), (2, 3))):
            for reduction in USUAL + ("mean", "mean_with_sample_weight"):
                f.add(f.cls, "mask all" if share else "mask none", dict(f.inputs(d, shape), mask=mask(d, m, "bool", share)), {"reduction": reduction}, grad=("y_pred",))
    for shape, m, w in (((2, 3, 4), (2, 3), (2, 3)), ((2, 3, 4), (2, 3), (2, 1)), ((2, 3, 4), (2, 3), ()), ((2, 3), (2,), (2,)), ((2, 3), (2,), (2, 1)), ((2, 3), (2, 1), (2,)), ((2, 3), (2, 3), (2,)), ((2, 3, 4), (2, 3), (2,)), ((2, 3, 4), (2,), (2, 3)), ((2, 3, 4), (2, 3, 1), (2, 3))):
        for dtype in ("bool", "float32"):
            for reduction in ("sum_over_batch_size", "none") + more[1:]:
                f.add(f.cls, "mask weight", dict(f.inputs(d, shape), mask=mask(d, m, dtype), sample_weight=d.tensor("positive", w)), {"reduction": reduction}, grad=("y_pred",))
    for dtype in DTYPES + ("int64",):
        f.add(f.cls, "mask dtype", dict(f.inputs(d, (4, 2)), mask=mask(d, (4,), dtype)), grad=("y_pred",))
        if dtype in FLOATS:
            f.add(f.cls, "mask pred dtype", dict(f.inputs(d, (4, 2), true=dtype, pred=dtype), mask=mask(d, (4,), "bool")), grad=("y_pred",))
            f.add(f.cls, "mask pred dtype", dict(f.inputs(d, (4, 2), true=dtype, pred=dtype), mask=mask(d, (4,), "float32")), grad=("y_pred",))
    f.add(f.cls, "mask value", dict(f.inputs(d, (3, 2)), mask=tensor("float32", (3,), [0.5, 2, -1])), {"reduction": "none"}, grad=("y_pred",))
    f.add(f.cls, "mask value", dict(f.inputs(d, (3, 2)), mask=tensor("float32", (3,), [0.5, 2, -1])), grad=("y_pred",))
    inputs = f.inputs(d, (3, 2))
    inputs["y_pred"] = tensor("float32", (3, 2), [NAN, 0.5, 0.25, 0.75, INF, 0.5])
    for reduction in USUAL:
        f.add(f.cls, "mask special", dict(inputs, mask=tensor("bool", (3,), [False, True, False])), {"reduction": reduction}, grad=("y_pred",))
        f.add(f.cls, "weight special", dict(inputs, sample_weight=tensor("float32", (3,), [0, 1, 0])), {"reduction": reduction}, grad=("y_pred", "sample_weight"))
    f.add(f.function, "mask", dict(f.inputs(d, (2, 3)), mask=mask(d, (2,), "bool")), grad=("y_pred",))
    f.add(f.cls, "mask null", dict(f.inputs(d, (2, 3)), mask=None), grad=("y_pred",))


def dtypes(f, true=DTYPES):
    d = f.draw("dtype")
    for a in true:
        for b in DTYPES:
            f.add(f.cls, "dtype", f.inputs(d, (2, 3), true=a, pred=b), {"reduction": USUAL[(len(a) + len(b)) % 3]}, grad=("y_pred",) if b in FLOATS else ())
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
        f.add(f.cls, "dtype option", dict(f.inputs(d, (2, 3), true="int32", pred="float64"), sample_weight=d.tensor("positive", (2,))), {"dtype": dtype, "reduction": "none"}, grad=("y_pred",))
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
            f.add(f.cls, "upstream scalar", f.inputs(d, (2, 3)), {"reduction": reduction}, grad=("y_pred",), upstream=tensor("float32", (), [g]))
    f.add(f.cls, "upstream special", f.inputs(d, (4, 2)), {"reduction": "none"}, grad=("y_pred", "y_true"), upstream=tensor("float32", (4,), [NAN, INF, 0, -INF]))
    f.add(f.function, "upstream special", f.inputs(d, (4, 2)), grad=("y_pred",), upstream=tensor("float32", (4,), [NAN, INF, 0, -INF]))
    f.add(f.cls, "upstream weight", dict(f.inputs(d, (2, 3)), sample_weight=d.tensor("positive", (2,))), {"reduction": "none"}, grad=("y_pred", "sample_weight"), upstream=d.tensor("normal", (2,)))
    f.add(f.function, "upstream float64", f.inputs(d, (2, 3), true="float64", pred="float64"), grad=("y_pred",), upstream=d.tensor("normal", (2,), "float64"))


def refusals(f, unknown=("from_logit", "reducton", "weight", "eps", "ignore_index")):
    d = f.draw("refusal")
    for loss in (f.cls, f.function):
        whole = f.inputs(d, (2, 3))
        for option in unknown:
            f.add(loss, "unknown option", whole, {option: 1})
        for option in {"from_logits", "label_smoothing", "axis", "delta", "ignore_class"} - set(f.options):
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
            keep = range(n) if dtype in ("float32", "float64") else [i for i in range(n) if all(v != v or abs(v) == INF or v == 0 or 1e-4 < abs(v) < 6e4 for v in (xs[i], ys[i]))]
            inputs = {"y_true": tensor(dtype, (len(keep), 1), [ys[i] for i in keep]), "y_pred": tensor(dtype, (len(keep), 1), [xs[i] for i in keep])}
            f.add(f.cls, "special", inputs, dict(options, reduction="none"), grad=("y_pred",))
            f.add(f.function, "special", inputs, options, grad=("y_true", "y_pred"))
        for x, y in ((NAN, 1.0), (INF, 0.0), (0.5, NAN), (0.5, INF), (INF, INF), (-INF, INF), (3e38, -3e38), (0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0)):
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
            inputs["sample_weight"] = d.tensor("positive", rng.choice((shape[:1] if len(shape) == 2 else shape[:-1], shape[:1] + (1,), (), shape[:-1])))
        if loss == f.cls and rng.random() < 0.2 and len(shape) > 1:
            inputs["mask"] = mask(d, shape[:-1], "bool")
        grad = rng.choice((("y_pred",), ("y_pred",), ("y_true", "y_pred"), ()))
        f.add(loss, "random", inputs, options, grad=grad)


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


def aliases(f, names):
    d = f.draw("alias")
    for name in names:
        K.add(name, "alias", f.inputs(d, (2, 3)), f.options, grad=("y_pred",))
        K.add(name, "alias", f.inputs(d, (2, 2, 2)), f.options, grad=("y_true", "y_pred"))
        K.add(name, "alias option", f.inputs(d, (2, 3)), {"reduction": "none"})
        K.add(name, "alias weight", dict(f.inputs(d, (2, 3)), sample_weight=d.tensor("positive", (2,))), f.options)
        K.add(name, "alias dtype", f.inputs(d, (2, 3), true="float64", pred="float64"), f.options, grad=("y_pred",))


# --- the losses ---------------------------------------------------------------------------------------------------------


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


PROBABILITIES = [0.0, -0.0, 1.0, 1e-8, 9.9e-8, 1e-7, 1.1e-7, 1e-6, 0.5, 1 - 2.0**-23, 1 - 2.0**-24, 1 - 1e-6, 1.5, -0.5, 2e-38, NAN, INF, -INF]
LOGITS = [0.0, -0.0, 1.0, -1.0, 15.0, -15.0, 20.0, -20.0, 88.0, -88.0, 100.0, -100.0, 1e4, -1e4, 1e-8, 3e38, -3e38, INF, -INF, NAN]
NARROW_PROBABILITIES = [0.0, -0.0, 1.0, 0.5, 0.25, 0.99609375, 0.0009765625, 1.5, -0.5, NAN, INF]


def at(f, topic, values, labels, narrow=None, **options):
    """Every value against every label, one a row."""
    for dtype in FLOATS:
        xs = values if dtype in ("float32", "float64") else [v for v in (narrow or values) if v != v or abs(v) == INF or v == 0 or 1e-4 < abs(v) < 6e4]
        n = len(xs) * len(labels)
        inputs = {"y_true": tensor(dtype, (n, 1), [y for y in labels for _ in xs]), "y_pred": tensor(dtype, (n, 1), [x for _ in labels for x in xs])}
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
                K.add((f.cls, f.function)[len(dtype) % 2], "label_smoothing dtype", inputs(d, dtype), {"label_smoothing": value, "from_logits": from_logits}, grad=("y_pred",))
    for value in (None, "x", [0.1], True, [], {"dtype": "float32", "shape": [], "data": [0.1]}):
        for loss in (f.cls, f.function):
            K.add(loss, "label_smoothing value", inputs(d), {"label_smoothing": value}, grad=("y_pred",))


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
            h.add(h.cls, "axis weight", dict(h.inputs(d, (2, 3)), sample_weight=d.tensor("positive", (3,))), {"axis": axis}, grad=("y_pred",))
            h.add(h.cls, "axis smoothing", h.inputs(d, (2, 3)), {"axis": axis, "label_smoothing": 0.2})
    random_calls(f, 60, [lambda r: {"label_smoothing": r.choice((0.1, 0.3))} if r.random() < 0.4 else {}])
    random_calls(g, 60, [lambda r: {"label_smoothing": r.choice((0.1, 0.3))} if r.random() < 0.4 else {}])
    aliases(f, ("bce", "BCE"))


def one_hot(d, shape, dtype):
    return d.one_hot(shape, dtype) if shape else d.tensor("bit", shape, dtype)


def rows(d, shape, dtype):
    return d.rows(shape, -1, dtype) if shape and size(shape) and dtype in FLOATS else d.tensor("unit", shape, dtype)


ROWS = [[0, 0, 1], [0, 1, 0], [1, 0, 0], [2, 1, 1], [0, 0, 0], [-0.2, 0.7, 0.5], [0.5, 0.5, 0], [1e-8, 1, 1e-8], [NAN, 0.5, 0.5], [INF, 0, 0], [1e-7, 1, 1e-6], [1, 1, 1], [2e-38, 1, 0], [0.999999, 1e-6, 0], [3e38, 3e38, 1], [-1, -1, -1], [-1, 1, 0], [0.2, 0.3, 0.5]]
SCORES = [[0, 0, 1], [1, 2, 3], [88, -88, 0], [1e4, -1e4, 0], [INF, 0, 0], [-INF, 0, 0], [-INF, -INF, -INF], [INF, INF, 0], [NAN, 0, 0], [3e38, -3e38, 0], [-0.0, 0, -0.0], [100, 100, 100], [16, 0, 0], [1e-8, 0, 1e-8]]


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
                inputs = {"y_true": tensor(dtype, (len(table), 3), labels * len(table)), "y_pred": tensor(dtype, (len(table), 3), sum(table, []))}
                h.add(h.cls, "special rows", inputs, {"reduction": "none"}, grad=("y_pred",))
                h.add(h.function, "special rows", inputs, grad=("y_true", "y_pred"))
        narrow = [[0 if abs(v) < 1e-4 else v for v in row] for row in table if not any(abs(v) > 6e4 and abs(v) != INF for v in row)]
        for dtype in ("float16", "bfloat16"):
            inputs = {"y_true": tensor(dtype, (len(narrow), 3), [0, 1, 0] * len(narrow)), "y_pred": tensor(dtype, (len(narrow), 3), sum(narrow, []))}
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
                    h.add(loss, "one class", {"y_true": d.tensor("bit", shape), "y_pred": d.tensor("unit", shape)}, {"label_smoothing": smooth}, grad=("y_pred",))
        random_calls(h, 60, [lambda r: {"label_smoothing": r.choice((0.1, 0.3))} if r.random() < 0.4 else {}])
    flags(f, d, lambda d: f.inputs(d, (2, 3)))
    smoothing(f, d, lambda d, dtype="float32": f.inputs(d, (2, 3), true=dtype, pred=dtype))
    for labels in ("int32", "int64", "bool", "uint8"):
        for smooth in (0, 0.1):
            for from_logits in (True, False):
                K.add((f.cls, f.function)[from_logits], "integer labels", f.inputs(d, (3, 4), true=labels), {"label_smoothing": smooth, "from_logits": from_logits}, grad=("y_pred",))


def sparse():
    names = ("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy")
    draw = Draw(K.random(names[0]))
    d = draw

    def make(shape, labels=None, logits=False, pred="float32", true="int32", classes=None):
        c = (shape[-1] if shape else 1) if classes is None else classes
        y_pred = d.tensor("normal", shape, pred) if logits else rows(d, shape, pred)
        return {"y_true": d.labels(shape[:-1] if labels is None else labels, c, true), "y_pred": y_pred}

    def add(loss, topic, inputs, options=None, **more):
        options = dict(options or {})
        if loss == names[1]:
            options.pop("reduction", None)
        K.add(loss, topic, inputs, options, **more)

    shaped = [(4, 3), (1, 3), (2, 1), (0, 3), (3, 0), (2, 3, 4), (2, 1, 2, 3), (3,), (1,), (0,), (), (2, 0, 3), (1, 1)]
    for logits in (False, True):
        options = {"from_logits": logits}
        for shape in shaped:
            for reduction in USUAL:
                add(names[0], "shape", make(shape, logits=logits), dict(options, reduction=reduction), grad=("y_pred",))
            add(names[1], "shape", make(shape, logits=logits), options, grad=("y_pred",))
            add(names[0], "shape (N, 1)", make(shape, shape[:-1] + (1,), logits=logits), dict(options, reduction="none"), grad=("y_pred",))
            add(names[1], "shape (N, 1)", make(shape, shape[:-1] + (1,), logits=logits), options, grad=("y_pred",))
        for shape, labels in (((4, 3), (3,)), ((4, 3), (4, 3)), ((4, 3), ()), ((4, 3), (1,)), ((4, 3), (1, 4)), ((4, 3), (2, 2)), ((2, 3, 2), (6,)), ((2, 3, 2), (2,)), ((2, 3, 2), (3,)), ((2, 3, 2), (2, 3, 2)), ((2, 3, 2), (2, 3, 1, 1)), ((2, 3, 2), (3, 2)), ((2, 3, 2), (1, 6)),
                              ((3,), (1,)), ((3,), (3,)), ((3,), (1, 1)), ((1, 3), ()), ((1, 3), (1, 1)), ((4, 1), (4,)), ((4, 1), (4, 1)), ((4, 3), (4, 1, 1)), ((2, 3, 1), (2, 3)), ((2, 3, 1), (2, 3, 1)), ((6, 3), (2, 3)), ((6, 3), (2, 3, 1)), ((), (1,)), ((3, 3), (3, 1)), ((1, 1, 3), (1,)), ((2, 2, 3), (4,))):
            for loss in names:
                add(loss, "rank", make(shape, labels, logits, classes=1), dict(options, reduction="none"), grad=("y_pred",))
            add(names[0], "rank", make(shape, labels, logits, classes=1), dict(options, reduction=USUAL[len(shape) % 2 * 2]))
            add(names[0], "rank weight", dict(make(shape, labels, logits, classes=1), sample_weight=d.tensor("positive", shape[:1])), options, grad=("y_pred",))
        for true in INTEGERS + ("bool",) + FLOATS:
            for pred in FLOATS + ("int32", "bool"):
                add(names[len(true + pred) % 2], "dtype", make((3, 4), logits=logits, true=true, pred=pred, classes=2), dict(options, reduction="none"), grad=("y_pred",) if pred in FLOATS else ())
            add(names[0], "dtype", make((3, 4), logits=logits, true=true, classes=2), options, grad=("y_true", "y_pred"))
        for data in ([0, 3], [0, -1], [-1, 5], [2**31 - 1, 0], [-100, 1]):
            for true in ("int32", "int64", "float32"):
                for loss in names:
                    add(loss, "label out of range", {"y_true": tensor(true, (2,), data), "y_pred": rows(d, (2, 3), "float32")}, dict(options, reduction="none"), grad=("y_pred",))
            add(names[0], "label out of range", {"y_true": tensor("int32", (2, 1), data), "y_pred": rows(d, (2, 3), "float32")}, options)
        for data in ([1.9, 0.2], [-0.5, 1], [0.999, 2.5], [NAN, 0], [INF, 1], [-1.5, 0], [2.999, -0.0], [3, 0.5]):
            for true in ("float32", "float64"):
                for loss in names:
                    add(loss, "label float", {"y_true": tensor(true, (2,), data), "y_pred": rows(d, (2, 3), "float32")}, dict(options, reduction="none"), grad=("y_pred",))
        table = SCORES if logits else ROWS
        for label in (0, 1, 2):
            for dtype in ("float32", "float64"):
                inputs = {"y_true": tensor("int32", (len(table),), [label] * len(table)), "y_pred": tensor(dtype, (len(table), 3), sum(table, []))}
                add(names[0], "special rows", inputs, dict(options, reduction="none"), grad=("y_pred",))
                add(names[1], "special rows", inputs, options, grad=("y_pred",))
        narrow = [[0 if abs(v) < 1e-4 else v for v in row] for row in table if not any(abs(v) > 6e4 and abs(v) != INF for v in row)]
        for dtype in ("float16", "bfloat16"):
            inputs = {"y_true": tensor("int32", (len(narrow),), [1] * len(narrow)), "y_pred": tensor(dtype, (len(narrow), 3), sum(narrow, []))}
            for loss in names:
                add(loss, "special rows", inputs, dict(options, reduction="none"), grad=("y_pred",))
        for row in table:
            inputs = {"y_true": tensor("int32", (2,), [1, 0]), "y_pred": tensor("float32", (2, 3), row + [0.2, 0.3, 0.5])}
            add(names[0], "special row", inputs, options, grad=("y_pred",))
            add(names[0], "special row", dict(inputs, sample_weight=tensor("float32", (2,), [0, 1])), options, grad=("y_pred",))
        for axis in (-1, 0, 1, -2, 2, -3, 5, None, [0, 1], [-1], "x", 1.5, True):
            for shape in ((2, 3), (2, 3, 2), (3, 3)):
                for loss in names:
                    add(loss, "axis", make(shape, logits=logits, classes=2), dict(options, axis=axis, reduction="none"), grad=("y_pred",))
                if isinstance(axis, int) and -3 <= axis < len(shape):
                    moved = list(shape)
                    moved.pop(axis if -len(shape) <= axis else -1)
                    for loss in names:
                        add(loss, "axis", make(shape, tuple(moved), logits=logits, classes=2), dict(options, axis=axis, reduction="none"), grad=("y_pred",))
        # ignore_class
        for ignore in (None, 0, 1, -1, 3, 255, 0.5, True, "x", [1]):
            for data in ([0, 1, 2, 1], [0, ignore, 2, ignore] if isinstance(ignore, (int, float)) and not isinstance(ignore, bool) else [0, 0, 2, 1]):
                for true in ("int32", "float32"):
                    inputs = {"y_true": tensor(true, (4,), data), "y_pred": d.tensor("normal", (4, 3)) if logits else rows(d, (4, 3), "float32")}
                    add(names[0], "ignore_class", inputs, dict(options, ignore_class=ignore), grad=("y_pred",))
                    add(names[0], "ignore_class", inputs, dict(options, ignore_class=ignore, reduction="none"), grad=("y_pred",))
                    add(names[1], "ignore_class", inputs, dict(options, ignore_class=ignore), grad=("y_pred",))
        for reduction in REDUCTIONS:
            for data in ([0, 1, 2, 1], [0, 0, 0, 0], [1, 2, 1, 2]):
                inputs = {"y_true": tensor("int32", (4,), data), "y_pred": d.tensor("normal", (4, 3)) if logits else rows(d, (4, 3), "float32")}
                more = dict(options, ignore_class=0, reduction=reduction)
                add(names[0], "ignore_class reduction", inputs, more, grad=("y_pred",))
                add(names[0], "ignore_class weight", dict(inputs, sample_weight=d.tensor("positive", (4,))), more, grad=("y_pred", "sample_weight"))
                add(names[0], "ignore_class mask", dict(inputs, mask=mask(d, (4,), "bool")), more, grad=("y_pred",))
            add(names[0], "ignore_class mask dtype", dict(inputs, mask=mask(d, (4,), "float32")), more, grad=("y_pred",))
        for shape in ((2, 3, 4), (2, 1), (1, 3), (2, 2, 2, 3)):
            inputs = make(shape, logits=logits)
            for reduction in USUAL:
                add(names[0], "ignore_class shape", inputs, dict(options, ignore_class=0, reduction=reduction), grad=("y_pred",))
                add(names[0], "ignore_class shape", make(shape, shape[:-1] + (1,), logits=logits), dict(options, ignore_class=0, reduction=reduction), grad=("y_pred",))
            add(names[0], "ignore_class weight", dict(inputs, sample_weight=d.tensor("positive", shape[:-1])), dict(options, ignore_class=0), grad=("y_pred",))
            add(names[1], "ignore_class shape", inputs, dict(options, ignore_class=0), grad=("y_pred",))
        for true in ("int64", "uint8", "float64", "float16", "bool"):
            add(names[len(true) % 2], "ignore_class dtype", make((4, 3), logits=logits, true=true, classes=2), dict(options, ignore_class=1), grad=("y_pred",))
        for scores in ([NAN, 0, 1], [INF, 0, 0], [-INF, 0, 1]):  # at an ignored row
            inputs = {"y_true": tensor("int32", (2,), [0, 2]), "y_pred": tensor("float32", (2, 3), scores + [0.2, 0.3, 0.5])}
            for reduction in USUAL:
                add(names[0], "ignore_class special", inputs, dict(options, ignore_class=0, reduction=reduction), grad=("y_pred",))
        for dtype in FLOATS:
            for shape in ((3, 5), (2, 2, 3)):
                for reduction in USUAL:
                    add(names[0], "dtype %s" % dtype, make(shape, logits=logits, pred=dtype), dict(options, reduction=reduction), grad=("y_pred",))
                add(names[1], "dtype %s" % dtype, make(shape, logits=logits, pred=dtype), options, grad=("y_pred",))
        rng = K.random(names[0], "random", logits)
        for _ in range(60):
            shape = tuple(rng.choice((1, 2, 3, 4)) for _ in range(rng.choice((2, 2, 3, 3, 4))))
            while size(shape) > 40:
                shape = shape[1:]
            loss = rng.choice(names[:1] * 2 + names[1:])
            inputs = make(shape, logits=logits, true=rng.choice(("int32", "int64", "float32", "uint8")), pred=rng.choice(("float32",) * 4 + ("float64", "float16")))
            if loss == names[0] and rng.random() < 0.5 and len(shape) > 1:
                inputs["sample_weight"] = d.tensor("positive", rng.choice((shape[:-1], shape[:1] + (1,), ())))
            if loss == names[0] and rng.random() < 0.2 and len(shape) > 1:
                inputs["mask"] = mask(d, shape[:-1], "bool")
            more = {"ignore_class": rng.choice((0, 1))} if rng.random() < 0.3 else {}
            add(loss, "random", inputs, dict(options, reduction=rng.choice(USUAL), **more), grad=("y_pred",))
    # what is the pipeline's: weights, masks, reductions, upstream, refusals; y_pred of WEIGHTS' shapes, labels one rank less
    f = Family(names[0], names[1], None, rows)
    f.true = lambda d, shape, dtype="float32": d.labels(shape[:-1], shape[-1] if shape else 1, "int32" if dtype in FLOATS else dtype)
    reductions(f)
    weights(f)
    masks(f)
    upstream(f)
    refusals(f)
    d = f.draw("dtype option")
    for dtype in FLOATS + ("int32", "bad", None):
        f.add(f.cls, "dtype option", f.inputs(d, (2, 3)), {"dtype": dtype}, grad=("y_pred",))
        f.add(f.cls, "dtype option", f.inputs(d, (2, 3), pred="float64"), {"dtype": dtype, "reduction": "none"}, grad=("y_pred",))
    flags(f, d, lambda d: f.inputs(d, (2, 3)))
    d = draw


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
    for labels in ([0, 1, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1], [-1, 1, 1, -1], [-1, 0, 1, 0], [0.05, 0.95, 0.95, 0.05], [0, 1, 2, 1], [0, 1, NAN, 1], [0, 1, INF, 0], [-0.0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5], [-1, -1, -1, -1]):
        for shape in ((2, 2), (4, 1), (4,)):
            inputs = {"y_true": tensor("float32", shape, labels), "y_pred": tensor("float32", shape, [1, -1, 0.5, 2])}
            f.add(cls, "labels", inputs, {"reduction": "none"}, grad=("y_pred", "y_true"))
            f.add(function, "labels", inputs, grad=("y_pred",))
        f.add(cls, "labels", dict(inputs, y_pred=d.tensor("normal", (4,))), grad=("y_pred",))
        if all(v == v and abs(v) < 9 for v in labels):
            for dtype in ("int32", "int64", "bool", "uint8", "int8", "float64", "float16", "bfloat16"):
                inputs = {"y_true": tensor(dtype, (2, 2), [max(0, v) if dtype in ("uint8",) else v for v in labels]), "y_pred": d.tensor("normal", (2, 2))}
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
    for labels, scores in (([1, 0, 0], [-1, -2, -3]), ([1, 0, 0], [0, 2, 2]), ([1, 0, 0], [1, 0, 0]), ([0, 0, 0], [1, 2, 3]), ([1, 1, 0], [1, 2, 3]), ([0.5, 0.5, 0], [1, 2, 3]), ([1, 0, 0], [NAN, 1, 2]), ([1, 0, 0], [INF, 0, 0]), ([1, 0, 0], [0, INF, INF]), ([1, 0, 0], [-INF, 0, 0]), ([-1, 1, 0], [1, 2, 3]), ([NAN, 0, 1], [1, 2, 3]), ([1, 0, 0], [0, 0, 0]), ([2, 0, 0], [1, 1, 1])):
        for shape in ((1, 3), (3,)):
            inputs = {"y_true": tensor("float32", shape, labels), "y_pred": tensor("float32", shape, scores)}
            f.add(f.cls, "ties", inputs, {"reduction": "none"}, grad=("y_pred", "y_true"))
            f.add(f.function, "ties", inputs, grad=("y_pred",))
    f = elementwise("Huber", "huber", "normal", "normal", ("huber_loss",))
    d = f.draw("delta")
    for delta in (1, 0.5, 0, -1, 2, 1e-3, 1e6, 1e38, INF, NAN, None, "x", [1], {"dtype": "float32", "shape": [], "data": [0.5]}, {"dtype": "float64", "shape": [], "data": [0.5]}, True):
        kink = [v for e in (delta if isinstance(delta, (int, float)) and delta == delta and abs(delta) < 1e37 else 1,) for v in (e, -e, e / 2, 2 * e, 0.0, 0.1)]
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


def names():
    """Names that some releases know and others do not."""
    d = Draw(K.random("names"))
    inputs = {"y_true": d.tensor("unit", (2, 3)), "y_pred": d.tensor("unit", (2, 3))}
    for name in ("cosine", "cosine_proximity", "cosineSimilarity", "CosineProximity", "Mean", "Loss", "Reduction", "get", "serialize", "deserialize", "LossFunctionWrapper", "BinaryCrossEntropy", "KLDiv", "kl", "logCosh", "Logcosh", "LOGCOSH",
                 "huberLoss", "MeanSquareError", "CrossEntropyLoss", "mse_loss", "", "mean_absolute_percentage_errors", "BinaryCrossentropy ", "typo", "categorical_cross_entropy", "MSLe", "KLDivergences", "_x", "keras"):
        K.add(name, "unknown", inputs)


def everything():
    K.clear()
    squared_error()
    sparse()
    categorical()
    binary()
    hinges()
    others()
    names()
    return K.list
