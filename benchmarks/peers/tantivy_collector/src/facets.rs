//! The values of all facets as bits, and for small sets of documents each document's own values.

use serde_json::{json, Value};
use tantivy::Searcher;

use crate::bits::Bits;
use crate::{Result, DECISION};

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

    /// Facet -> its values in the order of their numbers.
    pub fn values(&self) -> Value {
        let named = self.names.iter().zip(&self.facets).map(|(name, facet)| {
            let values: Vec<&str> = facet.values.iter().map(|(value, _)| value.as_str()).collect();
            (name.clone(), json!(values))
        });
        Value::Object(named.collect())
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

    /// For each value that a document of `matches` has: its number, and the documents of each decision.
    pub fn counts(&self, facet: &str, matches: &Bits) -> Vec<Vec<u32>> {
        let (Ok(facet), Ok(decision)) = (self.of(facet), self.of(DECISION)) else {
            return vec![];
        };
        let mut table: Vec<Vec<u32>> = (0..facet.values.len() as u32).map(|number| vec![number]).collect();
        for (_, decided) in &decision.values {
            let mut set = decided.clone();
            set.intersect(matches);
            for (row, count) in table.iter_mut().zip(facet.counts(&set)) {
                row.push(count);
            }
        }
        table.retain(|row| row[1..].iter().any(|&count| count > 0));
        table
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
