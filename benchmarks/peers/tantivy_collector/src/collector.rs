//! Collectors of all matches as bits, with or without the best among those that pass the filters.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::bits::Bits;

pub const HITS: usize = 20;

pub struct Matches {
    bases: Vec<usize>,
    documents: usize,
}

impl Matches {
    pub fn new(bases: &[usize], documents: usize) -> Matches {
        Matches { bases: bases.to_vec(), documents }
    }
}

pub struct SegmentMatches {
    base: usize,
    bits: Bits,
}

impl Collector for Matches {
    type Fruit = Bits;
    type Child = SegmentMatches;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentMatches> {
        Ok(SegmentMatches { base: self.bases[segment as usize], bits: Bits::new(self.documents) })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, found: Vec<Bits>) -> tantivy::Result<Bits> {
        Ok(united(found, self.documents))
    }
}

impl SegmentCollector for SegmentMatches {
    type Fruit = Bits;

    fn collect(&mut self, document: DocId, _: Score) {
        self.bits.insert(self.base + document as usize);
    }

    fn harvest(self) -> Bits {
        self.bits
    }
}

/// One pass for both: what tantivy cannot skip over by the scores of blocks is matched only once.
pub struct MatchesAndBest {
    bases: Vec<usize>,
    allowed: Bits,
}

impl MatchesAndBest {
    pub fn new(bases: &[usize], allowed: Bits) -> MatchesAndBest {
        MatchesAndBest { bases: bases.to_vec(), allowed }
    }
}

/// Scores are never negative, so that their bits have their order. Of equal ones the first document is best.
type Ranked = Reverse<(u32, Reverse<usize>)>;

pub struct SegmentMatchesAndBest {
    base: usize,
    bits: Bits,
    allowed: Bits,
    best: BinaryHeap<Ranked>,
}

impl Collector for MatchesAndBest {
    type Fruit = (Bits, Vec<usize>);
    type Child = SegmentMatchesAndBest;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        _: &SegmentReader,
    ) -> tantivy::Result<SegmentMatchesAndBest> {
        Ok(SegmentMatchesAndBest {
            base: self.bases[segment as usize],
            bits: Bits::new(self.allowed.len()),
            allowed: self.allowed.clone(),
            best: BinaryHeap::with_capacity(HITS + 1),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, found: Vec<(Bits, Vec<Ranked>)>) -> tantivy::Result<Self::Fruit> {
        let (bits, best): (Vec<Bits>, Vec<Vec<Ranked>>) = found.into_iter().unzip();
        let mut best: Vec<Ranked> = best.into_iter().flatten().collect();
        best.sort_unstable();
        let best = best.into_iter().take(HITS).map(|Reverse((_, Reverse(number)))| number).collect();
        Ok((united(bits, self.allowed.len()), best))
    }
}

impl SegmentCollector for SegmentMatchesAndBest {
    type Fruit = (Bits, Vec<Ranked>);

    fn collect(&mut self, document: DocId, score: Score) {
        let number = self.base + document as usize;
        self.bits.insert(number);
        if !self.allowed.contains(number) {
            return;
        }
        let ranked = Reverse((score.to_bits(), Reverse(number)));
        if self.best.len() < HITS {
            self.best.push(ranked);
        } else if self.best.peek().is_some_and(|worst| ranked < *worst) {
            self.best.pop();
            self.best.push(ranked);
        }
    }

    fn harvest(self) -> Self::Fruit {
        (self.bits, self.best.into_vec())
    }
}

fn united(found: Vec<Bits>, documents: usize) -> Bits {
    let mut found = found.into_iter();
    let mut all = found.next().unwrap_or_else(|| Bits::new(documents));
    found.for_each(|bits| all.unite(&bits));
    all
}
