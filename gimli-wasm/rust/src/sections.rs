//! The sections of the module, and of files that hold the rest of its split units.

use crate::failure::{Failure, Result};
use crate::heap::fresh;
use alloc::vec::Vec;
use gimli::{DebugAbbrev, DebugAddr, DebugCuIndex, DebugInfo, DebugLine, DebugStrOffsets, DebugTuIndex};
use gimli::DebugTypes;
use gimli::{EndianSlice, LittleEndian, LocationLists, RangeLists, Reader};

pub type Bytes = EndianSlice<'static, LittleEndian>;

/// In the order of `coreSections` in sections.ts.
#[derive(Clone, Copy, PartialEq)]
#[repr(u8)]
pub enum Section {
    Info,
    Types,
    Abbrev,
    Line,
    StrOffsets,
    Addr,
    Ranges,
    RngLists,
    Loc,
    LocLists,
    CuIndex,
    TuIndex,
    /// No section of DWARF: pairs of numbers, where each function of the module begins and ends.
    Bodies,
}

const ALL: [Section; 13] = [
    Section::Info,
    Section::Types,
    Section::Abbrev,
    Section::Line,
    Section::StrOffsets,
    Section::Addr,
    Section::Ranges,
    Section::RngLists,
    Section::Loc,
    Section::LocLists,
    Section::CuIndex,
    Section::TuIndex,
    Section::Bodies,
];

/// The sections of one file.
pub struct Sections {
    bytes: [&'static [u8]; ALL.len()],
    /// What to add to an offset in .debug_str: the strings of files count on from one another.
    pub strings: u32,
    /// Whether this is not the module itself but a file of its split units.
    pub is_split: bool,
}

/// The module's sections, then those of the files of its split units, in the order they were added.
pub struct Files {
    all: Vec<Sections>,
}

impl Files {
    pub const fn new() -> Files {
        Files { all: Vec::new() }
    }

    /// Adds a file whose strings count from `strings`; the first one is the module. Gives its number.
    pub fn add(&mut self, strings: u32) -> u32 {
        let mut file = Sections { bytes: [&[]; ALL.len()], strings, is_split: !self.all.is_empty() };
        if let Some(module) = self.all.first() {
            for shared in SHARED {
                file.bytes[shared as usize] = module.bytes[shared as usize];
            }
        }
        self.all.push(file);
        self.all.len() as u32 - 1
    }

    /// Where DIEs of a file count from: behind those of the files before it.
    pub fn end_before(&self, file: u32) -> usize {
        let lengths = self.all[..file as usize].iter().map(|sections| {
            sections.bytes(Section::Info).len() + sections.bytes(Section::Types).len()
        });
        lengths.fold(0, usize::saturating_add)
    }

    pub fn len(&self) -> u32 {
        self.all.len() as u32
    }

    /// The sections of a file, which must have been added.
    pub fn at(&self, file: u32) -> &Sections {
        &self.all[file as usize]
    }

    /// Makes room for a section of a file, once. What split units read of the module, they have from there.
    pub fn reserve(&mut self, file: u32, id: u32, length: usize) -> usize {
        let Some(sections) = self.all.get_mut(file as usize) else { return 0 };
        let start = sections.reserve(id, length);
        if file == 0 {
            let (module, split) = self.all.split_at_mut(1);
            for shared in SHARED.iter().filter(|shared| **shared as u32 == id) {
                for file in split.iter_mut() {
                    file.bytes[*shared as usize] = module[0].bytes[*shared as usize];
                }
            }
        }
        start
    }
}

/// What split units use of the module: addresses, and up to version 4 ranges.
const SHARED: [Section; 2] = [Section::Addr, Section::Ranges];

impl Sections {

    /// Makes room for a section, once. A byte is left free after it, so that its end is nobody's start.
    fn reserve(&mut self, id: u32, length: usize) -> usize {
        let Some(bytes) = self.bytes.get_mut(id as usize) else { return 0 };
        let start = match length.checked_add(1) {
            Some(size) => fresh(size),
            None => core::ptr::null_mut(),
        };
        if !start.is_null() {
            // Safety: fresh memory, never taken back; wasm memory is zero until written.
            *bytes = unsafe { core::slice::from_raw_parts(start, length) };
        }
        start as usize
    }

    pub fn bytes(&self, section: Section) -> Bytes {
        EndianSlice::new(self.bytes[section as usize], LittleEndian)
    }

    pub fn debug_info(&self) -> DebugInfo<Bytes> {
        self.bytes(Section::Info).into()
    }

    pub fn debug_types(&self) -> DebugTypes<Bytes> {
        self.bytes(Section::Types).into()
    }

    pub fn debug_abbrev(&self) -> DebugAbbrev<Bytes> {
        self.bytes(Section::Abbrev).into()
    }

    pub fn debug_line(&self) -> DebugLine<Bytes> {
        self.bytes(Section::Line).into()
    }

    pub fn str_offsets(&self) -> DebugStrOffsets<Bytes> {
        self.bytes(Section::StrOffsets).into()
    }

    pub fn debug_addr(&self) -> DebugAddr<Bytes> {
        self.bytes(Section::Addr).into()
    }

    pub fn range_lists(&self) -> RangeLists<Bytes> {
        RangeLists::new(self.bytes(Section::Ranges).into(), self.bytes(Section::RngLists).into())
    }

    pub fn location_lists(&self) -> LocationLists<Bytes> {
        LocationLists::new(self.bytes(Section::Loc).into(), self.bytes(Section::LocLists).into())
    }

    pub fn cu_index(&self) -> DebugCuIndex<Bytes> {
        self.bytes(Section::CuIndex).into()
    }

    pub fn tu_index(&self) -> DebugTuIndex<Bytes> {
        self.bytes(Section::TuIndex).into()
    }

    /// Refuses an offset at which nothing of a section can start.
    pub fn must_hold(&self, section: Section, offset: usize) -> Result<()> {
        match offset < self.bytes(section).len() {
            true => Ok(()),
            false => Err(Failure::new(section, offset, "nothing starts here: the section is shorter")),
        }
    }

    /// A failure with the place gimli knows: that is where input ended. For other errors it is what was being read.
    pub fn failure(&self, section: Section, offset: usize, error: gimli::Error) -> Failure {
        if let gimli::Error::UnexpectedEof(id) = error {
            for candidate in ALL {
                let bytes = self.bytes(candidate);
                if let (false, Some(at)) = (bytes.is_empty(), bytes.lookup_offset_id(id)) {
                    return Failure::from_gimli(candidate, at, error);
                }
            }
        }
        Failure::from_gimli(section, offset, error)
    }

    /// Where a piece of a section starts in it.
    pub fn offset_of(&self, section: Section, piece: &Bytes) -> u32 {
        let start = self.bytes[section as usize].as_ptr() as usize;
        (piece.slice().as_ptr() as usize).wrapping_sub(start) as u32
    }
}
