//! Which sections there are.

use gimli::{EndianSlice, LittleEndian};

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

pub const ALL: [Section; 13] = [
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
