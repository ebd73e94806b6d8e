# Two commands for a newcomer: `make demo` and `make test`. Each sets up what it needs.
PYTHON ?= python3
UV ?= uv
LOCKS := uv comment evaluate demo dev spark spark-build check-peers drift-peers
SET_UP := $(PYTHON) -I scripts/bootstrap.py

.PHONY: demo test bench generate lock

demo:  ## three pull requests on real data: passed, failed, inconclusive
	@$(SET_UP) demo demo.py

test:  ## every test, lint and drift check; ARGS are passed to pytest
	@$(SET_UP) dev check.py $(ARGS)

bench:  ## each figure against a named peer, in one run
	@$(SET_UP) dev measure.py $(ARGS)

generate:  ## write the generated surfaces again
	@$(SET_UP) dev generate.py

lock:  ## compile the hash-locked requirement files
	@for name in $(LOCKS); do \
		$(UV) --no-config --quiet pip compile --universal --generate-hashes --no-header --no-annotate \
			--python-version 3.11 --group pyproject.toml:$$name --output-file requirements/$$name.txt || exit; \
	done
