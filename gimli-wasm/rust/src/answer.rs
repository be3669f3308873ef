//! What the embedder reads after a question.

use crate::failure::Failure;
use alloc::string::String;
use alloc::vec::Vec;

/// One column of any width.
pub enum Column {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
    U64(Vec<u64>),
    F64(Vec<f64>),
}

impl Column {
    /// Address and length in bytes.
    fn place(&self) -> [usize; 2] {
        match self {
            Column::U8(rows) => [rows.as_ptr() as usize, size_of_val(rows.as_slice())],
            Column::U16(rows) => [rows.as_ptr() as usize, size_of_val(rows.as_slice())],
            Column::U32(rows) => [rows.as_ptr() as usize, size_of_val(rows.as_slice())],
            Column::U64(rows) => [rows.as_ptr() as usize, size_of_val(rows.as_slice())],
            Column::F64(rows) => [rows.as_ptr() as usize, size_of_val(rows.as_slice())],
        }
    }
}

macro_rules! column {
    ($($kind:ident $type:ty),*) => { $(
        impl From<Vec<$type>> for Column {
            fn from(rows: Vec<$type>) -> Column {
                Column::$kind(rows)
            }
        }
    )* };
}
column!(U8 u8, U16 u16, U32 u32, U64 u64, F64 f64);

/// Columns of the last question, or why it failed.
pub struct Answer {
    columns: Vec<Column>,
    reason: String,
    /// What the embedder reads: a count, then place of each column; or the five facts of a failure.
    words: Vec<usize>,
}

impl Answer {
    pub const fn new() -> Answer {
        Answer { columns: Vec::new(), reason: String::new(), words: Vec::new() }
    }

    /// Adds the next column.
    pub fn put(&mut self, rows: impl Into<Column>) {
        self.columns.push(rows.into());
    }

    pub fn clear(&mut self) {
        self.columns.clear();
        self.words.clear();
    }

    pub fn finish(&mut self) {
        self.words.push(self.columns.len());
        for column in &self.columns {
            self.words.extend(column.place());
        }
    }

    pub fn fail(&mut self, failure: &Failure) {
        self.reason = failure.reason();
        self.words.extend([
            failure.section as usize,
            failure.offset,
            self.reason.as_ptr() as usize,
            self.reason.len(),
            failure.file as usize,
        ]);
    }

    pub fn address(&self) -> usize {
        self.words.as_ptr() as usize
    }
}

/// Where strings start: a section as `StringSection` in columns.ts numbers them, and an offset.
#[derive(Default)]
pub struct Strings {
    section: Vec<u8>,
    offset: Vec<u32>,
}

/// Where one string starts; section 0 when there is none.
#[derive(Clone, Copy, Default, PartialEq)]
pub struct StringPlace {
    pub section: u8,
    pub offset: u32,
}

impl StringPlace {
    pub fn is_none(&self) -> bool {
        self.section == 0
    }

    pub fn or(self, other: StringPlace) -> StringPlace {
        if self.is_none() { other } else { self }
    }
}

impl Strings {
    pub fn push(&mut self, place: StringPlace) {
        self.section.push(place.section);
        self.offset.push(place.offset);
    }

    /// Adds both columns to an answer.
    pub fn put(self, answer: &mut Answer) {
        answer.put(self.section);
        answer.put(self.offset);
    }
}

/// Half-open ranges.
#[derive(Default)]
pub struct Ranges {
    pub begin: Vec<f64>,
    pub end: Vec<f64>,
}

impl Ranges {
    pub fn push(&mut self, range: gimli::Range) {
        self.begin.push(range.begin as f64);
        self.end.push(range.end as f64);
    }

    /// The same, one by one.
    pub fn pairs(&self) -> Vec<gimli::Range> {
        let pairs = self.begin.iter().zip(&self.end);
        pairs.map(|(begin, end)| gimli::Range { begin: *begin as u64, end: *end as u64 }).collect()
    }

    /// Adds both columns to an answer.
    pub fn put(self, answer: &mut Answer) {
        answer.put(self.begin);
        answer.put(self.end);
    }
}

/// "No value" in an unsigned 32-bit column.
pub const NONE: u32 = u32::MAX;

/// A number that DWARF allows 64 bits and a column 32: what does not fit becomes the largest.
pub fn clamp(value: u64) -> u32 {
    value.min(u64::from(u32::MAX)) as u32
}

/// One column of things that are at hand whole.
pub fn column<T, C>(things: &[T], of: impl Fn(&T) -> C) -> Vec<C> {
    things.iter().map(of).collect()
}
