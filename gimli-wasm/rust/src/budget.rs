//! A limit on work, so that small hostile input cannot ask for much of it.
//!
//! In DWARF a few bytes can stand for a lot: an abbreviation of a million attributes without bytes, used by
//! every DIE; one long list that every DIE names. Each question may do eight steps for each byte it can be
//! about, and a million beside; real modules need less than one a byte.

use crate::failure::{Failure, Result};
use crate::section::Section;

pub struct Budget {
    left: u64,
}

impl Budget {
    pub fn new(bytes: usize) -> Budget {
        Budget { left: bytes as u64 * 8 + (1 << 20) }
    }

    /// Takes steps off. `section` and `offset` say what they are for.
    pub fn spend(&mut self, steps: usize, section: Section, offset: usize) -> Result<()> {
        match self.left.checked_sub(steps as u64) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Failure::new(section, offset, "too much to read for so few bytes")),
        }
    }
}
