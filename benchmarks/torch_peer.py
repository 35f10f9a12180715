"""The PyTorch contender: prepares a workload, times it and shows its result, one JSON line an order. One thread.

Usage: python torch_peer.py [--compile]
"""
import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def keras_cce(t):
    p = t["y_pred"] / t["y_pred"].sum(-1, keepdim=True)
    return -(t["y_true"] * p.clamp(1e-7, 1 - 1e-7).log()).sum(-1).mean()


def keras_hinge(t):
    y = t["y_true"]
    y = torch.where(((y == 0) | (y == 1)).all(), 2 * y - 1, y)
    return (1 - y * t["y_pred"]).clamp_min(0).mean()


LOSSES = {
    "mse": lambda t: F.mse_loss(t["input"], t["target"]),
    "l1": lambda t: F.l1_loss(t["input"], t["target"]),
    "smooth-l1": lambda t: F.smooth_l1_loss(t["input"], t["target"]),
    "bce": lambda t: F.binary_cross_entropy(t["input"], t["target"]),
    "bce-logits": lambda t: F.binary_cross_entropy_with_logits(t["input"], t["target"]),
    "hinge-embedding": lambda t: F.hinge_embedding_loss(t["input"], t["target"]),
    "ce": lambda t: F.cross_entropy(t["input"], t["target"]),
    "ce probabilities": lambda t: F.cross_entropy(t["input"], t["target"]),
    "ce weighted smoothed ignoring": lambda t: F.cross_entropy(
        t["input"], t["target"], weight=t["weight"], label_smoothing=0.1),
    "kl": lambda t: F.kl_div(t["input"], t["target"], reduction="batchmean"),
    "cosine": lambda t: F.cosine_embedding_loss(t["input1"], t["input2"], t["target"]),
    "keras cce probabilities": keras_cce,
    "keras hinge": keras_hinge,
}


def read(spec, i):
    data = np.fromfile(spec["files"][i], dtype=spec["dtype"]).reshape(spec["shape"])
    return torch.from_numpy(data.astype("int64") if spec["dtype"] == "int32" else data)


def main():
    compiled = "--compile" in sys.argv
    state = {}

    def prepare(order):
        torch._dynamo.reset() if compiled else None
        loss = LOSSES[order["workload"].rsplit(" ", 1)[0]]
        leaves = order["differentiate"]
        sets = []
        for i in range(order["sets"]):
            t = {name: read(spec, i) for name, spec in order["arrays"].items()}
            for name in leaves if order["measured"] == "both" else []:
                t[name].requires_grad_()
            sets.append(t)
        state.update(loss=torch.compile(loss) if compiled else loss, leaves=leaves, sets=sets, both=order["measured"] == "both")

    def call(t):
        value = state["loss"](t)
        return value, torch.autograd.grad(value, [t[name] for name in state["leaves"]]) if state["both"] else ()

    def run(order):
        t = state["sets"][order["run"]]
        start = time.perf_counter()
        for _ in range(order["repeat"]):
            call(t)[0].item()
        return {"ms": (time.perf_counter() - start) * 1e3 / order["repeat"]}

    def answer(order):
        value, grads = call(state["sets"][order["answer"]])
        for file, g in zip(order["files"], grads):
            g.numpy().tofile(file)
        return {"value": value.item()}

    print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if "workload" in order:
            print(json.dumps(prepare(order) or {}), flush=True)
        elif "run" in order:
            print(json.dumps(run(order)), flush=True)
        else:
            print(json.dumps(answer(order)), flush=True)


main()
