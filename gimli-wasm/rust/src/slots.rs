//! Which Wasm locals and operand-stack slots hold variables, and where.

use crate::abbreviations::Tables;
use crate::answer::Answer;
use crate::budget::Budget;
use crate::failure::Result;
use crate::functions::{Call, find_ranges};
use crate::lists::{each_location, location_budget, location_list_at, range_budget, range_list_at};
use crate::sections::{Bytes, Files, Sections};
use crate::unit::Unit;
use crate::units::Units;
use alloc::vec::Vec;
use gimli::{AttributeValue, Expression, Operation, Range};

/// `SlotKind` in columns.ts.
const LOCAL: u8 = 0;
const OPERAND: u8 = 1;
const FRAME_BASE: u8 = 2;

/// Columns of `SlotColumns`, as they grow.
#[derive(Default)]
struct Slots {
    begin: Vec<f64>,
    end: Vec<f64>,
    kind: Vec<u8>,
    index: Vec<u32>,
    /// Rows there may still be: a few bytes can name one slot in many ranges.
    room: usize,
}

/// Code that a DIE's children hold in, and the depth of those children.
struct Scope {
    depth: isize,
    ranges: Vec<Range>,
}

/// What a DIE says that concerns slots.
#[derive(Default)]
struct Described {
    code: Call,
    location: Option<AttributeValue<Bytes>>,
    frame_base: Option<AttributeValue<Bytes>>,
}

/// Columns as `readSlots` in read-columns.ts takes them.
///
/// `bytes`: those of the unit, where it need not be here. It is passed through once, and then not needed any more.
pub fn of_unit(
    files: &Files,
    units: &mut Units,
    unit: u32,
    bytes: Option<Bytes>,
    answer: &mut Answer,
) -> Result<()> {
    units.at(unit)?;
    let (all, tables) = units.with_tables();
    let unit = &all[unit as usize];
    let Some(bytes) = bytes else {
        unit.must_be_here(files)?;
        return of(files.at(unit.file), unit, tables, answer);
    };
    of(files.at(unit.file), &unit.moved_to(bytes)?, tables, answer)
}

fn of(sections: &Sections, unit: &Unit, tables: &mut Tables, answer: &mut Answer) -> Result<()> {
    let table = tables.of(sections, unit)?;
    let mut budget = Budget::new(unit.header.length_including_self());
    let mut lists = location_budget(sections);
    let mut range_lists = range_budget(sections);
    let mut slots = Slots { room: unit.header.length_including_self() * 8 + (1 << 20), ..Slots::default() };
    let mut scopes: Vec<Scope> = Vec::new();

    if unit.header.range_from(unit.header.root_offset()..).is_ok() {
        let start = unit.in_section(unit.header.root_offset().0);
        let mut entries = unit
            .header
            .entries_raw(&table, None)
            .map_err(|error| sections.failure(unit.section, start, error))?;
        while !entries.is_empty() {
            let at = unit.in_section(entries.next_offset().0);
            let failed = |error| sections.failure(unit.section, at, error);
            let Some(abbreviation) = entries.read_abbreviation().map_err(failed)? else {
                let depth = entries.next_depth();
                if depth <= 0 {
                    break;
                }
                while scopes.last().is_some_and(|scope| scope.depth > depth) {
                    scopes.pop();
                }
                continue;
            };
            budget.spend(1 + abbreviation.attributes().len(), unit.section, at)?;
            if !concerns(abbreviation.tag()) {
                entries.skip_attributes(abbreviation.attributes()).map_err(failed)?;
            } else {
                let mut die = Described::default();
                for spec in abbreviation.attributes() {
                    let attribute = entries.read_attribute(*spec).map_err(failed)?;
                    match attribute.name() {
                        gimli::DW_AT_location => die.location = Some(attribute.value()),
                        gimli::DW_AT_frame_base => die.frame_base = Some(attribute.value()),
                        gimli::DW_AT_low_pc => die.code.low = Some(attribute.raw_value()),
                        gimli::DW_AT_high_pc => die.code.high = Some(attribute.raw_value()),
                        gimli::DW_AT_ranges => {
                            die.code.list = range_list_at(sections, unit, attribute.value())?
                        }
                        _ => {}
                    }
                }
                let mut own = crate::answer::Ranges::default();
                find_ranges(sections, unit, &die.code, &mut range_lists, &mut own)?;
                let ranges = own.pairs();
                if let Some(value) = die.frame_base {
                    slots.of_value(sections, unit, value, &ranges, &mut lists, FRAME_BASE)?;
                }
                if let (Some(value), Some(scope)) = (die.location, scopes.last()) {
                    slots.of_value(sections, unit, value, &scope.ranges, &mut lists, LOCAL)?;
                }
                if abbreviation.has_children() && !ranges.is_empty() {
                    scopes.push(Scope { depth: entries.next_depth(), ranges });
                }
            }
            if entries.next_depth() == 0 {
                break;
            }
        }
    }
    slots.put(answer);
    Ok(())
}

/// Whether a DIE may have a frame, a scope or a variable in it.
fn concerns(tag: gimli::DwTag) -> bool {
    matches!(
        tag,
        gimli::DW_TAG_subprogram
            | gimli::DW_TAG_inlined_subroutine
            | gimli::DW_TAG_lexical_block
            | gimli::DW_TAG_variable
            | gimli::DW_TAG_formal_parameter
    )
}

impl Slots {
    /// Adds what an attribute names: an expression holds throughout `scope`, an entry of a list in its own range.
    fn of_value(
        &mut self,
        sections: &Sections,
        unit: &Unit,
        value: AttributeValue<Bytes>,
        scope: &[Range],
        budget: &mut Budget,
        kind: u8,
    ) -> Result<()> {
        match value {
            AttributeValue::Exprloc(expression) => {
                self.of_expression(unit, expression, scope, kind);
                Ok(())
            }
            AttributeValue::Block(block) => {
                self.of_expression(unit, Expression(block), scope, kind);
                Ok(())
            }
            _ => {
                let Some(list) = location_list_at(sections, unit, value)? else { return Ok(()) };
                each_location(sections, unit, list, budget, &mut |range, expression| match range {
                    Some(range) => self.of_expression(unit, expression, &[range], kind),
                    None => self.of_expression(unit, expression, scope, kind),
                })
            }
        }
    }

    /// Adds the slots that an expression reads. One that cannot be decoded names those before the fault.
    fn of_expression(&mut self, unit: &Unit, expression: Expression<Bytes>, ranges: &[Range], kind: u8) {
        let mut operations = expression.operations(unit.encoding());
        while let Ok(Some(operation)) = operations.next() {
            match operation {
                Operation::WasmLocal { index } => self.push(ranges, kind, index),
                Operation::WasmStack { index } if kind != FRAME_BASE => self.push(ranges, OPERAND, index),
                _ => {}
            }
        }
    }

    fn push(&mut self, ranges: &[Range], kind: u8, index: u32) {
        for range in ranges.iter().take(self.room) {
            self.begin.push(range.begin as f64);
            self.end.push(range.end as f64);
            self.kind.push(kind);
            self.index.push(index);
        }
        self.room = self.room.saturating_sub(ranges.len());
    }

    fn put(self, answer: &mut Answer) {
        answer.put(self.begin);
        answer.put(self.end);
        answer.put(self.kind);
        answer.put(self.index);
    }
}
