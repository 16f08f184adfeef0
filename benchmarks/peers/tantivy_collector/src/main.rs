//! Answers questions on an index that tantivy-py has written, as tantivy's own users would ask it: matches are
//! collected as bits, and facets counted by intersecting them with bits that are prepared when it is opened.
//!
//! `tantivy-collector FOLDER` writes one line of JSON when it is ready, the facets and their values, and then
//! answers each line of its input, a question, with a line: see `Question` and `Engine::answer`.

mod bits;
mod collector;
mod facets;
mod query;

use std::error::Error;
use std::io::{self, BufRead, Write};

use serde_json::{json, Value};
use tantivy::collector::TopDocs;
use tantivy::columnar::Column;
use tantivy::schema::{Field, Value as _};
use tantivy::snippet::SnippetGenerator;
use tantivy::{DocAddress, Index, Searcher, TantivyDocument};

use crate::bits::Bits;
use crate::collector::{Matches, MatchesAndBest, HITS};
use crate::facets::Facets;
use crate::query::QueryBuilder;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const DECISION: &str = "decision";

struct Engine {
    searcher: Searcher,
    queries: QueryBuilder,
    facets: Facets,
    /// The first number of each segment's documents: numbers go through all segments.
    bases: Vec<usize>,
    keys: Vec<Column<i64>>,
    /// Field and the most characters of its snippets.
    shown: Vec<(Field, usize)>,
}

impl Engine {
    fn open(folder: &str) -> Result<Engine> {
        let index = Index::open_in_dir(folder)?;
        let searcher = index.reader()?.searcher();
        let schema = index.schema();
        let mut bases = vec![];
        let mut documents = 0;
        for segment in searcher.segment_readers() {
            bases.push(documents);
            documents += (segment.max_doc() as usize).next_multiple_of(64);
        }
        let keys = searcher
            .segment_readers()
            .iter()
            .map(|segment| segment.fast_fields().i64("key"))
            .collect::<tantivy::Result<Vec<_>>>()?;
        let shown = [("rationale", 400), ("summary", 250), ("request", 250)]
            .iter()
            .map(|&(name, most)| Ok((schema.get_field(name)?, most)))
            .collect::<tantivy::Result<Vec<_>>>()?;
        Ok(Engine {
            facets: Facets::load(&searcher, &bases, documents)?,
            queries: QueryBuilder::new(&index)?,
            searcher,
            bases,
            keys,
            shown,
        })
    }

    /// `{"query": node or null, "filters": [[facet, [value, ...]], ...]}` gives
    /// `{"keys": [...], "counts": {facet: [[number of the value, items of each decision, ...], ...]},
    /// "snippets": [[text, ...], ...]}`. Each facet is counted without its own filter and that of decisions.
    fn answer(&self, question: &Value) -> Result<Value> {
        let mut filters = vec![];
        for filter in question["filters"].as_array().ok_or("no filters")? {
            let facet = filter[0].as_str().ok_or("no facet")?;
            let values = filter[1].as_array().ok_or("no values")?;
            let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            filters.push((facet, self.facets.holding(facet, &values)?));
        }
        let within = |bits: &Bits, own: &[&str]| {
            let mut narrowed = bits.clone();
            for (facet, holding) in &filters {
                if !own.contains(facet) {
                    narrowed.intersect(holding);
                }
            }
            narrowed
        };
        let every = &self.facets.every;
        let (matches, best, snippets) = if question["query"].is_null() {
            let best: Vec<usize> = within(every, &[]).ones().take(HITS).collect();
            (every.clone(), best, vec![])
        } else {
            let (query, is_prunable) = self.queries.build(&question["query"])?;
            let (matches, best) = if is_prunable && filters.is_empty() {
                let top = TopDocs::with_limit(HITS).order_by_score();
                let best = self.searcher.search(&query, &top)?;
                let best = best.iter().map(|(_, at)| self.number(*at)).collect();
                (self.searcher.search(&query, &Matches::new(&self.bases, every.len()))?, best)
            } else {
                let allowed = within(every, &[]);
                self.searcher.search(&query, &MatchesAndBest::new(&self.bases, allowed))?
            };
            let snippets = self.snippets(&*query, &best)?;
            (matches, best, snippets)
        };
        let shared = within(&matches, &[DECISION]);
        let mut counts = serde_json::Map::new();
        for facet in self.facets.names() {
            let filtered = filters.iter().any(|(name, _)| name == facet) && facet != DECISION;
            let found = match filtered {
                true => self.facets.counts(facet, &within(&matches, &[DECISION, facet.as_str()])),
                false => self.facets.counts(facet, &shared),
            };
            counts.insert(facet.clone(), json!(found));
        }
        let keys: Vec<i64> = best.iter().map(|&number| self.key(number)).collect();
        Ok(json!({"keys": keys, "counts": counts, "snippets": snippets}))
    }

    fn snippets(&self, query: &dyn tantivy::query::Query, best: &[usize]) -> Result<Vec<Vec<String>>> {
        let mut generators = vec![];
        for &(field, most) in &self.shown {
            let mut generator = SnippetGenerator::create(&self.searcher, query, field)?;
            generator.set_max_num_chars(most);
            generators.push((field, generator));
        }
        let mut snippets = vec![];
        for &number in best {
            let document: TantivyDocument = self.searcher.doc(self.address(number))?;
            let of_document = generators.iter().map(|(field, generator)| {
                let text = document.get_first(*field).and_then(|value| value.as_str()).unwrap_or("");
                generator.snippet(text).to_html()
            });
            snippets.push(of_document.collect());
        }
        Ok(snippets)
    }

    fn number(&self, at: DocAddress) -> usize {
        self.bases[at.segment_ord as usize] + at.doc_id as usize
    }

    fn address(&self, number: usize) -> DocAddress {
        let segment = self.bases.partition_point(|&base| base <= number) - 1;
        DocAddress::new(segment as u32, (number - self.bases[segment]) as u32)
    }

    fn key(&self, number: usize) -> i64 {
        let at = self.address(number);
        self.keys[at.segment_ord as usize].first(at.doc_id).unwrap_or(-1)
    }
}

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).ok_or("usage: tantivy-collector FOLDER")?;
    let engine = Engine::open(&folder)?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    writeln!(output, "{}", engine.facets.values())?;
    output.flush()?;
    for line in io::stdin().lock().lines() {
        let answer = engine.answer(&serde_json::from_str(&line?)?)?;
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}
