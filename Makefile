# Digit Playground. `make run` opens the app, `make test` proves it; both do everything from a fresh clone.
#
#   make run        the app; HOST=0.0.0.0 and PORT=8080 say where, else .streamlit/config.toml does; HTTPS=1 encrypts,
#                   with a certificate of its own: browsers warn before the first visit, and then give their camera
#   make test       all tests, with a real browser; TESTS="-k upload" for some of them
#   make check      ruff, formatting and types, without changing a file
#   make format     what ruff can put right by itself
#   make train      trains the network that ships, into models/shipped; TRAIN_OPTIONS="--epochs 3" and the like
#   make probe      writes models/shipped/probe.onnx and gradient.onnx anew, which `make train` does, too: what /inside shows
#   make benchmark  what the README claims, measured here
#   make fuzz       hostile files, states and names, other ones each time: for as long as you let it
#   make load       30, 100 and 200 visitors at once, measured here: a quarter of an hour

.DEFAULT_GOAL := help
.PHONY: fuzz help run test check format train probe benchmark load install-train
.DELETE_ON_ERROR:

BIN := .venv/bin
RUN := .venv/.installed-run
TRAIN := .venv/.installed-train
TEST := .venv/.installed-test
TRAIN_LOG := .venv/install-train.log
HTTPS_FILES := .venv/https

# One pip at a time, though `make run` installs in the background: flock makes the second one wait.
LOCK := $(if $(shell command -v flock),flock .venv/.lock)
# constraints.txt fixes every version, so no set can change what another one installed.
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt
SOURCES := $(wildcard app.py) mnist_core pages tests benchmarks scripts

# Data for training: what lies beside the project, where it does. MNIST_DATA=FOLDER names another MNIST; with
# neither, keras downloads it.
STROKES := $(wildcard ../shared/data/strokes/pendigits-orig.tra)
UNIPEN := $(wildcard ../shared/data/unipen)
NOT_DIGITS := $(wildcard ../shared/data/not_digits)
MNIST_DATA ?= $(abspath $(wildcard ../shared/data/mnist))
ifneq ($(MNIST_DATA),)
export MNIST_DATA
endif

# As many as the network that ships was given: three quarters of an hour on two idle cores.
TRAIN_OPTIONS ?= --epochs 22

help:
	@sed -n 's/^#   //p' Makefile

.venv/.made: scripts/environment
	@scripts/environment
	@touch $@

$(RUN): requirements.txt constraints.txt .venv/.made
	@echo "Installing what the app needs (about half a minute) ..."
	@$(LOCK) $(PIP) --requirement requirements.txt
	@touch $@

$(TRAIN): requirements-train.txt $(RUN)
	@echo "Installing what training needs: tensorflow and its like (a few minutes) ..."
	@$(LOCK) $(PIP) --requirement requirements.txt --requirement requirements-train.txt
	@touch $@

$(TEST): requirements-test.txt $(RUN)
	@echo "Installing what the tests need ..."
	@$(LOCK) $(PIP) --requirement requirements.txt --requirement requirements-test.txt
	@touch $@

install-train: $(TRAIN)

run: $(RUN)
	@if $(MAKE) --no-print-directory --question $(TRAIN) 2>/dev/null; then :; else \
		echo "What training needs is being installed in the background; see $(TRAIN_LOG)."; \
		nice -n 19 setsid $(MAKE) --no-print-directory install-train >$(TRAIN_LOG) 2>&1 </dev/null & \
	fi
	@echo "Starting the app; Ctrl-C stops it."
	@$(if $(HTTPS),scripts/certificate $(HTTPS_FILES) $(HOST))
	@exec $(BIN)/streamlit run app.py $(if $(HOST),--server.address $(HOST)) $(if $(PORT),--server.port $(PORT)) \
		$(if $(HTTPS),--server.sslKeyFile $(HTTPS_FILES)/key.pem --server.sslCertFile $(HTTPS_FILES)/certificate.pem)

test: $(RUN) $(TRAIN) $(TEST)
	@scripts/chromium
	@scripts/postgresql
	@echo "Running the tests ..."
	@$(BIN)/python -m pytest $(if $(TESTS),$(TESTS),--numprocesses 2 --dist loadfile)

check: $(TEST)
	@echo "Checking with ruff ..."
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@echo "Checking types with mypy ..."
	@$(BIN)/mypy

format: $(TEST)
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

train: $(TRAIN)
	@$(BIN)/python -m mnist_core train --recipe best --output models/shipped $(TRAIN_OPTIONS) \
		$(if $(STROKES),--strokes $(STROKES)) \
		$(if $(UNIPEN),--unipen $(UNIPEN)) $(if $(NOT_DIGITS),--not-digits $(NOT_DIGITS))

probe: $(TRAIN)
	@TF_CPP_MIN_LOG_LEVEL=3 $(BIN)/python -m mnist_core.training.probe_graph models/shipped

benchmark: $(TRAIN) $(TEST)
	@mkdir -p docs/measured
	@$(BIN)/python -m benchmarks.accuracy --page docs/accuracy.md --json docs/measured/accuracy.json \
		--sheets docs/mistakes
	@$(BIN)/python -m benchmarks.figures docs/reading
	@$(BIN)/python -m benchmarks.decoding --page docs/decoding.md

fuzz: $(TEST)
	@$(BIN)/python -m pytest tests/hostile --hypothesis-profile=fuzz $(TESTS)

load: $(TEST)
	@mkdir -p docs/measured
	@$(BIN)/python -m benchmarks.load --page docs/load.md --json docs/measured/load.json
	@$(BIN)/python -m benchmarks.speed --page docs/speed.md --json docs/measured/speed.json
