//! The README: what a reader can rely on.

/// How the sources of the rules start, as the section explains them.
const SOURCES: &[&str] = &[
    "API description",
    "docs: ",
    "official SDKs",
    "grpc-gateway",
    "JSON mapping of protocol buffers",
    "RFC ",
    "OAuth 2.0 ",
    "OpenID Connect ",
    "Fetch Standard",
    "Standard Webhooks",
    "emulator only",
    "assumed",
];

#[test]
fn every_rule_names_its_source() {
    let tables = include_str!("../README.md").split("\n| rule | source |\n|---|---|\n").skip(1);
    let rows: Vec<&str> =
        tables.flat_map(|table| table.lines().take_while(|line| line.starts_with('|'))).collect();
    assert!(rows.len() > 100, "the tables of rules are not found");
    for row in rows {
        let source = row.trim_end_matches(" |").rsplit_once(" | ").map_or("", |(_, source)| source);
        assert!(SOURCES.iter().any(|known| source.starts_with(known)), "{row}");
    }
}
