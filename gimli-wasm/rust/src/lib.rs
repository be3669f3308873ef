//! The core of gimli-wasm: DWARF sections in, flat columns out.
//!
//! One instance holds one module's DWARF, with files of its split units. The embedder gives sections (`section`), asks questions, and
//! after each reads `answer`; the columns stay until the next question. Questions give 0 for "answered" and
//! 1 for "failed"; nothing here panics, so a trap means that memory ran out.
//! Nothing is ever said about strings but where they are: the embedder has their bytes.
#![no_std]

extern crate alloc;

mod abbreviations;
mod answer;
mod attributes;
mod budget;
mod dies;
mod failure;
mod functions;
mod heap;
mod lines;
mod lists;
mod name_index;
mod names;
mod packages;
mod rows;
mod section;
mod sections;
mod slots;
mod table;
mod unit;
mod unit_columns;
mod units;
mod walk;

use alloc::vec::Vec;
use answer::Answer;
use failure::Result;
use sections::{Files, Sections};
use unit::Unit;
use units::Units;

/// Everything an instance knows.
pub struct Core {
    files: Files,
    units: Units,
    answer: Answer,
    /// The line table whose rows are being handed out.
    lines: Option<table::Plan>,
    /// A unit that is passed through.
    window: Vec<u8>,
}

static mut CORE: Core =
    Core { files: Files::new(), units: Units::new(), answer: Answer::new(), lines: None, window: Vec::new() };

fn core() -> &'static mut Core {
    // Safety: an instance has one thread, and nothing it calls comes back in.
    let core = unsafe { &mut *(&raw mut CORE) };
    if core.files.len() == 0 {
        core.files.add(0);
    }
    core
}

/// Asks and keeps the answer. The last answer's columns are given back first, so that they can be reused.
///
/// 0: answered; 1: failed; 2: units are lacking, whose files and offsets are the answer: to be given, and asked again.
fn ask(file: u32, question: impl FnOnce(&Files, &mut Units, &mut Answer) -> Result<()>) -> u32 {
    let core = core();
    core.answer.clear();
    let asked = question(&core.files, &mut core.units, &mut core.answer);
    if core.files.lacks() {
        let wanted = core.files.take_wanted();
        core.answer.clear();
        core.answer.put(wanted);
        core.answer.finish();
        return 2;
    }
    match asked {
        Ok(()) => {
            core.answer.finish();
            0
        }
        Err(mut failure) => {
            failure.file = file;
            core.answer.clear();
            core.answer.fail(&failure);
            1
        }
    }
}

/// Asks about line programs, which are the module's.
fn ask_lines(question: impl FnOnce(&Sections, &mut Answer) -> Result<()>) -> u32 {
    ask(0, |files, _, answer| question(files.at(0), answer))
}

/// Asks about a unit, whose file is then known.
fn ask_unit(unit: u32, question: impl FnOnce(&Sections, &Unit, &mut Answer) -> Result<()>) -> u32 {
    ask(core().units.file_of(unit), |files, units, answer| {
        let unit = units.at(unit)?;
        question(files.at(unit.file), unit, answer)
    })
}

/// Begins another file of split units, whose strings count from `strings`, and gives its number.
#[unsafe(no_mangle)]
pub extern "C" fn split_file(strings: u32) -> u32 {
    core().files.add(strings)
}

/// Makes room for a section of a file and gives its address, or 0. The embedder then writes the bytes.
#[unsafe(no_mangle)]
pub extern "C" fn section(file: u32, id: u32, length: u32) -> usize {
    core().files.reserve(file, id, length as usize)
}

/// Address of the last answer: a count, then address and byte length of each column.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> usize {
    core().answer.address()
}

#[unsafe(no_mangle)]
pub extern "C" fn line_programs() -> u32 {
    ask_lines(lines::programs)
}

#[unsafe(no_mangle)]
pub extern "C" fn line_header(offset: u32) -> u32 {
    ask_lines(|sections, answer| lines::header(sections, offset as usize, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn line_rows(offset: u32) -> u32 {
    ask_lines(|sections, answer| rows::rows(sections, offset as usize, answer))
}

/// Of a file's .debug_info so many bytes of each unit have been written, and no more until `has_unit` says so.
#[unsafe(no_mangle)]
pub extern "C" fn is_partial(file: u32, prefix: u32) {
    core().files.is_partial(file, prefix as usize);
}

/// The unit that starts at an offset of a file's .debug_info has been written whole.
#[unsafe(no_mangle)]
pub extern "C" fn has_unit(file: u32, offset: u32) {
    core().files.has_unit(file, offset as usize);
}

#[unsafe(no_mangle)]
pub extern "C" fn line_table() -> u32 {
    let core = core();
    core.lines = None;
    let lines = &mut core.lines;
    ask_lines(|sections, answer| {
        *lines = Some(table::of_functions(sections, answer)?);
        Ok(())
    })
}

/// The next rows of the table that was asked for last, some `most` of them.
#[unsafe(no_mangle)]
pub extern "C" fn line_table_rows(most: u32) -> u32 {
    let lines = &mut core().lines;
    ask_lines(|sections, answer| match lines {
        Some(plan) => plan.rows(sections, most, answer),
        None => Ok(()),
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn claims() -> u32 {
    ask(0, |files, units, answer| lists::of_all_units(files.at(0), units.of_file(files, 0)?, answer))
}

/// The units of a file. Those of the files before it must have been asked for.
#[unsafe(no_mangle)]
pub extern "C" fn units(file: u32) -> u32 {
    ask(file, |files, units, answer| {
        unit_columns::put(units.of_file(files, file)?, answer);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn unit_ranges(unit: u32) -> u32 {
    ask_unit(unit, lists::of_unit)
}

#[unsafe(no_mangle)]
pub extern "C" fn functions(unit: u32) -> u32 {
    ask(core().units.file_of(unit), |files, units, answer| functions::of_unit(files, units, unit, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn names(unit: u32) -> u32 {
    ask(core().units.file_of(unit), |files, units, answer| name_index::of_unit(files, units, unit, None, answer))
}

/// As `names`, of the unit that is in the window.
#[unsafe(no_mangle)]
pub extern "C" fn names_in_window(unit: u32) -> u32 {
    let bytes = in_window();
    ask(core().units.file_of(unit), |files, units, answer| {
        name_index::of_unit(files, units, unit, Some(bytes), answer)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn slots(unit: u32) -> u32 {
    ask(core().units.file_of(unit), |files, units, answer| slots::of_unit(files, units, unit, None, answer))
}

/// Makes room for the bytes of a unit that is passed through, and gives its address.
#[unsafe(no_mangle)]
pub extern "C" fn window(length: u32) -> usize {
    let window = &mut core().window;
    window.clear();
    window.resize(length as usize, 0);
    window.as_ptr() as usize
}

/// The bytes of a unit that is passed through.
fn in_window() -> section::Bytes {
    // Safety: nothing resizes the window before the question has been answered, and the answer has nothing of it.
    let bytes: &'static [u8] = unsafe { core::slice::from_raw_parts(core().window.as_ptr(), core().window.len()) };
    gimli::EndianSlice::new(bytes, gimli::LittleEndian)
}

/// As `slots`, of the unit that is in the window.
#[unsafe(no_mangle)]
pub extern "C" fn slots_in_window(unit: u32) -> u32 {
    let bytes = in_window();
    ask(core().units.file_of(unit), |files, units, answer| {
        slots::of_unit(files, units, unit, Some(bytes), answer)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn dies(unit: u32) -> u32 {
    ask(core().units.file_of(unit), |files, units, answer| dies::of_unit(files, units, unit, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn ranges(unit: u32, list: u32) -> u32 {
    ask_unit(unit, |sections, unit, answer| lists::ranges(sections, unit, list as usize, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn location_list(unit: u32, list: u32) -> u32 {
    ask_unit(unit, |sections, unit, answer| lists::locations(sections, unit, list as usize, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn address(unit: u32, index: u32) -> u32 {
    ask_unit(unit, |sections, unit, answer| {
        let address = unit.address(sections, index as usize)?;
        answer.put(alloc::vec![address as f64]);
        Ok(())
    })
}

/// Reached only when an allocation fails, for which Rust has no other way out.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
