//! The header of the C library, which cbindgen writes from `bindings/c/src`.

use std::path::PathBuf;

use crate::shell::{Result, Shell};

pub const HEADER: &str = "bindings/c/include/scalekit/scalekit.h";

/// The columns of a comment.
const WIDTH: usize = 120;

/// The sources, in the order of the header. Not the root: cbindgen would read its modules a second time.
const SOURCES: [&str; 7] = ["version", "result", "client", "pending", "pager", "webhook", "log"];

/// Writes the header.
pub fn write(shell: &Shell) -> Result {
    Ok(std::fs::write(shell.root.join(HEADER), text(shell)?)?)
}

/// Fails if the header is not what the sources say.
pub fn check(shell: &Shell) -> Result {
    if std::fs::read_to_string(shell.root.join(HEADER))? == text(shell)? {
        return Ok(());
    }
    Err(format!("{HEADER} is outdated: run `cargo xtask generate`").into())
}

fn text(shell: &Shell) -> Result<String> {
    let folder = shell.root.join("bindings/c");
    let mut config = cbindgen::Config::from_file(folder.join("cbindgen.toml"))?;
    config.after_includes = config.after_includes.map(|text| with_version(&text));
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in sources(shell) {
        builder = builder.with_src(source);
    }
    let mut header = Vec::new();
    builder.generate()?.write(&mut header);
    Ok(for_c(&String::from_utf8(header)?))
}

fn sources(shell: &Shell) -> Vec<PathBuf> {
    let folder = shell.root.join("bindings/c/src");
    SOURCES.iter().map(|name| folder.join(name).with_extension("rs")).collect()
}

/// The numbers of the version come from the workspace.
fn with_version(text: &str) -> String {
    let mut numbers = env!("CARGO_PKG_VERSION").split('.');
    let mut version = |line: &str| {
        let (name, _) = line.rsplit_once(' ').unwrap_or((line, ""));
        format!("{name} {}", numbers.next().unwrap_or("0"))
    };
    let lines = text.lines().map(|line| match line.starts_with("#define SCALEKIT_VERSION_") {
        true => version(line),
        false => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Rust's heading of preconditions becomes their first word, and their paragraph is wrapped again.
fn for_c(header: &str) -> String {
    let (mut text, mut preconditions) = (String::new(), None);
    for line in header.replace(" * # Safety\n *\n * ", " * Requires: ").lines() {
        let is_end = matches!(line, " */" | " *");
        if let Some(paragraph) = preconditions.take_if(|_| is_end) {
            text += &wrapped(paragraph);
        }
        match &mut preconditions {
            Some(paragraph) => *paragraph += line.trim_start_matches(" *"),
            None if line.starts_with(" * Requires: ") => preconditions = Some(line.to_owned()),
            None => {
                text += line;
                text.push('\n');
            }
        }
    }
    text
}

/// Wraps a paragraph of a comment.
fn wrapped(paragraph: String) -> String {
    let (mut text, mut width) = (String::from(" *"), 2);
    for word in paragraph.trim_start_matches(" *").split_whitespace() {
        if width + 1 + word.len() > WIDTH {
            text += "\n *";
            width = 2;
        }
        text.push(' ');
        text += word;
        width += 1 + word.len();
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preconditions_are_wrapped_to_the_columns_of_a_comment() {
        let word = "precondition".repeat(3);
        let comment = format!(
            "/**\n * Calls.\n *\n * # Safety\n *\n * {word} {word} {word}\n * {word} end\n */\nvoid f();\n"
        );
        let expected =
            format!("/**\n * Calls.\n *\n * Requires: {word} {word}\n * {word} {word} end\n */\nvoid f();\n");
        assert_eq!(for_c(&comment), expected);
    }

    #[test]
    fn lines_have_at_most_120_columns_and_blank_lines_are_single() {
        let header = text(&Shell::new().unwrap()).unwrap();
        let long: Vec<_> = header.lines().filter(|line| line.chars().count() > WIDTH).collect();
        assert!(long.is_empty(), "{long:#?}");
        assert!(!header.contains("\n\n\n"), "two blank lines");
    }

    #[test]
    fn each_function_is_declared_once() {
        let header = text(&Shell::new().unwrap()).unwrap();
        let is_function =
            |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase()) && !line.starts_with("typedef");
        let names: Vec<_> = header
            .lines()
            .filter(is_function)
            .filter_map(|line| line.split_once('('))
            .map(|(name, _)| name)
            .collect();
        let different: std::collections::BTreeSet<_> = names.iter().collect();
        assert!(names.iter().any(|name| name.ends_with(" *scalekit_call")), "{names:?}");
        assert_eq!(names.len(), different.len());
    }
}
