//! Attribute values as `AttrClass` in columns.ts classifies them.

use crate::answer::{StringPlace, clamp};
use crate::failure::Result;
use crate::lists;
use crate::section::{Bytes, Section};
use crate::sections::Sections;
use crate::unit::Unit;
use gimli::AttributeValue;

/// `AttrClass` in columns.ts.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Class {
    Address = 1,
    Unsigned,
    Signed,
    Flag,
    Reference,
    String,
    Expression,
    Block,
    LocationList,
    RangeList,
    LineProgram,
    TypeSignature,
    SectionOffset,
    Unavailable,
}

/// `StringSection` in columns.ts.
const DEBUG_STR: u8 = 1;
const DEBUG_LINE_STR: u8 = 2;
const DEBUG_INFO: u8 = 3;
const DEBUG_TYPES: u8 = 4;

pub struct Classified {
    pub class: Class,
    pub low: u32,
    pub high: u32,
}

impl Classified {
    fn new(class: Class, value: u64) -> Classified {
        Classified { class, low: value as u32, high: (value >> 32) as u32 }
    }

    fn piece(class: Class, unit: &Unit, sections: &Sections, piece: &Bytes) -> Classified {
        let offset = unit.section_base() as u32 + unit.offset_of(sections, piece);
        Classified { class, low: offset, high: piece.len() as u32 }
    }
}

/// Classifies a value. `end` is the offset in the unit just past it.
pub fn classify(
    sections: &Sections,
    unit: &Unit,
    value: AttributeValue<Bytes>,
    end: usize,
) -> Result<Classified> {
    use AttributeValue as Value;
    let unavailable = Classified::new(Class::Unavailable, 0);
    Ok(match value {
        Value::Addr(address) => Classified::new(Class::Address, address),
        Value::DebugAddrIndex(index) => {
            if sections.bytes(Section::Addr).is_empty() {
                return Ok(unavailable);
            }
            Classified::new(Class::Address, unit.address(sections, index.0)?)
        }
        Value::Data1(value) => Classified::new(Class::Unsigned, u64::from(value)),
        Value::Data2(value) => Classified::new(Class::Unsigned, u64::from(value)),
        Value::Data4(value) => Classified::new(Class::Unsigned, u64::from(value)),
        Value::Data8(value) | Value::Udata(value) | Value::FileIndex(value) => {
            Classified::new(Class::Unsigned, value)
        }
        Value::Sdata(value) => Classified::new(Class::Signed, value as u64),
        Value::Data16(_) => Classified { class: Class::Block, low: unit.die(end.wrapping_sub(16)), high: 16 },
        Value::Flag(value) => Classified::new(Class::Flag, u64::from(value)),
        Value::UnitRef(offset) => Classified::new(Class::Reference, u64::from(unit.die(offset.0))),
        Value::DebugInfoRef(offset) => Classified::new(Class::Reference, u64::from(unit.die_in_file(offset.0))),
        Value::String(_)
        | Value::DebugStrRef(_)
        | Value::DebugLineStrRef(_)
        | Value::DebugStrOffsetsIndex(_) => {
            let place = string_place(sections, unit, &value)?;
            match place.is_none() {
                true => unavailable,
                false => {
                    Classified { class: Class::String, low: place.offset, high: u32::from(place.section) }
                }
            }
        }
        Value::Exprloc(expression) => Classified::piece(Class::Expression, unit, sections, &expression.0),
        Value::Block(block) => Classified::piece(Class::Block, unit, sections, &block),
        Value::LocationListsRef(_) | Value::DebugLocListsIndex(_) => {
            match lists::location_list_at(sections, unit, value)? {
                Some(offset) => Classified::new(Class::LocationList, offset as u64),
                None => unavailable,
            }
        }
        Value::RangeListsRef(_) | Value::DebugRngListsIndex(_) => {
            match lists::range_list_at(sections, unit, value)? {
                Some(offset) => Classified::new(Class::RangeList, offset as u64),
                None => unavailable,
            }
        }
        Value::DebugLineRef(offset) => Classified::new(Class::LineProgram, offset.0 as u64),
        Value::DebugTypesRef(signature) => Classified::new(Class::TypeSignature, signature.0),
        Value::SecOffset(offset) => Classified::new(Class::SectionOffset, offset as u64),
        Value::DebugAddrBase(base) => Classified::new(Class::SectionOffset, base.0 as u64),
        Value::DebugLocListsBase(base) => Classified::new(Class::SectionOffset, base.0 as u64),
        Value::DebugRngListsBase(base) => Classified::new(Class::SectionOffset, base.0 as u64),
        Value::DebugStrOffsetsBase(base) => Classified::new(Class::SectionOffset, base.0 as u64),
        Value::DebugMacinfoRef(offset) => Classified::new(Class::SectionOffset, offset.0 as u64),
        Value::DebugMacroRef(offset) => Classified::new(Class::SectionOffset, offset.0 as u64),
        Value::DebugInfoRefSup(_) | Value::DebugStrRefSup(_) => unavailable,
        Value::Encoding(value) => Classified::new(Class::Unsigned, u64::from(value.0)),
        Value::DecimalSign(value) => Classified::new(Class::Unsigned, u64::from(value.0)),
        Value::Endianity(value) => Classified::new(Class::Unsigned, u64::from(value.0)),
        Value::Accessibility(value) => Classified::new(Class::Unsigned, u64::from(value.0)),
        Value::Visibility(value) => Classified::new(Class::Unsigned, u64::from(value.0)),
        Value::Virtuality(value) => Classified::new(Class::Unsigned, u64::from(value.0)),
        Value::Language(value) => Classified::new(Class::Unsigned, u64::from(value.0)),
        Value::AddressClass(value) => Classified::new(Class::Unsigned, value.0),
        Value::IdentifierCase(value) => Classified::new(Class::Unsigned, u64::from(value.0)),
        Value::CallingConvention(value) => Classified::new(Class::Unsigned, u64::from(value.0)),
        Value::Inline(value) => Classified::new(Class::Unsigned, u64::from(value.0)),
        Value::Ordering(value) => Classified::new(Class::Unsigned, u64::from(value.0)),
        Value::DwoId(value) => Classified::new(Class::Unsigned, value.0),
    })
}

/// Where a string value starts; none for values that are no strings, or that no section here has.
pub fn string_place(sections: &Sections, unit: &Unit, value: &AttributeValue<Bytes>) -> Result<StringPlace> {
    Ok(match value {
        AttributeValue::String(string) => StringPlace {
            section: if unit.section == Section::Types { DEBUG_TYPES } else { DEBUG_INFO },
            // In files of split units the two sections and those of other files count on from one another.
            offset: unit.offset_of(sections, string)
                + if sections.is_split { unit.section_base() as u32 } else { 0 },
        },
        AttributeValue::DebugStrRef(offset) => debug_str(sections, offset.0),
        AttributeValue::DebugLineStrRef(offset) => {
            StringPlace { section: DEBUG_LINE_STR, offset: offset.0 as u32 }
        }
        AttributeValue::DebugStrOffsetsIndex(index) => {
            if sections.bytes(Section::StrOffsets).is_empty() {
                return Ok(StringPlace::default());
            }
            let base = unit.str_offsets_base;
            sections.must_hold(Section::StrOffsets, base.0)?;
            let offset = sections
                .str_offsets()
                .get_str_offset(unit.header.format(), base, *index)
                .map_err(|error| sections.failure(Section::StrOffsets, base.0, error))?;
            debug_str(sections, offset.0)
        }
        _ => StringPlace::default(),
    })
}

fn debug_str(sections: &Sections, offset: usize) -> StringPlace {
    StringPlace { section: DEBUG_STR, offset: clamp(offset as u64).saturating_add(sections.strings) }
}
