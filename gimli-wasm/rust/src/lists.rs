//! Range lists and location lists.

use crate::answer::{Answer, Ranges, column};
use crate::budget::Budget;
use crate::failure::Result;
use crate::section::{Bytes, Section};
use crate::sections::Sections;
use crate::unit::Unit;
use alloc::vec::Vec;
use gimli::{AttributeValue, Expression, LocationListsOffset, RangeListsOffset, RawLocListEntry};

/// The section a unit's range lists are in.
fn range_section(unit: &Unit) -> Section {
    if unit.header.version() >= 5 { Section::RngLists } else { Section::Ranges }
}

/// The section a unit's location lists are in.
fn location_section(unit: &Unit) -> Section {
    if unit.header.version() >= 5 { Section::LocLists } else { Section::Loc }
}

/// Where the range list that a value names starts; none if it names none, or if no table says where.
pub fn range_list_at(
    sections: &Sections,
    unit: &Unit,
    value: AttributeValue<Bytes>,
) -> Result<Option<usize>> {
    match value {
        AttributeValue::RangeListsRef(offset) => Ok(Some(offset.0.wrapping_add(unit.parts.lists))),
        AttributeValue::DebugRngListsIndex(_) if sections.bytes(Section::RngLists).is_empty() => Ok(None),
        AttributeValue::DebugRngListsIndex(index) => {
            let base = unit.rnglists_base;
            sections.must_hold(Section::RngLists, base.0)?;
            sections
                .range_lists()
                .get_offset(unit.encoding(), base, index)
                .map(|offset| Some(offset.0))
                .map_err(|error| sections.failure(Section::RngLists, base.0, error))
        }
        _ => Ok(None),
    }
}

/// Where the list of a unit's own ranges starts, if it has one.
fn root_range_list(sections: &Sections, unit: &Unit) -> Result<Option<usize>> {
    unit.root.ranges.map_or(Ok(None), |value| range_list_at(sections, unit, value))
}

/// Where the location list that a value names starts; none if it names none, or if no table says where.
pub fn location_list_at(
    sections: &Sections,
    unit: &Unit,
    value: AttributeValue<Bytes>,
) -> Result<Option<usize>> {
    match value {
        AttributeValue::LocationListsRef(offset) => Ok(Some(offset.0.wrapping_add(unit.parts.locations))),
        AttributeValue::DebugLocListsIndex(_) if sections.bytes(Section::LocLists).is_empty() => Ok(None),
        AttributeValue::DebugLocListsIndex(index) => {
            let base = unit.loclists_base;
            sections.must_hold(Section::LocLists, base.0)?;
            sections
                .location_lists()
                .get_offset(unit.encoding(), base, index)
                .map(|offset| Some(offset.0))
                .map_err(|error| sections.failure(Section::LocLists, base.0, error))
        }
        _ => Ok(None),
    }
}

/// Calls `each` with the ranges of a list, tombstones and empty ones left out, as gimli does.
pub fn each_range(
    sections: &Sections,
    unit: &Unit,
    list: usize,
    budget: &mut Budget,
    mut each: impl FnMut(gimli::Range),
) -> Result<()> {
    let section = range_section(unit);
    sections.must_hold(section, list)?;
    let failed = |error| sections.failure(section, list, error);
    let mut entries = sections
        .range_lists()
        .ranges(
            RangeListsOffset(list),
            unit.encoding(),
            unit.base_address(),
            &sections.debug_addr(),
            unit.addr_base,
        )
        .map_err(failed)?;
    while let Some(raw) = entries.next_raw().map_err(failed)? {
        budget.spend(1, section, list)?;
        if let Some(range) = entries.convert_raw(raw).map_err(failed)? {
            each(range);
        }
    }
    Ok(())
}

/// A budget for reading range lists.
pub fn range_budget(sections: &Sections) -> Budget {
    Budget::new(sections.bytes(Section::Ranges).len() + sections.bytes(Section::RngLists).len())
}

/// Columns: begin, end.
pub fn ranges(sections: &Sections, unit: &Unit, list: usize, answer: &mut Answer) -> Result<()> {
    let mut ranges = Ranges::default();
    each_range(sections, unit, list, &mut range_budget(sections), |range| ranges.push(range))?;
    ranges.put(answer);
    Ok(())
}

/// Columns as of `ranges`: what the root's list says, else its low and high pc.
pub fn of_unit(sections: &Sections, unit: &Unit, answer: &mut Answer) -> Result<()> {
    if let Some(list) = root_range_list(sections, unit)? {
        return self::ranges(sections, unit, list, answer);
    }
    let mut ranges = Ranges::default();
    if let Some(range) = unit.root_range() {
        ranges.push(range);
    }
    ranges.put(answer);
    Ok(())
}

/// Calls `each` with the entries of a list, tombstones and empty ones left out; no range stands for a default location.
pub fn each_location(
    sections: &Sections,
    unit: &Unit,
    list: usize,
    budget: &mut Budget,
    each: &mut dyn FnMut(Option<gimli::Range>, Expression<Bytes>),
) -> Result<()> {
    let section = location_section(unit);
    sections.must_hold(section, list)?;
    let failed = |error| sections.failure(section, list, error);
    let lists = sections.location_lists();
    let (offset, addresses) = (LocationListsOffset(list), sections.debug_addr());
    let (encoding, base) = (unit.encoding(), unit.base_address());
    // Split units had lists of a form of their own before version 5.
    let mut entries = match sections.is_split {
        true => lists.locations_dwo(offset, encoding, base, &addresses, unit.addr_base),
        false => lists.locations(offset, encoding, base, &addresses, unit.addr_base),
    }
    .map_err(failed)?;
    while let Some(raw) = entries.next_raw().map_err(failed)? {
        budget.spend(1, section, list)?;
        let everywhere = matches!(raw, RawLocListEntry::DefaultLocation { .. });
        let Some(entry) = entries.convert_raw(raw).map_err(failed)? else { continue };
        each((!everywhere).then_some(entry.range), entry.data);
    }
    Ok(())
}

/// A budget for reading location lists.
pub fn location_budget(sections: &Sections) -> Budget {
    Budget::new(sections.bytes(Section::Loc).len() + sections.bytes(Section::LocLists).len())
}

/// Room for more ranges is made as they are met.
const MOST_AT_ONCE: usize = 1 << 18;

/// Columns as `readClaims` in read-columns.ts takes them: code ranges of all units of the module.
pub fn of_all_units(sections: &Sections, units: &[Unit], answer: &mut Answer) -> Result<()> {
    // As many as there can be, for units have few ranges or lists of three bytes each at least: no block is left behind on the way.
    let lists = sections.bytes(Section::Ranges).len() + sections.bytes(Section::RngLists).len();
    let mut claims: Vec<(u64, u64, u32)> = Vec::with_capacity((units.len() + lists / 3).min(MOST_AT_ONCE));
    let mut failed: Vec<u32> = Vec::new();
    let mut budget = range_budget(sections);
    for (row, unit) in units.iter().enumerate() {
        let before = claims.len();
        let mut claim = |range: gimli::Range| claims.push((range.begin, range.end, row as u32));
        let read = match root_range_list(sections, unit) {
            Ok(Some(list)) => each_range(sections, unit, list, &mut budget, &mut claim),
            Ok(None) => {
                unit.root_range().into_iter().for_each(claim);
                Ok(())
            }
            Err(failure) => Err(failure),
        };
        if read.is_err() {
            claims.truncate(before);
            failed.push(row as u32);
        }
    }
    claims.sort_unstable_by_key(|(begin, _, unit)| (*begin, *unit));
    answer.put(column(&claims, |(begin, _, _)| *begin as f64));
    answer.put(column(&claims, |(_, end, _)| *end as f64));
    answer.put(column(&claims, |(_, _, unit)| *unit));
    answer.put(failed);
    Ok(())
}

/// Columns: begin, end, start of each expression, the expressions' bytes.
pub fn locations(sections: &Sections, unit: &Unit, list: usize, answer: &mut Answer) -> Result<()> {
    let mut ranges = Ranges::default();
    let mut start: Vec<u32> = Vec::new();
    let mut bytes: Vec<u8> = Vec::new();
    each_location(sections, unit, list, &mut location_budget(sections), &mut |range, expression| {
        match range {
            Some(range) => ranges.push(range),
            None => {
                ranges.begin.push(-1.0);
                ranges.end.push(-1.0);
            }
        }
        start.push(bytes.len() as u32);
        bytes.extend_from_slice(expression.0.slice());
    })?;
    start.push(bytes.len() as u32);
    ranges.put(answer);
    answer.put(start);
    answer.put(bytes);
    Ok(())
}
