"""Few-shot accuracies of made-up features by NumPy, for tests/evaluate.rs.

usage: python few_shot.py > few_shot.json
"""

import json

import numpy as np

rng = np.random.default_rng(1)
D, K, SHOTS = 6, 3, [1, 5]
means = rng.normal(size=(K, D))


def draw(count):
    labels = rng.integers(K, size=count)
    features = means[labels] + rng.normal(size=(count, D)) * 1.5
    return np.round(features * 1024) / 1024, labels


def fit(x, y, power):
    mean, std = x.mean(0), x.std(0) + 1e-5
    x = np.hstack([(x - mean) / std, np.full((len(x), 1), 100.0)])
    targets = 2.0 * np.eye(K)[y] - 1
    w = np.linalg.solve(x.T @ x + 2.0**power * np.eye(D + 1), x.T @ targets)
    return lambda z: np.hstack([(z - mean) / std, np.full((len(z), 1), 100.0)]) @ w


validation, test = draw(40), draw(50)
train = []
for shots in SHOTS:
    y = np.repeat(np.arange(K), shots)
    train.append((np.round((means[y] + rng.normal(size=(len(y), D)) * 1.5) * 1024) / 1024, y))
result = {"results": []}
for name, (x, y) in {"validation": validation, "test": test}.items():
    result[name] = {"features": x, "labels": y}
for shots, (x, y) in zip(SHOTS, train):
    of = {}
    for power in range(-10, 20):
        scores = fit(x, y, power)
        of[power] = [(scores(z).argmax(1) == t).mean() for z, t in (validation, test)]
    # The first of equals.
    best = max(of, key=lambda power: of[power][0])
    scores = fit(x, y, best)(test[0])
    result["results"].append(
        {"shots": shots, "features": x, "labels": y, "power": best, "validation": of[best][0],
         "test": of[best][1], "scores": scores}
    )
print(json.dumps(result, default=lambda it: it.tolist()))
