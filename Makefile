# The environment is .venv, made when a target first needs it. Name another Python with PYTHON=.

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/ready
TAUGHT := $(VENV)/taught
RUN := $(VENV)/bin/python -m
OPTIONS := -n --keep-going -j auto -q
BOOK := -c . book _build/html $(OPTIONS)
ENGLISH := -c . book/en _build/html/en $(OPTIONS)

# The C library of Linux gives freed memory back to the system and asks for it again at every
# pass through a network; keeping it saves a third of the pass.
export MALLOC_TRIM_THRESHOLD_ := 268435456
export MALLOC_MMAP_THRESHOLD_ := 33554432

.DEFAULT_GOAL := help
.PHONY: help html untold stamp test backends bench serve notebooks linkcheck findings libraries lint format lock clean distclean FORCE

help: ## Muestra esta lista
	@echo "Uso: make OBJETIVO [PYTHON=python3.12]"
	@sed -n 's/^\([a-z]*\):.*## /  \1\t/p' Makefile | expand -t 14

html: $(TAUGHT) ## Construye el libro en _build/html, y en inglés en _build/html/en
	@echo "Construyendo el libro; la primera vez se ejecutan todos los experimentos…"
	@$(RUN) sphinx $(BOOK) -W $(if $(CI),-E)
	@BOOK_LANG=en $(RUN) sphinx $(ENGLISH) -W $(if $(CI),-E)
	@echo "El libro está en $(CURDIR)/_build/html/index.html"

test: lint html ## Revisa el código, construye el libro y pasa las pruebas
	@$(RUN) pytest -n auto --maxprocesses 4 --dist loadfile

# An environment for each other backend of Keras, outside of .venv, with the same versions. What
# needs TensorFlow itself (its data, its tapes) is skipped there. By pip even where there is uv,
# which would look for all packages where PyTorch has its own. That place is asked for PyTorch
# alone, whose build for processors is 0.9 GB with all that it needs; the index of Python has only
# the one for NVIDIA's cards, of several GB, which does not start without their libraries.
BACKENDS := _build/backends
JAX := jax==0.10.2
TORCH := torch==2.13.0
PACKAGES := keras numpy pandas matplotlib scikit-learn scipy joblib filelock tqdm beautifulsoup4 \
  pytest pytest-xdist
CPU := $(if $(filter Linux,$(shell uname -s)),--extra-index-url https://download.pytorch.org/whl/cpu)

backends: $(addprefix backend-,$(or $(ONLY),jax torch)) ## Pasa las pruebas de latido con JAX y con PyTorch (solo uno: ONLY=jax)

# What JAX has compiled is kept for the next time.
backend-jax backend-torch: backend-%: $(BACKENDS)/%/ready
	@echo "Probando latido con $*; lleva unos minutos…"
	@KERAS_BACKEND=$* JAX_COMPILATION_CACHE_DIR=$(CURDIR)/$(BACKENDS)/$*/compiled \
	  JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS=0 OMP_NUM_THREADS=1 \
	  $(BACKENDS)/$*/bin/python -m pytest -p no:cacheprovider -o addopts=-ra -q \
	  -n auto --maxprocesses 4 --dist loadfile tests/latido

backend-%:
	@echo "No hay pruebas con «$*»: los que hay son jax y torch" >&2; exit 1

$(BACKENDS)/%/ready: constraints.txt
	@echo "Preparando el entorno de $*; tarda unos minutos…"
	@rm -rf $(@D) && $(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
	  $(PACKAGES) $(if $(filter jax,$*),$(JAX))
	@$(if $(filter torch,$*),$(@D)/bin/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps $(CPU) $(TORCH) && $(@D)/bin/python -m pip install --quiet \
	  --disable-pip-version-check -c constraints.txt $(TORCH))
	@touch $@

bench: html ## Mide los tiempos y los compara con sus objetivos (solo unos: ONLY=probe)
	@echo "Midiendo; todo lleva cuarenta minutos en una máquina que no haga otra cosa…"
	@$(RUN) pytest tests/benchmarks -o python_files='bench_*.py' -o python_functions='bench_*' \
	  -qq -rfE -p benchmark --benchmark-quiet --benchmark-storage=_build/benchmarks \
	  --benchmark-json=_build/bench.json $(if $(ONLY),-k '$(ONLY)')

serve: $(READY) ## Abre el libro en el navegador y lo rehace cuando guardas un cambio
	@$(RUN) sphinx_autobuild $(BOOK) --watch snippets --watch conf.py \
	  --re-ignore '__pycache__|/\.' --port 0 --open-browser

notebooks: html ## Deja los capítulos como cuadernos ya ejecutados
	@echo "Los cuadernos están en $(CURDIR)/_build/jupyter_execute"

linkcheck: $(READY) ## Comprueba los enlaces a otros sitios
	@$(RUN) sphinx -b linkcheck -c . book _build/linkcheck -W -n --keep-going -j auto -q

findings: ## Repite los hallazgos sobre programas ajenos (solo unos: ONLY="nombre otro")
	@$(PYTHON) findings $(ONLY)

libraries: ## Mide qué sortea cada biblioteca (solo unas: ONLY="pytorch mlx")
	@$(PYTHON) findings/libraries $(ONLY)

untold: $(READY) ## Enumera los textos del código que no tienen inglés (solo unos: ONLY="signals pairs")
	@$(VENV)/bin/python book/_ext/untold.py $(ONLY)

stamp: $(READY) ## Apunta que las páginas inglesas cuentan las de hoy (solo unas: ONLY=07-xavier)
	@$(VENV)/bin/python book/_ext/twins.py $(or $(ONLY),all)

lint: $(READY) ## Revisa el estilo del código
	@$(RUN) ruff check --quiet
	@$(RUN) ruff format --check --quiet

format: $(READY) ## Corrige el estilo del código
	@$(RUN) ruff check --fix --quiet
	@$(RUN) ruff format --quiet

lock: ## Rehace constraints.txt (necesita uv)
	@sed -n '/^#/p' constraints.txt > constraints.new
	@uv pip compile --quiet --universal --python-version 3.11 --upgrade \
	  --no-annotate --no-header --no-emit-index-url requirements.txt >> constraints.new
	@mv constraints.new constraints.txt

clean: ## Borra lo construido y lo medido
	@rm -rf _build build snippets/*.egg-info .pytest_cache .ruff_cache
	@find book snippets tests -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## Borra además el entorno .venv
	@rm -rf $(VENV)

# The environment is made again when the packages change, when its Python is gone, and when
# PYTHON asks for another version. An unfinished one has no $(READY).
VERSION := -c 'import sys; print(sys.version)'
HAS := $(shell $(VENV)/bin/python $(VERSION) 2>/dev/null)
WANTS := $(if $(filter file,$(origin PYTHON)),$(HAS),$(shell $(PYTHON) $(VERSION) 2>/dev/null))
SUPPORTED := -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

$(READY): requirements.txt constraints.txt $(if $(HAS),$(if $(filter-out $(WANTS),$(HAS)),FORCE),FORCE)
	@$(PYTHON) $(SUPPORTED) 2>/dev/null || { \
	  echo "Hace falta Python 3.11, 3.12 o 3.13, y «$(PYTHON)» no lo es" \
	    "($$($(PYTHON) --version 2>/dev/null || echo no responde)). Indica otro: make html PYTHON=python3.12" >&2; \
	  exit 1; }
	@echo "Preparando el entorno en .venv; tarda unos minutos…"
	@rm -rf $(VENV)
	@if command -v uv >/dev/null; then \
	  $(PYTHON) -m venv --without-pip $(VENV) && \
	  uv pip install --quiet --python $(VENV)/bin/python -r requirements.txt -c constraints.txt; \
	else \
	  $(PYTHON) -m venv $(VENV) && \
	  $(RUN) pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt; \
	fi
	@touch $@

# An experiment is run by its path from any folder, and Python looks only beside it for the rest.
TEACH := 'import runpy; runpy.run_path("snippets/__main__.py")["teach_environment"]()'

$(TAUGHT): $(READY) $(wildcard snippets/__main__.py)
	@$(VENV)/bin/python -c $(TEACH)
	@touch $@
