//! The core of gimli-wasm: DWARF sections in, flat columns out.
//!
//! One instance holds one module's DWARF. The embedder gives sections (`section`), asks questions, and
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
mod names;
mod rows;
mod sections;
mod slots;
mod unit;
mod unit_columns;
mod units;

use answer::Answer;
use failure::Result;
use sections::Sections;
use units::Units;

/// Everything an instance knows.
pub struct Core {
    sections: Sections,
    units: Units,
    answer: Answer,
}

static mut CORE: Core = Core { sections: Sections::new(), units: Units::new(), answer: Answer::new() };

/// Asks and keeps the answer. The last answer's columns are given back first, so that they can be reused.
fn ask(question: impl FnOnce(&Sections, &mut Units, &mut Answer) -> Result<()>) -> u32 {
    // Safety: an instance has one thread, and nothing it calls comes back in.
    let core = unsafe { &mut *(&raw mut CORE) };
    core.answer.clear();
    match question(&core.sections, &mut core.units, &mut core.answer) {
        Ok(()) => {
            core.answer.finish();
            0
        }
        Err(failure) => {
            core.answer.clear();
            core.answer.fail(&failure);
            1
        }
    }
}

/// Makes room for a section and gives its address, or 0. The embedder then writes the bytes.
#[unsafe(no_mangle)]
pub extern "C" fn section(id: u32, length: u32) -> usize {
    let core = unsafe { &mut *(&raw mut CORE) };
    core.sections.reserve(id, length as usize)
}

/// Address of the last answer: a count, then address and byte length of each column.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> usize {
    let core = unsafe { &*(&raw const CORE) };
    core.answer.address()
}

#[unsafe(no_mangle)]
pub extern "C" fn line_programs() -> u32 {
    ask(|sections, _, answer| lines::programs(sections, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn line_header(offset: u32) -> u32 {
    ask(|sections, _, answer| lines::header(sections, offset as usize, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn line_rows(offset: u32) -> u32 {
    ask(|sections, _, answer| rows::rows(sections, offset as usize, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn units() -> u32 {
    ask(|sections, units, answer| {
        unit_columns::put(units.all(sections)?, answer);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn unit_ranges(unit: u32) -> u32 {
    ask(|sections, units, answer| lists::of_unit(sections, units.at(sections, unit)?, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn functions(unit: u32) -> u32 {
    ask(|sections, units, answer| functions::of_unit(sections, units, unit, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn slots(unit: u32) -> u32 {
    ask(|sections, units, answer| slots::of_unit(sections, units, unit, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn dies(unit: u32) -> u32 {
    ask(|sections, units, answer| dies::of_unit(sections, units, unit, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn ranges(unit: u32, list: u32) -> u32 {
    ask(|sections, units, answer| lists::ranges(sections, units.at(sections, unit)?, list as usize, answer))
}

#[unsafe(no_mangle)]
pub extern "C" fn location_list(unit: u32, list: u32) -> u32 {
    ask(|sections, units, answer| {
        lists::locations(sections, units.at(sections, unit)?, list as usize, answer)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn address(unit: u32, index: u32) -> u32 {
    ask(|sections, units, answer| {
        let address = units.at(sections, unit)?.address(sections, index as usize)?;
        answer.put(alloc::vec![address as f64]);
        Ok(())
    })
}

/// Reached only when an allocation fails, for which Rust has no other way out.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
