"""Measure every statement of the deck and give each a verdict.

Page "Veredictos". The statements are data (``statements.py``); the experiments are those of
the chapters with their defaults, so that the book measures each of them once.
"""

import depth_sweep
import jacobian_product
import judge
import same_weights
import training_grid
from lab import cli

#: Experiment → its measurement.
EXPERIMENTS = {
    module.__name__: module.measure
    for module in (depth_sweep, jacobian_product, same_weights, training_grid)
}


def measure(first_seed=0):
    """Run all the experiments, from this seed on, and judge all the statements."""
    data = {
        name: experiment(first_seed=first_seed)
        for name, experiment in cli.progress(EXPERIMENTS.items(), "experimentos")
    }
    return judge.judge_all(data)
