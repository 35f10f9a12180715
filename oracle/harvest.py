"""Records the loss calls that a program makes as requests of the protocol: a framework's own tests, run under this one.

    python harvest.py FRAMEWORK OUT PROGRAM [ARGUMENTS...]

FRAMEWORK: torch, or what keras_eval.py takes (keras, tf_keras, tf.keras). PROGRAM: a test file, a module after -m, or `samples`
(the inputs of PyTorch's OpInfo and ModuleInfo). OUT gets a request a line, with what the call itself gave as `seen`; put it
through torch_eval.py or keras_eval.py for the answers of any release. What was passed over is counted on standard error.
"""

import collections
import functools
import inspect
import json
import os
import runpy
import sys
import unittest

from protocol import tidy

LARGEST = 4096  # elements of a tensor
ALIKE = 3  # calls of one test that differ in their numbers only: gradcheck makes thousands


class Skip(Exception):
    """A call that the protocol cannot express; the text says why."""


def plain(x):
    """An argument that is no tensor, as JSON."""
    if isinstance(x, float) and (x != x or x in (float("inf"), float("-inf"))):
        return "NaN" if x != x else "Infinity" if x > 0 else "-Infinity"
    if x is None or isinstance(x, (bool, int, float, str)):
        return x
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    raise Skip("a " + type(x).__name__)


def bound(function, arguments, named):
    """The arguments by name, also where the call is refused for them."""
    names = [p.name for p in inspect.signature(function).parameters.values() if p.kind == p.POSITIONAL_OR_KEYWORD]
    if len(arguments) > len(names):
        raise Skip("too many arguments")
    return dict(zip(names, arguments), **named)


def current_test():
    frame = sys._getframe(1)
    while frame:
        test = frame.f_locals.get("self")
        if isinstance(test, unittest.TestCase):
            return test.id().replace("__main__.", "")
        frame = frame.f_back
    return Harvest.label


class Harvest:
    """Writes requests; `encode(x)` makes a request's tensor or value of an argument, `decode(value)` an answer's tensor."""

    label = "program"

    def __init__(self, path, encode, write):
        self.file = open(path, "w")
        self.encode, self.write = encode, write
        self.alike, self.texts, self.count = collections.Counter(), set(), collections.Counter()

    def request(self, loss, options, inputs):
        try:
            request = {"loss": loss, "options": {k: self.encode(v) for k, v in options.items()}}
            request["inputs"] = {k: self.encode(v) for k, v in inputs.items()}
        except Skip as e:
            self.count["passed over: %s" % e] += 1
            return None
        except Exception as e:  # a tensor that cannot be read is no reason to fail the test
            self.count["passed over: %s" % type(e).__name__] += 1
            return None
        form = json.dumps(request, default=repr)
        shape = json.dumps([request["loss"]] + [self.form(request[k]) for k in ("options", "inputs")])
        test = current_test()
        self.alike[test, shape] += 1
        if form in self.texts or self.alike[test, shape] > ALIKE:
            self.count["repeated"] += 1
            return None
        self.texts.add(form)
        return dict(request, test=test)

    @staticmethod
    def form(named):
        return {k: [v["dtype"], v["shape"]] if isinstance(v, dict) else v for k, v in named.items()}

    def enter(self, request, seen):
        """One request for the gradients that training takes, and one for all that there are."""
        floating = [k for k, v in request["inputs"].items() if isinstance(v, dict) and "float" in v["dtype"] and k != "mask"]
        trained = [k for k in floating if k in ("input", "input1", "input2", "y_pred")]
        test = request.pop("test")
        for grad in [trained] + ([floating] if floating != trained else []):
            self.count["requests"] += 1
            text = dict(request, id="%s/%s/%d" % (request["loss"], test, self.count["requests"]), grad=grad, seen=seen)
            self.file.write(json.dumps(text) + "\n")
        self.file.flush()

    def call(self, request, function, arguments, named):
        try:
            value = function(*arguments, **named)
        except Exception as e:
            if request:
                self.enter(request, {"error": "%s: %s" % (type(e).__name__, tidy(e))})
            raise
        if request:
            try:
                seen = {"value": self.write(value)}
            except Exception:  # a symbol or a dual number
                seen = {}
            self.enter(request, seen)
        return value


def watch_function(harvest, name, function, inputs):
    @functools.wraps(function)
    def watched(*arguments, **named):
        try:
            given = bound(function, arguments, named)
            options = {k: v for k, v in given.items() if k not in inputs}
            request = harvest.request(name, options, {k: v for k, v in given.items() if k in inputs})
        except Skip as e:
            harvest.count["passed over: %s" % e] += 1
            request = None
        return harvest.call(request, function, arguments, named)

    return watched


def watch_class(harvest, cls, method):
    """A request's options are what the constructor was given; of tensors what the object holds now, for `.double()` casts them."""
    construct, forward = cls.__init__, getattr(cls, method)

    @functools.wraps(construct)
    def __init__(self, *arguments, **named):
        if type(self) is not cls:
            return construct(self, *arguments, **named)
        try:
            options = bound(construct, (self,) + arguments, named)
            del options["self"]
        except Skip:
            return construct(self, *arguments, **named)
        try:
            construct(self, *arguments, **named)
        except Exception:
            harvest.call(harvest.request(cls.__name__, options, {}), construct, (self,) + arguments, named)
        object.__setattr__(self, "_harvested", options)

    @functools.wraps(forward)
    def call(self, *arguments, **named):
        request = None
        options = getattr(self, "_harvested", None)
        if options is not None and type(self) is cls:
            options = {k: getattr(self, k, v) if hasattr(v, "dtype") else v for k, v in options.items()}
            try:
                inputs = bound(forward, (self,) + arguments, named)
                del inputs["self"]
                request = harvest.request(cls.__name__, options, inputs)
            except Skip as e:
                harvest.count["passed over: %s" % e] += 1
        return harvest.call(request, forward, (self,) + arguments, named)

    cls.__init__ = __init__
    setattr(cls, method, call)


def watch_torch(path):
    import torch
    import torch_eval

    functions = "binary_cross_entropy binary_cross_entropy_with_logits cross_entropy nll_loss kl_div l1_loss smooth_l1_loss mse_loss huber_loss"
    classes = "BCE BCEWithLogits CrossEntropy NLL KLDiv L1 SmoothL1 MSE Huber HingeEmbedding CosineEmbedding"

    def encode(x):
        if not isinstance(x, torch.Tensor):
            return plain(x)
        if type(x) not in (torch.Tensor, torch.nn.Parameter) or x.layout != torch.strided or x.device.type != "cpu":
            raise Skip("%s %s on %s" % (type(x).__name__, x.layout, x.device.type))
        if x.dtype not in torch_eval.NAMES or x.numel() > LARGEST:
            raise Skip(str(x.dtype) if x.dtype not in torch_eval.NAMES else "large")
        return torch_eval.write(x)

    harvest = Harvest(path, encode, torch_eval.write)
    for name in (functions + " hinge_embedding_loss cosine_embedding_loss").split():
        if hasattr(torch.nn.functional, name):
            function = getattr(torch.nn.functional, name)
            setattr(torch.nn.functional, name, watch_function(harvest, name, function, ("input", "target", "input1", "input2")))
    for name in classes.split():
        if hasattr(torch.nn, name + "Loss"):
            watch_class(harvest, getattr(torch.nn, name + "Loss"), "forward")
    return harvest


def watch_keras(path):
    import keras_eval
    import numpy
    import tensorflow as tf

    losses = keras_eval.LOSSES

    def encode(x):
        if isinstance(x, (tf.Tensor, tf.Variable, numpy.ndarray, numpy.generic)) or isinstance(x, (list, tuple)) and x:
            value = tf.convert_to_tensor(getattr(x, "value", x) if not isinstance(x, tf.Variable) else x)
            if value.dtype.name not in keras_eval.DTYPES:
                raise Skip(value.dtype.name)
            if not hasattr(value, "numpy"):
                raise Skip("a symbol")
            if len(value.numpy().reshape(-1)) > LARGEST:
                raise Skip("large")
            return keras_eval.write(value)
        return plain(x)

    class KerasHarvest(Harvest):
        def request(self, loss, options, inputs):
            mask = getattr(inputs.get("y_pred"), "_keras_mask", None)
            return super().request(loss, options, inputs if mask is None else dict(inputs, mask=mask))

    harvest = KerasHarvest(path, encode, keras_eval.write)
    watched = {}
    for name in dir(losses):
        found = getattr(losses, name)
        if isinstance(found, type) and issubclass(found, losses.Loss):
            if found is not losses.Loss:
                watch_class(harvest, found, "__call__")
        elif inspect.isfunction(found) and name not in keras_eval.NO_LOSS:
            watched.setdefault(id(found), (found, watch_function(harvest, found.__name__, found, ("y_true", "y_pred"))))
    for module in [m for n, m in sys.modules.items() if n.split(".")[0] in ("keras", "tf_keras", "tensorflow") and m is not None]:
        for name, x in list(vars(module).items()):
            if id(x) in watched:
                setattr(module, name, watched[id(x)][1])
    return harvest


def torch_samples():
    """The calls of OpInfo's and ModuleInfo's sample, reference and error inputs, in every dtype of the protocol."""
    import torch
    from torch.testing._internal.common_methods_invocations import op_db
    from torch.testing._internal.common_modules import module_db
    from torch_eval import DTYPES

    def attempt(label, inputs, run):
        """Goes through what can be made of a generator's inputs; an error is the framework's answer, and recorded."""
        Harvest.label = label
        try:
            for sample in inputs():
                try:
                    run(sample)
                except Exception:
                    continue
        except Exception as e:
            print("%s: %s: %s" % (label, type(e).__name__, tidy(e)), file=sys.stderr)

    def run_op(op, s):
        op.op(s.input, *s.args, **s.kwargs)

    def run_module(info, s):
        module = info.module_cls(*s.constructor_input.args, **s.constructor_input.kwargs)
        if s.forward_input is not None:
            module(*s.forward_input.args, **s.forward_input.kwargs)

    for op in op_db:
        if op.name.startswith("nn.functional.") and hasattr(op.op, "__wrapped__"):
            for name, dtype in DTYPES.items():
                grad = dtype.is_floating_point
                for kind in ("sample_inputs", "reference_inputs"):
                    make = functools.partial(getattr(op, kind), "cpu", dtype, requires_grad=grad)
                    attempt("OpInfo %s %s" % (kind, name), make, functools.partial(run_op, op))
            if op.error_inputs_func:
                attempt("OpInfo error_inputs", lambda op=op: op.error_inputs("cpu"), lambda e, op=op: run_op(op, e.sample_input))
    for info in module_db:
        if hasattr(info.module_cls.__init__, "__wrapped__"):
            for name, dtype in DTYPES.items():
                for kind in ("module_inputs_func", "module_error_inputs_func"):
                    if getattr(info, kind):
                        make = functools.partial(getattr(info, kind), info, "cpu", dtype, dtype.is_floating_point, training=True)
                        pick = (lambda s: s) if kind == "module_inputs_func" else (lambda e: e.module_error_input)
                        attempt("ModuleInfo %s %s" % (kind, name), make, lambda s, i=info, p=pick: run_module(i, p(s)))


def main(framework, path, program, *arguments):
    harvest = (watch_torch if framework == "torch" else watch_keras)(path)
    try:
        if program == "samples":
            torch_samples()
        elif program == "-m":
            sys.argv = list(arguments)
            runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
        else:
            sys.argv = [program] + list(arguments)
            sys.path.insert(0, os.path.dirname(os.path.abspath(program)))
            runpy.run_path(program, run_name="__main__")
    finally:
        for what, count in harvest.count.most_common():
            print("%6d %s" % (count, what), file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
