//! The layers of the core and of the emulator: which part may use which. The architecture section of `core/README.md`
//! shows the same order.

#[path = "layers/emulator.rs"]
mod emulator;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::module_graph;
use crate::module_graph::{Graph, ROOT};

/// A part and the parts that it may use.
type Layer = (&'static str, &'static [&'static str]);

/// The crates with layers: the folder of the sources, and the parts from the bottom up.
const CRATES: &[(&str, &[Layer])] = &[("core/src", CORE), ("tests/emulator/src", emulator::LAYERS)];

/// The programs of a crate, which use only its public API.
const PROGRAMS: &str = "bin";

/// The parts of the core, from the bottom up. A part may use those below it that it lists.
const CORE: &[Layer] = &[
    ("error", &[]),
    ("process", &[]),
    ("sync", &[]),
    ("log_events", &[]),
    ("types", &["error"]),
    ("check", &["error", "types"]),
    ("panic", &["error"]),
    ("decode", &["error", "types"]),
    ("model", &["check", "types"]),
    ("jwt", &["error", "types"]),
    ("session", &["error", "jwt", "types"]),
    ("retry", &["check", "error", "model"]),
    ("options", &["check", "error", "model", "retry", "types"]),
    ("runtime", &["error", "panic", "process"]),
    ("work", &["error", "runtime"]),
    ("cache", &["error", "jwt", "panic", "runtime", "session", "sync", "types"]),
    ("wire", &["cache", "error", "options", "process", "retry", "runtime", "types"]),
    ("twins", &["error", "wire"]),
    ("op", &["check", "decode", "error", "twins", "types", "wire", "work"]),
    ("resources", &["check", "error", "model", "op", "types"]),
    ("webhook", &["decode", "error", "model", "resources", "twins", "types"]),
    (
        "auth",
        &[
            "cache", "error", "jwt", "model", "options", "panic", "runtime", "session", "twins", "types",
            "wire", "work",
        ],
    ),
    ("ffi", &["error", "log_events", "process", "runtime", "types", "webhook", "wire", "work"]),
    ("environment", &["check", "error", "ffi", "options", "types", "wire"]),
    (
        "client",
        &[
            "auth",
            "decode",
            "environment",
            "error",
            "jwt",
            "op",
            "options",
            "resources",
            "twins",
            "types",
            "wire",
            "work",
        ],
    ),
    (
        "dispatch",
        &[
            "auth",
            "client",
            "error",
            "log_events",
            "op",
            "options",
            "retry",
            "runtime",
            "session",
            "types",
            "webhook",
            "wire",
            "work",
        ],
    ),
];

fn graph(sources: &str) -> Graph {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
    module_graph::read(&sources).expect("the sources can be read")
}

/// The part that a module belongs to: the first segment of its path.
fn part(module: &str) -> String {
    module.split("::").next().unwrap_or(module).to_owned()
}

#[test]
fn modules_use_only_the_layers_that_they_may_use() {
    for (sources, layers) in CRATES {
        let allowed: BTreeMap<&str, &[&str]> = layers.iter().copied().collect();
        let mut forbidden = Vec::new();
        for (module, used) in graph(sources) {
            let from = part(&module);
            if from == ROOT || from == PROGRAMS {
                continue;
            }
            let Some(may_use) = allowed.get(from.as_str()) else {
                forbidden.push(format!("{module}: `{from}` is not in the table of layers"));
                continue;
            };
            for other in used.iter().filter(|other| part(other) != from) {
                if !may_use.contains(&part(other).as_str()) {
                    forbidden
                        .push(format!("{module} uses {other}, and `{from}` must not use `{}`", part(other)));
                }
            }
        }
        assert!(forbidden.is_empty(), "{sources}:\n{}", forbidden.join("\n"));
    }
}

#[test]
fn tables_of_layers_are_ordered_and_exact() {
    for (sources, layers) in CRATES {
        let graph = module_graph::grouped(&graph(sources), part);
        let mut wrong = Vec::new();
        for (index, (layer, may_use)) in layers.iter().enumerate() {
            let below: Vec<&str> = layers[..index].iter().map(|(name, _)| *name).collect();
            let Some(used) = graph.get(*layer) else {
                wrong.push(format!("there is no `{layer}`"));
                continue;
            };
            for other in *may_use {
                if !below.contains(other) {
                    wrong.push(format!("`{layer}` may use `{other}`, which is not below it"));
                }
                if !used.contains(*other) {
                    wrong.push(format!("`{layer}` may use `{other}` and does not"));
                }
            }
        }
        assert!(wrong.is_empty(), "{sources}:\n{}", wrong.join("\n"));
    }
}

/// A module and the modules inside it are one unit, and may use each other.
fn is_inside(module: &str, other: &str) -> bool {
    other == ROOT || module.strip_prefix(other).is_some_and(|rest| rest.starts_with("::"))
}

#[test]
fn modules_have_no_cycles() {
    for (sources, _) in CRATES {
        let mut graph = graph(sources);
        for (module, used) in &mut graph {
            used.retain(|other| !is_inside(module, other) && !is_inside(other, module));
        }
        let cycles = module_graph::cycles(&graph);
        let cycles: Vec<String> = cycles.iter().map(|cycle| module_graph::describe(&graph, cycle)).collect();
        assert!(cycles.is_empty(), "{sources}: modules use each other:\n{}", cycles.join("\n\n"));
    }
}

/// Below `op`, code serves any operation: the one that runs is an argument.
#[test]
fn layers_below_op_name_no_operation() {
    let operations = ["oauth.", "login.", "tokens.", "machine_tokens.", "organizations.", "webhooks."];
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("core/src");
    let below = CORE.iter().map(|(name, _)| *name).take_while(|name| *name != "op");
    for file in below.flat_map(|layer| files(&core, layer)) {
        let text = std::fs::read_to_string(&file).expect("a source can be read");
        let shipped = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code = shipped.lines().filter(|line| !line.trim_start().starts_with("//"));
        let named: Vec<&str> =
            code.filter(|line| operations.iter().any(|name| line.contains(&format!("\"{name}")))).collect();
        assert!(named.is_empty(), "{}: {named:?}", file.display());
    }
}

/// The files of a layer: one, or those of a folder.
fn files(core: &Path, layer: &str) -> Vec<PathBuf> {
    let (file, mut found, mut pending) =
        (core.join(layer).with_extension("rs"), Vec::new(), vec![core.join(layer)]);
    found.extend(Some(file).filter(|file| file.exists()));
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("a folder can be read").path();
            if path.is_dir() { pending.push(path) } else { found.push(path) }
        }
    }
    found
}
