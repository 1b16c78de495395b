//! Products and sums of tensors in Einstein's notation.

use std::collections::HashMap;

use crate::contraction::{Labelled, batch_labels, contract};
use crate::{Rule, Tensor, Trace};

impl Trace {
    /// The product of any number of tensors, their axes named by the letters of `equation` as in
    /// NumPy's `einsum`: axes of one letter are walked together, and those that the result doesn't
    /// name are summed over.
    ///
    /// `ij,jk->ik` is a product of matrices, `bij->bji` a transposition, `ii->i` a diagonal, `i,j->ij`
    /// an outer product, `ij->` a sum. Without `->` the result has the letters that occur once, in
    /// the order of the alphabet. `...` stands for any number of axes, which align from the last. An
    /// axis of size 1 repeats along the others of its letter.
    ///
    /// ```
    /// use hlo::DType::F32;
    ///
    /// let program = hlo::trace("attention", |t| {
    ///     let [q, k] = ["q", "k"].map(|name| t.input(name, F32, [8, 16, 4, 32]));
    ///     let scores = t.einsum("bqhd,bkhd->bhqk", &[q, k]);
    ///     assert_eq!(scores.shape()[..], [8, 4, 16, 16]);
    ///     t.output("scores", scores);
    /// })?;
    /// # Ok::<(), hlo::TraceError>(())
    /// ```
    #[track_caller]
    pub fn einsum<'t>(&'t self, equation: &str, operands: &[Tensor<'t>]) -> Tensor<'t> {
        if operands.iter().any(|operand| operand.is_foreign(self)) {
            return self.refuse_foreign("einsum", operands);
        }
        if self.has_error() {
            return Tensor::poison(self);
        }
        match Equation(equation).read(operands) {
            Ok((operands, result)) => {
                let dtype = operands[0].tensor.dtype();
                contract(self, operands, &result, dtype)
            }
            Err(rule) => {
                let types: Vec<_> = operands.iter().map(Tensor::ty).collect();
                self.refuse("einsum", &types, rule)
            }
        }
    }
}

/// The letters of one operand or of the result.
struct Term {
    /// Each with its place in the equation.
    before: Vec<(usize, char)>,
    /// Whether `...` follows.
    ellipsis: bool,
    after: Vec<(usize, char)>,
}

impl Term {
    fn letters(&self) -> impl Iterator<Item = (usize, char)> + '_ {
        self.before.iter().chain(&self.after).copied()
    }

    /// The labels, with digits for the `hidden` axes of the ellipsis.
    fn labels(&self, hidden: usize) -> Vec<char> {
        let letters = |list: &[(usize, char)]| list.iter().map(|&(_, c)| c).collect::<Vec<_>>();
        let hidden = batch_labels(if self.ellipsis { hidden } else { 0 }).collect();
        [letters(&self.before), hidden, letters(&self.after)].concat()
    }
}

struct Equation<'e>(&'e str);

impl Equation<'_> {
    /// The operands with their labels, and the labels of the result.
    fn read<'t>(&self, tensors: &[Tensor<'t>]) -> Result<(Vec<Labelled<'t>>, Vec<char>), Rule> {
        let characters: Vec<_> = self.0.char_indices().filter(|(_, c)| *c != ' ').collect();
        let arrow = characters.windows(2).position(|pair| (pair[0].1, pair[1].1) == ('-', '>'));
        let terms = &characters[..arrow.unwrap_or(characters.len())];
        let terms = terms.split(|(_, c)| *c == ',').map(|term| self.term(term));
        let terms = terms.collect::<Result<Vec<_>, _>>()?;
        let result = arrow.map(|arrow| self.term(&characters[arrow + 2..])).transpose()?;
        if terms.len() != tensors.len() {
            let equation = self.0.to_owned();
            let (terms, operands) = (terms.len(), tensors.len());
            return Err(Rule::EinsumOperands { equation, terms, operands });
        }
        let mut operands = vec![];
        let mut hidden = 0;
        for (position, (term, &tensor)) in terms.iter().zip(tensors).enumerate() {
            let (rank, letters) = (tensor.shape().len(), term.letters().count());
            if rank < letters || (rank > letters && !term.ellipsis) {
                let equation = self.0.to_owned();
                return Err(Rule::EinsumRank { equation, operand: position, letters, rank });
            }
            hidden = hidden.max(rank - letters);
            operands.push(Labelled::new(tensor, term.labels(rank - letters)));
        }
        self.check_types(tensors)?;
        self.check_sizes(&operands)?;
        let result = match result {
            Some(result) => {
                self.check_result(&result, &terms, hidden)?;
                result.labels(hidden)
            }
            None => implicit_result(&terms, hidden),
        };
        Ok((operands, result))
    }

    fn term(&self, characters: &[(usize, char)]) -> Result<Term, Rule> {
        let mut term = Term { before: vec![], ellipsis: false, after: vec![] };
        let mut rest = characters;
        while let Some(&(place, c)) = rest.first() {
            let dots = rest.len() >= 3 && rest[..3].iter().all(|(_, c)| *c == '.');
            if c.is_ascii_alphabetic() {
                let letters = if term.ellipsis { &mut term.after } else { &mut term.before };
                letters.push((place, c));
                rest = &rest[1..];
            } else if dots && !term.ellipsis {
                term.ellipsis = true;
                rest = &rest[3..];
            } else {
                let fault = "letters, one `...` an operand, `,` between operands and one `->` make \
                             an equation";
                return Err(self.fault(place, fault));
            }
        }
        Ok(term)
    }

    fn check_types(&self, tensors: &[Tensor<'_>]) -> Result<(), Rule> {
        let first = tensors[0].dtype();
        first.check_number()?;
        match tensors.iter().find(|tensor| tensor.dtype() != first) {
            Some(other) => Err(Rule::DTypes { lhs: first, rhs: other.dtype() }),
            None => Ok(()),
        }
    }

    fn check_sizes(&self, operands: &[Labelled<'_>]) -> Result<(), Rule> {
        // Where a letter was seen first with a size other than 1.
        let mut known: HashMap<char, (usize, usize)> = HashMap::new();
        for (position, operand) in operands.iter().enumerate() {
            let mut mine: HashMap<char, (usize, usize)> = HashMap::new();
            for (&label, &size) in operand.labels.iter().zip(operand.tensor.shape().iter()) {
                let other = (position, size);
                // A diagonal has axes of one size; between operands those of size 1 repeat.
                let within = *mine.entry(label).or_insert(other);
                let between = if size == 1 { other } else { *known.entry(label).or_insert(other) };
                for first in [within, between] {
                    if first.1 != size {
                        let equation = self.0.to_owned();
                        return Err(Rule::EinsumSizes {
                            equation,
                            letter: name(label),
                            first,
                            other,
                        });
                    }
                }
            }
        }
        Ok(())
    }

    fn check_result(&self, result: &Term, terms: &[Term], hidden: usize) -> Result<(), Rule> {
        let mut seen = vec![];
        for (place, letter) in result.letters() {
            if !terms.iter().flat_map(Term::letters).any(|(_, other)| other == letter) {
                return Err(self.fault(place, "a letter of the result names an axis of an operand"));
            }
            if seen.contains(&letter) {
                return Err(self.fault(place, "the result names an axis once"));
            }
            seen.push(letter);
        }
        if hidden > 0 && !result.ellipsis {
            let place = self.0.find("...").expect("an operand has the ellipsis");
            return Err(self.fault(place, "the result has a `...` where an operand has one"));
        }
        Ok(())
    }

    fn fault(&self, place: usize, fault: &'static str) -> Rule {
        let (before, rest) = self.0.split_at(place);
        let width = rest.chars().next().map_or(0, char::len_utf8);
        let (here, after) = rest.split_at(width);
        Rule::Einsum { marked: format!("{before}[{here}]{after}"), fault }
    }
}

/// The axes of the ellipses, then the letters that occur once, in the order of the alphabet.
fn implicit_result(terms: &[Term], hidden: usize) -> Vec<char> {
    let letters: Vec<_> = terms.iter().flat_map(Term::letters).map(|(_, letter)| letter).collect();
    let once = |letter: &&char| letters.iter().filter(|other| other == letter).count() == 1;
    let mut once: Vec<_> = letters.iter().filter(once).copied().collect();
    once.sort_unstable();
    batch_labels(hidden).chain(once).collect()
}

/// A label as the equation has it.
fn name(label: char) -> String {
    if label.is_ascii_digit() { "...".to_owned() } else { label.into() }
}
