"""Requests for SparseCategoricalCrossentropy: labels of every dtype and rank, axis, ignore_class."""

from cases import INF, INTEGERS, NAN, Draw, tensor
from keras_common import flags, large, refusals, upstream
from keras_family import REDUCTIONS, USUAL, Family, K
from keras_pipeline import mask, masks, reductions, weights
from keras_rows import ROWS, SCORES, rows
from protocol import FLOATS, size


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
        for shape, labels in (
            ((4, 3), (3,)),
            ((4, 3), (4, 3)),
            ((4, 3), ()),
            ((4, 3), (1,)),
            ((4, 3), (1, 4)),
            ((4, 3), (2, 2)),
            ((2, 3, 2), (6,)),
            ((2, 3, 2), (2,)),
            ((2, 3, 2), (3,)),
            ((2, 3, 2), (2, 3, 2)),
            ((2, 3, 2), (2, 3, 1, 1)),
            ((2, 3, 2), (3, 2)),
            ((2, 3, 2), (1, 6)),
            ((3,), (1,)),
            ((3,), (3,)),
            ((3,), (1, 1)),
            ((1, 3), ()),
            ((1, 3), (1, 1)),
            ((4, 1), (4,)),
            ((4, 1), (4, 1)),
            ((4, 3), (4, 1, 1)),
            ((2, 3, 1), (2, 3)),
            ((2, 3, 1), (2, 3, 1)),
            ((6, 3), (2, 3)),
            ((6, 3), (2, 3, 1)),
            ((), (1,)),
            ((3, 3), (3, 1)),
            ((1, 1, 3), (1,)),
            ((2, 2, 3), (4,)),
        ):
            for loss in names:
                add(loss, "rank", make(shape, labels, logits, classes=1), dict(options, reduction="none"), grad=("y_pred",))
            add(names[0], "rank", make(shape, labels, logits, classes=1), dict(options, reduction=USUAL[len(shape) % 2 * 2]))
            add(
                names[0],
                "rank weight",
                dict(make(shape, labels, logits, classes=1), sample_weight=d.tensor("positive", shape[:1])),
                options,
                grad=("y_pred",),
            )
        for true in INTEGERS + ("bool",) + FLOATS:
            for pred in FLOATS + ("int32", "bool"):
                add(
                    names[len(true + pred) % 2],
                    "dtype",
                    make((3, 4), logits=logits, true=true, pred=pred, classes=2),
                    dict(options, reduction="none"),
                    grad=("y_pred",) if pred in FLOATS else (),
                )
            add(names[0], "dtype", make((3, 4), logits=logits, true=true, classes=2), options, grad=("y_true", "y_pred"))
        for data in ([0, 3], [0, -1], [-1, 5], [2**31 - 1, 0], [-100, 1]):
            for true in ("int32", "int64", "float32"):
                for loss in names:
                    add(
                        loss,
                        "label out of range",
                        {"y_true": tensor(true, (2,), data), "y_pred": rows(d, (2, 3), "float32")},
                        dict(options, reduction="none"),
                        grad=("y_pred",),
                    )
            add(names[0], "label out of range", {"y_true": tensor("int32", (2, 1), data), "y_pred": rows(d, (2, 3), "float32")}, options)
        for data in ([1.9, 0.2], [-0.5, 1], [0.999, 2.5], [NAN, 0], [INF, 1], [-1.5, 0], [2.999, -0.0], [3, 0.5]):
            for true in ("float32", "float64"):
                for loss in names:
                    add(
                        loss,
                        "label float",
                        {"y_true": tensor(true, (2,), data), "y_pred": rows(d, (2, 3), "float32")},
                        dict(options, reduction="none"),
                        grad=("y_pred",),
                    )
        table = SCORES if logits else ROWS
        for label in (0, 1, 2):
            for dtype in ("float32", "float64"):
                inputs = {
                    "y_true": tensor("int32", (len(table),), [label] * len(table)),
                    "y_pred": tensor(dtype, (len(table), 3), sum(table, [])),
                }
                add(names[0], "special rows", inputs, dict(options, reduction="none"), grad=("y_pred",))
                add(names[1], "special rows", inputs, options, grad=("y_pred",))
        narrow = [[0 if abs(v) < 1e-4 else v for v in row] for row in table if not any(abs(v) > 6e4 and abs(v) != INF for v in row)]
        for dtype in ("float16", "bfloat16"):
            inputs = {
                "y_true": tensor("int32", (len(narrow),), [1] * len(narrow)),
                "y_pred": tensor(dtype, (len(narrow), 3), sum(narrow, [])),
            }
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
                        add(
                            loss,
                            "axis",
                            make(shape, tuple(moved), logits=logits, classes=2),
                            dict(options, axis=axis, reduction="none"),
                            grad=("y_pred",),
                        )
        # ignore_class
        for ignore in (None, 0, 1, -1, 3, 255, 0.5, True, "x", [1]):
            for data in (
                [0, 1, 2, 1],
                [0, ignore, 2, ignore] if isinstance(ignore, (int, float)) and not isinstance(ignore, bool) else [0, 0, 2, 1],
            ):
                for true in ("int32", "float32"):
                    inputs = {
                        "y_true": tensor(true, (4,), data),
                        "y_pred": d.tensor("normal", (4, 3)) if logits else rows(d, (4, 3), "float32"),
                    }
                    add(names[0], "ignore_class", inputs, dict(options, ignore_class=ignore), grad=("y_pred",))
                    add(names[0], "ignore_class", inputs, dict(options, ignore_class=ignore, reduction="none"), grad=("y_pred",))
                    add(names[1], "ignore_class", inputs, dict(options, ignore_class=ignore), grad=("y_pred",))
        for reduction in REDUCTIONS:
            for data in ([0, 1, 2, 1], [0, 0, 0, 0], [1, 2, 1, 2]):
                inputs = {
                    "y_true": tensor("int32", (4,), data),
                    "y_pred": d.tensor("normal", (4, 3)) if logits else rows(d, (4, 3), "float32"),
                }
                more = dict(options, ignore_class=0, reduction=reduction)
                add(names[0], "ignore_class reduction", inputs, more, grad=("y_pred",))
                add(
                    names[0],
                    "ignore_class weight",
                    dict(inputs, sample_weight=d.tensor("positive", (4,))),
                    more,
                    grad=("y_pred", "sample_weight"),
                )
                add(names[0], "ignore_class mask", dict(inputs, mask=mask(d, (4,), "bool")), more, grad=("y_pred",))
            add(names[0], "ignore_class mask dtype", dict(inputs, mask=mask(d, (4,), "float32")), more, grad=("y_pred",))
        for shape in ((2, 3, 4), (2, 1), (1, 3), (2, 2, 2, 3)):
            inputs = make(shape, logits=logits)
            for reduction in USUAL:
                add(names[0], "ignore_class shape", inputs, dict(options, ignore_class=0, reduction=reduction), grad=("y_pred",))
                add(
                    names[0],
                    "ignore_class shape",
                    make(shape, shape[:-1] + (1,), logits=logits),
                    dict(options, ignore_class=0, reduction=reduction),
                    grad=("y_pred",),
                )
            add(
                names[0],
                "ignore_class weight",
                dict(inputs, sample_weight=d.tensor("positive", shape[:-1])),
                dict(options, ignore_class=0),
                grad=("y_pred",),
            )
            add(names[1], "ignore_class shape", inputs, dict(options, ignore_class=0), grad=("y_pred",))
        for true in ("int64", "uint8", "float64", "float16", "bool"):
            add(
                names[len(true) % 2],
                "ignore_class dtype",
                make((4, 3), logits=logits, true=true, classes=2),
                dict(options, ignore_class=1),
                grad=("y_pred",),
            )
        for scores in ([NAN, 0, 1], [INF, 0, 0], [-INF, 0, 1]):  # at an ignored row
            inputs = {"y_true": tensor("int32", (2,), [0, 2]), "y_pred": tensor("float32", (2, 3), scores + [0.2, 0.3, 0.5])}
            for reduction in USUAL:
                add(names[0], "ignore_class special", inputs, dict(options, ignore_class=0, reduction=reduction), grad=("y_pred",))
        for dtype in FLOATS:
            for shape in ((3, 5), (2, 2, 3)):
                for reduction in USUAL:
                    add(
                        names[0],
                        "dtype %s" % dtype,
                        make(shape, logits=logits, pred=dtype),
                        dict(options, reduction=reduction),
                        grad=("y_pred",),
                    )
                add(names[1], "dtype %s" % dtype, make(shape, logits=logits, pred=dtype), options, grad=("y_pred",))
        rng = K.random(names[0], "random", logits)
        for _ in range(60):
            shape = tuple(rng.choice((1, 2, 3, 4)) for _ in range(rng.choice((2, 2, 3, 3, 4))))
            while size(shape) > 40:
                shape = shape[1:]
            loss = rng.choice(names[:1] * 2 + names[1:])
            inputs = make(
                shape,
                logits=logits,
                true=rng.choice(("int32", "int64", "float32", "uint8")),
                pred=rng.choice(("float32",) * 4 + ("float64", "float16")),
            )
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
    large(f)
    d = f.draw("dtype option")
    for dtype in FLOATS + ("int32", "bad", None):
        f.add(f.cls, "dtype option", f.inputs(d, (2, 3)), {"dtype": dtype}, grad=("y_pred",))
        f.add(f.cls, "dtype option", f.inputs(d, (2, 3), pred="float64"), {"dtype": dtype, "reduction": "none"}, grad=("y_pred",))
    flags(f, d, lambda d: f.inputs(d, (2, 3)))
    named = f.draw("name option")
    for name in ("mine", None):
        f.add(f.cls, "name option", f.inputs(named, (2, 3)), {"name": name})
    d = draw
