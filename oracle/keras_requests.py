"""The requests put to every Keras."""


def everything():
    return []
