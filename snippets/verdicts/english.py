"""What the verdicts say in English: Spanish template → English template."""

ENGLISH = {
    # --- __init__ ---
    "es parte de los veredictos, que da «python snippets judge_all»": (
        "is part of the verdicts, which “python snippets judge_all” gives"
    ),
    # --- effects ---
    "puntos": "points",
    "número": "number",
    # --- judge ---
    "afirmación «{}»: {}": "statement “{}”: {}",
    "a los veredictos les faltan los datos de {}; están los de: {}": (
        "the verdicts lack the data of {}; they have those of: {}"
    ),
    "ninguno": "none",
    # --- judge_all ---
    "experimentos, semilla {}": "experiments, seed {}",
    "efecto según la teoría": "effect according to theory",
    "efecto medido / previsto": "measured effect / predicted",
    "Cociente entre el efecto medido y el previsto de {} afirmaciones, que va de {} a {} "
    "mientras lo previsto va de {} a {}.": (
        "Ratio of the measured effect to the predicted one for {} statements, from {} to {}, "
        "while what was predicted goes from {} to {}."
    ),
    "afirmación": "statement",
    "de quién": "whose",
    "lo medido": "what was measured",
    "Mide todo lo que dicen las diapositivas y da un veredicto a cada afirmación.": (
        "Measures everything that the slides say and gives each statement a verdict."
    ),
    "veces que se mide todo, con otras semillas; con más de una se cuentan los veredictos": (
        "times that everything is measured, with other seeds; with more than one, the verdicts "
        "are counted"
    ),
    # --- page ---
    "{}{} exacto": "{}{} exactly",
    "{}{} o más": "{}{} or more",
    "{}{} o menos": "{}{} or less",
    "de {} a {}{}": "from {} to {}{}",
    "se cumple": "holds",
    "con matices": "with nuance",
    "cumple": "holds",
    "matices": "nuance",
    "falla": "fails",
    "indeciso": "undecided",
    "Veredicto": "Verdict",
    "Afirmación": "Statement",
    "Lo medido": "What was measured",
    "Teoría": "Theory",
    "Veredictos": "Verdicts",
    "<details><summary>Las demás afirmaciones ({})</summary>{}</details>": (
        "<details><summary>The other statements ({})</summary>{}</details>"
    ),
    "Más veredictos": "More verdicts",
    "{} es el intervalo de confianza del 95{}% sobre {} semillas. ": (
        "{} is the 95{}% confidence interval over {} seeds. "
    ),
    '<a href="veredictos.html">Veredictos</a>': '<a href="verdicts.html">Verdicts</a>',
    "otra afirmación": "another statement",
    "otras {} afirmaciones": "another {} statements",
    "que es nuestra": "which is ours",
    "que son nuestras": "which are ours",
    "{}En {} están la regla de cada fila y {}, {}.": (
        "{0}The rule of each row and {2}, {3}, are in {1}."
    ),
    "{}En {} está la regla de cada fila.": "{}The rule of each row is in {}.",
    # --- rules ---
    "se cumple con matices": "holds with nuance",
    "no se cumple": "does not hold",
    "hacen falta dos efectos finitos o más, uno por semilla: {}": (
        "two or more finite effects are needed, one per seed: {}"
    ),
    "un cociente tiene que ser mayor que cero: {}": "a ratio has to be greater than zero: {}",
    # --- statement ---
    "Diapositiva {}": "Slide {}",
    "Capítulo {}, más allá de las diapositivas": "Chapter {}, beyond the slides",
    "de la diapositiva": "from the slide",
    "nuestra": "ours",
    # --- activations ---
    "Sin activaciones, la red se reduce a una sola transformación lineal.": (
        "Without activations, the network reduces to a single linear transformation."
    ),
    "la red colapsa a una sola transformación lineal": (
        "the network collapses to a single linear transformation"
    ),
    "mayor diferencia relativa entre 20 capas lineales ya entrenadas y una sola capa": (
        "largest relative difference between 20 trained linear layers and a single layer"
    ),
    "El producto de veinte matrices es una matriz.": "The product of twenty matrices is a matrix.",
    "Las activaciones aportan no linealidad y capacidad expresiva.": (
        "Activations bring nonlinearity and expressive power."
    ),
    "Activaciones introducen: no linealidad capacidad expresiva": (
        "Activations introduce: nonlinearity expressive power"
    ),
    "aciertos en el tablero con una capa ReLU menos aciertos con 20 capas lineales": (
        "accuracy on the checkerboard with one ReLU layer minus accuracy with 20 linear layers"
    ),
    "Ninguna recta separa un tablero; unas pocas ReLU, sí.": (
        "No straight line separates a checkerboard; a few ReLUs do."
    ),
    "En la saturación, la derivada de la sigmoide es pequeña.": (
        "In saturation, the derivative of the sigmoid is small."
    ),
    "derivadas pequeñas en saturación": "small derivatives in saturation",
    "pendiente en z = −6 dividida por la mayor pendiente": (
        "slope at z = −6 divided by the largest slope"
    ),
    "Lejos del cero la curva es casi horizontal.": "Far from zero the curve is almost horizontal.",
    "En la saturación, la derivada de tanh es pequeña.": (
        "In saturation, the derivative of tanh is small."
    ),
    "Con la sigmoide el gradiente se desvanece.": "With the sigmoid the gradient vanishes.",
    "gradientes que desaparecen": "gradients that vanish",
    "δ en la capa 1 dividido por δ en la capa 20; Glorot": (
        "δ in layer 1 divided by δ in layer 20; Glorot"
    ),
    "Su pendiente no pasa de 1/4, en ningún punto.": "Its slope does not exceed 1/4 anywhere.",
    "Con tanh el gradiente se desvanece.": "With tanh the gradient vanishes.",
    "Encoge despacio: su pendiente llega a 1 en el centro.": (
        "It shrinks slowly: its slope reaches 1 at the center."
    ),
    "La causa, al empezar, es la saturación (sigmoide).": (
        "The cause, at the beginning, is saturation (sigmoid)."
    ),
    "parte de las preactivaciones saturadas antes de entrenar; Glorot": (
        "share of the preactivations saturated before training; Glorot"
    ),
    "Está en el centro de la curva: basta la pendiente 1/4.": (
        "It is at the center of the curve: the slope of 1/4 is enough."
    ),
    "La causa, al empezar, es la saturación (tanh).": (
        "The cause, at the beginning, is saturation (tanh)."
    ),
    "Con los pesos de Glorot casi nadie llega a las orillas de la curva.": (
        "With Glorot weights hardly any value reaches the edges of the curve."
    ),
    "Con la sigmoide el entrenamiento es lento.": "With the sigmoid training is slow.",
    "entrenamiento lento": "slow training",
    "épocas hasta acertar el 90 % al entrenar (20 si no llega), divididas por las de ReLU con "
    "He; Glorot, 20 capas, tasa 0.001": (
        "epochs to 90% training accuracy (20 if it does not get there), divided by those of ReLU "
        "with He; Glorot, 20 layers, rate 0.001"
    ),
    "En veinte épocas no llega: el cociente es, por lo menos, ese.": (
        "In twenty epochs it does not get there: the ratio is at least that."
    ),
    "Con tanh el entrenamiento es lento.": "With tanh training is slow.",
    "Tarda lo mismo que ReLU con He.": "It takes as long as ReLU with He.",
    "Donde está activa, ReLU tiene gradiente constante.": (
        "Where it is active, ReLU has a constant gradient."
    ),
    "gradiente constante en región activa": "constant gradient in the active region",
    "caminos de 20 capas cuyo producto de pendientes es exactamente 0 o 1": (
        "paths of 20 layers whose product of slopes is exactly 0 or 1"
    ),
    "La pendiente es 1 si la unidad está encendida; si no, 0.": (
        "The slope is 1 if the unit is on; otherwise, 0."
    ),
    "El entrenamiento con ReLU es más estable que con tanh.": (
        "Training with ReLU is more stable than with tanh."
    ),
    "entrenamiento más estable": "more stable training",
    "épocas en que sube la pérdida: las de tanh con Glorot menos las de ReLU con He; 20 capas, "
    "20 épocas, tasa 0.001": (
        "epochs in which the loss goes up: those of tanh with Glorot minus those of ReLU with "
        "He; 20 layers, 20 epochs, rate 0.001"
    ),
    "La de ReLU sube a veces; la de tanh, casi nunca. La sigmoide, aquí, no aprende.": (
        "That of ReLU goes up sometimes; that of tanh, hardly ever. The sigmoid, here, does not "
        "learn."
    ),
    # --- diagnosis ---
    "Síntoma: la pérdida no se mueve.": "Symptom: the loss does not move.",
    "pérdida no cambia": "loss does not change",
    "pérdida en la prueba tras 20 épocas dividida por la de la primera; sigmoide con Glorot, "
    "tasa 0.001": (
        "test loss after 20 epochs divided by that of the first; sigmoid with Glorot, rate 0.001"
    ),
    "La red no pasa de dar la misma respuesta a todas las imágenes.": (
        "The network never gets beyond giving the same answer to all images."
    ),
    "Síntoma: gradientes cercanos a cero (los de los pesos).": (
        "Symptom: gradients close to zero (those of the weights)."
    ),
    "gradientes ~ 0": "gradients ~ 0",
    "menor ∂L/∂W de ReLU con Glorot dividido por el de ReLU con He": (
        "smallest ∂L/∂W of ReLU with Glorot divided by that of ReLU with He"
    ),
    "Todas las capas reciben poco: encogen la ida y la vuelta.": (
        "All layers receive little: both ways shrink."
    ),
    "El síntoma está en δ: se apaga camino de la primera capa.": (
        "The symptom is in δ: it fades on its way to the first layer."
    ),
    "δ en la capa 1 dividido por δ en la capa 20; ReLU con Glorot": (
        "δ in layer 1 divided by δ in layer 20; ReLU with Glorot"
    ),
    "Cada capa multiplica δ por 0.71.": "Each layer multiplies δ by 0.71.",
    "Y se ve comparando ∂L/∂W de la primera capa con el de la última.": (
        "And it shows when ∂L/∂W of the first layer is compared with that of the last."
    ),
    "∂L/∂W en la capa 1 dividido por ∂L/∂W en la capa 20; ReLU con Glorot": (
        "∂L/∂W in layer 1 divided by ∂L/∂W in layer 20; ReLU with Glorot"
    ),
    "δ crece hacia la salida justo lo que la activación encoge: el producto es plano.": (
        "δ grows toward the output exactly as much as the activation shrinks: the product is flat."
    ),
    "Síntoma: activaciones saturadas.": "Symptom: saturated activations.",
    "activaciones saturadas": "saturated activations",
    "parte de las seis redes enfermas de la consulta que tienen saturada la mitad o más de sus "
    "preactivaciones antes de entrenar": (
        "share of the six sick networks of the practice that have half or more of their "
        "preactivations saturated before training"
    ),
    "La tiene la tanh de pesos grandes (E); la sigmoide profunda (C), no.": (
        "The tanh with large weights (E) has it; the deep sigmoid (C) does not."
    ),
    # --- experiment ---
    "Activación, inicialización y estabilidad van juntas.": (
        "Activation, initialization and stability go together."
    ),
    "Relacionar activación, inicialización y estabilidad": (
        "Relate activation, initialization and stability"
    ),
    "aciertos que ReLU gana al pasar de Glorot a He, menos los que gana tanh; 20 épocas, tasa "
    "0.001": (
        "accuracy that ReLU gains on going from Glorot to He, minus what tanh gains; 20 epochs, "
        "rate 0.001"
    ),
    "El mismo cambio de pesos salva a una red y a la otra no le hace falta.": (
        "The same change of weights saves one network, and the other has no need of it."
    ),
    "Cambiar solo la inicialización cambia el resultado.": (
        "Changing only the initialization changes the result."
    ),
    "aciertos de ReLU con He menos los de ReLU con Glorot; 20 épocas, tasa 0.001": (
        "accuracy of ReLU with He minus that of ReLU with Glorot; 20 epochs, rate 0.001"
    ),
    "Mismo modelo, mismos datos, mismas semillas.": "Same model, same data, same seeds.",
    "También si cada una elige su tasa: con Glorot, Leaky ReLU tarda más del doble.": (
        "Also if each chooses its own rate: with Glorot, Leaky ReLU takes more than twice as long."
    ),
    "épocas hasta acertar el 85 % con Glorot y tasa 0.01, divididas por las de He y tasa 0.0032, "
    "que son sus mejores; SGD, 20 épocas como mucho": (
        "epochs to 85% accuracy with Glorot and rate 0.01, divided by those with He and rate "
        "0.0032, which are their best; SGD, 20 epochs at most"
    ),
    "Una tasa diez veces mayor rescata a veces a Glorot, y He sigue delante.": (
        "A rate ten times larger sometimes rescues Glorot, and He is still ahead."
    ),
    "He admite más tasas que Glorot (ReLU).": "He takes more rates than Glorot (ReLU).",
    "parte de las siete tasas con las que se llega al 85 %: la de He menos la de Glorot; SGD, 20 "
    "épocas": (
        "share of the seven rates that reach 85%: that of He minus that of Glorot; SGD, 20 epochs"
    ),
    "Lo que He compra es margen: con Glorot, ReLU no llega con casi ninguna.": (
        "What He buys is margin: with Glorot, ReLU gets there with hardly any."
    ),
    "Cambiar solo la activación cambia el resultado.": (
        "Changing only the activation changes the result."
    ),
    "aciertos de tanh menos los de la sigmoide, las dos con Glorot; 20 épocas, tasa 0.001": (
        "accuracy of tanh minus that of the sigmoid, both with Glorot; 20 epochs, rate 0.001"
    ),
    "Medir gradientes antes de entrenar anuncia el final.": (
        "Measuring gradients before training foretells the end."
    ),
    "menor gradiente de las redes que aprenderán, dividido por el mayor de las que no; por "
    "semilla": (
        "smallest gradient of the networks that will learn, divided by the largest of those that "
        "will not; per seed"
    ),
    "El gradiente más débil del comienzo separa las redes sin error.": (
        "The weakest gradient at the beginning separates the networks without error."
    ),
    # --- forward_backward ---
    "Hacia delante viajan las activaciones.": "Activations travel forward.",
    "el forward propaga activaciones": "the forward propagates activations",
    "mayor diferencia relativa entre Keras y las fórmulas de la ida, en 20 capas": (
        "largest relative difference between Keras and the formulas of the forward pass, over 20 "
        "layers"
    ),
    "Dos programas distintos, las mismas activaciones.": (
        "Two different programs, the same activations."
    ),
    "Hacia atrás viajan los gradientes.": "Gradients travel backward.",
    "el backward propaga gradientes": "the backward propagates gradients",
    "mayor diferencia relativa entre Keras y la regla de la cadena, en 20 capas": (
        "largest relative difference between Keras and the chain rule, over 20 layers"
    ),
    "Lo que Keras llama gradiente es la regla de la cadena, capa a capa.": (
        "What Keras calls the gradient is the chain rule, layer by layer."
    ),
    "Los dos viajes dependen de los pesos.": "Both journeys depend on the weights.",
    "Ambos dependen de: pesos": "Both depend on: weights",
    "δ en la capa 1 con σ = 0.175 dividido por δ con σ = 0.09; ReLU": (
        "δ in layer 1 with σ = 0.175 divided by δ with σ = 0.09; ReLU"
    ),
    "Unos pesos casi el doble de grandes cambian δ en cada capa.": (
        "Weights almost twice as large change δ in each layer."
    ),
    "Y de las activaciones.": "And on the activations.",
    "Ambos dependen de: … activaciones": "Both depend on: … activations",
    "δ en la capa 1 con tanh dividido por δ con la sigmoide; Glorot": (
        "δ in layer 1 with tanh divided by δ with the sigmoid; Glorot"
    ),
    "Con la misma inicialización, otra activación deja pasar otro gradiente.": (
        "With the same initialization, another activation lets another gradient through."
    ),
    # --- gradients ---
    "En redes profundas el gradiente puede hacerse diminuto.": (
        "In deep networks the gradient can become tiny."
    ),
    "gradientes pueden hacerse muy pequeños": "gradients can become very small",
    "δ en la capa 1 con 50 capas dividido por δ con 1 capa; sigmoide con Glorot": (
        "δ in layer 1 with 50 layers divided by δ with 1 layer; sigmoid with Glorot"
    ),
    "Cada capa de sigmoides divide el gradiente por algo más de cuatro.": (
        "Each layer of sigmoids divides the gradient by a little more than four."
    ),
    "También puede crecer sin control.": "It can also grow out of control.",
    "crecer sin control": "grow out of control",
    "δ en la capa 1 con 50 capas dividido por δ con 1 capa; ReLU con σ = 0.2": (
        "δ in layer 1 with 50 layers divided by δ with 1 layer; ReLU with σ = 0.2"
    ),
    "Pesos demasiado grandes hacen crecer δ en cada capa.": (
        "Weights that are too large make δ grow in each layer."
    ),
    "Consecuencia: un aprendizaje muy lento.": "Consequence: very slow learning.",
    "Consecuencias: aprendizaje muy lento": "Consequences: very slow learning",
    "lo que se mueven los pesos de las capas 1 a 10 dividido por lo que se mueven los de la 20, "
    "en 6 épocas; sigmoide con Glorot": (
        "how far the weights of layers 1 to 10 move divided by how far those of layer 20 move, "
        "in 6 epochs; sigmoid with Glorot"
    ),
    "Donde no llega gradiente, los pesos apenas se mueven; algunos, ni un bit.": (
        "Where no gradient arrives, the weights hardly move; some, not by one bit."
    ),
    "Consecuencia: inestabilidad numérica (números demasiado grandes).": (
        "Consequence: numerical instability (numbers too large)."
    ),
    "Consecuencias: … inestabilidad numérica": "Consequences: … numerical instability",
    "parte de los valores de la última capa que ya no son números; ReLU con σ = 1, 70 capas": (
        "share of the values of the last layer that are no longer numbers; ReLU with σ = 1, 70 "
        "layers"
    ),
    "La señal sobrepasa el mayor número de float32.": (
        "The signal goes beyond the largest number of float32."
    ),
    "Consecuencia: inestabilidad numérica (números demasiado pequeños).": (
        "Consequence: numerical instability (numbers too small)."
    ),
    "parte de ∂L/∂W de la capa 1 que vale exactamente cero; sigmoide con Glorot, 70 capas": (
        "share of ∂L/∂W of layer 1 that is exactly zero; sigmoid with Glorot, 70 layers"
    ),
    "El gradiente cae por debajo del menor número de float32.": (
        "The gradient falls below the smallest number of float32."
    ),
    "El gradiente total es un producto de derivadas locales.": (
        "The total gradient is a product of local derivatives."
    ),
    "El gradiente total es un producto de derivadas locales": (
        "The total gradient is a product of local derivatives"
    ),
    "mayor diferencia relativa entre el δ de Keras y el producto de jacobianas, en 20 capas": (
        "largest relative difference between Keras's δ and the product of Jacobians, over 20 layers"
    ),
    "Es un producto de matrices que empieza en δ de la última capa.": (
        "It is a product of matrices that starts at δ of the last layer."
    ),
    "Con factores menores que 1, el gradiente se desvanece.": (
        "With factors smaller than 1, the gradient vanishes."
    ),
    "< 1 → desaparece": "< 1 → vanishes",
    "valor singular eficaz del producto de 50 matrices gaussianas; factor 0.9": (
        "rms singular value of the product of 50 Gaussian matrices; factor 0.9"
    ),
    "El valor eficaz sigue la potencia del factor.": "The rms follows the power of the factor.",
    "Con factores iguales a 1, el gradiente se conserva (matrices ortogonales).": (
        "With factors equal to 1, the gradient is kept (orthogonal matrices)."
    ),
    "valor singular mediano del producto de 50 matrices ortogonales; factor 1": (
        "median singular value of the product of 50 orthogonal matrices; factor 1"
    ),
    "Una matriz ortogonal no encoge ninguna dirección.": (
        "An orthogonal matrix shrinks no direction."
    ),
    "Con factores iguales a 1, el gradiente se conserva (matrices gaussianas).": (
        "With factors equal to 1, the gradient is kept (Gaussian matrices)."
    ),
    "valor singular mediano del producto de 50 matrices gaussianas; factor 1": (
        "median singular value of the product of 50 Gaussian matrices; factor 1"
    ),
    "El valor eficaz se conserva, pero casi todas las direcciones se aplastan.": (
        "The rms is kept, but almost all directions are squashed."
    ),
    "Con factores mayores que 1, el gradiente explota.": (
        "With factors larger than 1, the gradient explodes."
    ),
    "1 → explota": "1 → explodes",
    "valor singular eficaz del producto de 50 matrices gaussianas; factor 1.1": (
        "rms singular value of the product of 50 Gaussian matrices; factor 1.1"
    ),
    "Con factores iguales a 1, el gradiente explota (como imprime la diapositiva).": (
        "With factors equal to 1, the gradient explodes (as the slide prints it)."
    ),
    "valor singular eficaz del producto de 50 matrices gaussianas; factor 1": (
        "rms singular value of the product of 50 Gaussian matrices; factor 1"
    ),
    "Es una errata: al segundo caso se le ha perdido el signo «>».": (
        "It is a misprint: the second case has lost its sign “>”."
    ),
    "Con factores mayores que 1, el gradiente explota en casi todas las direcciones.": (
        "With factors larger than 1, the gradient explodes in almost all directions."
    ),
    "valor singular mediano del producto de 50 matrices gaussianas; factor 1.1": (
        "median singular value of the product of 50 Gaussian matrices; factor 1.1"
    ),
    "Unas pocas direcciones crecen; más de la mitad se aplastan.": (
        "A few directions grow; more than half are squashed."
    ),
    # --- he ---
    "He ajusta la varianza a ReLU.": "He adjusts the variance to ReLU.",
    "ajusta la varianza para ReLU": "adjusts the variance for ReLU",
    "activación en la capa 20 dividida por la de la capa 1": (
        "activation in layer 20 divided by that of layer 1"
    ),
    "El factor por capa es 1.": "The factor per layer is 1.",
    "Xavier también la ajustaría.": "Xavier would adjust it too.",
    "activación en la capa 20 dividida por la de la capa 1; ReLU con Glorot": (
        "activation in layer 20 divided by that of layer 1; ReLU with Glorot"
    ),
    "Le falta el 2: el factor por capa es 0.71.": "It lacks the 2: the factor per layer is 0.71.",
    "Compensa los valores negativos que ReLU pone a cero.": (
        "It makes up for the negative values that ReLU sets to zero."
    ),
    "compensa activaciones que anulan valores negativos": (
        "compensates for activations that cancel negative values"
    ),
    "parte de E[z²] que deja pasar ReLU; media de 20 capas": (
        "share of E[z²] that ReLU lets through; mean of 20 layers"
    ),
    "Pasa la mitad, y los pesos de He tienen el doble de varianza.": (
        "Half gets through, and the weights of He have twice the variance."
    ),
    "Y lo mismo a la vuelta.": "And the same on the way back.",
    "parte de E[δ²] que deja pasar ReLU; media de 19 capas": (
        "share of E[δ²] that ReLU lets through; mean of 19 layers"
    ),
    "La mitad de las unidades no devuelve gradiente.": "Half of the units return no gradient.",
    "El gradiente fluye de forma más estable que con Xavier.": (
        "The gradient flows more stably than with Xavier."
    ),
    "flujo de gradientes más estable": "more stable gradient flow",
    "δ en la capa 1 dividido por δ en la capa 20; con Xavier, la teoría dice 0.0014": (
        "δ in layer 1 divided by δ in layer 20; with Xavier, theory says 0.0014"
    ),
    "El factor por capa es 1, también a la vuelta.": (
        "The factor per layer is 1, on the way back too."
    ),
    "Es estable en cada red, también si es estrecha.": (
        "It is stable in each network, also in a narrow one."
    ),
    "factor en que |h| suele apartarse de su mediana; 30 capas de 16 unidades": (
        "factor by which |h| is typically away from its median; 30 layers of 16 units"
    ),
    "Lo estable es la media: el abanico se abre con la suma de 1/n.": (
        "What is stable is the mean: the fan opens with the sum of 1/n."
    ),
    "Es estable en cada red, si es ancha.": "It is stable in each network, if it is wide.",
    "factor en que |h| suele apartarse de su mediana; 30 capas de 128 unidades": (
        "factor by which |h| is typically away from its median; 30 layers of 128 units"
    ),
    "Cuanto más anchas las capas, más se parecen las redes entre sí.": (
        "The wider the layers, the more alike the networks are."
    ),
    # --- initialization ---
    "Unos pesos mal elegidos amplifican la señal.": "Badly chosen weights amplify the signal.",
    "Pesos mal inicializados pueden: amplificar señales": (
        "Badly initialized weights can: amplify signals"
    ),
    "δ en la capa 1 dividido por δ en la capa 10; tanh con σ = 1": (
        "δ in layer 1 divided by δ in layer 10; tanh with σ = 1"
    ),
    "Tanh acota la ida, pero no la vuelta.": "Tanh bounds the way forward, but not the way back.",
    "O la atenúan demasiado.": "Or they attenuate it too much.",
    "atenuarlas demasiado": "attenuate them too much",
    "activación en la capa 10 dividida por la de la capa 1; tanh con σ = 0.01": (
        "activation in layer 10 divided by that of layer 1; tanh with σ = 0.01"
    ),
    "Cada capa encoge la señal por el mismo factor.": (
        "Each layer shrinks the signal by the same factor."
    ),
    "Inicializar bien es mantener estable la varianza.": (
        "Initializing well is keeping the variance stable."
    ),
    "La inicialización busca: mantener varianza estable": (
        "Initialization seeks: to keep the variance stable"
    ),
    "señal tras 20 capas lineales dividida por la de la entrada; σ = 1/√n, n = 128": (
        "signal after 20 linear layers divided by that of the input; σ = 1/√n, n = 128"
    ),
    "La suma de n términos crece como √n, y 1/√n lo compensa.": (
        "The sum of n terms grows as √n, and 1/√n makes up for it."
    ),
    "Con la varianza estable, la red entrena.": "With a stable variance, the network trains.",
    "aciertos con σ = 0.09 menos aciertos con σ = 0.01; tanh, 10 capas, 10 épocas, tasa 0.003": (
        "accuracy with σ = 0.09 minus accuracy with σ = 0.01; tanh, 10 layers, 10 epochs, rate "
        "0.003"
    ),
    "0.09 es casi 1/√128; con 0.01 la señal no llega.": (
        "0.09 is almost 1/√128; with 0.01 the signal does not arrive."
    ),
    # --- introduction ---
    "No sirve cualquier inicialización.": "Not just any initialization works.",
    "no cualquier inicialización funciona": "not just any initialization works",
    "aciertos con los pesos por 1.41 menos aciertos con los mismos pesos por 1; 20 épocas, tasa "
    "0.001": (
        "accuracy with the weights times 1.41 minus accuracy with the same weights times 1; 20 "
        "epochs, rate 0.001"
    ),
    "Con tasa 0.001 y 20 épocas, unos aprenden y los otros no: solo cambia su tamaño.": (
        "At rate 0.001 and in 20 epochs, the former learn and the latter do not: only their size "
        "differs."
    ),
    "Los gradientes pueden desvanecerse.": "Gradients can vanish.",
    "gradientes que desaparecen o explotan": "gradients that vanish or explode",
    "δ en la capa 1 dividido por δ en la capa 20; pesos por 1": (
        "δ in layer 1 divided by δ in layer 20; weights times 1"
    ),
    "Con ReLU y Glorot cada capa multiplica δ por 0.71.": (
        "With ReLU and Glorot each layer multiplies δ by 0.71."
    ),
    "Los gradientes pueden explotar.": "Gradients can explode.",
    "δ en la capa 1 dividido por δ en la capa 20; pesos por 2": (
        "δ in layer 1 divided by δ in layer 20; weights times 2"
    ),
    "Con los pesos por 2 cada capa multiplica δ por 1.41.": (
        "With the weights times 2 each layer multiplies δ by 1.41."
    ),
    # --- other_layers ---
    "valor eficaz que sale de una capa, con su ReLU, si entra 1": (
        "rms that comes out of a layer, with its ReLU, if 1 goes in"
    ),
    "En una convolución, he_normal conserva la señal.": (
        "In a convolution, he_normal keeps the signal."
    ),
    "Una salida suma las entradas que Keras cuenta.": (
        "An output sums the inputs that Keras counts."
    ),
    "En una convolución por canal, he_normal conserva la señal.": (
        "In a depthwise convolution, he_normal keeps the signal."
    ),
    "Suma 9 entradas, y Keras cuenta 9 en cada uno de los 128 canales.": (
        "It sums 9 inputs, and Keras counts 9 in each of the 128 channels."
    ),
    "En una transpuesta de paso 2, he_normal conserva la señal.": (
        "In a transposed one of stride 2, he_normal keeps the signal."
    ),
    "Keras cuenta los canales que salen, y no divide por el paso.": (
        "Keras counts the outgoing channels, and does not divide by the stride."
    ),
    "Si se divide por lo que suma una salida, la convolución por canal conserva la señal.": (
        "Divided by what an output sums, the depthwise convolution keeps the signal."
    ),
    "La cuenta de He vale en cualquier capa que sume entradas independientes.": (
        "He's count holds in any layer that sums independent inputs."
    ),
    "Ocho separables con he_normal conservan el gradiente.": (
        "Eight separable layers with he_normal keep the gradient."
    ),
    "δ en la capa 1 dividido por δ en la capa 8": "δ in layer 1 divided by δ in layer 8",
    "Lo que pierde una capa se multiplica ocho veces.": (
        "What one layer loses is multiplied eight times."
    ),
    "Ocho separables con los pesos contados conservan el gradiente, bordes aparte.": (
        "Eight separable layers with counted weights keep the gradient, borders aside."
    ),
    "El factor por capa es casi 1: solo se pierde por los bordes.": (
        "The factor per layer is almost 1: only the borders lose."
    ),
    "Ocho separables con he_normal aprenden en cuatro épocas con tasa 0.01.": (
        "Eight separable layers with he_normal learn in four epochs at rate 0.01."
    ),
    "aciertos en la prueba": "test accuracy",
    "A la primera capa no le llega gradiente, ni imagen a la última.": (
        "No gradient reaches the first layer, and no image the last."
    ),
    "Con los pesos contados, las mismas ocho aprenden más.": (
        "With counted weights, the same eight learn more."
    ),
    "aciertos en la prueba, contadas menos con he_normal": (
        "test accuracy, counted minus with he_normal"
    ),
    "Es la misma red, con otros pesos al empezar.": (
        "It is the same network, with other weights at the beginning."
    ),
    "En el tiempo, una matriz de varianza 1/n conserva el estado de cada red.": (
        "In time, a matrix of variance 1/n keeps the state of each network."
    ),
    "factor en que el estado del paso 100 se aparta del primero": (
        "factor by which the state of step 100 is away from the first"
    ),
    "La matriz es siempre la misma, y manda su mayor autovalor.": (
        "The matrix is always the same, and its largest eigenvalue rules."
    ),
    "En el tiempo, una matriz ortogonal conserva el estado de cada red.": (
        "In time, an orthogonal matrix keeps the state of each network."
    ),
    "Todos sus autovalores tienen tamaño 1.": "All its eigenvalues have size 1.",
    "Con el sesgo 1, una LSTM ha olvidado su estado en 50 pasos.": (
        "With the bias at 1, an LSTM has forgotten its state in 50 steps."
    ),
    "lo que queda de un cambio del primer estado": "what is left of a change of the first state",
    "En cada paso queda un 80 %.": "At each step 80% is left.",
    "Con sus pesos por defecto, una capa de atención conserva la señal.": (
        "With its default weights, a layer of attention keeps the signal."
    ),
    "valor eficaz que sale, si entra 1; 128 elementos independientes": (
        "rms that comes out, if 1 goes in; 128 independent elements"
    ),
    "La salida es un promedio, y un promedio de independientes es pequeño.": (
        "The output is an average, and an average of independent ones is small."
    ),
    # --- pairs ---
    "ReLU con He: buena combinación.": "ReLU with He: a good combination.",
    "Buenas combinaciones: ReLU + He": "Good combinations: ReLU + He",
    "aciertos en la prueba; 20 capas, 20 épocas, tasa 0.001": (
        "test accuracy; 20 layers, 20 epochs, rate 0.001"
    ),
    "El factor por capa es 1 en las dos direcciones.": (
        "The factor per layer is 1 in both directions."
    ),
    "Tanh con Xavier: buena combinación.": "Tanh with Xavier: a good combination.",
    "Buenas combinaciones: … Tanh + Xavier": "Good combinations: … Tanh + Xavier",
    "Cerca del cero, tanh es una recta de pendiente 1.": (
        "Near zero, tanh is a straight line of slope 1."
    ),
    "ReLU con Xavier, en redes profundas: mala combinación.": (
        "ReLU with Xavier, in deep networks: a bad combination."
    ),
    "Malas combinaciones: ReLU + Xavier (profundo)": "Bad combinations: ReLU + Xavier (deep)",
    "aciertos con He menos aciertos con Glorot; 20 capas, 20 épocas, tasa 0.001": (
        "accuracy with He minus accuracy with Glorot; 20 layers, 20 epochs, rate 0.001"
    ),
    "El factor por capa es 0.71 en las dos direcciones.": (
        "The factor per layer is 0.71 in both directions."
    ),
    "ReLU con Xavier aprende si la red tiene cuatro capas.": (
        "ReLU with Xavier learns if the network has four layers."
    ),
    "aciertos en la prueba; 4 capas de 64, hasta 10 épocas, tasa 0.003": (
        "test accuracy; 4 layers of 64, up to 10 epochs, rate 0.003"
    ),
    "Con pocas capas, 0.71 por capa todavía la deja aprender, aunque en más épocas que He.": (
        "With few layers, 0.71 per layer still lets it learn, although in more epochs than He."
    ),
    "Sigmoid con una inicialización arbitraria: mala combinación (20 capas).": (
        "Sigmoid with an arbitrary initialization: a bad combination (20 layers)."
    ),
    "Malas combinaciones: … Sigmoid + inicialización arbitraria": (
        "Bad combinations: … Sigmoid + arbitrary initialization"
    ),
    "aciertos en la prueba; 20 capas, σ = 0.125, 10 épocas, tasa 0.03": (
        "test accuracy; 20 layers, σ = 0.125, 10 epochs, rate 0.03"
    ),
    "σ = 0.125 es la de Glorot con 64 unidades.": "σ = 0.125 is that of Glorot with 64 units.",
    "Con menos capas, otra inicialización la rescata (5 capas).": (
        "With fewer layers, another initialization rescues it (5 layers)."
    ),
    "aciertos con σ = 0.7 menos aciertos con σ = 0.125; 5 capas, 10 épocas, tasa 0.03": (
        "accuracy with σ = 0.7 minus accuracy with σ = 0.125; 5 layers, 10 epochs, rate 0.03"
    ),
    "Una σ grande compensa el 1/4 de la pendiente: «arbitraria» hay que precisarlo.": (
        "A large σ makes up for the 1/4 of the slope: “arbitrary” needs to be made precise."
    ),
    # --- relu_variants ---
    "ReLU puede dejar neuronas muertas.": "ReLU can leave dead neurons.",
    "neuronas muertas": "dead neurons",
    "unidades apagadas para todas las imágenes tras 8 épocas; Adam con tasa 0.1": (
        "units off for all images after 8 epochs; Adam with rate 0.1"
    ),
    "Un paso demasiado grande las apaga para todas las imágenes.": (
        "A step that is too large turns them off for all images."
    ),
    "También con una tasa de aprendizaje razonable mueren muchas.": (
        "Many die with a reasonable learning rate too."
    ),
    "unidades apagadas tras 8 épocas menos las que ya lo estaban; Adam con tasa 0.001": (
        "units off after 8 epochs minus those that already were; Adam with rate 0.001"
    ),
    "Pocas o ninguna: no es un mal de ReLU sin más, hace falta una causa.": (
        "Few or none: it is not simply an ailment of ReLU, it takes a cause."
    ),
    "Leaky ReLU deja pasar una parte de los valores negativos.": (
        "Leaky ReLU lets a part of the negative values through."
    ),
    "Leaky ReLU … permitir valores negativos": "Leaky ReLU … allow negative values",
    "menor pendiente en el lado negativo": "smallest slope on the negative side",
    "La misma pendiente, pequeña y positiva, en todo el lado negativo.": (
        "The same slope, small and positive, over the whole negative side."
    ),
    "A sus unidades apagadas les llega gradiente.": "Its off units do receive gradient.",
    "permitir gradiente": "allow gradient",
    "gradiente de las unidades apagadas dividido por el de las demás, media geométrica de las "
    "capas; Adam con tasa 0.1": (
        "gradient of the off units divided by that of the others, geometric mean of the layers; "
        "Adam with rate 0.1"
    ),
    "Con ReLU es exactamente cero; aquí, del mismo orden que el de las demás.": (
        "With ReLU it is exactly zero; here, of the same order as that of the others."
    ),
    "ELU lo hace con una curva suave.": "ELU does it with a smooth curve.",
    "mayor salto de la pendiente entre puntos a distancia 0.01": (
        "largest jump of the slope between points 0.01 apart"
    ),
    "La pendiente no salta en el cero, como sí hace la de ReLU.": (
        "The slope does not jump at zero, as that of ReLU does."
    ),
    "La idea es un pequeño «gradiente negativo» (Leaky ReLU).": (
        "The idea is a small “negative gradient” (Leaky ReLU)."
    ),
    "permitir gradiente negativo pequeño": "allow a small negative gradient",
    "Lo negativo es la entrada; la pendiente es positiva.": (
        "What is negative is the input; the slope is positive."
    ),
    "La idea es un pequeño «gradiente negativo» (ELU).": (
        "The idea is a small “negative gradient” (ELU)."
    ),
    "Así se mitigan las neuronas muertas: Leaky ReLU ahorra la mitad o más.": (
        "That is how dead neurons are mitigated: Leaky ReLU saves half or more."
    ),
    "Mitigar neuronas muertas": "Mitigate dead neurons",
    "parte de las unidades apagadas de ReLU que Leaky ReLU ahorra; Adam con tasa 0.1": (
        "share of the off units of ReLU that Leaky ReLU saves; Adam with rate 0.1"
    ),
    "Con gradiente en el lado negativo, una unidad puede volver.": (
        "With a gradient on the negative side, a unit can come back."
    ),
    "Así se mitigan las neuronas muertas: ELU ahorra la mitad o más.": (
        "That is how dead neurons are mitigated: ELU saves half or more."
    ),
    "parte de las unidades apagadas de ReLU que ELU ahorra; Adam con tasa 0.1": (
        "share of the off units of ReLU that ELU saves; Adam with rate 0.1"
    ),
    "Lejos del cero la pendiente de ELU se aplana, y con ella la ayuda.": (
        "Far from zero the slope of ELU flattens, and the help with it."
    ),
    # --- stability ---
    "Sin gradiente, ganar profundidad hunde la red.": (
        "Without gradient, gaining depth sinks the network."
    ),
    "Antes de redes profundas: asegúrate de que el gradiente fluye": (
        "Before deep networks: make sure that the gradient flows"
    ),
    "aciertos con 4 capas menos aciertos con 20; ReLU con Glorot, 64 unidades, parada al 90 % o "
    "tras 10 épocas, tasa 0.003": (
        "accuracy with 4 layers minus accuracy with 20; ReLU with Glorot, 64 units, stopped at "
        "90% or after 10 epochs, rate 0.003"
    ),
    "Más capas, menos gradiente en las primeras.": "More layers, less gradient in the first ones.",
    "Con gradiente también la hunde.": "With gradient it sinks it too.",
    "aciertos con 4 capas menos aciertos con 20; ReLU con He, 64 unidades, parada al 90 % o tras "
    "10 épocas, tasa 0.003": (
        "accuracy with 4 layers minus accuracy with 20; ReLU with He, 64 units, stopped at 90% "
        "or after 10 epochs, rate 0.003"
    ),
    "Con factor 1 por capa, veinte capas también llegan al 90 %; tardan más que cuatro.": (
        "With a factor of 1 per layer, twenty layers get to 90% too; they take longer than four."
    ),
    "Activación e inicialización deciden si se puede aprender.": (
        "Activation and initialization decide whether learning is possible."
    ),
    "definen si aprender es posible": "define whether learning is possible",
    "aciertos de ReLU con He menos los de la sigmoide con "
    "Glorot; 20 capas, 20 épocas, tasa 0.001": (
        "accuracy of ReLU with He minus that of the sigmoid with Glorot; 20 layers, 20 epochs, "
        "rate 0.001"
    ),
    "Entre las dos deciden el factor por capa.": "Between them they decide the factor per layer.",
    # --- transformer ---
    "La capa LayerNormalization de Keras deja en 1 el valor eficaz, entre lo que entre.": (
        "Keras's layer LayerNormalization leaves the rms at 1, whatever goes in."
    ),
    "valor eficaz que sale cuando entra 0.01": "rms that comes out when 0.01 goes in",
    "Su ε, 0.001, pesa ahí diez veces más que la varianza.": (
        "Its ε, 0.001, weighs ten times more than the variance there."
    ),
    "Con la norma después de la suma, el gradiente del último bloque no depende de la "
    "profundidad.": (
        "With the norm after the sum, the gradient of the last block does not depend on depth."
    ),
    "gradiente de los pesos del último bloque: con 48 bloques dividido por con 2": (
        "weight gradient of the last block: with 48 blocks divided by with 2"
    ),
    "La norma deja el flujo en tamaño 1, haya los bloques que haya.": (
        "The norm leaves the stream at size 1, however many blocks there are."
    ),
    "Con la norma antes de la rama, tampoco.": "With the norm before the branch, nor does it.",
    "Cae como la inversa del tamaño del flujo, que crece con los bloques.": (
        "It falls as the inverse of the size of the stream, which grows with the blocks."
    ),
    "Si las ramas se dividen por la raíz de su número, el flujo residual crece lo mismo con más "
    "bloques.": (
        "If the branches are divided by the root of their number, the residual stream grows as "
        "much with more blocks."
    ),
    "cuadrado medio del flujo al salir: con 24 bloques dividido por con 6": (
        "mean square of the outgoing stream: with 24 blocks divided by with 6"
    ),
    "2N ramas que añaden como mucho 1/(2N) cada una suman como mucho 1.": (
        "2N branches that add at most 1/(2N) each add up to at most 1."
    ),
    "Con atención sola, tres bloques bastan para confundir los tokens.": (
        "With attention alone, three blocks are enough to make the tokens alike."
    ),
    "lo que distingue a dos tokens (1 menos su correlación) tras tres bloques": (
        "what tells two tokens apart (1 minus their correlation) after three blocks"
    ),
    "Cada bloque eleva al cubo lo que los distingue, y lo divide por cuántos son.": (
        "Each block cubes what tells them apart, and divides it by how many they are."
    ),
    "Con la ganancia justa, una pila de SwiGLU conserva el tamaño, entre lo que entre.": (
        "With just the right gain, a stack of SwiGLU keeps the size, whatever goes in."
    ),
    "cuadrado medio tras cinco capas dividido por el que entra, que es 0.5": (
        "mean square after five layers divided by the incoming one, which is 0.5"
    ),
    "La puerta se cierra cuanto menos entra: el punto fijo repele.": (
        "The less goes in, the more the gate closes: the fixed point repels."
    ),
    "El calentamiento ayuda a Adam cuando la norma va después de la suma.": (
        "Warm-up helps Adam when the norm comes after the sum."
    ),
    "aciertos que gana el calentamiento; 4 bloques, 120 pasos, tasa de 0.01": (
        "accuracy gained by warm-up; 4 blocks, 120 steps, rate of 0.01"
    ),
    "Los primeros pasos de Adam miden lo que la tasa, sea cual sea el gradiente.": (
        "The first steps of Adam are as long as the rate, whatever the gradient."
    ),
    "Sin él y con la misma tasa se aprende más con la norma antes de la rama.": (
        "Without it and at the same rate, more is learned with the norm before the branch."
    ),
    "aciertos sin remedio con la norma antes menos con la norma después; 4 bloques, 120 pasos, "
    "tasa de 0.01": (
        "accuracy without a remedy, norm before minus norm after; 4 blocks, 120 steps, rate of 0.01"
    ),
    "Para ella esa tasa no es demasiado grande.": "For it that rate is not too large.",
    # --- width ---
    "Con Adam, un paso cambia más una capa ancha.": (
        "With Adam, one step changes a wide layer more."
    ),
    "potencia de la anchura con que crece lo que cambia la capa 3 por sus pesos; estándar, de 32 "
    "a 512 unidades": (
        "power of the width with which the change of layer 3 through its weights grows; "
        "standard, from 32 to 512 units"
    ),
    "Cada peso se mueve lo mismo, y una unidad suma tantos como entradas tiene.": (
        "Each weight moves equally far, and a unit sums as many as it has inputs."
    ),
    "Con μP la cambia lo mismo.": "With μP it changes it equally.",
    "la misma potencia, con μP": "the same power, with μP",
    "La tasa de la capa se divide por lo que crece la suma.": (
        "The rate of the layer is divided by what the sum grows by."
    ),
    "La mejor tasa de Adam baja con la anchura.": "The best rate of Adam goes down with the width.",
    "potencia de la anchura con que va la tasa de la menor pérdida; estándar, 2 épocas, de 32 a "
    "512 unidades": (
        "power of the width with which the rate of the smallest loss goes; standard, 2 epochs, "
        "from 32 to 512 units"
    ),
    "Lo que un paso cambia crece como la anchura, y la tasa tiene que compensarlo.": (
        "What one step changes grows as the width, and the rate has to make up for it."
    ),
    "Con μP se acerca más a quedarse quieta que a ir como 1/n.": (
        "With μP it is closer to standing still than to going as 1/n."
    ),
    "La compensación va dentro, capa por capa.": "The compensation is built in, layer by layer.",
    "La mejor tasa es la misma con 64 y con 512 unidades.": (
        "The best rate is the same with 64 and with 512 units."
    ),
    "mejor tasa con 64 unidades dividida por la mejor con 512; estándar, 2 épocas": (
        "best rate with 64 units divided by the best with 512; standard, 2 epochs"
    ),
    "El mínimo se ha ido a una tasa mucho menor.": "The minimum has gone to a much smaller rate.",
    "Con μP y su mejor tasa se aprende más que con la estándar y la suya.": (
        "With μP and its best rate, more is learned than with the standard one and its own."
    ),
    "menor pérdida con μP dividida por la menor con la estándar; 512 unidades, 2 épocas": (
        "smallest loss with μP divided by the smallest with the standard one; 512 units, 2 epochs"
    ),
    "μP traslada la búsqueda de una red estrecha; no la mejora.": (
        "μP carries over the search made in a narrow network; it does not improve it."
    ),
    "Con la parametrización NTK los rasgos se mueven cada vez menos.": (
        "With the NTK parametrization the features move less and less."
    ),
    "potencia de la anchura con que va el cambio relativo de la capa 3 al entrenar; SGD, 3 "
    "épocas, de 32 a 512 unidades": (
        "power of the width with which the relative change of layer 3 in training goes; SGD, 3 "
        "epochs, from 32 to 512 units"
    ),
    "Cuantas más unidades hay, menos necesita moverse cada una.": (
        "The more units there are, the less each needs to move."
    ),
    "Con μP se mueven lo mismo.": "With μP they move equally far.",
    "Es la parametrización que mueve todas las capas sin que ninguna se dispare.": (
        "It is the parametrization that moves all layers without any of them blowing up."
    ),
    # --- xavier ---
    "Xavier mantiene la varianza de las activaciones (capas cuadradas).": (
        "Xavier keeps the variance of the activations (square layers)."
    ),
    "preservar varianza de activaciones": "preserve the variance of activations",
    "señal de la capa 20 dividida por la de la capa 1; capas lineales de 128": (
        "signal of layer 20 divided by that of layer 1; linear layers of 128"
    ),
    "Con tantas entradas como salidas, 2/(entradas + salidas) es 1/n.": (
        "With as many inputs as outputs, 2/(inputs + outputs) is 1/n."
    ),
    "Xavier mantiene la varianza de los gradientes (capas cuadradas).": (
        "Xavier keeps the variance of the gradients (square layers)."
    ),
    "preservar varianza de gradientes": "preserve the variance of gradients",
    "δ en la capa 1 dividido por δ en la capa 20; capas lineales de 128": (
        "δ in layer 1 divided by δ in layer 20; linear layers of 128"
    ),
    "La misma cuenta, en la otra dirección.": "The same count, in the other direction.",
    "Mantiene la varianza de las activaciones también cuando la anchura oscila.": (
        "It keeps the variance of the activations also when the width oscillates."
    ),
    "señal de la capa 20 dividida por la de la capa 1; capas lineales de 256 y 32": (
        "signal of layer 20 divided by that of layer 1; linear layers of 256 and 32"
    ),
    "La media de dos anchuras no es ninguna de las dos.": (
        "The mean of two widths is neither of them."
    ),
    "Mantiene la varianza de los gradientes también cuando la anchura oscila.": (
        "It keeps the variance of the gradients also when the width oscillates."
    ),
    "δ en la capa 1 dividido por δ en la capa 20; capas lineales de 256 y 32": (
        "δ in layer 1 divided by δ in layer 20; linear layers of 256 and 32"
    ),
    "En un embudo, conserva lo mismo a la ida que a la vuelta.": (
        "In a funnel, it keeps as much on the way forward as on the way back."
    ),
    "lo que conserva la ida dividido por lo que conserva la vuelta; de 512 a 16": (
        "what the way forward keeps divided by what the way back keeps; from 512 to 16"
    ),
    "Queda a mitad de camino de las dos condiciones, y no empeora con la profundidad.": (
        "It stays halfway between the two conditions, and does not get worse with depth."
    ),
    "Xavier funciona bien con tanh.": "Xavier works well with tanh.",
    "Funciona bien con: Tanh": "Works well with: Tanh",
    "Tanh es casi la recta que Glorot y Bengio supusieron.": (
        "Tanh is almost the straight line that Glorot and Bengio assumed."
    ),
    "Xavier funciona bien con la sigmoide.": "Xavier works well with the sigmoid.",
    "Funciona bien con: … Sigmoid": "Works well with: … Sigmoid",
    "Glorot y Bengio (2010, sección 5) ya desaconsejan la sigmoide.": (
        "Glorot and Bengio (2010, section 5) already advise against the sigmoid."
    ),
    # --- what is put together ---
    "Las demás afirmaciones ({})": "The other statements ({})",
    "{} es el intervalo de confianza del 95% sobre {} semillas": (
        "{} is the 95% confidence interval over {} seeds"
    ),
    "✓ {}": "✓ {}",
    "~ {}": "~ {}",
    "✗ {}": "✗ {}",
    "En {} está la regla de cada fila": "The rule of each row is in {}",
    "En {} están la regla de cada fila y {}, {}": "The rule of each row and {1}, {2}, are in {0}",
    "{} puntos": "{} points",
    "profundo": "deep",
    "Malas combinaciones": "Bad combinations",
    "Buenas combinaciones": "Good combinations",
    "{} a {} puntos": "{} to {} points",
    "La de ReLU sube a veces; la de tanh, casi nunca": (
        "That of ReLU goes up sometimes; that of tanh, hardly ever"
    ),
    "La sigmoide, aquí, no aprende": "The sigmoid, here, does not learn",
}

#: Names that read the same in both.
SAME = (
    "unexpected",
    "theories",
    "separable",
    "pre",
    "swiglu",
    "ntk",
    "accordion",
    "funnel",
)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("el inglés de estos experimentos")
