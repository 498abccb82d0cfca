# The commands of this repository; `make` or `make help` lists them.
# Every command makes the environments that it needs (in .venvs/, from lock files with hashes).

PYTHON ?= python3
ARCH ?= both
RECOGNITION ?= celery
PROFILE ?= quick
EXPERIMENTS ?=
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
PRICES ?=
ASSUME ?=
REGION ?=
INTO ?=
PER_DAY ?=
BLOCKS ?= 5
TARGET ?=
CONTEXT ?=
OVERLAY ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/sh

# The pid of this make: a command whose parent is another process ends at once.
export STARTED_BY := $(shell echo $$PPID)

# Settings of the caller's shell are removed, except for those of the network and the terminal. `.ci/surroundings.py` does
# the same for pip and uv, and keeps their indexes and caches.
PYTHON_KEPT = PYTHON PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX PYTHONIOENCODING PYTHONUTF8
unexport $(filter-out $(PYTHON_KEPT),$(filter PYTHON%,$(.VARIABLES)))
unexport VIRTUAL_ENV CONDA_PREFIX
unexport $(filter AWS_%,$(.VARIABLES))
# Set where a git hook calls make; each would point our git commands at another repository.
unexport GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX GIT_COMMON_DIR GIT_OBJECT_DIRECTORY GIT_NAMESPACE

# Loopback is never requested through a proxy. Clients read the one name or the other.
LOOPBACK = 127.0.0.1,localhost,::1
empty :=
comma := ,
export NO_PROXY := $(subst $(empty) $(empty),$(comma),$(strip $(LOOPBACK) $(NO_PROXY) $(no_proxy)))
export no_proxy := $(NO_PROXY)

# A home that is missing or read-only is replaced for everything started from here.
ifneq ($(shell test -n "$$HOME" && probe=$$(mktemp -d "$$HOME/.probe.XXXXXX" 2>/dev/null) && rmdir "$$probe" && echo usable),usable)
export HOME := $(CURDIR)/.build/home
$(shell mkdir -p .build/home 2>/dev/null)
endif

# Recipes run in this folder, so none has to quote the path of the checkout.
PREFLIGHT = sh .ci/preflight.sh "$(PYTHON)" .
PORTS = "$(PYTHON)" .ci/ports.py .
PREPARE = "$(PYTHON)" .ci/prepare.py
BENCH = exec .venvs/bench/bin/python .ci/interruptible.py

ARCHES_monolith = monolith
ARCHES_microservices = microservices
ARCHES_both = monolith microservices
ARCHES = $(ARCHES_$(ARCH))
# Which environments a deployed architecture needs is known to .ci/projects.toml.
DEPLOYED = $(foreach name,$(ARCHES),--deploy $(name))
DEPLOYED_BOTH = --deploy monolith --deploy microservices

.PHONY: FORCE help up down logs status compare can-deploy release rollback releases selfcheck test test-slow test-compose rehearse-kubernetes reliability soak check conformance fuzz docs findings cost plan size-load growth recognizer code-size results-schema profile trace report pack refresh-patches lock clean known-arch known-recognition

help: ## list what can be done
	@echo "usage: make COMMAND [ARCH=monolith|microservices|both] [PYTHON=python3.11] …"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

known-arch:
	@case "$(ARCH)" in monolith | microservices | both) ;; *) \
	  echo "There is no ARCH=$(ARCH): use monolith, microservices or both." >&2; exit 1 ;; esac

known-recognition:
	@case "$(RECOGNITION)" in celery | lambda) ;; *) \
	  echo "There is no RECOGNITION=$(RECOGNITION): use celery or lambda." >&2; exit 1 ;; esac

up: known-arch known-recognition ## start ARCH, leave it running (PORT_MONOLITH=8080, PORT_MICROSERVICES=8081, RECOGNITION=celery|lambda)
	@$(PREFLIGHT)
	@$(PORTS) up $(ARCHES)
	@$(PREPARE) $(DEPLOYED) --recognition "$(RECOGNITION)"
	@$(BENCH) benchmarks up --recognition "$(RECOGNITION)" $(ARCHES)

down: known-arch ## stop what `make up` left running
	@if test -x .venvs/bench/bin/python; then $(BENCH) benchmarks down $(ARCHES); \
	else echo "Nothing is up."; fi

logs: known-arch ## follow the logs of what is up, until Ctrl-C
	@if test -x .venvs/bench/bin/python; then $(BENCH) benchmarks logs $(ARCHES); \
	else echo "Nothing is up."; fi

status: known-arch ## list the processes of what is up
	@if test -x .venvs/bench/bin/python; then $(BENCH) benchmarks status $(ARCHES); \
	else echo "Nothing is up."; fi

# The experiments of a comparison, where none is named; offload alone needs the function's packages.
COMPARED = $(if $(EXPERIMENTS),$(EXPERIMENTS),$(if $(TARGET),platform,$(if $(filter quick,$(PROFILE)),,all)))
ISOLATED = $(if $(EXPERIMENTS),$(subst all,isolation,$(EXPERIMENTS)),$(if $(TARGET),,isolation))
WITH_FUNCTION = $(if $(findstring offload,$(subst all,offload,$(COMPARED))),--recognition lambda)

# A resumed run, or targets of the user's own, need no port of ours but the image server's.
compare: ## compare both by scaling, releases and tests (PROFILE=… EXPERIMENTS=…), TARGET_A and TARGET_B, or on TARGET=compose|kubernetes
	@$(PREFLIGHT)
	@$(PORTS) compare images $(if $(TARGET_A)$(TARGET_B)$(RESUME),,monolith microservices)
	@$(PREPARE) $(if $(TARGET_A)$(TARGET_B),bench,$(DEPLOYED_BOTH) $(WITH_FUNCTION)) $(if $(filter kubernetes,$(TARGET)),deploy) $(if $(API),,conformance) \
	  $(if $(TARGET_A)$(TARGET_B),,$(if $(findstring isolation,$(ISOLATED)),--isolation))
	@$(BENCH) benchmarks compare --profile "$(PROFILE)" --experiments "$(EXPERIMENTS)" \
	  --sweeps "$(SWEEPS)" --target-a "$(TARGET_A)" --target-b "$(TARGET_B)" --api "$(API)" --rates "$(RATES)" \
	  --image-server "$(IMAGE_SERVER)" $(if $(SEED),--seed "$(SEED)") \
	  $(if $(RESUME),--resume "$(RESUME)") $(if $(SHARE_CORE),--share-core) --target-cores "$(TARGET_CORES)" \
	  --target "$(TARGET)" --context "$(CONTEXT)" --overlay "$(OVERLAY)"

can-deploy: ## check a commit of one unit against the running versions of the others (UNIT=… [REF=HEAD])
	@$(PREFLIGHT)
	@$(PREPARE) bench imaging-build
	@$(BENCH) benchmarks can-deploy "$(UNIT)" "$(REF)"

release: ## release a commit of one unit without an interruption (UNIT=… [REF=HEAD] [ANYWAY=1])
	@$(PREFLIGHT)
	@$(PREPARE) bench imaging-build
	@$(BENCH) benchmarks release "$(UNIT)" "$(REF)" $(if $(ANYWAY),anyway)

rollback: ## release the version that served before (UNIT=…)
	@$(PREFLIGHT)
	@$(PREPARE) bench imaging-build
	@$(BENCH) benchmarks rollback "$(UNIT)"

releases: ## list the version of each unit that serves, and since when
	@$(PREFLIGHT)
	@$(PREPARE) bench
	@$(BENCH) benchmarks releases

selfcheck: ## test the harness with effects of known size (SIZE=short for some of them, RESUME=folder)
	@$(PREFLIGHT)
	@$(PORTS) selfcheck monolith
	@$(PREPARE) --deploy monolith
	@$(BENCH) benchmarks selfcheck --size "$(SIZE)" $(if $(RESUME),--resume "$(RESUME)")

test: ## run the tests of the repository (SUITES=name,… for some)
	@$(PREFLIGHT)
	@exec "$(PYTHON)" .ci/test.py $(if $(SUITES),--only "$(SUITES)")

test-slow: ## run the slow tests, which kill processes, overload targets, plant defects and simulate
	@$(PREFLIGHT)
	@exec "$(PYTHON)" .ci/test.py --slow

soak: known-arch ## load ARCH for MINUTES and report what grows: memory, files, connections, keys, objects
	@$(PREFLIGHT)
	@$(PREPARE) $(DEPLOYED)
	@$(BENCH) benchmarks soak --minutes "$(MINUTES)" $(ARCHES)

test-compose: known-arch ## build ARCH, run it with Docker Compose, then release (also bad versions), kill, restart, scale, load and test it (RELEASES=3 [INTO=folder])
	@$(PREFLIGHT)
	@$(PORTS) test-compose $(ARCHES)
	@$(PREPARE) bench conformance
	@$(BENCH) benchmarks rehearse --engine compose $(if $(RELEASES),--releases "$(RELEASES)") \
	  $(if $(INTO),--into "$(INTO)") $(ARCHES)

rehearse-kubernetes: known-arch ## release (also bad versions), kill, restart, scale, load and test ARCH on a cluster for trials (CONTEXT=… OVERLAY=local RELEASES=20 [INTO=folder])
	@$(PREFLIGHT)
	@test -n "$(CONTEXT)" || { echo "Name a context of kubectl: make rehearse-kubernetes CONTEXT=kind-trial" >&2; exit 1; }
	@$(PREPARE) deploy bench conformance
	@$(BENCH) benchmarks rehearse --engine kubernetes --context "$(CONTEXT)" $(if $(OVERLAY),--overlay "$(OVERLAY)") \
	  $(if $(RELEASES),--releases "$(RELEASES)") $(if $(INTO),--into "$(INTO)") $(ARCHES)

reliability: known-arch ## run the rows of the reliability tables (ARCH=, JOBS=4, REPETITIONS=5, ONLY=…, AGAIN=red)
	@$(PREFLIGHT)
	@$(PREPARE) $(DEPLOYED_BOTH) bench-dev imaging-build
	@$(BENCH) benchmarks reliability --jobs "$(JOBS)" --repetitions "$(REPETITIONS)" \
	  --only "$(ONLY)" $(foreach name,$(ARCHES),--architecture $(name)) $(if $(AGAIN),--again-red) \
	  $(if $(RESULTS),--results "$(RESULTS)")

check: ## lint, types, import boundaries, locks, edge configurations, docs
	@$(PREFLIGHT)
	@exec "$(PYTHON)" .ci/check.py

.PHONY: aws-check aws-local
aws-check: ## check the AWS templates with cfn-lint, SAM and checkov, offline (REGION=us-east-1)
	@$(PREFLIGHT)
	@$(PREPARE) deploy deploy-sam deploy-checkov
	@cd shared/deploy && exec ../../.venvs/deploy/bin/python -m aws check $(if $(REGION),"$(REGION)")

aws-local: ## deploy the recognition service's AWS stack to an emulator, recognize one image, delete the stack
	@$(PREFLIGHT)
	@$(PREPARE) deploy deploy-sam deploy-emulator backing recognition recognition-function
	@cd shared/deploy && exec ../../.venvs/deploy/bin/python -m aws local

.PHONY: kubernetes-check kubernetes-secrets
kubernetes-check: ## render the Kubernetes manifests, check them with their schemas and checkov
	@$(PREFLIGHT)
	@$(PREPARE) deploy deploy-schemas-1-20 deploy-checkov
	@cd shared/deploy && exec ../../.venvs/deploy/bin/python -m manifests check

# Its output is for `kubectl create -f -`, so nothing else may be printed.
kubernetes-secrets: known-arch ## print a namespace and new secrets of ARCH for trying it on Kubernetes
	@$(PREFLIGHT) >&2
	@$(PREPARE) deploy >&2
	@cd shared/deploy && exec ../../.venvs/deploy/bin/python -m manifests secrets $(ARCHES)

conformance: ## test any base URL against the contract (BASE_URL=… [IMAGE_SERVER=…])
	@$(PREFLIGHT)
	@test -n "$(BASE_URL)" || { echo "Name one: make conformance BASE_URL=http://127.0.0.1:8080" >&2; exit 1; }
	@$(PREPARE) conformance
	@cd shared/conformance && exec ../../.venvs/conformance/bin/python -m pytest -q -p no:cacheprovider \
	  --base-url "$(BASE_URL)" $(if $(IMAGE_SERVER),--image-server "$(IMAGE_SERVER)")

fuzz: ## generate 10 000 requests and 100 sequences of calls against any base URL (BASE_URL=… [SEED=…])
	@$(PREFLIGHT)
	@test -n "$(BASE_URL)" || { echo "Name one: make fuzz BASE_URL=http://127.0.0.1:8080" >&2; exit 1; }
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

cost: ## price a run of scaling on AWS (RESULTS=… [PRICES=file] [ASSUME='name=value …'] [INTO=folder])
	@$(PREFLIGHT)
	@test -n "$(RESULTS)" || { echo "Name a run: make cost RESULTS=benchmarks/results/<run>" >&2; exit 1; }
	@$(PREPARE) bench
	@$(BENCH) benchmarks cost "$(RESULTS)" $(if $(PRICES),--prices "$(PRICES)") \
	  $(foreach given,$(ASSUME),--assume "$(given)") $(if $(INTO),--into "$(INTO)")

size-load: ## measure how many users and arrivals a second one core of the load generator carries ([INTO=folder])
	@$(PREFLIGHT)
	@$(PREPARE) bench
	@$(BENCH) benchmarks size-load $(if $(INTO),--into "$(INTO)")

plan: ## plan replicas, rates, connections and limits for a load (PER_DAY=1e7), or validate and write (INTO=folder)
	@$(PREFLIGHT)
	@test -n "$(PER_DAY)$(INTO)" || { echo "Name a load: make plan PER_DAY=1e7" >&2; exit 1; }
	@$(PREPARE) bench
	@$(BENCH) benchmarks plan $(if $(PER_DAY),"--per-day=$(PER_DAY)") $(if $(INTO),--into "$(INTO)")

growth: ## measure what requests cost with 1 000 to 1 000 000 stored submissions (BLOCKS=5 [INTO=folder])
	@$(PREFLIGHT)
	@$(PREPARE) $(DEPLOYED_BOTH)
	@$(BENCH) benchmarks growth --blocks "$(BLOCKS)" $(if $(INTO),--into "$(INTO)")

recognizer: ## measure an image by size, threads and Celery pool, and the flow beside thumbor (BLOCKS=5)
	@$(PREFLIGHT)
	@$(PORTS) recognizer images
	@$(PREPARE) $(DEPLOYED_BOTH) thumbor
	@$(BENCH) benchmarks recognizer --blocks "$(BLOCKS)"

profile: ## measure where the CPU time of each kind of request goes, on both sides (BLOCKS=5 [INTO=folder])
	@$(PREFLIGHT)
	@$(PREPARE) $(DEPLOYED_BOTH)
	@$(BENCH) benchmarks profile --blocks "$(BLOCKS)" $(if $(INTO),--into "$(INTO)")

trace: ## draw one submission of each architecture in time, from its trace ([INTO=folder])
	@$(PREFLIGHT)
	@$(PREPARE) $(DEPLOYED_BOTH) --observe
	@$(BENCH) benchmarks trace $(if $(INTO),--into "$(INTO)")

code-size: ## count lines, files, processes, settings, tables, packages … of each architecture
	@$(PREFLIGHT)
	@$(PREPARE) bench
	@$(BENCH) benchmarks code-size

results-schema: ## generate the JSON Schema of results.json from its types
	@$(PREFLIGHT)
	@$(PREPARE) bench
	@$(BENCH) benchmarks.results_model

report: ## render a report again from its raw data (RESULTS=…), or set two runs side by side (AGAINST=…)
	@$(PREFLIGHT)
	@test -n "$(RESULTS)" || { echo "Name one: make report RESULTS=benchmarks/results/<run>" >&2; exit 1; }
	@$(PREPARE) bench
	@$(BENCH) benchmarks report "$(RESULTS)" $(if $(AGAINST),--against "$(AGAINST)")

pack: ## pack the raw files of a finished run into one file, checked against its report (RESULTS=…)
	@$(PREFLIGHT)
	@test -n "$(RESULTS)" || { echo "Name a run: make pack RESULTS=benchmarks/results/<run>" >&2; exit 1; }
	@$(PREPARE) bench
	@$(BENCH) benchmarks pack "$(RESULTS)"

refresh-patches: ## generate the experiments' code changes again where the product's text moved
	@$(PREFLIGHT)
	@$(PREPARE) bench
	@$(BENCH) benchmarks.experiments.catalogue

lock: ## make the lock files again with the newest versions (PROJECTS='benchmarks docs' for some)
	@$(PREFLIGHT)
	@$(PREPARE) --wheel uv lint
	@exec .venvs/lint/bin/python .ci/lock.py $(PROJECTS)

.venvs/%: FORCE
	@$(PREFLIGHT)
	@$(PREPARE) $*

clean: ## stop what is up; remove environments, builds, logs and data (results are kept)
	@$(MAKE) down ARCH=both
	rm -rf .venvs .build .run
