//! What a finished program tells, and the forms in which it travels.
//!
//!     cargo run -p hlo --example programs

use hlo::DType::F32;
use hlo::Version;

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let record = |t: &hlo::Trace| {
        let (x, scale) = (t.input("x", F32, [8, 4]), t.input("layer/scale", F32, [4]));
        t.output("y", x * scale);
        let _dead = x.exp();
    };
    let program = hlo::trace("scale", record)?;

    assert_eq!(program.operations(), 2);
    assert_eq!(program.inputs()[1].name(), "layer/scale");
    println!("{}", program.text());
    assert_eq!(program.text(), hlo::trace("scale", record)?.text());
    assert!(program.text_with_locations().contains(file!()));

    let bytecode = program.bytecode(Version::new(1, 13, 3))?;
    println!("{} bytes of text, {} of bytecode", program.text().len(), bytecode.len());

    println!("{}", program.dot());
    Ok(())
}
