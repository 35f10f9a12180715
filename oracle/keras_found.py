"""Requests for what arbitrary calls of every release found: types, integers, masks, labels, and which of two faults is told."""

from cases import INF, NAN, Draw, tensor
from keras_family import K

ERRORS = (("MeanSquaredError", "mean_squared_error"), ("MeanAbsoluteError", "mean_absolute_error"))
TYPES = ("int", "int8", "int16", "uint8", "mixed_float16", "mixed_bfloat16", "mixed_float32", "half", "float", "", 0, False, True, [])


def types(d):
    """The `dtype` of a class, by all sorts of names."""
    for loss in ("MeanSquaredError", "MeanAbsoluteError", "Huber", "BinaryCrossentropy", "CategoricalCrossentropy"):
        for name in TYPES:
            inputs = {"y_true": d.one_hot((2, 3)), "y_pred": d.tensor("unit", (2, 3))}
            K.add(loss, "dtype name", inputs, {"dtype": name}, grad=("y_pred",))


def integers(d):
    """Means of no integers, and integers under a mask."""
    for dtype in ("int64", "int32", "int16"):
        for cls, function in ERRORS:
            for shape in ((0,), (2, 0), (3, 2, 0), (0, 2)):
                inputs = {"y_true": d.tensor("normal", shape, dtype), "y_pred": d.tensor("normal", shape, dtype)}
                K.add(cls, "no integers", inputs)
                K.add(function, "no integers", inputs)
            for reduction in ("sum_over_batch_size", "sum", "none", "auto", "mean"):
                inputs = {
                    "y_true": d.tensor("normal", (3, 2), dtype),
                    "y_pred": d.tensor("normal", (3, 2), dtype),
                    "mask": tensor("bool", (3,), [True, False, True]),
                }
                K.add(cls, "masked integers", inputs, {"reduction": reduction})
                weighted = dict(inputs, sample_weight=d.tensor("positive", (3,)))
                K.add(cls, "masked integers", weighted, {"reduction": reduction})


def labels(d):
    """Class indices of a float type."""
    for dtype in ("float64", "float32", "float16", "bfloat16"):
        for loss in ("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy"):
            for values in ([0, 1, 2], [0.5, 1.5, 2.75], [-0.5, 0, 1], [3, 0, 1], [NAN, 0, 1], [0, INF, 1]):
                for options in ({}, {"ignore_class": 0}, {"ignore_class": 1}):
                    inputs = {"y_true": tensor(dtype, (3,), values), "y_pred": d.rows((3, 3))}
                    K.add(loss, "labels of floats", inputs, options, grad=("y_pred",))


def names(d):
    for name in ("x", "", None):
        inputs = {"y_true": tensor("int32", (2,), [1, 0]), "y_pred": d.rows((2, 3))}
        K.add("SparseCategoricalCrossentropy", "name", inputs, {"name": name}, grad=("y_pred",))


def two_faults(d):
    """Shapes that do not fit, of types that the loss does not take."""
    pairs = [((2,), (3,)), ((2, 2), (2, 3)), ((3,), (2, 3)), ((), (2, 3)), ((2, 1), (2, 3))]
    for loss in ("BinaryCrossentropy", "binary_crossentropy", "CategoricalCrossentropy", "categorical_crossentropy"):
        for a, b in pairs:
            for dtype in ("float64", "int32"):
                for options in ({}, {"from_logits": True}, {"label_smoothing": 0.5}, {"from_logits": True, "label_smoothing": 0.5}):
                    K.add(loss, "two faults", {"y_true": d.tensor("unit", a), "y_pred": d.tensor("unit", b, dtype)}, options)
    for loss in ("MeanAbsolutePercentageError", "log_cosh", "LogCosh", "categorical_hinge", "huber", "KLDivergence", "poisson"):
        for a, b in pairs:
            K.add(loss, "two faults", {"y_true": d.tensor("unit", a), "y_pred": d.tensor("unit", b, "int64")})


def floats(d):
    """Python's floats for δ, beside the integers of the rest of the list."""
    for loss in ("Huber", "huber"):
        for delta in (1.0, 2.0, [1.0], 0.0):
            K.add(loss, "float delta", {"y_true": d.tensor("normal", (2, 3)), "y_pred": d.tensor("normal", (2, 3))}, grad=("y_pred",))
            K.list[-1]["options"] = {"delta": delta}


def found():
    for part in (types, integers, labels, names, two_faults, floats):
        part(Draw(K.random("found", part.__name__)))
