//! tantivy's English stemmer, with the stems of words remembered: snippets analyze the same words again and
//! again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::tokenizer::{
    Language, LowerCaser, RawTokenizer, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer, Token,
    TokenFilter, TokenStream, Tokenizer,
};

const MOST_REMEMBERED: usize = 200_000;

/// What tantivy calls `en_stem`.
pub fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(RememberingStemmer::new())
        .build()
}

type Stems = HashMap<String, String>;

#[derive(Clone)]
struct RememberingStemmer {
    stemmer: TextAnalyzer,
    known: Arc<Mutex<Stems>>,
}

impl RememberingStemmer {
    fn new() -> RememberingStemmer {
        let stemmer = TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::English));
        RememberingStemmer { stemmer: stemmer.build(), known: Arc::default() }
    }
}

impl TokenFilter for RememberingStemmer {
    type Tokenizer<T: Tokenizer> = StemmedWords<T>;

    fn transform<T: Tokenizer>(self, words: T) -> StemmedWords<T> {
        StemmedWords { words, stemmer: self }
    }
}

#[derive(Clone)]
struct StemmedWords<T> {
    words: T,
    stemmer: RememberingStemmer,
}

impl<T: Tokenizer> Tokenizer for StemmedWords<T> {
    type TokenStream<'a> = StemStream<'a, T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        StemStream {
            words: self.words.token_stream(text),
            stemmer: &mut self.stemmer.stemmer,
            known: self.stemmer.known.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

struct StemStream<'a, S> {
    words: S,
    stemmer: &'a mut TextAnalyzer,
    known: MutexGuard<'a, Stems>,
}

impl<S: TokenStream> TokenStream for StemStream<'_, S> {
    fn advance(&mut self) -> bool {
        if !self.words.advance() {
            return false;
        }
        let text = &mut self.words.token_mut().text;
        if let Some(stem) = self.known.get(text) {
            text.clear();
            text.push_str(stem);
        } else {
            let mut stem = String::new();
            self.stemmer.token_stream(text).process(&mut |token| stem.clone_from(&token.text));
            if self.known.len() == MOST_REMEMBERED {
                self.known.clear();
            }
            self.known.insert(std::mem::replace(text, stem.clone()), stem);
        }
        true
    }

    fn token(&self) -> &Token {
        self.words.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.words.token_mut()
    }
}
