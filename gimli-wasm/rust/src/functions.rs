//! The index of functions and inlined calls of a unit.

use crate::answer::{Answer, NONE, Ranges, Strings, clamp};
use crate::budget::Budget;
use crate::failure::Result;
use crate::lists::{each_range, range_budget, range_list_at};
use crate::names::{Names, Origin};
use crate::section::Bytes;
use crate::sections::{Files, Sections};
use crate::unit::Unit;
use crate::units::{Opened, Units};
use crate::walk::{Around, Walk};
use alloc::vec::Vec;
use gimli::{Attribute, AttributeValue, DwTag};

/// What a function's or inlined call's DIE says.
#[derive(Default)]
pub struct Call {
    pub low: Option<AttributeValue<Bytes>>,
    pub high: Option<AttributeValue<Bytes>>,
    pub list: Option<usize>,
    named: Origin,
    file: Option<u64>,
    line: u64,
    column: u64,
}

/// Columns of `FunctionColumns`, as they grow.
#[derive(Default)]
struct Index {
    die: Vec<u32>,
    tag: Vec<u16>,
    parent: Vec<u32>,
    range_start: Vec<u32>,
    ranges: Ranges,
    origin: Vec<u32>,
    name: Strings,
    linkage_name: Strings,
    call_file: Vec<u32>,
    call_line: Vec<u32>,
    call_column: Vec<u32>,
}

/// Columns as `readFunctions` in read-columns.ts takes them.
pub fn of_unit(files: &Files, units: &mut Units, unit: u32, answer: &mut Answer) -> Result<()> {
    let Opened { unit, sections, table, all, tables } = units.open(files, unit, None)?;
    let mut lists = range_budget(sections);
    let mut names = Names::new(files, sections, all, tables);
    let mut index = Index::default();
    // Rows of the functions and calls around the next DIE.
    let mut around: Around<u32> = Around::new();
    let mut walk = Walk::new(sections, &unit, &table)?;
    while let Some(die) = walk.next()? {
        around.come_to(&die);
        let tag = die.tag();
        if tag != gimli::DW_TAG_subprogram && tag != gimli::DW_TAG_inlined_subroutine {
            walk.skip(&die)?;
            continue;
        }
        let mut call = Call::default();
        walk.read(&die, |attribute, _| keep(sections, &unit, &mut call, &attribute))?;
        let before = index.ranges.begin.len();
        find_ranges(sections, &unit, &call, &mut lists, &mut index.ranges)?;
        if index.ranges.begin.len() > before {
            let parent = around.innermost().copied().unwrap_or(NONE);
            let row = index.die.len() as u32;
            index.push(unit.die(die.offset), tag, parent, before as u32);
            index.describe(&call, names.complete(call.named, unit.section, die.at)?);
            around.enter(&die, row);
        }
    }
    index.put(answer);
    Ok(())
}

/// Keeps one attribute of a function or inlined call.
fn keep(sections: &Sections, unit: &Unit, call: &mut Call, attribute: &Attribute<Bytes>) -> Result<()> {
    match attribute.name() {
        gimli::DW_AT_low_pc => call.low = Some(attribute.raw_value()),
        gimli::DW_AT_high_pc => call.high = Some(attribute.raw_value()),
        gimli::DW_AT_ranges => call.list = range_list_at(sections, unit, attribute.value())?,
        gimli::DW_AT_call_file => call.file = attribute.udata_value(),
        gimli::DW_AT_call_line => call.line = attribute.udata_value().unwrap_or(0),
        gimli::DW_AT_call_column => call.column = attribute.udata_value().unwrap_or(0),
        _ => call.named.keep(sections, unit, attribute)?,
    }
    Ok(())
}

/// Adds the ranges of a function. One that starts at 0 is dead: older linkers write that for code they
/// dropped, and in a code section the first byte is the number of functions, never a body.
pub fn find_ranges(
    sections: &Sections,
    unit: &Unit,
    call: &Call,
    lists: &mut Budget,
    ranges: &mut Ranges,
) -> Result<()> {
    if let Some(list) = call.list {
        return each_range(sections, unit, list, lists, |range| {
            if range.begin != 0 {
                ranges.push(range);
            }
        });
    }
    let begin = match call.low {
        Some(AttributeValue::Addr(address)) => address,
        Some(AttributeValue::DebugAddrIndex(index)) => unit.address(sections, index.0)?,
        _ => return Ok(()),
    };
    let Some(high) = call.high else { return Ok(()) };
    let Some(end) = unit.high_pc(sections, begin, high)? else { return Ok(()) };
    if begin != 0 && begin < end && !unit.header.is_tombstone_address(begin) {
        ranges.push(gimli::Range { begin, end });
    }
    Ok(())
}

impl Index {
    fn push(&mut self, die: u32, tag: DwTag, parent: u32, range_start: u32) {
        self.die.push(die);
        self.tag.push(tag.0);
        self.parent.push(parent);
        self.range_start.push(range_start);
    }

    fn describe(&mut self, call: &Call, named: Origin) {
        self.origin.push(call.named.origin().unwrap_or(NONE));
        self.name.push(named.name);
        self.linkage_name.push(named.linkage_name);
        self.call_file.push(call.file.map_or(NONE, clamp));
        self.call_line.push(clamp(call.line));
        self.call_column.push(clamp(call.column));
    }

    fn put(mut self, answer: &mut Answer) {
        self.range_start.push(self.ranges.begin.len() as u32);
        answer.put(self.die);
        answer.put(self.tag);
        answer.put(self.parent);
        answer.put(self.range_start);
        self.ranges.put(answer);
        answer.put(self.origin);
        self.name.put(answer);
        self.linkage_name.put(answer);
        answer.put(self.call_file);
        answer.put(self.call_line);
        answer.put(self.call_column);
    }
}
