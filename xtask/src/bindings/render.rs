//! Writing the declarations as formatted Rust.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::c_type::{self, CType};
use super::layout::{Layout, Struct};

const PREAMBLE: &str = r#"
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::mem::offset_of;

#[cfg(not(all(target_pointer_width = "64", target_endian = "little")))]
compile_error!("the layout of the PJRT C API is known for 64-bit little-endian machines only");

macro_rules! sized {
    ($name:ident, $size:literal) => {
        impl $name {
            /// The value of `struct_size` that the interface gives this version of the struct.
            pub const STRUCT_SIZE: usize = $size;
        }

        impl Default for $name {
            /// All zero and null, apart from `struct_size`.
            fn default() -> Self {
                // SAFETY: every field is a number, a raw pointer, an optional function pointer, or
                // made of those; all zero bits are a value of each.
                let mut zeroed: Self = unsafe { std::mem::zeroed() };
                zeroed.struct_size = Self::STRUCT_SIZE;
                zeroed
            }
        }
    };
}

macro_rules! opaque {
    ($($name:ident)*) => {$(
        /// Known to the plugin alone; handled by pointer.
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name {
            _data: [u8; 0],
            _marker: std::marker::PhantomData<(*mut u8, std::marker::PhantomPinned)>,
        }
    )*};
}
"#;

/// The text of `bindings.rs`.
pub(crate) fn render(layout: &Layout) -> Result<String> {
    let mut out = String::from(
        "//! Declarations of the PJRT C API. Made by `cargo run -p xtask -- bindings` from\n\
         //! `layout/c_api.json`; not to be edited.\n",
    );
    out.push_str(PREAMBLE);
    writeln!(
        out,
        "\n/// The version of the interface declared here.\n\
         pub const PJRT_API_MAJOR: c_int = {};\n\
         /// The version of the interface declared here.\n\
         pub const PJRT_API_MINOR: c_int = {};\n",
        layout.version.major, layout.version.minor
    )?;
    enums(&mut out, layout)?;
    callbacks(&mut out, layout)?;
    functions(&mut out, layout)?;
    opaque(&mut out, layout)?;
    for (name, members) in layout.all(|header| &header.unions) {
        render_union(&mut out, layout, name, members)?;
    }
    let files = layout.headers.iter().flat_map(|(file, header)| {
        header.structs.keys().map(move |name| (name.as_str(), file.as_str()))
    });
    let files: BTreeMap<&str, &str> = files.collect();
    for (name, body) in layout.all(|header| &header.structs) {
        render_struct(&mut out, layout, files[name], name, body)?;
    }
    format(&out)
}

fn enums(out: &mut String, layout: &Layout) -> Result<()> {
    for (name, values) in layout.all(|header| &header.enums) {
        ensure!(values.values().all(|&value| value >= 0), "enum {name} has a negative value");
        writeln!(out, "pub type {name} = c_uint;")?;
        let mut values: Vec<_> = values.iter().collect();
        values.sort_by_key(|(_, value)| **value);
        for (constant, value) in values {
            writeln!(out, "pub const {constant}: {name} = {value};")?;
        }
        out.push('\n');
    }
    Ok(())
}

fn callbacks(out: &mut String, layout: &Layout) -> Result<()> {
    for (name, c_type) in layout.all(|header| &header.callbacks) {
        writeln!(out, "pub type {name} = {};", c_type.rust())?;
    }
    out.push('\n');
    Ok(())
}

fn functions(out: &mut String, layout: &Layout) -> Result<()> {
    let names: BTreeSet<&str> =
        used_names(layout).into_iter().filter(|name| layout.is_function(name)).collect();
    for name in names {
        let function = match layout.function(name) {
            Some(function) => function.clone(),
            None => CType::function_by_rule(name),
        };
        // Plugins are C++, whose exceptions nothing keeps from leaving these functions.
        let function = function.rust().replace("extern \"C\"", "extern \"C-unwind\"");
        writeln!(out, "pub type {name} = {function};")?;
    }
    out.push('\n');
    Ok(())
}

fn opaque(out: &mut String, layout: &Layout) -> Result<()> {
    let names: BTreeSet<&str> = used_names(layout)
        .into_iter()
        .filter(|&name| name != "void" && c_type::scalar_size(name).is_none())
        .filter(|name| !layout.declares(name) && !layout.is_function(name))
        .collect();
    writeln!(out, "opaque! {{ {} }}\n", names.into_iter().collect::<Vec<_>>().join("\n"))?;
    Ok(())
}

fn used_names(layout: &Layout) -> Vec<&str> {
    let structs = layout.all(|header| &header.structs).into_values();
    let fields = structs.flat_map(|body| &body.fields).map(|field| &field.c_type);
    let unions = layout.all(|header| &header.unions).into_values().flatten();
    let callbacks = layout.all(|header| &header.callbacks).into_values();
    let functions = layout.all(|header| &header.functions).into_values();
    let used = fields.chain(unions.map(|(_, c_type)| c_type)).chain(callbacks).chain(functions);
    used.flat_map(CType::names).collect()
}

fn render_union(
    out: &mut String,
    layout: &Layout,
    name: &str,
    members: &[(String, CType)],
) -> Result<()> {
    let size = layout.extent(&CType::named(name))?.size;
    writeln!(out, "/// A union without a name upstream.\n#[repr(C)]")?;
    writeln!(out, "#[derive(Clone, Copy)]\npub union {name} {{")?;
    for (member, c_type) in members {
        writeln!(out, "pub {member}: {},", field_type(layout, c_type))?;
    }
    writeln!(out, "}}\n\nconst _: () = assert!(size_of::<{name}>() == {size});")?;
    Ok(())
}

fn render_struct(
    out: &mut String,
    layout: &Layout,
    file: &str,
    name: &str,
    body: &Struct,
) -> Result<()> {
    writeln!(out, "\n/// Declared in `{file}`.")?;
    writeln!(out, "#[repr(C)]\n#[derive(Clone, Copy)]\npub struct {name} {{")?;
    for field in &body.fields {
        let c_type = field_type(layout, &field.c_type);
        writeln!(out, "pub {}: {c_type},", identifier(&field.name))?;
    }
    writeln!(out, "}}\n")?;
    let versioned = body.fields.first().is_some_and(|field| field.name == "struct_size");
    if let (true, Some(size)) = (versioned, body.struct_size) {
        writeln!(out, "sized!({name}, {size});\n")?;
    }
    writeln!(out, "const _: () = {{ assert!(size_of::<{name}>() == {});", body.sizeof)?;
    for field in &body.fields {
        let place = identifier(&field.name);
        writeln!(out, "assert!(offset_of!({name}, {place}) == {});", field.offset)?;
    }
    if let (true, Some(size), Some(last)) = (versioned, body.struct_size, body.fields.last()) {
        let c_type = field_type(layout, &last.c_type);
        let place = identifier(&last.name);
        writeln!(out, "assert!(offset_of!({name}, {place}) + size_of::<{c_type}>() == {size});")?;
    }
    writeln!(out, "}};")?;
    Ok(())
}

/// A field's type in Rust; a pointer to a function type is the function pointer itself.
fn field_type(layout: &Layout, c_type: &CType) -> String {
    match c_type {
        CType::Pointer { target, .. } => match target.as_ref() {
            CType::Named(name) if layout.is_function(name) => name.clone(),
            _ => c_type.rust(),
        },
        _ => c_type.rust(),
    }
}

fn identifier(name: &str) -> String {
    if matches!(name, "type" | "priv") { format!("r#{name}") } else { name.to_owned() }
}

fn format(text: &str) -> Result<String> {
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/../rustfmt.toml");
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path", config])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("running rustfmt; `rustup component add rustfmt` installs it")?;
    let mut stdin = rustfmt.stdin.take().context("rustfmt has no standard input")?;
    let text = text.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = rustfmt.wait_with_output()?;
    writer.join().expect("writing to a pipe doesn't panic")?;
    ensure!(output.status.success(), "rustfmt failed on the generated declarations");
    Ok(String::from_utf8(output.stdout)?)
}
