"""Verifies exported .onnx files where their users run them: ONNX's checker with full shape inference, ONNX's reference
evaluator and ONNX Runtime, each against what the framework answered when the vectors were recorded.

    python -m venv ENV && ENV/bin/pip install onnx onnxruntime
    npm run build
    ENV/bin/python oracle/onnx_verify.py --profile torch@2.13 [--opset 17] [--fused] [--every 1] [--keep FOLDER] [--write]

One file is made for each recorded request that differs from the others in loss, options, dtypes, ranks, sizes of 1 or
gradients. Exit status 1 if a file fails one of the three. --write puts the figures into the row of packages/backend-onnx/VERIFIED.md
that is of the same profile, form and operator set.
"""

import argparse
import collections
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

import ml_dtypes
import numpy as np
import onnx
import onnxruntime
from onnx.reference import ReferenceEvaluator

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"

# Relative and absolute, by the coarsest type of the call; for gradients the absolute part is scaled by the largest of all.
TOLERANCE = {"float64": (1e-9, 1e-9), "float32": (2e-5, 1e-5), "float16": (4e-3, 4e-3), "bfloat16": (4e-2, 4e-2)}
ROUNDING = 5e-6
COARSE = list(TOLERANCE)
WORDS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def read(name):
    with gzip.open(FIXTURES / name, "rt") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def array(tensor):
    if not isinstance(tensor, dict):  # a Python number is a float32 scalar to these frameworks
        return np.array(WORDS.get(tensor, tensor), dtype=np.float32)
    dtype = ml_dtypes.bfloat16 if tensor["dtype"] == "bfloat16" else np.dtype(tensor["dtype"])
    data = [WORDS.get(x, x) if isinstance(x, str) else x for x in tensor["data"]]
    if np.issubdtype(dtype, np.integer):
        data = [int(x) for x in data]
    with np.errstate(over="ignore"):
        return np.array(data, dtype=dtype).reshape(tensor["shape"])


def signature(request):
    """What decides what a file looks like."""

    def shape(x):
        if not isinstance(x, dict):
            return x
        return [x["dtype"], ["1" if n == 1 else "0" if n == 0 else "n" for n in x["shape"]]]

    parts = {k: shape(v) for k, v in request.get("inputs", {}).items()}
    options = {k: shape(v) for k, v in request.get("options", {}).items()}
    return json.dumps([request["loss"], options, parts, request.get("grad")], sort_keys=True)


def coarsest(tensors):
    types = {t["dtype"] for t in tensors if isinstance(t, dict) and t["dtype"] in TOLERANCE}
    return max(types, key=COARSE.index, default="float64")


def computed_in(model):
    """A file that casts to float32 on the way is as exact as that."""
    casts = (a.i for n in model.graph.node if n.op_type == "Cast" for a in n.attribute if a.name == "to")
    return [{"dtype": "float32"}] if onnx.TensorProto.FLOAT in casts else []


def largest(tensors):
    numbers = np.abs(np.concatenate([np.zeros(1), *(array(t).astype(np.float64).ravel() for t in tensors)]))
    return numbers[np.isfinite(numbers)].max()


def differs(got, wanted, dtype, scale):
    """Says what differs; the empty string: nothing."""
    if str(got.dtype) != wanted["dtype"]:
        return f"dtype {got.dtype}, not {wanted['dtype']}"
    if list(got.shape) != wanted["shape"]:
        return f"shape {list(got.shape)}, not {wanted['shape']}"
    want = array(wanted).astype(np.float64)
    have = got.astype(np.float64)
    relative, absolute = TOLERANCE[dtype]
    slack = absolute * scale
    with np.errstate(invalid="ignore"):
        near = (have == want) | (np.isnan(have) & np.isnan(want)) | (np.abs(have - want) <= relative * np.abs(want) + slack)
    if near.all():
        return ""
    at = int(np.flatnonzero(~near.ravel())[0])
    return f"element {at}: {have.ravel()[at]!r}, not {want.ravel()[at]!r}"


def check(model, feeds, results):
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    for output in inferred.graph.output:
        dims = output.type.tensor_type.shape.dim
        if len(dims) != len(results[output.name]["shape"]):
            return f"{output.name} has rank {len(dims)}, not {len(results[output.name]['shape'])}"
    return ""


def compare(names, outputs, results):
    dtype = coarsest([*results["inputs"], *(results[name] for name in names)])
    gradients = largest([results[name] for name in names if name != "loss"])
    for name, got in zip(names, outputs):
        # A gradient may be nothing but what is left of terms around 1 that cancel: then it is the framework's own rounding.
        scale = 0.5 if gradients < ROUNDING else max(gradients, 0.2)
        what = differs(np.asarray(got), results[name], dtype, 1 if name == "loss" else scale)
        if what:
            return f"{name} {what}"
    return ""


def reference(model, feeds, results):
    scores = [feeds[n.input[0]] for n in model.graph.node if n.op_type == "SoftmaxCrossEntropyLoss"]
    if any(np.abs(x).max() > 40 for x in scores):
        raise Unreadable("the evaluator takes the logarithm of a softmax that may be 0")
    names = [o.name for o in model.graph.output]
    with np.errstate(all="ignore"):
        return compare(names, ReferenceEvaluator(model).run(None, feeds), results)


def runtime(model, feeds, results):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [o.name for o in model.graph.output]
    wrapped = {
        name: (
            onnxruntime.OrtValue.ortvalue_from_numpy_with_onnx_type(x, onnx.TensorProto.BFLOAT16)
            if x.dtype == ml_dtypes.bfloat16
            else onnxruntime.OrtValue.ortvalue_from_numpy(x)
        )
        for name, x in feeds.items()
    }
    outputs = session.run_with_ort_values(names, wrapped)
    return compare(names, [numpy_of(o) for o in outputs], results)


def numpy_of(value):
    if value.data_type() == "tensor(bfloat16)":
        raise Unreadable("ONNX Runtime's Python does not hand out bfloat16")
    return value.numpy()


class Unreadable(Exception):
    pass


VERIFIERS = {"checker": check, "onnx.reference": reference, "onnxruntime": runtime}


def ordinary(request):
    """ONNX brings scores to the shape [0, 0, -1], which an empty one has not, and says nothing of NaN and infinities."""
    tensors = [array(x) for x in request["inputs"].values() if isinstance(x, dict)]
    return all(x.size > 0 and np.isfinite(x.astype(np.float64)).all() for x in tensors)


def chosen(profile, every, fused):
    """Requests that the framework answered, one for each kind of file."""
    framework = "torch" if profile.startswith("torch@") else "keras"
    # A file has no gradient that flows in, and none that the framework has not.
    answers = {a["id"]: a for a in read(f"{profile}.answers.jsonl.gz")}
    kinds = {}
    for request in read(f"{framework}.requests.jsonl.gz"):
        answer = answers.get(request["id"])
        if answer and "value" in answer and request.get("upstream") is None and (not fused or ordinary(request)):
            asked = {**request, "profile": profile, "grad": list(answer.get("grads", {}))}
            kinds.setdefault(signature(asked), (asked, answer))
    return list(kinds.values())[::every]


def exported(requests, opset, fused, folder):
    lines = "\n".join(json.dumps(r) for r, _ in requests) + "\n"
    command = ["node", str(ROOT / "tests" / "dist" / "export-requests.js"), str(folder), str(opset), *(["fused"] if fused else [])]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


TABLE = ROOT / "packages" / "backend-onnx" / "VERIFIED.md"
HEAD = """# Exported files, verified where they are run

Each row is written by `oracle/onnx_verify.py --write`: one file for each recorded request that differs from the others in
loss, options, dtypes, ranks, sizes of 1 or gradients, run in Python by ONNX's checker (with full shape inference), its
reference evaluator and ONNX Runtime's CPU kernels, value and gradients held against what the framework answered. *Passed*: of
the files made. *Unread*: files that a verifier cannot say anything about, because ONNX Runtime's Python does not hand out
bfloat16, or the reference evaluator takes the logarithm of a softmax that is 0 (fused form). *Known*: the
framework's answer is not given, for a reason that `tests/src/replay-known.ts` states. *Not made*: the form or the
exporter refuses the request, with a reason. Fused form: what ONNX defines, so no NaN, infinities or empty batches.

"""
COLUMNS = ["profile", "form", "opset", "files", *VERIFIERS, "unread", "known", "failed", "not made"]


def line(cells):
    return "| " + " | ".join(str(c) for c in cells) + " |"


def write(row):
    """Puts a row in the place of the one with the same profile, form and operator set."""
    old = TABLE.read_text().splitlines() if TABLE.exists() else []
    rows = [[c.strip() for c in text.strip("|").split("|")] for text in old if text.startswith("|")][2:]
    kept = [r for r in rows if r[:3] != [str(c) for c in row[:3]]]
    everything = sorted([*kept, row], key=lambda r: [str(c) for c in r[:3]])
    versions = f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}, numpy {np.__version__}."
    table = [line(COLUMNS), line(["---"] * len(COLUMNS)), *map(line, everything)]
    TABLE.write_text(HEAD + versions + "\n\n" + "\n".join(table) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--profile", default="torch@2.13")
    parser.add_argument("--opset", type=int, default=17)
    parser.add_argument("--fused", action="store_true", help="the loss by ONNX's own loss operators, where they are the same")
    parser.add_argument("--every", type=int, default=1, help="take one kind of file in so many")
    parser.add_argument("--only", default="", help="take requests whose id has this in it")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {TABLE.relative_to(ROOT)}")
    parser.add_argument("--keep", type=pathlib.Path, help="where the files go, instead of nowhere")
    args = parser.parse_args()

    requests = [r for r in chosen(args.profile, args.every, args.fused) if args.only in r[0]["id"]]
    with tempfile.TemporaryDirectory() as nowhere:
        folder = args.keep or pathlib.Path(nowhere)
        files = exported(requests, args.opset, args.fused, folder)
        refused = collections.Counter()
        passed = collections.Counter()
        skipped = collections.Counter()
        known = collections.Counter()
        failures = []
        for (request, answer), made in zip(requests, files):
            if "file" not in made:
                refused[f"{made['error']}: {made['message'].split(':')[-1].strip()[:40]}"] += 1
                if made["error"] == "internal":
                    failures.append(f"{request['id']}: {made['message']}")
                continue
            model = onnx.load(folder / made["file"])
            feeds = {i.name: array(request["inputs"][i.name]) for i in model.graph.input}
            inputs = [*request["inputs"].values(), *request.get("options", {}).values(), *computed_in(model)]
            results = {"inputs": inputs, "loss": answer["value"], **{f"grad_{k}": v for k, v in answer.get("grads", {}).items()}}
            for name, verify in VERIFIERS.items():
                try:
                    what = verify(model, feeds, results)
                except Unreadable as e:
                    skipped[f"{name}: {e}"] += 1
                    continue
                except Exception as e:  # a file that a verifier cannot take is a file that fails
                    what = f"{type(e).__name__}: {str(e).splitlines()[0][:200]}"
                if what and "known" in made:
                    known[made["known"]] += 1
                elif what:
                    failures.append(f"{request['id']} {name}: {what}")
                else:
                    passed[name] += 1
    if args.write:
        form = "fused" if args.fused else "graph"
        made = len(files) - refused.total()
        passes = [passed[name] for name in VERIFIERS]
        write([args.profile, form, args.opset, made, *passes, skipped.total(), known.total(), len(failures), refused.total()])
    print(f"{args.profile}, opset {args.opset}: {len(requests)} kinds of file, {len(files) - refused.total()} files")
    for name in VERIFIERS:
        print(f"  {name}: {passed[name]} passed")
    for what, n in known.most_common():
        print(f"  known, {n}: {what}")
    for what, n in (refused + skipped).most_common():
        print(f"  not made or not read, {n}: {what}")
    print(f"  {len(failures)} failures")
    for failure in failures[:40]:
        print(f"    {failure}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
