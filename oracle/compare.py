"""When two answers are the same, and when one release's answer counts as changed against another's."""

import math

# Relative difference beyond which numbers count as changed: some last digits of the dtype. The absolute part is this times
# FLOOR of the tensor's largest finite element, for what cancels.
RELATIVE = {"float64": 1e-9, "float32": 4e-6, "float16": 2e-3, "bfloat16": 1.6e-2}
FLOOR = 1e-2
WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def numbers(t):
    return [WORDS.get(x, x) if isinstance(x, str) else x for x in t["data"]]


def same(a, b):
    """Equal to the last digit, the wording of a refusal aside; for two runs of one release."""
    if "error" in a or "error" in b:
        return "error" in a and "error" in b and a["error"]["code"] == b["error"]["code"]
    return a["value"] == b["value"] and a["grads"] == b["grads"]


def close(a, b):
    """Tensors of one dtype and shape whose elements agree up to rounding; the sign of zero does not count."""
    if a["dtype"] != b["dtype"] or a["shape"] != b["shape"]:
        return False
    relative = RELATIVE.get(a["dtype"])
    if relative is None:
        return a["data"] == b["data"]
    xs, ys = numbers(a), numbers(b)
    largest = max((abs(x) for x in xs if math.isfinite(x)), default=0.0)
    for x, y in zip(xs, ys):
        if math.isnan(x) or math.isnan(y):
            if not (math.isnan(x) and math.isnan(y)):
                return False
        elif math.isinf(x) or math.isinf(y):
            if x != y:
                return False
        elif abs(x - y) > relative * (max(abs(x), abs(y)) + FLOOR * largest):
            return False
    return True


def changed(old, new):
    """Refused or not, the code, dtype, shape, a number beyond rounding, which gradients exist, or the warnings; not a message's wording."""
    if ("error" in old) != ("error" in new):
        return True
    if old.get("warnings") != new.get("warnings"):
        return True
    if "error" in old:
        return old["error"]["code"] != new["error"]["code"]
    if not close(old["value"], new["value"]) or old["grads"].keys() != new["grads"].keys():
        return True
    return any(not close(old["grads"][k], new["grads"][k]) for k in old["grads"])
