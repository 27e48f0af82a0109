"""How fast the laboratory answers and trains, in Chromium, on one core.

WebAssembly has four lanes, and TensorFlow takes sixteen where the processor has them: of the 47 ms
of an epoch (21 of the trainer, AMD EPYC, 30 Nov 2026) the products of matrices alone were 43, at
60 GFLOP/s, which is what two units of four lanes can do. Behind a ReLU they leave out the zeros
since, half of what they had to do: 33 ms. Other activations still take the 47. To list what is not
zero, one number after another, was a sixteenth of that: 2.13 × the trainer, and 1.9 to 1.99 since
four are looked at together (in turn on one core that others used too, 1 Dec 2026). Two numbers of
the list in each turn of its loop were slower, by 4 %; eight of a sweep, or each exp of a softmax
only once, no faster.

TensorFlow.js is compared with if it is in _build/tfjs:

    npm install --prefix _build/tfjs @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
"""

import base64

import numpy as np
import pytest
from clock import ROOT, in_turn, ratios, seconds
from visits import visit

import laboratory

PAGE = "laboratorio.html"
READY = "#laboratory-before[aria-busy=false] .reading p"
TFJS = ROOT / "_build" / "tfjs" / "node_modules" / "@tensorflow"
EPOCHS = 5  # of a round

# Milliseconds from the move of a slider to the new figures
SLIDE = """async values => {
    const slider = document.querySelector("#lab-depth")
    const figures = document.querySelector(".laboratory .panels")
    const taken = []
    for (const value of values) {
        const drawn = new Promise(done => new MutationObserver((_, observer) => {
            observer.disconnect()
            done(performance.now())
        }).observe(figures, {childList: true}))
        slider.value = value
        const start = performance.now()
        slider.dispatchEvent(new Event("input"))
        taken.push(await drawn - start)
        while (document.querySelector("[aria-busy=true]")) await new Promise(requestAnimationFrame)
    }
    return taken
}"""

# A training of the canonical network, to be continued epoch by epoch
PREPARE = """async packed => {
    const part = name => import(new URL(`_static/laboratory/${name}.js`, location.href))
    const [{Training}, {load}] = [await part("training"), await part("digits")]
    const network = {activation: "relu", initializer: "he_normal", depth: 20, width: 128,
        bias: 0, seed: 0, optimizer: "sgd", rate: 0.001, epochs: 1e6}
    const digits = window.digits = await load(packed)
    const training = new Training([network], digits)
    window.epoch = () => { do training.advance(false); while (training.step % training.steps) }
}"""
EPOCH = "count => { for (let i = 0; i < count; i++) window.epoch() }"

# The same in TensorFlow.js; with its own initializer, which takes no more and no less time
PREPARE_TFJS = """async backend => {
    tf.wasm.setWasmPaths("/tfjs/")
    await tf.setBackend(backend)
    await tf.ready()
    const model = tf.sequential()
    for (let layer = 0; layer < 20; layer++)
        model.add(tf.layers.dense({units: 128, activation: "relu", kernelInitializer: "heNormal",
            inputShape: layer ? undefined : [64]}))
    model.add(tf.layers.dense({units: 10}))
    const {x, y} = window.digits.train
    const images = tf.tensor2d(x, [y.length, 64]), labels = Array.from(y)
    const optimizer = tf.train.momentum(0.001, 0.9)
    window.epoch = async () => {
        const order = tf.util.createShuffledIndices(y.length)
        for (let start = 0; start + 64 <= y.length; start += 64) {
            const chosen = Array.from(order.subarray(start, start + 64))
            const loss = tf.tidy(() => {
                const batch = tf.gather(images, tf.tensor1d(chosen, "int32"))
                const classes = tf.oneHot(tf.tensor1d(chosen.map(i => labels[i]), "int32"), 10)
                return optimizer.minimize(
                    () => tf.losses.softmaxCrossEntropy(classes, model.apply(batch)), true)
            })
            await loss.data()
            loss.dispose()
        }
    }
    await window.epoch()
}"""
EPOCH_TFJS = "async count => { for (let i = 0; i < count; i++) await window.epoch() }"


def digits():
    """Return the digits as the page has them."""
    return base64.b64encode(laboratory.packed()).decode()


@pytest.fixture
def tab(browser, site):
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.goto(site + PAGE)
    tab.wait_for_selector(READY)
    yield tab
    tab.close()


def bench_slider(benchmark, line, tab):
    depths = [*range(10, 30), *range(30, 10, -1)]
    tab.evaluate(SLIDE, depths)
    taken = []
    benchmark.pedantic(lambda: taken.append(np.median(tab.evaluate(SLIDE, depths))), rounds=3)
    line("laboratorio: lo que tarda en contestar un mando, 20 × 128", "≤ 50 ms", taken)


def bench_epoch(benchmark, line, tab):
    tab.evaluate(PREPARE, digits())
    trained = our_trainer()
    tab.evaluate(EPOCH, EPOCHS)
    page, ours = in_turn(
        benchmark,
        lambda: tab.evaluate(EPOCH, EPOCHS),
        lambda: seconds(lambda: [next(trained) for _ in range(EPOCHS)]),
        5,
    )
    told = f"{1000 * np.median(page) / EPOCHS:.0f} ms entre {1000 * np.median(ours) / EPOCHS:.0f}"
    line(
        "laboratorio: una época, frente al entrenador del libro", "≤ 2 ×", ratios(page, ours), told
    )


def our_trainer():
    """Return the epochs of the book's trainer, one thread, compiled."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    from lab import data, model, training

    trainer = training.Trainer(model.mlp("relu", "he_normal"), data.load())
    epochs = trainer.epochs(1000, parts=["test"])  # as the page does after each epoch
    for _ in range(3):
        next(epochs)
    return epochs


@pytest.mark.parametrize("backend", ["wasm", "cpu"])
def bench_tensorflow_js(benchmark, line, browser, site, tab, backend):
    what = f"laboratorio: una época, frente a TensorFlow.js ({backend})"
    if not TFJS.exists():
        pytest.skip(f"{what}: instala TensorFlow.js, como dice bench_laboratory.py")
    peer = browser.new_page()
    peer.route(
        "**/tfjs/*",
        lambda route: route.fulfill(
            path=TFJS / "tfjs-backend-wasm" / "dist" / route.request.url.rpartition("/")[2],
            content_type="application/wasm",
        ),
    )
    peer.goto(site + PAGE)
    for script in ("tfjs/dist/tf.min.js", "tfjs-backend-wasm/dist/tf-backend-wasm.min.js"):
        peer.add_script_tag(path=TFJS / script)
    for page in (tab, peer):
        page.evaluate(PREPARE, digits())
    peer.evaluate(PREPARE_TFJS, backend)
    tab.evaluate(EPOCH, EPOCHS)
    ours, theirs = in_turn(
        benchmark,
        lambda: tab.evaluate(EPOCH, EPOCHS),
        lambda: EPOCHS * seconds(lambda: peer.evaluate(EPOCH_TFJS, 1)),
        3,
    )
    peer.close()
    told = f"{1000 * np.median(theirs) / EPOCHS:.0f} ms"
    line(what, "≤ 0.333 ×", ratios(ours, theirs), told)


# The longest task of the page, in milliseconds, until a training ends
NOTE_TASKS = """() => {
    window.longest = 0
    new PerformanceObserver(list => {
        for (const {duration} of list.getEntries()) longest = Math.max(longest, duration)
    }).observe({type: "longtask"})
}"""


def bench_page_while_training(benchmark, line, tab):
    taken = []

    def train():
        tab.reload()
        tab.wait_for_selector(READY)
        tab.evaluate(NOTE_TASKS)
        tab.get_by_label("prefiero mirar").check()
        tab.get_by_role("button", name="Entrenar").click()
        tab.wait_for_selector(".outcome:not(:empty)", timeout=120_000)
        taken.append(tab.evaluate("longest"))

    benchmark.pedantic(train, rounds=3)
    line("laboratorio: la tarea más larga de la página, entrenando", "≤ 50 ms", taken)


def bench_weight(benchmark, line, browser, site):
    weights = []
    benchmark.pedantic(lambda: weights.append(visit(browser, site, PAGE)[0] / 1000), rounds=1)
    line("laboratorio: lo que pesa la página", "≤ 400 KB", weights)
