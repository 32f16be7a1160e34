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
class _UniffiFfiConverterTypeColour(_UniffiConverterRustBuffer):
    def read(buf):
        variant = buf.read_i32()
        if variant == 1:
            return Colour.RED()
        if variant == 2:
            return Colour.UNRECOGNIZED(_UniffiFfiConverterString.read(buf))
class _UniffiFfiConverterOptionalTypeColour(_UniffiConverterRustBuffer):
    def read(cls, buf):
            return _UniffiFfiConverterTypeColour.read(buf)
class _UniffiFfiConverterTypeMethod(_UniffiConverterRustBuffer):
    def read(buf):
        if variant == 1:
            return Method.GET
class _UniffiFfiConverterMapStringTypeColour(_UniffiConverterRustBuffer):
    def read(cls, buf):
            key = _UniffiFfiConverterString.read(buf)
            val = _UniffiFfiConverterTypeColour.read(buf)
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
            colour=_UniffiFfiConverterOptionalTypeColour.read(buf),
            method=_UniffiFfiConverterTypeMethod.read(buf),
            colours=_UniffiFfiConverterMapStringTypeColour.read(buf),
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
    def __init__(self, *, name:str, colour:Colour, method:Method, colours:dict[str, Colour], parts:typing.List[Part]):
        pass
";

const FILL: &str = "class Thing

    def _fill(self, row):
        (name, colour, method, colours, parts,) = row
        colour = Colour._by_row[colour]
        method = _closed(Method, method)
        colours = {key: Colour._by_row[item0] for key, item0 in colours.items()}
        parts = [_unread(Part, item0) for item0 in parts]
        try:
            ((_, _),) = map(_referents, (self,))
        except ValueError:
            return _fill_the_rest(self, (name, colour, method, colours, parts,))
        self.name = name
        self.colour = colour
        self.method = method
        self.colours = colours
        self.parts = parts
        del self._row
";

fn seen() -> Seen {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Seen {
        records: [("Part", 2), ("PartPage", 1), ("Thing", 5), ("Safe", 1)]
            .map(|(name, count)| (name.to_owned(), count))
            .into(),
        open_enums: names(&["Colour"]),
        closed_enums: names(&["Method"]),
        ..Seen::default()
    }
}

fn answers(text: &str) -> Result<Answers, Box<dyn Error>> {
    Answers::read(&blocks(text)?, &seen())
}

#[test]
fn a_record_that_a_call_gives_crosses_as_rows() {
    let answers = answers(MODULE).unwrap();
    let head = "class _UniffiFfiConverterTypeThing(_UniffiConverterRustBuffer):\n    def read";
    let done = answers.finish_converter("TypeThing", head.to_owned()).unwrap();
    let new = "class _UniffiFfiConverterTypeThing(_RowsConverter):\n    _shape = b\"(?s?e1.c1.{e1.[(s?t))\"\n\n    \
               @staticmethod\n    def from_row(row):\n        return _unread(Thing, row)\n\n    def read";
    assert_eq!(done, new);
    assert!(answers.finish_converter("TypeThing", "class Other:\n".to_owned()).is_err());
}

#[test]
fn the_items_of_a_list_are_for_later() {
    let answers = answers(MODULE).unwrap();
    for (name, shape, later, made) in [
        ("TypePartPage", "(<(s?t))", "first", "_unread(PartPage, row)"),
        (
            "OptionalSequenceTypePart",
            "?<(s?t)",
            "all",
            "None if row is None else [_unread(Part, item0) for item0 in row]",
        ),
    ] {
        let head = format!("class _UniffiFfiConverter{name}(_UniffiConverterRustBuffer):\n");
        let done = answers.finish_converter(name, head).unwrap();
        let said = format!("    _shape = b\"{shape}\"\n    _later = \"{later}\"\n");
        assert!(done.contains(&said) && done.contains(&format!("return {made}\n")), "{done}");
    }
}

#[test]
fn a_record_learns_to_fill_its_fields() {
    let answers = answers(MODULE).unwrap();
    let block = blocks(THING).unwrap().remove(0);
    assert_eq!(answers.finish_record(&block, "class Thing\n".to_owned()).unwrap(), FILL);
    let part = [("at".to_owned(), "OptionalTypeTimestamp".to_owned())];
    assert!(answers.fill(&part).unwrap().contains("        at = None if at is None else _time(at)\n"));
    assert!(answers.fill(&[("row".to_owned(), "String".to_owned())]).is_err());
    let fewer = THING.replace(", parts:typing.List[Part]", "");
    assert!(answers.finish_record(&blocks(&fewer).unwrap()[0], String::new()).is_err());
}

#[test]
fn what_the_library_counts_is_read_at_once() {
    let answers = answers(MODULE).unwrap();
    assert_eq!(
        answers.given.keys().collect::<Vec<_>>(),
        ["OptionalSequenceTypePart", "TypePartPage", "TypeThing"]
    );
    assert_eq!(answers.types.shape("TypeSafe"), None);
    assert_eq!(answers.finish_converter("TypeSafe", "as it was".to_owned()).unwrap(), "as it was");
    let safe = "@dataclass\nclass Safe:\n    def __init__(self, *, secret:Secret):\n        pass\n";
    assert_eq!(
        answers.finish_record(&blocks(safe).unwrap()[0], "as it was".to_owned()).unwrap(),
        "as it was"
    );
}

#[test]
fn what_holds_itself_has_no_shape() {
    let endless = MODULE.replace("ConverterTypePart.read(buf) for", "ConverterTypeThing.read(buf) for");
    assert_eq!(answers(&endless).unwrap().types.shape("TypeThing"), None);
}

#[test]
fn another_text_is_refused() {
    for (from, to) in [
        ("            id=_UniffiFfiConverterString.read(buf),\n", ""),
        ("        if variant == 1:\n            return Colour.RED()\n        if variant == 2:\n", ""),
        ("            return _UniffiFfiConverterTypeColour.read(buf)\n", ""),
    ] {
        assert!(MODULE.contains(from));
        assert!(answers(&MODULE.replacen(from, to, 1)).is_err(), "{from}");
    }
}
