//! All DIEs of a unit.

use crate::answer::{Answer, NONE};
use crate::attributes::classify;
use crate::failure::Result;
use crate::sections::{Files, Sections};
use crate::unit::Unit;
use crate::units::Units;
use crate::walk::{Around, Walk};
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
    attr_name: Vec<u16>,
    attr_form: Vec<u16>,
    attr_class: Vec<u8>,
    attr_low: Vec<u32>,
    attr_high: Vec<u32>,
}

/// Columns as `readDies` in read-columns.ts takes them.
pub fn of_unit(files: &Files, units: &mut Units, unit: u32, answer: &mut Answer) -> Result<()> {
    let opened = units.open(files, unit, None)?;
    let (sections, unit) = (opened.sections, &opened.unit);
    let (count, attributes) = count(sections, unit, &opened.table);
    let mut dies = Dies::with_room_for(count, attributes);
    dies.read(sections, unit, &opened.table)?;
    dies.put(answer);
    Ok(())
}

/// How many DIEs and attributes there are, up to where something is wrong: a large unit has many, and columns that grow
/// leave as much behind as they hold.
fn count(sections: &Sections, unit: &Unit, table: &Abbreviations) -> (usize, usize) {
    let (mut dies, mut attributes) = (0, 0);
    let mut counted = || -> Result<()> {
        let mut walk = Walk::new(sections, unit, table)?;
        while let Some(die) = walk.next()? {
            walk.skip(&die)?;
            dies += 1;
            attributes += die.abbreviation.attributes().len();
        }
        Ok(())
    };
    // Reading them says what is wrong.
    let _ = counted();
    (dies, attributes)
}

impl Dies {
    fn with_room_for(dies: usize, attributes: usize) -> Dies {
        Dies {
            offset: Vec::with_capacity(dies),
            tag: Vec::with_capacity(dies),
            parent: Vec::with_capacity(dies),
            next: Vec::with_capacity(dies),
            attr_start: Vec::with_capacity(dies + 1),
            attr_name: Vec::with_capacity(attributes),
            attr_form: Vec::with_capacity(attributes),
            attr_class: Vec::with_capacity(attributes),
            attr_low: Vec::with_capacity(attributes),
            attr_high: Vec::with_capacity(attributes),
        }
    }

    /// Reads the root and all below it.
    fn read(&mut self, sections: &Sections, unit: &Unit, table: &Abbreviations) -> Result<()> {
        let mut walk = Walk::new(sections, unit, table)?;
        // Rows.
        let mut parents: Around<u32> = Around::new();
        while let Some(die) = walk.next()? {
            let row = self.offset.len() as u32;
            self.close(&mut parents, die.depth);
            self.offset.push(unit.die(die.offset));
            self.tag.push(die.tag().0);
            self.parent.push(parents.innermost().copied().unwrap_or(NONE));
            self.next.push(row + 1);
            self.attr_start.push(self.attr_name.len() as u32);
            walk.read(&die, |attribute, end| {
                let value = classify(sections, unit, attribute.value(), end)?;
                self.attr_name.push(attribute.name().0);
                self.attr_form.push(attribute.form().0);
                self.attr_class.push(value.class as u8);
                self.attr_low.push(value.low);
                self.attr_high.push(value.high);
                Ok(())
            })?;
            parents.enter(&die, row);
        }
        self.close(&mut parents, 0);
        Ok(())
    }

    /// Notes of rows that end before a DIE at this depth that their descendants end here.
    fn close(&mut self, parents: &mut Around<u32>, depth: usize) {
        let end = self.offset.len() as u32;
        while let Some(row) = parents.leave(depth) {
            self.next[row as usize] = end;
        }
    }

    fn put(mut self, answer: &mut Answer) {
        self.attr_start.push(self.attr_name.len() as u32);
        answer.put(self.offset);
        answer.put(self.tag);
        answer.put(self.parent);
        answer.put(self.next);
        answer.put(self.attr_start);
        answer.put(self.attr_name);
        answer.put(self.attr_form);
        answer.put(self.attr_class);
        answer.put(self.attr_low);
        answer.put(self.attr_high);
    }
}
