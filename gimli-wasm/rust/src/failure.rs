//! Malformed DWARF: where, and what was wrong.

use crate::section::Section;
use alloc::string::{String, ToString};

pub type Result<T> = core::result::Result<T, Failure>;

pub struct Failure {
    /// The file it is about: 0 for the module.
    pub file: u32,
    pub section: Section,
    /// Bytes from the start of the section.
    pub offset: usize,
    cause: Cause,
}

enum Cause {
    Gimli(gimli::Error),
    Ours(&'static str),
}

impl Failure {
    pub fn new(section: Section, offset: usize, reason: &'static str) -> Failure {
        Failure { file: 0, section, offset, cause: Cause::Ours(reason) }
    }

    pub fn from_gimli(section: Section, offset: usize, error: gimli::Error) -> Failure {
        Failure { file: 0, section, offset, cause: Cause::Gimli(error) }
    }

    /// gimli's own words where it found the fault.
    pub fn reason(&self) -> String {
        match &self.cause {
            Cause::Gimli(error) => error.to_string(),
            Cause::Ours(reason) => String::from(*reason),
        }
    }
}
