//! Sending an operation, in both styles.
//!
//! What sends and waits is compiled once; for each type of answer, only what reads it.

use std::pin::Pin;
use std::sync::Arc;

use super::Operation;
use crate::error::Result;
use crate::types::{Lenient, Read, Reader};
use crate::wire::Wire;
use crate::work::{Anything, Running};

/// Reads an answer of one type, or makes what stands for it where there is none.
type Reading = fn(Option<&mut Reader<'_>>) -> Read<Option<Anything>>;

fn reading<T: Lenient + Send + 'static>(from: Option<&mut Reader<'_>>) -> Read<Option<Anything>> {
    let value = match from {
        Some(from) => T::lenient(from)?,
        None => T::missing(),
    };
    Ok(value.map(|value| Box::new(value) as Anything))
}

async fn anything(wire: Arc<Wire>, operation: Operation, reading: Reading) -> Result<Anything> {
    let (spec, inside) = (operation.spec, operation.spec.inside);
    let request = wire.request(spec.id, spec.method, &operation.path, &operation.query, operation.body)?;
    let answer = wire.execute(request.tool(spec.tool)).await?;
    crate::decode::with(reading, inside, &answer.body).map_err(|fault| fault.of(spec.id))
}

type Work = Pin<Box<dyn Future<Output = Result<Anything>> + Send>>;

fn work(wire: &Arc<Wire>, operation: Result<Operation>, reading: Reading) -> Result<(&'static str, Work)> {
    let operation = operation?;
    Ok((operation.spec.id, Box::pin(anything(Arc::clone(wire), operation, reading))))
}

/// Sends an operation for a blocking caller, and reads its answer.
#[cfg(feature = "blocking")]
pub(crate) fn waited<T: Lenient + Send + 'static>(
    wire: &Arc<Wire>,
    operation: Result<Operation>,
) -> Result<T> {
    crate::work::wait_any(work(wire, operation, reading::<T>))
}

/// Sends an operation for an async caller, and reads its answer.
pub(crate) fn awaited<T: Lenient + Send + 'static>(
    wire: &Arc<Wire>,
    operation: Result<Operation>,
) -> Running<T> {
    crate::work::run_any(work(wire, operation, reading::<T>))
}

/// Sends an operation as a part of other work, and reads its answer.
pub(crate) async fn send<T: Lenient + Send + 'static>(wire: Arc<Wire>, operation: Operation) -> Result<T> {
    let work: Work = Box::pin(anything(wire, operation, reading::<T>));
    crate::work::typed(work.await)
}
