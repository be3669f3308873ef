//! The way through all DIEs of a unit, from its root on.

use crate::budget::Budget;
use crate::failure::Result;
use crate::section::Bytes;
use crate::sections::Sections;
use crate::unit::Unit;
use alloc::vec::Vec;
use gimli::{Abbreviation, Abbreviations, Attribute, DwTag, EntriesRaw};

/// A DIE that a walk has come to. Its attributes are to be read, or skipped, before the walk goes on.
pub struct Die<'a> {
    pub abbreviation: &'a Abbreviation,
    /// In the unit.
    pub offset: usize,
    /// In the unit's section: where failures are reported.
    pub at: usize,
    /// How many DIEs it is in.
    pub depth: usize,
}

impl Die<'_> {
    pub fn tag(&self) -> DwTag {
        self.abbreviation.tag()
    }
}

/// Goes from DIE to DIE. Null entries that lack at the unit's end are taken as read; bytes after the root's last descendant
/// are not looked at.
pub struct Walk<'a> {
    sections: &'a Sections,
    unit: &'a Unit,
    /// None once it has ended.
    entries: Option<EntriesRaw<'a, Bytes>>,
    budget: Budget,
    begun: bool,
}

impl<'a> Walk<'a> {
    pub fn new(sections: &'a Sections, unit: &'a Unit, table: &'a Abbreviations) -> Result<Walk<'a>> {
        let budget = Budget::new(unit.header.length_including_self());
        let root = unit.header.root_offset();
        let entries = match unit.header.range_from(root..) {
            Err(_) => None,
            Ok(_) => {
                let start = unit.in_section(root.0);
                let entries = unit.header.entries_raw(table, None);
                Some(entries.map_err(|error| sections.failure(unit.section, start, error))?)
            }
        };
        Ok(Walk { sections, unit, entries, budget, begun: false })
    }

    /// The next DIE; none behind the last.
    pub fn next(&mut self) -> Result<Option<Die<'a>>> {
        let Some(entries) = &mut self.entries else { return Ok(None) };
        while !(entries.is_empty() || self.begun && entries.next_depth() <= 0) {
            self.begun = true;
            let (offset, depth) = (entries.next_offset().0, entries.next_depth() as usize);
            let at = self.unit.in_section(offset);
            let failed = |error| self.sections.failure(self.unit.section, at, error);
            if let Some(abbreviation) = entries.read_abbreviation().map_err(failed)? {
                self.budget.spend(1 + abbreviation.attributes().len(), self.unit.section, at)?;
                return Ok(Some(Die { abbreviation, offset, at, depth }));
            }
        }
        self.entries = None;
        Ok(None)
    }

    /// Reads the attributes of the DIE at hand. `each` is told of each where it ends in the unit.
    pub fn read(
        &mut self,
        die: &Die,
        mut each: impl FnMut(Attribute<Bytes>, usize) -> Result<()>,
    ) -> Result<()> {
        let Some(entries) = &mut self.entries else { return Ok(()) };
        for spec in die.abbreviation.attributes() {
            let attribute = entries
                .read_attribute(*spec)
                .map_err(|error| self.sections.failure(self.unit.section, die.at, error))?;
            each(attribute, entries.next_offset().0)?;
        }
        Ok(())
    }

    /// Goes past the attributes of the DIE at hand.
    pub fn skip(&mut self, die: &Die) -> Result<()> {
        let Some(entries) = &mut self.entries else { return Ok(()) };
        entries
            .skip_attributes(die.abbreviation.attributes())
            .map_err(|error| self.sections.failure(self.unit.section, die.at, error))
    }
}

/// Something about each of the DIEs that the DIE at hand is in, as far as it is kept; innermost last.
pub struct Around<T>(Vec<(usize, T)>);

impl<T> Around<T> {
    pub const fn new() -> Around<T> {
        Around(Vec::new())
    }

    /// Leaves the innermost DIE if it ended before one at this depth.
    pub fn leave(&mut self, depth: usize) -> Option<T> {
        self.0.pop_if(|(of, _)| *of >= depth).map(|(_, kept)| kept)
    }

    /// Comes to a DIE, whether or not it will be entered: leaves all that ended before it.
    #[inline]
    pub fn come_to(&mut self, die: &Die) {
        while self.leave(die.depth).is_some() {}
    }

    /// What is kept of the innermost DIE around the one that was come to.
    pub fn innermost(&self) -> Option<&T> {
        self.0.last().map(|(_, kept)| kept)
    }

    /// Goes into the DIE that was come to.
    pub fn enter(&mut self, die: &Die, kept: T) {
        if die.abbreviation.has_children() {
            self.0.push((die.depth, kept));
        }
    }
}
