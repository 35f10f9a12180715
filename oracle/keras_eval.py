"""Answers EVAL.md requests with the installed Keras, eager on TensorFlow's CPU: the recorder and the living process.

    python keras_eval.py [tf.keras | tf_keras | keras] < requests.jsonl > answers.jsonl

Without an argument: Keras 3 where `keras` is one, otherwise the `tf.keras` of the installed TensorFlow (2.3 to 2.15).
"""

import logging
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["KERAS_BACKEND"] = "tensorflow"

import tensorflow as tf  # noqa: E402

from codes import keras_code  # noqa: E402
from protocol import FLOATS, GradientRefusal, Refusal, elements, is_tensor, plain, serve, tensor_json  # noqa: E402

DTYPES = {name: getattr(tf, name) for name in FLOATS + ("int64", "int32", "int16", "int8", "uint8", "bool")}
NO_LOSS = ("get", "serialize", "deserialize", "Loss", "Reduction", "LossFunctionWrapper")


def library(name):
    """The module whose `losses` answers."""
    if name == "tf_keras":
        import tf_keras

        return tf_keras
    if name != "tf.keras":
        try:
            import keras

            if int(keras.__version__.split(".")[0]) >= 3:
                return keras
        except ImportError:
            pass
    return tf.keras


LIBRARY = library(sys.argv[1] if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else None)
LOSSES = LIBRARY.losses


def read(x):
    """A tensor of the request as the framework's; a bare number stays Python's."""
    if not is_tensor(x):
        return plain(x)
    data = elements(x)
    if x["dtype"] == "bfloat16":  # by way of float32, which holds it exactly
        return tf.cast(tf.constant(data, tf.float32, x["shape"]), tf.bfloat16)
    return tf.constant(data, DTYPES[x["dtype"]], x["shape"])


def write(t):
    t = tf.convert_to_tensor(t)
    name = t.dtype.name
    return tensor_json(name, t.shape, (tf.cast(t, tf.float32) if name == "bfloat16" else t).numpy().reshape(-1))


def find(name):
    """The public class, or function by its name or by a string that `get` accepts: (inputs, options) -> tensor."""
    found = None if name in NO_LOSS or name.startswith("_") else getattr(LOSSES, name, None)
    if found is None and name not in NO_LOSS:
        try:
            found = LOSSES.get(name)
        except Exception as e:  # every refusal of `get` means that there is no such name
            raise Refusal("unknown-loss", "%s: %s" % (type(e).__name__, e))
        if isinstance(found, LOSSES.Loss):
            found = type(found)
    if isinstance(found, type) and issubclass(found, LOSSES.Loss):
        return lambda inputs, options: found(**options)(**inputs)
    if not callable(found) or isinstance(found, type):
        raise Refusal("unknown-loss", "no loss %s in %s" % (name, LOSSES.__name__))
    return lambda inputs, options: found(**dict(options, **inputs))


def evaluate(request):
    loss = find(request["loss"])
    inputs = {name: read(x) for name, x in (request.get("inputs") or {}).items()}
    options = {name: read(x) for name, x in (request.get("options") or {}).items()}
    if "mask" in inputs:
        mask = inputs.pop("mask")
        if mask is not None and isinstance(inputs.get("y_pred"), tf.Tensor):
            inputs["y_pred"]._keras_mask = mask
    wanted = request.get("grad") or []
    for name in wanted:
        if name not in inputs:
            raise Refusal("missing", "gradient of %s, which is no input of the request" % name)
    watched = [name for name in wanted if isinstance(inputs[name], tf.Tensor) and inputs[name].dtype.is_floating]
    if not watched:
        return write(loss(inputs, options)), {}
    with tf.GradientTape() as tape:
        for name in watched:
            tape.watch(inputs[name])
        value = loss(inputs, options)
        value = tf.convert_to_tensor(value)
    try:
        seed = request.get("upstream")
        if seed is not None:
            seed = tf.cast(read(seed), value.dtype)
            if seed.shape != value.shape:
                raise Refusal("shape", "upstream %s against a value of shape %s" % (seed.shape, value.shape))
        grads = tape.gradient(value, [inputs[name] for name in watched], output_gradients=seed)
    except Refusal:
        raise
    except Exception as e:  # the value was given: whatever is raised now refuses the gradient
        raise GradientRefusal(e)
    return write(value), {name: write(grad) for name, grad in zip(watched, grads) if grad is not None}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    if "--versions" in sys.argv:
        import json
        import platform

        import numpy

        versions = {"tensorflow": tf.__version__, "numpy": numpy.__version__, "python": platform.python_version()}
        if LIBRARY.__name__ in ("keras", "tf_keras"):
            versions[LIBRARY.__name__] = LIBRARY.__version__
        print(json.dumps(versions))
        sys.exit(0)
    serve(evaluate, keras_code)
