//! Sending an operation, in both styles.
//!
//! What sends and waits is compiled once; for each type of answer, only what reads it.

use std::sync::Arc;

use super::Operation;
use crate::error::Result;
use crate::types::{Lenient, Read, Reader};
use crate::wire::Wire;
use crate::work::{Anything, Running, Work};

/// Reads an answer of one type, or makes what stands for it where there is none.
pub(crate) type Reading = fn(Option<&mut Reader<'_>>) -> Read<Option<Anything>>;

pub(crate) fn reading<T: Lenient + Send + 'static>(from: Option<&mut Reader<'_>>) -> Read<Option<Anything>> {
    let value = match from {
        Some(from) => T::lenient(from)?,
        None => T::missing(),
    };
    Ok(value.map(|value| Box::new(value) as Anything))
}

/// Sends an operation, and reads its answer.
pub(super) async fn anything(wire: Arc<Wire>, operation: Operation, reading: Reading) -> Result<Anything> {
    let (spec, inside) = (operation.spec, operation.spec.inside);
    let request = wire.request(spec.id, spec.method, &operation.path, &operation.query, operation.body)?;
    let answer = wire.execute(request.tool(spec.tool)).await?;
    crate::decode::with(reading, inside, &answer.body).map_err(|fault| fault.of(spec.id))
}

fn work(wire: &Arc<Wire>, operation: Result<Operation>, reading: Reading) -> Result<Work> {
    Ok(Box::pin(anything(Arc::clone(wire), operation?, reading)))
}

/// Sends an operation for a blocking caller, and reads its answer.
#[cfg(feature = "blocking")]
pub(crate) fn waited<T: Lenient + Send + 'static>(
    id: &'static str,
    wire: &Arc<Wire>,
    operation: Result<Operation>,
) -> Result<T> {
    crate::work::wait_any(id, work(wire, operation, reading::<T>))
}

/// Sends an operation for an async caller, and reads its answer.
pub(crate) fn awaited<T: Lenient + Send + 'static>(
    id: &'static str,
    wire: &Arc<Wire>,
    operation: Result<Operation>,
) -> Running<T> {
    crate::work::run_any(id, work(wire, operation, reading::<T>))
}
