//! Passages of the best documents: one of each text that a page shows.

use tantivy::query::Query;
use tantivy::schema::{Field, Value as _};
use tantivy::snippet::SnippetGenerator;
use tantivy::{DocAddress, Searcher, TantivyDocument};

use crate::Result;

const TEXTS: [(&str, usize); 3] = [("rationale", 400), ("summary", 250), ("request", 250)];

struct Text {
    stems: Field,
    words: Field,
    most_characters: usize,
}

pub struct Passages {
    searcher: Searcher,
    texts: Vec<Text>,
}

impl Passages {
    pub fn new(searcher: Searcher) -> Result<Passages> {
        let mut texts = vec![];
        for (name, most_characters) in TEXTS {
            let stems = searcher.schema().get_field(name)?;
            let words = searcher.schema().get_field(&format!("{name}_words"))?;
            texts.push(Text { stems, words, most_characters });
        }
        Ok(Passages { searcher, texts })
    }

    /// The best snippet of each text, or its beginning where nothing in it was asked for.
    pub fn of(&self, query: Option<&dyn Query>, best: &[DocAddress]) -> Result<Vec<Vec<String>>> {
        let mut generators = vec![];
        for text in &self.texts {
            generators.push(match query {
                Some(query) => self.generators(text, query)?,
                None => vec![],
            });
        }
        let mut passages = vec![];
        for &at in best {
            let document: TantivyDocument = self.searcher.doc(at)?;
            let of_document = self.texts.iter().zip(&generators).map(|(shown, generators)| {
                let text = document.get_first(shown.stems).and_then(|value| value.as_str()).unwrap_or("");
                let mut snippets = generators.iter().map(|generator| generator.snippet(text));
                match snippets.find(|snippet| !snippet.is_empty()) {
                    Some(snippet) => snippet.to_html(),
                    None => text.chars().take(shown.most_characters).collect(),
                }
            });
            passages.push(of_document.collect());
        }
        Ok(passages)
    }

    /// For stems, and for words as they are written. A field of which the query has no term gets none, and its
    /// text is not analyzed.
    fn generators(&self, text: &Text, query: &dyn Query) -> Result<Vec<SnippetGenerator>> {
        let mut generators = vec![];
        for field in [text.stems, text.words] {
            let mut is_asked = false;
            query.query_terms(&mut |term, _| is_asked |= term.field() == field);
            if is_asked {
                let mut generator = SnippetGenerator::create(&self.searcher, query, field)?;
                generator.set_max_num_chars(text.most_characters);
                generators.push(generator);
            }
        }
        Ok(generators)
    }
}
