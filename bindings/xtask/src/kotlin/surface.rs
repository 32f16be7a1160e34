//! The public API of Kotlin sources, as a listing without bodies and documentation.

/// The listing of some sources, ordered by the kinds of declarations and by name: it does not depend on the file of each.
pub fn listing_of_all(sources: &[String]) -> String {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    for line in sources.iter().map(|source| listing(source)).collect::<String>().split_inclusive('\n') {
        match blocks.last_mut() {
            Some((_, block)) if line.starts_with(' ') => block.push_str(line),
            _ => blocks.push((rank(line), line.to_owned())),
        }
    }
    blocks.sort();
    blocks.into_iter().map(|(_, block)| block).collect()
}

/// The position of a kind of declarations.
fn rank(line: &str) -> usize {
    let kinds = ["class ", "data class ", "enum class ", "sealed class ", "fun "];
    kinds.iter().position(|kind| line.starts_with(kind)).unwrap_or(kinds.len())
}

/// A line for each public declaration of a source, indented by nesting. Imported names are qualified.
fn listing(source: &str) -> String {
    let code = without_comments(source);
    let mut out = String::new();
    declarations(&code, 0, &mut out);
    let imports = source.lines().filter_map(|line| line.strip_prefix("import "));
    imports.filter(|name| !name.starts_with("rs.scalekit.")).fold(out, qualified)
}

/// Replaces the last part of a name, where it is a word of its own, by the whole name.
fn qualified(text: String, name: &str) -> String {
    let short = name.rsplit('.').next().unwrap_or(name);
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(short) {
        let (before, after) = (&rest[..at], &rest[at + short.len()..]);
        let alone =
            !before.ends_with(is_part) && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        out.push_str(before);
        out.push_str(if alone { name } else { short });
        rest = after;
    }
    out + rest
}

fn without_comments(source: &str) -> String {
    let mut code = String::new();
    let mut rest = source;
    while let Some(at) = rest.find("/*") {
        code.push_str(&rest[..at]);
        rest = rest[at..].split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| line.split(" // ").next().unwrap_or_default().to_owned() + "\n").collect()
}

/// The first words of declarations.
const KEYWORDS: [&str; 18] = [
    "@",
    "abstract ",
    "class ",
    "companion ",
    "const ",
    "constructor(",
    "data ",
    "enum ",
    "external ",
    "final ",
    "fun ",
    "inline ",
    "interface ",
    "internal ",
    "object ",
    "open ",
    "override ",
    "private ",
];
const MORE_KEYWORDS: [&str; 8] =
    ["protected ", "public ", "sealed ", "suspend ", "typealias ", "val ", "var ", "init {"];

/// Lists the public declarations of a block, and those nested in them.
fn declarations(code: &str, level: usize, out: &mut String) {
    let mut rest = code;
    while let Some(at) = next_declaration(rest) {
        let (head, body, after) = declaration(&rest[at..]);
        rest = after;
        let head = tidy(head);
        if !is_public(&head) {
            continue;
        }
        if head == "companion object" {
            let mut inside = String::new();
            declarations(body, level + 1, &mut inside);
            if !inside.is_empty() {
                out.push_str(&format!("{}{head}\n{inside}", "    ".repeat(level)));
            }
            continue;
        }
        write(&head, level, out);
        let words: Vec<&str> = head.split(' ').collect();
        if words.iter().take(3).any(|word| ["class", "interface", "object"].contains(word)) {
            if words.contains(&"enum") {
                constants(body, level + 1, out);
            }
            declarations(body, level + 1, out);
        }
    }
}

fn next_declaration(code: &str) -> Option<usize> {
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        let begin = line.trim_start();
        if KEYWORDS.iter().chain(&MORE_KEYWORDS).any(|word| begin.starts_with(word))
            && !begin.starts_with("@file:")
        {
            return Some(at + line.len() - begin.len());
        }
        at += line.len();
    }
    None
}

/// Splits at the end of the first declaration: its head, the body in braces, the rest.
fn declaration(code: &str) -> (&str, &str, &str) {
    let (mut round, mut angle_after_equals) = (0_i32, false);
    for (at, c) in code.char_indices() {
        match c {
            '(' => round += 1,
            ')' => round -= 1,
            '{' if round == 0 => {
                let end = at + enclosed(&code[at..]);
                return (&code[..at], &code[at + 1..end - 1], &code[end..]);
            }
            '=' if round == 0 => angle_after_equals = true,
            '\n' if round == 0 && !continues(&code[..at], &code[at..], angle_after_equals) => {
                return (&code[..at], "", &code[at..]);
            }
            _ => {}
        }
    }
    (code, "", "")
}

/// Whether a declaration continues after a line end: with an annotation before, or a body or a delegation after it.
fn continues(before: &str, after: &str, assigned: bool) -> bool {
    let last = before.lines().next_back().unwrap_or_default().trim();
    let next = after.trim_start();
    last.ends_with(['=', ':', ',']) && !next.is_empty()
        || last.starts_with('@') && last.ends_with(')') && !last.contains("fun ") && !last.contains(" class ")
        || !assigned && (next.starts_with('{') || next.starts_with("= "))
        || next.starts_with("this(UniffiWithHandle")
}

fn enclosed(code: &str) -> usize {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// The head in one line, without annotations, backticks, an internal constructor, and body.
fn tidy(head: &str) -> String {
    let head = without_internal_constructor(head.trim());
    let mut head = head.as_str();
    while head.starts_with('@') {
        let name = head.find(|c: char| !c.is_alphanumeric() && c != '@' && c != '.').unwrap_or(head.len());
        let arguments = if head[name..].starts_with('(') { parenthesized(&head[name..]) } else { 0 };
        head = head[name + arguments..].trim_start();
    }
    let words: Vec<&str> =
        head.split_whitespace().filter(|w| !w.starts_with('@') && *w != "public").collect();
    let line = words.join(" ").replace('`', "").replace("kotlin.", "");
    let line = line.replace("( ", "(").replace(" )", ")").replace(" ,", ",").replace(") :", "):");
    let line = line.replace(",)", ")");
    let line = line.replace(" constructor(", " (").replace(" (val", "(val");
    without_body(&line).trim_end_matches([' ', '=', ':']).to_owned()
}

/// `class A: B` for `class A internal constructor(c: C) : B`, in which a public constructor may have parameters.
fn without_internal_constructor(head: &str) -> String {
    let Some((before, rest)) = head.split_once(" internal constructor(") else { return head.to_owned() };
    if before.contains('(') || before.starts_with("internal ") {
        return head.to_owned();
    }
    let end = parenthesized(&format!("({rest}")).saturating_sub(1);
    format!("{before}{}", rest[end..].replacen(" :", ":", 1))
}

/// The line without a property's value, a function's expression body or a constructor's delegation.
fn without_body(line: &str) -> &str {
    let line = [" by lazy", " get()", ": this("]
        .iter()
        .fold(line, |line, sign| line.split(sign).next().unwrap_or(line));
    let start = match line.find('(') {
        Some(open) if !line[..open].contains(" = ") => open + parenthesized(&line[open..]),
        _ => 0,
    };
    line[start..].find(" = ").map_or(line, |at| &line[..start + at])
}

/// The length of the parenthesized expression at the start of `text`.
fn parenthesized(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

fn is_public(head: &str) -> bool {
    let hidden = ["internal", "private", "protected", "init"];
    let inherited = ["override fun toString(", "override fun equals(", "override fun hashCode("];
    !head.is_empty()
        && !head.split([' ', '(']).take(3).any(|word| hidden.contains(&word))
        && !inherited.iter().any(|begin| head.starts_with(begin))
}

/// Writes a declaration. Each field of a data class has its own line, so that a diff shows which one has changed.
fn write(head: &str, level: usize, out: &mut String) {
    let indent = "    ".repeat(level);
    let fields = head.strip_prefix("data class ").and_then(|rest| rest.split_once('('));
    match fields {
        Some((name, fields)) => {
            out.push_str(&format!("{indent}data class {name}\n"));
            let end = parenthesized(&format!("({fields}")).saturating_sub(2);
            for field in fields[..end].split(", val ") {
                out.push_str(&format!("{indent}    val {}\n", field.trim_start_matches("val ")));
            }
        }
        None => out.push_str(&format!("{indent}{head}\n")),
    }
}

/// Writes the values of an enumeration.
fn constants(body: &str, level: usize, out: &mut String) {
    let values = body.split(';').next().unwrap_or_default();
    for value in values.split(',').map(str::trim).filter(|value| !value.is_empty()) {
        out.push_str(&format!("{}{value}\n", "    ".repeat(level)));
    }
}

#[cfg(test)]
mod tests {
    use super::{listing, listing_of_all};

    const SOURCE: &str = "\
@file:Suppress(\"X\")
package rs.scalekit
import a.b
import java.time.Instant
import rs.scalekit.internal.Handle
@Structure.FieldOrder(\"a\", \"b\")
internal open class Hidden(var a: A) {
    fun x() = 1
}
/** fun commented() */
class Client: AutoCloseable
{
    internal constructor(handle: Long) {
    }
    @JvmOverloads constructor(`url`: kotlin.String, `options`: Options = Options()) :
        this(UniffiWithHandle,
    call { x }
    )
    val `things`: Things by lazy(X) {
        Y.lift()
    }
    @Throws(E::class)
    @Suppress(\"Z\")
    suspend fun `get`(`id`: kotlin.String, `m`: Map<A, B> = mapOf()) : Thing {
        return x
    }
    fun `delete`(`id`: kotlin.String)
        =
    callWithHandle {
    }
    override fun toString(): kotlin.String = \"\"
    companion object {
        fun `fromEnv`(): Client {
        }
    }
}
data class Thing @JvmOverloads constructor(
    val `id`: kotlin.String = \"\"
    ,
    val `tags`: List<A>? = null
){
    fun `withId`(`id`: A): Thing = copy(`id` = `id`)
    companion object
}
enum class Level {
    LOW,
    HIGH;
    companion object
}
class Pager internal constructor(internal val handle: Handle) : Iterable<Instant> {
    override fun iterator(): Iterator<Instant> = x
}
sealed class Open {
    data object Sso : Open()
    data class Other(
        val `value`: kotlin.String) : Open()
    {
        companion object
    }
     val wireValue: kotlin.String get() {
     }
}
@JvmName(\"client\")
@JvmOverloads
@Throws(E::class)
public fun Client(
    url: String,
    options: Options = Options(),
): Client =
    Client(url.trim(), options)
";

    #[test]
    fn only_public_declarations_are_listed() {
        let expected = "\
class Client: AutoCloseable
    constructor(url: String, options: Options = Options())
    val things: Things
    suspend fun get(id: String, m: Map<A, B> = mapOf()): Thing
    fun delete(id: String)
    companion object
        fun fromEnv(): Client
data class Thing
    val id: String = \"\"
    val tags: List<A>? = null
    fun withId(id: A): Thing
enum class Level
    LOW
    HIGH
class Pager: Iterable<java.time.Instant>
    override fun iterator(): Iterator<java.time.Instant>
sealed class Open
    data object Sso : Open()
    data class Other
        val value: String
    val wireValue: String
fun Client(url: String, options: Options = Options()): Client
";
        assert_eq!(listing(SOURCE), expected);
    }

    #[test]
    fn the_order_does_not_depend_on_files() {
        let sources = [
            "fun b() = 1\ndata class D(\n    val a: A,\n)\n",
            "class C {\n    fun c() = 1\n}\nfun a() = 1\n",
        ];
        let expected = "class C\n    fun c()\ndata class D\n    val a: A\nfun a()\nfun b()\n";
        assert_eq!(listing_of_all(&sources.map(str::to_owned)), expected);
        assert_eq!(listing_of_all(&[sources[1].to_owned(), sources[0].to_owned()]), expected);
    }
}
