# What can be done here; `make` or `make help` lists it.
# Every command makes the environments that it needs (in .venvs/, from lock files with hashes).

PYTHON ?= python3
ARCH ?= both
PROFILE ?= quick
EXPERIMENTS ?= scaling
SWEEPS ?=
SIZE ?= whole
MINUTES ?= 30
SUITES ?=
UNIT ?=
REF ?= HEAD
JOBS ?= 4
REPETITIONS ?= 5
ONLY ?=
AGAIN ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/sh

# The pid of this make: a command that finds itself without it ends at once.
export STARTED_BY := $(shell echo $$PPID)

# What the caller's shell is set up for doesn't get in, save what says how a network or a terminal is
# reached. `.ci/surroundings.py` does the same for pip and uv, whose indexes and caches do count.
PYTHON_KEPT = PYTHON PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX PYTHONIOENCODING PYTHONUTF8
unexport $(filter-out $(PYTHON_KEPT),$(filter PYTHON%,$(.VARIABLES)))
unexport VIRTUAL_ENV CONDA_PREFIX
unexport $(filter AWS_%,$(.VARIABLES))
# Set where a hook of git calls make; each would name another repository to the git that we call.
unexport GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX GIT_COMMON_DIR GIT_OBJECT_DIRECTORY GIT_NAMESPACE

# Loopback is never requested through a proxy. Clients read the one name or the other.
LOOPBACK = 127.0.0.1,localhost,::1
empty :=
comma := ,
export NO_PROXY := $(subst $(empty) $(empty),$(comma),$(strip $(LOOPBACK) $(NO_PROXY) $(no_proxy)))
export no_proxy := $(NO_PROXY)

# A home that isn't there or can't be written to is replaced for everything started from here.
ifneq ($(shell test -n "$$HOME" && probe=$$(mktemp -d "$$HOME/.probe.XXXXXX" 2>/dev/null) && rmdir "$$probe" && echo usable),usable)
export HOME := $(CURDIR)/.build/home
$(shell mkdir -p .build/home 2>/dev/null)
endif

# Recipes run here, so none has to quote the path of the checkout, whatever characters it holds.
PREFLIGHT = sh .ci/preflight.sh "$(PYTHON)" .
PORTS = "$(PYTHON)" .ci/ports.py .
PREPARE = "$(PYTHON)" .ci/prepare.py
BENCH = exec .venvs/bench/bin/python .ci/interruptible.py

MONOLITH = monolith
MICROSERVICES = accounts submissions recognition
PARTS = backing dynamodb
DEPLOYABLE = $(PARTS) bench $(MONOLITH) $(MICROSERVICES)
# What the isolation experiment runs the suites in, and builds a changed wheel with.
TESTED = $(addsuffix -dev,$(MONOLITH) $(MICROSERVICES) edge imaging) imaging-build

ARCHES_monolith = monolith
ARCHES_microservices = microservices
ARCHES_both = monolith microservices
ARCHES = $(ARCHES_$(ARCH))
UNITS_monolith = $(MONOLITH)
UNITS_microservices = $(MICROSERVICES)
UNITS_both = $(MONOLITH) $(MICROSERVICES)

.PHONY: FORCE help up down logs status compare can-deploy release rollback releases selfcheck test torture reliability soak check conformance fuzz docs findings report pack refresh-patches lock clean known-arch

help: ## list what can be done
	@echo "usage: make COMMAND [ARCH=monolith|microservices|both] [PYTHON=python3.11] …"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

known-arch:
	@case "$(ARCH)" in monolith | microservices | both) ;; *) \
	  echo "There is no ARCH=$(ARCH): say monolith, microservices or both." >&2; exit 1 ;; esac

up: known-arch ## leave ARCH running (PORT_MONOLITH=8080, PORT_MICROSERVICES=8081) and say how to use it
	@$(PREFLIGHT)
	@$(PORTS) up $(ARCHES)
	@$(PREPARE) $(PARTS) bench $(UNITS_$(ARCH))
	@$(BENCH) benchmarks.targets up $(ARCHES)

down: known-arch ## end what `make up` left running
	@if test -x .venvs/bench/bin/python; then $(BENCH) benchmarks.targets down $(ARCHES); \
	else echo "Nothing is up."; fi

logs: known-arch ## follow the logs of what is up, until Ctrl-C
	@if test -x .venvs/bench/bin/python; then $(BENCH) benchmarks.targets logs $(ARCHES); \
	else echo "Nothing is up."; fi

status: known-arch ## list the processes of what is up
	@if test -x .venvs/bench/bin/python; then $(BENCH) benchmarks.targets status $(ARCHES); \
	else echo "Nothing is up."; fi

# A run that goes on, or targets of one's own, may need nothing of ours but the image server's port.
compare: ## deploy, prove, load and compare both (PROFILE=… SWEEPS=…), or TARGET_A and TARGET_B
	@$(PREFLIGHT)
	@$(PORTS) compare images $(if $(TARGET_A)$(TARGET_B)$(RESUME),,monolith microservices)
	@$(PREPARE) $(if $(TARGET_A)$(TARGET_B),bench,$(DEPLOYABLE)) $(if $(API),,conformance) \
	  $(if $(findstring isolation,$(EXPERIMENTS)),$(TESTED))
	@$(BENCH) benchmarks compare --profile "$(PROFILE)" --experiments "$(EXPERIMENTS)" \
	  --sweeps "$(SWEEPS)" --target-a "$(TARGET_A)" --target-b "$(TARGET_B)" --api "$(API)" --rates "$(RATES)" \
	  --image-server "$(IMAGE_SERVER)" $(if $(SEED),--seed "$(SEED)") \
	  $(if $(RESUME),--resume "$(RESUME)") $(if $(SHARE_CORE),--share-core)

can-deploy: ## say whether a commit of one unit agrees with what runs of the others (UNIT=… [REF=HEAD])
	@$(PREFLIGHT)
	@$(PREPARE) bench imaging-build
	@$(BENCH) benchmarks.targets.releases can-deploy "$(UNIT)" "$(REF)"

release: ## bring a commit of one unit into service while it serves (UNIT=… [REF=HEAD] [ANYWAY=1])
	@$(PREFLIGHT)
	@$(PREPARE) bench imaging-build
	@$(BENCH) benchmarks.targets.releases release "$(UNIT)" "$(REF)" $(if $(ANYWAY),anyway)

rollback: ## bring what served before into service again (UNIT=…)
	@$(PREFLIGHT)
	@$(PREPARE) bench imaging-build
	@$(BENCH) benchmarks.targets.releases rollback "$(UNIT)"

releases: ## say which version of each unit serves, and since when
	@$(PREFLIGHT)
	@$(PREPARE) bench
	@$(BENCH) benchmarks.targets.releases list

selfcheck: ## hold the harness against planted truths (SIZE=short for some of them)
	@$(PREFLIGHT)
	@$(PORTS) selfcheck monolith
	@$(PREPARE) $(PARTS) bench $(MONOLITH)
	@$(BENCH) benchmarks selfcheck --size "$(SIZE)"

test: ## run the tests of the repository (SUITES=name,… for some)
	@$(PREFLIGHT)
	@exec "$(PYTHON)" .ci/test.py $(if $(SUITES),--only "$(SUITES)")

torture: ## run the tests that kill, overload, plant and simulate
	@$(PREFLIGHT)
	@exec "$(PYTHON)" .ci/test.py --torture

soak: known-arch ## load ARCH for MINUTES and report what grows: memory, files, connections, keys, objects
	@$(PREFLIGHT)
	@$(PREPARE) $(PARTS) bench $(UNITS_$(ARCH))
	@$(BENCH) benchmarks.soak --minutes "$(MINUTES)" $(ARCHES)

reliability: known-arch ## run the rows of the reliability tables (ARCH=, JOBS=4, REPETITIONS=5, ONLY=…, AGAIN=red)
	@$(PREFLIGHT)
	@$(PREPARE) $(DEPLOYABLE) bench-dev imaging-build
	@$(BENCH) benchmarks.reliability run --jobs "$(JOBS)" --repetitions "$(REPETITIONS)" \
	  --only "$(ONLY)" $(foreach it,$(ARCHES),--architecture $(it)) $(if $(AGAIN),--again-red) \
	  $(if $(RESULTS),--results "$(RESULTS)")

check: ## lint, types, import boundaries, locks, edge configurations, docs
	@$(PREFLIGHT)
	@exec "$(PYTHON)" .ci/check.py

conformance: ## hold any base URL against the contract (BASE_URL=… [IMAGE_SERVER=…])
	@$(PREFLIGHT)
	@test -n "$(BASE_URL)" || { echo "Say which: make conformance BASE_URL=http://127.0.0.1:8080" >&2; exit 1; }
	@$(PREPARE) conformance
	@cd shared/conformance && exec ../../.venvs/conformance/bin/python -m pytest -q -p no:cacheprovider \
	  --base-url "$(BASE_URL)" $(if $(IMAGE_SERVER),--image-server "$(IMAGE_SERVER)")

fuzz: ## generate 10 000 requests and 100 sequences of calls against any base URL (BASE_URL=… [SEED=…])
	@$(PREFLIGHT)
	@test -n "$(BASE_URL)" || { echo "Say which: make fuzz BASE_URL=http://127.0.0.1:8080" >&2; exit 1; }
	@$(PREPARE) conformance
	@cd shared/conformance && exec timeout --foreground 3600 ../../.venvs/conformance/bin/python -m pytest -q \
	  -p no:cacheprovider cases/test_schemathesis.py cases/test_state_machine.py \
	  --base-url "$(BASE_URL)" $(if $(IMAGE_SERVER),--image-server "$(IMAGE_SERVER)") \
	  --schemathesis-examples=1000 --state-machine-examples=100 --fuzz-seed=$(or $(SEED),random) \
	  --fuzz-failures=../../.build/fuzz-failures.jsonl

docs: ## draw the diagrams, update the answers, and build the site into docs/_build/html
	@$(PREFLIGHT)
	@$(PREPARE) docs
	@cd docs && ../.venvs/docs/bin/python -m generation && ../.venvs/docs/bin/sphinx-build -q -W -b html . _build/html && echo "docs/_build/html/index.html"

findings: ## generate the findings pages and their figures from the committed runs, into docs
	@$(PREFLIGHT)
	@$(PREPARE) bench
	@$(BENCH) benchmarks.report.findings

report: ## draw a report again from its raw data (RESULTS=…), or set two side by side (AGAINST=…)
	@$(PREFLIGHT)
	@test -n "$(RESULTS)" || { echo "Say which: make report RESULTS=benchmarks/results/<run>" >&2; exit 1; }
	@$(PREPARE) bench
	@$(BENCH) benchmarks report "$(RESULTS)" $(if $(AGAINST),--against "$(AGAINST)")

pack: ## pack the raw files of a finished run into one file, checked against its report (RESULTS=…)
	@$(PREFLIGHT)
	@test -n "$(RESULTS)" || { echo "Name a run: make pack RESULTS=benchmarks/results/<run>" >&2; exit 1; }
	@$(PREPARE) bench
	@$(BENCH) benchmarks pack "$(RESULTS)"

refresh-patches: ## re-make the experiments' code changes where the product's text moved
	@$(PREFLIGHT)
	@$(PREPARE) bench
	@$(BENCH) benchmarks.experiments.catalogue

lock: ## make the lock files anew (PROJECTS='benchmarks docs' for some)
	@$(PREFLIGHT)
	@$(PREPARE) --wheel uv lint
	@exec .venvs/lint/bin/python .ci/lock.py $(PROJECTS)

.venvs/%: FORCE
	@$(PREFLIGHT)
	@$(PREPARE) $*

clean: ## remove environments, builds, logs and data (results are kept); ends what is up first
	@$(MAKE) down ARCH=both
	rm -rf .venvs .build .run
