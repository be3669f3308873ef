//! The sections of the module.

use crate::failure::{Failure, Result};
use crate::heap::fresh;
use gimli::{DebugAbbrev, DebugAddr, DebugInfo, DebugLine, DebugStrOffsets, DebugTypes};
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
}

const ALL: [Section; 10] = [
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
];

pub struct Sections {
    bytes: [&'static [u8]; ALL.len()],
}

impl Sections {
    pub const fn new() -> Sections {
        Sections { bytes: [&[]; ALL.len()] }
    }

    /// Makes room for a section, once. A byte is left free after it, so that its end is nobody's start.
    pub fn reserve(&mut self, id: u32, length: usize) -> usize {
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
