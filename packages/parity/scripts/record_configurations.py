"""Records what keras.losses.serialize and get_config give: python record_configurations.py >> ../fixtures/keras-configurations.jsonl"""

import json
import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow as tf
try:
    import keras

    if not keras.__version__.startswith("3"):
        raise ImportError
    losses, version = keras.losses, keras.__version__
except ImportError:
    losses, version = tf.keras.losses, tf.__version__
out=[]
names=["BinaryCrossentropy","CategoricalCrossentropy","CategoricalHinge","CosineSimilarity","Hinge","Huber","KLDivergence","LogCosh","MeanAbsoluteError","MeanAbsolutePercentageError","MeanSquaredError","MeanSquaredLogarithmicError","Poisson","SparseCategoricalCrossentropy","SquaredHinge","BinaryFocalCrossentropy"]
opts={"BinaryCrossentropy":{"from_logits":True,"label_smoothing":0.1},"CategoricalCrossentropy":{"label_smoothing":0.2},"CosineSimilarity":{"axis":1},"Huber":{"delta":2.5},"SparseCategoricalCrossentropy":{"from_logits":True},"BinaryFocalCrossentropy":{"apply_class_balancing":True,"alpha":0.3,"gamma":1.5}}
for n in names:
    if not hasattr(losses, n): continue
    for o in [{}, dict(opts.get(n,{}), reduction="sum")]:
        l=getattr(losses, n)(**o)
        out.append({"call":n,"given":o,"serialize":losses.serialize(l),"get_config":l.get_config()})
for f in ["mean_squared_error","categorical_crossentropy"]:
    out.append({"call":f,"given":{},"serialize":losses.serialize(getattr(losses, f))})
for line in out:
    print(json.dumps(dict(version=version, **line), default=str))
