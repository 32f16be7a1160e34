# Each line calls the one door for every task; `cargo xtask help` lists them all.
.PHONY: demo test check fuzz bench sanitize sbom
demo: ; @cargo xtask demo
test: ; @cargo xtask test
check: ; @cargo xtask check
bench: ; @cargo xtask bench $(if $(quick),quick) $(row)
fuzz: ; @cargo xtask fuzz $(seconds)
sanitize: ; @cargo xtask sanitize $(tool)
sbom: ; @cargo xtask sbom $(target)
