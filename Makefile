# Everything a fresh machine needs comes with the first target: make e2e, make test.
PYTHON ?= python3
LAB ?= auto
PROFILE ?= poc
PYTEST_ARGS ?=
FAULTS_ARGS ?=
FIRMWARE_ARGS ?=
COUNT ?= 50
RELEASES ?= bullseye bookworm trixie forky
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SYSTEM := $(VENV)/.system
KIND_READY := $(VENV)/.kind-ready

# What a lab's machine needs beside the suite: engines and images, or an Orchestrator to rehearse on.
BRING_UP = $(if $(filter kind,$(LAB)),tools/kind-lab)
ifeq ($(LAB),orchestrator-rehearsal)
BRING_UP = tools/kind-lab $(BIN)/python -m tests.rehearsal
endif

.PHONY: help e2e kind-image image test faults explain-faults firmware firmware-releases public-cases machines machine-faults storm-faults bmc soak test-kind in-kind-lab rehearsal nightly-rehearsal nightly-sample in-nightly-cluster control-plane browser verdicts lint unit coverage fuzz bench bench-labs bench-storm bench-segments bench-explain bench-image bench-job storm storm-picture clean lock format distclean contracts
.DEFAULT_GOAL := help

help:  ## Say what can be made
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-17s %s\n", $$1, $$2}'

e2e: $(READY) $(SYSTEM) $(if $(filter kind orchestrator%,$(LAB)),$(KIND_READY))  ## Verify the DHCP server end to end (LAB=kind, PROFILE=poc-fixed, PYTEST_ARGS=…)
	$(BRING_UP) $(BIN)/pytest -m e2e --lab=$(LAB:-rehearsal=) --profile=$(PROFILE) $(PYTEST_ARGS)

kind-image:  ## Build the kind node image and the DHCP server's, where no registry can be reached
	images/engine.sh start
	images/dhcp-server/build.sh
	images/kind-node/build.sh

image:  ## Build the image of the suite, for a Pod on the segment (images/README.md)
	images/engine.sh start
	images/edgeboot/build.sh

test: lint unit  ## Run all tests of the project: lint, unit, and e2e in the embedded lab
	$(BIN)/pytest -m e2e --lab=netns --profile=poc
	$(BIN)/pytest -m e2e --lab=netns --profile=poc-fixed
	$(BIN)/pytest -m e2e --lab=netns --profile=proxydhcp
	$(BIN)/pytest -m "e2e and storm" --lab=netns --profile=poc-fixed
	@tools/prometheus promtool
	@tools/system-packages harness
	$(BIN)/pytest -m harness
	@tools/system-packages faults
	$(BIN)/pytest -m faults
	$(BIN)/pytest -m contracts
	@tools/system-packages machines
	@tools/real-clients
	@tools/firmware
	$(BIN)/pytest -m firmware
	$(BIN)/pytest -m "bmc and not libvirt"
	@tools/system-packages browser
	$(BIN)/pytest -m browser

contracts: $(READY) $(SYSTEM)  ## The suite at COUNT sites made from a seed (COUNT=200 SEED=…)
	$(BIN)/python -m tests.contracts --count=$(COUNT) $(if $(SEED),--seed=$(SEED))

faults: $(READY) $(SYSTEM) $(if $(filter kind,$(LAB)),$(KIND_READY))  ## Does the suite catch every known fault? (LAB=kind for those of a cluster)
	@tools/system-packages faults
	$(if $(filter kind,$(LAB)),,tools/good-servers)
	$(if $(filter kind,$(LAB)),tools/kind-lab) $(BIN)/python -m tests.faults --lab=$(if $(filter kind,$(LAB)),kind,netns) --page $(FAULTS_ARGS)

explain-faults: $(READY)  ## What edgeboot explain says of the captures that make faults has kept, beside the causes
	$(BIN)/python -m tests.faults.explained --page $(FAULTS_ARGS)

storm: $(READY) $(SYSTEM) $(if $(filter kind,$(LAB)),$(KIND_READY))  ## The storm that the profile's contract states (LAB=kind, PROFILE=poc-fixed)
	$(if $(filter kind,$(LAB)),tools/kind-lab) $(BIN)/pytest -m "e2e and storm" --lab=$(if $(filter kind,$(LAB)),kind,netns) --profile=$(PROFILE) $(PYTEST_ARGS)

firmware: $(READY) $(SYSTEM)  ## What real clients do with each offer, beside what the suite says; writes docs/firmware.md
	@tools/system-packages machines
	@tools/real-clients
	@tools/firmware
	$(BIN)/python -m tests.firmware --page $(FIRMWARE_ARGS)

firmware-releases: $(READY) $(SYSTEM)  ## The same of the firmware of four releases of Debian; writes docs/firmware-releases.md
	@tools/system-packages machines
	$(BIN)/python -m tests.firmware $(RELEASES:%=--release=%) --page $(FIRMWARE_ARGS)

public-cases: $(READY) $(SYSTEM)  ## What the suite says of other people's troubles and configurations
	@tools/system-packages faults
	$(BIN)/python -m tests.faults --public --page $(FAULTS_ARGS)

machines: $(READY) $(SYSTEM) $(if $(filter kind,$(LAB)),$(KIND_READY))  ## Machines with real firmware boot from the server (LAB=kind for domains of libvirt, PROFILE=…)
	@tools/system-packages machines
	@tools/firmware
	@tools/boot-program
	$(if $(filter kind,$(LAB)),tools/kind-lab) $(BIN)/pytest -m machine --lab=$(if $(filter kind,$(LAB)),kind,netns) --profile=$(PROFILE) $(PYTEST_ARGS)

machine-faults: $(READY) $(SYSTEM)  ## Faults that a machine with real firmware stops by (FAULTS_ARGS='part of a name')
	@tools/system-packages machines
	@tools/firmware
	@tools/boot-program
	$(BIN)/python -m tests.faults --machines $(FAULTS_ARGS)

storm-faults: $(READY) $(SYSTEM) $(if $(filter kind,$(LAB)),$(KIND_READY))  ## Faults that only many nodes at once show (LAB=kind, FAULTS_ARGS='part of a name')
	@tools/system-packages faults
	$(if $(filter kind,$(LAB)),tools/kind-lab) $(BIN)/python -m tests.faults --storms --lab=$(if $(filter kind,$(LAB)),kind,netns) $(FAULTS_ARGS)

bmc: $(READY) $(SYSTEM) $(KIND_READY)  ## Machines of kinds redfish and libvirt, held against an emulated BMC and a libvirtd
	@tools/system-packages machines
	@tools/firmware
	@tools/boot-program
	$(BIN)/pytest -m bmc $(PYTEST_ARGS)

verdicts: $(READY) $(SYSTEM)  ## What the suite says of servers broken by one line, and how soon
	$(BIN)/python -m tests.verdicts

browser: $(READY)  ## The report's page in chromium, on a desk and on a phone
	@tools/system-packages browser
	$(BIN)/pytest -m browser $(PYTEST_ARGS)

soak: $(READY) $(SYSTEM) $(if $(filter kind,$(LAB)),$(KIND_READY))  ## The suite COUNT times, for flakes (COUNT=50)
	$(if $(filter kind,$(LAB)),tools/kind-lab) $(BIN)/python tools/soak --count=$(COUNT) --lab=$(if $(filter kind,$(LAB)),kind,netns) --profile=$(PROFILE) --page=docs/soak.md

test-kind: $(READY) $(SYSTEM) $(KIND_READY)  ## The suite in the kind lab, and what becomes of that lab's failures and killed runs
	tools/kind-lab $(MAKE) --no-print-directory in-kind-lab

in-kind-lab:
	$(BIN)/pytest -m e2e --lab=kind tests/e2e
	$(BIN)/pytest -m kind_harness --numprocesses=0 tests/harness

rehearsal: $(READY) $(SYSTEM) $(KIND_READY)  ## What an Orchestrator's operator may rely on: refusals, and runs killed at any moment
	tools/kind-lab $(BIN)/pytest -m rehearsal --numprocesses=0 --junitxml=evidence/rehearsal.xml $(PYTEST_ARGS) tests/rehearsal
	$(BIN)/python -m tests.rehearsal.page evidence/rehearsal.xml docs/rehearsal.md

control-plane: $(READY) $(SYSTEM) $(KIND_READY)  ## What a real API server makes of our objects, on loopback and without a kubelet
	@test -x $${XDG_CACHE_HOME:-$$HOME/.cache}/edgeboot/kind-node/bin/kubectl || $(MAKE) --no-print-directory kind-image
	$(BIN)/pytest -m control_plane --numprocesses=0 $(PYTEST_ARGS)

nightly-rehearsal: $(READY) $(SYSTEM) $(KIND_READY)  ## The nightly run in a cluster of four nodes: three segments, runs killed, a node drained
	tools/kind-lab $(MAKE) --no-print-directory in-nightly-cluster

nightly-sample: $(READY) $(SYSTEM) $(KIND_READY)  ## The same in a few minutes: a run of each segment, and one that is killed
	tools/kind-lab $(MAKE) --no-print-directory in-nightly-cluster PYTEST_ARGS='-k "test_told or container"'

in-nightly-cluster:
	images/edgeboot/build.sh
	$(BIN)/pytest -m nightly_rehearsal --numprocesses=0 --durations=20 $(PYTEST_ARGS) tests/nightly

lint: $(READY)  ## ruff, mypy --strict, and which room imports which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fuzz: $(READY) $(SYSTEM)  ## Malformed messages made from a seed (PYTEST_ARGS=--fuzz-seed=… for the same again)
	$(BIN)/pytest -m "e2e and slow" --lab=$(LAB) --profile=$(PROFILE) $(PYTEST_ARGS)

unit: $(READY) $(SYSTEM)  ## Tests of the library and the fixtures
	@tools/system-packages captures
	$(BIN)/pytest tests/unit

coverage: $(READY) $(SYSTEM)  ## Write docs/coverage.md anew: which statement is proven by which test
	$(BIN)/pytest --collect-only -qq --lab=netns --coverage-table=docs/coverage.md tests/e2e tests/unit

bench: $(READY) $(SYSTEM)  ## Our own cost per exchange, beside scapy's srp1, and that of a run's evidence
	$(BIN)/python benchmarks/exchange_cost.py
	$(BIN)/python benchmarks/evidence_cost.py

bench-labs: $(READY) $(KIND_READY)  ## From nothing to the first verdict in the kind lab, beside a bare kind create cluster
	tools/kind-lab $(BIN)/python benchmarks/lab_times.py

bench-storm: $(READY) $(SYSTEM)  ## What a storm costs for each node, beside perfdhcp on the same server
	@tools/perfdhcp
	$(BIN)/python -m benchmarks.storm_cost
	$(BIN)/python -m benchmarks.storm_profile

bench-segments: $(READY) $(SYSTEM)  ## What merging the results of many segments costs, beside reading them as JSON alone
	$(BIN)/python -m benchmarks.segments_cost

bench-image: $(READY) image  ## From a container's start to its first packet, beside this clone's
	$(BIN)/python -m benchmarks.image_start

bench-job: $(READY) $(SYSTEM) $(KIND_READY)  ## What 10,000 segments cost a control plane, whose Pods a script completes (JOB_ARGS=…)
	@test -x $${XDG_CACHE_HOME:-$$HOME/.cache}/edgeboot/kind-node/bin/kubectl || $(MAKE) --no-print-directory kind-image
	$(BIN)/python -m benchmarks.indexed_job $(JOB_ARGS)

bench-explain: $(READY)  ## What reading a capture costs for each packet, beside scapy's readers, and explaining it
	$(BIN)/python -m benchmarks.capture_cost
	$(BIN)/python -m benchmarks.explain_cost

storm-picture: $(READY) $(SYSTEM)  ## The drawing of docs/storm.md, of a storm that is made for it
	$(BIN)/edgeboot storm --profile poc --macs consecutive --what-if no-ping --json > .storm.json || test $$? = 1
	$(BIN)/python -m benchmarks.storm_picture < .storm.json > docs/storm.svg
	rm .storm.json

format: $(READY)  ## Put the sources into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY)  ## Pin every dependency anew in requirements.lock, requirements-kind.lock and requirements-image.lock
	$(BIN)/pip install --quiet uv
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --extra dev --extra machines --extra bmc --upgrade pyproject.toml -o requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --all-extras --constraints requirements.lock \
	  pyproject.toml -o requirements-kind.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --python-version 3.11 --python-platform linux \
	  --generate-hashes --no-emit-index-url --extra orchestrator --extra machines --constraints requirements-kind.lock \
	  pyproject.toml -o requirements-image.lock

clean: $(READY)  ## Remove what killed runs left on this machine
	$(BIN)/edgeboot clean

distclean:  ## Remove the virtual environment and everything else that was made here
	rm -rf $(VENV) .tox .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache evidence

$(READY): requirements.lock pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/pyvenv.cfg:
	@tools/system-packages python
	$(PYTHON) -m venv $(VENV)

# libvirt-python is compiled, against the machine's libvirt: only who uses the kind lab needs it.
$(KIND_READY): requirements-kind.lock | $(READY)
	@tools/system-packages kind
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-kind.lock
	@touch $@

$(SYSTEM): tools/system-packages tools/boot-files | $(VENV)/pyvenv.cfg
	@tools/system-packages lab
	@tools/boot-files
	@touch $@
