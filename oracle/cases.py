"""How requests are made: seeded values, tensors, and the list that the families of torch_requests.py and keras_requests.py fill."""

import itertools
import math
import random

from protocol import FLOATS, size, to_bfloat16

SEED = 20261123
NAN, INF = float("nan"), float("inf")
INTEGERS = ("int64", "int32", "int16", "int8", "uint8")


def word(x):
    """A number as EVAL.md writes it; integral floats lose their point, for JSON has one kind of number."""
    if isinstance(x, float):
        if x != x:
            return "NaN"
        if x in (INF, -INF):
            return "Infinity" if x > 0 else "-Infinity"
        if x == int(x) and abs(x) < 2**53 and not (x == 0 and math.copysign(1, x) < 0):
            return int(x)
    if isinstance(x, int) and not isinstance(x, bool) and abs(x) > 2**53:
        return str(x)
    return x


def words(x):
    """An option or a tensor with its numbers as words."""
    if isinstance(x, dict):
        return {k: words(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [words(v) for v in x]
    return word(x)


def fit(x, dtype):
    """x as an element of dtype, in few digits."""
    if dtype in FLOATS:
        if dtype == "bfloat16":
            return to_bfloat16(x)
        if dtype == "float16" and x == x and abs(x) < 60000:
            return math.ldexp(round(math.ldexp(x, 8)), -8) if abs(x) < 8 else float(round(x))
        return x
    if dtype == "bool":
        return bool(x)
    return abs(int(round(x))) if dtype == "uint8" else int(round(x))


def tensor(dtype, shape, data):
    data = list(data)
    assert len(data) == size(shape), (dtype, shape, data)
    return {"dtype": dtype, "shape": list(shape), "data": [fit(x, dtype) for x in data]}


class Requests:
    """The list being made. Identifiers are `loss/topic/number`, so that adding a topic renames no other request."""

    def __init__(self, name):
        self.name = name
        self.clear()

    def clear(self):
        self.list, self.count = [], {}

    def random(self, *topic):
        """A generator of random numbers of its own for each topic: what one topic draws moves no other."""
        return random.Random("%d %s %s" % (SEED, self.name, " ".join(map(str, topic))))

    def add(self, loss, topic, inputs, options=None, grad=None, upstream=None):
        n = self.count[loss, topic] = self.count.get((loss, topic), 0) + 1
        request = {"id": "%s/%s/%d" % (loss, topic, n), "loss": loss}
        if options:
            request["options"] = words(options)
        request["inputs"] = words(inputs)
        if grad:
            request["grad"] = list(grad)
        if upstream is not None:
            request["upstream"] = words(upstream)
        self.list.append(request)


class Draw:
    """Random tensors of one kind of value, from one seeded generator."""

    def __init__(self, rng):
        self.rng = rng

    def some(self, kind, n, dtype="float32"):
        r = self.rng
        if dtype == "bool":
            return [r.random() < 0.5 for _ in range(n)]
        if dtype not in FLOATS and kind in ("normal", "wide", "positive", "unit", "log"):
            low = 0 if kind in ("positive", "unit") or dtype == "uint8" else -3
            high = 1 if kind == "unit" else 3
            return [r.randint(low, high) for _ in range(n)]
        draw = {
            "normal": lambda: r.gauss(0, 1.5),
            "wide": lambda: r.gauss(0, 1) * 10 ** r.uniform(-3, 3),
            "positive": lambda: r.uniform(0.05, 3),
            "unit": lambda: r.uniform(0.02, 0.98),
            "log": lambda: math.log(r.uniform(0.02, 0.98)),
            "sign": lambda: r.choice((-1, 1)),
            "bit": lambda: r.choice((0, 1)),
        }[kind]
        return [float("%.5g" % draw()) for _ in range(n)]

    def tensor(self, kind, shape, dtype="float32"):
        return tensor(dtype, shape, self.some(kind, size(shape), dtype))

    def labels(self, shape, classes, dtype="int64"):
        return tensor(dtype, shape, [self.rng.randrange(classes) if classes else 0 for _ in range(size(shape))])

    def rows(self, shape, axis=-1, dtype="float32"):
        """Positive numbers that sum to one (to five digits) along an axis."""
        axis %= len(shape)
        data = [self.rng.uniform(0.02, 1) for _ in range(size(shape))]
        inner = size(shape[axis + 1 :])
        for outer in range(size(shape[:axis])):
            for i in range(inner):
                at = [outer * shape[axis] * inner + c * inner + i for c in range(shape[axis])]
                total = sum(data[k] for k in at)
                for k in at:
                    data[k] = round(data[k] / total, 5)
        return tensor(dtype, shape, data)

    def one_hot(self, shape, dtype="float32"):
        """One-hot rows along the last axis."""
        data = [0] * size(shape)
        for row in range(size(shape[:-1]) if shape[-1] else 0):
            data[row * shape[-1] + self.rng.randrange(shape[-1])] = 1
        return tensor(dtype, shape, data)


def pairs(values):
    """Two flat lists that hold every ordered pair of the values."""
    both = list(itertools.product(values, values))
    return [a for a, _ in both], [b for _, b in both]
