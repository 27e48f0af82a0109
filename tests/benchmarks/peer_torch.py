"""The canonical training in PyTorch, as its tutorials write it: a loop over a DataLoader."""

import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from lab import catalog, data

ACTIVATIONS = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(0.2),
}
INITIALIZERS = {
    "glorot_uniform": nn.init.xavier_uniform_,
    "he_normal": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
}


def train(threads: int) -> None:
    """Train one fresh network for each combination of `training_grid`."""
    torch.set_num_threads(threads)
    images = data.load()
    parts = [
        tuple(map(torch.from_numpy, part))
        for part in (
            (images.x_train, images.y_train.astype("int64")),
            (images.x_test, images.y_test.astype("int64")),
        )
    ]
    for activation in catalog.CANONICAL_ACTIVATIONS:
        for initializer in catalog.CANONICAL_INITIALIZERS:
            train_one(network(activation, initializer), parts)


def network(activation: str, initializer: str, depth: int = 20, width: int = 128) -> nn.Sequential:
    """Return the canonical network."""
    layers, inputs = [], 64
    for _ in range(depth):
        layers += [nn.Linear(inputs, width), ACTIVATIONS[activation]()]
        INITIALIZERS[initializer](layers[-2].weight)
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, 10))


def train_one(net: nn.Sequential, parts: list[tuple[torch.Tensor, ...]]) -> None:
    """Train one network; evaluate both parts before the first epoch, and the test part after each.

    Of the training part count the means over the steps of an epoch.
    """
    loader = DataLoader(TensorDataset(*parts[0]), batch_size=64, shuffle=True, drop_last=True)
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9)
    evaluate(net, parts)
    for _ in range(20):
        net.train()
        total = torch.zeros(2)
        for x, y in loader:
            optimizer.zero_grad()
            logits = net(x)
            loss = functional.cross_entropy(logits, y)
            loss.backward()
            optimizer.step()
            total += torch.stack([loss.detach(), accuracy(logits, y)])
        evaluate(net, parts[1:])


def evaluate(net: nn.Sequential, parts: list[tuple[torch.Tensor, ...]]) -> list[float]:
    """Return loss and accuracy over each part, each in one pass."""
    net.eval()
    values = []
    with torch.no_grad():
        for x, y in parts:
            logits = net(x)
            values.append(functional.cross_entropy(logits, y).item())
            values.append(accuracy(logits, y).item())
    return values


def accuracy(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return the share of samples whose largest logit is that of their class."""
    return (logits.argmax(dim=1) == y).float().mean()
