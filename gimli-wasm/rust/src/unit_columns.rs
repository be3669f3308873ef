//! All units as columns.

use crate::answer::{Answer, NONE, StringPlace, Strings};
use crate::unit::Unit;
use alloc::vec::Vec;
use gimli::UnitType;

/// One column. Takes a plain function, and is not inlined, since this is called often and hardly matters.
#[inline(never)]
fn column<T>(units: &[Unit], of: fn(&Unit) -> T) -> Vec<T> {
    units.iter().map(of).collect()
}

/// Columns as `readUnits` in read-columns.ts takes them.
pub fn put(units: &[Unit], answer: &mut Answer) {
    answer.put(column(units, |unit| unit.die(0)));
    answer.put(column(units, |unit| unit.header.length_including_self() as u32));
    answer.put(column(units, |unit| unit.header.version() as u8));
    answer.put(column(units, |unit| unit.header.address_size()));
    answer.put(column(units, unit_type));
    answer.put(column(units, |unit| unit.die(unit.header.root_offset().0)));
    answer.put(column(units, |unit| unit.root.tag));
    answer.put(column(units, |unit| unit.root.language));
    answer.put(column(units, |unit| unit.root.line_program.map_or(NONE, |at| at as u32)));
    answer.put(column(units, low_pc));
    answer.put(column(units, |unit| unit.root_range().map_or(-1.0, |range| range.end as f64)));
    answer.put(column(units, |unit| u8::from(unit.root.ranges.is_some())));
    put_strings(units, |unit| unit.root.name, answer);
    put_strings(units, |unit| unit.root.comp_dir, answer);
    put_strings(units, |unit| unit.root.producer, answer);
    put_strings(units, |unit| unit.root.dwo_name, answer);
    answer.put(column(units, |unit| unit.root.dwo_id));
    answer.put(column(units, type_signature));
    answer.put(column(units, type_die));
    answer.put(column(units, |unit| unit.skeleton.unwrap_or(NONE)));
}

fn put_strings(units: &[Unit], of: fn(&Unit) -> StringPlace, answer: &mut Answer) {
    let mut strings = Strings::default();
    for unit in units {
        strings.push(of(unit));
    }
    strings.put(answer);
}

fn low_pc(unit: &Unit) -> f64 {
    match unit.root.low_pc {
        Some(low) if !unit.header.is_tombstone_address(low) => low as f64,
        _ => -1.0,
    }
}

fn type_signature(unit: &Unit) -> u64 {
    match unit.header.type_() {
        UnitType::Type { type_signature, .. } | UnitType::SplitType { type_signature, .. } => {
            type_signature.0
        }
        _ => 0,
    }
}

fn type_die(unit: &Unit) -> u32 {
    match unit.header.type_() {
        UnitType::Type { type_offset, .. } | UnitType::SplitType { type_offset, .. } => {
            unit.die(type_offset.0)
        }
        _ => NONE,
    }
}

/// DW_UT_*, also for versions that had no such thing.
fn unit_type(unit: &Unit) -> u8 {
    let kind = match unit.header.type_() {
        UnitType::Compilation if unit.root.tag == gimli::DW_TAG_partial_unit.0 => gimli::DW_UT_partial,
        UnitType::Compilation if unit.file > 0 => gimli::DW_UT_split_compile,
        UnitType::Type { .. } if unit.file > 0 => gimli::DW_UT_split_type,
        UnitType::Compilation if !unit.root.dwo_name.is_none() => gimli::DW_UT_skeleton,
        UnitType::Compilation => gimli::DW_UT_compile,
        UnitType::Type { .. } => gimli::DW_UT_type,
        UnitType::Partial => gimli::DW_UT_partial,
        UnitType::Skeleton(_) => gimli::DW_UT_skeleton,
        UnitType::SplitCompilation(_) => gimli::DW_UT_split_compile,
        UnitType::SplitType { .. } => gimli::DW_UT_split_type,
    };
    kind.0
}
