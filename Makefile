# Shortcuts for `cargo xtask`; `cargo xtask help` lists all tasks.
.PHONY: clean-deep demo test check fuzz bench soak sanitize sbom
# Not quiet, so that progress is visible from the first second.
demo: ; @$(if $(stop),,sh bindings/xtask/requirements.sh && )cargo run --package xtask -- demo $(if $(stop),stop)
test: ; @cargo xtask test
check: ; @cargo xtask check
bench: ; @cargo xtask bench $(if $(quick),quick) $(row)
fuzz: ; @cargo xtask fuzz $(seconds)
soak: ; @cargo xtask soak $(if $(calls),release --calls $(calls) --report tests/bench/soak.md)
sanitize: ; @cargo xtask sanitize $(tool)
clean-deep: ; @cargo xtask clean
sbom: ; @cargo xtask sbom $(target)
