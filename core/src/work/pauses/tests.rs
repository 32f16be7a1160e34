//! Tests with real slots, timers and connections.

use std::future::pending;
use std::io::Read;
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::oneshot;

use super::*;
use crate::runtime;

const OPERATION: &str = "things.do";

fn work(work: impl Future<Output = Result<u32>> + Send + 'static) -> Work {
    Box::pin(super::super::erase(work))
}

/// Makes a call; `None` if it was paused.
fn call_as(
    operation: &'static str,
    result: impl Future<Output = Result<u32>> + Send + 'static,
) -> Option<u32> {
    match super::super::typed(operation, wait(operation, work(result))) {
        Err(ScalekitError::Internal { failure }) if failure.code.as_deref() == Some("paused") => None,
        result => Some(result.unwrap()),
    }
}

fn call(result: impl Future<Output = Result<u32>> + Send + 'static) -> Option<u32> {
    call_as(OPERATION, result)
}

/// The work of a call that only continues a paused one.
async fn never_run() -> Result<u32> {
    panic!("the new work is run")
}

/// Reports when it is dropped.
struct Guard(Sender<()>);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

/// Pauses a call that does not end, and returns the report that its work is dropped.
fn pause(operation: &'static str) -> Receiver<()> {
    let (dropped, report) = channel();
    let guard = Guard(dropped);
    let work = async move {
        let _guard = guard;
        pending().await
    };
    assert_eq!(call_as(operation, work), None);
    assert!(report.try_recv().is_err(), "the work is kept");
    report
}

fn set_number(to: u64) {
    NUMBER.with(|number| number.store(to, Ordering::Relaxed));
}

fn paused_calls() -> usize {
    PAUSED.with_borrow(|calls| calls.0.len())
}

#[test]
fn paused_call_is_continued_by_the_next_call() {
    let (finish, finished) = oneshot::channel();
    assert_eq!(call(async move { Ok(finished.await.unwrap()) }), None);
    assert_eq!(call(never_run()), None);
    finish.send(7).unwrap();
    assert_eq!((call(never_run()), paused_calls()), (Some(7), 0));
    assert_eq!(call(async { Ok(8) }), Some(8));
}

#[test]
fn only_threads_that_allow_pauses_have_them() {
    let slow = || async {
        tokio::time::sleep(TURN * 2).await;
        Ok(7_u32)
    };
    let call = || super::super::Call::new(OPERATION, slow()).wait();
    assert_eq!(call(), Ok(7));
    allow(true);
    assert!(matches!(call(), Err(ScalekitError::Internal { .. })));
    assert!(!thread::spawn(are_allowed).join().unwrap());
    allow(false);
    assert_eq!(call(), Ok(7), "a call without pauses leaves a paused one alone");
    assert_eq!(paused_calls(), 1);
}

#[test]
fn deadline_of_the_paused_call_remains() {
    let limited = || async {
        let limit = tokio::time::timeout(TURN * 5 / 2, pending::<()>());
        limit.await.map_err(|_| ScalekitError::argument("the", "deadline")).map(|()| 7)
    };
    let mut results = std::iter::repeat_with(|| wait(OPERATION, work(limited())));
    let pauses = results.by_ref().position(|result| !matches!(result, Err(ScalekitError::Internal { .. })));
    assert_eq!((pauses, paused_calls()), (Some(2), 0));
}

#[test]
fn panic_after_a_pause_is_an_error() {
    let panicking = async {
        tokio::time::sleep(TURN * 3 / 2).await;
        panic!("no luck")
    };
    assert_eq!(call(panicking), None);
    let error = wait(OPERATION, work(never_run())).unwrap_err();
    assert!(error.to_string().contains("no luck"), "{error}");
}

#[test]
fn dropped_call_closes_its_connection() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    let connecting = async move {
        let _connection = tokio::net::TcpStream::connect(address).await.unwrap();
        pending().await
    };
    assert_eq!(call(connecting), None);
    let (mut accepted, _) = server.accept().unwrap();
    drop_paused();
    assert_eq!((accepted.read(&mut [0]).unwrap(), paused_calls()), (0, 0));
}

#[test]
fn slot_of_a_cancelled_call_is_parked() {
    // Other tests use slots too, but few.
    for _ in 0..3 * runtime::SLOTS {
        let running = Running::start(OPERATION, work(never_run())).unwrap();
        assert!(matches!(running.place, Place::Slot(_)));
        running.cancel();
    }
}

#[test]
fn call_of_another_operation_cancels_the_paused_one() {
    let dropped = pause(OPERATION);
    assert_eq!(call_as("things.other", async move { Ok(u32::from(dropped.try_recv().is_ok())) }), Some(1));
    assert_eq!(paused_calls(), 0);
}

#[test]
fn calls_with_a_greater_number_leave_a_paused_one_alone() {
    let (finish, finished) = oneshot::channel();
    assert_eq!(call(async move { Ok(finished.await.unwrap()) }), None);
    set_number(1);
    assert_eq!(call(async { Ok(1) }), Some(1));
    let abandoned = pause(OPERATION);
    set_number(2);
    drop_paused();
    assert_eq!(paused_calls(), 2);
    set_number(0);
    finish.send(7).unwrap();
    assert_eq!(call(never_run()), Some(7));
    assert!(abandoned.try_recv().is_ok() && paused_calls() == 0);
}

#[test]
fn call_during_a_pause_waits_for_shared_work_of_the_paused_one() {
    let (share, shared) = channel();
    let sharing = async move {
        runtime::spawn_shared(OPERATION, async move {
            tokio::time::sleep(TURN * 3 / 2).await;
            share.send(()).unwrap();
        });
        pending().await
    };
    assert_eq!(call(sharing), None);
    set_number(1);
    assert_eq!(call(async move { Ok(u32::from(shared.recv().is_ok())) }), Some(1));
    set_number(0);
    drop_paused();
}

#[test]
fn call_without_a_slot_is_paused() {
    let (finish, finished) = oneshot::channel();
    let waiting = work(async move { Ok(finished.await.unwrap()) });
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
    let place = Place::Shared(runtime.handle().clone());
    let mut running = Running { operation: OPERATION, work: waiting, place };
    assert!(matches!(running.run(), Ok(None)));
    let paused = Paused { number: 0, process: process::id(), running: Some(running) };
    PAUSED.with_borrow_mut(|calls| calls.0.push(paused));
    finish.send(7).unwrap();
    assert_eq!(call(never_run()), Some(7));
}

#[test]
fn paused_call_is_cancelled_when_its_thread_ends() {
    let dropped = thread::spawn(|| pause(OPERATION)).join().unwrap();
    assert!(dropped.recv().is_ok());
}

#[test]
fn paused_call_of_the_parent_process_is_neither_continued_nor_dropped() {
    let dropped = pause(OPERATION);
    PAUSED.with_borrow_mut(|calls| calls.0[0].process = 0);
    let error = wait(OPERATION, work(never_run())).unwrap_err();
    assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
    assert!(dropped.try_recv() == Err(mpsc::TryRecvError::Empty) && paused_calls() == 0);
}
