//! All units, and how they are read.

use crate::abbreviations::{RootFinder, Tables};
use crate::attributes::string_place;
use crate::budget::Budget;
use crate::failure::{Failure, Result};
use crate::packages::Package;
use crate::section::{Bytes, Section};
use crate::sections::{Files, Sections};
use crate::unit::{Root, Unit};
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use gimli::{Abbreviations, AttributeValue, DebugAddrBase, DebugLocListsBase, DebugRngListsBase};
use gimli::{DebugStrOffsetsBase, DwarfFileType, UnitHeader, UnitType};

/// All units: those of the module, then those of files of split units, each file's read when first asked for.
pub struct Units {
    all: Vec<Unit>,
    /// The row of the first unit of each file that was read, and at the end the number of all.
    starts: Vec<usize>,
    /// Rows of the module's skeletons by the ids they share with their split units.
    skeletons: BTreeMap<u64, u32>,
    pub tables: Tables,
}

impl Units {
    pub const fn new() -> Units {
        Units { all: Vec::new(), starts: Vec::new(), skeletons: BTreeMap::new(), tables: Tables::new() }
    }

    /// The units of a file, which are read if they have not been: files are read in their order.
    pub fn of_file(&mut self, files: &Files, file: u32) -> Result<&[Unit]> {
        let file = file as usize;
        if file + 1 > self.starts.len() {
            let before = self.all.len();
            let read = self.read(files, file as u32);
            if let Err(failure) = read {
                self.all.truncate(before);
                return Err(failure);
            }
            self.starts.resize(file + 1, before);
            if file == 0 {
                self.find_skeletons();
            }
        }
        let end = self.starts.get(file + 1).copied().unwrap_or(self.all.len());
        Ok(&self.all[self.starts[file]..end])
    }

    pub fn at(&self, unit: u32) -> Result<&Unit> {
        self.all.get(unit as usize).ok_or(Failure::new(Section::Info, 0, "no such unit"))
    }

    /// The file that a unit is in; 0 for one that is not there.
    pub fn file_of(&self, unit: u32) -> u32 {
        self.all.get(unit as usize).map_or(0, |unit| unit.file)
    }

    /// A unit for a question about all of its DIEs.
    ///
    /// `bytes`: those of the unit, where it need not be here. It is passed through once, and then not needed any more.
    pub fn open<'a>(&'a mut self, files: &'a Files, row: u32, bytes: Option<Bytes>) -> Result<Opened<'a>> {
        let known = self.at(row)?;
        let unit = match bytes {
            Some(bytes) => known.moved_to(bytes)?,
            None => known.clone(),
        };
        if bytes.is_none() {
            unit.must_be_here(files)?;
        }
        let sections = files.at(unit.file);
        let table = self.tables.of(sections, &unit)?;
        Ok(Opened { unit, sections, table, all: &self.all, tables: &mut self.tables })
    }

    fn find_skeletons(&mut self) {
        for (row, unit) in self.all.iter().enumerate() {
            if !unit.root.dwo_name.is_none() {
                self.skeletons.entry(unit.root.dwo_id).or_insert(row as u32);
            }
        }
    }

    fn read(&mut self, files: &Files, file: u32) -> Result<()> {
        let sections = files.at(file);
        let size = sections.bytes(Section::Info).len() + sections.bytes(Section::Abbrev).len();
        let base = match file {
            0 => 0,
            _ => files.end_before(file),
        };
        let package = Package::read(sections)?;
        let (finder, budget) = (RootFinder::default(), Budget::new(size));
        let mut reader = UnitReader { files, sections, file, base, package, finder, budget };
        let mut end = 0;
        let mut headers = sections.debug_info().units();
        while let Some(header) =
            headers.next().map_err(|error| sections.failure(Section::Info, end, error))?
        {
            end = header.offset().0 + header.length_including_self();
            let unit = reader.read(header, Section::Info, self)?;
            self.all.push(unit);
        }
        end = 0;
        let mut headers = sections.debug_types().units();
        while let Some(header) =
            headers.next().map_err(|error| sections.failure(Section::Types, end, error))?
        {
            end = header.offset().0 + header.length_including_self();
            let unit = reader.read(header, Section::Types, self)?;
            self.all.push(unit);
        }
        match files.lacks() {
            true => Err(Failure::new(Section::Info, 0, "some units have not been read yet")),
            false => Ok(()),
        }
    }
}

/// A unit, with what its DIEs are read by.
pub struct Opened<'a> {
    pub unit: Unit,
    /// Of its file.
    pub sections: &'a Sections,
    pub table: Rc<Abbreviations>,
    /// All units: DIEs refer to those of others.
    pub all: &'a [Unit],
    pub tables: &'a mut Tables,
}

struct UnitReader<'a> {
    files: &'a Files,
    sections: &'a Sections,
    file: u32,
    /// What DIEs of the file count from.
    base: usize,
    package: Package,
    finder: RootFinder,
    budget: Budget,
}

impl UnitReader<'_> {
    fn read(&mut self, header: UnitHeader<Bytes>, section: Section, known: &Units) -> Result<Unit> {
        let encoding = header.encoding();
        // Where the root does not say, a split unit's tables start after one header, since it has them to itself.
        let split = match header.type_() {
            _ if self.sections.is_split => DwarfFileType::Dwo,
            UnitType::SplitCompilation(_) | UnitType::SplitType { .. } => DwarfFileType::Dwo,
            _ => DwarfFileType::Main,
        };
        let parts = self.package.parts_at(section, header.offset().0);
        let str_offsets = DebugStrOffsetsBase::<usize>::default_for_encoding_and_file(encoding, split);
        let rnglists = DebugRngListsBase::<usize>::default_for_encoding_and_file(encoding, split);
        let loclists = DebugLocListsBase::<usize>::default_for_encoding_and_file(encoding, split);
        let types = self.sections.bytes(Section::Info).len();
        let mut unit = Unit {
            header,
            file: self.file,
            section,
            parts,
            skeleton: None,
            base: self.base + if section == Section::Types { types } else { 0 },
            info: self.base,
            str_offsets_base: DebugStrOffsetsBase(str_offsets.0.wrapping_add(parts.str_offsets)),
            addr_base: DebugAddrBase(0),
            rnglists_base: DebugRngListsBase(rnglists.0.wrapping_add(parts.lists)),
            loclists_base: DebugLocListsBase(loclists.0.wrapping_add(parts.locations)),
            window: None,
            split_ranges_base: 0,
            root: Root::default(),
        };
        if let UnitType::Skeleton(id) | UnitType::SplitCompilation(id) = header.type_() {
            unit.root.dwo_id = id.0;
        }
        let entries = self.entries(&header);
        if let Some(table) = self.finder.find(self.sections, &unit, &entries, &mut self.budget)? {
            let here = self.sections.here(section, header.offset().0, header.length_including_self());
            match self.read_root(&mut unit, table, known) {
                Ok(end) if end <= here => {}
                // What was read is not what is there: all such units are asked for at once.
                _ if here < header.length_including_self() => drop(self.files.want(self.file, header.offset().0)),
                Err(failure) => return Err(failure),
                Ok(_) => {}
            }
        }
        Ok(unit)
    }

    /// The bytes of a unit's DIEs.
    fn entries(&self, header: &UnitHeader<Bytes>) -> Bytes {
        header.range_from(header.root_offset()..).unwrap_or_default()
    }

    /// Reads the root DIE: first where the unit's tables start, then what is found through them. Answers where it ends in the unit.
    fn read_root(&mut self, unit: &mut Unit, table: Rc<Abbreviations>, known: &Units) -> Result<usize> {
        let sections = self.sections;
        let at = unit.in_section(unit.header.root_offset().0);
        let failed = |error| sections.failure(unit.section, at, error);
        let mut entries = unit.header.entries_raw(&table, None).map_err(failed)?;
        let Some(abbreviation) = entries.read_abbreviation().map_err(failed)? else {
            return Ok(entries.next_offset().0);
        };
        self.budget.spend(abbreviation.attributes().len(), unit.section, at)?;
        let mut values = Vec::with_capacity(abbreviation.attributes().len());
        for spec in abbreviation.attributes() {
            let attribute = entries.read_attribute(*spec).map_err(failed)?;
            values.push((attribute.name(), attribute.value()));
        }
        unit.root.tag = abbreviation.tag().0;
        for (name, value) in &values {
            if let (gimli::DW_AT_GNU_dwo_id, AttributeValue::DwoId(id)) = (*name, *value) {
                unit.root.dwo_id = id.0;
            }
        }
        if sections.is_split {
            unit.belong_to(known);
        }
        for (_, value) in &values {
            match *value {
                AttributeValue::DebugStrOffsetsBase(base) => unit.str_offsets_base = base,
                AttributeValue::DebugAddrBase(base) => unit.addr_base = base,
                AttributeValue::DebugLocListsBase(base) => unit.loclists_base = base,
                _ => {}
            }
        }
        for (name, value) in &values {
            match (*name, *value) {
                (gimli::DW_AT_rnglists_base, AttributeValue::DebugRngListsBase(base)) => unit.rnglists_base = base,
                // Of a skeleton this is for the ranges of the split unit, not for its own.
                (gimli::DW_AT_GNU_ranges_base, AttributeValue::DebugRngListsBase(base)) => {
                    unit.split_ranges_base = base.0
                }
                _ => {}
            }
        }
        for (name, value) in &values {
            keep(sections, unit, *name, *value)?;
        }
        let high = values.iter().find(|(name, _)| *name == gimli::DW_AT_high_pc);
        if let (Some(low), Some((_, high))) = (unit.root.low_pc, high) {
            unit.root.high_pc = unit.high_pc(sections, low, *high)?;
        }
        Ok(entries.next_offset().0)
    }
}

impl Unit {
    /// Takes over what a split unit leaves to its skeleton.
    fn belong_to(&mut self, known: &Units) {
        let Some(row) = known.skeletons.get(&self.root.dwo_id) else { return };
        if matches!(self.header.type_(), UnitType::Type { .. } | UnitType::SplitType { .. }) {
            return;
        }
        let skeleton = &known.all[*row as usize];
        self.skeleton = Some(*row);
        self.addr_base = skeleton.addr_base;
        self.root.low_pc = skeleton.root.low_pc;
        self.root.line_program = skeleton.root.line_program;
        if self.header.version() < 5 {
            self.parts.lists = skeleton.split_ranges_base;
        }
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
        gimli::DW_AT_language => {
            if let AttributeValue::Language(language) = value {
                unit.root.language = language.0;
            }
        }
        // A split unit's files are those of its skeleton; a split type's are in another section.
        gimli::DW_AT_stmt_list if unit.file == 0 => {
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
