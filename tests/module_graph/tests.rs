use super::*;

/// The graph of a crate that is written for the test.
fn graph_of(name: &str, files: &[(&str, &str)]) -> Graph {
    let root = std::env::temp_dir().join(format!("module-graph-{}-{name}", std::process::id()));
    for (file, text) in files {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let graph = read(&root).unwrap();
    fs::remove_dir_all(&root).unwrap();
    graph
}

fn edges(graph: &Graph) -> Vec<String> {
    graph
        .iter()
        .flat_map(|(module, used)| used.iter().map(move |other| format!("{module} -> {other}")))
        .collect()
}

#[test]
fn every_form_of_path_is_an_edge() {
    let graph = graph_of(
        "forms",
        &[
            ("lib.rs", "mod a; mod b; mod c; mod d; mod e;\nfn start() { e::run(); }"),
            ("a.rs", "use crate::{b, c::{self, deep::Item as Other}};\nmod inner { use super::super::d; }"),
            ("b.rs", "fn f() -> crate::c::Thing { $crate::d::call!(x) }"),
            ("c/mod.rs", "mod deep;\npub(in crate::a) use self::deep::Item;"),
            ("c/deep.rs", "use super::super::e::run; struct Item;"),
            (
                "d.rs",
                "use std::fs; use a_crate::b::c; fn g<'a>(x: &'a str) -> Self::Thing { url::Url::parse(x) }",
            ),
            ("e.rs", "fn run() { crate::r#d::call() }"),
        ],
    );
    let expected = [
        "a -> b",
        "a -> c",
        "a -> c::deep",
        "a -> d",
        "b -> c",
        "b -> d",
        "c -> c::deep",
        "c::deep -> e",
        "crate -> e",
        "e -> d",
    ];
    assert_eq!(edges(&graph), expected);
}

#[test]
fn comments_strings_and_test_code_are_ignored() {
    let text = r##"
        // crate::b::x
        /* crate::b /* crate::b::x */ crate::b::x */
        //! crate::b::x
        const A: &str = "crate::b::x \" crate::b::x"; const B: &[u8] = br#"" crate::b::x"#;
        const QUOTES: [char; 3] = ['"', '\'', '\\'];
        struct Fields { #[cfg(test)] one: crate::b::X, two: u8 }
        #[cfg(test)]
        #[allow(unused)]
        use crate::b::{x, y};
        #[cfg(all(test, unix))]
        fn helper(pair: (u8, u8)) { crate::b::x() }
        #[cfg(not(test))]
        fn real() { crate::c::x() }
        #[cfg(test)]
        mod tests { use crate::b; fn nested() { crate::b::x() } }
    "##;
    let files = [
        ("lib.rs", "mod a; mod b; mod c;\n#[cfg(any(test, fuzzing))]\n#[doc(hidden)]\npub mod checks;"),
        ("a.rs", text),
        ("b.rs", "#![cfg(test)] use crate::c;"),
        ("c.rs", ""),
        ("checks/mod.rs", "use crate::a;"),
        ("checks/more.rs", "use crate::a;"),
    ];
    let graph = graph_of("ignored", &files);
    assert_eq!(edges(&graph), ["a -> c"]);
    assert_eq!(graph.keys().collect::<Vec<_>>(), ["a", "b", "c", "crate"]);
}

#[test]
fn reexported_and_imported_items_lead_to_the_module_that_defines_them() {
    let files = [
        ("lib.rs", "mod error; mod wire; mod op;\npub use error::{Error as Failure, Kind};\npub use op::*;"),
        ("error.rs", "pub use crate::error::Kind as Loop; struct Error; enum Kind {}"),
        ("op.rs", "use crate::Failure; use crate::Kind;"),
        ("wire.rs", "use crate::error; fn f() -> error::Error { crate::Failure::new() } use super::Missing;"),
        ("sync.rs", "pub use std::sync::Mutex; macro_rules! guard { () => {} } pub use guard;"),
        ("flight.rs", "use crate::sync::Mutex;"),
        ("token.rs", "fn f() { crate::sync::guard!() }"),
    ];
    let graph = graph_of("reexports", &files);
    let expected = [
        "crate -> error",
        "crate -> op",
        "flight -> sync",
        "op -> error",
        "token -> sync",
        "wire -> crate",
        "wire -> error",
    ];
    assert_eq!(edges(&graph), expected);
}

#[test]
fn only_absolute_paths_of_macros_count() {
    let table =
        "macro_rules! table { () => { use super::d; $crate::b::call(); super::c::call() } }\nuse crate::d;";
    let files = [
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", table),
        ("b.rs", ""),
        ("c.rs", ""),
        ("d.rs", ""),
    ];
    assert_eq!(edges(&graph_of("macros", &files)), ["a -> b", "a -> d"]);
}

#[test]
fn cycles_are_named_with_their_edges() {
    let files = [
        ("main.rs", "mod a; mod b; mod c; mod d; fn main() { a::x(); }"),
        ("a.rs", "use crate::b; use crate::d;"),
        ("b.rs", "use crate::c;"),
        ("c.rs", "use super::a;"),
        ("d.rs", ""),
    ];
    let graph = graph_of("cycles", &files);
    let cycles = cycles(&graph);
    assert_eq!(cycles.len(), 1);
    assert_eq!(describe(&graph, &cycles[0]), "a -> b\nb -> c\nc -> a");
}

#[test]
fn a_graph_without_cycles_has_no_components() {
    let files = [("lib.rs", "mod a; mod b;"), ("a.rs", "use crate::b; fn f() { self::g() }"), ("b.rs", "")];
    assert_eq!(cycles(&graph_of("acyclic", &files)), []);
}

#[test]
fn modules_are_grouped_into_layers() {
    let files = [
        ("lib.rs", "mod wire; mod error;"),
        ("wire/mod.rs", "mod exchange; use exchange::X;"),
        ("wire/exchange.rs", "use crate::error::E; use super::Y;"),
        ("error.rs", ""),
    ];
    let graph = graph_of("grouped", &files);
    let layers = grouped(&graph, |module| module.split("::").next().unwrap_or_default().to_owned());
    assert_eq!(edges(&layers), ["wire -> error"]);
    assert_eq!(cycles(&layers), []);
    assert_eq!(cycles(&graph).len(), 1);
}
