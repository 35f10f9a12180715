"""The EVAL.md protocol over standard input and output, and the text of numbers; used by torch_eval.py and keras_eval.py."""

import json
import os
import re
import struct
import sys
import warnings

WORDS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
FLOATS = ("float64", "float32", "float16", "bfloat16")
CODES = ("shape", "dtype", "value", "index-out-of-range", "option", "missing", "gradient", "unknown-loss", "request")


class Refusal(Exception):
    """A refusal whose code is known where it is raised."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class GradientRefusal(Exception):
    """The value was given and the gradient refused: `cause` is what the framework raised."""

    def __init__(self, cause):
        super().__init__(str(cause))
        self.cause = cause


def is_tensor(x):
    return isinstance(x, dict) and "data" in x and "dtype" in x and "shape" in x


def number(x):
    """A number of the request: the three words, a 64-bit integer in quotes, or the number itself."""
    if isinstance(x, str):
        return WORDS[x] if x in WORDS else int(x)
    return x


def plain(x):
    """An option that is no tensor: words become numbers, everything else stays."""
    if isinstance(x, list):
        return [plain(v) for v in x]
    return WORDS.get(x, x) if isinstance(x, str) else x


def size(shape):
    n = 1
    for extent in shape:
        n *= extent
    return n


def elements(tensor):
    """The elements of a request's tensor as Python numbers, after a check of their count."""
    if len(tensor["data"]) != size(tensor["shape"]):
        raise Refusal("request", "%d elements for shape %s" % (len(tensor["data"]), tensor["shape"]))
    as_type = float if tensor["dtype"] in FLOATS else (lambda v: bool(number(v))) if tensor["dtype"] == "bool" else int
    return [as_type(number(v)) for v in tensor["data"]]


def to_bfloat16(x):
    """x rounded to the nearest bfloat16, ties to even."""
    if x != x or x in (float("inf"), float("-inf")):
        return x
    try:
        bits = struct.unpack("<I", struct.pack("<f", x))[0]
    except OverflowError:
        return float("inf") if x > 0 else float("-inf")
    bits = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def shortest_bfloat16(x):
    for digits in range(1, 10):
        text = "%.*g" % (digits, x)
        if to_bfloat16(float(text)) == x:
            return float(text)
    return x


def numeral(x, shortest):
    """A float of the answer: the fewest digits that read back as the same element of its dtype."""
    if x != x:
        return "NaN"
    if x in (float("inf"), float("-inf")):
        return "Infinity" if x > 0 else "-Infinity"
    x = shortest(x)
    return int(x) if x == int(x) and abs(x) < 2.0**53 and str(x) != "-0.0" else x


def integer(x):
    return x if abs(x) <= 2**53 else str(x)


def tensor_json(dtype, shape, data):
    """The JSON of an answer's tensor; `data` is a flat numpy array (float32 where the dtype is bfloat16)."""
    if dtype in FLOATS:
        if dtype == "bfloat16":
            shortest = shortest_bfloat16
        elif dtype == "float64":
            shortest = float
        else:
            shortest = lambda x: float(str(x))  # noqa: E731  numpy prints a scalar's shortest digits
        out = [numeral(x, shortest) for x in data]
        out = [float(x) if not isinstance(x, (str, int, float)) else x for x in out]
    elif dtype == "bool":
        out = [bool(x) for x in data]
    else:
        out = [integer(int(x)) for x in data]
    return {"dtype": dtype, "shape": [int(n) for n in shape], "data": out}


def tidy(text):
    """A message without what varies from run to run or names the machine: addresses, TensorFlow's node prefixes."""
    text = re.sub(r"\{\{function_node [^}]*\}\} ?", "", str(text))
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"0x[0-9a-f]{6,}", "0x…", text)
    text = re.sub(r"/[\w./-]*/site-packages/", "", text)
    text = " ".join(text.split())
    return text if len(text) <= 400 else text[:399] + "…"


def answer(request, evaluate, code_of):
    """One answer, whatever happens. evaluate(request) -> (value, grads); code_of(type's name, text, request) -> code."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            value, grads = evaluate(request)
            out = {"id": request["id"], "value": value, "grads": grads}
        except Refusal as e:
            out = {"id": request["id"], "error": {"code": e.code, "message": tidy(e)}}
        except GradientRefusal as e:
            name = type(e.cause).__name__
            out = {"id": request["id"], "error": {"code": "gradient", "message": "%s: %s" % (name, tidy(e.cause))}}
        except Exception as e:  # whatever the framework raises is its answer
            name, text = type(e).__name__, tidy(e)
            out = {"id": request["id"], "error": {"code": code_of(name, text, request), "message": "%s: %s" % (name, text)}}
    # "Triggered internally" are warnings of the framework's kernels, given once in a process and so no answer to one request.
    texts = ["%s: %s" % (w.category.__name__, tidy(w.message)) for w in seen if "Triggered internally" not in str(w.message)]
    if texts:
        out["warnings"] = texts
    return out


def serve(evaluate, code_of):
    """Answers every line of standard input in order, then ends the process: status 1 when a line was no request."""
    status = 0
    out = sys.stdout
    for at, line in enumerate(sys.stdin, 1):
        try:
            request = json.loads(line)
            if not (isinstance(request, dict) and isinstance(request.get("id"), str) and isinstance(request.get("loss"), str)):
                raise ValueError("no request: an object with the strings id and loss")
        except ValueError as e:
            status = 1
            reply = {"id": None, "line": at, "error": {"code": "request", "message": str(e)}}
        else:
            reply = answer(request, evaluate, code_of)
        out.write(json.dumps(reply, separators=(",", ":"), ensure_ascii=False) + "\n")
        out.flush()
    out.flush()
    os._exit(status)  # PyTorch 1.7's threads now and then hang in an orderly exit
