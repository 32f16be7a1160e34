//! Sending an operation, in both styles.
//!
//! What sends and waits is compiled once; for each type of response, only what reads it.

use std::sync::Arc;

use super::Operation;
use crate::error::Result;
use crate::types::{Lenient, Read, Reader};
use crate::wire::Wire;
use crate::work::{Call, Erased, Work};

/// Reads a response of one type; without a response, makes the value that stands for an absent one.
pub(crate) type Decode = fn(Option<&mut Reader<'_>>) -> Read<Option<Erased>>;

pub(crate) fn decode<T: Lenient + Send + 'static>(from: Option<&mut Reader<'_>>) -> Read<Option<Erased>> {
    let value = match from {
        Some(from) => T::lenient(from)?,
        None => T::missing(),
    };
    Ok(value.map(|value| Box::new(value) as Erased))
}

/// Sends an operation and reads its response.
pub(super) async fn send(wire: Arc<Wire>, operation: Operation, decode: Decode) -> Result<Erased> {
    let (spec, inside) = (operation.spec, operation.spec.inside);
    let request = wire.request(spec.id, spec.method, &operation.path, &operation.query, operation.body)?;
    let response = wire.execute(request.tool(spec.tool)).await?;
    let decoded = crate::decode::with(decode, inside, &response.body);
    decoded.map_err(|fault| response.undecodable(fault.of(spec.id)))
}

/// The work of an operation, or the error in its arguments. Apart from `call`, so that it is compiled once.
#[inline(never)]
fn work(wire: &Arc<Wire>, operation: Result<Operation>, decode: Decode) -> Result<Work> {
    Ok(Box::pin(send(Arc::clone(wire), operation?, decode)))
}

/// The call of an operation, or the error in its arguments.
pub(crate) fn call<T: Lenient + Send + 'static>(
    id: &'static str,
    wire: &Arc<Wire>,
    operation: Result<Operation>,
) -> Call<T> {
    Call::erased(id, work(wire, operation, decode::<T>))
}
