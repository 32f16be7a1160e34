//! Test of the structure of this program: no module uses another that uses it in turn.

use std::path::Path;

#[path = "../../../tests/module_graph/mod.rs"]
mod module_graph;

use module_graph::{Graph, cycles, describe, grouped, read};

fn assert_acyclic(graph: &Graph) {
    let cycles: Vec<_> = cycles(graph).iter().map(|cycle| describe(graph, cycle)).collect();
    assert!(cycles.is_empty(), "modules use each other:\n{}", cycles.join("\n\n"));
}

fn graph() -> Graph {
    let graph = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    assert!(graph["check"].contains("shell"), "the graph lacks an edge");
    graph
}

#[test]
fn files_do_not_depend_on_each_other_in_cycles() {
    assert_acyclic(&graph());
}

/// `bench::setup` counts as `bench`.
#[test]
fn folders_do_not_depend_on_each_other_in_cycles() {
    assert_acyclic(&grouped(&graph(), |module| module.split("::").next().unwrap_or_default().to_owned()));
}
