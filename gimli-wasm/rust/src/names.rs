//! Names of functions, which their DIEs often leave to the DIEs they come from.

use crate::abbreviations::Tables;
use crate::answer::StringPlace;
use crate::attributes::string_place;
use crate::budget::Budget;
use crate::failure::{Failure, Result};
use crate::section::{Bytes, Section};
use crate::sections::{Files, Sections};
use crate::unit::Unit;
use alloc::collections::BTreeMap;
use gimli::{Attribute, AttributeValue, UnitOffset};

/// Abstract instance, declaration, and some for producers that nest further.
const LONGEST_CHAIN: usize = 8;

/// What a DIE says about its name.
#[derive(Clone, Copy, Default)]
pub struct Origin {
    pub name: StringPlace,
    pub linkage_name: StringPlace,
    abstract_origin: Option<u32>,
    specification: Option<u32>,
}

impl Origin {
    /// Keeps an attribute if it is about the name.
    pub fn keep(&mut self, sections: &Sections, unit: &Unit, attribute: &Attribute<Bytes>) -> Result<()> {
        match attribute.name() {
            gimli::DW_AT_name => self.name = string_place(sections, unit, &attribute.raw_value())?,
            gimli::DW_AT_linkage_name | gimli::DW_AT_MIPS_linkage_name => {
                self.linkage_name = string_place(sections, unit, &attribute.raw_value())?
            }
            gimli::DW_AT_abstract_origin => self.abstract_origin = reference(unit, attribute.raw_value()),
            gimli::DW_AT_specification => self.specification = reference(unit, attribute.raw_value()),
            _ => {}
        }
        Ok(())
    }

    /// The DIE it comes from.
    pub fn origin(&self) -> Option<u32> {
        self.abstract_origin.or(self.specification)
    }
}

fn reference(unit: &Unit, value: AttributeValue<Bytes>) -> Option<u32> {
    match value {
        AttributeValue::UnitRef(offset) => Some(unit.die(offset.0)),
        AttributeValue::DebugInfoRef(offset) => Some(unit.die_in_file(offset.0)),
        _ => None,
    }
}

/// Follows origins, and remembers what it found at each.
pub struct Names<'a> {
    files: &'a Files,
    units: &'a [Unit],
    tables: &'a mut Tables,
    budget: Budget,
    known: BTreeMap<u32, Origin>,
    /// The unit that is asked about, where its bytes are not in its section, and its row.
    moved: Option<(usize, &'a Unit)>,
}

impl<'a> Names<'a> {
    /// `sections` are those of the file whose functions are asked for.
    pub fn new(
        files: &'a Files,
        sections: &Sections,
        units: &'a [Unit],
        tables: &'a mut Tables,
    ) -> Names<'a> {
        let budget = Budget::new(sections.bytes(Section::Info).len());
        Names { files, units, tables, budget, known: BTreeMap::new(), moved: None }
    }

    /// As `new`, about a unit whose bytes are not in its section.
    pub fn of_moved(mut self, row: usize, unit: &'a Unit) -> Names<'a> {
        self.moved = Some((row, unit));
        self
    }

    /// Fills in names that a DIE lacks from where it comes from, as far as that says.
    /// `section` and `at` are where the DIE is.
    pub fn complete(&mut self, mut named: Origin, section: Section, at: usize) -> Result<Origin> {
        let mut referrer = (section, at);
        let mut next = named.origin();
        for _ in 0..LONGEST_CHAIN {
            let Some(die) = next else { break };
            if !named.name.is_none() && !named.linkage_name.is_none() {
                break;
            }
            let origin = match self.known.get(&die) {
                Some(origin) => *origin,
                None => {
                    let origin = self.read(die, referrer)?;
                    self.known.insert(die, origin);
                    origin
                }
            };
            named.name = named.name.or(origin.name);
            named.linkage_name = named.linkage_name.or(origin.linkage_name);
            next = origin.origin();
            referrer = self.place_of(die);
        }
        Ok(named)
    }

    /// Where a DIE that was read is.
    fn place_of(&self, die: u32) -> (Section, usize) {
        let after = self.units.partition_point(|unit| unit.die(0) <= die);
        match self.units[..after].last() {
            Some(unit) => (unit.section, (die as usize).wrapping_sub(unit.base)),
            None => (Section::Info, die as usize),
        }
    }

    /// Reads what the DIE of this number says. One that is not there is the referrer's fault.
    fn read(&mut self, die: u32, referrer: (Section, usize)) -> Result<Origin> {
        let dangling = || Failure::new(referrer.0, referrer.1, "a reference to no DIE");
        let after = self.units.partition_point(|unit| unit.die(0) <= die);
        let mut unit = self.units[..after].last().ok_or_else(dangling)?;
        let offset = UnitOffset((die - unit.die(0)) as usize);
        if let Some((_, moved)) = self.moved.filter(|(row, _)| *row == after - 1) {
            unit = moved;
        }
        if !offset.is_in_bounds(&unit.header) {
            return Err(dangling());
        }
        // What is found out without it is thrown away: this goes on so that all units that lack are asked for at once.
        if unit.window.is_none() && unit.must_be_here(self.files).is_err() {
            return Ok(Origin::default());
        }
        let at = unit.in_section(offset.0);
        let sections = self.files.at(unit.file);
        let failed = |error| sections.failure(unit.section, at, error);
        let table = self.tables.of(sections, unit)?;
        let mut entries = unit.header.entries_raw(&table, Some(offset)).map_err(failed)?;
        let abbreviation = entries.read_abbreviation().map_err(failed)?.ok_or_else(dangling)?;
        self.budget.spend(1 + abbreviation.attributes().len(), unit.section, at)?;
        let mut origin = Origin::default();
        for spec in abbreviation.attributes() {
            let attribute = entries.read_attribute(*spec).map_err(failed)?;
            origin.keep(sections, unit, &attribute)?;
        }
        Ok(origin)
    }
}
