//! Questions as tantivy's queries, from the nodes that the benchmark sends.

use std::collections::BTreeSet;

use serde_json::Value;
use tantivy::query::{
    BooleanQuery, EmptyQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Schema};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, Searcher, Term};

use crate::Result;

/// Words: one in each of the four texts.
const MOST_PRUNED: usize = 4;
/// Words of one field.
const MOST_SCORED: usize = 256;

pub struct QueryBuilder {
    schema: Schema,
    analyzer: TextAnalyzer,
    searcher: Searcher,
}

type Built = Box<dyn Query>;

impl QueryBuilder {
    pub fn new(index: &Index, searcher: Searcher) -> Result<QueryBuilder> {
        let analyzer = index.tokenizers().get("en_stem").ok_or("no English stemmer")?;
        Ok(QueryBuilder { schema: index.schema(), analyzer, searcher })
    }

    /// A node has one key, its kind; those with text name the fields too.
    pub fn build(&self, node: &Value) -> Result<Built> {
        if let Some(parts) = node["all"].as_array() {
            let mut clauses = vec![];
            for part in parts {
                clauses.push(match &part["not"] {
                    Value::Null => (Occur::Must, self.build(part)?),
                    unwanted => (Occur::MustNot, self.build(unwanted)?),
                });
            }
            return Ok(Box::new(BooleanQuery::new(clauses)));
        }
        if let Some(parts) = node["any"].as_array() {
            return Ok(union(parts.iter().map(|part| self.build(part)).collect::<Result<_>>()?));
        }
        let mut queries: Vec<Built> = vec![];
        for name in node["fields"].as_array().ok_or("no fields")? {
            let field = self.schema.get_field(name.as_str().ok_or("no name")?)?;
            queries.push(self.in_field(node, field)?);
        }
        Ok(union(queries))
    }

    fn in_field(&self, node: &Value, field: Field) -> Result<Built> {
        if let Some(text) = node["words"].as_str() {
            let slop = node["slop"].as_u64().unwrap_or(0) as u32;
            let mut terms = self.terms(text, field);
            return Ok(match terms.len() {
                0 => Box::new(EmptyQuery),
                1 => word(terms.remove(0).1),
                _ => Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop)),
            });
        }
        if let Some(prefix) = node["prefix"].as_str() {
            return self.with_prefix(prefix, field);
        }
        if let Some(text) = node["fuzzy"].as_str() {
            let distance = node["distance"].as_u64().ok_or("no distance")? as u8;
            return self.fuzzy(text, distance, field);
        }
        Err(format!("not a node: {node}").into())
    }

    /// The words of the index that begin so: a range of the dictionary.
    fn with_prefix(&self, prefix: &str, field: Field) -> Result<Built> {
        let mut words = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut stream = index.terms().range().ge(prefix).lt(end_of(prefix)).into_stream()?;
            while stream.advance() {
                words.insert(String::from_utf8(stream.key().to_vec())?);
            }
        }
        Ok(any_word(words, field))
    }

    /// The words of the index that become `text` by at most `distance` letters added, dropped or changed, but
    /// for the first letter, which must be right.
    fn fuzzy(&self, text: &str, distance: u8, field: Field) -> Result<Built> {
        let likeness = FuzzyTermQuery::new(Term::from_field_text(field, text), distance, false);
        let first: String = text.chars().take(1).collect();
        let mut words = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let near = index.terms().search(likeness.automaton()?);
            let mut stream = near.ge(&first).lt(end_of(&first)).into_stream()?;
            while stream.advance() {
                words.insert(String::from_utf8(stream.key().to_vec())?);
            }
        }
        Ok(any_word(words, field))
    }

    fn terms(&self, text: &str, field: Field) -> Vec<(usize, Term)> {
        let mut analyzer = self.analyzer.clone();
        let mut terms = vec![];
        analyzer
            .token_stream(text)
            .process(&mut |token| terms.push((token.position, Term::from_field_text(field, &token.text))));
        terms
    }
}

/// What follows every text with this prefix; no byte of UTF-8 is the greatest.
fn end_of(prefix: &str) -> Vec<u8> {
    let mut end = prefix.as_bytes().to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    end
}

fn word(term: Term) -> Built {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

/// Each word is scored by BM25, where tantivy's own queries for prefixes and fuzzy words give every item the
/// same score. For very many words the score is constant here too: tantivy reads their documents into one set,
/// which is three times as fast.
fn any_word(words: BTreeSet<String>, field: Field) -> Built {
    let terms = words.iter().map(|text| Term::from_field_text(field, text));
    if words.len() > MOST_SCORED {
        return Box::new(TermSetQuery::new(terms));
    }
    union(terms.map(word).collect())
}

/// Unions of unions as one, which tantivy can score block by block.
fn union(queries: Vec<Built>) -> Built {
    let mut flat = vec![];
    for query in queries {
        match query.downcast_ref::<BooleanQuery>() {
            Some(inner) if inner.clauses().iter().all(|(occur, _)| *occur == Occur::Should) => {
                flat.extend(inner.clauses().iter().map(|(_, part)| part.box_clone()));
            }
            _ => flat.push(query),
        }
    }
    match flat.len() {
        0 => Box::new(EmptyQuery),
        1 => flat.remove(0),
        _ => Box::new(BooleanQuery::union(flat)),
    }
}

/// Whether it pays that tantivy skips over blocks of documents that score too little, as it does for words
/// alone, any of them or all of them. Where there are more, one pass for everything is faster.
pub fn is_prunable(query: &dyn Query) -> bool {
    let is_word = |query: &dyn Query| query.downcast_ref::<TermQuery>().is_some();
    match query.downcast_ref::<BooleanQuery>().map(BooleanQuery::clauses) {
        Some(parts) if parts.len() <= MOST_PRUNED => {
            parts.iter().all(|(occur, part)| *occur == parts[0].0 && is_word(&**part))
        }
        Some(_) => false,
        None => is_word(query),
    }
}
