"""The requests put to every PyTorch: first the hard families of the foundation, then every other loss of the handbook."""
from cases import INF, INTEGERS, NAN, Draw, Requests, pairs, size, tensor
from protocol import FLOATS

T = Requests("torch")
REDUCTIONS = ("none", "mean", "sum")
FLAGS = [(a, b) for a in (None, True, False) for b in (None, True, False)]
SHAPES = [(), (1,), (3,), (0,), (2, 3), (1, 1), (0, 3), (3, 0), (2, 3, 4), (2, 1, 3, 2), (2, 0, 3)]
BROADCAST = [
    ((2, 3), (3,)), ((2, 3), (1, 3)), ((2, 1), (2, 3)), ((2, 1), (1, 3)), ((), (2, 3)), ((2, 3), ()), ((3,), (1,)), ((1,), (3,)),
    ((0,), (1,)), ((0,), ()), ((2, 3, 4), (3, 1)), ((3,), (2, 3)), ((2, 3), (2, 3, 1)), ((4, 3), (3,)), ((3,), (4, 3)), ((), (3,)), ((3, 1), (3,)),
    ((2, 2), (1, 2, 2)), ((1, 1), ()), ((), (1,)), ((1,), ()), ((0, 3), (1, 3)), ((0, 3), (3,)), ((0, 3), ()),
]
MISMATCH = [((2, 3), (2,)), ((2, 3), (3, 2)), ((4,), (3,)), ((0,), (2,)), ((2, 3), (0, 3)), ((2, 3, 4), (2, 3)), ((2, 2), (3, 2, 1, 3))]
DTYPES = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "uint8", "bool")
NARROW = ("float64", "float16", "bfloat16")
BAD_REDUCTIONS = ("elementwise_mean", "batchmean", "bad", "MEAN", "", "Sum", None, "mean ", 1, True)
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 1e-40, 3e38, INF, -INF, NAN]


class Family:
    """One loss as class and as function, with what its arguments hold."""

    def __init__(self, cls, function, x, y, **options):
        self.cls, self.function, self.x, self.y, self.options = cls, function, x, y, options
        self.turn = 0

    def name(self):
        """Class and function by turns."""
        self.turn += 1
        return (self.cls, self.function)[self.turn % 2]

    def inputs(self, d, shape, other=None, dtype="float32", target=None):
        other = shape if other is None else other
        return {"input": d.tensor(self.x, shape, dtype), "target": d.tensor(self.y, other, target or dtype)}


def floating(inputs):
    return [name for name, t in inputs.items() if t["dtype"] in FLOATS]


def shapes(f, both=True):
    d = Draw(T.random(f.cls, "shape"))
    for shape in SHAPES:
        for reduction in REDUCTIONS:
            for loss in (f.cls, f.function) if both else (f.name(),):
                inputs = f.inputs(d, shape)
                T.add(loss, "shape", inputs, {"reduction": reduction}, grad=("input",))
            T.add(f.name(), "shape both", f.inputs(d, shape), {"reduction": reduction}, grad=("input", "target"))


def broadcasting(f):
    d = Draw(T.random(f.cls, "broadcast"))
    for i, (a, b) in enumerate(BROADCAST):
        for reduction in REDUCTIONS:
            T.add(f.name(), "broadcast", f.inputs(d, a, b), {"reduction": reduction}, grad=(("input",), ("target",), ("input", "target"), ())[(i + len(reduction)) % 4])
        T.add(f.name(), "broadcast value", f.inputs(d, a, b))
    for a, b in MISMATCH:
        for loss in (f.cls, f.function):
            T.add(loss, "mismatch", f.inputs(d, a, b), {"reduction": REDUCTIONS[f.turn % 3]}, grad=(("input",), ())[size(a) % 2])


def legacy(f, reductions=("mean", "none")):
    d = Draw(T.random(f.cls, "legacy"))
    for size_average, reduce in FLAGS:
        for loss in (f.cls, f.function):
            T.add(loss, "legacy", f.inputs(d, (2, 3)), {"size_average": size_average, "reduce": reduce}, grad=("input",))
        for reduction in reductions + ("bad",):
            T.add(f.name(), "legacy over reduction", f.inputs(d, (2, 2)), {"size_average": size_average, "reduce": reduce, "reduction": reduction}, grad=("input",))
    T.add(f.cls, "legacy", f.inputs(d, (3,)), {"size_average": False})
    T.add(f.function, "legacy", f.inputs(d, (3,)), {"reduce": False})


def reductions(f):
    d = Draw(T.random(f.cls, "reduction"))
    for reduction in BAD_REDUCTIONS:
        for loss in (f.cls, f.function):
            T.add(loss, "reduction", f.inputs(d, (2, 3)), {"reduction": reduction}, grad=("input",))
    T.add(f.cls, "defaults", f.inputs(d, (2, 3)), grad=("input",))
    T.add(f.function, "defaults", f.inputs(d, (2, 3)), grad=("input",))


def dtypes(f):
    d = Draw(T.random(f.cls, "dtype"))
    for a in DTYPES:
        for b in DTYPES:
            inputs = f.inputs(d, (2, 3), dtype=a, target=b)
            T.add(f.name(), "dtype value", inputs, {"reduction": REDUCTIONS[f.turn % 3]})
            inputs = f.inputs(d, (2, 3), dtype=a, target=b)
            if floating(inputs):
                T.add(f.name(), "dtype", inputs, {"reduction": REDUCTIONS[f.turn % 3]}, grad=floating(inputs)[: 1 + f.turn % 2])
    for a in NARROW + ("float32",):
        for shape in ((3, 5), (), (17,)):
            for reduction in REDUCTIONS:
                T.add(f.name(), "dtype %s" % a, f.inputs(d, shape, dtype=a), {"reduction": reduction}, grad=("input",) if shape else ("input", "target"))
    for a, b in (("float32", "float64"), ("float64", "float32"), ("float16", "float32"), ("int64", "float32"), ("float32", "int64")):
        for s, t in (((), (3,)), ((3,), ()), ((), ())):
            inputs = f.inputs(d, s, t, dtype=a, target=b)
            T.add(f.name(), "dtype scalar", inputs)
            T.add(f.name(), "dtype scalar", f.inputs(d, s, t, dtype=a, target=b), grad=floating(inputs)[:1])
    for a in ("int16", "int8"):
        T.add(f.name(), "dtype value", f.inputs(d, (3,), dtype=a), {"reduction": "none"})
        T.add(f.name(), "dtype value", f.inputs(d, (3,), dtype="float32", target=a), {"reduction": "sum"})


def upstream(f):
    d = Draw(T.random(f.cls, "upstream"))
    for shape in ((2, 3), (4,), (), (0, 2)):
        for grad in (("input",), ("input", "target")):
            T.add(f.name(), "upstream", f.inputs(d, shape), {"reduction": "none"}, grad=grad, upstream=d.tensor("normal", shape))
    for g in (2.0, 0.0, -0.5, NAN, INF, 1e-30):
        for reduction in ("mean", "sum"):
            T.add(f.name(), "upstream scalar", f.inputs(d, (2, 3)), {"reduction": reduction}, grad=("input",), upstream=tensor("float32", (), [g]))
    T.add(f.name(), "upstream special", f.inputs(d, (4,)), {"reduction": "none"}, grad=("input", "target"), upstream=tensor("float32", (4,), [NAN, INF, 0, -INF]))
    T.add(f.name(), "upstream special", f.inputs(d, (4,)), {"reduction": "none"}, grad=("input",), upstream=tensor("float32", (4,), [NAN, INF, 0, -INF]))
    T.add(f.name(), "upstream float64", f.inputs(d, (4,), dtype="float64"), {"reduction": "none"}, grad=("input",), upstream=d.tensor("normal", (4,), "float64"))
    T.add(f.name(), "upstream shape", f.inputs(d, (2, 3)), {"reduction": "none"}, grad=("input",), upstream=d.tensor("normal", (3,)))
    T.add(f.name(), "upstream shape", f.inputs(d, (2, 3)), {"reduction": "mean"}, grad=("input",), upstream=d.tensor("normal", (2, 3)))


def refusals(f, unknown=("weigth", "reducton", "eps", "axis", "from_logits", "delta_")):
    d = Draw(T.random(f.cls, "refusal"))
    for loss in (f.cls, f.function):
        for option in unknown:
            T.add(loss, "unknown option", f.inputs(d, (3,)), {option: 1})
        whole = f.inputs(d, (3,))
        T.add(loss, "missing", {"input": whole["input"]})
        T.add(loss, "missing", {"target": whole["target"]})
        T.add(loss, "missing", {})
        T.add(loss, "missing", dict(whole, target=None))
        T.add(loss, "missing", dict(whole, input=None))
        T.add(loss, "python number", dict(whole, target=1))
        T.add(loss, "python number", dict(whole, input=0.5))
        T.add(loss, "gradient of integers", dict(whole, target=tensor("int64", (3,), [1, 0, 1])), grad=("target",))
    T.add(f.cls + "s", "unknown", f.inputs(d, (3,)))
    T.add(f.function + "s", "unknown", f.inputs(d, (3,)))


def specials(f, values=SPECIAL, options=({},)):
    xs, ys = pairs(values)
    n = len(xs)
    d = Draw(T.random(f.cls, "special"))
    for more in options:
        for dtype in ("float32", "float64"):
            inputs = {"input": tensor(dtype, (n,), xs), "target": tensor(dtype, (n,), ys)}
            for grad in (("input",), ("input", "target")):
                T.add(f.name(), "special", inputs, dict(more, reduction="none"), grad=grad)
        for dtype in ("float16", "bfloat16"):
            keep = [i for i in range(n) if all(v != v or abs(v) in (INF,) or abs(v) < 6e4 and (v == 0 or abs(v) > 1e-4) for v in (xs[i], ys[i]))]
            inputs = {"input": tensor(dtype, (len(keep),), [xs[i] for i in keep]), "target": tensor(dtype, (len(keep),), [ys[i] for i in keep])}
            T.add(f.name(), "special", inputs, dict(more, reduction="none"), grad=("input",))
        for x, y in ((NAN, 1.0), (INF, 0.0), (0.5, NAN), (0.5, INF), (INF, INF), (-INF, INF), (3e38, -3e38), (1e-40, 0.0), (-0.0, 0.0)):
            inputs = {"input": tensor("float32", (3,), [0.25, x, 0.5]), "target": tensor("float32", (3,), [1, y, 0])}
            T.add(f.name(), "special reduced", inputs, dict(more, reduction=("mean", "sum")[f.turn // 2 % 2]), grad=("input",))
    for kind in ("wide",):
        for _ in range(4):
            inputs = {"input": d.tensor(f.x, (4, 3)), "target": d.tensor(f.y, (4, 3))}
            T.add(f.name(), "special shape", inputs, {"reduction": "sum"}, grad=("input", "target"))


def random_calls(f, count, choices=()):
    """Random shapes, dtypes, options, gradients and upstreams."""
    rng = T.random(f.cls, "random")
    d = Draw(rng)
    for _ in range(count):
        shape = tuple(rng.choice((0, 1, 2, 3, 4, 5) if rng.random() < 0.1 else (1, 2, 3, 4)) for _ in range(rng.choice((0, 1, 1, 2, 2, 2, 3, 4))))
        while size(shape) > 40:
            shape = shape[1:]
        dtype = rng.choice(("float32",) * 5 + ("float64",) * 2 + ("float16", "bfloat16"))
        options = {"reduction": rng.choice(REDUCTIONS)}
        for make in choices:
            options.update(make(rng, d, shape, dtype))
        inputs = f.inputs(d, shape, dtype=dtype)
        seed = None
        if rng.random() < 0.3:
            seed = d.tensor("normal", shape if options["reduction"] == "none" else (), dtype)
        T.add(rng.choice((f.cls, f.function)), "random", inputs, options, grad=rng.choice((("input",), ("input",), ("input", "target"), ("target",))), upstream=seed)


def common(f, both=True):
    shapes(f, both)
    broadcasting(f)
    legacy(f)
    reductions(f)
    dtypes(f)
    upstream(f)
    refusals(f)


# --- the mean squared error ---------------------------------------------------------------------------------------------


def element_weights(function, f):
    """The functions' `weight` of PyTorch 2.6 and later."""
    d = Draw(T.random(function, "weight"))
    for reduction in REDUCTIONS + ("bad", "elementwise_mean", None):
        for shape in ((3,), (2, 3), (), (0,), (2, 1, 2)):
            T.add(function, "weight", f.inputs(d, shape), {"weight": d.tensor("positive", shape), "reduction": reduction}, grad=("input", "target"))
    for weight in ([0, 0, 0], [1, -1, 0], [NAN, 1, 1], [INF, 1, 1], [-1, -2, 1]):
        for reduction in REDUCTIONS:
            T.add(function, "weight", f.inputs(d, (3,)), {"weight": tensor("float32", (3,), weight), "reduction": reduction}, grad=("input",))
    for shape in ((1,), (), (3,), (1, 3), (2, 1), (2, 3, 1), (6,)):
        T.add(function, "weight shape", f.inputs(d, (2, 3)), {"weight": d.tensor("positive", shape)}, grad=("input",))
    for a, b in (((3,), (2, 3)), ((2, 3), (3,)), ((2, 3), (2, 1))):
        for w in (a, b, (2, 3)):
            T.add(function, "weight broadcast", f.inputs(d, a, b), {"weight": d.tensor("positive", w)}, grad=("input",))
    for dtype in ("float64", "float16", "bfloat16", "int64", "bool"):
        for of in ("float32", "float64", "float16"):
            T.add(function, "weight dtype", f.inputs(d, (3,), dtype=of), {"weight": d.tensor("positive", (3,), dtype)}, grad=("input",))
    for flags in FLAGS[1:6]:
        T.add(function, "weight legacy", f.inputs(d, (3,)), {"weight": d.tensor("positive", (3,)), "size_average": flags[0], "reduce": flags[1]}, grad=("input",))
    T.add(function, "weight", f.inputs(d, (3,)), {"weight": None}, grad=("input",))
    T.add(function, "weight", f.inputs(d, (3,)), {"weight": 2}, grad=("input",))


def squared_error():
    f = Family("MSELoss", "mse_loss", "normal", "normal")
    common(f)
    specials(f)
    random_calls(f, 60)
    element_weights("mse_loss", f)
    d = Draw(T.random("MSELoss weight"))
    T.add("MSELoss", "unknown option", f.inputs(d, (3,)), {"weight": d.tensor("positive", (3,))})


# --- cross entropy and the negative log likelihood ----------------------------------------------------------------------


def class_inputs(d, shape, dtype="float32", log=False, labels="int64", classes=None):
    """Scores of `shape` (class axis 1, or 0 alone) and labels that fit."""
    at = 1 if len(shape) > 1 else 0
    target = shape[:at] + shape[at + 1 :]
    return {"input": d.tensor("log" if log else "normal", shape, dtype), "target": d.labels(target, shape[at] if classes is None else classes, labels)}


CLASS_SHAPES = [(4, 3), (1, 3), (2, 1), (1, 1), (0, 3), (2, 3, 4), (2, 3, 2, 2), (1, 2, 2, 1, 2), (3,), (1,), (2, 3, 0), (2, 1, 2), (1, 3, 1, 1), (2, 2, 1, 2, 1, 2), (0, 2, 3), (5, 2)]


def class_losses(cls, function, log):
    """What CrossEntropyLoss and NLLLoss have in common: class indices, weight, ignore_index, refusals."""
    turn = [0]

    def name():
        turn[0] += 1
        return (cls, function)[turn[0] % 2]

    d = Draw(T.random(cls, "classes"))
    rng = d.rng

    def make(shape, **more):
        return class_inputs(d, shape, log=log, **more)

    for shape in CLASS_SHAPES:
        c = shape[1] if len(shape) > 1 else shape[0]
        for reduction in REDUCTIONS:
            for loss in (cls, function):
                T.add(loss, "shape", make(shape), {"reduction": reduction}, grad=("input",))
            T.add(name(), "shape weight", make(shape), {"reduction": reduction, "weight": d.tensor("positive", (c,))}, grad=("input",))
            inputs = make(shape)
            some = inputs["target"]["data"]
            ignored = some[0] if some else 0
            T.add(name(), "shape ignore_index", inputs, {"reduction": reduction, "ignore_index": ignored}, grad=("input",))
            T.add(name(), "shape weight ignore_index", inputs, {"reduction": reduction, "ignore_index": ignored, "weight": d.tensor("positive", (c,))}, grad=("input",))
            inputs = make(shape)
            inputs["target"]["data"] = [v if rng.random() < 0.6 else -100 for v in inputs["target"]["data"]]
            T.add(name(), "shape label -100", inputs, {"reduction": reduction}, grad=("input",))
            inputs["target"]["data"] = [-100 for _ in inputs["target"]["data"]]
            T.add(name(), "all ignored", inputs, {"reduction": reduction}, grad=("input",))
            T.add(name(), "all ignored", inputs, {"reduction": reduction, "weight": d.tensor("positive", (c,))}, grad=("input",))
    # ignore_index
    for index in (-100, -1, 0, 1, 2, 3, 7, 255, -5, 2**40, -(2**40)):
        for data in ([0, 1, 2, 1], [index] * 4, [index, 1, index, 2]):
            inputs = {"input": d.tensor("log" if log else "normal", (4, 3)), "target": tensor("int64", (4,), data)}
            T.add(name(), "ignore_index", inputs, {"ignore_index": index, "reduction": REDUCTIONS[turn[0] % 3]}, grad=("input",))
    for index in (True, None, 1.5, "NaN", "x", [1]):
        T.add(name(), "bad ignore_index", make((2, 3)), {"ignore_index": index})
    for where in (NAN, INF, -INF):  # at an ignored row, and at another class
        for data in ([-100, 1], [1, -100], [2, 1], [0, 1]):
            scores = d.some("log" if log else "normal", 6)
            scores[0] = where
            for reduction in REDUCTIONS:
                T.add(name(), "special scores", {"input": tensor("float32", (2, 3), scores), "target": tensor("int64", (2,), data)}, {"reduction": reduction}, grad=("input",))
    for row in ([INF, 0, 0], [-INF, -INF, -INF], [INF, INF, 0], [88, -88, 0], [1e4, -1e4, 0], [3e38, -3e38, 0], [NAN, 0, 0], [0, 0, 0], [-0.0, 0, -0.0], [1e-40, 0, 0], [100, 100, 100], [-INF, 0, 1]):
        for dtype in ("float32", "float64"):
            T.add(name(), "special row", {"input": tensor(dtype, (3, 3), row * 3), "target": tensor("int64", (3,), [0, 1, 2])}, {"reduction": "none"}, grad=("input",))
        T.add(name(), "special row", {"input": tensor("float32", (3, 3), row * 3), "target": tensor("int64", (3,), [0, 1, 2])}, {"weight": tensor("float32", (3,), [1, 0, 2])}, grad=("input",))
    # weight
    for weight in ([0, 0, 0], [1, -1, 0], [-1, -2, 1], [-1, -2, -0.5], [0, 1, 2], [NAN, 1, 1], [INF, 1, 1], [0, 0, 1], [1e-40, 1, 2], [-0.0, 1, 0]):
        for shape in ((4, 3), (1, 3, 2, 2), (2, 3, 2), (1, 3)):
            for reduction in REDUCTIONS:
                T.add(name(), "weight", make(shape), {"weight": tensor("float32", (3,), weight), "reduction": reduction}, grad=("input",))
        inputs = make((4, 3))
        inputs["target"]["data"] = [0, 1, 2, -100]
        T.add(name(), "weight ignore", inputs, {"weight": tensor("float32", (3,), weight)}, grad=("input",))
        inputs["target"]["data"] = [0, 1, 0, 1]
        T.add(name(), "weight cancels", inputs, {"weight": tensor("float32", (3,), weight)}, grad=("input",))
        T.add(name(), "weight no batch", make((3,)), {"weight": tensor("float32", (3,), weight)}, grad=("input",))
    for shape in ((2,), (4,), (1,), (), (1, 3), (3, 1), (0,), (1, 1, 3)):
        for scores in ((4, 3), (1, 3, 2, 2), (3,), (2, 3, 2)):
            T.add(name(), "weight shape", make(scores), {"weight": d.tensor("positive", shape)}, grad=("input",))
    for dtype in ("float64", "float16", "bfloat16", "int64", "float32", "bool"):
        for of in ("float32", "float64", "float16", "bfloat16"):
            T.add(name(), "weight dtype", make((2, 3), dtype=of), {"weight": d.tensor("positive", (3,), dtype)}, grad=("input",))
    for bad in (None, 1, 0.5, [1, 2, 3]):
        T.add(name(), "weight value", make((2, 3)), {"weight": bad})
    # labels
    for data in ([3, 0], [-1, 0], [0, 2**40], [-101, 0], [0, 99], [2, -100], [-100, 3], [-2, -1]):
        for shape in ((2, 3), (1, 3, 2), (1, 3, 1, 2)):
            target = tensor("int64", (2,) if len(shape) == 2 else shape[:1] + shape[2:], data)
            T.add(name(), "label out of range", {"input": d.tensor("log" if log else "normal", shape), "target": target}, {"reduction": REDUCTIONS[turn[0] % 3]}, grad=("input",))
    T.add(name(), "label out of range", {"input": d.tensor("normal", (3,)), "target": tensor("int64", (), [3])})
    T.add(name(), "label out of range", {"input": d.tensor("normal", (3,)), "target": tensor("int64", (), [-1])}, grad=("input",))
    for dtype in INTEGERS + ("bool",) + FLOATS:
        for shape in ((2, 3), (3,), (2, 3, 2), (2, 3, 1, 2)):
            T.add(name(), "label dtype", make(shape, labels=dtype, classes=2), grad=("input",))
        T.add(name(), "label dtype", make((2, 3), labels=dtype, classes=2), {"reduction": "none"})
        T.add(name(), "input dtype", class_inputs(d, (2, 3), dtype=dtype, log=log), {"reduction": REDUCTIONS[turn[0] % 3]})
    for dtype in FLOATS:
        for shape in ((4, 3), (2, 3, 2, 1), (1, 5), (3,)):
            for reduction in REDUCTIONS:
                T.add(name(), "input dtype", make(shape, dtype=dtype), {"reduction": reduction}, grad=("input",))
        T.add(name(), "input dtype weight", make((4, 3), dtype=dtype), {"weight": d.tensor("positive", (3,), dtype)}, grad=("input",))
    # shapes that do not fit
    for a, b in (((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), ()), ((2, 3), (1,)), ((2, 3), (2, 2)), ((2, 3, 4), (2, 5)), ((2, 3, 4), (2,)), ((2, 3, 4), (2, 4, 1)), ((2, 3, 4, 5), (2, 5, 4)),
                 ((2, 3, 4, 5), (2, 4)), ((2, 3, 2, 2, 2), (2, 2, 2)), ((), ()), ((), (1,)), ((3,), (1,)), ((3,), (3,)), ((3,), (2,)), ((0, 3), (1,)), ((2, 0), (2,)), ((0, 0), (0,)), ((0,), ()),
                 ((3,), (1, 1)), ((2, 3, 4), (3, 4)), ((1, 3), ()), ((2, 3, 2, 2), (3, 2, 2)), ((2, 3, 2, 2), (2, 2, 3)), ((2, 3, 1), (2, 2)), ((1, 3, 2), (2,)), ((2, 3), (0,)), ((2, 3, 4), (4, 2))):
        for loss in (cls, function):
            T.add(loss, "mismatch", {"input": d.tensor("log" if log else "normal", a), "target": d.labels(b, 1)}, {"reduction": REDUCTIONS[turn[0] % 3]}, grad=("input",))
        T.add(name(), "mismatch value", {"input": d.tensor("log" if log else "normal", a), "target": d.labels(b, 1)}, {"reduction": REDUCTIONS[turn[0] % 3]})
    # flags, reductions, upstream, refusals
    for size_average, reduce in FLAGS:
        for loss in (cls, function):
            T.add(loss, "legacy", make((2, 3)), {"size_average": size_average, "reduce": reduce}, grad=("input",))
        for reduction in ("sum", "none", "bad"):
            T.add(name(), "legacy over reduction", make((2, 3)), {"size_average": size_average, "reduce": reduce, "reduction": reduction, "weight": d.tensor("positive", (3,))}, grad=("input",))
    for reduction in BAD_REDUCTIONS:
        for loss in (cls, function):
            T.add(loss, "reduction", make((2, 3)), {"reduction": reduction}, grad=("input",))
    for loss in (cls, function):
        T.add(loss, "defaults", make((4, 3)), grad=("input",))
    for shape in ((4, 3), (2, 3, 2), (3,), (1, 2, 2, 2)):
        value = shape[:1] + shape[2:] if len(shape) > 1 else ()
        for _ in range(3):
            T.add(name(), "upstream", make(shape), {"reduction": "none", "weight": d.tensor("positive", (shape[1] if len(shape) > 1 else 3,))}, grad=("input",), upstream=d.tensor("normal", value))
    for g in (2.0, 0.0, -0.5, NAN, INF):
        for reduction in ("mean", "sum"):
            inputs = make((3, 3))
            inputs["target"]["data"][1] = -100
            T.add(name(), "upstream scalar", inputs, {"reduction": reduction}, grad=("input",), upstream=tensor("float32", (), [g]))
    inputs = make((4, 3))
    inputs["target"]["data"] = [0, -100, 2, -100]
    T.add(name(), "upstream special", inputs, {"reduction": "none"}, grad=("input",), upstream=tensor("float32", (4,), [NAN, NAN, INF, 0]))
    T.add(name(), "upstream shape", make((4, 3)), {"reduction": "none"}, grad=("input",), upstream=tensor("float32", (), [1]))
    for loss in (cls, function):
        whole = make((2, 3))
        for option in ("weigth", "axis", "from_logits", "ignore_class", "smoothing", "pos_weight"):
            T.add(loss, "unknown option", whole, {option: 1})
        for inputs in ({"input": whole["input"]}, {"target": whole["target"]}, {}, dict(whole, target=None), dict(whole, input=None), dict(whole, target=1), dict(whole, input=1)):
            T.add(loss, "missing", inputs)
        T.add(loss, "gradient of integers", whole, grad=("target",))
        T.add(loss, "gradient of integers", whole, grad=("input", "target"))
        T.add(loss + "s", "unknown", whole)
    # random
    for _ in range(70):
        k = rng.choice((0, 1, 1, 1, 2, 2, 3))
        c = rng.choice((1, 2, 3, 4, 5))
        shape = (c,) if k == 0 else (rng.choice((1, 2, 3, 4)), c) + tuple(rng.choice((1, 2, 3)) for _ in range(k - 1))
        dtype = rng.choice(("float32",) * 5 + ("float64",) * 3 + ("bfloat16", "float16"))
        inputs = make(shape, dtype=dtype)
        options = {"reduction": rng.choice(REDUCTIONS)}
        if rng.random() < 0.5:
            options["weight"] = d.tensor("positive", (c,), dtype)
        if rng.random() < 0.5:
            options["ignore_index"] = rng.choice((-100, -1, 0, c - 1))
            inputs["target"]["data"] = [v if rng.random() < 0.7 else options["ignore_index"] for v in inputs["target"]["data"]]
        if not log and rng.random() < 0.4:
            options["label_smoothing"] = rng.choice((0.1, 0.25, 0.9))
        value = inputs["target"]["shape"] if options["reduction"] == "none" else ()
        T.add(rng.choice((cls, function)), "random", inputs, options, grad=("input",), upstream=d.tensor("normal", value, dtype) if rng.random() < 0.3 else None)


def cross_entropy():
    class_losses("CrossEntropyLoss", "cross_entropy", log=False)
    d = Draw(T.random("CrossEntropyLoss", "probabilities"))
    turn = [0]

    def name():
        turn[0] += 1
        return ("CrossEntropyLoss", "cross_entropy")[turn[0] % 2]

    def soft(shape, dtype="float32", target=None):
        at = 1 if len(shape) > 1 else 0
        return {"input": d.tensor("normal", shape, dtype), "target": d.rows(shape, at, target or dtype) if size(shape) else tensor(target or dtype, shape, [])}

    for shape in ((2, 3), (1, 1), (3,), (1,), (2, 3, 2), (1, 2, 2, 2), (2, 2, 1, 2, 1), (0, 3), (2, 3, 0), (2, 0), (0,), (4, 1)):
        c = shape[1] if len(shape) > 1 else shape[0]
        for reduction in REDUCTIONS:
            T.add(name(), "probabilities", soft(shape), {"reduction": reduction}, grad=("input", "target"))
            T.add(name(), "probabilities", soft(shape), {"reduction": reduction}, grad=("input",))
            T.add(name(), "probabilities weight", soft(shape), {"reduction": reduction, "weight": d.tensor("positive", (c,))}, grad=("input", "target"))
            T.add(name(), "probabilities smoothing", soft(shape), {"reduction": reduction, "label_smoothing": 0.1}, grad=("input", "target"))
            T.add(name(), "probabilities smoothing weight", soft(shape), {"reduction": reduction, "label_smoothing": 0.3, "weight": d.tensor("positive", (c,))}, grad=("input", "target"))
    for index in (-100, -5, 0, 1, 5):
        T.add(name(), "probabilities ignore_index", soft((2, 3)), {"ignore_index": index}, grad=("input",))
    for a in FLOATS:
        for b in FLOATS + ("int64", "bool", "uint8"):
            T.add(name(), "probabilities dtype", soft((4, 3), a, b), grad=("input",))
            T.add(name(), "probabilities dtype", soft((2, 3), a, b), {"reduction": REDUCTIONS[turn[0] % 3]}, grad=("input", "target") if b in FLOATS else ())
        for w in FLOATS:
            T.add(name(), "probabilities weight dtype", soft((2, 3), a), {"weight": d.tensor("positive", (3,), w)}, grad=("input",))
    for shape in ((2,), (4,), (1,), (), (1, 3), (3, 1)):
        T.add(name(), "probabilities weight shape", soft((2, 3)), {"weight": d.tensor("positive", shape)}, grad=("input",))
    for data in ([1, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0], [2, -1, 0, 3, 3, 3], [NAN, 0, 1, 0, 1, 0], [INF, 0, 0, 0, 0, 1], [0.5, 0.5, 0.5, 0.2, 0.2, 0.2]):
        for scores in (d.some("normal", 6), [0, -INF, 1, 1, 2, -INF], [INF, 0, 0, 0, 0, NAN], [88, -88, 0, 1e4, 0, 0]):
            for reduction in ("none", "mean"):
                T.add(name(), "probabilities special", {"input": tensor("float32", (2, 3), scores), "target": tensor("float32", (2, 3), data)}, {"reduction": reduction}, grad=("input", "target"))
    for g in ((2, 3), (2, 3, 2)):
        T.add(name(), "probabilities upstream", soft(g), {"reduction": "none"}, grad=("input", "target"), upstream=d.tensor("normal", g[:1] + g[2:]))
    for size_average, reduce in FLAGS:
        T.add(name(), "probabilities legacy", soft((2, 3)), {"size_average": size_average, "reduce": reduce}, grad=("input",))
    # label smoothing with class indices
    for smoothing in (0, 0.1, 0.5, 1, -0.1, 1.5, NAN, INF, -INF, 1e-9):
        for shape in ((4, 3), (2, 3, 2), (3,)):
            for reduction in REDUCTIONS:
                T.add(name(), "label_smoothing", class_inputs(d, shape), {"label_smoothing": smoothing, "reduction": reduction}, grad=("input",))
            T.add(name(), "label_smoothing weight", class_inputs(d, shape), {"label_smoothing": smoothing, "weight": d.tensor("positive", (3,))}, grad=("input",))
        inputs = class_inputs(d, (4, 3))
        inputs["target"]["data"][1] = inputs["target"]["data"][2] = -100
        for reduction in REDUCTIONS:
            T.add(name(), "label_smoothing ignored", inputs, {"label_smoothing": smoothing, "reduction": reduction}, grad=("input",))
            T.add(name(), "label_smoothing weight ignored", inputs, {"label_smoothing": smoothing, "reduction": reduction, "weight": d.tensor("positive", (3,))}, grad=("input",))
        inputs = dict(inputs, target=tensor("int64", (4,), [-100] * 4))
        for reduction in REDUCTIONS:
            T.add(name(), "label_smoothing all ignored", inputs, {"label_smoothing": smoothing, "reduction": reduction}, grad=("input",))
        T.add(name(), "label_smoothing out of range", dict(inputs, target=tensor("int64", (4,), [0, 3, 1, 2])), {"label_smoothing": smoothing})
        T.add(name(), "label_smoothing special", {"input": tensor("float32", (2, 3), [0, -INF, 1, NAN, 2, 3]), "target": tensor("int64", (2,), [0, -100])}, {"label_smoothing": smoothing, "reduction": "none"}, grad=("input",))
    for weight in ([0, 0, 0], [1, -1, 0], [-1, -2, 1], [0, 1, 2]):
        for reduction in REDUCTIONS:
            T.add(name(), "label_smoothing weight", {"input": d.tensor("normal", (2, 3)), "target": tensor("int64", (2,), [0, 1])}, {"label_smoothing": 0.2, "weight": tensor("float32", (3,), weight), "reduction": reduction}, grad=("input",))
    for bad in (None, "x", True, [0.1]):
        T.add(name(), "bad label_smoothing", class_inputs(d, (2, 3)), {"label_smoothing": bad})
    for dtype in FLOATS:
        T.add(name(), "label_smoothing dtype", class_inputs(d, (4, 3), dtype), {"label_smoothing": 0.1}, grad=("input",))
        T.add(name(), "label_smoothing dtype", class_inputs(d, (2, 3, 2), dtype), {"label_smoothing": 0.1, "reduction": "none", "weight": d.tensor("positive", (3,), dtype)}, grad=("input",))


def likelihood():
    class_losses("NLLLoss", "nll_loss", log=True)
    d = Draw(T.random("NLLLoss", "more"))
    for loss in ("NLLLoss", "nll_loss"):
        T.add(loss, "unknown option", class_inputs(d, (2, 3)), {"label_smoothing": 0.1})
        T.add(loss, "probabilities", {"input": d.tensor("log", (2, 3)), "target": d.rows((2, 3))})
        for value in (0, INF, NAN, -3.5, 3e38):
            T.add(loss, "special", {"input": tensor("float32", (2, 2), [value, -1, -2, value]), "target": tensor("int64", (2,), [0, 1])}, {"weight": tensor("float32", (2,), [1, 0])}, grad=("input",))


# --- binary cross entropy -----------------------------------------------------------------------------------------------

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
    for of, shape in (((), ()), ((), (1,)), ((3,), (3,)), ((3,), ()), ((3,), (2, 3)), ((0, 3), (3,)), ((0, 3), (0, 3)), ((2, 2, 2), (2,)), ((2, 2, 2), (2, 1)), ((0,), ())):
        for reduction in ("none", "mean"):
            T.add(f.name(), key + " shape", f.inputs(d, of), {key: d.tensor("positive", shape), "reduction": reduction}, grad=("input",))
    for data in ([0, 0, 0], [-1, 2, 0], [NAN, 1, 0], [INF, 1, -0.0], [1e-40, 3e38, 1]):
        for reduction in REDUCTIONS:
            T.add(f.name(), key + " value", f.inputs(d, (2, 3)), {key: tensor("float32", (3,), data), "reduction": reduction}, grad=("input", "target"))
    for dtype in ("float64", "float16", "bfloat16", "int64", "bool", "float32", "int32", "uint8"):
        for of in ("float32", "float64", "float16", "bfloat16"):
            T.add(f.name(), key + " dtype", f.inputs(d, (2, 3), dtype=of), {key: d.tensor("positive", (3,), dtype), "reduction": REDUCTIONS[f.turn % 3]}, grad=("input",))
    for bad in (None, 2, 0.5, [1, 2, 3], "x"):
        for loss in (f.cls, f.function):
            T.add(loss, key + " value", f.inputs(d, (2, 3)), {key: bad}, grad=("input",))


def binary():
    f = Family("BCELoss", "binary_cross_entropy", "unit", "unit")
    common(f)
    d = Draw(T.random("BCELoss", "more"))
    xs = [x for x in PROBABILITIES for _ in range(4)]
    for ys in ([0, 1, 0.5, 0.25],):
        for dtype in FLOATS:
            keep = PROBABILITIES if dtype in ("float32", "float64") else [0.0, -0.0, 1.0, 0.5, 0.25, 0.99609375, 0.0009765625]
            for grad in (("input",), ("input", "target")):
                inputs = {"input": tensor(dtype, (len(keep) * 4,), [x for x in keep for _ in range(4)]), "target": tensor(dtype, (len(keep) * 4,), ys * len(keep))}
                T.add(f.name(), "special", inputs, {"reduction": "none"}, grad=grad)
                T.add(f.name(), "special weight", inputs, {"reduction": "none", "weight": tensor(dtype, (1,), [0])}, grad=grad)
                T.add(f.name(), "special sum", inputs, {"reduction": "sum"}, grad=("input",))
    for x in (1.5, -0.1, NAN, INF, -INF, -1e-40, 1 + 2.0**-23, -1e-7, 2):
        for loss in (f.cls, f.function):
            for reduction in ("mean", "none"):
                T.add(loss, "input out of range", {"input": tensor("float32", (2,), [0.5, x]), "target": tensor("float32", (2,), [0, 1])}, {"reduction": reduction}, grad=("input",))
        T.add(f.name(), "input out of range", {"input": tensor("float64", (2,), [0.5, x]), "target": tensor("float64", (2,), [0, 1])})
    for y in (2, -1, NAN, INF, -INF, 1.5, -1e-40, 1 + 2.0**-23, -0.0, 1, 0):
        for loss in (f.cls, f.function):
            for reduction in REDUCTIONS:
                T.add(loss, "target out of range", {"input": tensor("float32", (2,), [0.4, 0.3]), "target": tensor("float32", (2,), [0.5, y])}, {"reduction": reduction}, grad=("input",))
        T.add(f.name(), "target out of range", {"input": tensor("float32", (2,), [0.4, 0.3]), "target": tensor("float32", (2,), [0.5, y])}, grad=("input", "target"))
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
        T.add(f.name(), "saturated bfloat16", {"input": tensor("bfloat16", (10,), LOGITS[:10]), "target": tensor("bfloat16", (10,), [y] * 10)}, {"reduction": "none"}, grad=("input",))
        T.add(f.name(), "saturated float16", {"input": tensor("float16", (10,), LOGITS[:10]), "target": tensor("float16", (10,), [y] * 10)}, {"reduction": "none"}, grad=("input",))
    T.add(f.name(), "inf against inf", {"input": tensor("float32", (4,), [INF, INF, -INF, -INF]), "target": tensor("float32", (4,), [INF, -INF, INF, -INF])}, {"reduction": "none"}, grad=("input", "target"))
    broadcast_weights(f, "weight", d)
    broadcast_weights(f, "pos_weight", d)
    for shape in ((2, 3), (3,), (2, 1)):
        for reduction in REDUCTIONS:
            T.add(f.name(), "weight pos_weight", f.inputs(d, (2, 3)), {"weight": d.tensor("positive", shape), "pos_weight": d.tensor("positive", (3,)), "reduction": reduction}, grad=("input", "target"))
    random_calls(f, 70, [lambda r, d, s, t: {"pos_weight": d.tensor("positive", s[r.randrange(len(s) + 1) :], t)} if r.random() < 0.5 else {}, lambda r, d, s, t: {"weight": d.tensor("positive", s[r.randrange(len(s) + 1) :], t)} if r.random() < 0.3 else {}])


# --- cosine embedding ---------------------------------------------------------------------------------------------------


def cosine():
    names = ("CosineEmbeddingLoss", "cosine_embedding_loss")
    d = Draw(T.random(names[0]))
    rng = d.rng
    turn = [0]

    def name():
        turn[0] += 1
        return names[turn[0] % 2]

    def make(a, b=None, t=None, dtype="float32", second=None, target=None):
        t = a[:-1] if t is None else t
        return {"input1": d.tensor("normal", a, dtype), "input2": d.tensor("normal", a if b is None else b, second or dtype), "target": d.tensor("sign", t, target or dtype)}

    fits = [((3, 4), None, None), ((1, 4), None, None), ((3, 1), None, None), ((0, 4), None, None), ((3, 0), None, None), ((4,), None, ()), ((1,), None, ()), ((0,), None, ())]
    for a, b, t in fits:
        for reduction in REDUCTIONS:
            for loss in names:
                T.add(loss, "shape", make(a, b, t), {"reduction": reduction}, grad=("input1", "input2"))
            T.add(name(), "shape margin", make(a, b, t), {"reduction": reduction, "margin": 0.2}, grad=("input1",))
    odd = [((3, 4), (1, 4), (3,)), ((1, 4), (3, 4), (3,)), ((3, 4), (4,), (3,)), ((4,), (3, 4), (3,)), ((3, 4), (3, 1), (3,)), ((3, 4), None, (3, 1)), ((3, 4), None, ()), ((3, 4), None, (1,)), ((3, 4), None, (2,)), ((3, 4), None, (4,)),
           ((2, 3, 4), None, (2, 4)), ((2, 3, 4), None, (2, 3)), ((2, 3, 4), None, (2,)), ((2, 3, 4), None, (4,)), ((2, 2, 2, 2), None, (2,)), ((2, 2, 2, 2), None, (2, 2, 2)), ((1, 4), None, ()), ((4,), None, (1,)), ((4,), None, (4,)),
           ((), None, ()), ((3, 4), (3, 5), (3,)), ((3, 4), (2, 4), (3,)), ((3, 4), (2, 4), (2,)), ((3, 4), None, (1, 3)), ((3, 4), None, (3, 3)), ((0, 4), None, (1,)), ((1, 4), None, (5,)), ((1, 4), None, (2, 3)), ((4,), (1,), ()), ((3, 4), (3,), (3,)),
           ((1, 3, 4), None, (1, 4)), ((1, 4), (3, 4), (1,)), ((3, 1), (3, 4), (3,)), ((2, 3, 4), (3, 4), (2, 4)), ((), (4,), ())]
    for a, b, t in odd:
        for reduction in REDUCTIONS:
            T.add(name(), "odd shape", make(a, b, t), {"reduction": reduction}, grad=("input1", "input2"))
        T.add(name(), "odd shape value", make(a, b, t), {"reduction": REDUCTIONS[turn[0] % 3]})
    for y in (1, -1, 0, 0.5, 2, -0.0, NAN, INF, -2):
        for margin in (0, 0.5, -0.5):
            inputs = {"input1": tensor("float32", (4, 2), [1, 2, 0.5, -1, 3, 4, 1, 0]), "input2": tensor("float32", (4, 2), [2, 4, -0.5, 1, 4, -3, 3, 4]), "target": tensor("float32", (4,), [y] * 4)}
            T.add(name(), "target value", inputs, {"margin": margin, "reduction": "none"}, grad=("input1", "input2"))
            T.add(name(), "target value", inputs, {"margin": margin, "reduction": REDUCTIONS[1 + turn[0] % 2]}, grad=("input1",))
    for margin in (0, 0.6, 1, -1, 2, -2, NAN, INF, -INF, 1e-3):
        for reduction in REDUCTIONS:
            T.add(name(), "margin", dict(make((4, 3)), target=tensor("float32", (4,), [-1, -1, 1, -1])), {"margin": margin, "reduction": reduction}, grad=("input1", "input2"))
        # cos = 0.6 exactly in every row: the kink
        inputs = {"input1": tensor("float32", (2, 2), [3, 4, 1, 0]), "input2": tensor("float32", (2, 2), [1, 0, 3, 4]), "target": tensor("float32", (2,), [-1, -1])}
        T.add(name(), "kink", inputs, {"margin": margin, "reduction": "none"}, grad=("input1", "input2"))
    for s in (1e-3, 1e-6, 1e-7, 1e-8, 1e-20, 1e-30, 1e19, 1e20, 0.0):
        for y in (1, -1):
            for dtype in ("float32", "float64"):
                inputs = {"input1": tensor(dtype, (2, 2), [s, 0, s, s]), "input2": tensor(dtype, (2, 2), [s, 0, 1, 1]), "target": tensor(dtype, (2,), [y, y])}
                T.add(name(), "short vectors", inputs, {"reduction": "none", "margin": -0.5}, grad=("input1", "input2"))
    for row in ([0, 0], [NAN, 1], [INF, 1], [-INF, INF], [3e38, 3e38], [1e-40, 0], [-0.0, 0]):
        for y in (1, -1):
            inputs = {"input1": tensor("float32", (2, 2), row + [1, 2]), "input2": tensor("float32", (2, 2), [1, 2, 2, 1]), "target": tensor("float32", (2,), [y, y])}
            for reduction in ("none", "mean"):
                T.add(name(), "special", inputs, {"reduction": reduction}, grad=("input1", "input2"))
    kinds = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "bool", "uint8")
    for a in kinds:
        for b in kinds:
            inputs = make((3, 4), dtype=a, second=b, target="float32")
            T.add(name(), "dtype", inputs, {"reduction": REDUCTIONS[turn[0] % 3]}, grad=[n for n in ("input1", "input2") if inputs[n]["dtype"] in FLOATS])
        for of in ("float32", "float64", "float16", "int64"):
            T.add(name(), "target dtype", make((3, 4), dtype=of, target=a), {"reduction": REDUCTIONS[turn[0] % 3]}, grad=("input1",) if of in FLOATS else ())
    for dtype in FLOATS:
        for shape in ((3, 5), (1, 2), (4,)):
            for reduction in REDUCTIONS:
                T.add(name(), "dtype %s" % dtype, make(shape, dtype=dtype), {"reduction": reduction, "margin": 0.1}, grad=("input1", "input2"))
    for size_average, reduce in FLAGS:
        for loss in names:
            T.add(loss, "legacy", make((2, 3)), {"size_average": size_average, "reduce": reduce}, grad=("input1",))
        for reduction in ("sum", "bad"):
            T.add(name(), "legacy over reduction", make((2, 3)), {"size_average": size_average, "reduce": reduce, "reduction": reduction}, grad=("input1",))
    for reduction in BAD_REDUCTIONS:
        for loss in names:
            T.add(loss, "reduction", make((2, 3)), {"reduction": reduction}, grad=("input1",))
    for grad in ((), ("input1",), ("input2",), ("input1", "input2"), ("target",), ("input1", "target"), ("input1", "input2", "target")):
        for reduction in REDUCTIONS:
            T.add(name(), "gradients", make((3, 2)), {"reduction": reduction}, grad=grad)
    for _ in range(4):
        T.add(name(), "upstream", make((3, 2)), {"reduction": "none"}, grad=("input1", "input2"), upstream=d.tensor("normal", (3,)))
    for g in (2.0, 0.0, -0.5, NAN, INF):
        for reduction in ("mean", "sum"):
            T.add(name(), "upstream scalar", make((3, 2)), {"reduction": reduction}, grad=("input1", "input2"), upstream=tensor("float32", (), [g]))
    T.add(name(), "upstream special", make((3, 2)), {"reduction": "none"}, grad=("input1", "input2"), upstream=tensor("float32", (3,), [NAN, INF, 0]))
    for loss in names:
        whole = make((2, 3))
        T.add(loss, "defaults", whole, grad=("input1", "input2"))
        for option in ("margn", "eps", "dim", "weight"):
            T.add(loss, "unknown option", whole, {option: 1})
        for margin in (None, "x", [1], True, {"dtype": "float32", "shape": [], "data": [0.5]}):
            T.add(loss, "bad margin", whole, {"margin": margin})
        for missing in ("input1", "input2", "target"):
            T.add(loss, "missing", {k: v for k, v in whole.items() if k != missing})
            T.add(loss, "missing", dict(whole, **{missing: None}))
            T.add(loss, "python number", dict(whole, **{missing: 1}))
        T.add(loss + "s", "unknown", whole)
    for _ in range(60):
        shape = rng.choice(((rng.randint(1, 5), rng.randint(1, 6)), (rng.randint(1, 5), rng.randint(1, 6)), (rng.randint(1, 5),)))
        dtype = rng.choice(("float32",) * 5 + ("float64",) * 3 + ("float16", "bfloat16"))
        options = {"reduction": rng.choice(REDUCTIONS), "margin": rng.choice((0, 0.1, 0.5, -0.3))}
        value = shape[:-1] if options["reduction"] == "none" else ()
        T.add(rng.choice(names), "random", make(shape, dtype=dtype), options, grad=rng.choice((("input1",), ("input1", "input2"))), upstream=d.tensor("normal", value, dtype) if rng.random() < 0.3 else None)


# --- the remaining losses -----------------------------------------------------------------------------------------------


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
                inputs = {"input": tensor(dtype, (len(at),), [x + shift for x in at]), "target": tensor(dtype, (len(at),), [shift] * len(at))}
                T.add(f.name(), "at " + key, inputs, {key: value, "reduction": "none"}, grad=("input", "target"))
        for reduction in REDUCTIONS:
            T.add(f.name(), key, f.inputs(d, (3, 2)), {key: value, "reduction": reduction}, grad=("input",))
        ties = {"input": tensor("float32", (7,), [0, 0, -0.0, 1.5, 1.5, -2, 3]), "target": tensor("float32", (7,), [0, -0.0, 0, 1.5, 1.5, -2, 3])}
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
                    T.add(loss, "log_target" if log_target else "batchmean", g.inputs(d, shape), dict(more, reduction=reduction), grad=("input", "target"))
        for a, b in BROADCAST:
            for reduction in ("batchmean", "none", "mean"):
                T.add(f.name(), "broadcast " + reduction, g.inputs(d, a, b), dict(more, reduction=reduction), grad=("input",))
                T.add(f.name(), "broadcast value " + reduction, g.inputs(d, a, b), dict(more, reduction=reduction))
        for dtype in FLOATS:
            for reduction in REDUCTIONS + ("batchmean",):
                T.add(f.name(), "log_target dtype", g.inputs(d, (3, 4), dtype=dtype), dict(more, reduction=reduction), grad=("input", "target"))
        for a, b in (("float32", "float64"), ("float64", "float32"), ("int64", "float32"), ("float32", "int64"), ("float16", "bfloat16"), ("int64", "int64"), ("uint8", "uint8"), ("bool", "float32")):
            for reduction in REDUCTIONS + ("batchmean",):
                T.add(f.name(), "log_target dtype", g.inputs(d, (2, 3), dtype=a, target=b), dict(more, reduction=reduction))
        for _ in range(3):
            T.add(f.name(), "log_target upstream", g.inputs(d, (2, 2)), dict(more, reduction="none"), grad=("input", "target"), upstream=d.tensor("normal", (2, 2)))
        T.add(f.name(), "log_target upstream", g.inputs(d, (4,)), dict(more, reduction="none"), grad=("input", "target"), upstream=tensor("float32", (4,), [NAN, INF, 0, -INF]))
    for size_average, reduce in FLAGS:
        for loss in ("KLDivLoss", "kl_div"):
            for shape in ((3, 2), ()):
                T.add(loss, "legacy batchmean", f.inputs(d, shape), {"size_average": size_average, "reduce": reduce, "reduction": "batchmean"}, grad=("input",))
        T.add(f.name(), "legacy log_target", f.inputs(d, (3, 2)), {"size_average": size_average, "reduce": reduce, "log_target": True})
    for value in (None, 1, 0, "x"):
        T.add(f.name(), "log_target value", f.inputs(d, (3,)), {"log_target": value})
    random_calls(f, 60, [lambda r, d, s, t: {"log_target": r.random() < 0.4}, lambda r, d, s, t: {"reduction": "batchmean"} if r.random() < 0.25 and False else {}])


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
            T.add(f.name(), "target dtype", f.inputs(d, (4,), dtype=dtype, target=target), {"reduction": REDUCTIONS[f.turn % 3]}, grad=("input",))
    random_calls(f, 50, [lambda r, d, s, t: {"margin": r.choice((1, 0.5, 2))}])


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
