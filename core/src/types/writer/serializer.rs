//! The serializer of `Writer`.

use std::fmt::{self, Display, Write as _};

use serde::Serialize;
use serde::ser::{self, Impossible, Serializer};
use serde_json::Number;

use super::{Inside, Unwritable, Writer};

type Written = Result<(), Unwritable>;

/// The name of serde_json's type for text that is JSON already. Its field, which is the text, has the same name.
const RAW: &str = "$serde_json::private::RawValue";

impl Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot be written as JSON")
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// An object or a list that is not complete.
pub(crate) struct Open<'a> {
    to: &'a mut Writer,
    is_first: bool,
    /// The byte that completes it; `None` for raw text.
    end: Option<u8>,
}

impl<'a> Open<'a> {
    fn new(to: &'a mut Writer, start: u8, end: u8) -> Self {
        to.byte(start);
        Self { to, is_first: true, end: Some(end) }
    }

    fn separate(&mut self) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.to.byte(b',');
        }
    }

    fn close(self) -> Written {
        if let Some(end) = self.end {
            self.to.byte(end);
        }
        Ok(())
    }
}

/// The numbers that `Number` represents.
macro_rules! numbers {
    ($($name:ident: $Type:ty),*) => { $(
        fn $name(self, number: $Type) -> Written {
            self.displayed(&Number::from(number));
            Ok(())
        }
    )* };
}

/// What no model has.
macro_rules! unwritable {
    ($($name:ident$(<$T:ident>)?($($Argument:ty),*) -> $Written:ty;)*) => { $(
        fn $name$(<$T: ?Sized + Serialize>)?(self, $(_: $Argument),*) -> Result<$Written, Unwritable> {
            Err(Unwritable)
        }
    )* };
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Open<'a>;
    type SerializeMap = Open<'a>;
    type SerializeStruct = Open<'a>;
    type SerializeTuple = Open<'a>;
    type SerializeTupleStruct = Impossible<(), Unwritable>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    }

    /// JSON has no infinities: they are `null`, as in serde_json.
    fn serialize_f64(self, number: f64) -> Written {
        match Number::from_f64(number) {
            Some(number) => self.displayed(&number),
            None => self.raw("null"),
        }
        Ok(())
    }

    fn serialize_bool(self, flag: bool) -> Written {
        self.raw(if flag { "true" } else { "false" });
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Written {
        self.string(text);
        Ok(())
    }

    fn collect_str<T: ?Sized + Display>(self, value: &T) -> Written {
        self.byte(b'"');
        let written = write!(Inside(self), "{value}");
        self.byte(b'"');
        written.map_err(|_| Unwritable)
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.raw("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Written {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'a>, Unwritable> {
        Ok(Open::new(self, b'[', b']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'a>, Unwritable> {
        self.serialize_seq(None)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'a>, Unwritable> {
        Ok(Open::new(self, b'{', b'}'))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Open<'a>, Unwritable> {
        Ok(match name {
            RAW => Open { to: self, is_first: true, end: None },
            _ => Open::new(self, b'{', b'}'),
        })
    }

    unwritable! {
        serialize_f32(f32) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_newtype_variant<T>(&'static str, u32, &'static str, &T) -> ();
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }
}

impl ser::SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.separate();
        value.serialize(&mut *self.to)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeTuple for Open<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeMap for Open<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Written {
        self.separate();
        let start = self.to.at;
        key.serialize(&mut *self.to)?;
        let is_string = self.to.bytes.get(start) == Some(&b'"');
        self.to.byte(b':');
        if is_string { Ok(()) } else { Err(Unwritable) }
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        value.serialize(&mut *self.to)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Written {
        if self.end.is_none() {
            let start = self.to.at;
            value.serialize(&mut *self.to)?;
            return self.to.unquote(start);
        }
        let is_first = std::mem::replace(&mut self.is_first, false);
        self.to.name(is_first, name);
        value.serialize(&mut *self.to)
    }

    fn end(self) -> Written {
        self.close()
    }
}
