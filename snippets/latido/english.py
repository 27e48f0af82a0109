"""What latido says in English: Spanish template → English template, file by file.

Both have the same named places, with the same formats. What reads the same in both is not here.
Lines of code that an advice gives are in the places, or the same in both.

Who adds a sentence writes it as a ``Text`` where it is said, and its English here, and the tests
name whatever lacks its other half.
"""

ENGLISH = {
    # --- rules: symptoms, formulas, thresholds ---
    "números no finitos": "non-finite numbers",
    "sin gradiente": "no gradient",
    "unidades iguales": "identical units",
    "gradiente que explota": "exploding gradient",
    "unidades muertas": "dead units",
    "unidades saturadas": "saturated units",
    "señal que se desvanece": "vanishing signal",
    "gradiente que se desvanece": "vanishing gradient",
    "pérdida estancada": "stuck loss",
    "salida, pérdida y etiquetas que no encajan": "output, loss and labels that do not fit",
    "(toda la red)": "(whole network)",
    "más allá de la peor red sana de la primera mitad de la colección": (
        "beyond the worst healthy network of the first half of the collection"
    ),
    "1 si algún valor de z, h, δ, W, ∂L/∂W o la pérdida no es un número finito": (
        "1 if any value of z, h, δ, W, ∂L/∂W or the loss is not a finite number"
    ),
    "por definición": "by definition",
    "1 si una operación sin derivada separa la capa de la pérdida": (
        "1 if an operation without a derivative separates the layer from the loss"
    ),
    "fracción de unidades con los mismos pesos y el mismo gradiente que otra": (
        "fraction of units with the same weights and the same gradient as another"
    ),
    "con pesos sorteados es 0": "with randomly drawn weights it is 0",
    "la mayor ‖δ_t‖ / la del último paso, entre los de una capa recurrente": (
        "the largest ‖δ_t‖ / that of the last time step, within a recurrent layer"
    ),
    "por definición: más que la suma de cien pasos": (
        "by definition: more than the sum of a hundred time steps"
    ),
    "‖δ_l‖ / ‖δ_L‖ de cada capa oculta l, con L la última (sin normalización detrás)": (
        "‖δ_l‖ / ‖δ_L‖ of each hidden layer l, L being the last (without normalization behind it)"
    ),
    "rms(∂L/∂W) / rms(W) (sin normalización detrás)": (
        "rms(∂L/∂W) / rms(W) (without normalization behind it)"
    ),
    "lo que el paso siguiente promete quitar a la pérdida, ΣΔW·∂L/∂W, entre la pérdida": (
        "what the next step promises to take off the loss, ΣΔW·∂L/∂W, over the loss"
    ),
    "rms(ΔW) / rms(W) en un paso": "rms(ΔW) / rms(W) in one step",
    "fracción de unidades con pendiente φ′(z) nula en todo el lote": (
        "fraction of units whose slope φ′(z) is zero over the whole batch"
    ),
    "fracción de valores z con φ′(z) menor que la décima parte de la máxima": (
        "fraction of values z whose φ′(z) is below a tenth of its maximum"
    ),
    "Var(h) entre ejemplos / E[h²], en la última capa oculta": (
        "Var(h) across samples / E[h²], in the last hidden layer"
    ),
    "‖δ_1‖ / ‖δ_L‖, entre la primera y la última capa oculta": (
        "‖δ_1‖ / ‖δ_L‖, between the first and the last hidden layer"
    ),
    "pasos de una capa recurrente a los que llega la centésima parte de δ, con 20 o más": (
        "time steps of a recurrent layer that a hundredth of δ reaches, of 20 or more"
    ),
    "por definición: no recuerda ni tres pasos": (
        "by definition: it does not even remember three time steps"
    ),
    "rms(ΔW) / rms(W) del paso siguiente, según el optimizador, en la capa que más se mueve": (
        "rms(ΔW) / rms(W) of the next step, by the optimizer, in the layer that moves the most"
    ),
    "pérdida / pérdida de responder siempre lo mismo, si no ha bajado en {steps} pasos": (
        "loss / loss of always giving the same answer, if it has not gone down in {steps} steps"
    ),
    "por definición: mejora menos del 2 %": "by definition: it improves by less than 2%",
    "no hay ninguna regla «{name}»; las que hay: {known}": (
        'there is no rule "{name}"; those there are: {known}'
    ),
    # --- likelihood: levels ---
    "va a fallar": "will fail",
    "pasa tu umbral": "past your threshold",
    "vigila": "watch",
    # --- report ---
    "síntoma": "symptom",
    "estado": "state",
    "falla": "failure",
    "capa": "layer",
    "paso": "step",
    "valor": "value",
    "umbral": "threshold",
    "consejo": "advice",
    "pasó en el paso {step}": "gone at step {step}",
    "{share}\N{NO-BREAK SPACE}%": "{share}%",
    "fit dice una pérdida de {told:.3g} y en el lote que se mira es de {ours:.3g}: ese lote no es "
    "lo que se entrena (otros ejemplos, otro tamaño de lote, pesos por clase o regularización). "
    "Dale al diagnóstico los datos de fit.": (
        "fit reports a loss of {told:.3g} and on the batch that is looked at it is {ours:.3g}: "
        "that batch is not what is trained on (other samples, another batch size, class weights "
        "or regularization). Give the diagnosis the data of fit."
    ),
    "Una mirada no basta para decidir ({chance}). La prueba sí: examine(…, trial=400), o --trial "
    "400 en la terminal.": (
        "One look is not enough to decide ({chance}). A trial decides: examine(…, trial=400), or "
        "--trial 400 in the terminal."
    ),
    # --- advice: what comes in and goes out ---
    "Las entradas son muy grandes (valor eficaz {size:.3g}). Estandarízalas antes de fit: "
    "`{line}`.": (
        "The inputs are very large (rms {size:.3g}). Standardize them before fit: `{line}`."
    ),
    "Las entradas de «{name}» son muy grandes (valor eficaz {size:.3g}). Estandarízalas antes de "
    "fit: `{line}`.": (
        'The inputs of "{name}" are very large (rms {size:.3g}). Standardize them before fit: '
        "`{line}`."
    ),
    "Las respuestas (y) son muy grandes, de valor eficaz {size:.3g}, y los gradientes crecen con "
    "ellas. Estandarízalas antes de fit: `{line}`.": (
        "The targets (y) are very large, with an rms of {size:.3g}, and the gradients grow with "
        "them. Standardize them before fit: `{line}`."
    ),
    "La pérdida no devuelve ningún gradiente a la salida. Comprueba que encaja con ella: si la "
    "salida son logits, from_logits=True.": (
        "The loss sends no gradient back to the output. Check that the two fit: if the output is "
        "logits, from_logits=True."
    ),
    "A «{layer}» no le llega ningún gradiente: detrás hay una operación que no lo deja pasar "
    "({operation}). Cámbiala por una con derivada (una sigmoid o un softmax en lugar de un "
    "escalón), deja pasar el gradiente con `v + keras.ops.stop_gradient(f(v) - v)`, o, si es a "
    "propósito, escribe en ella `trainable=False`.": (
        'No gradient reaches "{layer}": an operation behind it lets none through ({operation}). '
        "Replace it with a differentiable one (a sigmoid or a softmax instead of a step), let the "
        "gradient through with `v + keras.ops.stop_gradient(f(v) - v)`, or, if it is on purpose, "
        "set `trainable=False` in the layer."
    ),
    "A «{layer}» el gradiente solo le llega de los últimos pasos de la secuencia ({steps:.0f}): lo "
    "anterior no se aprende. Escribe en ella `{line}`, o pon una capa LSTM o GRU.": (
        '"{layer}" gets its gradient only from the last time steps of the sequence '
        "({steps:.0f}): what comes before is not learned. Set `{line}` in it, or use an LSTM or "
        "GRU layer."
    ),
    "En «{layer}» el gradiente crece en cada paso de la secuencia. Escribe en ella `{line}`, o "
    "limita el gradiente con clipnorm=1.0 en el optimizador.": (
        'In "{layer}" the gradient grows at every time step of the sequence. Set `{line}` in it, '
        "or clip the gradient with clipnorm=1.0 in the optimizer."
    ),
    "En {place} hay {what}, y {why}: basta un ejemplo para que todo sea NaN. Escribe `{instead}`, "
    "con v lo que lleva dentro.": (
        "In {place} there is {what}, and {why}: a single sample is enough to turn everything into "
        "NaN. Write `{instead}`, where v is what goes inside."
    ),
    "«{name}»": '"{name}"',
    "la pérdida": "the loss",
    "una raíz cuadrada": "a square root",
    "su pendiente en 0 es infinita": "its slope at 0 is infinite",
    "un logaritmo": "a logarithm",
    "en 0 no es un número finito": "at 0 it is not a finite number",
    # --- advice: weights ---
    "Los pesos son demasiado {size} para {activation}: en «{layer}», entradas × varianza vale "
    "{drawn:.2g} y hace falta {needed:.2g}. Escribe {lines}.": (
        'The weights are too {size} for {activation}: in "{layer}", fan-in × variance is '
        "{drawn:.2g} and {needed:.2g} is needed. Write {lines}."
    ),
    "pequeños": "small",
    "grandes": "large",
    "`{line}` en {layers}": "`{line}` in {layers}",
    "Los pesos de «{layer}» son todos {value}: sus unidades no pueden diferenciarse. Sortéalos: "
    "{lines}.": (
        'The weights of "{layer}" are all {value}: its units can never become different. Draw '
        "them at random: {lines}."
    ),
    "cero": "zero",
    "iguales": "equal",
    "En «{layer}» hay unidades con los mismos pesos y el mismo gradiente: seguirán iguales para "
    "siempre. Sortea sus pesos con otra semilla.": (
        '"{layer}" has units with the same weights and the same gradient: they will stay '
        "identical forever. Draw its weights with another seed."
    ),
    "Las preactivaciones de «{layer}» tienen valor eficaz {size:.2g} y llegan a la zona plana de "
    "{activation}, y su kernel no se entrena. Dale las entradas en la escala con la que se "
    "entrenó.": (
        'The preactivations of "{layer}" have an rms of {size:.2g} and reach the flat region of '
        "{activation}, and its kernel is not trained. Give it inputs at the scale that it was "
        "trained with."
    ),
    "Las preactivaciones de «{layer}» tienen valor eficaz {size:.2g} y llegan a la zona plana de "
    "{activation}. Escribe en ella `{line}`, que lo deja en 1.": (
        'The preactivations of "{layer}" have an rms of {size:.2g} and reach the flat region of '
        "{activation}. Set `{line}` in it, which brings the rms to 1."
    ),
    # --- advice: activations and biases ---
    "{where} con sigmoid ({names}), cuya pendiente no pasa de 1/4: cada una encoge lo que la "
    "cruza. Escribe `{activation}` y `{initializer}`.": (
        "{where} with sigmoid ({names}), whose slope never exceeds 1/4: each one shrinks whatever "
        "crosses it. Write `{activation}` and `{initializer}`."
    ),
    "Hay una capa oculta": "There is one hidden layer",
    "Hay {count} capas ocultas": "There are {count} hidden layers",
    "«{layer}» está apagada y no deja pasar el gradiente. {found}": (
        '"{layer}" is dead and lets no gradient through. {found}'
    ),
    "{text} Empieza con `{line}`.": "{text} Start with `{line}`.",
    "El sesgo medio de «{layer}» es {bias:.2g} y empuja sus unidades al lado apagado.": (
        'The mean bias of "{layer}" is {bias:.2g} and pushes its units to their dead side.'
    ),
    "El sesgo medio de «{layer}» es {bias:.2g} y pesa más que las entradas.": (
        'The mean bias of "{layer}" is {bias:.2g} and outweighs the inputs.'
    ),
    "Sus unidades no se encienden con ningún ejemplo. Escribe en «{layer}» `{line}`, que deja "
    "pasar algo de gradiente donde {activation} lo corta, o pon BatchNormalization delante.": (
        'Its units fire for no sample. Write `{line}` in "{layer}", which lets some gradient '
        "through where {activation} cuts it off, or put BatchNormalization before it."
    ),
    # --- advice: depth ---
    "`BatchNormalization()` tras {layers}": "`BatchNormalization()` after {layers}",
    ", y son {count} capas ocultas": ", and there are {count} hidden layers",
    "Cada capa encoge algo la señal{how_many}. Añade conexiones residuales o quita capas.": (
        "Each layer shrinks the signal a little{how_many}. Add residual connections or remove "
        "layers."
    ),
    "Cada capa encoge algo la señal{how_many}. Añade {where}, o conexiones residuales, o quita "
    "capas.": (
        "Each layer shrinks the signal a little{how_many}. Add {where}, or residual connections, "
        "or remove layers."
    ),
    "Cada capa agranda lo que la cruza. Limita el gradiente: `{line}` en el optimizador.": (
        "Each layer amplifies whatever passes through it. Clip the gradient: `{line}` in the "
        "optimizer."
    ),
    "Cada capa agranda lo que la cruza. Añade {where}, o limita el gradiente con clipnorm=1.0 en "
    "el optimizador.": (
        "Each layer amplifies whatever passes through it. Add {where}, or clip the gradient with "
        "clipnorm=1.0 in the optimizer."
    ),
    "A «{layer}» le llega una señal de valor eficaz {arrives:.1g}, y de las capas de antes no sale "
    "ninguna menor de {least:.1g}: se pierde entre medias. Mira qué hay justo delante de «{layer}» "
    "(una media de números que se compensan, un eje que no es, una resta) y qué forma sale de "
    "ahí.": (
        'The signal that reaches "{layer}" has an rms of {arrives:.1g}, and none that leaves the '
        "layers before it is below {least:.1g}: it is lost in between. Look at what comes right "
        'before "{layer}" (a mean of numbers that cancel out, the wrong axis, a subtraction) and '
        "at the shape that comes out of it."
    ),
    # --- advice: the rate ---
    "Un solo paso cambia los pesos de «{layer}» en {ratio:.2g} veces su tamaño: la tasa de "
    "aprendizaje {rate:.2g} es demasiado alta. Vuelve a empezar con": (
        'A single step changes the weights of "{layer}" by {ratio:.2g} times their size: the '
        "learning rate {rate:.2g} is too high. Start again with"
    ),
    "Pasó durante el entrenamiento (paso {step}): la tasa de aprendizaje {rate:.2g} es demasiado "
    "alta. Vuelve a empezar con": (
        "It happened during training (step {step}): the learning rate {rate:.2g} is too high. "
        "Start again with"
    ),
    "La tasa de aprendizaje, {rate:.2g}, es muy pequeña para {optimizer}, que suele empezar con "
    "{usual:g}. Prueba con": (
        "The learning rate, {rate:.2g}, is very small for {optimizer}, which usually starts at "
        "{usual:g}. Try"
    ),
    "La tasa de aprendizaje, {rate:.2g}, es alta para {optimizer}, que suele empezar con "
    "{usual:g}. Vuelve a empezar con": (
        "The learning rate, {rate:.2g}, is high for {optimizer}, which usually starts at "
        "{usual:g}. Start again with"
    ),
    "La red responde casi lo mismo a todo. Comprueba que la pérdida encaja con la salida y que las "
    "etiquetas van con sus datos": (
        "The network gives nearly the same answer to everything. Check that the loss fits the "
        "output and that the labels go with their data"
    ),
    "{text}; después, prueba con": "{text}; then try",
    "Los números se han salido de rango en «{layer}». Mira sus entradas y sus pesos, y si la "
    "pérdida calcula un logaritmo o un cociente.": (
        'Numbers go out of range in "{layer}". Look at its inputs and its weights, and at whether '
        "the loss takes a logarithm or a quotient."
    ),
    # --- changes ---
    "{a}, {b} y {more} capas más": "{a}, {b} and {more} more layers",
    "{parts} y {last}": "{parts} and {last}",
    # --- contract: labels ---
    "las etiquetas son clases, de {low:.4g} a {high:.4g}": (
        "the labels are classes, from {low:.4g} to {high:.4g}"
    ),
    "las etiquetas son 0 o 1": "the labels are 0 or 1",
    "las etiquetas son −1 o 1": "the labels are −1 or 1",
    "cada etiqueta es un 1 y {zeros}": "each label is a 1 and {zeros}",
    "{count} cero": "{count} zero",
    "{count} ceros": "{count} zeros",
    "cada etiqueta son {wide} ceros y unos sueltos": "each label is {wide} independent 0s and 1s",
    "cada etiqueta son {wide} números que suman 1": (
        "each label is {wide} numbers that add up to 1"
    ),
    "las etiquetas van de {low:.4g} a {high:.4g}": "the labels go from {low:.4g} to {high:.4g}",
    # --- contract: what is wrong ---
    "la salida «{head}» es un {function} de una sola unidad, que vale siempre 1, y {labels}": (
        'the output "{head}" is a {function} of a single unit, which is always 1, and {labels}'
    ),
    "{came} y, en la salida «{head}», la pérdida {loss} pide {wanted}": (
        '{came} and, at the output "{head}", the loss {loss} expects {wanted}'
    ),
    "un número de clase por ejemplo": "one class index per sample",
    "clases de forma {shape}": "classes of shape {shape}",
    "etiquetas de forma {shape}": "labels of shape {shape}",
    "las etiquetas de cada ejemplo tienen forma {shape}": (
        "the labels of each sample have shape {shape}"
    ),
    "cada ejemplo trae un solo número como etiqueta": (
        "each sample has a single number as its label"
    ),
    "las etiquetas de la salida «{head}» no son números enteros (van de {low:.4g} a {high:.4g}) y "
    "{loss} pide números de clase": (
        'the labels of the output "{head}" are not whole numbers (they go from {low:.4g} to '
        "{high:.4g}) and {loss} expects class indices"
    ),
    "las etiquetas van de {low:g} a {high:g} y la salida «{head}» tiene {have}: deben estar entre "
    "0 y {top}": (
        'the labels go from {low:g} to {high:g} and the output "{head}" has {have}: they must be '
        "between 0 and {top}"
    ),
    "1 clase": "1 class",
    "{count} clases": "{count} classes",
    "las etiquetas van de {low:.4g} a {high:.4g} y, en la salida «{head}», {loss} pide "
    "probabilidades: deben estar entre 0 y 1": (
        'the labels go from {low:.4g} to {high:.4g} and, at the output "{head}", {loss} expects '
        "probabilities: they must be between 0 and 1"
    ),
    "la salida «{head}» tiene una sola unidad y {loss} reparte la probabilidad entre varias: la "
    "pérdida vale siempre lo mismo, y {labels}": (
        'the output "{head}" has a single unit and {loss} spreads the probability over several: '
        "the loss is always the same, and {labels}"
    ),
    "la salida «{head}» lleva {function}, que da números de {least:g} en adelante, y {loss} los "
    "toma por probabilidades": (
        'the output "{head}" ends in {function}, which gives numbers from {least:g} upwards, and '
        "{loss} takes them for probabilities"
    ),
    "la salida «{head}» no lleva activación y da logits, y {loss} los toma por probabilidades": (
        'the output "{head}" has no activation and gives logits, and {loss} takes them for '
        "probabilities"
    ),
    "la salida «{head}» lleva {function}, que da números negativos, y {loss} los toma por "
    "probabilidades": (
        'the output "{head}" ends in {function}, which gives negative numbers, and {loss} takes '
        "them for probabilities"
    ),
    "la salida «{head}» lleva {function}, que no baja de 0, y con from_logits=True ninguna "
    "probabilidad puede bajar de 1/2": (
        'the output "{head}" ends in {function}, which never goes below 0, and with '
        "from_logits=True no probability can go below 1/2"
    ),
    "la salida «{head}» ya da probabilidades ({function}) y la pérdida, con from_logits=True, "
    "espera logits": (
        'the output "{head}" already gives probabilities ({function}) and the loss, with '
        "from_logits=True, expects logits"
    ),
    "la salida «{head}» lleva {function}, que no pasa de {most:g}, y la pérdida, con "
    "from_logits=True, espera logits, que no tienen límite": (
        'the output "{head}" ends in {function}, which never exceeds {most:g}, and the loss, with '
        "from_logits=True, expects logits, which have no bounds"
    ),
    "la salida «{head}» reparte un total de 1 (softmax), {loss} mira cada unidad por separado, y "
    "{labels}, que {how}": (
        'the output "{head}" shares out a total of 1 (softmax), {loss} looks at each unit on its '
        "own, and {labels}, which {how}"
    ),
    "se excluyen": "are mutually exclusive",
    "no se excluyen": "are not mutually exclusive",
    "la salida «{head}» lleva {function}, que da a cada clase una probabilidad suelta, y {loss} "
    "espera que sumen 1": (
        'the output "{head}" ends in {function}, which gives each class a probability of its own, '
        "and {loss} expects them to add up to 1"
    ),
    "la salida «{head}» lleva {function}, que solo da números {span}, y las etiquetas van de "
    "{low:.4g} a {high:.4g}": (
        'the output "{head}" ends in {function}, which only gives numbers {span}, and the labels '
        "go from {low:.4g} to {high:.4g}"
    ),
    "una función": "a function",
    "de {low:g} a {high:g}": "from {low:g} to {high:g}",
    "de sin límite a {high:g}": "of {high:g} or less",
    "{low:g} o más": "of {low:g} or more",
    "la salida «{head}» lleva {function}, que no da números negativos, y {loss} compara su signo "
    "con −1 o 1": (
        'the output "{head}" ends in {function}, which gives no negative numbers, and {loss} '
        "compares their sign with −1 or 1"
    ),
    "{labels} y, en la salida «{head}», {loss} pide −1 o 1": (
        '{labels} and, at the output "{head}", {loss} expects −1 or 1'
    ),
    "en la salida «{head}», {loss} reparte la probabilidad entre clases que se excluyen, y "
    "{labels}, que no suman 1": (
        'at the output "{head}", {loss} spreads the probability over mutually exclusive classes, '
        "and {labels}, which do not add up to 1"
    ),
    "la salida «{head}» lleva softmax, cuyas respuestas suman 1, y {labels}, que no suman 1": (
        'the output "{head}" ends in softmax, whose answers add up to 1, and {labels}, which do '
        "not add up to 1"
    ),
    "la salida «{head}» da probabilidades ({function}), {labels}, y {loss} mide distancias": (
        'the output "{head}" gives probabilities ({function}), {labels}, and {loss} measures '
        "distances"
    ),
    "la salida «{head}» lleva {function}: donde se apaga no recibe ningún gradiente, y {labels}": (
        'the output "{head}" ends in {function}: where it is off it gets no gradient, and {labels}'
    ),
    "la salida «{head}» puede dar números negativos y {loss} calcula su logaritmo": (
        'the output "{head}" can give negative numbers and {loss} takes their logarithm'
    ),
    "las etiquetas de la salida «{head}» llegan a {low:.4g} y {loss} no toma números negativos": (
        'the labels of the output "{head}" go down to {low:.4g} and {loss} takes no negative '
        "numbers"
    ),
    "las etiquetas de la salida «{head}» son muy grandes (valor eficaz {size:.3g}), y los "
    "gradientes crecen con ellas": (
        'the labels of the output "{head}" are very large (rms {size:.3g}), and the gradients '
        "grow with them"
    ),
    "Una capa oculta ({names}) no lleva activación: con la salida valen lo mismo que una sola capa "
    "lineal. Escribe en ella `{line}`, con `{initializer}`.": (
        "One hidden layer ({names}) has no activation: together with the output it amounts to a "
        "single linear layer. Set `{line}` in it, with `{initializer}`."
    ),
    "{count} capas ocultas ({names}) no llevan activación: con la salida valen lo mismo que una "
    "sola capa lineal. Escribe en ellas `{line}`, con `{initializer}`.": (
        "{count} hidden layers ({names}) have no activation: together with the output they amount "
        "to a single linear layer. Set `{line}` in them, with `{initializer}`."
    ),
    # --- contract: cures ---
    "Estandarízalas: `{line}`": "Standardize them: `{line}`",
    "compila con `{line}`": "compile with `{line}`",
    "compila en la salida «{head}» con `{line}`": ('compile with `{line}` at the output "{head}"'),
    "antes de fit, escribe `{line}`": "before fit, write `{line}`",
    "haz que la salida «{head}» tenga {count} y {ending}": (
        'make the output "{head}" have {count} and {ending}'
    ),
    "1 unidad": "1 unit",
    "{units} unidades": "{units} units",
    "acabe en {function}": "end in {function}",
    "no lleve activación": "no activation",
    "acaba en {function}": "end in {function}",
    "donde pone `{old}` escribe `{line}`": "where it says `{old}` write `{line}`",
    # --- monitor, observer, ways, trial ---
    "trial vale «{trial}»; hace falta un número entero de pasos, 0 o más": (
        'trial is "{trial}"; it must be a whole number of steps, 0 or more'
    ),
    "el modelo falla con estos datos: {reason}": "the model fails on this data: {reason}",
    "logs vale «{logs}»; es True o False (la carpeta va en log_dir)": (
        'logs is "{logs}"; it must be True or False (the folder goes into log_dir)'
    ),
    'every vale «{every}»; hace falta "auto", "epoch" o un número entero ≥ 1': (
        'every is "{every}"; it must be "auto", "epoch" or a whole number ≥ 1'
    ),
    "falta y: las etiquetas de los ejemplos que se miran": (
        "y is missing: the labels of the samples to look at"
    ),
    "latido deja de mirar esta red y el entrenamiento sigue: {why}": (
        "latido stops looking at this network and training goes on: {why}"
    ),
    "el modelo aún no tiene pesos: llámalo una vez con datos, o dale un Input": (
        "the model has no weights yet: call it once with data, or give it an Input"
    ),
    "el modelo no tiene pesos entrenables: no hay nada que diagnosticar": (
        "the model has no trainable weights: there is nothing to diagnose"
    ),
    "ninguna capa entrenable tiene una matriz de pesos": "no trainable layer has a weight matrix",
    "Lo que este modelo hace para entrenarse no se puede repetir ({reason}); se mira con la "
    "pérdida de compile, o con la que encaja.": (
        "What this model does to train itself cannot be repeated ({reason}); it is looked at with "
        "the loss of compile, or with one that fits."
    ),
    "no se puede mirar dentro de ninguna capa de este modelo: {layers}": (
        "no layer of this model can be looked into: {layers}"
    ),
    "«{name}» {why}": '"{name}" {why}',
    "no se ha usado en esta pasada": "was not used in this pass",
    "trabaja dentro de un bucle y no se ve desde fuera": (
        "works inside a loop and cannot be seen from outside"
    ),
    "no mira los ejemplos": "does not see the samples",
    "no influye en la pérdida": "does not affect the loss",
    "no usa sus pesos": "does not use its weights",
    "no se puede seguir el gradiente hasta ella": "cannot be reached by following the gradient",
    "su salida no es una matriz de números reales": (
        "gives out something that is not an array of real numbers"
    ),
    "una operación sin derivada dentro de «{layer}»": (
        'an operation without a derivative inside "{layer}"'
    ),
    "{operation}, en «{where}»": '{operation}, in "{where}"',
    "Se han mirado {seen} de {given} ejemplos: con más, una mirada pediría mucha más memoria que "
    "un paso de entrenamiento.": (
        "{seen} of {given} samples were looked at: with more, a look would ask for much more "
        "memory than a training step."
    ),
    "entradas del modelo: {expected}; las que se han dado: {given}": (
        "model inputs: {expected}; inputs given: {given}"
    ),
    "cada ejemplo de x tiene forma {got} y el modelo espera {shape}": (
        "each sample of x has shape {got} and the model expects {shape}"
    ),
    "El modelo no dice su pérdida; se ha supuesto {loss}.": (
        "The model does not state its loss; {loss} was assumed."
    ),
    "train_step no calcula ningún gradiente con tf.GradientTape": (
        "train_step computes no gradient with tf.GradientTape"
    ),
    "con {name} no se mira dentro de un train_step propio": (
        "with {name} no train_step of the model's own is looked into"
    ),
    "falta y: el modelo no trae una pérdida que no pida etiquetas": (
        "y is missing: the model brings no loss that does without labels"
    ),
    "la prueba (trial={steps}) no se ha hecho: este modelo tiene {own} propio, y una copia no se "
    "puede entrenar con él. Quita trial y vigila fit con SignalMonitor, o di con loss qué pérdida "
    "probar": (
        "the trial (trial={steps}) was not made: this model has its own {own}, and a copy cannot "
        "be trained with it. Leave trial out and watch fit with SignalMonitor, or say with loss "
        "which loss to try"
    ),
    "la prueba (trial) pide y: las etiquetas con las que entrenar la copia": (
        "the trial needs y: the labels to train the copy with"
    ),
    # --- engine, tensorboard, latido itself: what is not there ---
    "Keras trabaja aquí con {backend}, que no deriva; hace falta TensorFlow, JAX o PyTorch: pon la "
    "variable de entorno KERAS_BACKEND=tensorflow (o jax, o torch) antes de importar keras": (
        "Keras runs on {backend} here, which does not differentiate; TensorFlow, JAX or PyTorch is "
        "needed: set the environment variable KERAS_BACKEND=tensorflow (or jax, or torch) before "
        "importing keras"
    ),
    "esta versión de Keras es {version} y hace falta {oldest} o una posterior: pip install "
    "--upgrade keras": (
        "this version of Keras is {version} and {oldest} or a later one is needed: pip install "
        "--upgrade keras"
    ),
    "el modelo es un {kind} de {home}; hace falta un keras.Model, de Keras 3": (
        "the model is a {kind} of {home}; a keras.Model, of Keras 3, is needed"
    ),
    "log_dir escribe con TensorFlow, que no está instalado: instálalo, o usa csv": (
        "log_dir writes with TensorFlow, which is not installed: install it, or use csv"
    ),
    "KERAS_BACKEND={backend}, que no está instalado: pip install {backend}, o pon otro "
    "(tensorflow, jax, torch)": (
        "KERAS_BACKEND={backend}, which is not installed: pip install {backend}, or set another "
        "one (tensorflow, jax, torch)"
    ),
    "hace falta TensorFlow, JAX o PyTorch: pip install tensorflow": (
        "TensorFlow, JAX or PyTorch is needed: pip install tensorflow"
    ),
    # --- flow: operations without a derivative, as latido.flow.CUTS calls them ---
    "comparación >": "comparison >",
    "comparación >=": "comparison >=",
    "comparación <": "comparison <",
    "comparación <=": "comparison <=",
    "comparación ==": "comparison ==",
    "comparación !=": "comparison !=",
    "cast a enteros": "cast to integers",
    "división entera": "integer division",
    "una operación sin derivada": "an operation without a derivative",
    # --- losses ---
    "salidas del modelo con pérdida: {kept}; etiquetas que se han dado: {given}": (
        "model outputs with a loss: {kept}; labels given: {given}"
    ),
    "las pérdidas van por salidas, sin grupos dentro de grupos": (
        "losses go by output, without groups inside groups"
    ),
    "todas las etiquetas son de la clase que la pérdida ignora": (
        "all labels are of the class that the loss ignores"
    ),
    "probabilidades": "probabilities",
    "las etiquetas de {what} deben ser números enteros": "labels of {what} must be whole numbers",
    "las etiquetas van de {least:g} a {most:g} y la salida tiene {what}: deben estar entre {low} y "
    "{high}": (
        "the labels go from {least:g} to {most:g} and the output has {what}: they must be between "
        "{low} and {high}"
    ),
    # --- batch ---
    "rellénalos a la misma longitud: keras.utils.pad_sequences(x), o x.to_tensor()": (
        "pad them to the same length: keras.utils.pad_sequences(x), or x.to_tensor()"
    ),
    "x es {what}, que ya trae las etiquetas: y no hace falta": (
        "x is {what}, which already brings the labels: y is not needed"
    ),
    "y tiene textos; las etiquetas deben ser números": "y holds texts; labels must be numbers",
    "hacen falta x e y: los ejemplos y sus etiquetas, como matrices de NumPy": (
        "x and y are needed: the samples and their labels, as NumPy arrays"
    ),
    "x e y deben tener los mismos ejemplos, dos o más; recibidos: {sizes}": (
        "x and y must have the same number of samples, two or more; received: {sizes}"
    ),
    "ninguno": "none",
    "el modelo toma los ejemplos de uno en uno; hay que comparar dos o más": (
        "the model takes samples one at a time; two or more have to be compared"
    ),
    "el modelo toma lotes de {fixed} ejemplos y se han dado {size}": (
        "the model takes batches of {fixed} samples and {size} were given"
    ),
    "los ejemplos de {name} tienen longitudes distintas; {padded}": (
        "the samples of {name} have different lengths; {padded}"
    ),
    "tiene columnas que no son números ({columns}): conviértelas o quítalas": (
        "has columns that are not numbers ({columns}): convert them or drop them"
    ),
    "es de tipo {kind}; hacen falta números reales": "is of type {kind}; real numbers are needed",
    "tiene ejemplos de longitudes distintas; {padded}": (
        "has samples of different lengths; {padded}"
    ),
    "mezcla cosas que no son números ({kinds})": "mixes things that are not numbers ({kinds})",
    "es un tf.RaggedTensor, de ejemplos de longitudes distintas; {padded}": (
        "is a tf.RaggedTensor, of samples of different lengths; {padded}"
    ),
    "es una función o una clase; hacen falta los ejemplos": (
        "is a function or a class; the samples are needed"
    ),
    "es un conjunto que trae x e y juntas: dáselo solo, como x": (
        "is a dataset that brings x and y together: give it alone, as x"
    ),
    "es de tipo {kind}; dáselo como matriz de NumPy": (
        "is of type {kind}; give it as a NumPy array"
    ),
    "una matriz": "an array",
    "un tf.RaggedTensor": "a tf.RaggedTensor",
    "un tf.SparseTensor": "a tf.SparseTensor",
    "una matriz de SciPy": "a SciPy matrix",
    "una tabla de pandas": "a pandas table",
    "un tensor de PyTorch": "a PyTorch tensor",
    "un conjunto que ya trae etiquetas": "a dataset that brings its labels",
    "un tensor": "a tensor",
    "un archivo de matrices": "a file of arrays",
    "un número": "a number",
    "otra cosa": "something else",
    "un tf.data.Dataset": "a tf.data.Dataset",
    "un PyDataset": "a PyDataset",
    "un DataLoader": "a DataLoader",
    "un generador": "a generator",
    "un tf.distribute.DistributedDataset": "a tf.distribute.DistributedDataset",
    "un conjunto repartido": "a distributed dataset",
    "los elementos de {what} no son lotes de ejemplos con sus etiquetas; en un tf.data.Dataset los "
    "hace datos.batch(32)": (
        "the elements of {what} are not batches of samples with their labels; in a "
        "tf.data.Dataset, data.batch(32) makes them"
    ),
    "x es {what} y no trae ningún lote": "x is {what} and brings no batch",
    "los lotes de {what} tienen formas distintas; rellénalos a la misma longitud": (
        "the batches of {what} have different shapes; pad them to the same length"
    ),
    "x es un generador, que se gasta al leerlo y es lo que fit entrena; dale al diagnóstico un "
    "lote suyo: x, y = next(generador)": (
        "x is a generator, which reading uses up and which fit trains on; give the diagnosis one "
        "batch of it: x, y = next(generator)"
    ),
    "{name} tiene valores no finitos en {rows}: {which}": (
        "{name} has non-finite values in {rows}: {which}"
    ),
    "1 fila": "1 row",
    "{count} filas": "{count} rows",
    # --- saved ---
    "«{path}» no es un .npz con números; créalo con numpy.savez({name}, x=x, y=y)": (
        '"{path}" is not an .npz with numbers; make it with numpy.savez({name}, x=x, y=y)'
    ),
    "en «{path}» hacen falta x e y; contiene: {names}": (
        '"{path}" has to hold x and y; it holds: {names}'
    ),
    "nada": "nothing",
    "«{name}» no es un modelo guardado por Keras (.keras o .h5)": (
        '"{name}" is not a model saved by Keras (.keras or .h5)'
    ),
    "«{name}» lleva una capa Lambda, que puede ejecutar cualquier código al cargarse. Si te fías "
    "de quien lo hizo, repite con --allow-lambda": (
        '"{name}" has a Lambda layer, which can run any code when it is loaded. If you trust '
        "whoever made it, repeat with --allow-lambda"
    ),
    "Keras no puede cargar «{name}»: {reason}": 'Keras cannot load "{name}": {reason}',
    "«{name}» lleva una pérdida o una métrica que Keras no conoce; di con --loss qué pérdida hay "
    "que mirar": (
        '"{name}" has a loss or a metric that Keras does not know; say with --loss which loss to '
        "look at"
    ),
    "la pérdida «{name}» no existe en Keras; por ejemplo: mse, sparse_categorical_crossentropy, "
    "binary_crossentropy": (
        'Keras has no loss "{name}"; for example: mse, sparse_categorical_crossentropy, '
        "binary_crossentropy"
    ),
    # --- arguments ---
    "{name}: falta su valor": "{name}: its value is missing",
    "{name}: no lleva valor (recibido: {value})": "{name}: it takes no value (received: {value})",
    "falta {names}": "missing: {names}",
    "es una parte de latido; el diagnóstico lo da «latido MODELO.keras DATOS.npz»": (
        'it is a part of latido; the diagnosis comes from "latido MODEL.keras DATA.npz"'
    ),
    "{what} «{text}» no existe; nombres válidos: {names}.{hint}": (
        '{what} "{text}" does not exist; valid names: {names}.{hint}'
    ),
    "no se entiende «{word}».{hint} Con --help ves las opciones.": (
        '"{word}" is not understood.{hint} See the options with --help.'
    ),
    "recibido «{text}»; hace falta un número entero, {lowest} o más": (
        'received "{text}"; it must be a whole number, {lowest} or more'
    ),
    "recibido «{text}»; hace falta un número mayor que 0": (
        'received "{text}"; it must be a number above 0'
    ),
    "muestra esta ayuda y termina": "show this help and exit",
    "argumentos": "arguments",
    "opciones": "options",
    "uso: ": "usage: ",
    " ¿Querías decir «{name}»?": ' Did you mean "{name}"?',
    # --- command: options ---
    "Diagnostica un modelo de Keras guardado, con tus datos. Termina con 0 si no hay alarmas, con "
    "1 si las hay y con 2 si no se puede mirar.": (
        "Diagnose a saved Keras model, with your data. Exits with 0 if there are no alarms, with "
        "1 if there are, and with 2 if it cannot be looked at."
    ),
    "MODELO": "MODEL",
    "archivo .keras o .h5": ".keras or .h5 file",
    "DATOS": "DATA",
    "archivo .npz con x e y (con varias entradas: x_NOMBRE, una por entrada)": (
        ".npz file with x and y (with several inputs: x_NAME, one per input)"
    ),
    "épocas de entrenamiento que se vigilan; con 0 solo se mira la red como está [0]": (
        "epochs of training to watch; with 0 the network is only looked at as it is [0]"
    ),
    "pasos que se entrena una copia con un lote, para ver si puede aprender [0]": (
        "steps for which a copy is trained on one batch, to see whether it can learn [0]"
    ),
    "NOMBRE": "NAME",
    "el optimizador": "the optimizer",
    "sgd, adam, rmsprop o adamw [el del modelo, o adam]": (
        "sgd, adam, rmsprop or adamw [the model's, or adam]"
    ),
    "tasa de aprendizaje [la del optimizador]": "learning rate [the optimizer's]",
    "ejemplos por paso [32]": "samples per step [32]",
    "pérdida de Keras [la del modelo, o la que encaje]": (
        "Keras loss [the model's, or the one that fits]"
    ),
    "carga también capas Lambda, que pueden ejecutar cualquier código": (
        "also load Lambda layers, which can run any code"
    ),
    "ARCHIVO": "FILE",
    "guarda el informe (.json o .html), repetible": "save the report (.json or .html), repeatable",
    "IDIOMA": "LANGUAGE",
    "el idioma": "the language",
    "idioma de lo que dice, es o en [el del sistema]": (
        "language of what it says, es or en [the system's]"
    ),
    "no existe el archivo «{text}»": 'there is no file "{text}"',
    "«{text}» no dice en qué formato; valen {a} y {b}": (
        '"{text}" does not say in which format; {a} and {b} are valid'
    ),
    "«{text}» es una carpeta; di qué archivo": '"{text}" is a folder; say which file',
    "la carpeta «{folder}» no existe; créala o elige otra": (
        'there is no folder "{folder}"; make it or choose another'
    ),
    # --- command: the report ---
    "Keras no puede con este modelo y estos datos: {reason}": (
        "Keras cannot handle this model with this data: {reason}"
    ),
    "guardado: {path}": "saved: {path}",
    "{name}: {state} ({layers}, pérdida {loss:.3g})": "{name}: {state} ({layers}, loss {loss:.3g})",
    "{count} capas con pesos": "{count} layers with weights",
    "1 capa con pesos": "1 layer with weights",
    "1 síntoma": "1 symptom",
    "{count} síntomas": "{count} symptoms",
    "sin alarma, 1 síntoma por vigilar": "no alarm, 1 symptom to watch",
    "sin alarma, {count} síntomas por vigilar": "no alarm, {count} symptoms to watch",
    "sin alarma, lo que hubo ha pasado": "no alarm, what there was is gone",
    "ningún síntoma en lo que se ha mirado": "no symptoms in what was looked at",
    "sana, ningún síntoma": "healthy, no symptoms",
    "{what}, en {where}: {advice}": "{what}, in {where}: {advice}",
    "vigila {where}: {advice}": "watch {where}: {advice}",
    "no se ha mirado «{layer}»: {why}": 'not looked at: "{layer}" {why}',
    "prueba: una copia, {steps} pasos con {samples} ejemplos ({optimizer}, {seconds:.1f} s), "
    "{verdict}: su pérdida va de {first:.3g} a {last:.3g}{beside}": (
        "trial: one copy, {steps} steps on {samples} samples ({optimizer}, {seconds:.1f} s), "
        "{verdict}: its loss goes from {first:.3g} to {last:.3g}{beside}"
    ),
    " y responder siempre lo mismo cuesta {constant:.3g}": (
        " and always giving the same answer costs {constant:.3g}"
    ),
    "aprende": "it learns",
    "no aprende ni ese lote": "it does not even learn that batch",
    "Diagnóstico de {name}": "Diagnosis of {name}",
    "Ningún síntoma.": "No symptoms.",
    "Capa a capa": "Layer by layer",
    # --- dashboard ---
    "valor eficaz de h": "rms of h",
    "1, ni crece ni encoge": "1, neither grows nor shrinks",
    "‖δ‖ / ‖δ‖ de la última": "‖δ‖ / ‖δ‖ of the last",
    "1, llega entero": "1, all of it arrives",
    "por encima, explota": "above, it explodes",
    "10⁻³, lo habitual": "10⁻³, usual",
    "{title}\n(línea: {line})": "{title}\n(line: {line})",
    "pérdida del lote": "loss of the batch",
    "responder siempre lo mismo": "always giving the same answer",
    "ningún síntoma": "no symptoms",
    "aún no se ha mirado nada: entrena con el monitor puesto": (
        "nothing has been looked at yet: train with the monitor on"
    ),
    "Cinco gráficas, de la puesta en marcha al paso {step}: activaciones, gradiente δ, gradiente "
    "de los pesos y actualización de {count} capas ocultas, y la pérdida, que va de {first:.2g} a "
    "{last:.2g}. Diagnóstico: {found}.": (
        "Five plots, from the start to step {step}: activations, gradient δ, weight gradient and "
        "update of {count} hidden layers, and the loss, which goes from {first:.2g} to {last:.2g}. "
        "Diagnosis: {found}."
    ),
    # --- words ---
    "lang vale «{lang}»; los idiomas son: {known}": (
        'lang is "{lang}"; the languages are: {known}'
    ),
}


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
