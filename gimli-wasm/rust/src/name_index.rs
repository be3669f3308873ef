//! The names of a unit that others than its functions' own code can use.

use crate::answer::{Answer, Strings};
use crate::budget::Budget;
use crate::failure::Result;
use crate::names::{Names, Origin};
use crate::sections::{Bytes, Files};
use crate::units::Units;
use alloc::vec::Vec;
use gimli::DwTag;

/// `NameFlag` in columns.ts.
const DECLARATION: u8 = 1;
const STATIC_CONSTANT: u8 = 2;

/// Columns of `NameColumns`, as they grow.
#[derive(Default)]
struct Index {
    die: Vec<u32>,
    tag: Vec<u16>,
    flags: Vec<u8>,
    name: Strings,
}

/// Columns as `readNames` in read-columns.ts takes them.
///
/// `bytes`: those of the unit, where it need not be here.
pub fn of_unit(
    files: &Files,
    units: &mut Units,
    unit: u32,
    bytes: Option<Bytes>,
    answer: &mut Answer,
) -> Result<()> {
    units.at(unit)?;
    let (all, tables) = units.with_tables();
    let row = unit as usize;
    let moved = bytes.map(|bytes| all[row].moved_to(bytes)).transpose()?;
    let unit = moved.as_ref().unwrap_or(&all[row]);
    if moved.is_none() {
        unit.must_be_here(files)?;
    }
    let sections = files.at(unit.file);
    let table = tables.of(sections, unit)?;
    let mut budget = Budget::new(unit.header.length_including_self());
    let mut names = Names::new(files, sections, all, tables);
    if moved.is_some() {
        names = names.of_moved(row, unit);
    }
    let mut index = Index::default();
    // What the next DIE is in, innermost last.
    let mut around: Vec<DwTag> = Vec::new();

    if unit.header.range_from(unit.header.root_offset()..).is_ok() {
        let start = unit.in_section(unit.header.root_offset().0);
        let mut entries = unit
            .header
            .entries_raw(&table, None)
            .map_err(|error| sections.failure(unit.section, start, error))?;
        while !entries.is_empty() {
            let offset = entries.next_offset().0;
            let at = unit.in_section(offset);
            let failed = |error| sections.failure(unit.section, at, error);
            let Some(abbreviation) = entries.read_abbreviation().map_err(failed)? else {
                around.pop();
                if around.is_empty() {
                    break;
                }
                continue;
            };
            budget.spend(1 + abbreviation.attributes().len(), unit.section, at)?;
            let tag = abbreviation.tag();
            let has_code = || abbreviation.attributes().iter().any(|spec| spec.name() == gimli::DW_AT_low_pc);
            if !has_name(tag, around.last().copied(), has_code) {
                entries.skip_attributes(abbreviation.attributes()).map_err(failed)?;
            } else {
                let mut named = Origin::default();
                let (mut is_declaration, mut is_constant) = (false, false);
                for spec in abbreviation.attributes() {
                    let attribute = entries.read_attribute(*spec).map_err(failed)?;
                    match attribute.name() {
                        gimli::DW_AT_declaration => {
                            is_declaration = attribute.value() == gimli::AttributeValue::Flag(true)
                        }
                        gimli::DW_AT_const_value => is_constant = true,
                        _ => named.keep(sections, unit, &attribute)?,
                    }
                }
                let is_member = around.last().is_some_and(|holder| is_record(*holder)) && is_variable(tag);
                if named.name.is_none() && named.origin().is_some() {
                    // A reference to nothing costs its own name only.
                    named = names.complete(named, unit.section, at).unwrap_or(named);
                }
                if !named.name.is_none() && (!is_member || is_constant) {
                    index.die.push(unit.die(offset));
                    index.tag.push(tag.0);
                    index.flags.push(
                        if is_declaration { DECLARATION } else { 0 } | if is_member { STATIC_CONSTANT } else { 0 },
                    );
                    index.name.push(named.name);
                }
            }
            if abbreviation.has_children() {
                around.push(tag);
            } else if around.is_empty() {
                break;
            }
        }
    }
    index.put(answer);
    Ok(())
}

/// Whether what a DIE names can be named by others: variables and functions at file and namespace level, constants of records, types and
/// enumerators anywhere. Of methods most languages have the declaration in the class; D has all of them there, and their code.
fn has_name(tag: DwTag, holder: Option<DwTag>, has_code: impl Fn() -> bool) -> bool {
    let is_outer =
        matches!(holder, Some(gimli::DW_TAG_compile_unit | gimli::DW_TAG_namespace | gimli::DW_TAG_module));
    match tag {
        gimli::DW_TAG_variable => is_outer || holder.is_some_and(is_record),
        gimli::DW_TAG_member => holder.is_some_and(is_record),
        gimli::DW_TAG_subprogram => is_outer || (holder.is_some_and(is_record) && has_code()),
        gimli::DW_TAG_base_type
        | gimli::DW_TAG_structure_type
        | gimli::DW_TAG_union_type
        | gimli::DW_TAG_class_type
        | gimli::DW_TAG_enumeration_type
        | gimli::DW_TAG_typedef
        | gimli::DW_TAG_enumerator => true,
        _ => false,
    }
}

fn is_variable(tag: DwTag) -> bool {
    matches!(tag, gimli::DW_TAG_variable | gimli::DW_TAG_member)
}

fn is_record(tag: DwTag) -> bool {
    matches!(tag, gimli::DW_TAG_structure_type | gimli::DW_TAG_class_type)
}

impl Index {
    fn put(self, answer: &mut Answer) {
        answer.put(self.die);
        answer.put(self.tag);
        answer.put(self.flags);
        self.name.put(answer);
    }
}
