"""What a person does with an advice: types its lines as they stand, and trains again."""

import ast
import inspect

import keras
import numpy as np


def arguments_of(line):
    """Return (class or None, its arguments) of a line: a call, or arguments alone."""
    try:
        tree = ast.parse(line, mode="eval").body
    except SyntaxError:
        tree = None
    if not isinstance(tree, ast.Call):
        return None, eval(f"dict({line})", {"keras": keras})
    kind = getattr(keras.layers, tree.func.id)
    given = eval(line, {"keras": keras, tree.func.id: lambda *a, **k: (a, k)})
    names = [name for name in inspect.signature(kind).parameters if name != "kwargs"]
    return kind, dict(zip(names, given[0], strict=False)) | given[1]


def typed_into(layer, lines):
    """Return a new layer with the lines typed in; the rest of it as it was."""
    kind, config = type(layer), layer.get_config()
    for line in lines:
        other, arguments = arguments_of(line)
        if other not in (None, kind):
            kind, config = other, {"name": layer.name}
        elif other and "activation" in config:
            config["activation"] = None  # a line in its place says all that it does
        config |= arguments
    return kind.from_config(config)


def retyped(model, changes):
    """Return the model, not yet trained, with what concerns its layers."""
    lines, after = {}, []
    for change in changes:
        for name in change.layers:
            if change.place == "layer":
                lines.setdefault(name, []).append(change.line)
            elif change.place == "after":
                after.append(name)

    def clone(layer):
        return typed_into(layer, lines.get(layer.name, []))

    def call(layer, *args, **kwargs):
        out = layer(*args, **kwargs)
        return keras.layers.BatchNormalization()(out) if layer.name in after else out

    if isinstance(model, keras.Sequential):
        new = keras.Sequential([keras.Input(model.inputs[0].shape[1:])])
        for layer in model.layers:
            new.add(clone(layer))
            if layer.name in after:
                new.add(keras.layers.BatchNormalization())
        return new
    return keras.models.clone_model(model, clone_function=clone, call_function=call)


def follow(model, x, y, changes):
    """Return (model compiled anew, x, y) after all that an advice says was typed."""
    scope = {"x": x, "y": y, "np": np}
    optimizer, loss = model.optimizer, model.loss
    settings = optimizer.get_config()
    for change in changes:
        if change.place == "data":
            exec(change.line, scope)
        elif change.place == "optimizer":
            settings |= arguments_of(change.line)[1]
        elif change.place == "compile":
            new = arguments_of(change.line)[1]["loss"]
            loss = {**loss, change.layers[0]: new} if change.layers else new
    new = retyped(model, changes)
    new.compile(type(optimizer).from_config(settings), loss, jit_compile=False)
    return new, scope["x"], scope["y"]
