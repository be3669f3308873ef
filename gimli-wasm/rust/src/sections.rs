//! The sections of the module, and of files that hold the rest of its split units.

use crate::failure::{Failure, Result};
use crate::heap::fresh;
use crate::section::{ALL, Bytes, Section};
use alloc::vec::Vec;
use core::cell::RefCell;
use gimli::{DebugAbbrev, DebugAddr, DebugCuIndex, DebugInfo, DebugLine, DebugStrOffsets, DebugTuIndex};
use gimli::DebugTypes;
use gimli::{EndianSlice, LittleEndian, LocationLists, RangeLists, Reader};

/// The sections of one file.
pub struct Sections {
    bytes: [&'static [u8]; ALL.len()],
    /// What to add to an offset in .debug_str: the strings of files count on from one another.
    pub strings: u32,
    /// Whether this is not the module itself but a file of its split units.
    pub is_split: bool,
    /// Where not all of .debug_info is here.
    partial: Option<Partial>,
}

/// What is here of a .debug_info that has not been written whole; the rest of it is zero.
struct Partial {
    /// So many bytes of each unit, or the whole of a shorter one.
    prefix: usize,
    /// Where those units start that are here whole, rising.
    whole: Vec<usize>,
}

/// The module's sections, then those of the files of its split units, in the order they were added.
pub struct Files {
    all: Vec<Sections>,
    /// Units that the question at hand lacks: of each its file, and where it starts in .debug_info. Some may be here twice.
    wanted: RefCell<Vec<u32>>,
}

impl Files {
    pub const fn new() -> Files {
        Files { all: Vec::new(), wanted: RefCell::new(Vec::new()) }
    }

    /// Adds a file whose strings count from `strings`; the first one is the module. Gives its number.
    pub fn add(&mut self, strings: u32) -> u32 {
        let mut file = Sections { bytes: [&[]; ALL.len()], strings, is_split: !self.all.is_empty(), partial: None };
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

    /// Notes that of a file's .debug_info only so many bytes of each unit have been written.
    pub fn is_partial(&mut self, file: u32, prefix: usize) {
        if let Some(sections) = self.all.get_mut(file as usize) {
            sections.partial = Some(Partial { prefix, whole: Vec::new() });
        }
    }

    /// Notes that the unit that starts at an offset of .debug_info has been written whole.
    pub fn has_unit(&mut self, file: u32, offset: usize) {
        if let Some(partial) = self.all.get_mut(file as usize).and_then(|sections| sections.partial.as_mut()) {
            if let Err(at) = partial.whole.binary_search(&offset) {
                partial.whole.insert(at, offset);
            }
        }
    }

    /// Asks the embedder for a unit, before which the question cannot be answered.
    pub fn want(&self, file: u32, offset: usize) -> Failure {
        self.wanted.borrow_mut().extend([file, offset as u32]);
        Failure::new(Section::Info, offset, "this unit has not been read yet")
    }

    /// Whether the question at hand lacks units.
    pub fn lacks(&self) -> bool {
        !self.wanted.borrow().is_empty()
    }

    /// The units it lacks; from then on none.
    pub fn take_wanted(&self) -> Vec<u32> {
        self.wanted.take()
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
    /// How many bytes of the unit that starts at an offset of a section are here, of so many.
    pub fn here(&self, section: Section, offset: usize, length: usize) -> usize {
        match &self.partial {
            Some(partial) if section == Section::Info && partial.whole.binary_search(&offset).is_err() => {
                length.min(partial.prefix)
            }
            _ => length,
        }
    }

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
