//! The module graph of a crate, read from its sources: which file uses which.
//!
//! A module is a file: items of an inline `mod` belong to the file that contains it. Paths are followed through `use`
//! declarations and re-exports to the module that defines the item. Comments, strings and test code (items under
//! `#[cfg(test)]`, files declared by such an item) are ignored. Two things are not seen: macros called without a path,
//! and relative paths in the definition of a macro, which depend on its caller.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

mod source;

use source::Source;

/// The name of the root module, `lib.rs` or `main.rs`. Other modules are named by their path: `wire::exchange`.
pub const ROOT: &str = "crate";

/// The modules that each module uses.
pub type Graph = BTreeMap<String, BTreeSet<String>>;

/// A module path; empty for the root.
type Segments = Vec<String>;

/// Reads the graph of the crate whose sources are in `root`.
///
/// # Errors
///
/// If a file cannot be read.
pub fn read(root: &Path) -> io::Result<Graph> {
    let mut sources = BTreeMap::new();
    collect(root, &mut Vec::new(), &mut sources)?;
    let test_only: Vec<Segments> = sources.values().flat_map(|source| source.test_modules.clone()).collect();
    sources.retain(|module, _| !test_only.iter().any(|excluded| module.starts_with(excluded)));
    Ok(graph(&sources))
}

/// The sets of modules that use each other, directly or through others: the strongly connected components of more than
/// one module.
pub fn cycles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reachable: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|module| (module.as_str(), reachable_from(graph, module))).collect();
    let components =
        reachable.iter().filter(|(module, reached)| reached.contains(*module)).map(|(module, reached)| {
            let mutual = reached
                .iter()
                .filter(|other| reachable.get(*other).is_some_and(|back| back.contains(module)));
            mutual.map(|other| (*other).to_owned()).collect::<BTreeSet<_>>()
        });
    components.filter(|component| component.len() > 1).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The edges between the modules of a component, one line a module: `bench -> kotlin, python`.
pub fn describe(graph: &Graph, component: &BTreeSet<String>) -> String {
    let line = |module: &String| {
        let used: Vec<&str> = graph[module].intersection(component).map(String::as_str).collect();
        format!("{module} -> {}", used.join(", "))
    };
    component.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The graph of groups of modules, such as layers: an edge between two groups for any edge between their modules.
pub fn grouped(graph: &Graph, group_of: impl Fn(&str) -> String) -> Graph {
    let mut groups = Graph::new();
    for (module, used) in graph {
        let group = group_of(module);
        let others =
            used.iter().map(|other| group_of(other)).filter(|other| *other != group).collect::<Vec<_>>();
        groups.entry(group).or_default().extend(others);
    }
    groups
}

/// Excludes `start` itself unless a cycle leads back to it.
fn reachable_from<'a>(graph: &'a Graph, start: &str) -> BTreeSet<&'a str> {
    let (mut found, mut pending) = (BTreeSet::new(), vec![start]);
    while let Some(module) = pending.pop() {
        for used in graph.get(module).into_iter().flatten() {
            if found.insert(used.as_str()) {
                pending.push(used);
            }
        }
    }
    found
}

fn collect(folder: &Path, module: &mut Segments, sources: &mut BTreeMap<Segments, Source>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        let is_own = stem == "mod" || (module.is_empty() && (stem == "lib" || stem == "main"));
        if !(path.is_dir() || is_rust) {
            continue;
        }
        if !is_own {
            module.push(stem);
        }
        if path.is_dir() {
            collect(&path, module, sources)?;
        } else {
            sources.insert(module.clone(), Source::parse(&fs::read_to_string(&path)?, module));
        }
        if !is_own {
            module.pop();
        }
    }
    Ok(())
}

fn graph(sources: &BTreeMap<Segments, Source>) -> Graph {
    let mut graph = Graph::new();
    for (module, source) in sources {
        let used = source.paths.iter().filter_map(|path| definer(sources, path));
        let used = used.filter(|other| other != module).map(|other| name(&other)).collect();
        graph.insert(name(module), used);
    }
    graph
}

fn name(module: &[String]) -> String {
    if module.is_empty() { ROOT.to_owned() } else { module.join("::") }
}

/// The module of the item that a path from the root leads to; `None` if another crate has it. An item of another crate
/// that a module re-exports counts as that module's.
fn definer(sources: &BTreeMap<Segments, Source>, path: &source::Path) -> Option<Segments> {
    let (mut path, mut definer) = (path.clone(), None);
    // A chain of re-exports is short; one that leads back to itself must end as well.
    for _ in 0..16 {
        let Some(segments) = resolve(sources, &path) else { break };
        let length = (0..=segments.len()).rev().find(|&length| sources.contains_key(&segments[..length]))?;
        let (module, rest) = segments.split_at(length);
        definer = Some(module.to_vec());
        let Some(target) = rest.first().and_then(|item| sources[module].imports.get(item)) else { break };
        path = target.clone();
        path.segments.extend(rest[1..].iter().cloned());
    }
    definer
}

/// A path as it is written, from the root. A path without `crate`, `self` or `super` starts with a child module or with
/// an imported name, or else belongs to another crate.
fn resolve(sources: &BTreeMap<Segments, Source>, path: &source::Path) -> Option<Segments> {
    let (first, rest) = path.segments.split_first()?;
    let mut base = path.scope.clone();
    match first.as_str() {
        "crate" => Some(rest.to_vec()),
        "self" => {
            base.extend(rest.iter().cloned());
            Some(base)
        }
        "super" => {
            base.pop()?;
            let mut outer = rest;
            while let Some((_, deeper)) = outer.split_first().filter(|(segment, _)| *segment == "super") {
                base.pop()?;
                outer = deeper;
            }
            base.extend(outer.iter().cloned());
            Some(base)
        }
        _ => {
            let length = (0..=base.len()).rev().find(|&length| sources.contains_key(&base[..length]))?;
            let imported = sources[&base[..length]].imports.contains_key(first);
            base.push(first.clone());
            let child = sources.contains_key(&base);
            base.extend(rest.iter().cloned());
            // An import of the same name as a crate, `use url;`, would resolve to itself.
            (child || (imported && !path.is_import)).then_some(base)
        }
    }
}

#[cfg(test)]
mod tests;
