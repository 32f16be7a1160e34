//! Tests over real pipes.

use std::io::{ErrorKind, PipeReader, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::Ordering;
use std::thread;

use super::pipe::Pipe;
use super::*;

/// Makes a pipe non-blocking, as Python does. The standard library has this only for sockets.
fn set_nonblocking(fd: impl Into<OwnedFd>) {
    UnixStream::from(fd.into()).set_nonblocking(true).unwrap();
}

fn completions() -> Arc<Completions> {
    let completions = Completions::new().unwrap();
    let pipe = &completions.0.pipe;
    set_nonblocking(pipe.reader.try_clone().unwrap());
    set_nonblocking(pipe.writer.try_clone().unwrap());
    completions
}

fn data(completions: &Completions, number: u64) -> u64 {
    completions.id() << 40 | number
}

fn complete_elsewhere(data: u64, code: RustFuturePoll) {
    thread::spawn(move || complete(data, code)).join().unwrap();
}

/// Reads all entries in the pipe.
fn entries(completions: &Completions) -> Vec<(u64, i64)> {
    let mut reader: &PipeReader = &completions.0.pipe.reader;
    let (mut found, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let bytes = match reader.read(&mut buffer) {
            Ok(length) => &buffer[..length],
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                return found;
            }
        };
        assert_eq!(bytes.len() % 16, 0);
        let parts = bytes.as_chunks::<8>().0.chunks(2);
        found.extend(parts.map(|parts| (u64::from_le_bytes(parts[0]), i64::from_le_bytes(parts[1]))));
    }
}

fn result(completions: &Completions) -> u64 {
    completions.0.result.load(Ordering::Relaxed)
}

fn overflow(completions: &Completions) -> u64 {
    completions.0.overflow.length.load(Ordering::Relaxed)
}

#[test]
fn completion_on_another_thread_is_written_to_the_pipe() {
    let completions = completions();
    complete_elsewhere(data(&completions, 7), RustFuturePoll::Wake);
    complete_elsewhere(data(&completions, queue::LARGEST_NUMBER), RustFuturePoll::Ready);
    assert_eq!(entries(&completions), [(7, 1), (queue::LARGEST_NUMBER, 0)]);
}

#[test]
fn completion_of_the_current_poll_is_written_to_the_cell() {
    let completions = completions();
    completions.0.polled.store(7, Ordering::Relaxed);
    complete(data(&completions, 7), RustFuturePoll::Ready);
    assert_eq!((entries(&completions), result(&completions)), (vec![], 1));
    complete(data(&completions, 7), RustFuturePoll::Wake);
    assert_eq!((entries(&completions), result(&completions)), (vec![], 2));
}

#[test]
fn other_completions_during_a_poll_are_written_to_the_pipe() {
    let completions = completions();
    completions.0.polled.store(7, Ordering::Relaxed);
    complete(data(&completions, 8), RustFuturePoll::Ready);
    complete_elsewhere(data(&completions, 7), RustFuturePoll::Wake);
    assert_eq!((entries(&completions), result(&completions)), (vec![(8, 0), (7, 1)], 0));
}

#[test]
fn entries_that_do_not_fit_are_kept_in_order() {
    const LATER: u64 = 1 << 30;
    let completions = completions();
    completions.0.polled.store(u64::MAX, Ordering::Relaxed);
    let mut sent = 0..;
    let mut send_until_overflow = |bytes| {
        while overflow(&completions) < bytes {
            complete(data(&completions, sent.next().unwrap()), RustFuturePoll::Ready);
        }
        sent.start
    };
    send_until_overflow(5000);
    let mut received = entries(&completions);
    // Written together with the next entry, and before it.
    complete_elsewhere(data(&completions, LATER), RustFuturePoll::Ready);
    assert_eq!(overflow(&completions), 0);
    received.extend(entries(&completions));
    assert_eq!(received.pop(), Some((LATER, 0)));
    let sent = send_until_overflow(1);
    received.extend(entries(&completions));
    completions.flush();
    assert_eq!(overflow(&completions), 0);
    received.extend(entries(&completions));
    assert_eq!(received, Vec::from_iter((0..sent).map(|number| (number, 0))));
}

#[test]
fn queues_have_their_own_entries() {
    let (one, other) = (completions(), completions());
    complete_elsewhere(data(&one, 1), RustFuturePoll::Ready);
    complete_elsewhere(data(&other, 2), RustFuturePoll::Ready);
    assert_eq!((entries(&one), entries(&other)), (vec![(1, 0)], vec![(2, 0)]));
}

#[test]
fn completion_for_a_dropped_queue_is_ignored() {
    let completions = completions();
    let data = data(&completions, 7);
    let weak = Arc::downgrade(&completions.0);
    drop(completions);
    assert!(weak.upgrade().is_none() && !queue::queues().contains_key(&(data >> 40)));
    complete(data, RustFuturePoll::Ready);
}

#[test]
fn completion_after_the_reader_was_closed_is_ignored() {
    let (unread, other) = (Pipe::new().unwrap(), Pipe::new().unwrap());
    drop(unread.reader);
    let completions = Completions(Queue::on(Pipe { reader: other.reader, writer: unread.writer }));
    complete_elsewhere(data(&completions, 7), RustFuturePoll::Ready);
    assert_eq!(overflow(&completions), 0);
}

#[test]
fn addresses_and_callback_are_distinct() {
    let completions = completions();
    let addresses = [
        completions.polled_address(),
        completions.result_address(),
        completions.overflow_address(),
        completion_callback(),
    ];
    assert!(addresses.iter().all(|address| *address != 0));
    assert_eq!(std::collections::HashSet::from(addresses).len(), addresses.len());
    assert_ne!(completions.read_fd(), completions.write_fd());
}
