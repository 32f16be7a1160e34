use super::*;
use crate::python::text::blocks;

const MODULE: &str = r#"class _UniffiFfiConverterString:
    def read(buf):
        return buf
class _UniffiFfiConverterTypeTimestamp:
    def read(buf):
        return _UniffiFfiConverterTimestamp.read(buf)
class _UniffiFfiConverterOptionalString(_UniffiConverterRustBuffer):
    def read(cls, buf):
            return _UniffiFfiConverterString.read(buf)
    def write(value, buf):
        pass
class _UniffiFfiConverterOptionalTypeTimestamp(_UniffiConverterRustBuffer):
    def read(cls, buf):
            return _UniffiFfiConverterTypeTimestamp.read(buf)
class _UniffiFfiConverterTypeColor(_UniffiConverterRustBuffer):
    def read(buf):
        variant = buf.read_i32()
        if variant == 1:
            return Color.RED()
        if variant == 2:
            return Color.UNRECOGNIZED(_UniffiFfiConverterString.read(buf))
class _UniffiFfiConverterOptionalTypeColor(_UniffiConverterRustBuffer):
    def read(cls, buf):
            return _UniffiFfiConverterTypeColor.read(buf)
class _UniffiFfiConverterTypeMethod(_UniffiConverterRustBuffer):
    def read(buf):
        if variant == 1:
            return Method.GET
class _UniffiFfiConverterMapStringTypeColor(_UniffiConverterRustBuffer):
    def read(cls, buf):
            key = _UniffiFfiConverterString.read(buf)
            val = _UniffiFfiConverterTypeColor.read(buf)
class _UniffiFfiConverterTypePart(_UniffiConverterRustBuffer):
    def read(buf):
        return Part(
            id=_UniffiFfiConverterString.read(buf),
            at=_UniffiFfiConverterOptionalTypeTimestamp.read(buf),
        )
class _UniffiFfiConverterSequenceTypePart(_UniffiConverterRustBuffer):
    def read(cls, buf):
            _UniffiFfiConverterTypePart.read(buf) for i in range(count)
class _UniffiFfiConverterTypeThing(_UniffiConverterRustBuffer):
    def read(buf):
        return Thing(
            name=_UniffiFfiConverterOptionalString.read(buf),
            color=_UniffiFfiConverterOptionalTypeColor.read(buf),
            method=_UniffiFfiConverterTypeMethod.read(buf),
            colors=_UniffiFfiConverterMapStringTypeColor.read(buf),
            parts=_UniffiFfiConverterSequenceTypePart.read(buf),
        )
class _UniffiFfiConverterTypePartPage(_UniffiConverterRustBuffer):
    def read(buf):
        return PartPage(
            parts=_UniffiFfiConverterSequenceTypePart.read(buf),
        )
class _UniffiFfiConverterOptionalSequenceTypePart(_UniffiConverterRustBuffer):
    def read(cls, buf):
            return _UniffiFfiConverterSequenceTypePart.read(buf)
class _UniffiFfiConverterTypeSecret:
    def read(buf):
        return buf.read_u64()
class _UniffiFfiConverterTypeSafe(_UniffiConverterRustBuffer):
    def read(buf):
        return Safe(
            secret=_UniffiFfiConverterTypeSecret.read(buf),
        )
def thing():
    _uniffi_lift_return = _UniffiFfiConverterTypeThing.lift
def parts():
    _uniffi_lift_return = _UniffiFfiConverterTypePartPage.lift
def next_parts():
    _uniffi_lift_return = _UniffiFfiConverterOptionalSequenceTypePart.lift
def safe():
    _uniffi_lift_return = _UniffiFfiConverterTypeSafe.lift
def text():
    _uniffi_lift_return = _UniffiFfiConverterString.lift
"#;

const THING: &str = "@dataclass
class Thing:
    def __init__(self, *, name:str, color:Color, method:Method, colors:dict[str, Color], parts:typing.List[Part]):
        pass
";

const FILL: &str = "class Thing

    def _fill(self, row):
        (name, color, method, colors, parts,) = row
        color = Color._by_row[color]
        method = _enum_member(Method, method)
        colors = {key: Color._by_row[item0] for key, item0 in colors.items()}
        parts = [_lazy_record(Part, item0) for item0 in parts]
        try:
            ((_, _),) = map(_referents, (self,))
        except ValueError:
            return _fill_unset(self, (name, color, method, colors, parts,))
        self.name = name
        self.color = color
        self.method = method
        self.colors = colors
        self.parts = parts
        del self._row
";

fn interface() -> Interface {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Interface {
        records: [("Part", 2), ("PartPage", 1), ("Thing", 5), ("Safe", 1)]
            .map(|(name, count)| (name.to_owned(), count))
            .into(),
        open_enums: names(&["Color"]),
        closed_enums: names(&["Method"]),
        ..Interface::default()
    }
}

fn responses(text: &str) -> Result<Responses, Box<dyn Error>> {
    Responses::read(&blocks(text)?, &interface())
}

#[test]
fn record_response_is_decoded_as_rows() {
    let responses = responses(MODULE).unwrap();
    let head = "class _UniffiFfiConverterTypeThing(_UniffiConverterRustBuffer):\n    def read";
    let edited = responses.finish_converter("TypeThing", head.to_owned()).unwrap();
    let new = "class _UniffiFfiConverterTypeThing(_RowsConverter):\n    _shape = b\"(?s?e1.c1.{e1.[(s?t))\"\n\n    \
               @staticmethod\n    def from_row(row):\n        return _lazy_record(Thing, row)\n\n    def read";
    assert_eq!(edited, new);
    assert!(responses.finish_converter("TypeThing", "class Other:\n".to_owned()).is_err());
}

#[test]
fn list_of_records_is_deferred() {
    let responses = responses(MODULE).unwrap();
    for (name, shape, deferred, value) in [
        ("TypePartPage", "(<(s?t))", "first", "_lazy_record(PartPage, row)"),
        (
            "OptionalSequenceTypePart",
            "?<(s?t)",
            "all",
            "None if row is None else [_lazy_record(Part, item0) for item0 in row]",
        ),
    ] {
        let head = format!("class _UniffiFfiConverter{name}(_UniffiConverterRustBuffer):\n");
        let edited = responses.finish_converter(name, head).unwrap();
        let fields = format!("    _shape = b\"{shape}\"\n    _deferred = \"{deferred}\"\n");
        assert!(edited.contains(&fields) && edited.contains(&format!("return {value}\n")), "{edited}");
    }
}

#[test]
fn record_gets_fill_method() {
    let responses = responses(MODULE).unwrap();
    let block = blocks(THING).unwrap().remove(0);
    assert_eq!(responses.finish_record(&block, "class Thing\n".to_owned()).unwrap(), FILL);
    let part = [("at".to_owned(), "OptionalTypeTimestamp".to_owned())];
    assert!(
        responses.fill_method(&part).unwrap().contains("        at = None if at is None else _time(at)\n")
    );
    assert!(responses.fill_method(&[("row".to_owned(), "String".to_owned())]).is_err());
    let fewer = THING.replace(", parts:typing.List[Part]", "");
    assert!(responses.finish_record(&blocks(&fewer).unwrap()[0], String::new()).is_err());
}

#[test]
fn record_with_object_is_not_decoded_as_rows() {
    let responses = responses(MODULE).unwrap();
    assert_eq!(
        responses.shapes.keys().collect::<Vec<_>>(),
        ["OptionalSequenceTypePart", "TypePartPage", "TypeThing"]
    );
    assert_eq!(responses.types.shape("TypeSafe"), None);
    assert_eq!(responses.finish_converter("TypeSafe", "unchanged".to_owned()).unwrap(), "unchanged");
    let safe = "@dataclass\nclass Safe:\n    def __init__(self, *, secret:Secret):\n        pass\n";
    assert_eq!(
        responses.finish_record(&blocks(safe).unwrap()[0], "unchanged".to_owned()).unwrap(),
        "unchanged"
    );
}

#[test]
fn recursive_type_has_no_shape() {
    let recursive = MODULE.replace("ConverterTypePart.read(buf) for", "ConverterTypeThing.read(buf) for");
    assert_eq!(responses(&recursive).unwrap().types.shape("TypeThing"), None);
}

#[test]
fn unknown_converter_shape_is_rejected() {
    for (from, to) in [
        ("            id=_UniffiFfiConverterString.read(buf),\n", ""),
        ("        if variant == 1:\n            return Color.RED()\n        if variant == 2:\n", ""),
        ("            return _UniffiFfiConverterTypeColor.read(buf)\n", ""),
    ] {
        assert!(MODULE.contains(from));
        assert!(responses(&MODULE.replacen(from, to, 1)).is_err(), "{from}");
    }
}
