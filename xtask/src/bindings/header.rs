//! Upstream headers: what they declare takes the place of what the layout data says of them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use super::declarations::Declarations;
use super::layout::Layout;
use super::layout_text;

/// The layout data with each header's part made from that header. Other headers' parts stay.
pub(crate) fn regenerated(known: &Layout, paths: &[PathBuf]) -> Result<Layout> {
    let mut layout = known.clone();
    let mut files = Vec::new();
    for path in paths {
        let place = || format!("header {}", path.display());
        let path = path.canonicalize().with_context(place)?;
        let file = path.file_name().and_then(|name| name.to_str()).with_context(place)?;
        let bindings = bindings(&path, file).with_context(place)?;
        let declarations = Declarations::of(&bindings, &layout).with_context(place)?;
        let header = declarations.header().with_context(place)?;
        layout.version = declarations.version()?.unwrap_or(layout.version);
        layout.headers.insert(file.to_owned(), header);
        files.push(file.to_owned());
    }
    for file in files {
        state_extents(&mut layout, &file).with_context(|| format!("header {file}"))?;
    }
    Layout::parse(&layout_text::text(&layout)).context("in what the headers declare")
}

/// What the header itself declares, in Rust; nothing of the headers that it includes.
fn bindings(path: &Path, file: &str) -> Result<syn::File> {
    load_clang()?;
    // Headers name each other from the root of the source tree: `xla/pjrt/c/pjrt_c_api.h`.
    let root = path.ancestors().nth(4).unwrap_or(path);
    let bindings = bindgen::Builder::default()
        .header(path.to_str().context("the path is not UTF-8")?)
        // As the plugins do: some of the headers are no valid C.
        .clang_args(["-xc++", &format!("-I{}", root.display())])
        .allowlist_file(format!(".*/{}", file.replace('.', r"\.")))
        .allowlist_recursively(false)
        .prepend_enum_name(false)
        .size_t_is_usize(false)
        .default_non_copy_union_style(bindgen::NonCopyUnionStyle::ManuallyDrop)
        .generate_comments(false)
        .formatter(bindgen::Formatter::None)
        .generate()
        .context(
            "bindgen can't read it; if a header of C isn't found, set \
             BINDGEN_EXTRA_CLANG_ARGS=\"-I$(gcc -print-file-name=include)\"",
        )?;
    Ok(syn::parse_file(&bindings.to_string())?)
}

/// Loads libclang for this thread; bindgen by itself would panic where there is none.
fn load_clang() -> Result<()> {
    if clang_sys::is_loaded() {
        return Ok(());
    }
    clang_sys::load().map_err(|error| {
        anyhow!("{error}; `pip install libclang` has one: set LIBCLANG_PATH to its clang/native")
    })
}

/// Fills in what follows from the types of fields once all headers are read: their sizes, and the
/// places of unions without a name, which bindgen doesn't state.
fn state_extents(layout: &mut Layout, file: &str) -> Result<()> {
    let mut structs = layout.headers[file].structs.clone();
    for (name, body) in &mut structs {
        let mut end = 0_usize;
        for field in &mut body.fields {
            let extent = layout.extent(&field.c_type);
            let extent = extent.with_context(|| format!("{name}.{}", field.name))?;
            if field.offset == 0 {
                field.offset = end.next_multiple_of(extent.align);
            }
            field.size = extent.size;
            end = field.offset + field.size;
        }
    }
    layout.headers.entry(file.to_owned()).or_default().structs = structs;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const HEADER: &str = r#"
        typedef __SIZE_TYPE__ size_t;
        typedef __INT32_TYPE__ int32_t;
        typedef __INT64_TYPE__ int64_t;
        #define PJRT_API_MAJOR 3
        #define PJRT_API_MINOR 7
        extern "C" {
        typedef enum { PJRT_Colour_Red, PJRT_Colour_Blue = 4 } PJRT_Colour;
        typedef struct PJRT_Error PJRT_Error;
        typedef struct PJRT_Paint_Args {
            size_t struct_size;
            const char* const* names;
            union { int64_t number; float fraction; };
            PJRT_Colour type;
        } PJRT_Paint_Args;
        enum { PJRT_Paint_Args_STRUCT_SIZE = 28 };
        typedef PJRT_Error* PJRT_Paint(PJRT_Paint_Args* args);
        typedef void PJRT_Wash(PJRT_Paint_Args* args);
        typedef void (*PJRT_Dry)(PJRT_Error* error, void* user_arg);
        typedef struct PJRT_Brush {
            PJRT_Paint* paint;
            PJRT_Wash* wash;
            PJRT_Dry dry;
            int32_t sizes[3];
            bool clean;
        } PJRT_Brush;
        }
    "#;

    const DATA: &str = r#"{
 "version": {"major": 3, "minor": 7},
 "headers": {
  "paint.h": {
   "enums": {
    "PJRT_Colour": {
     "PJRT_Colour_Red": 0,
     "PJRT_Colour_Blue": 4
    }
   },
   "callbacks": {
    "PJRT_Dry": "void (*)(PJRT_Error *, void *)"
   },
   "functions": {
    "PJRT_Wash": "void (*)(PJRT_Paint_Args *)"
   },
   "unions": {
    "PJRT_Paint_Args_Value": [
     ["number", "int64_t"],
     ["fraction", "float"]
    ]
   },
   "structs": {
    "PJRT_Brush": {"sizeof": 40, "struct_size": null, "fields": [
     ["paint", "PJRT_Paint *", 0, 8],
     ["wash", "PJRT_Wash *", 8, 8],
     ["dry", "PJRT_Dry", 16, 8],
     ["sizes", "int32_t[3]", 24, 12],
     ["clean", "bool", 36, 1]
    ]},
    "PJRT_Paint_Args": {"sizeof": 32, "struct_size": 28, "fields": [
     ["struct_size", "size_t", 0, 8],
     ["names", "const char *const *", 8, 8],
     ["value", "PJRT_Paint_Args_Value", 16, 8],
     ["type", "PJRT_Colour", 24, 4]
    ]}
   }
  }
 }
}
"#;

    /// What `paint.h` with that text makes of the data, as text; nothing where there's no libclang.
    fn regenerated_text(data: &str, header: &str) -> Option<Result<String>> {
        if let Err(error) = load_clang() {
            eprintln!("skipped: {error}");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("paint.h");
        fs::write(&path, header).unwrap();
        let layout = regenerated(&Layout::parse(data).unwrap(), &[path]);
        Some(layout.map(|layout| layout_text::text(&layout)))
    }

    #[test]
    fn a_header_becomes_the_data_that_it_declares() {
        let nothing = r#"{"version": {"major": 0, "minor": 1}, "headers": {}}"#;
        let Some(text) = regenerated_text(nothing, HEADER) else { return };
        assert_eq!(text.unwrap(), DATA);
    }

    #[test]
    fn a_union_keeps_the_name_it_has_in_the_data_and_other_headers_stay() {
        let known = DATA
            .replace("PJRT_Paint_Args_Value", "PJRT_Tint")
            .replace("[\"value\"", "[\"tint\"")
            .replace(
                "\n  }\n }\n}",
                "\n  },\n  \"rest.h\": {\n   \"enums\": {\n    \"R\": {}\n   }\n  }\n }\n}",
            );
        let Some(text) = regenerated_text(&known, HEADER) else { return };
        assert_eq!(text.unwrap(), known);
    }

    #[test]
    fn what_cannot_be_said_in_the_data_is_refused_with_its_place() {
        let header = HEADER.replace("bool clean", "unsigned clean : 3");
        let Some(text) = regenerated_text(DATA, &header) else { return };
        let error = format!("{:#}", text.unwrap_err());
        assert!(error.contains("struct PJRT_Brush"), "{error}");
    }

    #[test]
    fn a_size_that_the_interface_states_wrongly_is_refused() {
        let header = HEADER.replace("_STRUCT_SIZE = 28", "_STRUCT_SIZE = 24");
        let Some(text) = regenerated_text(DATA, &header) else { return };
        let error = format!("{:#}", text.unwrap_err());
        assert!(error.contains("states size 24, but its last field ends at 28"), "{error}");
    }
}
