//! One unit: its header, and what its root DIE says.

use crate::answer::StringPlace;
use crate::failure::{Failure, Result};
use crate::section::{Bytes, Section};
use crate::sections::{Files, Sections};
use gimli::{AttributeValue, DebugInfo, DebugAddrBase, DebugAddrIndex, DebugLocListsBase, DebugRngListsBase};
use gimli::{DebugStrOffsetsBase, Encoding, UnitHeader};

/// A unit, with what is needed to read its DIEs.
#[derive(Clone)]
pub struct Unit {
    pub header: UnitHeader<Bytes>,
    /// The file it is in: 0 for the module.
    pub file: u32,
    pub section: Section,
    /// Its parts of the file's sections, of which packages have one for each unit.
    pub parts: Parts,
    /// Of a split unit: the row of the unit in the module that it belongs to.
    pub skeleton: Option<u32>,
    /// What to add to an offset in the unit's section to name it: DIEs of .debug_types count on from .debug_info.
    pub base: usize,
    /// The same for .debug_info of its file.
    pub info: usize,
    pub str_offsets_base: DebugStrOffsetsBase<usize>,
    pub addr_base: DebugAddrBase<usize>,
    pub rnglists_base: DebugRngListsBase<usize>,
    pub loclists_base: DebugLocListsBase<usize>,
    /// Where its bytes are, if they are not in its section: their address, and the offset in the section that they belong to.
    pub window: Option<(usize, usize)>,
    /// Of a skeleton before version 5: what ranges of its split unit count from.
    pub split_ranges_base: usize,
    pub root: Root,
}

/// What the root DIE says.
#[derive(Clone, Default)]
pub struct Root {
    pub tag: u16,
    pub language: u16,
    pub line_program: Option<usize>,
    pub low_pc: Option<u64>,
    pub high_pc: Option<u64>,
    /// Names its list, whose section need not be here yet.
    pub ranges: Option<AttributeValue<Bytes>>,
    pub name: StringPlace,
    pub comp_dir: StringPlace,
    pub producer: StringPlace,
    pub dwo_name: StringPlace,
    pub dwo_id: u64,
}

/// Where the parts of sections that a unit has to itself start.
#[derive(Clone, Copy, Default)]
pub struct Parts {
    pub abbrev: usize,
    pub str_offsets: usize,
    pub lists: usize,
    pub locations: usize,
}

impl Unit {
    /// Refuses to read DIEs of a unit that is not here whole, and asks for it.
    pub fn must_be_here(&self, files: &Files) -> Result<()> {
        let (offset, length) = (self.header.offset().0, self.header.length_including_self());
        match files.at(self.file).here(self.section, offset, length) < length {
            true => Err(files.want(self.file, offset)),
            false => Ok(()),
        }
    }

    /// The same unit, whose bytes are elsewhere for as long as one question lasts.
    pub fn moved_to(&self, bytes: Bytes) -> Result<Unit> {
        let mut moved = self.clone();
        let at = self.in_section(0);
        let header = DebugInfo::from(bytes).units().next();
        moved.header = header
            .map_err(|error| Failure::from_gimli(self.section, at, error))?
            .ok_or(Failure::new(self.section, at, "no unit"))?;
        moved.base = self.base.wrapping_add(at);
        moved.window = Some((bytes.slice().as_ptr() as usize, at));
        Ok(moved)
    }

    /// What to add to an offset in its section to name it.
    pub fn section_base(&self) -> usize {
        self.base.wrapping_sub(self.window.map_or(0, |(_, at)| at))
    }

    /// Where a piece of the unit is in its section.
    pub fn offset_of(&self, sections: &Sections, piece: &Bytes) -> u32 {
        match self.window {
            Some((start, at)) => (piece.slice().as_ptr() as usize).wrapping_sub(start).wrapping_add(at) as u32,
            None => sections.offset_of(self.section, piece),
        }
    }

    /// Where its abbreviations start.
    pub fn abbreviations(&self) -> usize {
        self.header.debug_abbrev_offset().0.wrapping_add(self.parts.abbrev)
    }

    pub fn encoding(&self) -> Encoding {
        self.header.encoding()
    }

    /// The number by which a DIE of this unit is known, from its offset in the unit.
    pub fn die(&self, offset: usize) -> u32 {
        self.base.wrapping_add(self.header.offset().0).wrapping_add(offset) as u32
    }

    /// The number of a DIE from its offset in .debug_info of this unit's file.
    pub fn die_in_file(&self, offset: usize) -> u32 {
        self.info.wrapping_add(offset) as u32
    }

    /// An offset in the unit as one in its section: where failures are reported.
    pub fn in_section(&self, offset: usize) -> usize {
        let start = self.window.map_or(self.header.offset().0, |(_, at)| at);
        start.wrapping_add(offset)
    }

    /// What ranges and location lists count from until they say otherwise.
    pub fn base_address(&self) -> u64 {
        self.root.low_pc.unwrap_or(0)
    }

    /// Low to high pc, unless there is none or the linker dropped it.
    pub fn root_range(&self) -> Option<gimli::Range> {
        let range = gimli::Range { begin: self.root.low_pc?, end: self.root.high_pc? };
        (range.begin < range.end && !self.header.is_tombstone_address(range.begin)).then_some(range)
    }

    /// An entry of .debug_addr by the unit's numbering.
    pub fn address(&self, sections: &Sections, index: usize) -> Result<u64> {
        sections.must_hold(Section::Addr, self.addr_base.0)?;
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
