//! What bindgen made of a header, and the layout data that it amounts to.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use syn::{Expr, Fields, GenericArgument, Item, Lit, PathArguments, ReturnType, Stmt, Type};

use super::c_type::{self, CType};
use super::layout::{Field, Header, Layout, Struct, Version};

/// The declarations of one header, in Rust.
pub(crate) struct Declarations<'a> {
    /// What was known before: it names the unions, which have no names upstream.
    known: &'a Layout,
    structs: BTreeMap<String, &'a Fields>,
    unions: BTreeMap<String, &'a syn::FieldsNamed>,
    aliases: BTreeMap<String, &'a Type>,
    /// Numbers by their type and name, among them the values of the enums.
    constants: BTreeMap<String, BTreeMap<String, i64>>,
    /// Sizes and offsets as bindgen asserts them: `["Size of S"][size_of::<S>() - 24usize]`.
    measures: BTreeMap<String, i64>,
}

impl<'a> Declarations<'a> {
    pub(crate) fn of(bindings: &'a syn::File, known: &'a Layout) -> Result<Self> {
        let mut found = Self {
            known,
            structs: BTreeMap::new(),
            unions: BTreeMap::new(),
            aliases: BTreeMap::new(),
            constants: BTreeMap::new(),
            measures: BTreeMap::new(),
        };
        for item in &bindings.items {
            match item {
                // A struct that the header only announces has one field, `_unused`.
                Item::Struct(body) if !field_names(&body.fields).any(|name| name == "_unused") => {
                    found.structs.insert(body.ident.to_string(), &body.fields);
                }
                Item::Union(body) => {
                    found.unions.insert(body.ident.to_string(), &body.fields);
                }
                Item::Type(alias) => {
                    found.aliases.insert(alias.ident.to_string(), &alias.ty);
                }
                Item::Const(constant) => match (constant.expr.as_ref(), name_of(&constant.ty)) {
                    (Expr::Block(body), _) => found.measure(&body.block.stmts),
                    (value, Some(kind)) => {
                        let values = found.constants.entry(kind).or_default();
                        let name = constant.ident.to_string();
                        values.extend(integer(value).map(|value| (name, value)));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        ensure!(!found.measures.is_empty(), "it declares no struct of the interface");
        Ok(found)
    }

    fn measure(&mut self, assertions: &[Stmt]) {
        for assertion in assertions {
            if let Stmt::Expr(Expr::Index(assertion), _) = assertion
                && let (Expr::Array(label), Expr::Binary(difference)) =
                    (assertion.expr.as_ref(), assertion.index.as_ref())
                && let Some(Expr::Lit(label)) = label.elems.first()
                && let (Lit::Str(label), Some(value)) = (&label.lit, integer(&difference.right))
            {
                self.measures.insert(label.value(), value);
            }
        }
    }

    /// The interface's version, if this is the header that states it.
    pub(crate) fn version(&self) -> Result<Option<Version>> {
        match (self.constant("PJRT_API_MAJOR"), self.constant("PJRT_API_MINOR")) {
            (Some(major), Some(minor)) => {
                Ok(Some(Version { major: major.try_into()?, minor: minor.try_into()? }))
            }
            _ => Ok(None),
        }
    }

    /// The layout data; the sizes of fields, and the offsets of unions without a name, are left
    /// at 0.
    pub(crate) fn header(&self) -> Result<Header> {
        let mut header = Header::default();
        let union_fields = self.union_fields();
        let named = |union: &String| union_fields.iter().find(|found| found.union == *union);
        for (name, fields) in &self.structs {
            let structure = || format!("struct {name}");
            let fields = self.fields(name, fields, &union_fields).with_context(structure)?;
            let stated = self.constant(&format!("{name}_STRUCT_SIZE"));
            let body = Struct {
                sizeof: self.measured(&format!("Size of {name}"))?,
                struct_size: stated.map(usize::try_from).transpose().with_context(structure)?,
                fields,
            };
            header.structs.insert(name.clone(), body);
        }
        for (name, members) in &self.unions {
            let members = members.named.iter().map(|member| {
                let name = identifier(member).context("a member has no name")?;
                Ok((name, self.c_type(&member.ty)?))
            });
            let members =
                members.collect::<Result<_>>().with_context(|| format!("union {name}"))?;
            let name = named(name).map_or(name, |found| &found.c_type);
            header.unions.insert(name.clone(), members);
        }
        for (name, target) in &self.aliases {
            if !is_function_pointer(target) {
                if let Some(values) = self.enumeration(name) {
                    header.enums.insert(name.clone(), values.clone());
                }
                continue;
            }
            let c_type = self.c_type(target).with_context(|| format!("type {name}"))?;
            if !self.is_function(name) {
                header.callbacks.insert(name.clone(), c_type);
            } else if c_type != CType::function_by_rule(name) {
                header.functions.insert(name.clone(), c_type);
            }
        }
        Ok(header)
    }

    fn constant(&self, name: &str) -> Option<i64> {
        self.constants.values().find_map(|values| values.get(name)).copied()
    }

    fn measured(&self, label: &str) -> Result<usize> {
        let value = self.measures.get(label);
        Ok(usize::try_from(*value.with_context(|| format!("bindgen didn't assert `{label}`"))?)?)
    }

    /// The values of an enum with a name.
    fn enumeration(&self, name: &str) -> Option<&BTreeMap<String, i64>> {
        self.constants.get(name).filter(|_| !name.starts_with("_bindgen_ty_"))
    }

    fn fields(&self, owner: &str, fields: &Fields, unions: &[UnionField]) -> Result<Vec<Field>> {
        let fields = fields.iter().map(|field| {
            let rust = field.ident.as_ref().context("a field has no name")?;
            let union = name_of(&field.ty).and_then(|name| unions.iter().find(|u| u.union == name));
            let offset = match self.measured(&format!("Offset of field: {owner}::{rust}")) {
                Err(_) if union.is_some() => 0,
                offset => offset?,
            };
            let (name, c_type) = match union {
                Some(union) => (union.field.clone(), CType::named(&union.c_type)),
                None => {
                    let name = identifier(field).context("a field has no name")?;
                    let c_type = self.c_type(&field.ty).with_context(|| format!("field {name}"))?;
                    (name, c_type)
                }
            };
            Ok(Field { name, c_type, offset, size: 0 })
        });
        fields.collect()
    }

    /// The fields that are unions: a struct's first is called as the first known one, and so on.
    fn union_fields(&self) -> Vec<UnionField> {
        let known_unions = self.known.all(|header| &header.unions);
        let mut found = Vec::new();
        for (owner, fields) in &self.structs {
            let known = self.known.structure(owner).map_or(&[][..], |body| &body.fields);
            let mut known = known.iter().filter_map(|field| match &field.c_type {
                CType::Named(name) if known_unions.contains_key(&**name) => Some((field, name)),
                _ => None,
            });
            let mut place = 0;
            for field in *fields {
                let Some(union) = name_of(&field.ty).filter(|name| self.unions.contains_key(name))
                else {
                    continue;
                };
                place += 1;
                let (field, c_type) = match (known.next(), identifier(field)) {
                    (Some((field, c_type)), _) => (field.name.clone(), c_type.clone()),
                    (None, Some(field)) if !field.starts_with("__bindgen_") => {
                        let c_type = format!("{owner}_{field}");
                        (field, c_type)
                    }
                    _ if place == 1 => ("value".to_owned(), format!("{owner}_Value")),
                    _ => (format!("value{place}"), format!("{owner}_Value{place}")),
                };
                found.push(UnionField { union, field, c_type });
            }
        }
        found
    }

    /// Whether a type that bindgen makes a pointer to a function is the function itself in C.
    /// bindgen's output is the same for both: what isn't known is told apart by its parameters.
    fn is_function(&self, name: &str) -> bool {
        if self.known.is_callback(name) || self.known.is_function(name) {
            return !self.known.is_callback(name);
        }
        let c_type = self.aliases.get(name).filter(|target| is_function_pointer(target));
        match c_type.map(|target| self.c_type(target)) {
            Some(Ok(CType::Function { parameters, .. })) => match parameters.as_slice() {
                [CType::Pointer { target, .. }] => {
                    matches!(target.as_ref(), CType::Named(args) if args.ends_with("_Args"))
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn c_type(&self, rust: &Type) -> Result<CType> {
        match rust {
            Type::Ptr(pointer) => Ok(CType::Pointer {
                constant: pointer.const_token.is_some(),
                target: Box::new(self.c_type(&pointer.elem)?),
            }),
            Type::Array(array) => {
                let len = integer(&array.len).context("an array's length isn't a number")?;
                let element = Box::new(self.c_type(&array.elem)?);
                Ok(CType::Array { element, len: usize::try_from(len)? })
            }
            Type::BareFn(function) => {
                let parameters = function.inputs.iter().map(|input| self.c_type(&input.ty));
                let returns = match &function.output {
                    ReturnType::Default => CType::named("void"),
                    ReturnType::Type(_, returns) => self.c_type(returns)?,
                };
                let parameters = parameters.collect::<Result<_>>()?;
                Ok(CType::Function { parameters, returns: Box::new(returns) })
            }
            Type::Path(_) => match inner(rust) {
                Some(inner) => self.c_type(inner),
                None => self.c_type_of_name(&name_of(rust).context("a type has no name")?),
            },
            _ => bail!("bindgen uses a type of Rust that isn't known here"),
        }
    }

    fn c_type_of_name(&self, name: &str) -> Result<CType> {
        if c_type::scalar_size(name).is_some() || self.enumeration(name).is_some() {
            return Ok(CType::named(name));
        }
        match (name, c_type::scalar_from_rust(name), self.aliases.get(name)) {
            ("c_void", ..) => Ok(CType::named("void")),
            ("c_uint", ..) => Ok(CType::named("uint32_t")),
            (_, Some(scalar), _) => Ok(CType::named(scalar)),
            _ if self.is_function(name) => Ok(CType::pointer_to(CType::named(name))),
            (_, _, Some(target)) if !is_function_pointer(target) => self.c_type(target),
            _ if name.starts_with("c_") => {
                bail!("{name} has no counterpart in xtask/src/bindings/c_type.rs")
            }
            _ => Ok(CType::named(name)),
        }
    }
}

/// A field whose type is a union.
struct UnionField {
    /// The union's name in bindgen's output.
    union: String,
    field: String,
    c_type: String,
}

fn field_names(fields: &Fields) -> impl Iterator<Item = &syn::Ident> {
    fields.iter().filter_map(|field| field.ident.as_ref())
}

/// A field's name in C: bindgen appends an underscore to words of Rust.
fn identifier(field: &syn::Field) -> Option<String> {
    let name = field.ident.as_ref()?.to_string();
    let word = name.strip_suffix('_').filter(|word| syn::parse_str::<syn::Ident>(word).is_err());
    Some(word.unwrap_or(&name).to_owned())
}

fn name_of(rust: &Type) -> Option<String> {
    let Type::Path(path) = rust else { return None };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

/// What an `Option` or `ManuallyDrop` holds.
fn inner(rust: &Type) -> Option<&Type> {
    let Type::Path(path) = rust else { return None };
    match &path.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

fn is_function_pointer(rust: &Type) -> bool {
    matches!(inner(rust), Some(Type::BareFn(_)))
}

fn integer(value: &Expr) -> Option<i64> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        Expr::Unary(negated) => integer(&negated.expr).map(|value| -value),
        _ => None,
    }
}
