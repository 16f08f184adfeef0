//! The values of all facets as bits, and for small sets of documents each document's own values.

use tantivy::Searcher;

use crate::bits::Bits;
use crate::{Result, DECISION};

/// A value, and how many documents of each decision have it.
pub struct Counted<'a> {
    pub value: &'a str,
    items: Vec<u32>,
}

impl Counted<'_> {
    /// Those of the decisions whose numbers are `of`.
    pub fn items(&self, of: &[usize]) -> u32 {
        of.iter().map(|&decision| self.items[decision]).sum()
    }
}

struct Facet {
    values: Vec<(String, Bits)>,
    /// `codes[starts[n]..starts[n + 1]]` are the values of document n.
    starts: Vec<u32>,
    codes: Vec<u16>,
}

pub struct Facets {
    names: Vec<String>,
    facets: Vec<Facet>,
    pub every: Bits,
}

impl Facets {
    /// The facets are the text fields "facet_...", all fast.
    pub fn load(searcher: &Searcher, bases: &[usize], documents: usize) -> Result<Facets> {
        let mut every = Bits::new(documents);
        for (segment, base) in searcher.segment_readers().iter().zip(bases) {
            for document in segment.doc_ids_alive() {
                every.insert(base + document as usize);
            }
        }
        let mut names = vec![];
        let mut facets = vec![];
        for (_, entry) in searcher.schema().fields() {
            if let Some(name) = entry.name().strip_prefix("facet_") {
                names.push(name.to_string());
                facets.push(Facet::load(searcher, bases, documents, entry.name())?);
            }
        }
        Ok(Facets { names, facets, every })
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The numbers of the decisions with such names. One that no document has is left out.
    pub fn decisions(&self, named: impl Fn(&str) -> bool) -> Result<Vec<usize>> {
        let values = self.of(DECISION)?.values.iter().enumerate();
        Ok(values.filter(|(_, (value, _))| named(value)).map(|(number, _)| number).collect())
    }

    pub fn holding(&self, facet: &str, values: &[&str]) -> Result<Bits> {
        let mut holding = Bits::new(self.every.len());
        for (value, bits) in &self.of(facet)?.values {
            if values.contains(&value.as_str()) {
                holding.unite(bits);
            }
        }
        Ok(holding)
    }

    /// Those of `matches` with each decision.
    pub fn by_decision(&self, matches: &Bits) -> Result<Vec<Bits>> {
        Ok(self.of(DECISION)?.values.iter().map(|(_, decided)| decided.intersection(matches)).collect())
    }

    /// All values of the facet; some may have no document.
    pub fn counts(&self, facet: &str, by_decision: &[Bits]) -> Result<Vec<Counted<'_>>> {
        let facet = self.of(facet)?;
        let mut table: Vec<Counted> =
            facet.values.iter().map(|(value, _)| Counted { value, items: vec![] }).collect();
        for decided in by_decision {
            for (counted, items) in table.iter_mut().zip(facet.counts(decided)) {
                counted.items.push(items);
            }
        }
        Ok(table)
    }

    fn of(&self, name: &str) -> Result<&Facet> {
        let at = self.names.iter().position(|one| one == name);
        at.map(|at| &self.facets[at]).ok_or_else(|| format!("no facet {name}").into())
    }
}

impl Facet {
    fn load(searcher: &Searcher, bases: &[usize], documents: usize, field: &str) -> Result<Facet> {
        let mut values: Vec<(String, Bits)> = vec![];
        let mut of_documents: Vec<Vec<u16>> = vec![vec![]; documents];
        for (segment, base) in searcher.segment_readers().iter().zip(bases) {
            let Some(column) = segment.fast_fields().str(field)? else { continue };
            let mut numbers = vec![];
            for ordinal in 0..column.num_terms() as u64 {
                let mut value = String::new();
                column.ord_to_str(ordinal, &mut value)?;
                let number = values.iter().position(|(known, _)| *known == value).unwrap_or(values.len());
                if number == values.len() {
                    values.push((value, Bits::new(documents)));
                }
                numbers.push(number);
            }
            for document in segment.doc_ids_alive() {
                for ordinal in column.term_ords(document) {
                    let number = numbers[ordinal as usize];
                    values[number].1.insert(base + document as usize);
                    of_documents[base + document as usize].push(number as u16);
                }
            }
        }
        let mut starts = vec![0];
        let mut codes = vec![];
        for of_document in of_documents {
            codes.extend(of_document);
            starts.push(codes.len() as u32);
        }
        Ok(Facet { values, starts, codes })
    }

    /// By the shorter way: intersecting all values' bits, or adding up the values of each document.
    fn counts(&self, set: &Bits) -> Vec<u32> {
        let values_of_set = set.count() as usize * self.codes.len() / set.len().max(1);
        if values_of_set > self.values.len() * set.len() / 64 / 4 {
            return self.values.iter().map(|(_, bits)| bits.count_in(set)).collect();
        }
        let mut counts = vec![0; self.values.len()];
        for number in set.ones() {
            for &code in &self.codes[self.starts[number] as usize..self.starts[number + 1] as usize] {
                counts[code as usize] += 1;
            }
        }
        counts
    }
}
