//! Log events, for a function of the caller.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

use scalekit_core::dispatch::{OwnEvents, Sink, log_text};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level};

/// The level of a log event. Each level includes the ones before it.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum scalekit_log_level {
    /// No events.
    SCALEKIT_LOG_OFF = 0,
    /// Final failures.
    SCALEKIT_LOG_ERROR = 1,
    /// Retries.
    SCALEKIT_LOG_WARN = 2,
    /// Notable events.
    SCALEKIT_LOG_INFO = 3,
    /// Every request with its status code, duration and request ID.
    SCALEKIT_LOG_DEBUG = 4,
    /// Everything else.
    SCALEKIT_LOG_TRACE = 5,
}

use scalekit_log_level::*;

/// Receives a log event: one line of UTF-8, NUL-terminated, without credentials, headers or bodies; it is valid during
/// the callback. Called on any thread, and on several at the same time. Must not throw or longjmp; events of calls that
/// it makes are dropped.
pub type scalekit_log_callback = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        level: scalekit_log_level,
        line: *const c_char,
        length: usize,
    ),
>;

struct Log {
    level: LevelFilter,
    callback: unsafe extern "C" fn(*mut c_void, scalekit_log_level, *const c_char, usize),
    user_data: *mut c_void,
    /// The log before this one. It is kept, because another thread may still be calling it.
    _before: *const Log,
}

/// The current log, or NULL. Not a lock, which a forked child could inherit locked.
static LOG: AtomicPtr<Log> = AtomicPtr::new(null_mut());

thread_local! {
    /// Whether this thread is inside a log callback.
    static IS_LOGGING: Cell<bool> = const { Cell::new(false) };
}

fn current() -> Option<&'static Log> {
    // SAFETY: logs are never freed.
    unsafe { LOG.load(Ordering::Acquire).as_ref() }
}

/// Sets the function that receives log events of this level and more severe ones, for the whole process, in place of
/// any before. `level` is a `scalekit_log_level`; with `SCALEKIT_LOG_OFF` or a NULL `callback` there is none.
///
/// `user_data` must be valid until the process ends, since another thread may be logging at the moment. Returns false
/// if `level` is not a `scalekit_log_level`, or if the program has a Rust subscriber for `tracing` already.
///
/// # Safety
///
/// `callback` and `user_data` are valid until the process ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_set_log(
    level: i32,
    callback: scalekit_log_callback,
    user_data: *mut c_void,
) -> bool {
    let levels = [
        LevelFilter::OFF,
        LevelFilter::ERROR,
        LevelFilter::WARN,
        LevelFilter::INFO,
        LevelFilter::DEBUG,
        LevelFilter::TRACE,
    ];
    let level = usize::try_from(level).ok().and_then(|level| levels.get(level)).copied();
    let set = || match (level, callback) {
        (None, _) => false,
        (Some(level), Some(callback)) => install(level, callback, user_data),
        (Some(_), None) => install(LevelFilter::OFF, ignore, null_mut()),
    };
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(set)).unwrap_or(false)
}

unsafe extern "C" fn ignore(_: *mut c_void, _: scalekit_log_level, _: *const c_char, _: usize) {}

fn install(
    level: LevelFilter,
    callback: unsafe extern "C" fn(*mut c_void, scalekit_log_level, *const c_char, usize),
    user_data: *mut c_void,
) -> bool {
    let is_ours = tracing::dispatcher::get_default(|dispatch| dispatch.is::<OwnEvents<Logger>>());
    if !is_ours && tracing::subscriber::set_global_default(OwnEvents(Logger)).is_err() {
        return false;
    }
    let mut before = LOG.load(Ordering::Acquire);
    let log = Box::into_raw(Box::new(Log { level, callback, user_data, _before: before }));
    while let Err(other) = LOG.compare_exchange(before, log, Ordering::AcqRel, Ordering::Acquire) {
        before = other;
        // SAFETY: not shared before it is in `LOG`.
        unsafe { (*log)._before = before };
    }
    // `tracing` remembers which events are enabled.
    tracing::callsite::rebuild_interest_cache();
    true
}

/// Passes the events of the core to the current log.
struct Logger;

impl Sink for Logger {
    fn level(&self) -> LevelFilter {
        current().map_or(LevelFilter::OFF, |log| log.level)
    }

    fn accept(&self, event: &Event<'_>) {
        let Some(log) = current().filter(|_| !IS_LOGGING.get()) else { return };
        let line = log_text(event) + "\0";
        IS_LOGGING.set(true);
        let level = level_of(*event.metadata().level());
        // SAFETY: the caller keeps function and data valid. The line is NUL-terminated.
        unsafe { (log.callback)(log.user_data, level, line.as_ptr().cast(), line.len() - 1) };
        IS_LOGGING.set(false);
    }
}

fn level_of(level: Level) -> scalekit_log_level {
    match level {
        Level::ERROR => SCALEKIT_LOG_ERROR,
        Level::WARN => SCALEKIT_LOG_WARN,
        Level::INFO => SCALEKIT_LOG_INFO,
        Level::DEBUG => SCALEKIT_LOG_DEBUG,
        Level::TRACE => SCALEKIT_LOG_TRACE,
    }
}
