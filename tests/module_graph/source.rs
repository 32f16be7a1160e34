//! One file: its imports, and the paths it uses.

use std::collections::BTreeMap;

/// A path as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The module it is written in, inline modules included.
    pub scope: Vec<String>,
    pub segments: Vec<String>,
    /// Whether a `use` declaration has it.
    pub is_import: bool,
}

#[derive(Debug, Default)]
pub struct Source {
    /// The paths of all imports and expressions, types and macros.
    pub paths: Vec<Path>,
    /// The paths of imported names.
    pub imports: BTreeMap<String, Path>,
    /// The modules that exist in tests only.
    pub test_modules: Vec<Vec<String>>,
}

impl Source {
    pub fn parse(text: &str, module: &[String]) -> Self {
        let mut source = Self::default();
        let all = tokens(text);
        let code = source.without_tests(&all, module);
        let mut scope = module.to_vec();
        // The brace depth at which each inline module began.
        let (mut inline, mut depth, mut at) = (Vec::new(), 0_usize, 0);
        let mut macro_end = 0;
        while let Some(&token) = code.get(at) {
            let next = |distance: usize| code.get(at + distance).copied().unwrap_or_default();
            match token {
                "{" => depth += 1,
                "}" => {
                    depth = depth.saturating_sub(1);
                    if inline.last() == Some(&depth) {
                        inline.pop();
                        scope.pop();
                    }
                }
                "mod" if next(2) == "{" => {
                    scope.push(next(1).to_owned());
                    inline.push(depth);
                    depth += 1;
                    at += 2;
                }
                // A visibility such as `pub(in crate::wire)` uses nothing.
                "pub" if next(1) == "(" => at = closing(&code, at + 1),
                "macro_rules" => macro_end = closing(&code, at + 3),
                "use" if at < macro_end => {}
                "use" => at = source.import(&code, at + 1, &mut Vec::new(), &scope),
                _ if is_name(token) => {
                    let mut segments = vec![token.to_owned()];
                    while code.get(at + 1) == Some(&"::")
                        && code.get(at + 2).is_some_and(|name| is_name(name))
                    {
                        segments.push(code[at + 2].to_owned());
                        at += 2;
                    }
                    let is_absolute = segments[0] == "crate";
                    if segments.len() > 1 && (is_absolute || at >= macro_end) {
                        source.paths.push(Path { scope: scope.clone(), segments, is_import: false });
                    }
                }
                _ => {}
            }
            at += 1;
        }
        source
    }

    /// Reads one tree of a `use` declaration, and returns where it ends.
    fn import(&mut self, code: &[&str], mut at: usize, prefix: &mut Vec<String>, scope: &[String]) -> usize {
        let outer = prefix.len();
        let mut alias = None;
        while let Some(&token) = code.get(at) {
            match token {
                "{" => {
                    while !matches!(code.get(at), Some(&"}") | None) {
                        at = self.import(code, at + 1, prefix, scope);
                    }
                    prefix.truncate(outer);
                    return at + 1;
                }
                ";" | "," | "}" => break,
                "as" => {
                    alias = code.get(at + 1).map(|name| (*name).to_owned());
                    at += 1;
                }
                "::" => {}
                // `use a::{self}` imports `a`.
                "self" if prefix.len() == outer && outer > 0 => {}
                _ => prefix.push(token.to_owned()),
            }
            at += 1;
        }
        if let Some(last) = prefix.last().cloned() {
            let path = Path { scope: scope.to_vec(), segments: prefix.clone(), is_import: true };
            if last != "*" {
                self.imports.insert(alias.unwrap_or(last), path.clone());
            }
            self.paths.push(path);
        }
        prefix.truncate(outer);
        at
    }

    /// Leaves out the items under `#[cfg(test)]`, and notes the modules among them.
    fn without_tests<'a>(&mut self, all: &[&'a str], module: &[String]) -> Vec<&'a str> {
        let (mut code, mut at) = (Vec::new(), 0);
        while at < all.len() {
            let inner = all[at] == "#" && all.get(at + 1) == Some(&"!");
            let open = at + 1 + usize::from(inner);
            if all[at] != "#" || all.get(open) != Some(&"[") {
                code.push(all[at]);
                at += 1;
                continue;
            }
            let end = closing(all, open);
            let is_test = is_test_condition(&all[open + 1..end]);
            match (is_test, inner) {
                (true, true) => return Vec::new(),
                (true, false) => {
                    let (next, name) = after_item(all, end + 1);
                    self.test_modules.extend(name.map(|name| [module, &[name.to_owned()]].concat()));
                    at = next;
                }
                (false, _) => at = end + 1,
            }
        }
        code
    }
}

fn is_test_condition(attribute: &[&str]) -> bool {
    let tests = attribute.iter().enumerate().filter(|(_, token)| **token == "test");
    let is_negated = |at: usize| at >= 2 && attribute[at - 2] == "not";
    attribute.first() == Some(&"cfg") && tests.into_iter().any(|(at, _)| !is_negated(at))
}

/// Where the item that begins at `at` ends, and its name if it is a module in a file of its own.
fn after_item<'a>(all: &[&'a str], mut at: usize) -> (usize, Option<&'a str>) {
    const ITEMS: [&str; 12] =
        ["pub", "mod", "use", "fn", "async", "const", "static", "struct", "enum", "impl", "trait", "type"];
    while all.get(at) == Some(&"#") {
        at = closing(all, at + 1) + 1;
    }
    let is_item = all.get(at).is_some_and(|first| ITEMS.contains(first));
    let mut module = None;
    while let Some(&token) = all.get(at) {
        match token {
            "mod" => module = all.get(at + 1).copied(),
            ";" => return (at + 1, module),
            "{" => return (closing(all, at) + 1, None),
            "(" | "[" => at = closing(all, at),
            // The end of a field, a variant or an argument.
            "," if !is_item => return (at + 1, None),
            "}" | ")" => return (at, None),
            _ => {}
        }
        at += 1;
    }
    (at, None)
}

/// Where the bracket that opens at `open` is closed.
fn closing(tokens: &[&str], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len()
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single characters; no comments, no literals, no lifetimes.
fn tokens(text: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        let length = literal(rest).unwrap_or(0);
        if length > 0 {
            rest = &rest[length..];
            continue;
        }
        let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let length = match first {
            ':' if rest.starts_with("::") => 2,
            _ if word > 0 => word,
            _ => first.len_utf8(),
        };
        // `$crate` counts as `crate`, and `r#type` as `type`.
        let is_raw = rest.starts_with("r#");
        if !(first.is_whitespace() || first.is_numeric() || first == '$' || is_raw) {
            found.push(&rest[..length]);
        }
        rest = &rest[if is_raw { 2 } else { length }..];
    }
    found
}

/// The length of the comment, string, character or lifetime that the text begins with.
fn literal(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(block_comment(text));
    }
    if let Some(quoted) = text.strip_prefix('\'') {
        let mut characters = quoted.char_indices();
        let (_, first) = characters.next()?;
        let end = if first == '\\' { quoted[2..].find('\'').map(|at| at + 2) } else { None };
        let plain =
            characters.next().filter(|(_, second)| first != '\\' && *second == '\'').map(|(at, _)| at);
        // A lifetime ends with its name.
        let name = || quoted.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(quoted.len());
        return Some(1 + end.or(plain).map_or_else(name, |at| at + 1));
    }
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        let after = text.strip_prefix(prefix).map(|after| after.trim_start_matches('#'));
        let hashes = after.map_or(0, |after| text.len() - prefix.len() - after.len());
        after.is_some_and(|after| after.starts_with('"')) && (hashes == 0 || prefix.ends_with('r'))
    })?;
    let hashes = text[prefix.len()..].bytes().take_while(|byte| *byte == b'#').count();
    let start = prefix.len() + hashes + 1;
    if prefix.ends_with('r') {
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(text[start..].find(&end).map_or(text.len(), |at| start + at + end.len()));
    }
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            b'"' if !escaped => return Some(at + 1),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    Some(text.len())
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}
