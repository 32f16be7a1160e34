//! Types: their annotations in Python, and their shapes, which the runtime reads.

use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::Type;

use super::Result;
pub use crate::kinds::Kind;
use crate::kinds::Kinds;

pub struct Types(Kinds);

impl Types {
    pub fn new(interface: &ComponentInterface) -> Self {
        Self(Kinds::new(interface))
    }

    pub fn kind(&self, name: &str) -> Result<Kind> {
        self.0.of(name)
    }

    /// The position of a class in its module.
    pub fn rank(&self, name: &str) -> Result<(u8, String)> {
        self.0.rank(name)
    }

    /// The annotation of a value that a call returns, or that a field holds.
    pub fn annotation(&self, of: &Type) -> Result<String> {
        Ok(match of {
            Type::String => "str".into(),
            Type::Boolean => "bool".into(),
            Type::Int32 | Type::Int64 | Type::UInt16 | Type::UInt32 | Type::UInt64 => "int".into(),
            Type::Float64 => "float".into(),
            Type::Bytes => "bytes".into(),
            Type::Timestamp => "datetime".into(),
            Type::Custom { name, .. } => match name.as_str() {
                "Json" => "Any".into(),
                "Timestamp" => "datetime".into(),
                "SecretInput" => "SecretText".into(),
                _ => return Err(format!("unknown custom type {name}").into()),
            },
            Type::Optional { inner_type } => format!("{} | None", self.annotation(inner_type)?),
            Type::Sequence { inner_type } => format!("list[{}]", self.annotation(inner_type)?),
            Type::Map { value_type, .. } => format!("dict[str, {}]", self.annotation(value_type)?),
            Type::Box { inner_type } => self.annotation(inner_type)?,
            Type::Record { name, .. } | Type::Enum { name, .. } | Type::Object { name, .. } => name.clone(),
            other => return Err(format!("unsupported type {other:?}").into()),
        })
    }

    /// The annotation of an argument, which may be of more types than a result.
    pub fn input(&self, of: &Type) -> Result<String> {
        Ok(match of {
            Type::Custom { name, .. } if name == "SecretInput" => "str | SecretText".into(),
            Type::Object { name, .. } if name == "SecretText" => "str | SecretText".into(),
            Type::Record { name, .. } if self.kind(name)? == Kind::Request => {
                format!("{name} | Mapping[str, object]")
            }
            Type::Optional { inner_type } => format!("{} | None", self.input(inner_type)?),
            Type::Sequence { inner_type } => format!("Sequence[{}]", self.input(inner_type)?),
            Type::Map { value_type, .. } => format!("Mapping[str, {}]", self.input(value_type)?),
            Type::Bytes => "bytes | bytearray | memoryview".into(),
            Type::Enum { name, .. } if matches!(self.kind(name)?, Kind::OpenEnum | Kind::ClosedEnum) => {
                format!("{name} | str")
            }
            other => self.annotation(other)?,
        })
    }

    /// The annotation of an attribute that can be set. It is that of the value that was set: text, if text was set where
    /// an enumeration is meant. Containers are copied, so that they can be changed, and secrets and records are converted.
    pub fn attribute(&self, of: &Type) -> Result<String> {
        Ok(match of {
            Type::Custom { name, .. } if name == "SecretInput" => "SecretText".into(),
            Type::Object { name, .. } if name == "SecretText" => name.clone(),
            Type::Record { name, .. } => name.clone(),
            Type::Optional { inner_type } => format!("{} | None", self.attribute(inner_type)?),
            Type::Sequence { inner_type } => match &**inner_type {
                Type::Record { name, .. } => format!("list[{name}]"),
                of => format!("list[{}]", self.input(of)?),
            },
            Type::Map { value_type, .. } => format!("dict[str, {}]", self.input(value_type)?),
            other => self.input(other)?,
        })
    }

    /// The shape of a type: the letters are those of the core's rows, and a class is named.
    pub fn shape(&self, of: &Type) -> Result<String> {
        Ok(match of {
            Type::String => "s".into(),
            Type::Boolean => "b".into(),
            Type::Int32 => "i".into(),
            Type::Int64 => "l".into(),
            Type::Float64 => "d".into(),
            Type::Bytes => "y".into(),
            Type::Timestamp => "t".into(),
            Type::Custom { name, .. } => match name.as_str() {
                "Json" => "j".into(),
                "Timestamp" => "t".into(),
                "SecretInput" => "SecretInput".into(),
                _ => return Err(format!("unknown custom type {name}").into()),
            },
            Type::Optional { inner_type } => format!("?{}", self.shape(inner_type)?),
            Type::Sequence { inner_type } => format!("[{}", self.shape(inner_type)?),
            Type::Map { value_type, .. } => format!("{{{}", self.shape(value_type)?),
            Type::Box { inner_type } => self.shape(inner_type)?,
            Type::Record { name, .. } | Type::Enum { name, .. } | Type::Object { name, .. } => name.clone(),
            other => return Err(format!("unsupported type {other:?}").into()),
        })
    }
}
