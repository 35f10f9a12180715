"""Requests for CosineEmbeddingLoss: three inputs, three reductions of the rows, short vectors."""

from cases import INF, NAN, Draw, tensor
from protocol import FLOATS
from torch_common import BAD_REDUCTIONS, FLAGS, REDUCTIONS, T


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
        return {
            "input1": d.tensor("normal", a, dtype),
            "input2": d.tensor("normal", a if b is None else b, second or dtype),
            "target": d.tensor("sign", t, target or dtype),
        }

    fits = [
        ((3, 4), None, None),
        ((1, 4), None, None),
        ((3, 1), None, None),
        ((0, 4), None, None),
        ((3, 0), None, None),
        ((4,), None, ()),
        ((1,), None, ()),
        ((0,), None, ()),
    ]
    for a, b, t in fits:
        for reduction in REDUCTIONS:
            for loss in names:
                T.add(loss, "shape", make(a, b, t), {"reduction": reduction}, grad=("input1", "input2"))
            T.add(name(), "shape margin", make(a, b, t), {"reduction": reduction, "margin": 0.2}, grad=("input1",))
    odd = [
        ((3, 4), (1, 4), (3,)),
        ((1, 4), (3, 4), (3,)),
        ((3, 4), (4,), (3,)),
        ((4,), (3, 4), (3,)),
        ((3, 4), (3, 1), (3,)),
        ((3, 4), None, (3, 1)),
        ((3, 4), None, ()),
        ((3, 4), None, (1,)),
        ((3, 4), None, (2,)),
        ((3, 4), None, (4,)),
        ((2, 3, 4), None, (2, 4)),
        ((2, 3, 4), None, (2, 3)),
        ((2, 3, 4), None, (2,)),
        ((2, 3, 4), None, (4,)),
        ((2, 2, 2, 2), None, (2,)),
        ((2, 2, 2, 2), None, (2, 2, 2)),
        ((1, 4), None, ()),
        ((4,), None, (1,)),
        ((4,), None, (4,)),
        ((), None, ()),
        ((3, 4), (3, 5), (3,)),
        ((3, 4), (2, 4), (3,)),
        ((3, 4), (2, 4), (2,)),
        ((3, 4), None, (1, 3)),
        ((3, 4), None, (3, 3)),
        ((0, 4), None, (1,)),
        ((1, 4), None, (5,)),
        ((1, 4), None, (2, 3)),
        ((4,), (1,), ()),
        ((3, 4), (3,), (3,)),
        ((1, 3, 4), None, (1, 4)),
        ((1, 4), (3, 4), (1,)),
        ((3, 1), (3, 4), (3,)),
        ((2, 3, 4), (3, 4), (2, 4)),
        ((), (4,), ()),
    ]
    for a, b, t in odd:
        for reduction in REDUCTIONS:
            T.add(name(), "odd shape", make(a, b, t), {"reduction": reduction}, grad=("input1", "input2"))
        T.add(name(), "odd shape value", make(a, b, t), {"reduction": REDUCTIONS[turn[0] % 3]})
    for y in (1, -1, 0, 0.5, 2, -0.0, NAN, INF, -2):
        for margin in (0, 0.5, -0.5):
            inputs = {
                "input1": tensor("float32", (4, 2), [1, 2, 0.5, -1, 3, 4, 1, 0]),
                "input2": tensor("float32", (4, 2), [2, 4, -0.5, 1, 4, -3, 3, 4]),
                "target": tensor("float32", (4,), [y] * 4),
            }
            T.add(name(), "target value", inputs, {"margin": margin, "reduction": "none"}, grad=("input1", "input2"))
            T.add(name(), "target value", inputs, {"margin": margin, "reduction": REDUCTIONS[1 + turn[0] % 2]}, grad=("input1",))
    for margin in (0, 0.6, 1, -1, 2, -2, NAN, INF, -INF, 1e-3):
        for reduction in REDUCTIONS:
            T.add(
                name(),
                "margin",
                dict(make((4, 3)), target=tensor("float32", (4,), [-1, -1, 1, -1])),
                {"margin": margin, "reduction": reduction},
                grad=("input1", "input2"),
            )
        # cos = 0.6 exactly in every row: the kink
        inputs = {
            "input1": tensor("float32", (2, 2), [3, 4, 1, 0]),
            "input2": tensor("float32", (2, 2), [1, 0, 3, 4]),
            "target": tensor("float32", (2,), [-1, -1]),
        }
        T.add(name(), "kink", inputs, {"margin": margin, "reduction": "none"}, grad=("input1", "input2"))
    for s in (1e-3, 1e-6, 1e-7, 1e-8, 1e-20, 1e-30, 1e19, 1e20, 0.0):
        for y in (1, -1):
            for dtype in ("float32", "float64"):
                inputs = {
                    "input1": tensor(dtype, (2, 2), [s, 0, s, s]),
                    "input2": tensor(dtype, (2, 2), [s, 0, 1, 1]),
                    "target": tensor(dtype, (2,), [y, y]),
                }
                T.add(name(), "short vectors", inputs, {"reduction": "none", "margin": -0.5}, grad=("input1", "input2"))
    for row in ([0, 0], [NAN, 1], [INF, 1], [-INF, INF], [3e38, 3e38], [1e-40, 0], [-0.0, 0]):
        for y in (1, -1):
            inputs = {
                "input1": tensor("float32", (2, 2), row + [1, 2]),
                "input2": tensor("float32", (2, 2), [1, 2, 2, 1]),
                "target": tensor("float32", (2,), [y, y]),
            }
            for reduction in ("none", "mean"):
                T.add(name(), "special", inputs, {"reduction": reduction}, grad=("input1", "input2"))
    kinds = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "bool", "uint8")
    for a in kinds:
        for b in kinds:
            inputs = make((3, 4), dtype=a, second=b, target="float32")
            T.add(
                name(),
                "dtype",
                inputs,
                {"reduction": REDUCTIONS[turn[0] % 3]},
                grad=[n for n in ("input1", "input2") if inputs[n]["dtype"] in FLOATS],
            )
        for of in ("float32", "float64", "float16", "int64"):
            T.add(
                name(),
                "target dtype",
                make((3, 4), dtype=of, target=a),
                {"reduction": REDUCTIONS[turn[0] % 3]},
                grad=("input1",) if of in FLOATS else (),
            )
    for dtype in FLOATS:
        for shape in ((3, 5), (1, 2), (4,)):
            for reduction in REDUCTIONS:
                T.add(
                    name(), "dtype %s" % dtype, make(shape, dtype=dtype), {"reduction": reduction, "margin": 0.1}, grad=("input1", "input2")
                )
        for reduction in ("mean", "sum"):
            T.add(name(), "large", make((8, 19), dtype=dtype), {"reduction": reduction}, grad=("input1", "input2"))
    for size_average, reduce in FLAGS:
        for loss in names:
            T.add(loss, "legacy", make((2, 3)), {"size_average": size_average, "reduce": reduce}, grad=("input1",))
        for reduction in ("sum", "bad"):
            T.add(
                name(),
                "legacy over reduction",
                make((2, 3)),
                {"size_average": size_average, "reduce": reduce, "reduction": reduction},
                grad=("input1",),
            )
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
            T.add(
                name(),
                "upstream scalar",
                make((3, 2)),
                {"reduction": reduction},
                grad=("input1", "input2"),
                upstream=tensor("float32", (), [g]),
            )
    T.add(
        name(),
        "upstream special",
        make((3, 2)),
        {"reduction": "none"},
        grad=("input1", "input2"),
        upstream=tensor("float32", (3,), [NAN, INF, 0]),
    )
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
        T.add(
            rng.choice(names),
            "random",
            make(shape, dtype=dtype),
            options,
            grad=rng.choice((("input1",), ("input1", "input2"))),
            upstream=d.tensor("normal", value, dtype) if rng.random() < 0.3 else None,
        )
