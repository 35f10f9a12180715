"""What every PyTorch loss is asked: shapes, broadcasting, legacy flags, reductions, dtypes, upstreams, refusals, special values."""

from cases import INF, NAN, Draw, Requests, pairs, tensor
from protocol import FLOATS, size

T = Requests("torch")
REDUCTIONS = ("none", "mean", "sum")
FLAGS = [(a, b) for a in (None, True, False) for b in (None, True, False)]
SHAPES = [(), (1,), (3,), (0,), (2, 3), (1, 1), (0, 3), (3, 0), (2, 3, 4), (2, 1, 3, 2), (2, 0, 3)]
BROADCAST = [
    ((2, 3), (3,)),
    ((2, 3), (1, 3)),
    ((2, 1), (2, 3)),
    ((2, 1), (1, 3)),
    ((), (2, 3)),
    ((2, 3), ()),
    ((3,), (1,)),
    ((1,), (3,)),
    ((0,), (1,)),
    ((0,), ()),
    ((2, 3, 4), (3, 1)),
    ((3,), (2, 3)),
    ((2, 3), (2, 3, 1)),
    ((4, 3), (3,)),
    ((3,), (4, 3)),
    ((), (3,)),
    ((3, 1), (3,)),
    ((2, 2), (1, 2, 2)),
    ((1, 1), ()),
    ((), (1,)),
    ((1,), ()),
    ((0, 3), (1, 3)),
    ((0, 3), (3,)),
    ((0, 3), ()),
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
            T.add(
                f.name(),
                "broadcast",
                f.inputs(d, a, b),
                {"reduction": reduction},
                grad=(("input",), ("target",), ("input", "target"), ())[(i + len(reduction)) % 4],
            )
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
            T.add(
                f.name(),
                "legacy over reduction",
                f.inputs(d, (2, 2)),
                {"size_average": size_average, "reduce": reduce, "reduction": reduction},
                grad=("input",),
            )
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
                T.add(
                    f.name(),
                    "dtype %s" % a,
                    f.inputs(d, shape, dtype=a),
                    {"reduction": reduction},
                    grad=("input",) if shape else ("input", "target"),
                )
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
            T.add(
                f.name(),
                "upstream scalar",
                f.inputs(d, (2, 3)),
                {"reduction": reduction},
                grad=("input",),
                upstream=tensor("float32", (), [g]),
            )
    T.add(
        f.name(),
        "upstream special",
        f.inputs(d, (4,)),
        {"reduction": "none"},
        grad=("input", "target"),
        upstream=tensor("float32", (4,), [NAN, INF, 0, -INF]),
    )
    T.add(
        f.name(),
        "upstream special",
        f.inputs(d, (4,)),
        {"reduction": "none"},
        grad=("input",),
        upstream=tensor("float32", (4,), [NAN, INF, 0, -INF]),
    )
    T.add(
        f.name(),
        "upstream float64",
        f.inputs(d, (4,), dtype="float64"),
        {"reduction": "none"},
        grad=("input",),
        upstream=d.tensor("normal", (4,), "float64"),
    )
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
            keep = [
                i for i in range(n) if all(v != v or abs(v) in (INF,) or abs(v) < 6e4 and (v == 0 or abs(v) > 1e-4) for v in (xs[i], ys[i]))
            ]
            inputs = {
                "input": tensor(dtype, (len(keep),), [xs[i] for i in keep]),
                "target": tensor(dtype, (len(keep),), [ys[i] for i in keep]),
            }
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
        shape = tuple(
            rng.choice((0, 1, 2, 3, 4, 5) if rng.random() < 0.1 else (1, 2, 3, 4)) for _ in range(rng.choice((0, 1, 1, 2, 2, 2, 3, 4)))
        )
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
        T.add(
            rng.choice((f.cls, f.function)),
            "random",
            inputs,
            options,
            grad=rng.choice((("input",), ("input",), ("input", "target"), ("target",))),
            upstream=seed,
        )


def large(f):
    """Sums of more than a vector's worth of elements."""
    d = Draw(T.random(f.cls, "large"))
    for dtype in FLOATS:
        for reduction in ("mean", "sum"):
            T.add(f.name(), "large", f.inputs(d, (9, 13), dtype=dtype), {"reduction": reduction}, grad=("input",))


def common(f, both=True):
    shapes(f, both)
    broadcasting(f)
    legacy(f)
    reductions(f)
    dtypes(f)
    upstream(f)
    refusals(f)
    large(f)


def element_weights(function, f):
    """The functions' `weight` of PyTorch 2.6 and later."""
    d = Draw(T.random(function, "weight"))
    for reduction in REDUCTIONS + ("bad", "elementwise_mean", None):
        for shape in ((3,), (2, 3), (), (0,), (2, 1, 2)):
            T.add(
                function,
                "weight",
                f.inputs(d, shape),
                {"weight": d.tensor("positive", shape), "reduction": reduction},
                grad=("input", "target"),
            )
    for weight in ([0, 0, 0], [1, -1, 0], [NAN, 1, 1], [INF, 1, 1], [-1, -2, 1]):
        for reduction in REDUCTIONS:
            T.add(
                function, "weight", f.inputs(d, (3,)), {"weight": tensor("float32", (3,), weight), "reduction": reduction}, grad=("input",)
            )
    for shape in ((1,), (), (3,), (1, 3), (2, 1), (2, 3, 1), (6,)):
        T.add(function, "weight shape", f.inputs(d, (2, 3)), {"weight": d.tensor("positive", shape)}, grad=("input",))
    for a, b in (((3,), (2, 3)), ((2, 3), (3,)), ((2, 3), (2, 1))):
        for w in (a, b, (2, 3)):
            T.add(function, "weight broadcast", f.inputs(d, a, b), {"weight": d.tensor("positive", w)}, grad=("input",))
    for dtype in ("float64", "float16", "bfloat16", "int64", "bool"):
        for of in ("float32", "float64", "float16"):
            T.add(function, "weight dtype", f.inputs(d, (3,), dtype=of), {"weight": d.tensor("positive", (3,), dtype)}, grad=("input",))
    for flags in FLAGS[1:6]:
        T.add(
            function,
            "weight legacy",
            f.inputs(d, (3,)),
            {"weight": d.tensor("positive", (3,)), "size_average": flags[0], "reduce": flags[1]},
            grad=("input",),
        )
    T.add(function, "weight", f.inputs(d, (3,)), {"weight": None}, grad=("input",))
    T.add(function, "weight", f.inputs(d, (3,)), {"weight": 2}, grad=("input",))
