//! How a program's memory is told of.

use hetxl::ahead_of_time::Memory;
use hetxl::hlo_module::Buffer;

use super::table::{self, Align};

/// Prints how much a program takes on a device.
pub(crate) fn print(memory: &Memory) {
    let Memory { arguments, outputs, aliased, temporaries, code, total } = *memory;
    let rows = [
        ("arguments", Some(arguments)),
        ("outputs", Some(outputs)),
        ("outputs in memory of arguments", Some(aliased)),
        ("temporaries", Some(temporaries)),
        ("code", code),
        ("total without code", Some(total)),
    ];
    let rows = rows.map(|(name, bytes)| {
        let bytes = bytes.map_or("not told".to_owned(), table::bytes);
        vec![name.to_owned(), bytes]
    });
    table::print(&[("memory of a device", Align::Left), ("bytes", Align::Right)], &rows);
}

/// Prints what lies in it.
pub(crate) fn print_buffers(buffers: &[Buffer]) {
    let columns = [
        ("largest buffers", Align::Left),
        ("bytes", Align::Right),
        ("type", Align::Left),
        ("operation", Align::Left),
        ("source", Align::Left),
    ];
    let rows = buffers.iter().map(|buffer| {
        let Buffer { name, op, source, dtype, shape, bytes } = buffer;
        let array = format!("{dtype}{shape:?}");
        vec![name.clone(), table::bytes(*bytes), array, op.clone(), source.clone()]
    });
    table::print(&columns, &rows.collect::<Vec<_>>());
}
