//! All units, and how they are read.

use crate::abbreviations::{RootFinder, Tables};
use crate::attributes::string_place;
use crate::budget::Budget;
use crate::failure::{Failure, Result};
use crate::sections::{Bytes, Section, Sections};
use crate::unit::{Root, Unit};
use alloc::rc::Rc;
use alloc::vec::Vec;
use gimli::{Abbreviations, AttributeValue, DebugAddrBase, DebugLocListsBase, DebugRngListsBase};
use gimli::{DebugStrOffsetsBase, DwarfFileType, UnitHeader, UnitType};

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
