//! Operations in bytecode, with their regions.

use super::attributes::flatten;
use super::encoding::Encoder;
use super::tables::{Dialect, Tables};
use super::{BytecodeError, Container, shardy, types};
use crate::attribute::{Attribute, Attributes};
use crate::graph::{Block, BlockId, Node, ValueId};
use crate::module::{Function, Module, Port};
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
    pub(super) module: &'m Module,
    pub(super) version: Version,
    container: Container,
    locations: bool,
    pub(super) tables: Tables,
    /// The number of every value in sight: values are counted from the function's arguments on.
    numbers: Vec<usize>,
    /// The number of the next value.
    pub(super) next: usize,
}

/// An operation but for its regions.
#[derive(Default)]
pub(super) struct Head {
    pub(super) name: usize,
    pub(super) location: usize,
    /// In the order of their names.
    pub(super) attributes: Vec<(&'static str, usize)>,
    /// The types of the results.
    pub(super) results: Vec<usize>,
    /// The numbers of the operands.
    pub(super) operands: Vec<usize>,
    pub(super) has_regions: bool,
}

impl<'m> Writer<'m> {
    pub(super) fn new(
        module: &'m Module,
        version: Version,
        container: Container,
        locations: bool,
    ) -> Self {
        let (tables, numbers) = (Tables::default(), vec![0; module.graph.types.len()]);
        Self { module, version, container, locations, tables, numbers, next: 0 }
    }

    /// The module as the only operation of a block.
    pub(super) fn module(&mut self) -> Result<Vec<u8>, BytecodeError> {
        let mut to = Encoder::default();
        to.flagged(1, false);
        to.index(self.tables.name(Dialect::Builtin, "module"));
        to.byte(has::ATTRIBUTES | has::REGIONS);
        to.index(self.tables.unknown_location());
        let name = self.tables.builtin_string(&self.module.name);
        let attributes = self.module.attributes();
        let encode = |(name, count)| (name, self.tables.builtin_count(count));
        let mut attributes: Vec<_> = attributes.into_iter().map(encode).collect();
        // Its own, but readers take it from among the others in every version.
        attributes.push(("sym_name", name));
        to.index(self.tables.builtin_dictionary(&attributes));
        to.flagged(1, true);
        let mesh = self.module.devices.mesh();
        let mut content = Encoder::default();
        let (no_values, no_parameters) = (0, []);
        let operations = self.module.functions.len() + usize::from(mesh.is_some());
        self.start(&mut content, no_values, operations, &no_parameters, std::iter::empty());
        if let Some(mesh) = mesh {
            self.mesh(&mut content, mesh)?;
        }
        for function in &self.module.functions {
            self.function(&mut content, function)?;
        }
        self.isolated(&mut to, content);
        Ok(to.finish())
    }

    fn function(&mut self, to: &mut Encoder, function: &Function) -> Result<(), BytecodeError> {
        let Function { name, public, arguments, results, body } = function;
        let block = self.module.block(*body);
        let name = self.tables.text(name);
        let visibility = self.tables.text(if *public { "public" } else { "private" });
        let (inputs, outputs) = (self.types(&block.parameters), self.types(&block.results));
        let ty = types::function(&mut self.tables, &inputs, &outputs);
        let head = Head {
            name: self.tables.name(Dialect::Vhlo, "func_v1"),
            location: self.tables.unknown_location(),
            attributes: vec![
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
        let mut region = Encoder::default();
        let names = arguments.iter().map(|port| port.name.as_deref());
        self.region(&mut region, *body, names)?;
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
    pub(super) fn isolated(&self, to: &mut Encoder, region: Encoder) {
        let region = region.finish();
        if self.container >= Container::SKIPPABLE_REGIONS {
            to.section(SECTION, &region);
        } else {
            to.bytes(&region);
        }
    }

    /// A region, whose parameters have the names, as far as there are any.
    fn region<'a>(
        &mut self,
        to: &mut Encoder,
        block: BlockId,
        names: impl Iterator<Item = Option<&'a str>>,
    ) -> Result<(), BytecodeError> {
        let block = self.module.block(block);
        let outer = self.next;
        self.number(&block.parameters);
        self.number_results(block);
        let types = self.types(&block.parameters);
        self.start(to, self.next - outer, self.statements(block) + 1, &types, names);
        self.operations(to, block)?;
        let head = Head {
            name: self.tables.name(Dialect::Vhlo, "return_v1"),
            location: self.tables.unknown_location(),
            operands: self.numbers(&block.results),
            ..Head::default()
        };
        self.head(to, head);
        self.next = outer;
        Ok(())
    }

    pub(super) fn number(&mut self, values: &[ValueId]) {
        for value in values {
            self.numbers[value.index()] = self.next;
            self.next += 1;
        }
    }

    pub(super) fn number_results(&mut self, block: &Block) {
        for operation in self.module.operations(block) {
            if shardy::has(operation) {
                self.next += operation.operands.len() + operation.results.len();
            }
            self.number(&operation.results);
        }
    }

    /// Begins a region of one block: how many values and operations it has, and its parameters.
    pub(super) fn start<'a>(
        &mut self,
        to: &mut Encoder,
        values: usize,
        operations: usize,
        parameters: &[usize],
        names: impl Iterator<Item = Option<&'a str>>,
    ) {
        let blocks = 1;
        to.index(blocks);
        to.index(values);
        to.flagged(operations, !parameters.is_empty());
        if !parameters.is_empty() {
            self.parameters(to, parameters, names);
        }
    }

    /// The parameters of a block, which have the names, as far as there are any.
    fn parameters<'a>(
        &mut self,
        to: &mut Encoder,
        types: &[usize],
        names: impl Iterator<Item = Option<&'a str>>,
    ) {
        to.index(types.len());
        for (&ty, name) in types.iter().zip(names.chain(std::iter::repeat(None))) {
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

    pub(super) fn operations(
        &mut self,
        to: &mut Encoder,
        block: &Block,
    ) -> Result<(), BytecodeError> {
        self.module.operations(block).try_for_each(|operation| {
            if shardy::has(operation) {
                self.shardy(to, operation)
            } else {
                self.operation(to, operation)
            }
        })
    }

    fn operation(&mut self, to: &mut Encoder, operation: &Node) -> Result<(), BytecodeError> {
        let Node { op, operands, results, .. } = operation;
        let regions = operation.regions();
        let Form::Operation { attributes, spellings } = op.form() else {
            unreachable!("{} is no operation of StableHLO", op.name());
        };
        let flat = attributes.into_iter().flat_map(|(name, value)| flatten(name, value)).collect();
        let (spelling, attributes) = self.spell(operation, spellings, flat)?;
        let head = Head {
            name: self.tables.name(Dialect::Vhlo, spelling),
            location: self.location(operation),
            attributes: self.named(&attributes),
            results: self.types(results),
            operands: self.numbers(operands),
            has_regions: !regions.is_empty(),
        };
        self.head(to, head);
        if !regions.is_empty() {
            to.flagged(regions.len(), false);
        }
        regions.iter().try_for_each(|&region| self.region(to, region, std::iter::empty()))
    }

    pub(super) fn location(&mut self, operation: &Node) -> usize {
        if self.locations {
            self.tables.file_location(operation.location)
        } else {
            self.tables.unknown_location()
        }
    }

    /// The newest spelling that the version has, and the attributes that belong to it.
    fn spell(
        &self,
        operation: &Node,
        spellings: &[Spelling],
        mut attributes: Attributes,
    ) -> Result<(&'static str, Attributes), BytecodeError> {
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

    pub(super) fn head(&mut self, to: &mut Encoder, head: Head) {
        let Head { name, location, attributes, results, operands, has_regions } = head;
        let are_apart = self.container >= Container::PROPERTIES;
        let mut mask = 0;
        for (part, is_there) in [
            (has::ATTRIBUTES, !attributes.is_empty() && !are_apart),
            (has::RESULTS, !results.is_empty()),
            (has::OPERANDS, !operands.is_empty()),
            (has::REGIONS, has_regions),
            (has::PROPERTIES, !attributes.is_empty() && are_apart),
        ] {
            mask |= if is_there { part } else { 0 };
        }
        to.index(name);
        to.byte(mask);
        to.index(location);
        if !attributes.is_empty() && are_apart {
            to.index(self.tables.properties(|to| {
                attributes.iter().for_each(|&(_, value)| to.index(value));
            }));
        } else if !attributes.is_empty() {
            to.index(self.tables.builtin_dictionary(&attributes));
        }
        if !results.is_empty() {
            to.indices(&results);
        }
        if !operands.is_empty() {
            to.indices(&operands);
        }
    }

    pub(super) fn numbers(&self, values: &[ValueId]) -> Vec<usize> {
        values.iter().map(|value| self.numbers[value.index()]).collect()
    }

    pub(super) fn types(&mut self, values: &[ValueId]) -> Vec<usize> {
        let Self { module, tables, .. } = self;
        values.iter().map(|&value| types::tensor(tables, &module.ty(value))).collect()
    }

    /// How many operations a block becomes, but for its terminator.
    pub(super) fn statements(&self, block: &Block) -> usize {
        let count = |operation: &Node| match shardy::has(operation) {
            true => operation.operands.len() + 1 + operation.results.len(),
            false => 1,
        };
        self.module.operations(block).map(count).sum()
    }
}
