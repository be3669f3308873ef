//! The names of a unit that others than its functions' own code can use.

use crate::answer::{Answer, Strings};
use crate::failure::Result;
use crate::names::{Names, Origin};
use crate::section::Bytes;
use crate::sections::Files;
use crate::units::{Opened, Units};
use crate::walk::{Around, Walk};
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

/// Columns as `readNames` in read-columns.ts takes them. `bytes` as for `Units::open`.
pub fn of_unit(
    files: &Files,
    units: &mut Units,
    row: u32,
    bytes: Option<Bytes>,
    answer: &mut Answer,
) -> Result<()> {
    let Opened { unit, sections, table, all, tables } = units.open(files, row, bytes)?;
    let mut names = Names::new(files, sections, all, tables);
    if bytes.is_some() {
        names = names.of_moved(row as usize, &unit);
    }
    let mut index = Index::default();
    let mut around: Around<DwTag> = Around::new();
    let mut walk = Walk::new(sections, &unit, &table)?;
    while let Some(die) = walk.next()? {
        around.come_to(&die);
        let tag = die.tag();
        let holder = around.innermost().copied();
        around.enter(&die, tag);
        let has_code = || die.abbreviation.attributes().iter().any(|spec| spec.name() == gimli::DW_AT_low_pc);
        if !has_name(tag, holder, has_code) {
            walk.skip(&die)?;
            continue;
        }
        let mut named = Origin::default();
        let (mut is_declaration, mut is_constant) = (false, false);
        walk.read(&die, |attribute, _| {
            match attribute.name() {
                gimli::DW_AT_declaration => {
                    is_declaration = attribute.value() == gimli::AttributeValue::Flag(true)
                }
                gimli::DW_AT_const_value => is_constant = true,
                _ => named.keep(sections, &unit, &attribute)?,
            }
            Ok(())
        })?;
        let is_member = holder.is_some_and(is_record) && is_variable(tag);
        if named.name.is_none() && named.origin().is_some() {
            // A reference to nothing costs its own name only.
            named = names.complete(named, unit.section, die.at).unwrap_or(named);
        }
        if !named.name.is_none() && (!is_member || is_constant) {
            index.die.push(unit.die(die.offset));
            index.tag.push(tag.0);
            index
                .flags
                .push(if is_declaration { DECLARATION } else { 0 } | if is_member { STATIC_CONSTANT } else { 0 });
            index.name.push(named.name);
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
