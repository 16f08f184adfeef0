"""The query language: what a person types, read into a tree or refused with an explanation.

All words must match. "Quotes" make a phrase, "quotes"~5 words near each other; AND, OR and NOT in
capitals combine, a minus sign leaves out, brackets group; * and ? stand for letters, ~ allows for
a spelling mistake; rationale: summary: request: guideline: and case: search one field.
AND and a mere space bind alike and before OR. `docs/query-language.md` is the reference.
"""

from determinations.search.interface import QuerySyntaxError
from determinations.search.query.lexer import Kind, QueryToken, tokens_of
from determinations.search.query.nodes import Near, Node, Phrase, Wildcard, Word
from determinations.search.query.parser import BEGINS_A_PART, ENDS_A_PART, Parser
from determinations.search.query.repair import ParseError, bracketed, quoted, repair_text, replace_span
from determinations.search.text_folding import plain_characters

MAX_CHARACTERS = 1_000
MAX_PARTS = 64
"""Words, phrases, wildcards, case numbers: a phrase is one part."""
MAX_PHRASE_WORDS = 64
MAX_DEPTH = 12


def parse_query(text: str) -> Node | None:
    """The tree of a question, or None for a blank one.

    The tree is in normal form: `All` and `AnyOf` have two parts or more and never a part of their
    own kind, a `Phrase` has two words or more, nothing is twice negated, and a spinal level or a
    case number has its canonical writing.

    Raises QuerySyntaxError, whose suggestion, where there is one, parses.
    """
    try:
        return _parse(text)
    except ParseError as error:
        raise QuerySyntaxError(error.message, repair_text(text[:MAX_CHARACTERS], error, _parse)) from None


def _parse(typed: str) -> Node | None:
    typed = typed.strip()
    _check_length(typed)
    text = plain_characters(typed)
    # One character may stand for many: a ligature of a whole blessing is eighteen.
    _check_length(text)
    tokens = tokens_of(text)
    if not tokens:
        if any(character.isprintable() and not character.isspace() for character in typed):
            raise ParseError(f"There is no word or number to search for in {quoted(typed)}.")
        return None
    _check_parts(text, tokens)
    _check_brackets(text, tokens)
    return Parser(text, _without_dashes(text, tokens)).query()


def _check_length(typed: str) -> None:
    if len(typed) > MAX_CHARACTERS:
        # Room for the quote and the brackets that the cut may leave open.
        kept = plain_characters(typed[: MAX_CHARACTERS - MAX_DEPTH - 1])
        raise ParseError(
            f"The search has {len(typed):,} characters; at most {MAX_CHARACTERS:,} can be searched. "
            "Shorten it, for example to the sentence that matters most.",
            kept.rpartition(" ")[0] or kept,
        )


def _check_parts(text: str, tokens: list[QueryToken]) -> None:
    leaves = [token for token in tokens if token.kind is Kind.LEAF]
    if len(leaves) > MAX_PARTS:
        raise ParseError(
            f"The search has {len(leaves)} words and phrases; at most {MAX_PARTS} can be searched. "
            "Leave some out, or put a sentence in quotes: a phrase counts once.",
            text[: leaves[MAX_PARTS].start],
        )
    for leaf in leaves:
        words = _words_of(leaf.node)
        if len(words) > MAX_PHRASE_WORDS:
            kept = " ".join(words[:MAX_PHRASE_WORDS])
            is_near = isinstance(leaf.node, Near) and not leaf.node.ordered
            near = f"~{leaf.node.distance}" if isinstance(leaf.node, Near) and is_near else ""
            raise ParseError(
                f"A phrase has {len(words)} words; at most {MAX_PHRASE_WORDS} can be searched. "
                "Keep the part that matters most.",
                replace_span(text, leaf.start, leaf.end, f'"{kept}"{near}'),
            )


def _words_of(leaf: Node | None) -> tuple[str, ...]:
    """The words of a phrase, or of what else is in quotes."""
    if isinstance(leaf, Near):
        return tuple(
            part.text if isinstance(part, Word) else part.pattern
            for part in leaf.parts
            if isinstance(part, Word | Wildcard)
        )
    return leaf.words if isinstance(leaf, Phrase) else ()


def _check_brackets(text: str, tokens: list[QueryToken]) -> None:
    brackets = [token for token in tokens if token.kind in (Kind.OPEN, Kind.CLOSE)]
    paired = bracketed(text, [(token.start, token.kind is Kind.OPEN) for token in brackets])
    if paired is not None:
        raise ParseError(
            "A parenthesis is missing: each ( needs a ) after it, and each ) a ( before it.", paired
        )
    depth = 0
    for bracket in brackets:
        depth += 1 if bracket.kind is Kind.OPEN else -1
        if depth > MAX_DEPTH:
            raise ParseError(
                f"The parentheses are nested more than {MAX_DEPTH} deep. Use fewer.",
                text.replace("(", " ").replace(")", " "),
            )


def _without_dashes(text: str, tokens: list[QueryToken]) -> list[QueryToken]:
    """A dash with a space on either side parts two words, as in prose; elsewhere it is unclear."""
    kept: list[QueryToken] = []
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.kind is not Kind.DASH:
            kept.append(token)
        elif not (kept and kept[-1].kind in ENDS_A_PART and after and after.kind in BEGINS_A_PART):
            raise ParseError(
                "A minus sign is alone. To exclude a word, put it right before the word: “-fusion”.",
                replace_span(text, token.start, token.end),
            )
    return kept
