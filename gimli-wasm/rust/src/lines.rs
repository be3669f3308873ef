//! Line programs.

use crate::answer::{Answer, StringPlace, Strings, clamp};
use crate::failure::{Failure, Result};
use crate::sections::{Bytes, Section, Sections};
use alloc::vec::Vec;
use gimli::{AttributeValue, DebugLineOffset, IncompleteLineProgram, LineInstruction};
use gimli::{LineProgramHeader, LineRow, Reader};

/// `StringSection` in columns.ts.
const DEBUG_STR: u8 = 1;
const DEBUG_LINE_STR: u8 = 2;
const DEBUG_LINE: u8 = 5;

/// `LineFlag` in columns.ts.
const IS_STMT: u8 = 1;
const BASIC_BLOCK: u8 = 2;
const END_SEQUENCE: u8 = 4;
const PROLOGUE_END: u8 = 8;
const EPILOGUE_BEGIN: u8 = 16;

/// Column: where each program starts. A program whose length cannot be right is the last.
pub fn programs(sections: &Sections, answer: &mut Answer) -> Result<()> {
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
    answer.put(starts);
    Ok(())
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
fn program(sections: &Sections, offset: usize) -> Result<IncompleteLineProgram<Bytes>> {
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

/// Columns of `LineColumns`, as they grow.
#[derive(Default)]
struct Rows {
    address: Vec<f64>,
    file: Vec<u32>,
    line: Vec<u32>,
    column: Vec<u32>,
    flags: Vec<u8>,
    discriminator: Vec<u32>,
}

impl Rows {
    fn push(&mut self, row: &LineRow) {
        let column = match row.column() {
            gimli::ColumnType::LeftEdge => 0,
            gimli::ColumnType::Column(column) => clamp(column.get()),
        };
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        self.address.push(row.address() as f64);
        self.file.push(clamp(row.file_index()));
        self.line.push(row.line().map_or(0, |line| clamp(line.get())));
        self.column.push(column);
        self.flags.push(
            flag(row.is_stmt(), IS_STMT)
                | flag(row.basic_block(), BASIC_BLOCK)
                | flag(row.end_sequence(), END_SEQUENCE)
                | flag(row.prologue_end(), PROLOGUE_END)
                | flag(row.epilogue_begin(), EPILOGUE_BEGIN),
        );
        self.discriminator.push(clamp(row.discriminator()));
    }

    fn put(self, answer: &mut Answer) {
        answer.put(self.address);
        answer.put(self.file);
        answer.put(self.line);
        answer.put(self.column);
        answer.put(self.flags);
        answer.put(self.discriminator);
    }
}

/// Whether a sequence that sets its address so was dropped by the linker.
///
/// The largest two addresses are what linkers write today; older ones write 0, at which no code can be
/// (in a code section it holds the number of functions). An address below the row before is not allowed,
/// and gimli takes it for a tombstone with an addend.
fn is_dead(address: u64, row: &LineRow, address_size: u8) -> bool {
    let largest = u64::MAX >> (64 - 8 * u32::from(address_size));
    address == 0 || address >= largest - 1 || address < row.address()
}

/// Columns as `readLineRows` in read-columns.ts takes them.
pub fn rows(sections: &Sections, offset: usize, answer: &mut Answer) -> Result<()> {
    let failed = |error| sections.failure(Section::Line, offset, error);
    let mut program = program(sections, offset)?;
    let address_size = program.header().address_size();
    if !matches!(address_size, 1 | 2 | 4 | 8) {
        return Err(Failure::new(Section::Line, offset, "unsupported address size"));
    }
    let mut instructions = program.header().instructions();
    let mut row = LineRow::new(program.header());
    let mut rows = Rows::default();
    // Rows of a dead sequence are computed like others, in addresses that mean nothing, and not kept.
    let mut dead = false;
    let mut open = false;
    while let Some(instruction) = instructions.next_instruction(program.header()).map_err(failed)? {
        if let LineInstruction::SetAddress(address) = instruction {
            dead = is_dead(address, &row, address_size);
        }
        if !row.execute(instruction, &mut program).map_err(failed)? {
            continue;
        }
        if !dead || (open && row.end_sequence()) {
            rows.push(&row);
            open = !row.end_sequence();
        }
        if row.end_sequence() {
            dead = false;
        }
        row.reset(program.header());
    }
    rows.put(answer);
    Ok(())
}
