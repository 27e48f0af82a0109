"""What these experiments say in English: Spanish template → English template."""

ENGLISH = {
    # --- xavier_directions ---
    "cuadrada": "square",
    "embudo": "funnel",
    "acordeón": "accordion",
    "1 / entradas": "1 / inputs",
    "1 / salidas": "1 / outputs",
    "2 / (entradas + salidas)": "2 / (inputs + outputs)",
    "1 / √(entradas × salidas)": "1 / √(inputs × outputs)",
    "señal z\n(capa 1 = 1)": "signal z\n(layer 1 = 1)",
    "gradiente δ\n(última capa = 1)": "gradient δ\n(last layer = 1)",
    "Señal hacia delante y gradiente hacia atrás, capa a capa, según la forma de la red y la "
    "varianza de los pesos. Al final de la ida y de la vuelta: {}.": (
        "Signal forward and gradient backward, layer by layer, for each shape of network and each "
        "variance of the weights. At the end of the way forward and of the way back: {}."
    ),
    "red {}, {}, {} y {}": "{} network, {}, {} and {}",
}


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
