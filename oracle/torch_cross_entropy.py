"""Requests for CrossEntropyLoss (probabilities, label_smoothing) and NLLLoss beside what they share."""

from cases import INF, NAN, Draw, tensor
from protocol import FLOATS, size
from torch_classes import class_inputs, class_losses
from torch_common import FLAGS, REDUCTIONS, T


def cross_entropy():
    class_losses("CrossEntropyLoss", "cross_entropy", log=False)
    d = Draw(T.random("CrossEntropyLoss", "probabilities"))
    turn = [0]

    def name():
        turn[0] += 1
        return ("CrossEntropyLoss", "cross_entropy")[turn[0] % 2]

    def soft(shape, dtype="float32", target=None):
        at = 1 if len(shape) > 1 else 0
        return {
            "input": d.tensor("normal", shape, dtype),
            "target": d.rows(shape, at, target or dtype) if size(shape) else tensor(target or dtype, shape, []),
        }

    for shape in ((2, 3), (1, 1), (3,), (1,), (2, 3, 2), (1, 2, 2, 2), (2, 2, 1, 2, 1), (0, 3), (2, 3, 0), (2, 0), (0,), (4, 1)):
        c = shape[1] if len(shape) > 1 else shape[0]
        for reduction in REDUCTIONS:
            T.add(name(), "probabilities", soft(shape), {"reduction": reduction}, grad=("input", "target"))
            T.add(name(), "probabilities", soft(shape), {"reduction": reduction}, grad=("input",))
            T.add(
                name(),
                "probabilities weight",
                soft(shape),
                {"reduction": reduction, "weight": d.tensor("positive", (c,))},
                grad=("input", "target"),
            )
            T.add(
                name(), "probabilities smoothing", soft(shape), {"reduction": reduction, "label_smoothing": 0.1}, grad=("input", "target")
            )
            T.add(
                name(),
                "probabilities smoothing weight",
                soft(shape),
                {"reduction": reduction, "label_smoothing": 0.3, "weight": d.tensor("positive", (c,))},
                grad=("input", "target"),
            )
    for index in (-100, -5, 0, 1, 5):
        T.add(name(), "probabilities ignore_index", soft((2, 3)), {"ignore_index": index}, grad=("input",))
    for a in FLOATS:
        for b in FLOATS + ("int64", "bool", "uint8"):
            T.add(name(), "probabilities dtype", soft((4, 3), a, b), grad=("input",))
            T.add(
                name(),
                "probabilities dtype",
                soft((2, 3), a, b),
                {"reduction": REDUCTIONS[turn[0] % 3]},
                grad=("input", "target") if b in FLOATS else (),
            )
        for w in FLOATS:
            T.add(name(), "probabilities weight dtype", soft((2, 3), a), {"weight": d.tensor("positive", (3,), w)}, grad=("input",))
    for shape in ((2,), (4,), (1,), (), (1, 3), (3, 1)):
        T.add(name(), "probabilities weight shape", soft((2, 3)), {"weight": d.tensor("positive", shape)}, grad=("input",))
    for data in (
        [1, 0, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 0],
        [2, -1, 0, 3, 3, 3],
        [NAN, 0, 1, 0, 1, 0],
        [INF, 0, 0, 0, 0, 1],
        [0.5, 0.5, 0.5, 0.2, 0.2, 0.2],
    ):
        for scores in (d.some("normal", 6), [0, -INF, 1, 1, 2, -INF], [INF, 0, 0, 0, 0, NAN], [88, -88, 0, 1e4, 0, 0]):
            for reduction in ("none", "mean"):
                T.add(
                    name(),
                    "probabilities special",
                    {"input": tensor("float32", (2, 3), scores), "target": tensor("float32", (2, 3), data)},
                    {"reduction": reduction},
                    grad=("input", "target"),
                )
    for g in ((2, 3), (2, 3, 2)):
        T.add(
            name(),
            "probabilities upstream",
            soft(g),
            {"reduction": "none"},
            grad=("input", "target"),
            upstream=d.tensor("normal", g[:1] + g[2:]),
        )
    for size_average, reduce in FLAGS:
        T.add(name(), "probabilities legacy", soft((2, 3)), {"size_average": size_average, "reduce": reduce}, grad=("input",))
    # label smoothing with class indices
    for smoothing in (0, 0.1, 0.5, 1, -0.1, 1.5, NAN, INF, -INF, 1e-9):
        for shape in ((4, 3), (2, 3, 2), (3,)):
            for reduction in REDUCTIONS:
                T.add(
                    name(),
                    "label_smoothing",
                    class_inputs(d, shape),
                    {"label_smoothing": smoothing, "reduction": reduction},
                    grad=("input",),
                )
            T.add(
                name(),
                "label_smoothing weight",
                class_inputs(d, shape),
                {"label_smoothing": smoothing, "weight": d.tensor("positive", (3,))},
                grad=("input",),
            )
        inputs = class_inputs(d, (4, 3))
        inputs["target"]["data"][1] = inputs["target"]["data"][2] = -100
        for reduction in REDUCTIONS:
            T.add(name(), "label_smoothing ignored", inputs, {"label_smoothing": smoothing, "reduction": reduction}, grad=("input",))
            T.add(
                name(),
                "label_smoothing weight ignored",
                inputs,
                {"label_smoothing": smoothing, "reduction": reduction, "weight": d.tensor("positive", (3,))},
                grad=("input",),
            )
        inputs = dict(inputs, target=tensor("int64", (4,), [-100] * 4))
        for reduction in REDUCTIONS:
            T.add(name(), "label_smoothing all ignored", inputs, {"label_smoothing": smoothing, "reduction": reduction}, grad=("input",))
        T.add(
            name(), "label_smoothing out of range", dict(inputs, target=tensor("int64", (4,), [0, 3, 1, 2])), {"label_smoothing": smoothing}
        )
        T.add(
            name(),
            "label_smoothing special",
            {"input": tensor("float32", (2, 3), [0, -INF, 1, NAN, 2, 3]), "target": tensor("int64", (2,), [0, -100])},
            {"label_smoothing": smoothing, "reduction": "none"},
            grad=("input",),
        )
    for weight in ([0, 0, 0], [1, -1, 0], [-1, -2, 1], [0, 1, 2]):
        for reduction in REDUCTIONS:
            T.add(
                name(),
                "label_smoothing weight",
                {"input": d.tensor("normal", (2, 3)), "target": tensor("int64", (2,), [0, 1])},
                {"label_smoothing": 0.2, "weight": tensor("float32", (3,), weight), "reduction": reduction},
                grad=("input",),
            )
    for bad in (None, "x", True, [0.1]):
        T.add(name(), "bad label_smoothing", class_inputs(d, (2, 3)), {"label_smoothing": bad})
    for dtype in FLOATS:
        T.add(name(), "label_smoothing dtype", class_inputs(d, (4, 3), dtype), {"label_smoothing": 0.1}, grad=("input",))
        T.add(
            name(),
            "label_smoothing dtype",
            class_inputs(d, (2, 3, 2), dtype),
            {"label_smoothing": 0.1, "reduction": "none", "weight": d.tensor("positive", (3,), dtype)},
            grad=("input",),
        )


def likelihood():
    class_losses("NLLLoss", "nll_loss", log=True)
    d = Draw(T.random("NLLLoss", "more"))
    for loss in ("NLLLoss", "nll_loss"):
        T.add(loss, "unknown option", class_inputs(d, (2, 3)), {"label_smoothing": 0.1})
        T.add(loss, "probabilities", {"input": d.tensor("log", (2, 3)), "target": d.rows((2, 3))})
        for value in (0, INF, NAN, -3.5, 3e38):
            T.add(
                loss,
                "special",
                {"input": tensor("float32", (2, 2), [value, -1, -2, value]), "target": tensor("int64", (2,), [0, 1])},
                {"weight": tensor("float32", (2,), [1, 0])},
                grad=("input",),
            )
