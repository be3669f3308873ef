//! Memory: an ever-growing arena with a list of free blocks for each power of two.
//!
//! A vector that doubles leaves blocks that the next vector takes, whole or in halves, so a question's memory serves the next
//! one. What an instance holds is given back when the embedder drops the instance.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::ptr::{copy_nonoverlapping, null_mut};

const PAGE: usize = 65536;
/// Powers of two that a block can have.
const CLASSES: usize = 32;
/// Blocks are at least this large, and aligned to it.
const SMALLEST: usize = 16;

struct Heap;

/// First byte never given out; 0 before the first block.
static mut TOP: usize = 0;
/// For each power of two the first free block, whose first word is the next one.
static mut FREE: [usize; CLASSES] = [0; CLASSES];

unsafe extern "C" {
    static __heap_base: u8;
}

/// So many fresh bytes, aligned to 16, or null. They are never taken back.
pub fn fresh(size: usize) -> *mut u8 {
    // Safety: one thread; the address of a linker symbol.
    unsafe {
        let start = if TOP == 0 { &raw const __heap_base as usize } else { TOP };
        let start = (start + SMALLEST - 1) & !(SMALLEST - 1);
        let Some(end) = start.checked_add(size) else { return null_mut() };
        let held = memory_size(0) * PAGE;
        if end > held {
            let pages = (end - held).div_ceil(PAGE);
            // Growing by an eighth at least keeps the number of growths small; the exact amount is the fallback.
            let generous = pages.max(memory_size(0) / 8);
            if memory_grow(0, generous) == usize::MAX && memory_grow(0, pages) == usize::MAX {
                return null_mut();
            }
        }
        TOP = end;
        start as *mut u8
    }
}

/// Which power of two a block for this layout has; 32 or more if there is none.
fn class_of(size: usize) -> u32 {
    usize::BITS - (size.max(SMALLEST) - 1).leading_zeros()
}

/// A free block of a class, if need be the half of a larger one: what has been written to once is memory in use from then on. 0 if
/// there is none.
unsafe fn take(class: u32) -> usize {
    unsafe {
        let Some(from) = (class as usize..CLASSES).find(|of| FREE[*of] != 0) else { return 0 };
        let block = FREE[from];
        FREE[from] = *(block as *const usize);
        // The upper halves stay free.
        for of in class as usize..from {
            give(block + (1 << of), of as u32);
        }
        block
    }
}

unsafe fn give(block: usize, class: u32) {
    unsafe {
        *(block as *mut usize) = FREE[class as usize];
        FREE[class as usize] = block;
    }
}

unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let class = class_of(layout.size().max(layout.align()));
        if layout.align() > SMALLEST || class >= usize::BITS {
            return null_mut();
        }
        unsafe {
            match take(class) {
                0 => fresh(1 << class),
                block => block as *mut u8,
            }
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let class = class_of(layout.size().max(layout.align()));
        unsafe { give(block as usize, class) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if class_of(size) == class_of(layout.size()) {
            return block;
        }
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

#[global_allocator]
static HEAP: Heap = Heap;
