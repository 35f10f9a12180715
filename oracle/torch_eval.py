"""Answers EVAL.md requests with the installed PyTorch (1.7 to 2.13, CPU, eager): the recorder and the living process.

python torch_eval.py < requests.jsonl > answers.jsonl
"""

import os
import re
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch
import torch.nn.functional as F

from codes import torch_code
from protocol import FLOATS, GradientRefusal, Refusal, elements, is_tensor, plain, serve, tensor_json

DTYPES = {name: getattr(torch, name) for name in FLOATS + ("int64", "int32", "int16", "int8", "uint8", "bool")}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
FUNCTIONS = re.compile(r"[a-z0-9_]*_loss$|kl_div$|binary_cross_entropy(_with_logits)?$|(linear_)?cross_entropy$")


def read(x):
    """A tensor of the request as the framework's; a bare number stays Python's."""
    if not is_tensor(x):
        return plain(x)
    return torch.tensor(elements(x), dtype=DTYPES[x["dtype"]]).reshape(x["shape"])


def write(t):
    name = NAMES[t.dtype]
    flat = t.detach().reshape(-1)
    return tensor_json(name, t.shape, (flat.float() if name == "bfloat16" else flat).numpy())


def find(name):
    """The public class or function of that name, as a callable (inputs, options) -> tensor."""
    cls = getattr(torch.nn, name, None)
    if isinstance(cls, type) and issubclass(cls, torch.nn.modules.loss._Loss):
        return lambda inputs, options: cls(**options)(**inputs)
    function = getattr(F, name, None)
    if callable(function) and FUNCTIONS.match(name):
        return lambda inputs, options: function(**dict(options, **inputs))
    raise Refusal("unknown-loss", "no loss %s in PyTorch %s" % (name, torch.__version__))


def evaluate(request):
    loss = find(request["loss"])
    inputs = {name: read(x) for name, x in (request.get("inputs") or {}).items()}
    options = {name: read(x) for name, x in (request.get("options") or {}).items()}
    wanted = request.get("grad") or []
    for name in wanted:
        if name not in inputs:
            raise Refusal("missing", "gradient of %s, which is no input of the request" % name)
    try:
        for name in wanted:
            if isinstance(inputs[name], torch.Tensor):
                inputs[name].requires_grad_(True)
    except RuntimeError as e:
        loss(inputs, options)  # a refusal of the value comes first
        raise GradientRefusal(e)
    value = loss(inputs, options)
    grads = {}
    if wanted:
        try:
            upstream = request.get("upstream")
            if upstream is None:
                value.sum().backward()
            else:
                seed = read(upstream)
                seed = seed if isinstance(seed, torch.Tensor) else torch.tensor(seed, dtype=value.dtype)
                if seed.shape != value.shape:
                    raise Refusal("shape", "upstream %s against a value of shape %s" % (list(seed.shape), list(value.shape)))
                value.backward(seed)
        except (RuntimeError, TypeError, IndexError, ValueError, NotImplementedError) as e:
            raise GradientRefusal(e)
        for name in wanted:
            grad = getattr(inputs[name], "grad", None)
            if grad is not None:
                grads[name] = write(grad)
    return write(value), grads


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.ones(1, requires_grad=True).sum().backward()  # what the first backward warns about (no GPU) is no answer's
    if hasattr(torch, "set_warn_always"):
        torch.set_warn_always(True)
    if sys.argv[1:] == ["--versions"]:
        import json
        import platform

        import numpy

        print(json.dumps({"torch": torch.__version__, "numpy": numpy.__version__, "python": platform.python_version()}))
        sys.exit(0)
    serve(evaluate, torch_code)
