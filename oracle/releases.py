"""Every release that is recorded, in order: its environment, and the release that its changes are told against."""


def torch(version, python, exact, since, *also):
    return {
        "framework": "torch",
        "env": "torch-" + version,
        "python": python,
        "packages": [["torch==" + exact] + list(also)],
        "program": "torch_eval.py",
        "arguments": [],
        "since": since,
    }


def keras(env, python, arguments, since, *packages):
    return {
        "framework": "keras",
        "env": env,
        "python": python,
        "packages": [list(p) for p in packages],
        "program": "keras_eval.py",
        "arguments": list(arguments),
        "since": since,
    }


OLD, NEWER = "numpy<1.20", "numpy<2"
TORCH = [
    ("1.7", "3.8", "1.7.0", OLD),
    ("1.8", "3.8", "1.8.1", OLD),
    ("1.9", "3.8", "1.9.1", OLD),
    ("1.10", "3.8", "1.10.2", OLD),
    ("1.11", "3.8", "1.11.0", OLD),
    ("1.12", "3.8", "1.12.1", OLD),
    ("1.13", "3.8", "1.13.1", OLD),
    ("2.0", "3.11", "2.0.1", NEWER),
    ("2.1", "3.11", "2.1.2", NEWER),
    ("2.2", "3.11", "2.2.2", NEWER),
    ("2.3", "3.11", "2.3.1", NEWER),
    ("2.4", "3.11", "2.4.1", NEWER),
    ("2.5", "3.11", "2.5.1", NEWER),
    ("2.6", "3.11", "2.6.0", NEWER),
    ("2.7", "3.11", "2.7.1", NEWER),
    ("2.8", "3.11", "2.8.0", NEWER),
    ("2.9", "3.11", "2.9.1", NEWER),
    ("2.10", "3.11", "2.10.0", NEWER),
    ("2.11", "3.11", "2.11.0", NEWER),
    ("2.12", "3.11", "2.12.1", NEWER),
    ("2.13", "3.11", "2.13.0", "numpy"),
]
TENSORFLOW = [
    ("2.3", "3.8", "2.3.4", "protobuf<3.21", "numpy<1.19"),
    ("2.4", "3.8", "2.4.4", "protobuf<3.20"),
    ("2.5", "3.8", "2.5.3", "protobuf<3.20"),
    ("2.6", "3.8", "2.6.5", "protobuf<3.20", "keras<2.7"),
    ("2.7", "3.8", "2.7.4", "protobuf<3.20"),
    ("2.8", "3.8", "2.8.4", "protobuf<3.20"),
    ("2.9", "3.8", "2.9.3", "protobuf<3.20"),
    ("2.10", "3.8", "2.10.1", "protobuf<3.20"),
    ("2.11", "3.10", "2.11.1", "numpy<2"),
    ("2.12", "3.10", "2.12.1"),
    ("2.13", "3.10", "2.13.1"),
    ("2.14", "3.10", "2.14.1"),
    ("2.15", "3.10", "2.15.1"),
]
# Keras 3.0 does not import with TensorFlow 2.21: it and the three after it have a TensorFlow of their time; the others stand before the newest Keras in its environment.
OLDER_KERAS = ("3.0", "3.1", "3.2", "3.3")
KERAS = OLDER_KERAS + ("3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")

RELEASES = {}
# A profile is told as what changed since the one before it; the four ends are complete.
for i, (name, python, exact, numpy) in enumerate(TORCH):
    RELEASES["torch@" + name] = torch(name, python, exact, None if name in ("1.7", "2.13") else "torch@" + TORCH[i - 1][0], numpy)
for i, (name, python, exact, *also) in enumerate(TENSORFLOW):
    RELEASES["tf@" + name] = keras(
        "tf-" + name, python, ("tf.keras",), None if i == 0 else "tf@" + TENSORFLOW[i - 1][0], ["tensorflow-cpu==" + exact] + also
    )
NEWEST = (["tensorflow-cpu==2.21.0", "keras==3.15.1", "tf-keras==2.21.0"],)
RELEASES["keras@2.21"] = keras("keras-3.15", "3.11", ("tf_keras",), "tf@2.15", *NEWEST)
for i, name in enumerate(KERAS):
    since, pinned = "keras@" + (KERAS[i - 1] if i else "2.21"), "keras==%s.*" % name
    if name in OLDER_KERAS:
        RELEASES["keras@" + name] = keras("keras-tf-2.16", "3.11", ("keras",), since, ["tensorflow-cpu==2.16.2"], [pinned])
    else:
        RELEASES["keras@" + name] = dict(keras("keras-3.15", "3.11", ("keras",), since, *NEWEST), overlay=[pinned])
RELEASES["keras@3.15"] = keras("keras-3.15", "3.11", ("keras",), None, *NEWEST)

KEPT = ("torch-1.7", "torch-2.13", "tf-2.3", "keras-3.15")
