# Each line calls the one door for every task; `cargo xtask help` lists them all.
.PHONY: demo test check
demo: ; @cargo xtask demo
test: ; @cargo xtask test
check: ; @cargo xtask check
