//! Rows of line programs.
//!
//! The state machine is written out here. gimli's own gives the same rows, but each instruction passes
//! through an enum of more than a hundred bytes, which costs half again to twice the time, by what the
//! compiler makes of it; and line programs are what a first breakpoint waits for.

use crate::answer::{Answer, clamp};
use crate::failure::{Failure, Result};
use crate::lines::program;
use crate::section::{Bytes, Section};
use crate::sections::Sections;
use alloc::vec::Vec;
use gimli::{LineProgramHeader, Reader};

/// `LineFlag` in columns.ts.
pub const IS_STMT: u8 = 1;
const BASIC_BLOCK: u8 = 2;
pub const END_SEQUENCE: u8 = 4;
pub const PROLOGUE_END: u8 = 8;
const EPILOGUE_BEGIN: u8 = 16;

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

/// The registers of the state machine, but for the instruction set, which nothing asks for.
#[derive(Clone, Copy)]
pub struct Registers {
    pub address: u64,
    /// Which of an instruction's operations: always 0 but for machines with long instruction words.
    operation: u64,
    pub file: u64,
    pub line: u64,
    pub column: u64,
    pub flags: u8,
    discriminator: u64,
}

/// Columns as `readLineRows` in read-columns.ts takes them.
pub fn rows(sections: &Sections, offset: usize, answer: &mut Answer) -> Result<()> {
    let mut rows = Rows::default();
    decode(sections, offset, &mut rows)?;
    rows.put(answer);
    Ok(())
}

/// Hands all rows of the program at an offset to `sink`; of one that is malformed, those before the fault.
pub fn decode(sections: &Sections, offset: usize, sink: &mut impl Sink) -> Result<()> {
    let program = program(sections, offset)?;
    let header = program.header();
    check(header, offset)?;
    let mut machine = Machine::new(header, sink);
    let mut input = header.raw_program_buf();
    machine.sink.begin(input.len());
    while !input.is_empty() {
        let instruction = input;
        machine.step(&mut input).map_err(|error| {
            let at = sections.offset_of(Section::Line, &instruction) as usize;
            sections.failure(Section::Line, at, error)
        })?;
        if machine.ended {
            machine.ended = false;
            machine.sink.begin(input.len());
        }
    }
    Ok(())
}

/// Hands the rows of one sequence to `sink`: of the one whose instructions begin where `left` bytes of the program are left.
/// The program must have been decoded before without fault.
pub fn decode_sequence(header: &LineProgramHeader<Bytes>, left: usize, sink: &mut impl Sink) {
    let mut input = header.raw_program_buf();
    if input.skip(input.len().saturating_sub(left)).is_err() {
        return;
    }
    let mut machine = Machine::new(header, sink);
    while !machine.ended && !input.is_empty() {
        if machine.step(&mut input).is_err() {
            return;
        }
    }
}

pub fn check(header: &LineProgramHeader<Bytes>, offset: usize) -> Result<()> {
    match header.address_size() {
        1 | 2 | 4 | 8 => Ok(()),
        _ => Err(Failure::new(Section::Line, offset, "unsupported address size")),
    }
}

/// Takes rows.
pub trait Sink {
    /// A sequence begins where so many bytes of the program are left.
    #[inline(always)]
    fn begin(&mut self, _left: usize) {}
    fn take(&mut self, row: &Registers);
}

struct Machine<'a, S: Sink> {
    header: &'a LineProgramHeader<Bytes>,
    registers: Registers,
    /// Whether rows are in a sequence that the linker dropped: they are computed like others, and not kept.
    dead: bool,
    /// Whether the last row kept was in the sequence at hand.
    open: bool,
    /// Whether the last instruction ended a sequence.
    ended: bool,
    sink: &'a mut S,
}

impl<'a, S: Sink> Machine<'a, S> {
    fn new(header: &'a LineProgramHeader<Bytes>, sink: &'a mut S) -> Machine<'a, S> {
        let registers = Registers::new(header);
        Machine { header, registers, dead: false, open: false, ended: false, sink }
    }

    /// Executes one instruction.
    #[inline(always)]
    fn step(&mut self, input: &mut Bytes) -> gimli::Result<()> {
        let opcode = input.read_u8()?;
        if opcode >= self.header.opcode_base() {
            let (advance, line) = self.special(opcode);
            self.advance_line(line);
            self.advance_address(advance)?;
            self.keep();
            return Ok(());
        }
        let registers = &mut self.registers;
        match gimli::DwLns(opcode) {
            gimli::DwLns(0) => return self.extended(input),
            gimli::DW_LNS_copy => self.keep(),
            gimli::DW_LNS_advance_pc => {
                let advance = read_unsigned(input)?;
                self.advance_address(advance)?;
            }
            gimli::DW_LNS_advance_line => {
                let advance = input.read_sleb128()?;
                self.advance_line(advance);
            }
            gimli::DW_LNS_set_file => registers.file = read_unsigned(input)?,
            gimli::DW_LNS_set_column => registers.column = read_unsigned(input)?,
            gimli::DW_LNS_negate_stmt => registers.flags ^= IS_STMT,
            gimli::DW_LNS_set_basic_block => registers.flags |= BASIC_BLOCK,
            gimli::DW_LNS_const_add_pc => {
                let (advance, _) = self.special(u8::MAX);
                self.advance_address(advance)?;
            }
            gimli::DW_LNS_fixed_advance_pc => {
                let advance = u64::from(input.read_u16()?);
                registers.operation = 0;
                self.add_to_address(advance)?;
            }
            gimli::DW_LNS_set_prologue_end => registers.flags |= PROLOGUE_END,
            gimli::DW_LNS_set_epilogue_begin => registers.flags |= EPILOGUE_BEGIN,
            _ => {
                let lengths = self.header.standard_opcode_lengths();
                for _ in 0..lengths.get(usize::from(opcode) - 1).copied().unwrap_or(0) {
                    input.skip_leb128()?;
                }
            }
        }
        Ok(())
    }

    /// Instructions with a length of their own, by which those unknown are skipped.
    #[inline(always)]
    fn extended(&mut self, input: &mut Bytes) -> gimli::Result<()> {
        let length = usize::try_from(input.read_uleb128()?).unwrap_or(usize::MAX);
        let mut operands = input.split(length)?;
        match gimli::DwLne(operands.read_u8()?) {
            gimli::DW_LNE_end_sequence => {
                self.registers.flags |= END_SEQUENCE;
                self.keep();
                self.registers = Registers::new(self.header);
                self.dead = false;
                self.ended = true;
            }
            gimli::DW_LNE_set_address => {
                let address = operands.read_address(self.header.address_size())?;
                self.dead = self.is_dead(address);
                if !self.dead {
                    self.registers.address = address;
                    self.registers.operation = 0;
                }
            }
            gimli::DW_LNE_set_discriminator => self.registers.discriminator = operands.read_uleb128()?,
            _ => {}
        }
        Ok(())
    }

    /// Whether a sequence that sets its address so was dropped by the linker.
    ///
    /// The largest two addresses are what linkers write today; older ones write 0, at which no code can be
    /// (in a code section it holds the number of functions). An address below the row before is not allowed;
    /// gimli takes it for a tombstone with something added.
    fn is_dead(&self, address: u64) -> bool {
        address == 0 || address >= largest_address(self.header) - 1 || address < self.registers.address
    }

    /// What a special opcode adds to the address, in operations, and to the line.
    #[inline(always)]
    fn special(&self, opcode: u8) -> (u64, i64) {
        let adjusted = opcode - self.header.opcode_base();
        // Not 0: gimli refuses such a header.
        let range = self.header.line_range().max(1);
        (u64::from(adjusted / range), i64::from(self.header.line_base()) + i64::from(adjusted % range))
    }

    /// A line below 0 is 0, as for gimli.
    #[inline(always)]
    fn advance_line(&mut self, lines: i64) {
        let line = self.registers.line;
        self.registers.line = match lines < 0 {
            true => line.saturating_sub(lines.unsigned_abs()),
            false => line.wrapping_add(lines as u64),
        };
    }

    #[inline(always)]
    fn advance_address(&mut self, operations: u64) -> gimli::Result<()> {
        let per_instruction = u64::from(self.header.maximum_operations_per_instruction());
        let mut instructions = operations;
        if per_instruction > 1 {
            let operation = self.registers.operation.wrapping_add(operations);
            self.registers.operation = operation % per_instruction;
            instructions = operation / per_instruction;
        }
        self.add_to_address(u64::from(self.header.minimum_instruction_length()).wrapping_mul(instructions))
    }

    #[inline(always)]
    fn add_to_address(&mut self, bytes: u64) -> gimli::Result<()> {
        if self.dead {
            return Ok(());
        }
        match self.registers.address.checked_add(bytes) {
            Some(address) if address <= largest_address(self.header) => {
                self.registers.address = address;
                Ok(())
            }
            _ => Err(gimli::Error::AddressOverflow),
        }
    }

    /// Keeps a row and makes ready for the next. A sequence that dies half way is still ended.
    #[inline(always)]
    fn keep(&mut self) {
        let registers = &mut self.registers;
        let ends = registers.flags & END_SEQUENCE != 0;
        if !self.dead || (ends && self.open) {
            self.sink.take(registers);
            self.open = !ends;
        }
        registers.flags &= IS_STMT;
        registers.discriminator = 0;
    }
}

fn largest_address(header: &LineProgramHeader<Bytes>) -> u64 {
    u64::MAX >> (64 - 8 * u32::from(header.address_size()))
}

/// Most numbers have one byte.
#[inline(always)]
fn read_unsigned(input: &mut Bytes) -> gimli::Result<u64> {
    match input.first() {
        Some(&byte) if byte < 0x80 => {
            input.skip(1)?;
            Ok(u64::from(byte))
        }
        _ => input.read_uleb128(),
    }
}

impl Registers {
    fn new(header: &LineProgramHeader<Bytes>) -> Registers {
        Registers {
            address: 0,
            operation: 0,
            file: 1,
            line: 1,
            column: 0,
            flags: if header.default_is_stmt() { IS_STMT } else { 0 },
            discriminator: 0,
        }
    }
}

impl Sink for Rows {
    #[inline(always)]
    fn take(&mut self, row: &Registers) {
        self.address.push(row.address as f64);
        self.file.push(clamp(row.file));
        self.line.push(clamp(row.line));
        self.column.push(clamp(row.column));
        self.flags.push(row.flags);
        self.discriminator.push(clamp(row.discriminator));
    }
}

impl Rows {
    fn put(self, answer: &mut Answer) {
        answer.put(self.address);
        answer.put(self.file);
        answer.put(self.line);
        answer.put(self.column);
        answer.put(self.flags);
        answer.put(self.discriminator);
    }
}
