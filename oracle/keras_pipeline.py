"""What Keras' reduction, sample weights and masks are asked, through any loss."""

from cases import INF, NAN, tensor
from keras_family import BAD_REDUCTIONS, DTYPES, REDUCTIONS, USUAL, K
from protocol import FLOATS, size


def reductions(f):
    d = f.draw("reduction")
    for reduction in REDUCTIONS:
        for shape in ((2, 3), (3,), (2, 2, 3), (0, 3), (0,)):
            f.add(f.cls, "reduction", f.inputs(d, shape), {"reduction": reduction}, grad=("y_pred",))
        for w in ((2,), (2, 1)):
            f.add(
                f.cls,
                "reduction weight",
                dict(f.inputs(d, (2, 3)), sample_weight=d.tensor("positive", w)),
                {"reduction": reduction},
                grad=("y_pred", "sample_weight"),
            )
        for weight in ([0, 0], [1, -1], [2, 0], [NAN, 1], [INF, 1]):
            f.add(
                f.cls,
                "reduction weight value",
                dict(f.inputs(d, (2, 3)), sample_weight=tensor("float32", (2,), weight)),
                {"reduction": reduction},
                grad=("y_pred",),
            )
    for reduction in BAD_REDUCTIONS:
        f.add(f.cls, "bad reduction", f.inputs(d, (2, 3)), {"reduction": reduction})
    f.add(f.cls, "defaults", f.inputs(d, (2, 3)))
    f.add(f.function, "unknown option", f.inputs(d, (2, 3)))
    K.add(f.function, "unknown option", f.inputs(d, (2, 3)), dict(f.options, reduction="none"))


WEIGHTS = {
    (2, 3): [(), (1,), (2,), (2, 1), (3,), (2, 3), (1, 2), (2, 2), (2, 1, 1), (0,), (1, 1), (1, 3), (4,)],
    (2, 3, 4): [
        (),
        (1,),
        (2,),
        (3,),
        (2, 1),
        (1, 3),
        (2, 3),
        (2, 3, 1),
        (2, 3, 4),
        (2, 1, 1),
        (2, 3, 2),
        (1, 1),
        (1, 1, 1),
        (4,),
        (3, 2),
        (2, 3, 1, 1),
    ],
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
                f.add(
                    f.cls,
                    "weight",
                    dict(f.inputs(d, shape), sample_weight=d.tensor("positive", w)),
                    {"reduction": reduction},
                    grad=("y_pred",) if i % 3 else ("y_pred", "sample_weight"),
                )
    for dtype in DTYPES:
        for pred in ("float32", "float64", "float16") if some is None else ("float32",):
            f.add(
                f.cls,
                "weight dtype",
                dict(
                    f.inputs(d, (3, 2), true=pred, pred=pred),
                    sample_weight=d.tensor("unit" if dtype == "bool" else "positive", (3,), dtype),
                ),
                {"reduction": USUAL[len(dtype + pred) % 3]},
                grad=("y_pred",),
            )
    for number in (2, 0, -1, 0.5, "NaN", "Infinity", None):
        for reduction in ("none", "sum_over_batch_size"):
            f.add(f.cls, "weight number", dict(f.inputs(d, (2, 3)), sample_weight=number), {"reduction": reduction}, grad=("y_pred",))
    for data in ([0, 0, 0], [1, 0, 2], [-1, 1, 0], [-1, -2, 3], [NAN, 0, 1], [INF, 0, 1], [3e38, 3e38, 1]):
        for reduction in USUAL[:2] if some is not None else USUAL:
            f.add(
                f.cls,
                "weight value",
                dict(f.inputs(d, (3, 2)), sample_weight=tensor("float32", (3,), data)),
                {"reduction": reduction},
                grad=("y_pred", "sample_weight"),
            )
    f.add(f.function, "weight", dict(f.inputs(d, (2, 3)), sample_weight=d.tensor("positive", (2,))))


def mask(d, shape, dtype, share=0.6):
    data = [d.rng.random() < share for _ in range(size(shape))]
    return tensor(dtype, shape, [float(x) if dtype in FLOATS else x for x in data])


def masks(f, some=None):
    d = f.draw("mask")
    more = ("mean", "mean_with_sample_weight") if some is None else ()
    for shape, fits in (
        ((2, 3), [(2,), (2, 1), (2, 3), (3,), (), (1,)]),
        ((2, 3, 4), [(2, 3), (2,), (2, 3, 1), (2, 3, 4), (3,), (2, 1), (1, 3)]),
        ((3,), [(3,), (1,), ()]),
        ((3, 1), [(3,), (3, 1)]),
    ):
        for i, m in enumerate(fits):
            for dtype in ("bool", "float32", "int32"):
                for reduction in (USUAL + more if dtype == "bool" else USUAL[i % 3 : i % 3 + 1]):
                    f.add(f.cls, "mask", dict(f.inputs(d, shape), mask=mask(d, m, dtype)), {"reduction": reduction}, grad=("y_pred",))
    for share in (0, 1):
        for shape, m in (((2, 3), (2,)), ((2, 3, 4), (2, 3))):
            for reduction in USUAL + ("mean", "mean_with_sample_weight"):
                f.add(
                    f.cls,
                    "mask all" if share else "mask none",
                    dict(f.inputs(d, shape), mask=mask(d, m, "bool", share)),
                    {"reduction": reduction},
                    grad=("y_pred",),
                )
    for shape, m, w in (
        ((2, 3, 4), (2, 3), (2, 3)),
        ((2, 3, 4), (2, 3), (2, 1)),
        ((2, 3, 4), (2, 3), ()),
        ((2, 3), (2,), (2,)),
        ((2, 3), (2,), (2, 1)),
        ((2, 3), (2, 1), (2,)),
        ((2, 3), (2, 3), (2,)),
        ((2, 3, 4), (2, 3), (2,)),
        ((2, 3, 4), (2,), (2, 3)),
        ((2, 3, 4), (2, 3, 1), (2, 3)),
    ):
        for dtype in ("bool", "float32"):
            for reduction in ("sum_over_batch_size", "none") + more[1:]:
                f.add(
                    f.cls,
                    "mask weight",
                    dict(f.inputs(d, shape), mask=mask(d, m, dtype), sample_weight=d.tensor("positive", w)),
                    {"reduction": reduction},
                    grad=("y_pred",),
                )
    for dtype in DTYPES + ("int64",):
        f.add(f.cls, "mask dtype", dict(f.inputs(d, (4, 2)), mask=mask(d, (4,), dtype)), grad=("y_pred",))
        if dtype in FLOATS:
            f.add(f.cls, "mask pred dtype", dict(f.inputs(d, (4, 2), true=dtype, pred=dtype), mask=mask(d, (4,), "bool")), grad=("y_pred",))
            f.add(
                f.cls, "mask pred dtype", dict(f.inputs(d, (4, 2), true=dtype, pred=dtype), mask=mask(d, (4,), "float32")), grad=("y_pred",)
            )
    f.add(
        f.cls, "mask value", dict(f.inputs(d, (3, 2)), mask=tensor("float32", (3,), [0.5, 2, -1])), {"reduction": "none"}, grad=("y_pred",)
    )
    f.add(f.cls, "mask value", dict(f.inputs(d, (3, 2)), mask=tensor("float32", (3,), [0.5, 2, -1])), grad=("y_pred",))
    inputs = f.inputs(d, (3, 2))
    inputs["y_pred"] = tensor("float32", (3, 2), [NAN, 0.5, 0.25, 0.75, INF, 0.5])
    for reduction in USUAL:
        f.add(
            f.cls, "mask special", dict(inputs, mask=tensor("bool", (3,), [False, True, False])), {"reduction": reduction}, grad=("y_pred",)
        )
        f.add(
            f.cls,
            "weight special",
            dict(inputs, sample_weight=tensor("float32", (3,), [0, 1, 0])),
            {"reduction": reduction},
            grad=("y_pred", "sample_weight"),
        )
    f.add(f.function, "mask", dict(f.inputs(d, (2, 3)), mask=mask(d, (2,), "bool")), grad=("y_pred",))
    f.add(f.cls, "mask null", dict(f.inputs(d, (2, 3)), mask=None), grad=("y_pred",))
