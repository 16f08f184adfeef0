//! A set of documents, one bit for each.

#[derive(Clone)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// Room for `documents`, a multiple of 64; none is in the set.
    pub fn new(documents: usize) -> Bits {
        Bits(vec![0; documents / 64])
    }

    pub fn len(&self) -> usize {
        self.0.len() * 64
    }

    pub fn insert(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    pub fn contains(&self, number: usize) -> bool {
        self.0[number / 64] >> (number % 64) & 1 == 1
    }

    pub fn intersect(&mut self, other: &Bits) {
        for (one, two) in self.0.iter_mut().zip(&other.0) {
            *one &= two;
        }
    }

    pub fn intersection(&self, other: &Bits) -> Bits {
        Bits(self.0.iter().zip(&other.0).map(|(one, two)| one & two).collect())
    }

    pub fn unite(&mut self, other: &Bits) {
        for (one, two) in self.0.iter_mut().zip(&other.0) {
            *one |= two;
        }
    }

    pub fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    pub fn count_in(&self, other: &Bits) -> u32 {
        self.0.iter().zip(&other.0).map(|(one, two)| (one & two).count_ones()).sum()
    }

    pub fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, &word)| {
            std::iter::successors((word != 0).then_some(word), |left| {
                let rest = left & (left - 1);
                (rest != 0).then_some(rest)
            })
            .map(move |left| at * 64 + left.trailing_zeros() as usize)
        })
    }
}
