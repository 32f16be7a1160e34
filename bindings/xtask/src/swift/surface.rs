//! The public API of Swift sources, as a listing without bodies and documentation.

use std::collections::BTreeSet;

/// A line for each public declaration, in the order of the sources. Members are indented below their type.
pub fn listing(text: &str) -> String {
    let code = code(text);
    let all = declarations(&code);
    let types: BTreeSet<&str> = all.iter().filter(|d| d.is_public()).filter_map(|d| d.type_name()).collect();
    let sendable = all.iter().filter_map(|d| d.head.strip_prefix("extension ")?.strip_suffix(": Sendable"));
    let sendable: BTreeSet<&str> = sendable.collect();
    let mut out = String::new();
    for declaration in &all {
        write_declaration(&mut out, declaration, &types, &sendable);
    }
    out
}

/// Writes a declaration. A conformance to `Sendable` in an extension is listed with the type, and one to an internal protocol
/// is not listed.
fn write_declaration(
    out: &mut String,
    declaration: &Declaration,
    types: &BTreeSet<&str>,
    sendable: &BTreeSet<&str>,
) {
    let only_adds =
        |conformance| declaration.head.starts_with("extension ") && declaration.head.ends_with(conformance);
    if only_adds(": Sendable") || only_adds(": WireValue") {
        return;
    }
    let extends = declaration.head.strip_prefix("extension ").map(first_word);
    if extends.map_or(!declaration.is_public(), |name| !types.contains(name)) {
        return;
    }
    let members = members(declaration);
    // Extensions that add neither a conformance nor public members are not listed.
    if extends.is_some() && !declaration.head.contains(": ") && members.is_empty() {
        return;
    }
    let conformance = match declaration.type_name() {
        Some(name) if !sendable.contains(name) => "",
        Some(_) if declaration.head.contains(": ") => ", Sendable",
        Some(_) => ": Sendable",
        None => "",
    };
    *out += &format!("{}{conformance}\n", display(&declaration.head));
    for member in members {
        *out += &format!("    {member}\n");
    }
}

fn members(declaration: &Declaration) -> Vec<String> {
    let head = display(&declaration.head);
    let is_protocol = head.starts_with("protocol ");
    // UniFFI generates a protocol for each class, with the same members.
    let is_duplicate = is_protocol && first_word(head.trim_start_matches("protocol ")).ends_with("Protocol");
    let Some(body) = declaration.body.as_deref().filter(|_| !is_duplicate && declaration.has_members())
    else {
        return Vec::new();
    };
    let in_enum = head.starts_with("enum ");
    let all = declarations(body);
    all.iter()
        .filter(|member| is_protocol || member.is_public() || (in_enum && member.head.starts_with("case ")))
        .map(|member| display(&member.head))
        .filter(|member| !OF_CODABLE.contains(&member.trim_start_matches("convenience ")))
        .collect()
}

/// A declaration, split into its head and its body.
struct Declaration {
    head: String,
    body: Option<String>,
}

impl Declaration {
    fn new(head: &str, body: Option<&str>) -> Self {
        let words: Vec<_> = head.split_whitespace().collect();
        Self { head: words.join(" "), body: body.map(str::to_owned) }
    }

    fn is_public(&self) -> bool {
        self.head.starts_with("public ")
    }

    fn has_members(&self) -> bool {
        self.type_name().is_some() || self.head.starts_with("extension ")
    }

    fn type_name(&self) -> Option<&str> {
        let rest = self.head.trim_start_matches("public ").trim_start_matches("final ");
        ["class ", "struct ", "enum ", "protocol "]
            .into_iter()
            .find_map(|kind| rest.strip_prefix(kind))
            .map(first_word)
    }
}

fn first_word(text: &str) -> &str {
    text.split([' ', ':', '<', '{', '(']).next().unwrap_or_default()
}

/// A protocol of the module, to which public types conform.
const INTERNAL: &str = ", WireValue";

/// What every type that conforms to `Codable` has.
const OF_CODABLE: [&str; 2] =
    ["init(from decoder: any Decoder) throws", "func encode(to encoder: any Encoder) throws"];

/// A head as it is listed, without `public` and `final`.
fn display(head: &str) -> String {
    let words = head.replace("( ", "(").replace(" )", ")").replace(" ,", ",").replace(INTERNAL, "");
    let words = words.replace(")async", ") async").replace(")throws", ") throws");
    words.trim_start_matches("public ").trim_start_matches("final ").to_owned()
}

/// The top-level declarations of a text.
fn declarations(code: &str) -> Vec<Declaration> {
    let (mut found, mut head, mut open, mut at) = (Vec::new(), String::new(), 0, 0);
    while let Some(letter) = code[at..].chars().next() {
        at += letter.len_utf8();
        match letter {
            '{' if open == 0 => {
                let end = at + body_length(&code[at..]);
                found.push(Declaration::new(&head, Some(&code[at..end])));
                head.clear();
                at = (end + 1).min(code.len());
            }
            '\n' if open == 0 => {
                if ends(&head, &code[at..]) {
                    found.push(Declaration::new(&head, None));
                    head.clear();
                }
                head.push(' ');
            }
            _ => {
                open += match letter {
                    '(' | '[' => 1,
                    ')' | ']' => -1,
                    _ => 0,
                };
                head.push(letter);
            }
        }
    }
    found
}

/// Whether a declaration ends with its line: not after a modifier alone, and not before a `where` clause.
fn ends(head: &str, next: &str) -> bool {
    !matches!(head.trim(), "" | "public") && !next.trim_start().starts_with("where ")
}

/// The length of a body, up to its closing brace.
fn body_length(code: &str) -> usize {
    let mut depth = 0;
    for (at, letter) in code.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => return at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// The text without comments, imports, conditional compilation directives and attributes.
fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines() {
        let mut line = line;
        if in_comment {
            let Some((_, rest)) = line.split_once("*/") else { continue };
            (in_comment, line) = (false, rest);
        }
        if line.trim_start().starts_with("/*") {
            in_comment = !line.contains("*/");
            continue;
        }
        let bare = line.trim_start();
        if bare.starts_with("//")
            || bare.starts_with('#')
            || bare.starts_with("@_")
            || bare.starts_with("import ")
        {
            continue;
        }
        out += line;
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::listing;

    const SOURCE: &str = "\
import Foundation
/// One { brace.
public protocol ThingProtocol: AnyObject {
    func a() throws
}
public final class Thing: ThingProtocol, Sendable {
    fileprivate let handle: UInt64
    /**
     * A way.
     */
public convenience init(text: String) {
    self.init()
}
public func a(id: String, b: [Int] = [])async throws  -> Other?  {
    return { 1 }
}
}
#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct Hidden {
    public static func f() {}
}
public struct Other {
    public let x: Int

    public init(
        /**
         * An x.
         */x: Int = 0) {
        self.x = x
    }
}
public\x20
enum Kind: Hashable {
    case a
    case b(
        /**
         * A text.
         */text: String
    )
}
extension Kind: Sendable {}
extension Hidden { public func g() {} }
extension Other {
    private var y: Int { 1 }
}
extension Other: Codable, WireValue {
    static var missing: Other? { Other() }
    public init(from decoder: any Decoder) throws {
    }
    public func encode(to encoder: any Encoder) throws {
    }
}
extension Kind: WireValue {
    static var missing: Kind? { .a }
}
public protocol Pages<Item>: Sequence
where Element == Item {
    associatedtype Item
}
public func top() -> Int {
    return 1
}
";

    #[test]
    fn only_public_declarations_are_listed() {
        let expected = "\
protocol ThingProtocol: AnyObject
class Thing: ThingProtocol, Sendable
    convenience init(text: String)
    func a(id: String, b: [Int] = []) async throws -> Other?
struct Other
    let x: Int
    init(x: Int = 0)
enum Kind: Hashable, Sendable
    case a
    case b(text: String)
extension Other: Codable
protocol Pages<Item>: Sequence where Element == Item
    associatedtype Item
func top() -> Int
";
        assert_eq!(listing(SOURCE), expected);
    }
}
