//! Questions as tantivy's queries, from the nodes that the benchmark sends.

use serde_json::Value;
use tantivy::query::{
    BooleanQuery, EmptyQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Schema};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, Term};

use crate::Result;

pub struct QueryBuilder {
    schema: Schema,
    analyzer: TextAnalyzer,
}

type Built = Box<dyn Query>;

impl QueryBuilder {
    pub fn new(index: &Index) -> Result<QueryBuilder> {
        let analyzer = index.tokenizers().get("en_stem").ok_or("no English stemmer")?;
        Ok(QueryBuilder { schema: index.schema(), analyzer })
    }

    /// The query, and whether tantivy can skip over blocks of it that score too little: single words, any of
    /// them.
    pub fn build(&self, node: &Value) -> Result<(Built, bool)> {
        Ok((self.query(node)?, is_prunable(node)))
    }

    /// A node has one key, its kind; those with text name the fields too.
    fn query(&self, node: &Value) -> Result<Built> {
        if let Some(parts) = node["all"].as_array() {
            let mut clauses = vec![];
            for part in parts {
                clauses.push(match &part["not"] {
                    Value::Null => (Occur::Must, self.query(part)?),
                    unwanted => (Occur::MustNot, self.query(unwanted)?),
                });
            }
            return Ok(Box::new(BooleanQuery::new(clauses)));
        }
        if let Some(parts) = node["any"].as_array() {
            let queries = parts.iter().map(|part| self.query(part)).collect::<Result<Vec<_>>>()?;
            return Ok(union(flat(queries)));
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
                1 => Box::new(TermQuery::new(terms.remove(0).1, IndexRecordOption::WithFreqs)),
                _ => Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop)),
            });
        }
        if let Some(prefix) = node["prefix"].as_str() {
            return Ok(Box::new(RegexQuery::from_pattern(&format!("{prefix}.*"), field)?));
        }
        if let Some(text) = node["fuzzy"].as_str() {
            let distance = node["distance"].as_u64().ok_or("no distance")? as u8;
            return Ok(Box::new(FuzzyTermQuery::new(Term::from_field_text(field, text), distance, true)));
        }
        Err(format!("not a node: {node}").into())
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

fn is_prunable(node: &Value) -> bool {
    match node["any"].as_array() {
        Some(parts) => parts.iter().all(is_prunable),
        None => node["words"].as_str().is_some_and(|text| !text.contains(|sign: char| !sign.is_alphanumeric())),
    }
}

fn union(mut queries: Vec<Built>) -> Built {
    match queries.len() {
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::union(queries)),
    }
}

/// Unions of unions as one, which tantivy can score block by block.
fn flat(queries: Vec<Built>) -> Vec<Built> {
    let mut flattened = vec![];
    for query in queries {
        match query.downcast_ref::<BooleanQuery>() {
            Some(inner) if inner.clauses().iter().all(|(occur, _)| *occur == Occur::Should) => {
                flattened.extend(inner.clauses().iter().map(|(_, part)| part.box_clone()));
            }
            _ => flattened.push(query),
        }
    }
    flattened
}
