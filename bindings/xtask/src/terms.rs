//! `cargo xtask check terms`: the phrases of `terms.txt` are used nowhere.

use std::collections::HashMap;
use std::rc::Rc;

use crate::shell::{Result, Shell};

/// The phrases, and what to write instead.
const LIST: &str = "bindings/xtask/terms.txt";

/// The files that are checked, by the end of their names.
const CHECKED: [&str; 19] = [
    ".c", ".h", ".cpp", ".hpp", ".go", ".rb", ".rs", ".md", ".py", ".kt", ".java", ".swift", ".toml", ".yml",
    ".sh", ".xml", ".supp", ".ci/run", "Makefile",
];

/// JSON is data, except for the scenarios, which have titles.
const SCENARIOS: &str = "tests/scenarios/";

/// Fails with every banned phrase in the files that git tracks.
pub fn check(shell: &Shell) -> Result {
    let list = List::parse(&std::fs::read_to_string(shell.root.join(LIST))?)?;
    let tracked = shell.output(shell.command("git").args(["ls-files", "-z"]))?;
    let mut findings = Vec::new();
    for path in tracked.split('\0').filter(|path| is_checked(path) && !list.excludes(path)) {
        // A file that was deleted is tracked until the deletion is committed.
        let Ok(text) = std::fs::read_to_string(shell.root.join(path)) else { continue };
        let found = list.findings(&text).into_iter();
        findings.extend(
            found.map(|(line, phrase, instead)| format!("{path}:{line}: {phrase:?}; write: {instead}")),
        );
    }
    for finding in &findings {
        eprintln!("{finding}");
    }
    if findings.is_empty() { Ok(()) } else { Err(format!("{} phrases of {LIST}", findings.len()).into()) }
}

fn is_checked(path: &str) -> bool {
    CHECKED.iter().any(|ending| path.ends_with(ending))
        || (path.starts_with(SCENARIOS) && path.ends_with(".json"))
}

/// What a word of a phrase may be.
type Alternatives = Vec<String>;

struct Phrase {
    /// The words after the first.
    rest: Vec<Alternatives>,
    instead: String,
}

#[derive(Default)]
struct List {
    /// By their first words.
    phrases: HashMap<String, Vec<Rc<Phrase>>>,
    allowed: Vec<String>,
    excluded: Vec<String>,
}

impl List {
    fn parse(text: &str) -> Result<Self> {
        let mut list = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix("allow ") {
                list.allowed.push(name.to_owned());
            } else if let Some(prefix) = line.strip_prefix("exclude ") {
                list.excluded.push(prefix.to_owned());
            } else {
                list.add(line)?;
            }
        }
        Ok(list)
    }

    fn add(&mut self, line: &str) -> Result {
        let malformed = || format!("{LIST}: not `phrase => replacement`: {line}");
        let (phrase, instead) = line.split_once(" => ").ok_or_else(malformed)?;
        let mut words = phrase.split_whitespace().map(alternatives);
        let first = words.next().ok_or_else(malformed)?;
        let phrase = Rc::new(Phrase { rest: words.collect(), instead: instead.to_owned() });
        for word in first {
            self.phrases.entry(word).or_default().push(Rc::clone(&phrase));
        }
        Ok(())
    }

    fn excludes(&self, path: &str) -> bool {
        self.excluded.iter().any(|prefix| path.starts_with(prefix))
    }

    /// The line, the phrase and its replacement, for each phrase in the text.
    fn findings(&self, text: &str) -> Vec<(usize, String, &str)> {
        let text = self.allowed.iter().fold(text.to_owned(), |text, name| text.replace(name, ""));
        let words = words(&text);
        let mut findings = Vec::new();
        for (at, first) in words.iter().enumerate() {
            for phrase in self.phrases.get(&first.text).into_iter().flatten() {
                let following = words.get(at + 1..=at + phrase.rest.len()).unwrap_or_default();
                let matches =
                    |(word, any): (&Word, &Alternatives)| word.continues && any.contains(&word.text);
                if following.len() == phrase.rest.len() && following.iter().zip(&phrase.rest).all(matches) {
                    let found = words[at..=at + following.len()].iter().map(|word| word.text.as_str());
                    let found = found.collect::<Vec<_>>().join(" ");
                    findings.push((first.line, found, phrase.instead.as_str()));
                }
            }
        }
        findings
    }
}

/// `give(s)|gave` is any of `give`, `gives` and `gave`.
fn alternatives(word: &str) -> Alternatives {
    let mut all = Vec::new();
    for word in word.split('|') {
        let word = word.to_lowercase();
        match word.split_once('(') {
            Some((stem, ending)) => {
                all.extend([stem.to_owned(), format!("{stem}{}", ending.trim_end_matches(')'))]);
            }
            None => all.push(word),
        }
    }
    all
}

/// A word of a text, in lower case.
struct Word {
    text: String,
    line: usize,
    /// Whether only spaces, or the end of a line, are between it and the word before.
    continues: bool,
}

/// The words of a text, and those that names are made of. A line continues the one before unless that is blank.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut continues = false;
    for (number, line) in text.lines().enumerate() {
        let content = without_leader(line);
        continues = continues && !content.is_empty();
        let mut word = String::new();
        let mut previous = ' ';
        for c in content.chars().chain([' ']) {
            let is_hyphen = c == '-' && !word.is_empty();
            let starts_part = c.is_uppercase() && previous.is_lowercase();
            if !(c.is_alphanumeric() || is_hyphen) || starts_part {
                if !word.is_empty() {
                    words.push(Word {
                        text: std::mem::take(&mut word).trim_end_matches('-').to_owned(),
                        line: number + 1,
                        continues,
                    });
                    continues = true;
                }
                // Quotation marks and backslashes: a string that is written in several lines.
                continues &=
                    c.is_whitespace() || starts_part || matches!(c, '_' | '"' | '\\' | '*' | '`' | '\'');
            }
            if c.is_alphanumeric() || is_hyphen {
                word.extend(c.to_lowercase());
            }
            previous = c;
        }
    }
    words
}

/// A line without its indentation and the mark of a comment, a quotation or a list.
fn without_leader(line: &str) -> &str {
    let line = line.trim();
    let marks = ["//!", "///", "//", "/**", "*/", "/*", "<!--", "#!", "#", "* ", ">"];
    marks.iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# A comment.
exclude generated/
allow old_grue
grue => a light
hand(s)|handed it over => returns
";

    fn found(text: &str) -> Vec<(usize, String)> {
        let list = List::parse(TEXT).unwrap();
        list.findings(text).into_iter().map(|(line, phrase, _)| (line, phrase)).collect()
    }

    #[test]
    fn phrases_are_found_in_any_case_and_form() {
        for text in
            ["It Hands it over.", "HAND IT OVER", "he handed  it\tover", "`hands` it over", "hands_it_over()"]
        {
            assert_eq!(found(text).len(), 1, "{text}");
        }
        for text in ["isGrue()", "a_grue_b", "let grue = 1;", "(grue)", "testGrueFails"] {
            assert_eq!(found(text), [(1, "grue".to_owned())], "{text}");
        }
    }

    #[test]
    fn phrases_are_found_across_wrapped_lines() {
        for text in [
            "/// It hands\n    /// it over.",
            "// It hands it\n// over.",
            "# hands\n# it over",
            "/** It hands\n * it over */",
            "\"it hands \\\n   it over\"",
            "call(\"it hands \"\n     \"it over\")",
        ] {
            assert_eq!(found(text).len(), 1, "{text}");
        }
        assert_eq!(found("one\n\nit hands\nit over"), [(3, "hands it over".to_owned())]);
    }

    #[test]
    fn other_words_are_not_found() {
        for text in [
            "gruesome",
            "old_grue",
            "hands it. Over",
            "hands, it over",
            "// hands\n\n// it over",
            "handy it over",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn findings_name_the_replacement() {
        let list = List::parse(TEXT).unwrap();
        assert_eq!(list.findings("x\ny grue")[0], (2, "grue".to_owned(), "a light"));
        assert!(list.excludes("generated/a.rs") && !list.excludes("src/generated/a.rs"));
        assert!(List::parse("no replacement").is_err());
    }

    #[test]
    fn sources_documents_and_scenarios_are_checked() {
        for path in ["core/src/lib.rs", "README.md", ".ci/run", "tests/scenarios/roles.json"] {
            assert!(is_checked(path), "{path}");
        }
        for path in ["Cargo.lock", "tests/fixtures/scalekit-api.json", "bindings/api/python.txt"] {
            assert!(!is_checked(path), "{path}");
        }
    }
}
