//! Operations in bytecode, with their regions.

use super::attributes::flatten;
use super::encoding::Encoder;
use super::tables::{Dialect, Tables};
use super::{BytecodeError, Container, types};
use crate::attribute::Attribute;
use crate::graph::ValueId;
use crate::module::{Block, Function, Module, Operation, Port};
use crate::ops::{Form, Spelling};
use crate::version::Version;

/// The section of operations, and of regions that see no values around them.
pub(super) const SECTION: u8 = 4;

/// What an operation has.
mod has {
    pub(super) const ATTRIBUTES: u8 = 1;
    pub(super) const RESULTS: u8 = 1 << 1;
    pub(super) const OPERANDS: u8 = 1 << 2;
    pub(super) const REGIONS: u8 = 1 << 4;
    pub(super) const PROPERTIES: u8 = 1 << 6;
}

/// Writes the operations of a module and fills the tables that they refer to.
pub(super) struct Writer<'m> {
    module: &'m Module,
    version: Version,
    container: Container,
    locations: bool,
    pub(super) tables: Tables,
    /// The number of every value in sight: values are counted from the function's arguments on.
    numbers: Vec<usize>,
    /// The number of the next value.
    next: usize,
}

/// An operation but for its regions.
#[derive(Default)]
struct Head<'a> {
    name: usize,
    location: usize,
    /// The attributes that belong to the operation, by name.
    own: Vec<(&'static str, usize)>,
    /// Those that others gave it, by name.
    given: Vec<(&'static str, usize)>,
    operands: &'a [ValueId],
    results: &'a [ValueId],
    has_regions: bool,
}

impl<'m> Writer<'m> {
    pub(super) fn new(
        module: &'m Module,
        version: Version,
        container: Container,
        locations: bool,
    ) -> Self {
        let (tables, numbers) = (Tables::default(), vec![0; module.types.len()]);
        Self { module, version, container, locations, tables, numbers, next: 0 }
    }

    /// The module as the only operation of a block.
    pub(super) fn module(&mut self) -> Result<Vec<u8>, BytecodeError> {
        let mut to = Encoder::default();
        to.flagged(1, false);
        to.index(self.tables.name(Dialect::Builtin, "module"));
        let name = self.tables.builtin_string(&self.module.name);
        let location = self.tables.unknown_location();
        if self.container >= Container::PROPERTIES {
            to.byte(has::PROPERTIES | has::REGIONS);
            to.index(location);
            to.index(self.tables.properties(|to| {
                to.flagged(name, true);
                let no_visibility = 0;
                to.index(no_visibility);
            }));
        } else {
            to.byte(has::ATTRIBUTES | has::REGIONS);
            to.index(location);
            to.index(self.tables.builtin_dictionary(&[("sym_name", name)]));
        }
        to.flagged(1, true);
        let mut functions = Encoder::default();
        functions.index(1);
        let no_values = 0;
        functions.index(no_values);
        functions.flagged(self.module.functions.len(), false);
        for function in &self.module.functions {
            self.function(&mut functions, function)?;
        }
        self.isolated(&mut to, functions);
        Ok(to.finish())
    }

    fn function(&mut self, to: &mut Encoder, function: &Function) -> Result<(), BytecodeError> {
        let Function { name, public, arguments, results, body } = function;
        let name = self.tables.text(name);
        let visibility = self.tables.text(if *public { "public" } else { "private" });
        let (inputs, outputs) = (self.types(&body.parameters), self.types(&body.results));
        let ty = types::function(&mut self.tables, &inputs, &outputs);
        let head = Head {
            name: self.tables.name(Dialect::Vhlo, "func_v1"),
            location: self.tables.unknown_location(),
            own: vec![
                ("arg_attrs", self.ports(arguments)),
                ("function_type", self.tables.type_attribute(ty)),
                ("res_attrs", self.ports(results)),
                ("sym_name", name),
                ("sym_visibility", visibility),
            ],
            has_regions: true,
            ..Head::default()
        };
        self.head(to, head);
        to.flagged(1, true);
        self.next = 0;
        let names = arguments.iter().map(|port| port.name.as_deref());
        let mut region = Encoder::default();
        self.region(&mut region, body, names)?;
        self.isolated(to, region);
        Ok(())
    }

    /// The attributes of arguments or results: of all of them or, where none has any, of none.
    fn ports(&mut self, ports: &[Port]) -> usize {
        let used = if ports.iter().all(|port| port.attributes.is_empty()) { &[] } else { ports };
        let ports: Vec<_> = used.iter().map(|port| self.tables.entries(&port.attributes)).collect();
        self.tables.array(&ports)
    }

    /// A region of an operation that sees no values around it.
    fn isolated(&self, to: &mut Encoder, region: Encoder) {
        let region = region.finish();
        if self.container >= Container::SKIPPABLE_REGIONS {
            to.section(SECTION, &region);
        } else {
            to.bytes(&region);
        }
    }

    /// A region of one block, whose parameters have the names, as far as there are any.
    fn region<'a>(
        &mut self,
        to: &mut Encoder,
        block: &Block,
        names: impl Iterator<Item = Option<&'a str>>,
    ) -> Result<(), BytecodeError> {
        let outer = self.next;
        let results = block.operations.iter().flat_map(|operation| &operation.results);
        for value in block.parameters.iter().chain(results) {
            self.numbers[value.index()] = self.next;
            self.next += 1;
        }
        to.index(1);
        to.index(self.next - outer);
        to.flagged(block.operations.len() + 1, !block.parameters.is_empty());
        if !block.parameters.is_empty() {
            self.parameters(to, &block.parameters, names);
        }
        for operation in &block.operations {
            self.operation(to, operation)?;
        }
        let head = Head {
            name: self.tables.name(Dialect::Vhlo, "return_v1"),
            location: self.tables.unknown_location(),
            operands: &block.results,
            ..Head::default()
        };
        self.head(to, head);
        self.next = outer;
        Ok(())
    }

    fn parameters<'a>(
        &mut self,
        to: &mut Encoder,
        parameters: &[ValueId],
        names: impl Iterator<Item = Option<&'a str>>,
    ) {
        to.index(parameters.len());
        for (ty, name) in
            self.types(parameters).into_iter().zip(names.chain(std::iter::repeat(None)))
        {
            let location = match name {
                Some(name) => self.tables.name_location(name),
                None => self.tables.unknown_location(),
            };
            if self.container >= Container::NO_LOCATIONS {
                to.flagged(ty, name.is_some());
                name.inspect(|_| to.index(location));
            } else {
                to.index(ty);
                to.index(location);
            }
        }
        if self.container >= Container::USE_LISTS {
            let are_stated = 0;
            to.byte(are_stated);
        }
    }

    fn operation(&mut self, to: &mut Encoder, operation: &Operation) -> Result<(), BytecodeError> {
        let Operation { op, operands, results, regions, location } = operation;
        let Form::Operation { attributes, spellings } = op.form() else {
            unreachable!("{} is no operation of StableHLO", op.name());
        };
        let (given, own): (Vec<_>, Vec<_>) =
            attributes.into_iter().partition(|(name, _)| name.contains('.'));
        let own = own.into_iter().flat_map(|(name, value)| flatten(name, value)).collect();
        let (spelling, own) = self.spell(operation, spellings, own)?;
        let head = Head {
            name: self.tables.name(Dialect::Vhlo, spelling),
            location: if self.locations {
                self.tables.file_location(location)
            } else {
                self.tables.unknown_location()
            },
            own: self.named(&own),
            given: self.named(&given),
            operands,
            results,
            has_regions: !regions.is_empty(),
        };
        self.head(to, head);
        if !regions.is_empty() {
            to.flagged(regions.len(), false);
        }
        for region in regions {
            self.region(to, region, std::iter::empty())?;
        }
        Ok(())
    }

    /// The newest spelling that the version has, and the attributes that belong to it.
    fn spell(
        &self,
        operation: &Operation,
        spellings: &[Spelling],
        mut attributes: Vec<(&'static str, Attribute)>,
    ) -> Result<(&'static str, Vec<(&'static str, Attribute)>), BytecodeError> {
        let refuse = |attribute, needs| BytecodeError::Operation {
            operation: operation.op.name(),
            attribute,
            location: operation.location,
            needs,
            got: self.version,
        };
        let known = spellings.iter().rposition(|spelling| spelling.since <= self.version);
        let known = known.ok_or_else(|| refuse(None, spellings[0].since))?;
        let Spelling { name, without, defaults, .. } = &spellings[known];
        for (lacking, value) in attributes.extract_if(.., |(name, _)| without.contains(name)) {
            if value != Attribute::Ints(vec![]) {
                let newer = spellings[known..].iter().find(|it| !it.without.contains(&lacking));
                return Err(refuse(Some(lacking), newer.expect("one that has it").since));
            }
        }
        let given = |name| attributes.iter().any(|(known, _)| known == name);
        let missing: Vec<_> = defaults.iter().filter(|(name, _)| !given(name)).cloned().collect();
        attributes.extend(missing);
        Ok((name, attributes))
    }

    /// Attributes in the order of their names, as numbers.
    fn named(&mut self, attributes: &[(&'static str, Attribute)]) -> Vec<(&'static str, usize)> {
        let encode = |&(name, ref value): &(_, _)| (name, self.tables.vhlo(name, value));
        let mut named: Vec<_> = attributes.iter().map(encode).collect();
        named.sort_unstable_by_key(|&(name, _)| name);
        named
    }

    fn head(&mut self, to: &mut Encoder, head: Head<'_>) {
        let Head { name, location, mut own, mut given, operands, results, has_regions } = head;
        if self.container < Container::PROPERTIES {
            given.append(&mut own);
            given.sort_unstable_by_key(|&(name, _)| name);
        }
        let mut mask = 0;
        for (part, is_there) in [
            (has::ATTRIBUTES, !given.is_empty()),
            (has::RESULTS, !results.is_empty()),
            (has::OPERANDS, !operands.is_empty()),
            (has::REGIONS, has_regions),
            (has::PROPERTIES, !own.is_empty()),
        ] {
            mask |= if is_there { part } else { 0 };
        }
        to.index(name);
        to.byte(mask);
        to.index(location);
        if !given.is_empty() {
            to.index(self.tables.builtin_dictionary(&given));
        }
        if !own.is_empty() {
            let properties = |to: &mut Encoder| own.iter().for_each(|&(_, value)| to.index(value));
            to.index(self.tables.properties(properties));
        }
        if !results.is_empty() {
            to.indices(&self.types(results));
        }
        if !operands.is_empty() {
            let numbers = operands.iter().map(|operand| self.numbers[operand.index()]);
            to.indices(&numbers.collect::<Vec<_>>());
        }
    }

    fn types(&mut self, values: &[ValueId]) -> Vec<usize> {
        let Self { module, tables, .. } = self;
        values.iter().map(|&value| types::tensor(tables, &module.ty(value))).collect()
    }
}
