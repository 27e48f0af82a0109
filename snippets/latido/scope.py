"""The block in which a model runs and its state does not move, and what the model reads there."""

import keras


class Scope(keras.StatelessScope):
    """A block in which a model runs and its state does not move.

    Attributes:
        read: ids of the variables that it has read.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.read: set[int] = set()

    def get_current_value(self, variable):
        """Return the value that a variable has in here, None if its own."""
        self.read.add(id(variable))
        return super().get_current_value(variable)


class Scoped:
    """What the ``Tape`` of each backend is: it makes its pass in a ``Scope``.

    It keeps all numbers, and is not ``repeatable``, unless it says otherwise.
    """

    repeatable = False
    _last: Scope | None = None

    def scope(self, **values) -> Scope:
        """Return a block in which no seed advances and no moving average moves."""
        self._last = Scope(collect_losses=True, **values)
        return self._last

    def reads(self, variable) -> bool:
        """Tell whether the pass has read a variable, as far as that is known."""
        return not (self._last and self._last.read) or id(variable) in self._last.read

    def keep(self, nodes: list) -> None:
        """Let go of the numbers of all tensors but these: here of none."""


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
