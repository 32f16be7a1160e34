# Each line calls the one door for every task; `cargo xtask help` lists them all.
.PHONY: demo test check fuzz
demo: ; @cargo xtask demo
test: ; @cargo xtask test
check: ; @cargo xtask check
fuzz: ; @cargo xtask fuzz $(seconds)
