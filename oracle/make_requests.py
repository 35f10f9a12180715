"""Writes the shared lists of requests: `python make_requests.py torch` prints the list as JSON lines. Standard library only."""

import json
import sys


def requests(framework):
    if framework == "torch":
        import torch_requests as made
    else:
        import keras_requests as made
    return made.everything()


def lines(framework):
    return [json.dumps(r, separators=(",", ":"), ensure_ascii=False, allow_nan=False) for r in requests(framework)]


if __name__ == "__main__":
    print("\n".join(lines(sys.argv[1])))
