"""One Keras loss as class and function, with what its arguments hold; the list that all Keras requests go to.

No value is a float32 subnormal: TensorFlow's CPU runs with denormals flushed to zero, a mode of the processor and no rule of a loss.
"""

from cases import INF, NAN, Draw, Requests

K = Requests("keras")
REDUCTIONS = ("none", "sum", "sum_over_batch_size", "auto", "mean", "mean_with_sample_weight", None)
USUAL = ("sum_over_batch_size", "none", "sum")
BAD_REDUCTIONS = ("bad", "MEAN", "", 0, 1, True, False, "Sum", "batchmean", "NaN")
SHAPES = [(), (3,), (1,), (0,), (2, 3), (3, 1), (1, 1), (1, 4), (0, 3), (3, 0), (2, 3, 4), (2, 1, 3, 2), (2, 0, 3)]
RANKS = [
    ((3, 1), (3,)),
    ((3,), (3, 1)),
    ((2, 1), (2, 3)),
    ((2, 3), (2, 1)),
    ((3,), (2, 3)),
    ((2, 3), (3,)),
    ((), (2, 3)),
    ((2, 3), ()),
    ((2, 3, 1), (2, 3)),
    ((2, 3), (2, 3, 1)),
    ((1, 3), (3,)),
    ((3,), (1, 3)),
    ((1,), (3,)),
    ((3,), (1,)),
    ((1,), (3, 1)),
    ((3, 1), (1,)),
    ((1, 3), (2, 3)),
    ((2, 1, 3), (2, 2, 3)),
    ((), (3,)),
    ((3,), ()),
    ((2, 2, 1), (2, 2)),
    ((2, 1), (2, 1, 1)),
    ((1, 1), (1,)),
    ((2, 3), (1, 2, 3)),
    ((3, 1), (3, 4)),
    ((3, 4), (3, 1)),
    ((2,), (2, 3)),
    ((2, 3), (2,)),
    ((2, 2), (2, 3)),
    ((3, 2), (2, 3)),
    ((4,), (3,)),
    ((2, 3, 4), (2, 3)),
    ((2, 3), (2, 3, 4)),
    ((0,), (3,)),
    ((0, 1), (0,)),
    ((0,), (0, 1)),
    ((2, 3, 4), (2, 3, 5)),
    ((4, 1), (3,)),
    ((3,), (4, 1)),
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
