//! What a package of split units (.dwp) says about which parts of its sections are whose.

use crate::failure::Result;
use crate::section::{Bytes, Section};
use crate::sections::Sections;
use crate::unit::Parts;
use alloc::collections::BTreeMap;
use gimli::{IndexSectionId, UnitIndex};

/// Parts of sections by where the unit that has them starts. Empty for a file of one unit.
#[derive(Default)]
pub struct Package {
    info: BTreeMap<usize, (usize, Parts)>,
    types: BTreeMap<usize, (usize, Parts)>,
}

impl Package {
    pub fn read(sections: &Sections) -> Result<Package> {
        let mut package = Package::default();
        if !sections.bytes(Section::CuIndex).is_empty() {
            let failed = |error| sections.failure(Section::CuIndex, 0, error);
            package.take(&sections.cu_index().index().map_err(failed)?).map_err(failed)?;
        }
        if !sections.bytes(Section::TuIndex).is_empty() {
            let failed = |error| sections.failure(Section::TuIndex, 0, error);
            package.take(&sections.tu_index().index().map_err(failed)?).map_err(failed)?;
        }
        Ok(package)
    }

    fn take(&mut self, index: &UnitIndex<Bytes>) -> gimli::Result<()> {
        for row in 1..=index.unit_count() {
            let mut parts = Parts::default();
            let (mut info, mut types) = (None, None);
            for part in index.sections(row)? {
                let offset = part.offset as usize;
                let place = (offset, offset.saturating_add(part.size as usize));
                match part.section {
                    IndexSectionId::DebugInfo => info = Some(place),
                    IndexSectionId::DebugTypes => types = Some(place),
                    IndexSectionId::DebugAbbrev => parts.abbrev = offset,
                    IndexSectionId::DebugStrOffsets => parts.str_offsets = offset,
                    IndexSectionId::DebugRngLists => parts.lists = offset,
                    IndexSectionId::DebugLoc | IndexSectionId::DebugLocLists => parts.locations = offset,
                    _ => {}
                }
            }
            if let Some((start, end)) = info {
                self.info.insert(start, (end, parts));
            }
            if let Some((start, end)) = types {
                self.types.insert(start, (end, parts));
            }
        }
        Ok(())
    }

    /// The parts of the unit that starts at an offset. A part may hold several units.
    pub fn parts_at(&self, section: Section, offset: usize) -> Parts {
        let of = if section == Section::Types { &self.types } else { &self.info };
        match of.range(..=offset).next_back() {
            Some((_, (end, parts))) if offset < *end => *parts,
            _ => Parts::default(),
        }
    }
}
