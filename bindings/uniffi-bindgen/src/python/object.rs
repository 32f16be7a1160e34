//! Objects: clients, resources, pagers, secrets.

use super::text::Block;
use super::{bodies, signature};
use crate::edit::{Edited, replace};

/// Whether this block is the protocol that UniFFI writes for the class of an object, with the same methods.
pub fn is_protocol(block: &Block<'_>) -> bool {
    block.head().ends_with("(typing.Protocol):")
}

/// The name of the object, if this block is the class of an object.
pub fn name<'a>(block: &'a Block<'_>) -> Option<&'a str> {
    let class = block.class()?;
    (block.head() == format!("class {class}({class}Protocol):")).then_some(class)
}

/// Whether an object is a client. Clients have accessors for the resources and can be closed.
pub fn is_client(name: &str) -> bool {
    name.ends_with("ScalekitClient")
}

/// Edits the class of an object. `objects` are the names of all objects.
pub fn finish(block: &Block<'_>, name: &str, objects: &[String]) -> Edited {
    let text = function_heads(&block.text())?;
    let head = format!("class {name}({name}Protocol):");
    let mut text = replace(text, 1, &head, &format!("class {name}(_Object):"))?;
    let closed = "    def __init__(self, *args, **kwargs) -> None:\n        raise ValueError(\"This class has no default constructor\")";
    let open = "    def __init__(self) -> None:\n        raise TypeError(f\"{type(self).__name__} cannot be instantiated directly\")";
    if text.contains(closed) {
        text = replace(text, 1, closed, open)?;
    }
    let clone = format!("_UniffiLib.uniffi_scalekit_fn_clone_{}", name.to_lowercase());
    let call = format!("_uniffi_rust_call({clone}, self._handle)");
    text = replace(text, 1, &call, &format!("{clone}(self._handle, _cannot_fail)"))?;
    if is_client(name) {
        text = properties(&text, name, objects)?;
        if !name.contains("Public") {
            text = replace(text, 1, " def panic_for_test(", " def _panic_for_test(")?;
        }
        text.push_str(&context_manager(name));
    }
    if let Some((item, is_async)) = page_items(&text) {
        text.push_str(&iterator(name, &item, is_async));
    }
    Ok(text)
}

/// Rewrites the signatures of functions and adapts their bodies: an omitted argument is `None`, and an invalid argument
/// is rejected by name.
pub fn function_heads(text: &str) -> Edited {
    let mut edited = String::with_capacity(text.len());
    for line in text.lines() {
        edited.push_str(&check(&signature::rewrite(line)?));
        edited.push('\n');
    }
    bodies::rewrite(&edited.replace(&format!(" is {}:", signature::OMITTED), " is None:"))
}

/// Turns `Converter.check_lower(argument)` into a check that names the argument.
fn check(line: &str) -> String {
    let call = line.trim_start().split_once(".check_lower(").and_then(|(converter, rest)| {
        let argument = rest.strip_suffix(')')?;
        argument.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then_some((converter, argument))
    });
    match call {
        Some((converter, argument)) => {
            let indent = &line[..line.len() - line.trim_start().len()];
            format!("{indent}_check(\"{argument}\", {converter}, {argument})")
        }
        None => line.to_owned(),
    }
}

/// Turns the methods of a client that take no arguments and return an object into properties. The object is created on
/// first access and cached.
fn properties(text: &str, client: &str, objects: &[String]) -> Edited {
    let (mut edited, mut count) = (String::with_capacity(text.len()), 0);
    let mut accessor = None;
    for line in text.lines() {
        if line.starts_with("    def ") {
            accessor = None;
        }
        let head = line.strip_prefix("    def ").and_then(|rest| rest.split_once("(self) -> "));
        if let Some((name, result)) = head {
            let result = result.strip_suffix(':');
            accessor = result.filter(|result| objects.iter().any(|object| object == result)).map(|_| name);
            if accessor.is_some() {
                edited.push_str("    @property\n");
            }
        }
        match accessor.zip(line.strip_prefix("        return ")) {
            Some((name, value)) => {
                let cache = "self.__dict__";
                edited.push_str(&format!(
                    "        return {cache}.get(\"{name}\") or {cache}.setdefault(\"{name}\", {value})\n"
                ));
                (accessor, count) = (None, count + 1);
            }
            None => edited.push_str(&format!("{line}\n")),
        }
    }
    if count == 0 || count != edited.matches("    @property\n").count() {
        return Err(format!("{client} has {count} accessors").into());
    }
    Ok(edited)
}

/// The methods for `with` and `async with`, and a `repr` without contents.
fn context_manager(client: &str) -> String {
    let (a, def) = if client.starts_with("Async") { ("a", "async def") } else { ("", "def") };
    format!(
        r#"
    {def} __{a}enter__(self) -> {client}:
        """Returns the client."""
        return self

    {def} __{a}exit__(self, *exception: object) -> None:
        """Closes the client."""
        self.close()

    def __repr__(self) -> str:
        return "{client}(..)"
"#
    )
}

/// The item type of a pager, and whether the pager is asynchronous.
fn page_items(text: &str) -> Option<(String, bool)> {
    let line = text.lines().find(|line| line.contains("def next_page(self) -> typing.List["))?;
    let (_, item) = line.split_once("typing.List[")?;
    Some((item.strip_suffix("] | None:")?.to_owned(), line.trim_start().starts_with("async")))
}

fn iterator(pager: &str, item: &str, is_async: bool) -> String {
    let (a, def, kind, call) = match is_async {
        true => ("a", "async def", "typing.AsyncIterator", "await _next_item_async(self)"),
        false => ("", "def", "typing.Iterator", "_next_item(self)"),
    };
    format!(
        r#"
    def __{a}iter__(self) -> {kind}[{item}]:
        """Returns the pager itself."""
        return self

    {def} __{a}next__(self) -> {item}:
        """Returns the next item, and fetches the next page if necessary. After an error, call it again to retry."""
        return {call}

    def __repr__(self) -> str:
        return "{pager}(..)"
"#
    )
}

/// Replaces the converter of an object. These converters differ only in the class.
pub fn finish_converter(block: &Block<'_>, object: &str) -> Edited {
    const CONVERTER: &str = "\
class _UniffiFfiConverterType{}:
    @staticmethod
    def lift(value: int) -> {}:
        return {}._uniffi_make_instance(value)

    @staticmethod
    def check_lower(value: {}):
        if not isinstance(value, {}):
            raise TypeError(\"Expected {} instance, {{}} found\".format(type(value).__name__))

    @staticmethod
    def lower(value: {}) -> ctypes.c_uint64:
        return value._uniffi_clone_handle()

    @classmethod
    def read(cls, buf: _UniffiRustBuffer) -> {}:
        ptr = buf.read_u64()
        if ptr == 0:
            raise InternalError(\"Raw handle value was null\")
        return cls.lift(ptr)

    @classmethod
    def write(cls, value: {}, buf: _UniffiRustBuffer):
        buf.write_u64(cls.lower(value))
";
    let expected = CONVERTER.replace("{{}}", "\0").replace("{}", object).replace('\0', "{}");
    if block.text() == expected {
        Ok(format!("_UniffiFfiConverterType{object} = _ObjectConverter({object})\n"))
    } else {
        Err(format!("unknown converter of an object: {}", block.text()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::text::blocks;

    /// Edits `text`, to which it adds a method that all objects have.
    fn finished(text: &str) -> Edited {
        let (head, rest) = text.split_once('\n').unwrap();
        let name = head.split(['(', ' ']).nth(1).unwrap();
        let clone = format!("_UniffiLib.uniffi_scalekit_fn_clone_{}", name.to_lowercase());
        let method =
            format!("    def _clone(self):\n        return _uniffi_rust_call({clone}, self._handle)\n");
        let text = format!("{head}\n{method}{rest}");
        let found = blocks(&text).unwrap();
        assert_eq!(super::name(&found[0]), Some(name));
        let text = finish(&found[0], name, &["Things".to_owned()])?;
        assert!(text.contains(&format!("        return {clone}(self._handle, _cannot_fail)\n")), "{text}");
        Ok(text)
    }

    const CLIENT: &str = "class ScalekitClient(ScalekitClientProtocol):\n    def close(self, ) -> None:\n        pass\n    \
                          def things(self, ) -> Things:\n        return C.lift(1)\n    def with_options(self, o: Options) -> \
                          ScalekitClient:\n        _C.check_lower(o)\n        return C.lift(2)\n    \
                          def panic_for_test(self, ) -> None:\n        pass\n";

    #[test]
    fn client_gets_properties_and_context_manager() {
        let text = finished(CLIENT).unwrap();
        assert!(text.starts_with("class ScalekitClient(_Object):\n"), "{text}");
        assert!(text.contains("    def close(self) -> None:\n"), "{text}");
        let cached = "self.__dict__.get(\"things\") or self.__dict__.setdefault(\"things\", C.lift(1))";
        assert!(
            text.contains(&format!(
                "    @property\n    def things(self) -> Things:\n        return {cached}\n"
            )),
            "{text}"
        );
        assert!(text.contains("        return C.lift(2)\n"), "{text}");
        assert_eq!(text.matches("@property").count(), 1, "{text}");
        assert!(text.contains("        _check(\"o\", _C, o)\n"), "{text}");
        assert!(text.contains("    def __enter__(self) -> ScalekitClient:\n"), "{text}");
        assert!(text.contains("    def _panic_for_test(self) -> None:\n"), "{text}");
        let text = finished(&CLIENT.replace("ScalekitClient", "AsyncScalekitClient")).unwrap();
        assert!(text.contains("    async def __aexit__(self, *exception: object) -> None:\n"), "{text}");
    }

    #[test]
    fn client_without_accessors_is_rejected() {
        assert!(finished(&CLIENT.replace("-> Things", "-> None")).is_err());
        assert!(finished(&CLIENT.replace("return C.lift(1)", "pass")).is_err());
        assert!(finished(&CLIENT.replace("panic_for_test", "panic")).is_err());
    }

    #[test]
    fn pager_becomes_iterator() {
        let pager = "class P(PProtocol):\n    def next_page(self, ) -> typing.Optional[typing.List[Thing]]:\n        pass\n";
        let text = finished(pager).unwrap();
        assert!(text.contains("    def __iter__(self) -> typing.Iterator[Thing]:\n"), "{text}");
        assert!(text.contains("    def __next__(self) -> Thing:\n"), "{text}");
        let text = finished(&pager.replace("    def", "    async def")).unwrap();
        assert!(text.contains("    def __aiter__(self) -> typing.AsyncIterator[Thing]:\n"), "{text}");
        assert!(text.contains("        return await _next_item_async(self)\n"), "{text}");
    }

    #[test]
    fn argument_check_names_argument() {
        assert_eq!(check("    C.check_lower(id)"), "    _check(\"id\", C, id)");
        assert_eq!(check("    C.check_lower(value.id)"), "    C.check_lower(value.id)");
        assert_eq!(check("    def check_lower(cls, value):"), "    def check_lower(cls, value):");
    }

    #[test]
    fn unknown_converter_shape_is_rejected() {
        let text = "class _UniffiFfiConverterTypeX:\n    @staticmethod\n    def lift(value: int) -> X:\n        return 1\n";
        let found = blocks(text).unwrap();
        assert!(finish_converter(&found[0], "X").is_err());
    }
}
