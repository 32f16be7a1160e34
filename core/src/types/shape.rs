//! JSON shapes of types, which the tests compare with the API description and generate examples from.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::types::{Json, SecretJson, SecretText, Timestamp};

/// The shape of a value as JSON.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Text,
    Integer,
    /// A 64-bit integer that is written as a string.
    IntegerText,
    Number,
    Flag,
    Time,
    Free,
    /// A response without content.
    Nothing,
    List(Box<Shape>),
    Map(Box<Shape>),
    /// The values of an open enumeration.
    Choice(&'static [&'static str]),
    /// A model: its name, its fields by their names on the wire, and the field without which it is an error. A function,
    /// since models may hold each other.
    Object(&'static str, fn() -> Vec<(&'static str, Shape)>, Option<&'static str>),
}

/// A type that has a shape.
pub(crate) trait Described {
    fn shape() -> Shape;
}

pub(crate) fn shape_of<T: Described>(_: PhantomData<T>) -> Shape {
    T::shape()
}

macro_rules! described {
    ($($Type:ty => $shape:ident),* $(,)?) => { $(
        impl Described for $Type {
            fn shape() -> Shape {
                Shape::$shape
            }
        }
    )* };
}

described! {
    &'static str => Text,
    String => Text,
    Arc<SecretText> => Text,
    i64 => Integer,
    f64 => Number,
    bool => Flag,
    Timestamp => Time,
    Json => Free,
    Arc<SecretJson> => Free,
    () => Nothing,
}

impl<T: Described> Described for Option<T> {
    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Described> Described for Vec<T> {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }
}

impl<T: Described> Described for HashMap<String, T> {
    fn shape() -> Shape {
        Shape::Map(Box::new(T::shape()))
    }
}
