"""The list put to every Keras: first the hard families of the foundation, then every other loss of the handbook, then names."""

from cases import Draw
from keras_crossentropy import binary, categorical
from keras_elementwise import hinges, others, squared_error
from keras_family import K
from keras_found import found
from keras_sparse import sparse


def names():
    """Names that some releases know and others do not."""
    d = Draw(K.random("names"))
    inputs = {"y_true": d.tensor("unit", (2, 3)), "y_pred": d.tensor("unit", (2, 3))}
    for name in (
        "cosine",
        "cosine_proximity",
        "cosineSimilarity",
        "CosineProximity",
        "Mean",
        "Loss",
        "Reduction",
        "get",
        "serialize",
        "deserialize",
        "LossFunctionWrapper",
        "BinaryCrossEntropy",
        "KLDiv",
        "kl",
        "logCosh",
        "Logcosh",
        "LOGCOSH",
        "huberLoss",
        "MeanSquareError",
        "CrossEntropyLoss",
        "mse_loss",
        "",
        "mean_absolute_percentage_errors",
        "BinaryCrossentropy ",
        "typo",
        "categorical_cross_entropy",
        "MSLe",
        "KLDivergences",
        "_x",
        "keras",
    ):
        K.add(name, "unknown", inputs)


def everything():
    K.clear()
    squared_error()
    sparse()
    categorical()
    binary()
    hinges()
    others()
    names()
    found()
    return K.list
