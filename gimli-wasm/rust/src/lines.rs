//! Line programs: where they are, and their files.

use crate::answer::{Answer, StringPlace, Strings, clamp};
use crate::failure::Result;
use crate::section::{Bytes, Section};
use crate::sections::Sections;
use alloc::vec::Vec;
use gimli::{AttributeValue, DebugLineOffset, IncompleteLineProgram, LineProgramHeader, Reader};

/// `StringSection` in columns.ts.
const DEBUG_STR: u8 = 1;
const DEBUG_LINE_STR: u8 = 2;
const DEBUG_LINE: u8 = 5;

/// Column: where each program starts. A program whose length cannot be right is the last.
pub fn programs(sections: &Sections, answer: &mut Answer) -> Result<()> {
    answer.put(programs_of(sections));
    Ok(())
}

/// The same for others here.
pub fn programs_of(sections: &Sections) -> Vec<u32> {
    let mut input = sections.bytes(Section::Line);
    let size = input.len();
    let mut starts: Vec<u32> = Vec::new();
    while !input.is_empty() {
        starts.push((size - input.len()) as u32);
        let Ok((length, _)) = input.read_initial_length() else { break };
        if input.skip(length).is_err() {
            break;
        }
    }
    starts
}

/// Columns: end, version and whether there are MD5 sums; directories; names, directories, MD5 and source of files.
pub fn header(sections: &Sections, offset: usize, answer: &mut Answer) -> Result<()> {
    let program = program(sections, offset)?;
    let header = program.header();
    let length = header.unit_length() + usize::from(header.format().initial_length_size());
    let end = offset.wrapping_add(length) as u32;
    let has_md5 = header.file_has_md5();
    answer.put(alloc::vec![end, u32::from(header.version()), u32::from(has_md5)]);

    let mut directories = Strings::default();
    for directory in header.include_directories() {
        directories.push(string_place(sections, directory));
    }
    directories.put(answer);

    let mut names = Strings::default();
    let mut sources = Strings::default();
    let mut directory: Vec<u32> = Vec::new();
    let mut md5: Vec<u8> = Vec::new();
    for file in header.file_names() {
        names.push(string_place(sections, &file.path_name()));
        sources
            .push(file.source().map_or_else(StringPlace::default, |source| string_place(sections, &source)));
        directory.push(clamp(file.directory_index()));
        if has_md5 {
            md5.extend_from_slice(file.md5());
        }
    }
    names.put(answer);
    answer.put(directory);
    answer.put(md5);
    sources.put(answer);
    Ok(())
}

fn string_place(sections: &Sections, value: &AttributeValue<Bytes>) -> StringPlace {
    match value {
        AttributeValue::String(string) => {
            StringPlace { section: DEBUG_LINE, offset: sections.offset_of(Section::Line, string) }
        }
        AttributeValue::DebugStrRef(offset) => StringPlace { section: DEBUG_STR, offset: offset.0 as u32 },
        AttributeValue::DebugLineStrRef(offset) => {
            StringPlace { section: DEBUG_LINE_STR, offset: offset.0 as u32 }
        }
        _ => StringPlace::default(),
    }
}

/// The program at an offset. Its address size is its own from version 5 on, else that of its first
/// `DW_LNE_set_address`, so that the unit need not be known.
pub fn program(sections: &Sections, offset: usize) -> Result<IncompleteLineProgram<Bytes>> {
    sections.must_hold(Section::Line, offset)?;
    let open = |address_size| {
        sections
            .debug_line()
            .program(DebugLineOffset(offset), address_size, None, None)
            .map_err(|error| sections.failure(Section::Line, offset, error))
    };
    let program = open(4)?;
    match first_address_size(program.header()) {
        Some(size) if size != 4 && program.header().version() < 5 => open(size),
        _ => Ok(program),
    }
}

/// Size of the operand of the first `DW_LNE_set_address`, if there is one and it is a size of addresses.
fn first_address_size(header: &LineProgramHeader<Bytes>) -> Option<u8> {
    let mut input = header.raw_program_buf();
    loop {
        let opcode = input.read_u8().ok()?;
        if opcode >= header.opcode_base() {
            continue;
        }
        if opcode == 0 {
            let length = usize::try_from(input.read_uleb128().ok()?).ok()?;
            let mut operands = input.split(length).ok()?;
            if operands.read_u8().ok()? == gimli::DW_LNE_set_address.0 {
                return u8::try_from(operands.len()).ok().filter(|size| matches!(size, 1 | 2 | 4 | 8));
            }
        } else if opcode == gimli::DW_LNS_fixed_advance_pc.0 {
            input.skip(2).ok()?;
        } else {
            for _ in 0..*header.standard_opcode_lengths().get(usize::from(opcode) - 1)? {
                input.skip_leb128().ok()?;
            }
        }
    }
}
