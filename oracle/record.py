"""Asks releases of the frameworks for the answers to the shared requests, and keeps them in tests/fixtures.

    python record.py requests            write the two lists of requests
    python record.py PROFILE...          record these profiles (in the order of RELEASES), each against the one before it
    python record.py all                 every profile that has no current recording
    python record.py recode              after a change of codes.py: the codes of what is recorded, from the messages kept
    python record.py torch | keras       what was added to that list is asked of every recorded profile

A profile's environment is built under $ORACLE_ENVS (default: ./envs beside the checkout) when it is not there, and removed
afterwards unless it is one of KEPT or --keep is given.
"""

import datetime
import fcntl
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys

from cases import SEED
from codes import keras_code, torch_code
from compare import changed, same
from make_requests import lines
from releases import KEPT, RELEASES

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "tests", "fixtures")
ENVS = os.environ.get("ORACLE_ENVS") or os.path.join(HERE, "..", "..", "oracle-envs")
CODE_OF = {"torch": torch_code, "keras": keras_code}
PYENV = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")


def write_lines(name, texts):
    """A deterministic gzip: no name, no time."""
    with open(os.path.join(FIXTURES, name), "wb") as file:
        file.write(gzip.compress(("\n".join(texts) + "\n").encode() if texts else b"", 9, mtime=0))


def read_lines(name):
    with gzip.open(os.path.join(FIXTURES, name), "rt", encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file]


def manifest():
    try:
        with open(os.path.join(FIXTURES, "manifest.json")) as file:
            return json.load(file)
    except FileNotFoundError:
        return {"seed": SEED, "requests": {}, "profiles": {}}


def save(m):
    m["profiles"] = {name: m["profiles"][name] for name in RELEASES if name in m["profiles"]}
    with open(os.path.join(FIXTURES, "manifest.json"), "w") as file:
        file.write(json.dumps(m, indent=1, ensure_ascii=False) + "\n")


def enter(profile, entry):
    """Puts one profile's entry into the manifest as it is now: two of these processes may record different profiles at once."""
    with open(os.path.join(FIXTURES, "manifest.json")) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        m = manifest()
        m["profiles"][profile] = entry
        save(m)
    return m


def digest(texts):
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def write_requests(m):
    for framework in ("torch", "keras"):
        texts = lines(framework)
        assert len({json.loads(t)["id"] for t in texts}) == len(texts)
        write_lines("%s.requests.jsonl.gz" % framework, texts)
        m["requests"][framework] = {"count": len(texts), "sha256": digest(texts)}
    m["seed"] = SEED
    save(m)


def python_of(version):
    """The newest installed Python 3.x of pyenv, otherwise the one on PATH."""
    root = os.path.join(PYENV, "versions")
    found = sorted(
        (v for v in (os.listdir(root) if os.path.isdir(root) else []) if v.startswith(version + ".")),
        key=lambda v: [int(n) for n in v.split(".")],
    )
    return os.path.join(root, found[-1], "bin", "python") if found else "python" + version


def environment(release):
    """The environment's Python, built if it is not there; one with other packages gets those that differ."""
    folder = os.path.join(ENVS, release["env"])
    python, ready = os.path.join(folder, "bin", "python"), os.path.join(folder, "ready")
    try:
        with open(ready) as file:
            there = json.load(file)
    except (FileNotFoundError, ValueError):
        there = []
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([python_of(release["python"]), "-m", "venv", folder], check=True)
    for packages in release["packages"]:
        if packages not in there:
            subprocess.run([python, "-m", "pip", "install", "-q", "--no-cache-dir"] + packages, check=True)
    with open(ready, "w") as file:
        json.dump(release["packages"], file)
    return python


def overlay(python, release):
    """The folder of the packages that go before the environment's own, for releases that share an environment."""
    if not release.get("overlay"):
        return None
    folder = os.path.join(ENVS, "overlay", "_".join(release["overlay"]))
    shutil.rmtree(folder, ignore_errors=True)
    install = [python, "-m", "pip", "install", "-q", "--no-cache-dir", "--no-deps", "--target", folder]
    subprocess.run(install + release["overlay"], check=True)
    return folder


def run(python, release, more=(), **options):
    program = [python, os.path.join(HERE, release["program"])] + release["arguments"] + list(more)
    variables = dict(os.environ, PYTHONHASHSEED="0")  # sets in messages print in one order
    if release.get("path"):
        variables["PYTHONPATH"] = release["path"]
    return subprocess.run(program, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options)


def ask(python, release, texts):
    """The answers of one process by id; where a request kills the process, the next one goes on after it."""
    answers, killers, at = {}, 0, 0
    while at < len(texts):
        done = run(python, release, input=("\n".join(texts[at:]) + "\n").encode())
        whole = [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]
        answers.update((a["id"], a) for a in whole)
        at += len(whole)
        if at < len(texts):
            at, killers = at + 1, killers + 1
            if killers > 100 or not answers:
                raise RuntimeError("%s: the process does not live" % release["env"])
    return answers


def versions(python, release):
    return json.loads(run(python, release, ["--versions"], check=True).stdout)


def recorded(m, profile):
    """The answers of a recorded profile by id, without those that were dropped: the fold of its predecessors' changes."""
    entry = m["profiles"][profile]
    answers = recorded(m, entry["since"]) if "since" in entry else {}
    for line in read_lines(entry["file"]):
        a = json.loads(line)
        if a.get("dropped"):
            answers.pop(a["id"], None)
        else:
            answers[a["id"]] = a
    return answers


def text(answer):
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False)


def steady(python, release, texts, first, wanted):
    """Those of the wanted answers that a second process, asked in reverse order, gives again to the last digit."""
    second = ask(python, release, [t for t in texts[::-1] if json.loads(t)["id"] in wanted])
    return {k for k in wanted if k in second and same(first[k], second[k])}


def record(m, profile):
    release = RELEASES[profile]
    texts = read_lines("%s.requests.jsonl.gz" % release["framework"])
    asked = [json.loads(t)["id"] for t in texts]
    python = environment(release)
    release = dict(release, path=overlay(python, release))
    entry = {"versions": versions(python, release), "date": datetime.date.today().isoformat(), "requests": digest(texts)}
    before = release["since"]
    while before is not None and m["profiles"].get(before, {}).get("requests") != entry["requests"]:
        before = RELEASES[before]["since"]  # one that could not be recorded is passed over
    old = recorded(m, before) if before else {}
    first = ask(python, release, texts)
    new = {k for k in first if k not in old or changed(old[k], first[k])}
    stable = (set(first) - new) | steady(python, release, texts, first, new)
    entry.update(answers=len(stable), dropped=[k for k in asked if k not in stable])
    out = [text(first[k]) for k in asked if k in stable and k in new]
    if before is None:
        entry["file"] = "%s.answers.jsonl.gz" % profile
    else:
        entry.update(file="%s.delta.jsonl.gz" % profile, since=before, changed=len(out))
        out += [text({"id": k, "dropped": True}) for k in asked if k not in stable and k in old]
    if release["path"]:
        shutil.rmtree(release["path"])
    write_lines(entry["file"], out)
    m["profiles"] = enter(profile, entry)["profiles"]
    print("%s: %d answers, %d dropped, %d lines" % (profile, len(stable), len(entry["dropped"]), len(out)), flush=True)


def recode(m):
    """The codes that codes.py now gives to the recorded messages; a message kept from an earlier release stands for the later ones."""
    kept = {profile: recorded(m, profile) for profile in m["profiles"]}
    for profile, answers in kept.items():
        framework = RELEASES[profile]["framework"]
        for line in read_lines("%s.requests.jsonl.gz" % framework):
            request = json.loads(line)
            error = answers.get(request["id"], {}).get("error", {})
            kind, _, said = error.get("message", "").partition(": ")
            if kind.isidentifier() and error["code"] != "gradient":
                answers[request["id"]] = dict(answers[request["id"]], error=dict(error, code=CODE_OF[framework](kind, said, request)))
    rewrite(m, kept)


def rewrite(m, kept):
    """The files of these profiles anew, of their answers by id."""
    for profile, answers in kept.items():
        entry = m["profiles"][profile]
        before = kept.get(entry.get("since"), {})
        entry["answers"] = len(answers)
        lines_ = [text(a) for k, a in answers.items() if k not in before or changed(before[k], a)]
        if "since" in entry:
            entry["changed"] = len(lines_)
            lines_ += [text({"id": k, "dropped": True}) for k in before if k not in answers]
        write_lines(entry["file"], lines_)
    save(m)


def extend(m, framework, keep):
    """Asks every recorded profile of a framework the requests that its list has not held so far."""
    name = "%s.requests.jsonl.gz" % framework
    texts, held = lines(framework), set(read_lines(name))
    new = [t for t in texts if t not in held]
    order = {json.loads(t)["id"]: at for at, t in enumerate(texts)}
    kept = {p: recorded(m, p) for p in m["profiles"] if RELEASES[p]["framework"] == framework}
    for profile, answers in kept.items():
        release = RELEASES[profile]
        python = environment(release)
        release = dict(release, path=overlay(python, release))
        first = ask(python, release, new)
        stable = steady(python, release, new, first, set(first))
        answers.update((k, first[k]) for k in stable)
        kept[profile] = {k: answers[k] for k in sorted(answers, key=order.get)}
        m["profiles"][profile].update(requests=digest(texts), dropped=[k for k in order if k not in answers])
        print("%s: %d of %d" % (profile, len(stable), len(new)), flush=True)
        rest = list(kept)[list(kept).index(profile) + 1 :]
        leave(profile, rest, keep)
    write_lines(name, texts)
    m["requests"][framework] = {"count": len(texts), "sha256": digest(texts)}
    rewrite(m, kept)


def leave(profile, rest, keep):
    """Removes the environment of a profile, unless it is to be kept or one of the rest needs it."""
    env = RELEASES[profile]["env"]
    if env not in KEPT and not keep and env not in [RELEASES[p]["env"] for p in rest]:
        shutil.rmtree(os.path.join(ENVS, env), ignore_errors=True)


def main(arguments):
    keep = "--keep" in arguments
    wanted = [a for a in arguments if not a.startswith("-")]
    m = manifest()
    if "requests" in wanted:
        write_requests(m)
    if "recode" in wanted:
        recode(m)
    for framework in ("torch", "keras"):
        if framework in wanted:
            extend(m, framework, keep)
    todo = []
    for profile, release in RELEASES.items():
        current = m["profiles"].get(profile, {}).get("requests") == m["requests"].get(release["framework"], {}).get("sha256")
        if profile in wanted or ("all" in wanted and not current):
            todo.append(profile)
    for at, profile in enumerate(todo):
        try:
            record(m, profile)
        except (RuntimeError, subprocess.CalledProcessError) as e:
            print("%s: not recorded: %s" % (profile, e), flush=True)
        leave(profile, todo[at + 1 :], keep)


if __name__ == "__main__":
    main(sys.argv[1:])
