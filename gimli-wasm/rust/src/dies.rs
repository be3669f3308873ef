//! All DIEs of a unit.

use crate::answer::{Answer, NONE, column};
use crate::attributes::{Classified, classify};
use crate::budget::Budget;
use crate::failure::Result;
use crate::sections::{Files, Sections};
use crate::unit::Unit;
use crate::units::Units;
use alloc::vec::Vec;
use gimli::Abbreviations;

/// Columns of `DieColumns`, as they grow.
#[derive(Default)]
struct Dies {
    offset: Vec<u32>,
    tag: Vec<u16>,
    parent: Vec<u32>,
    next: Vec<u32>,
    attr_start: Vec<u32>,
    /// Whole, since there are many: one look at whether there is room for each, instead of five.
    attributes: Vec<Attribute>,
}

struct Attribute {
    name: u16,
    form: u16,
    value: Classified,
}

/// Columns as `readDies` in read-columns.ts takes them.
pub fn of_unit(files: &Files, units: &mut Units, unit: u32, answer: &mut Answer) -> Result<()> {
    units.at(unit)?;
    let (all, tables) = units.with_tables();
    let unit = &all[unit as usize];
    unit.must_be_here(files)?;
    let sections = files.at(unit.file);
    let table = tables.of(sections, unit)?;
    let mut dies = Dies::default();
    if unit.header.range_from(unit.header.root_offset()..).is_ok() {
        dies.read(sections, unit, &table)?;
    }
    dies.put(answer);
    Ok(())
}

impl Dies {
    /// Reads the root and all below it. Null entries that lack at the unit's end are taken as read; bytes
    /// after the root's last descendant are not looked at.
    fn read(&mut self, sections: &Sections, unit: &Unit, table: &Abbreviations) -> Result<()> {
        let mut budget = Budget::new(unit.header.length_including_self());
        // Rows whose children come next, innermost last.
        let mut parents: Vec<u32> = Vec::new();
        let start = unit.in_section(unit.header.root_offset().0);
        let mut entries = unit
            .header
            .entries_raw(table, None)
            .map_err(|error| sections.failure(unit.section, start, error))?;
        while !entries.is_empty() {
            let offset = entries.next_offset().0;
            let at = unit.in_section(offset);
            let failed = |error| sections.failure(unit.section, at, error);
            match entries.read_abbreviation().map_err(failed)? {
                None => self.close(parents.pop()),
                Some(abbreviation) => {
                    budget.spend(1 + abbreviation.attributes().len(), unit.section, at)?;
                    let row = self.offset.len() as u32;
                    self.offset.push(unit.die(offset));
                    self.tag.push(abbreviation.tag().0);
                    self.parent.push(parents.last().copied().unwrap_or(NONE));
                    self.next.push(row + 1);
                    self.attr_start.push(self.attributes.len() as u32);
                    for spec in abbreviation.attributes() {
                        let attribute = entries.read_attribute_inline(*spec).map_err(failed)?;
                        let end = entries.next_offset().0;
                        let value = classify(sections, unit, attribute.value(), end)?;
                        self.attributes.push(Attribute {
                            name: attribute.name().0,
                            form: attribute.form().0,
                            value,
                        });
                    }
                    if abbreviation.has_children() {
                        parents.push(row);
                    }
                }
            }
            if parents.is_empty() {
                break;
            }
        }
        while let Some(row) = parents.pop() {
            self.close(Some(row));
        }
        Ok(())
    }

    /// Notes that a row's descendants end here.
    fn close(&mut self, row: Option<u32>) {
        let end = self.offset.len() as u32;
        if let Some(next) = row.and_then(|row| self.next.get_mut(row as usize)) {
            *next = end;
        }
    }

    fn put(mut self, answer: &mut Answer) {
        self.attr_start.push(self.attributes.len() as u32);
        answer.put(self.offset);
        answer.put(self.tag);
        answer.put(self.parent);
        answer.put(self.next);
        answer.put(self.attr_start);
        answer.put(column(&self.attributes, |attribute| attribute.name));
        answer.put(column(&self.attributes, |attribute| attribute.form));
        answer.put(column(&self.attributes, |attribute| attribute.value.class as u8));
        answer.put(column(&self.attributes, |attribute| attribute.value.low));
        answer.put(column(&self.attributes, |attribute| attribute.value.high));
    }
}
