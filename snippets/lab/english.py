"""What the instruments say in English: Spanish template → English template, file by file.

An f-string stands as it does in the code, with ``{}`` in its places; the English has them in the
same order, or names them by number: ``{1} of {0}``. Who adds a sentence writes it in Spanish where
it is said, and its English here, in the ``english.py`` of its folder. What is missing:
``python book/_ext/untold.py``.
"""

_SAME = """
    nonlinearity dense residual memory contrast matrices
    tanh Adam Adagrad Adadelta Nadam Lion Leaky Digits Fashion-MNIST He Glorot LeCun Xavier Keras
    Python normal softmax log rms error total rows columns digits Dense adam sgd linear logits
    sigmoid relu leaky elu gelu silu selu factor μP nan inf True False None
    mnist distributed asyncio
"""
#: Words and names that are the same in English.
SAME = frozenset(_SAME.split())

ENGLISH = {
    # Names of languages; beside other words, words as well, and so not among the SAME.
    "es": "es",
    "en": "en",
    # --- between the parts of a text ---
    "y": "and",
    "o": "or",
    # --- __init__ ---
    "un instrumento de los que usan los experimentos (página «Los instrumentos»)": (
        "one of the instruments that the experiments use (page “The instruments”)"
    ),
    "no es un experimento, sino {}; «python snippets» enumera los experimentos": (
        "it is no experiment but {}; “python snippets” lists the experiments"
    ),
    # --- arguments ---
    "opciones": "options",
    "argumentos": "arguments",
    "{}: falta su valor": "{}: its value is missing",
    "{}: no lleva valor (recibido: {})": "{}: takes no value (got: {})",
    "falta {}": "{} is missing",
    "uso: ": "usage: ",
    "muestra esta ayuda y termina": "show this help and exit",
    " ¿Querías decir «{}»?": " Did you mean “{}”?",
    " Para dar varios valores, repite la opción.": " To give several values, repeat the option.",
    "no se entiende «{}».{} Con --help ves las opciones.": (
        "“{}” is not understood.{} With --help you see the options."
    ),
    "recibido «{}»; hace falta un número entero, {} o más": (
        "got “{}”; it takes a whole number, {} or more"
    ),
    "recibido «{}»; hace falta un número {}": "got “{}”; it takes a number {}",
    # --- catalog ---
    "lineal": "linear",
    "sigmoide": "sigmoid",
    "ceros": "zeros",
    "constante": "constant",
    "Glorot uniforme": "Glorot uniform",
    "He uniforme": "He uniform",
    "ortogonal": "orthogonal",
    "{} «{}» no existe; nombres válidos: {}.{}": "{} “{}” does not exist; valid names: {}.{}",
    "la activación": "the activation",
    "el inicializador": "the initializer",
    "el inicializador «{}» no lleva valor: escribe «{}»": (
        "the initializer “{}” takes no value: write “{}”"
    ),
    "el valor «{}» de «{}» no sirve: hace falta un número, como en «{}:{}»": (
        "the value “{}” of “{}” does not do: it takes a number, as in “{}:{}”"
    ),
    "el conjunto de datos": "the dataset",
    # --- cli ---
    "activación ({})": "activation ({})",
    "inicializador ({}); algunos llevan un valor, como random_normal:0.1": (
        "initializer ({}); some take a value, as in random_normal:0.1"
    ),
    "capas ocultas": "hidden layers",
    "unidades por capa": "units per layer",
    "número de semillas": "number of seeds",
    "primera semilla": "first seed",
    "imágenes del lote que se mide": "images in the batch that is measured",
    "datos ({})": "data ({})",
    "el optimizador": "the optimizer",
    "sgd o adam": "sgd or adam",
    "mayor que 0": "greater than 0",
    "tasa de aprendizaje": "learning rate",
    "entre 0 y 1 (sin llegar a 1)": "from 0 up to, but not including, 1",
    "momento de SGD; en Adam, β₁": "momentum of SGD; in Adam, β₁",
    "épocas de entrenamiento": "training epochs",
    "imágenes por paso": "images per step",
    "desviación típica de los pesos": "standard deviation of the weights",
    "finito": "that is finite",
    "sesgo inicial": "initial bias",
    "{}: el parámetro «{}» de measure no tiene opción; añádelo a OPTIONS, las del propio "
    "experimento o, si es de muchos, las de lab/cli.py": (
        "{}: the parameter “{}” of measure has no option; add it to OPTIONS, those of the "
        "experiment itself or, if many have it, those of lab/cli.py"
    ),
    "{}, repetible": "{}, repeatable",
    "{}, repetible [{}]": "{}, repeatable [{}]",
    ", repetible": ", repeatable",
    "guarda la figura ({}) o los datos ({}), repetible": (
        "save the figure ({}) or the data ({}), repeatable"
    ),
    "NOMBRE": "NAME",
    "IDIOMA": "LANGUAGE",
    "idioma, es o en [el del entorno]": "language, es or en [that of the environment]",
    "ARCHIVO": "FILE",
    "«{}» no dice en qué formato; terminaciones válidas: {}": (
        "“{}” does not say in which format; valid endings: {}"
    ),
    "«{}» es una carpeta; escribe el nombre de un archivo": (
        "“{}” is a folder; write the name of a file"
    ),
    "la carpeta «{}» no existe; créala o elige otra": (
        "the folder “{}” does not exist; create it or choose another"
    ),
    "no se puede escribir «{}»; elige otra carpeta u otro nombre": (
        "“{}” cannot be written; choose another folder or another name"
    ),
    "guardado: {}": "saved: {}",
    "{}: interrumpido; no se ha guardado nada más": "{}: interrupted; nothing else has been saved",
    "no cabe en la memoria; prueba con una red más pequeña": (
        "it does not fit into memory; try a smaller network"
    ),
    # --- data ---
    "los de {}": "those of {}",
    "no se pudo descargar {} ({}); sin red, copia a mano estos archivos: {}": (
        "{} could not be downloaded ({}); without a network, copy these files by hand: {}"
    ),
    # --- figures ---
    "capa": "layer",
    "época": "epoch",
    "azar": "chance",
    "(puntos: medido · línea: teoría)": "(points: measured · line: theory)",
    "la figura no tiene texto alternativo: usa figures.describe": (
        "the figure has no alternative text: use figures.describe"
    ),
    # --- language ---
    "no hay textos en «{}»; los idiomas son: {}": "there are no texts in “{}”; the languages: {}",
    # --- model ---
    "hacen falta {} anchuras de 1 o más; recibidas: {}": (
        "it takes {} widths of 1 or more; got: {}"
    ),
    # --- schematics ---
    "ida: suma": "forward: adds",
    "vuelta: suma": "backward: adds",
    "Una capa densa: cuatro unidades a la izquierda, tres a la derecha y un peso entre cada "
    "dos. A una unidad de la derecha le llegan cuatro pesos, tantos como entradas: n_in. De "
    "una unidad de la izquierda salen tres, tantos como unidades tiene la capa: n_out; por "
    "ellos le vuelve el gradiente. Uno de los pesos está en los dos grupos.": (
        "A dense layer: four units on the left, three on the right and a weight between every "
        "two. Four weights reach a unit on the right, as many as there are inputs: n_in. Three "
        "leave a unit on the left, as many as the layer has units: n_out; through them the "
        "gradient comes back to it. One of the weights is in both groups."
    ),
    "ida: activaciones": "forward: activations",
    "vuelta: gradientes": "backward: gradients",
    "Tres capas. Arriba, de izquierda a derecha, la ida: x, h₁, h₂, h₃ y la pérdida, a "
    "través de W₁, W₂ y W₃. Abajo, de derecha a izquierda, la vuelta: δ₃, δ₂ y δ₁, a través "
    "de W₃ᵀ y W₂ᵀ. En medio, el gradiente de los pesos de cada capa, al que llegan dos "
    "flechas: una desde la activación que entra en la capa y otra desde la δ de la capa.": (
        "Three layers. At the top, from left to right, the forward pass: x, h₁, h₂, h₃ and the "
        "loss, through W₁, W₂ and W₃. At the bottom, from right to left, the backward pass: δ₃, "
        "δ₂ and δ₁, through W₃ᵀ and W₂ᵀ. In the middle, the weight gradient of each layer, which "
        "two arrows reach: one from the activation that enters the layer and one from the δ of "
        "the layer."
    ),
    "ida: z = W h": "forward: z = W h",
    "una fila:": "a row:",
    "vuelta: Wᵀδ": "backward: Wᵀδ",
    "una columna:": "a column:",
    "La misma matriz W de tres filas y cuatro columnas, dos veces. A la ida, con h encima, "
    "cada z de la derecha es la suma de una fila por h: la segunda, {} = {}. A la vuelta, "
    "con δ a la derecha, cada número de encima es la suma de una columna por δ: la tercera, "
    "{} = {}.": (
        "The same matrix W of three rows and four columns, twice. On the way forward, with h above "
        "it, each z on the right is the sum of a row times h: the second, {} = {}. On the way "
        "back, with δ on the right, each number above is the sum of a column times δ: the third, "
        "{} = {}."
    ),
    "½: pasa a ser 0": "½: becomes 0",
    "½: pasa": "½: passes",
    "llega": "arrives",
    "Una campana simétrica de preactivaciones z. ReLU pone a 0 la mitad izquierda y deja la "
    "derecha como está, y E[h²] = E[z²]/2. Debajo, seis unidades: donde z es negativa, h es "
    "0, y también es 0 δ, llegue el gradiente que llegue; donde z es positiva, las dos pasan "
    "sin cambios. La máscara es la misma a la ida y a la vuelta.": (
        "A symmetric bell of preactivations z. ReLU sets the left half to 0 and leaves the right "
        "one as it is, and E[h²] = E[z²]/2. Below, six units: where z is negative, h is 0, and so "
        "is δ, whatever gradient arrives; where z is positive, both pass unchanged. The mask is "
        "the same on the way forward and on the way back."
    ),
    "ida": "forward",
    "vuelta": "backward",
    "Un bloque residual, dos veces. A la ida, h se bifurca: un camino llega a la suma sin "
    "cambios y el otro pasa por f; sale h + f(h). A la vuelta, el gradiente g se bifurca en "
    "la suma: un camino vuelve sin cambios y el otro se multiplica por la jacobiana "
    "traspuesta de f; llega g + Jᵀg.": (
        "A residual block, twice. On the way forward, h forks: one path reaches the sum unchanged "
        "and the other passes through f; h + f(h) comes out. On the way back, the gradient g forks "
        "at the sum: one path goes back unchanged and the other is multiplied by the transposed "
        "Jacobian of f; g + Jᵀg arrives."
    ),
    # --- stats ---
    "hacen falta dos capas o más y valores mayores que cero": (
        "it takes two layers or more and values greater than zero"
    ),
    "para situar un mínimo hacen falta 5 puntos o más; hay {}": (
        "to place a minimum it takes 5 points or more; there are {}"
    ),
    "\\1: falta su valor": "\\1: its value is missing",
    "\\1: no lleva valor (recibido: \\2)": "\\1: takes no value (received: \\2)",
    "falta \\1": "\\1 is missing",
    "\n{}: interrumpido; no se ha guardado nada más": "\n{}: interrupted; nothing more was saved",
    "lo medido está guardado: repite la orden y seguirá donde estaba": (
        "what was measured is stored: repeat the command and it will go on where it was"
    ),
    "no se ha guardado nada más": "nothing more was saved",
    "{}: interrumpido; {}": "{}: interrupted; {}",
    "procesos que se reparten el trabajo [tantos como núcleos]": (
        "processes that share the work [as many as there are cores]"
    ),
    "planificador de Dask que reparte el trabajo entre otras máquinas: tcp://… o el archivo que "
    "ha escrito": (
        "Dask scheduler that shares the work among other machines: tcp://… or the file that it "
        "has written"
    ),
    "han fallado {} de {} unidades": "{} of {} units have failed",
    "han fallado {} de {} unidades; las demás están guardadas, y al repetir la orden solo se "
    "hacen estas": (
        "{} of {} units have failed; the others are stored, and repeating the command does only "
        "these"
    ),
    "  … y {} más": "  … and {} more",
    "han fallado las {} unidades, todas por lo mismo: {}": (
        "all {} units have failed, for the same reason: {}"
    ),
    "disco lleno": "disk full",
    "no queda sitio en su carpeta temporal": "there is no space left in its temporary folder",
    "no queda sitio en la carpeta temporal; libéralo o elige otra con TMPDIR": (
        "there is no space left in the temporary folder; free some or choose another with TMPDIR"
    ),
    "no queda sitio en el disco": "there is no space left on the disk",
    "no se puede guardar lo que se va midiendo en «{}»: {}; lo anterior está guardado, y al "
    "repetir la orden se sigue donde estaba": (
        "what is being measured cannot be stored in “{}”: {}; what came before is stored, and "
        "repeating the command goes on where it was"
    ),
    " unidades": " units",
    "{} fallidas": "{} failed",
    "{}: {} de {}, {} fallidas, {} por segundo, quedan {} min": (
        "{}: {} of {}, {} failed, {} a second, {} min left"
    ),
    "se ha perdido el planificador; lo medido está guardado, y al repetir la orden se sigue "
    "donde estaba": (
        "the scheduler is lost; what was measured is stored, and repeating the command goes on "
        "where it was"
    ),
    "proceso muerto": "dead process",
    "cada vez que se ha intentado; ¿le falta memoria?": (
        "each time it was tried; is it short of memory?"
    ),
    "recibido «{}»; hace falta la dirección de un planificador de Dask, como "
    "tcp://127.0.0.1:8786, o el archivo que ha escrito (--scheduler-file)": (
        "received “{}”; what is needed is the address of a Dask scheduler, such as "
        "tcp://127.0.0.1:8786, or the file that it has written (--scheduler-file)"
    ),
    "falta el paquete distributed; instálalo: pip install distributed": (
        "the package distributed is missing; install it: pip install distributed"
    ),
    "no contesta ningún planificador en «{}»; arranca uno (make cluster) o revisa la dirección": (
        "no scheduler answers at “{}”; start one (make cluster) or check the address"
    ),
    "el planificador «{}» no tiene trabajadores; arranca alguno: dask worker {} --nthreads 1": (
        "the scheduler “{}” has no workers; start one: dask worker {} --nthreads 1"
    ),
    "no tiene el libro": "does not have the book",
    "{} no sirve: {}": "{} will not do: {}",
    "ningún trabajador sirve": "no worker will do",
    "aviso: {}": "warning: {}",
    "no tiene este experimento": "does not have this experiment",
    "{} {}, aquí {}": "{} {}, here {}",
    "no está": "is not there",
    "tiene otro código ({})": "has other code ({})",
    "el puerto {} está ocupado, quizá por otro planificador; elige otro: make cluster PORT=8800": (
        "port {} is taken, perhaps by another scheduler; choose another: make cluster PORT=8800"
    ),
    "Planificador en {}; trabajadores: {}. Por ejemplo:": (
        "Scheduler at {}; workers: {}. For example:"
    ),
    "Ctrl-C lo termina todo.": "Ctrl-C ends it all.",
    "otro código": "other code",
    "el del trabajador no es el de aquí, o ha cambiado mientras medía": (
        "that of the worker is not the one here, or it changed while it was measuring"
    ),
}


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de los instrumentos")
