//! The rows of all line programs that are about given functions, in one table.
//!
//! Programs are read twice: once to find out which sequences are wanted and in which order, once to take their rows to
//! where they belong. That costs less than keeping the rows of all, most of which are copies in a large program.

use crate::answer::{Answer, NONE, clamp};
use crate::failure::Result;
use crate::lines::{program, programs_of};
use crate::rows::{END_SEQUENCE, IS_STMT, PROLOGUE_END, Registers, Sink, decode, decode_sequence};
use crate::section::Section;
use crate::sections::Sections;
use alloc::vec::Vec;
use gimli::Reader;

/// What claims to lie beyond is corrupt and counts as no line.
const MOST_LINES: u64 = 1 << 24;

/// `LineFlag` in columns.ts, but for the end of a sequence.
const KEPT_FLAGS: u8 = IS_STMT | PROLOGUE_END;

/// A sequence of one program.
#[derive(Clone, Copy)]
struct Sequence {
    start: u32,
    end: u32,
    rows: u32,
    program: u32,
    /// How many bytes of the program are left where it begins.
    left: usize,
}

/// Code of functions: where each begins and ends, rising.
struct Bodies {
    start: Vec<u32>,
    end: Vec<u32>,
}

impl Bodies {
    fn read(sections: &Sections) -> Bodies {
        let mut bodies = Bodies { start: Vec::new(), end: Vec::new() };
        let mut input = sections.bytes(Section::Bodies);
        while let (Ok(start), Ok(end)) = (input.read_u32(), input.read_u32()) {
            bodies.start.push(start);
            bodies.end.push(end);
        }
        bodies
    }

    /// Where the function at an address ends.
    fn end_at(&self, address: u32) -> Option<u32> {
        let after = self.start.partition_point(|start| *start <= address);
        let end = *self.end[..after].last()?;
        (address < end).then_some(end)
    }

    fn last(&self) -> u32 {
        self.end.last().copied().unwrap_or(0)
    }
}

/// The sequences of the table, in its order, while their rows are handed out.
pub struct Plan {
    sequences: Vec<Sequence>,
    programs: Vec<u32>,
    /// Slots of each program's files, as they are counted through all programs.
    slots: Vec<u32>,
    /// The first sequence whose rows have not been handed out.
    next: usize,
}

/// Columns as `readLineTable` in read-columns.ts takes them: all but the rows.
pub fn of_functions(sections: &Sections, answer: &mut Answer) -> Result<Plan> {
    let bodies = Bodies::read(sections);
    let programs = programs_of(sections);
    let mut finder = Finder { bodies: &bodies, found: Vec::new(), foreign: 0, program: 0, open: None, begins: 0 };
    let mut slots: Vec<u32> = Vec::with_capacity(programs.len() + 1);
    let mut failed: Vec<u8> = Vec::with_capacity(programs.len());
    let mut next_slot = 0u32;
    for (index, offset) in programs.iter().enumerate() {
        slots.push(next_slot);
        let before = (finder.found.len(), finder.foreign);
        finder.program = index as u32;
        let decoded = decode(sections, *offset as usize, &mut finder);
        if decoded.is_err() {
            finder.found.truncate(before.0);
            finder.foreign = before.1;
        } else {
            // One slot for each number that files can have, and one for numbers that no file has.
            let files = program(sections, *offset as usize)?.header().file_names().len() as u32;
            next_slot = next_slot.saturating_add(files.saturating_add(2));
        }
        failed.push(u8::from(decoded.is_err()));
    }
    slots.push(next_slot);
    let foreign = finder.foreign;
    let mut sequences = finder.found;
    sequences.sort_unstable_by_key(|sequence| (sequence.start, sequence.program, !sequence.left));
    one_per_function(&mut sequences, &bodies);
    let rows = sequences.iter().fold(0u32, |sum, sequence| sum.saturating_add(sequence.rows));
    answer.put(programs.clone());
    answer.put(slots.clone());
    answer.put(failed);
    answer.put(alloc::vec![foreign, rows]);
    Ok(Plan { sequences, programs, slots, next: 0 })
}

impl Plan {
    /// Columns as `readTableRows` in read-columns.ts takes them: the next rows, some `most` of them; none when there are no more.
    pub fn rows(&mut self, sections: &Sections, most: u32, answer: &mut Answer) -> Result<()> {
        let mut table = Table::default();
        let mut last = None;
        while let Some(sequence) = self.sequences.get(self.next) {
            let rows = table.address.len() + sequence.rows as usize;
            if rows > most as usize && !table.address.is_empty() {
                break;
            }
            self.next += 1;
            let at = sequence.program as usize;
            // Neighbours are mostly of one program, whose header is then not read again.
            if last.as_ref().is_none_or(|(of, _)| *of != at) {
                last = Some((at, program(sections, self.programs[at] as usize)?));
            }
            if let Some((_, program)) = &last {
                table.first = self.slots[at];
                table.last = self.slots[at + 1].saturating_sub(1);
                decode_sequence(program.header(), sequence.left, &mut table);
            }
        }
        table.put(answer);
        Ok(())
    }
}

/// Finds the sequences that a function of the module is at, and counts the others.
struct Finder<'a> {
    bodies: &'a Bodies,
    found: Vec<Sequence>,
    foreign: u32,
    program: u32,
    /// Of the sequence at hand: its first address and the rows so far.
    open: Option<(u64, u32)>,
    /// How many bytes of the program are left where it begins.
    begins: usize,
}

impl Sink for Finder<'_> {
    #[inline(always)]
    fn begin(&mut self, left: usize) {
        self.begins = left;
        self.open = None;
    }

    #[inline(always)]
    fn take(&mut self, row: &Registers) {
        let (start, rows) = self.open.unwrap_or((row.address, 0));
        if row.flags & END_SEQUENCE == 0 {
            self.open = Some((start, rows + 1));
            return;
        }
        if rows == 0 {
            return;
        }
        // Addresses rise within a sequence, so that the end fits if it is in the code.
        if row.address <= u64::from(self.bodies.last()) && self.bodies.end_at(start as u32).is_some() {
            let (start, end) = (start as u32, row.address as u32);
            let (program, left) = (self.program, self.begins);
            self.found.push(Sequence { start, end, rows: rows + 1, program, left });
        } else {
            self.foreign += 1;
        }
    }
}

/// Of sequences that begin at one place, the one for the function that is there.
///
/// Each file that uses an inline function brings a copy with lines of its own; the linker keeps one copy and has
/// the lines of all of them point at it. Files may have been compiled differently, so that not all of them fit:
/// the right one ends where the function does. Of several that do, the first, which is the file whose copy was kept.
fn one_per_function(sorted: &mut Vec<Sequence>, bodies: &Bodies) {
    let mut kept = 0;
    let mut fits = false;
    for at in 0..sorted.len() {
        let sequence = sorted[at];
        let ends = bodies.end_at(sequence.start) == Some(sequence.end);
        if kept > 0 && sorted[kept - 1].start == sequence.start {
            if fits || !ends {
                continue;
            }
            kept -= 1;
        }
        sorted[kept] = sequence;
        kept += 1;
        fits = ends;
    }
    sorted.truncate(kept);
}

/// Columns of `LineTableColumns`, as they grow.
#[derive(Default)]
struct Table {
    address: Vec<u32>,
    slot: Vec<u32>,
    line: Vec<u32>,
    column: Vec<u32>,
    flags: Vec<u8>,
    /// The slots of the program at hand.
    first: u32,
    last: u32,
}

impl Sink for Table {
    #[inline(always)]
    fn take(&mut self, row: &Registers) {
        self.address.push(row.address as u32);
        // The row that ends a sequence says where its code ends and belongs to no line.
        if row.line == 0 || row.line > MOST_LINES || row.flags & END_SEQUENCE != 0 {
            self.slot.push(NONE);
            self.line.push(0);
            self.column.push(0);
            self.flags.push(0);
            return;
        }
        self.slot.push(self.first.saturating_add(clamp(row.file)).min(self.last));
        self.line.push(row.line as u32);
        self.column.push(clamp(row.column));
        self.flags.push(row.flags & KEPT_FLAGS);
    }
}

impl Table {
    fn put(self, answer: &mut Answer) {
        answer.put(self.address);
        answer.put(self.slot);
        answer.put(self.line);
        answer.put(self.column);
        answer.put(self.flags);
    }
}
