//! Which Wasm locals and operand-stack slots hold variables, and where.

use crate::answer::{Answer, Ranges};
use crate::budget::Budget;
use crate::failure::Result;
use crate::functions::{Call, find_ranges};
use crate::lists::{each_location, location_budget, location_list_at, range_budget, range_list_at};
use crate::section::Bytes;
use crate::sections::{Files, Sections};
use crate::unit::Unit;
use crate::units::{Opened, Units};
use crate::walk::{Around, Walk};
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

/// What a DIE says that concerns slots.
#[derive(Default)]
struct Described {
    code: Call,
    location: Option<AttributeValue<Bytes>>,
    frame_base: Option<AttributeValue<Bytes>>,
}

/// Columns as `readSlots` in read-columns.ts takes them. `bytes` as for `Units::open`.
pub fn of_unit(
    files: &Files,
    units: &mut Units,
    unit: u32,
    bytes: Option<Bytes>,
    answer: &mut Answer,
) -> Result<()> {
    let Opened { unit, sections, table, .. } = units.open(files, unit, bytes)?;
    let mut lists = location_budget(sections);
    let mut range_lists = range_budget(sections);
    let mut slots = Slots { room: unit.header.length_including_self() * 8 + (1 << 20), ..Slots::default() };
    // Code that the DIEs around the next one are about.
    let mut scopes: Around<Vec<Range>> = Around::new();
    let mut walk = Walk::new(sections, &unit, &table)?;
    while let Some(die) = walk.next()? {
        scopes.come_to(&die);
        if !concerns(die.tag()) {
            walk.skip(&die)?;
            continue;
        }
        let mut described = Described::default();
        walk.read(&die, |attribute, _| {
            match attribute.name() {
                gimli::DW_AT_location => described.location = Some(attribute.value()),
                gimli::DW_AT_frame_base => described.frame_base = Some(attribute.value()),
                gimli::DW_AT_low_pc => described.code.low = Some(attribute.raw_value()),
                gimli::DW_AT_high_pc => described.code.high = Some(attribute.raw_value()),
                gimli::DW_AT_ranges => {
                    described.code.list = range_list_at(sections, &unit, attribute.value())?
                }
                _ => {}
            }
            Ok(())
        })?;
        let mut own = Ranges::default();
        find_ranges(sections, &unit, &described.code, &mut range_lists, &mut own)?;
        let ranges = own.pairs();
        if let Some(value) = described.frame_base {
            slots.of_value(sections, &unit, value, &ranges, &mut lists, FRAME_BASE)?;
        }
        if let (Some(value), Some(scope)) = (described.location, scopes.innermost()) {
            slots.of_value(sections, &unit, value, scope, &mut lists, LOCAL)?;
        }
        if !ranges.is_empty() {
            scopes.enter(&die, ranges);
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
