//! Units: their headers, and what their root DIEs say.

use crate::abbreviations::{RootFinder, Tables};
use crate::answer::{Answer, NONE, StringPlace, Strings};
use crate::attributes::string_place;
use crate::budget::Budget;
use crate::failure::{Failure, Result};
use crate::lists::range_list_at;
use crate::sections::{Bytes, Section, Sections};
use alloc::rc::Rc;
use alloc::vec::Vec;
use gimli::{Abbreviations, AttributeValue, DebugAddrBase, DebugAddrIndex, DebugLocListsBase};
use gimli::{DebugRngListsBase, DebugStrOffsetsBase, DwarfFileType, Encoding, UnitHeader, UnitType};

/// A unit, with what is needed to read its DIEs.
pub struct Unit {
    pub header: UnitHeader<Bytes>,
    pub section: Section,
    /// What to add to an offset in the unit's section to name it: DIEs of .debug_types count on from .debug_info.
    pub base: usize,
    pub str_offsets_base: DebugStrOffsetsBase<usize>,
    pub addr_base: DebugAddrBase<usize>,
    pub rnglists_base: DebugRngListsBase<usize>,
    pub loclists_base: DebugLocListsBase<usize>,
    root: Root,
}

/// What the root DIE says.
#[derive(Default)]
struct Root {
    tag: u16,
    language: u16,
    line_program: Option<usize>,
    low_pc: Option<u64>,
    high_pc: Option<u64>,
    /// Names its list, whose section need not be here yet.
    ranges: Option<AttributeValue<Bytes>>,
    name: StringPlace,
    comp_dir: StringPlace,
    producer: StringPlace,
    dwo_name: StringPlace,
    dwo_id: u64,
}

impl Unit {
    pub fn encoding(&self) -> Encoding {
        self.header.encoding()
    }

    /// The number by which a DIE of this unit is known, from its offset in the unit.
    pub fn die(&self, offset: usize) -> u32 {
        self.base.wrapping_add(self.header.offset().0).wrapping_add(offset) as u32
    }

    /// An offset in the unit as one in its section: where failures are reported.
    pub fn in_section(&self, offset: usize) -> usize {
        self.header.offset().0.wrapping_add(offset)
    }

    /// What ranges and location lists count from until they say otherwise.
    pub fn base_address(&self) -> u64 {
        self.root.low_pc.unwrap_or(0)
    }

    /// Where the root's range list starts.
    pub fn root_ranges(&self, sections: &Sections) -> Result<Option<usize>> {
        self.root.ranges.map_or(Ok(None), |value| range_list_at(sections, self, value))
    }

    /// Low to high pc, unless there is none or the linker dropped it.
    pub fn root_range(&self) -> Option<gimli::Range> {
        let range = gimli::Range { begin: self.root.low_pc?, end: self.root.high_pc? };
        (range.begin < range.end && !self.header.is_tombstone_address(range.begin)).then_some(range)
    }

    /// An entry of .debug_addr by the unit's numbering.
    pub fn address(&self, sections: &Sections, index: usize) -> Result<u64> {
        sections
            .debug_addr()
            .get_address(self.header.address_size(), self.addr_base, DebugAddrIndex(index))
            .map_err(|error| sections.failure(Section::Addr, self.addr_base.0, error))
    }

    /// Where `low` and a `DW_AT_high_pc` end: a constant counts from `low`.
    pub fn high_pc(&self, sections: &Sections, low: u64, high: AttributeValue<Bytes>) -> Result<Option<u64>> {
        match high {
            AttributeValue::Addr(address) => Ok(Some(address)),
            AttributeValue::DebugAddrIndex(index) => self.address(sections, index.0).map(Some),
            _ => Ok(high.udata_value().map(|length| low.saturating_add(length))),
        }
    }
}

/// All units, read when first asked for.
pub struct Units {
    all: Option<Vec<Unit>>,
    pub tables: Tables,
}

impl Units {
    pub const fn new() -> Units {
        Units { all: None, tables: Tables::new() }
    }

    pub fn all(&mut self, sections: &Sections) -> Result<&[Unit]> {
        if self.all.is_none() {
            self.all = Some(read_units(sections)?);
        }
        Ok(self.all.as_deref().unwrap_or_default())
    }

    pub fn at(&mut self, sections: &Sections, unit: u32) -> Result<&Unit> {
        let missing = Failure::new(Section::Info, 0, "no such unit");
        self.all(sections)?.get(unit as usize).ok_or(missing)
    }

    /// All units, and the tables to read their DIEs by.
    pub fn with_tables(&mut self, sections: &Sections) -> Result<(&[Unit], &mut Tables)> {
        self.all(sections)?;
        Ok((self.all.as_deref().unwrap_or_default(), &mut self.tables))
    }

    /// Columns as `readUnits` in read-columns.ts takes them.
    pub fn columns(&mut self, sections: &Sections, answer: &mut Answer) -> Result<()> {
        let units = self.all(sections)?;
        fn column<T>(units: &[Unit], of: impl Fn(&Unit) -> T) -> Vec<T> {
            units.iter().map(of).collect()
        }
        let address = |address: Option<u64>| address.map_or(-1.0, |address| address as f64);
        answer.put(column(units, |unit| unit.die(0)));
        answer.put(column(units, |unit| unit.header.length_including_self() as u32));
        answer.put(column(units, |unit| unit.header.version() as u8));
        answer.put(column(units, |unit| unit.header.address_size()));
        answer.put(column(units, unit_type));
        answer.put(column(units, |unit| unit.die(unit.header.root_offset().0)));
        answer.put(column(units, |unit| unit.root.tag));
        answer.put(column(units, |unit| unit.root.language));
        answer.put(column(units, |unit| unit.root.line_program.map_or(NONE, |at| at as u32)));
        answer.put(column(units, |unit| {
            address(unit.root.low_pc.filter(|low| !unit.header.is_tombstone_address(*low)))
        }));
        answer.put(column(units, |unit| address(unit.root_range().map(|range| range.end))));
        answer.put(column(units, |unit| u8::from(unit.root.ranges.is_some())));
        for of in [
            (|root| root.name) as fn(&Root) -> StringPlace,
            |root| root.comp_dir,
            |root| root.producer,
            |root| root.dwo_name,
        ] {
            let mut strings = Strings::default();
            units.iter().for_each(|unit| strings.push(of(&unit.root)));
            strings.put(answer);
        }
        answer.put(column(units, |unit| unit.root.dwo_id));
        answer.put(column(units, |unit| match unit.header.type_() {
            UnitType::Type { type_signature, .. } | UnitType::SplitType { type_signature, .. } => {
                type_signature.0
            }
            _ => 0,
        }));
        answer.put(column(units, |unit| match unit.header.type_() {
            UnitType::Type { type_offset, .. } | UnitType::SplitType { type_offset, .. } => {
                unit.die(type_offset.0)
            }
            _ => NONE,
        }));
        Ok(())
    }
}

/// DW_UT_*, also for versions that had no such thing.
fn unit_type(unit: &Unit) -> u8 {
    let kind = match unit.header.type_() {
        UnitType::Compilation if unit.root.tag == gimli::DW_TAG_partial_unit.0 => gimli::DW_UT_partial,
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

fn read_units(sections: &Sections) -> Result<Vec<Unit>> {
    let mut reader = UnitReader {
        sections,
        finder: RootFinder::default(),
        budget: Budget::new(sections.bytes(Section::Info).len() + sections.bytes(Section::Abbrev).len()),
    };
    let mut all = Vec::new();
    let mut end = 0;
    let mut headers = sections.debug_info().units();
    while let Some(header) = headers.next().map_err(|error| sections.failure(Section::Info, end, error))? {
        end = header.offset().0 + header.length_including_self();
        all.push(reader.read(header, Section::Info)?);
    }
    end = 0;
    let mut headers = sections.debug_types().units();
    while let Some(header) = headers.next().map_err(|error| sections.failure(Section::Types, end, error))? {
        end = header.offset().0 + header.length_including_self();
        all.push(reader.read(header, Section::Types)?);
    }
    Ok(all)
}

struct UnitReader<'a> {
    sections: &'a Sections,
    finder: RootFinder,
    budget: Budget,
}

impl UnitReader<'_> {
    fn read(&mut self, header: UnitHeader<Bytes>, section: Section) -> Result<Unit> {
        let encoding = header.encoding();
        // Where the root does not say, a split unit's tables start after one header, since it has them to itself.
        let split = match header.type_() {
            UnitType::SplitCompilation(_) | UnitType::SplitType { .. } => DwarfFileType::Dwo,
            _ => DwarfFileType::Main,
        };
        let mut unit = Unit {
            header,
            section,
            base: if section == Section::Types { self.sections.bytes(Section::Info).len() } else { 0 },
            str_offsets_base: DebugStrOffsetsBase::default_for_encoding_and_file(encoding, split),
            addr_base: DebugAddrBase(0),
            rnglists_base: DebugRngListsBase::default_for_encoding_and_file(encoding, split),
            loclists_base: DebugLocListsBase::default_for_encoding_and_file(encoding, split),
            root: Root::default(),
        };
        if let UnitType::Skeleton(id) | UnitType::SplitCompilation(id) = header.type_() {
            unit.root.dwo_id = id.0;
        }
        let entries = self.entries(&header);
        if let Some(table) = self.finder.find(self.sections, &header, &entries, &mut self.budget)? {
            self.read_root(&mut unit, table)?;
        }
        Ok(unit)
    }

    /// The bytes of a unit's DIEs.
    fn entries(&self, header: &UnitHeader<Bytes>) -> Bytes {
        header.range_from(header.root_offset()..).unwrap_or_default()
    }

    /// Reads the root DIE: first where the unit's tables start, then what is found through them.
    fn read_root(&mut self, unit: &mut Unit, table: Rc<Abbreviations>) -> Result<()> {
        let sections = self.sections;
        let at = unit.in_section(unit.header.root_offset().0);
        let failed = |error| sections.failure(unit.section, at, error);
        let mut entries = unit.header.entries_raw(&table, None).map_err(failed)?;
        let Some(abbreviation) = entries.read_abbreviation().map_err(failed)? else { return Ok(()) };
        self.budget.spend(abbreviation.attributes().len(), unit.section, at)?;
        let mut values = Vec::with_capacity(abbreviation.attributes().len());
        for spec in abbreviation.attributes() {
            let attribute = entries.read_attribute(*spec).map_err(failed)?;
            values.push((attribute.name(), attribute.value()));
        }
        unit.root.tag = abbreviation.tag().0;
        for (_, value) in &values {
            match *value {
                AttributeValue::DebugStrOffsetsBase(base) => unit.str_offsets_base = base,
                AttributeValue::DebugAddrBase(base) => unit.addr_base = base,
                AttributeValue::DebugLocListsBase(base) => unit.loclists_base = base,
                _ => {}
            }
        }
        for (name, value) in &values {
            // GNU_ranges_base of a skeleton is for the ranges of the split unit, not for its own.
            if let (gimli::DW_AT_rnglists_base, AttributeValue::DebugRngListsBase(base)) = (*name, *value) {
                unit.rnglists_base = base;
            }
        }
        for (name, value) in &values {
            keep(sections, unit, *name, *value)?;
        }
        let high = values.iter().find(|(name, _)| *name == gimli::DW_AT_high_pc);
        if let (Some(low), Some((_, high))) = (unit.root.low_pc, high) {
            unit.root.high_pc = unit.high_pc(sections, low, *high)?;
        }
        Ok(())
    }
}

/// Keeps one of the root's attributes.
fn keep(sections: &Sections, unit: &mut Unit, name: gimli::DwAt, value: AttributeValue<Bytes>) -> Result<()> {
    match name {
        gimli::DW_AT_name => unit.root.name = string_place(sections, unit, &value)?,
        gimli::DW_AT_comp_dir => unit.root.comp_dir = string_place(sections, unit, &value)?,
        gimli::DW_AT_producer => unit.root.producer = string_place(sections, unit, &value)?,
        gimli::DW_AT_dwo_name | gimli::DW_AT_GNU_dwo_name => {
            unit.root.dwo_name = string_place(sections, unit, &value)?
        }
        gimli::DW_AT_GNU_dwo_id => {
            if let AttributeValue::DwoId(id) = value {
                unit.root.dwo_id = id.0;
            }
        }
        gimli::DW_AT_language => {
            if let AttributeValue::Language(language) = value {
                unit.root.language = language.0;
            }
        }
        gimli::DW_AT_stmt_list => {
            if let AttributeValue::DebugLineRef(offset) = value {
                unit.root.line_program = Some(offset.0);
            }
        }
        gimli::DW_AT_low_pc => unit.root.low_pc = low_pc(sections, unit, value)?,
        gimli::DW_AT_ranges => unit.root.ranges = Some(value),
        _ => {}
    }
    Ok(())
}

fn low_pc(sections: &Sections, unit: &Unit, value: AttributeValue<Bytes>) -> Result<Option<u64>> {
    match value {
        AttributeValue::Addr(address) => Ok(Some(address)),
        AttributeValue::DebugAddrIndex(index) => unit.address(sections, index.0).map(Some),
        _ => Ok(None),
    }
}
