//! The PJRT C API as its interface declares it.
