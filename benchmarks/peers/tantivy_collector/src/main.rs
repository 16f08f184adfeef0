//! Answers questions on an index that tantivy-py has written, as tantivy's own users would ask it: matches are
//! collected as bits, and facets counted by intersecting them with bits that are prepared when it is opened.
//!
//! `tantivy-collector merge FOLDER` makes one segment of all, for which tantivy-py has no means.
//! `tantivy-collector answer FOLDER` writes a line when it is ready, and then answers each line of its input,
//! a question, with a line: see `Engine::answer`.

mod bits;
mod collector;
mod facets;
mod passages;
mod query;
mod stems;

use std::error::Error;
use std::io::{self, BufRead, Write};

use serde_json::{json, Map, Value};
use tantivy::collector::TopDocs;
use tantivy::columnar::Column;
use tantivy::query::Query;
use tantivy::{DocAddress, Index, IndexWriter, Searcher};

use crate::bits::Bits;
use crate::collector::{Matches, MatchesAndBest, HITS};
use crate::facets::Facets;
use crate::passages::Passages;
use crate::query::{is_prunable, QueryBuilder};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const DECISION: &str = "decision";
const WRITER_BYTES: usize = 50_000_000;

struct Engine {
    searcher: Searcher,
    queries: QueryBuilder,
    facets: Facets,
    passages: Passages,
    /// The first number of each segment's documents: numbers go through all segments.
    bases: Vec<usize>,
    keys: Vec<Column<i64>>,
}

struct Filter<'a> {
    facet: &'a str,
    values: Vec<&'a str>,
    holding: Bits,
}

impl Engine {
    fn open(folder: &str) -> Result<Engine> {
        let index = Index::open_in_dir(folder)?;
        index.tokenizers().register("en_stem", stems::analyzer());
        let searcher = index.reader()?.searcher();
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
        Ok(Engine {
            facets: Facets::load(&searcher, &bases, documents)?,
            queries: QueryBuilder::new(&index, searcher.clone())?,
            passages: Passages::new(searcher.clone())?,
            searcher,
            bases,
            keys,
        })
    }

    /// `{"query": node or null, "filters": [[facet, [value, ...]], ...], "decided": [decision, ...],
    /// "overturned": [decision, ...]}` gives `{"total": items, "keys": [...],
    /// "counts": {facet: {value: items}}, "outcomes": {facet: {value: [overturned, decided]}},
    /// "passages": [[text, ...], ...]}`.
    fn answer(&self, question: &Value) -> Result<Value> {
        let query = match &question["query"] {
            Value::Null => None,
            node => Some(self.queries.build(node)?),
        };
        let filters = self.filters(question)?;
        let (matches, best) = self.found(query.as_deref(), &filters)?;
        let mut page = self.counts(&matches, &filters, question)?;
        let addresses: Vec<DocAddress> = best.iter().map(|&number| self.address(number)).collect();
        let keys: Vec<i64> = addresses.iter().map(|&at| self.key(at)).collect();
        page.insert("keys".into(), json!(keys));
        page.insert("passages".into(), json!(self.passages.of(query.as_deref(), &addresses)?));
        Ok(Value::Object(page))
    }

    fn filters<'a>(&self, question: &'a Value) -> Result<Vec<Filter<'a>>> {
        let mut filters = vec![];
        for filter in question["filters"].as_array().ok_or("no filters")? {
            let facet = filter[0].as_str().ok_or("no facet")?;
            let values = texts(&filter[1])?;
            let holding = self.facets.holding(facet, &values)?;
            filters.push(Filter { facet, values, holding });
        }
        Ok(filters)
    }

    /// All that match the query, whatever the filters, and the best that pass them.
    fn found(&self, query: Option<&dyn Query>, filters: &[Filter]) -> Result<(Bits, Vec<usize>)> {
        let every = &self.facets.every;
        Ok(match query {
            None => (every.clone(), narrowed(every, filters, &[]).ones().take(HITS).collect()),
            Some(query) if filters.is_empty() && is_prunable(query) => {
                let best = self.searcher.search(query, &TopDocs::with_limit(HITS).order_by_score())?;
                let best = best.iter().map(|(_, at)| self.number(*at)).collect();
                (self.searcher.search(query, &Matches::new(&self.bases, every.len()))?, best)
            }
            Some(query) => {
                let allowed = narrowed(every, filters, &[]);
                self.searcher.search(query, &MatchesAndBest::new(&self.bases, allowed))?
            }
        })
    }

    /// Each facet is counted without its own filter, and outcomes without that of decisions too.
    fn counts(&self, matches: &Bits, filters: &[Filter], question: &Value) -> Result<Map<String, Value>> {
        let every = self.facets.decisions(|_| true)?;
        let chosen = match filters.iter().find(|filter| filter.facet == DECISION) {
            Some(filter) => self.facets.decisions(|decision| filter.values.contains(&decision))?,
            None => every.clone(),
        };
        let (decided, overturned) = (texts(&question["decided"])?, texts(&question["overturned"])?);
        let decided = self.facets.decisions(|decision| decided.contains(&decision))?;
        let overturned = self.facets.decisions(|decision| overturned.contains(&decision))?;
        let shared = self.facets.by_decision(&narrowed(matches, filters, &[DECISION]))?;
        let (mut total, mut counts, mut outcomes) = (0, Map::new(), Map::new());
        for facet in self.facets.names() {
            let is_decision = facet == DECISION;
            let counted = if !is_decision && filters.iter().any(|filter| filter.facet == facet) {
                let free = narrowed(matches, filters, &[DECISION, facet]);
                self.facets.counts(facet, &self.facets.by_decision(&free)?)?
            } else {
                self.facets.counts(facet, &shared)?
            };
            let (mut of_values, mut rates) = (Map::new(), Map::new());
            for one in &counted {
                let items = one.items(if is_decision { &every } else { &chosen });
                if items > 0 {
                    of_values.insert(one.value.into(), json!(items));
                }
                let judged = one.items(&decided);
                if judged > 0 {
                    rates.insert(one.value.into(), json!([one.items(&overturned), judged]));
                }
            }
            counts.insert(facet.clone(), Value::Object(of_values));
            if is_decision {
                total = counted.iter().map(|one| one.items(&chosen)).sum();
            } else {
                outcomes.insert(facet.clone(), Value::Object(rates));
            }
        }
        let page = [("total", json!(total)), ("counts", counts.into()), ("outcomes", outcomes.into())];
        Ok(page.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
    }

    fn number(&self, at: DocAddress) -> usize {
        self.bases[at.segment_ord as usize] + at.doc_id as usize
    }

    fn address(&self, number: usize) -> DocAddress {
        let segment = self.bases.partition_point(|&base| base <= number) - 1;
        DocAddress::new(segment as u32, (number - self.bases[segment]) as u32)
    }

    fn key(&self, at: DocAddress) -> i64 {
        self.keys[at.segment_ord as usize].first(at.doc_id).unwrap_or(-1)
    }
}

/// Those that pass the filters but `without`.
fn narrowed(bits: &Bits, filters: &[Filter], without: &[&str]) -> Bits {
    let mut narrowed = bits.clone();
    for filter in filters.iter().filter(|filter| !without.contains(&filter.facet)) {
        narrowed.intersect(&filter.holding);
    }
    narrowed
}

fn texts(list: &Value) -> Result<Vec<&str>> {
    Ok(list.as_array().ok_or("no list")?.iter().filter_map(Value::as_str).collect())
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["merge", folder] => merge(folder),
        ["answer", folder] => answer(folder),
        _ => Err("usage: tantivy-collector merge FOLDER, or answer FOLDER".into()),
    }
}

fn merge(folder: &str) -> Result<()> {
    let index = Index::open_in_dir(folder)?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES)?;
        writer.merge(&segments).wait()?;
        writer.garbage_collect_files().wait()?;
        writer.wait_merging_threads()?;
    }
    Ok(())
}

fn answer(folder: &str) -> Result<()> {
    let engine = Engine::open(folder)?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    writeln!(output, "{}", json!("ready"))?;
    output.flush()?;
    for line in io::stdin().lock().lines() {
        let page = engine.answer(&serde_json::from_str(&line?)?)?;
        writeln!(output, "{page}")?;
        output.flush()?;
    }
    Ok(())
}
