//! Reading and writing of the state file.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ring::digest::{SHA256, digest};
use tempfile::NamedTempFile;

use super::{read, write};
use crate::environment::Environment;
use crate::shared::Shared;

/// A crash loses the changes of this time.
const INTERVAL: Duration = Duration::from_secs(1);

/// The state file of a running emulator.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
    /// Hash of what was written last. Locked while the file is written.
    written: Mutex<Option<[u8; 32]>>,
}

impl StateFile {
    /// Restores the state if the file exists, and returns whether it did.
    pub(crate) fn open(path: &Path, env: &mut Environment) -> io::Result<(StateFile, bool)> {
        let fail = |kind, text: &dyn std::fmt::Display| {
            io::Error::new(kind, format!("state file {}: {text}", path.display()))
        };
        let text = match fs::read(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(fail(error.kind(), &error)),
        };
        if let Some(text) = &text {
            read(text, env).map_err(|error| fail(io::ErrorKind::InvalidData, &error))?;
        }
        // The target of a symbolic link, so that the link is not replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Ok((StateFile { path, written: Mutex::default() }, text.is_some()))
    }

    /// Writes the state, if it has changed. Other programs see the old file or the new one, also after a crash.
    pub(crate) fn save(&self, shared: &Shared) -> io::Result<()> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let state = write(&shared.env())?;
        let hash = digest(&SHA256, &state).as_ref().try_into().ok();
        if hash == *written {
            return Ok(());
        }
        self.replace(&state).map_err(|error| {
            io::Error::new(error.kind(), format!("state file {}: {error}", self.path.display()))
        })?;
        *written = hash;
        Ok(())
    }

    fn replace(&self, state: &[u8]) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        // In the same folder, because a file can only be renamed within a file system. Only its owner can read it.
        let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(state)?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(())
    }

    /// Saves the state regularly. Never returns.
    pub(crate) async fn keep_saved(&self, shared: &Shared) {
        let mut interval = tokio::time::interval(INTERVAL);
        let (mut saved, mut has_failed) = (None, false);
        loop {
            interval.tick().await;
            let uses = shared.uses();
            if saved == Some(uses) {
                continue;
            }
            match self.save(shared) {
                // Saving itself is a use.
                Ok(()) => saved = Some(shared.uses()),
                // Once, not every second. The next save may succeed, for example when the disk has space again.
                Err(error) if !has_failed => {
                    has_failed = true;
                    eprintln!("scalekit-emulator: {error}");
                }
                Err(_) => {}
            }
        }
    }
}
