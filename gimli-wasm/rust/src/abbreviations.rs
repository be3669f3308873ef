//! Abbreviation tables: whole ones, kept for a while, and the one abbreviation that a root DIE uses.

use crate::budget::Budget;
use crate::failure::{Failure, Result};
use crate::section::{Bytes, Section};
use crate::sections::Sections;
use crate::unit::Unit;
use alloc::rc::Rc;
use alloc::vec::Vec;
use gimli::{Abbreviations, DebugAbbrev, DebugAbbrevOffset, Reader};

/// Enough for the units that one unit's DIEs refer to, in programs linked with link-time optimisation.
const KEPT: usize = 16;

/// The tables used last, by file and offset.
pub struct Tables {
    kept: Vec<(u32, usize, Rc<Abbreviations>)>,
}

impl Tables {
    pub const fn new() -> Tables {
        Tables { kept: Vec::new() }
    }

    /// A unit's table, parsed unless it is kept. `sections` are those of the unit's file.
    pub fn of(&mut self, sections: &Sections, unit: &Unit) -> Result<Rc<Abbreviations>> {
        let offset = unit.abbreviations();
        if let Some((_, _, table)) = self.kept.iter().find(|(file, at, _)| (*file, *at) == (unit.file, offset)) {
            return Ok(table.clone());
        }
        sections.must_hold(Section::Abbrev, offset)?;
        let table = sections
            .debug_abbrev()
            .abbreviations(DebugAbbrevOffset(offset))
            .map_err(|error| sections.failure(Section::Abbrev, offset, error))?;
        let table = Rc::new(table);
        if self.kept.len() == KEPT {
            self.kept.remove(0);
        }
        self.kept.push((unit.file, offset, table.clone()));
        Ok(table)
    }
}

/// Finds roots' abbreviations without parsing the tables they are in: for a program of many units that is
/// thirty times less work. Units one after another often share a table, so the last find is kept.
#[derive(Default)]
pub struct RootFinder {
    last: Option<(usize, u64, Rc<Abbreviations>)>,
}

impl RootFinder {
    /// A table that holds just the abbreviation of a unit's root DIE; none if the unit has no root.
    pub fn find(
        &mut self,
        sections: &Sections,
        unit: &Unit,
        root: &Bytes,
        budget: &mut Budget,
    ) -> Result<Option<Rc<Abbreviations>>> {
        if root.is_empty() {
            return Ok(None);
        }
        let code = root
            .clone()
            .read_uleb128()
            .map_err(|error| sections.failure(unit.section, unit.header.offset().0, error))?;
        if code == 0 {
            return Ok(None);
        }
        let offset = unit.abbreviations();
        match &self.last {
            Some((at, of, table)) if *at == offset && *of == code => return Ok(Some(table.clone())),
            _ => {}
        }
        let excerpt = find_abbreviation(sections, offset, code, budget)?;
        let table = DebugAbbrev::from(excerpt)
            .abbreviations(DebugAbbrevOffset(0))
            .map_err(|error| sections.failure(Section::Abbrev, offset, error))?;
        let table = Rc::new(table);
        self.last = Some((offset, code, table.clone()));
        Ok(Some(table))
    }
}

/// The bytes of one abbreviation of a table.
fn find_abbreviation(sections: &Sections, offset: usize, code: u64, budget: &mut Budget) -> Result<Bytes> {
    sections.must_hold(Section::Abbrev, offset)?;
    let mut input = sections.bytes(Section::Abbrev);
    let mut find = || -> gimli::Result<Option<Bytes>> {
        input.skip(offset)?;
        while !input.is_empty() {
            let start = input;
            let this = input.read_uleb128()?;
            if this == 0 {
                break;
            }
            skip_abbreviation(&mut input)?;
            if this == code {
                return Ok(Some(start.range_to(..start.len() - input.len())));
            }
        }
        Ok(None)
    };
    let found = find().map_err(|error| sections.failure(Section::Abbrev, offset, error))?;
    let length = sections.bytes(Section::Abbrev).len() - offset;
    budget.spend(length.saturating_sub(input.len()), Section::Abbrev, offset)?;
    found.ok_or_else(|| Failure::new(Section::Abbrev, offset, "no abbreviation for the unit's root DIE"))
}

/// Skips what follows an abbreviation's code.
fn skip_abbreviation(input: &mut Bytes) -> gimli::Result<()> {
    input.skip_leb128()?;
    input.skip(1)?;
    loop {
        let name = input.read_uleb128()?;
        let form = input.read_uleb128()?;
        if name == 0 && form == 0 {
            return Ok(());
        }
        if form == u64::from(gimli::DW_FORM_implicit_const.0) {
            input.skip_leb128()?;
        }
    }
}
