# Shortcuts for `cargo xtask`; `cargo xtask help` lists all tasks.
.PHONY: demo test check fuzz bench soak sanitize sbom
demo: ; @cargo xtask demo
test: ; @cargo xtask test
check: ; @cargo xtask check
bench: ; @cargo xtask bench $(if $(quick),quick) $(row)
fuzz: ; @cargo xtask fuzz $(seconds)
soak: ; @cargo xtask soak $(if $(calls),release --calls $(calls) --report tests/bench/soak.md)
sanitize: ; @cargo xtask sanitize $(tool)
sbom: ; @cargo xtask sbom $(target)
