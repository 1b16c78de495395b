//! Operations of Shardy, which mark how tensors are split among devices. VHLO has none: they stand
//! in a portable program as they are, on MLIR's own types, with casts around them.

use super::BytecodeError;
use super::encoding::Encoder;
use super::operations::{Head, Writer};
use super::tables::Dialect;
use crate::Mesh;
use crate::graph::{BlockId, Node, ValueId};
use crate::ops::Form;
use crate::version::Version;

/// From this version on programs may hold operations of other dialects.
const SINCE: Version = Version::new(1, 11, 0);

/// Whether an operation is one of Shardy.
pub(super) fn has(operation: &Node) -> bool {
    operation.op.name().starts_with("sdy.")
}

impl Writer<'_> {
    /// Casts the operands to MLIR's types, and the results back.
    pub(super) fn shardy(
        &mut self,
        to: &mut Encoder,
        operation: &Node,
    ) -> Result<(), BytecodeError> {
        let Node { op, operands, results, .. } = operation;
        let regions = operation.regions();
        let Some(name) = op.name().strip_prefix("sdy.") else { unreachable!("one of Shardy") };
        let Form::Operation { attributes, .. } = op.form() else {
            unreachable!("{name} is written as it is");
        };
        // Numbered before its results: the operands as it takes them, the results as it gives them.
        let last = self.numbers(results)[0];
        let made = last - results.len();
        let taken = made - operands.len();
        for &operand in operands {
            let ty = self.plain_type(operand);
            let number = self.numbers(&[operand])[0];
            self.cast(to, number, ty);
        }
        let mut named: Vec<_> =
            attributes.iter().map(|(name, value)| (*name, self.tables.vhlo(name, value))).collect();
        named.sort_unstable_by_key(|&(name, _)| name);
        let head = Head {
            name: self.tables.name(Dialect::Sdy, name),
            location: self.location(operation),
            attributes: named,
            results: results.iter().map(|&result| self.plain_type(result)).collect(),
            operands: (taken..made).collect(),
            has_regions: !regions.is_empty(),
        };
        self.head(to, head);
        if !regions.is_empty() {
            to.flagged(regions.len(), true);
        }
        for &region in regions {
            let mut content = Encoder::default();
            self.local(&mut content, region)?;
            self.isolated(to, content);
        }
        for (number, ty) in (made..).zip(self.types(results)) {
            self.cast(to, number, ty);
        }
        Ok(())
    }

    /// The mesh that all marks are about.
    pub(super) fn mesh(&mut self, to: &mut Encoder, mesh: &Mesh) -> Result<(), BytecodeError> {
        if self.version < SINCE {
            return Err(BytecodeError::Mesh { needs: SINCE, got: self.version });
        }
        let axes = format!("#sdy.mesh{}", mesh.shardy());
        let head = Head {
            name: self.tables.name(Dialect::Sdy, "mesh"),
            location: self.tables.unknown_location(),
            attributes: vec![
                ("mesh", self.tables.attribute_text(Dialect::Sdy, &axes)),
                ("sym_name", self.tables.builtin_string("mesh")),
            ],
            ..Head::default()
        };
        self.head(to, head);
        Ok(())
    }

    /// A region of what one device does. It sees no values around it.
    fn local(&mut self, to: &mut Encoder, block: BlockId) -> Result<(), BytecodeError> {
        let block = self.module.block(block);
        let (parameters, results) = (&block.parameters, &block.results);
        let outer = std::mem::replace(&mut self.next, parameters.len());
        self.number(parameters);
        self.number_results(block);
        let returned = self.next..self.next + results.len();
        self.next = returned.end;
        let operations = parameters.len() + self.statements(block) + results.len() + 1;
        let types: Vec<_> = parameters.iter().map(|&value| self.plain_type(value)).collect();
        self.start(to, returned.end, operations, &types, std::iter::empty());
        for (number, ty) in self.types(parameters).into_iter().enumerate() {
            self.cast(to, number, ty);
        }
        self.operations(to, block)?;
        for &result in results {
            let ty = self.plain_type(result);
            let number = self.numbers(&[result])[0];
            self.cast(to, number, ty);
        }
        let head = Head {
            name: self.tables.name(Dialect::Sdy, "return"),
            location: self.tables.unknown_location(),
            operands: returned.collect(),
            ..Head::default()
        };
        self.head(to, head);
        self.next = outer;
        Ok(())
    }

    /// The type of a value outside of VHLO.
    fn plain_type(&mut self, value: ValueId) -> usize {
        let ty = self.module.ty(value);
        self.tables.type_text(Dialect::Builtin, &ty.mlir())
    }

    fn cast(&mut self, to: &mut Encoder, operand: usize, ty: usize) {
        let head = Head {
            name: self.tables.name(Dialect::Builtin, "unrealized_conversion_cast"),
            location: self.tables.unknown_location(),
            results: vec![ty],
            operands: vec![operand],
            ..Head::default()
        };
        self.head(to, head);
    }
}
