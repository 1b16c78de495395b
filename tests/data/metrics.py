"""Metrics of made-up logits by scikit-learn 1.9.1, for tests/evaluate.rs.

usage: python metrics.py > metrics.json
"""

import json

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
    top_k_accuracy_score,
)

EXAMPLES, CLASSES, TRAIN = 60, 12, 500
rng = np.random.default_rng(0)
# Multiples of 1/4096 are the same numbers in 32 bits and in JSON.
logits = np.round(rng.normal(size=(EXAMPLES, CLASSES)) * 6000) / 4096
# Equal confidences.
logits[50:] = logits[:10]
one = np.where(rng.random(EXAMPLES) < 0.5, logits.argmax(1), rng.integers(CLASSES, size=EXAMPLES))
several = [sorted(rng.choice(CLASSES, size=rng.integers(0, 5), replace=False)) for _ in logits]
counts = rng.integers(0, 200, size=CLASSES)

softmax = np.exp(logits - logits.max(1, keepdims=True))
softmax /= softmax.sum(1, keepdims=True)
sigmoid = 1 / (1 + np.exp(-logits))
confidence = softmax.max(1)
ranked = np.argsort(-logits, axis=1, kind="stable")


def ece(correct, confidence):
    error = 0
    for low in range(15):
        inside = (confidence > low / 15) & (confidence <= (low + 1) / 15)
        if inside.any():
            error += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return error


def one_label(p, loss):
    correct = ranked[:, 0] == one
    return {
        "accuracy": accuracy_score(one, ranked[:, 0]),
        "top5": top_k_accuracy_score(one, logits, k=5, labels=range(CLASSES)),
        "nll": loss,
        "ece": ece(correct, confidence),
        # Of p per class, which with a sigmoid is no distribution.
        "brier": np.square(p - np.eye(CLASSES)[one]).sum(1).mean(),
        "auroc": roc_auc_score(correct, confidence),
    }


def binary(targets):
    """Cross-entropy of each class, summed."""
    return -(targets * np.log(sigmoid) + (1 - targets) * np.log(1 - sigmoid)).sum(1).mean()


def several_labels(p, loss):
    kept = [row for row, labels in enumerate(several) if labels]
    targets = np.zeros((EXAMPLES, CLASSES), int)
    for row, labels in enumerate(several):
        targets[row, labels] = 1
    correct = targets[np.arange(EXAMPLES), ranked[:, 0]][kept] == 1
    # Jain et al., KDD 2016, with the sets' usual a and b.
    inverse = 1 + (np.log(TRAIN) - 1) * 2.5**0.55 * (counts + 1.5) ** -0.55
    values = {}
    for k in [1, 3, 5]:
        first = np.zeros((EXAMPLES, CLASSES), int)
        np.put_along_axis(first, ranked[:, :k], 1, 1)
        values[f"precision_at_{k}"] = precision_score(targets[kept], first[kept], average="samples")
        values[f"recall_at_{k}"] = recall_score(targets[kept], first[kept], average="samples")
        best = np.sort(targets * inverse, axis=1)[:, ::-1][:, :k]
        values[f"psp_at_{k}"] = (first * targets * inverse).sum() / best.sum()
    return values | {
        "nll": loss(targets[kept], kept),
        "ece": ece(correct, confidence[kept]),
        "brier": np.square(p - targets)[kept].sum(1).mean(),
        "auroc": roc_auc_score(correct, confidence[kept]),
    }


def entropies(targets, kept):
    return -(targets * np.log(softmax[kept])).sum(1).mean()


def binaries(targets, kept):
    p = sigmoid[kept]
    return -(targets * np.log(p) + (1 - targets) * np.log(1 - p)).sum(1).mean()


result = {
    "logits": logits.tolist(),
    "one": one.tolist(),
    "several": [list(map(int, labels)) for labels in several],
    "counts": counts.tolist(),
    "train": TRAIN,
    "entropy": (-(softmax * np.log(softmax)).sum(1)).tolist(),
    "softmax": {
        "one": one_label(softmax, log_loss(one, softmax, labels=range(CLASSES))),
        "several": several_labels(softmax, entropies),
    },
    "sigmoid": {
        "one": one_label(sigmoid, binary(np.eye(CLASSES)[one])),
        "several": several_labels(sigmoid, binaries),
    },
}
brier = brier_score_loss(one, softmax, labels=range(CLASSES), scale_by_half=False)
assert np.isclose(result["softmax"]["one"]["brier"], brier)
print(json.dumps(result))
