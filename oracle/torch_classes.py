"""Requests that CrossEntropyLoss and NLLLoss share: class indices, weight, ignore_index, refusals."""

from cases import INF, INTEGERS, NAN, Draw, tensor
from protocol import FLOATS
from torch_common import BAD_REDUCTIONS, FLAGS, REDUCTIONS, T


def class_inputs(d, shape, dtype="float32", log=False, labels="int64", classes=None):
    """Scores of `shape` (class axis 1, or 0 alone) and labels that fit."""
    at = 1 if len(shape) > 1 else 0
    target = shape[:at] + shape[at + 1 :]
    return {
        "input": d.tensor("log" if log else "normal", shape, dtype),
        "target": d.labels(target, shape[at] if classes is None else classes, labels),
    }


CLASS_SHAPES = [
    (4, 3),
    (1, 3),
    (2, 1),
    (1, 1),
    (0, 3),
    (2, 3, 4),
    (2, 3, 2, 2),
    (1, 2, 2, 1, 2),
    (3,),
    (1,),
    (2, 3, 0),
    (2, 1, 2),
    (1, 3, 1, 1),
    (2, 2, 1, 2, 1, 2),
    (0, 2, 3),
    (5, 2),
]


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
            T.add(
                name(),
                "shape weight ignore_index",
                inputs,
                {"reduction": reduction, "ignore_index": ignored, "weight": d.tensor("positive", (c,))},
                grad=("input",),
            )
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
                T.add(
                    name(),
                    "special scores",
                    {"input": tensor("float32", (2, 3), scores), "target": tensor("int64", (2,), data)},
                    {"reduction": reduction},
                    grad=("input",),
                )
    for row in (
        [INF, 0, 0],
        [-INF, -INF, -INF],
        [INF, INF, 0],
        [88, -88, 0],
        [1e4, -1e4, 0],
        [3e38, -3e38, 0],
        [NAN, 0, 0],
        [0, 0, 0],
        [-0.0, 0, -0.0],
        [1e-40, 0, 0],
        [100, 100, 100],
        [-INF, 0, 1],
    ):
        for dtype in ("float32", "float64"):
            T.add(
                name(),
                "special row",
                {"input": tensor(dtype, (3, 3), row * 3), "target": tensor("int64", (3,), [0, 1, 2])},
                {"reduction": "none"},
                grad=("input",),
            )
        T.add(
            name(),
            "special row",
            {"input": tensor("float32", (3, 3), row * 3), "target": tensor("int64", (3,), [0, 1, 2])},
            {"weight": tensor("float32", (3,), [1, 0, 2])},
            grad=("input",),
        )
    # weight
    for weight in (
        [0, 0, 0],
        [1, -1, 0],
        [-1, -2, 1],
        [-1, -2, -0.5],
        [0, 1, 2],
        [NAN, 1, 1],
        [INF, 1, 1],
        [0, 0, 1],
        [1e-40, 1, 2],
        [-0.0, 1, 0],
    ):
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
            T.add(
                name(),
                "label out of range",
                {"input": d.tensor("log" if log else "normal", shape), "target": target},
                {"reduction": REDUCTIONS[turn[0] % 3]},
                grad=("input",),
            )
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
    for a, b in (
        ((2, 3), (3,)),
        ((2, 3), (2, 1)),
        ((2, 3), ()),
        ((2, 3), (1,)),
        ((2, 3), (2, 2)),
        ((2, 3, 4), (2, 5)),
        ((2, 3, 4), (2,)),
        ((2, 3, 4), (2, 4, 1)),
        ((2, 3, 4, 5), (2, 5, 4)),
        ((2, 3, 4, 5), (2, 4)),
        ((2, 3, 2, 2, 2), (2, 2, 2)),
        ((), ()),
        ((), (1,)),
        ((3,), (1,)),
        ((3,), (3,)),
        ((3,), (2,)),
        ((0, 3), (1,)),
        ((2, 0), (2,)),
        ((0, 0), (0,)),
        ((0,), ()),
        ((3,), (1, 1)),
        ((2, 3, 4), (3, 4)),
        ((1, 3), ()),
        ((2, 3, 2, 2), (3, 2, 2)),
        ((2, 3, 2, 2), (2, 2, 3)),
        ((2, 3, 1), (2, 2)),
        ((1, 3, 2), (2,)),
        ((2, 3), (0,)),
        ((2, 3, 4), (4, 2)),
    ):
        for loss in (cls, function):
            T.add(
                loss,
                "mismatch",
                {"input": d.tensor("log" if log else "normal", a), "target": d.labels(b, 1)},
                {"reduction": REDUCTIONS[turn[0] % 3]},
                grad=("input",),
            )
        T.add(
            name(),
            "mismatch value",
            {"input": d.tensor("log" if log else "normal", a), "target": d.labels(b, 1)},
            {"reduction": REDUCTIONS[turn[0] % 3]},
        )
    # flags, reductions, upstream, refusals
    for size_average, reduce in FLAGS:
        for loss in (cls, function):
            T.add(loss, "legacy", make((2, 3)), {"size_average": size_average, "reduce": reduce}, grad=("input",))
        for reduction in ("sum", "none", "bad"):
            T.add(
                name(),
                "legacy over reduction",
                make((2, 3)),
                {"size_average": size_average, "reduce": reduce, "reduction": reduction, "weight": d.tensor("positive", (3,))},
                grad=("input",),
            )
    for reduction in BAD_REDUCTIONS:
        for loss in (cls, function):
            T.add(loss, "reduction", make((2, 3)), {"reduction": reduction}, grad=("input",))
    for loss in (cls, function):
        T.add(loss, "defaults", make((4, 3)), grad=("input",))
    for shape in ((4, 3), (2, 3, 2), (3,), (1, 2, 2, 2)):
        value = shape[:1] + shape[2:] if len(shape) > 1 else ()
        for _ in range(3):
            T.add(
                name(),
                "upstream",
                make(shape),
                {"reduction": "none", "weight": d.tensor("positive", (shape[1] if len(shape) > 1 else 3,))},
                grad=("input",),
                upstream=d.tensor("normal", value),
            )
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
        for inputs in (
            {"input": whole["input"]},
            {"target": whole["target"]},
            {},
            dict(whole, target=None),
            dict(whole, input=None),
            dict(whole, target=1),
            dict(whole, input=1),
        ):
            T.add(loss, "missing", inputs)
        T.add(loss, "gradient of integers", whole, grad=("target",))
        T.add(loss, "gradient of integers", whole, grad=("input", "target"))
        T.add(loss + "s", "unknown", whole)
    for dtype in FLOATS:
        for reduction in ("mean", "sum"):
            options = {"reduction": reduction, "weight": d.tensor("positive", (7,), dtype)}
            T.add(name(), "large", make((17, 7), dtype=dtype), options, grad=("input",))
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
        T.add(
            rng.choice((cls, function)),
            "random",
            inputs,
            options,
            grad=("input",),
            upstream=d.tensor("normal", value, dtype) if rng.random() < 0.3 else None,
        )
