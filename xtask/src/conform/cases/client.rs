//! Clients and their options.

use pjrt::ClientOptions;

use crate::conform::case::{Case, Finding, case, holds, refused, same};
use crate::conform::subject::Subject;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("a client starts, and names its platform", |subject| {
            let client = subject.client()?;
            holds("the platform has a name", !client.platform_name().is_empty())?;
            holds("and a version", !client.platform_version().is_empty())
        }),
        case("two clients side by side", |subject| {
            let sum = subject.client()?.devices().len();
            let other = subject.plugin.client(&ClientOptions::new())?;
            same("devices of the first", subject.client()?.devices().len(), sum)?;
            holds("the second has devices", !other.devices().is_empty())
        }),
        case("as many CPU devices as asked for", |subject| {
            subject.client()?;
            cpu_only(subject)?;
            let client = subject.plugin.client(&ClientOptions::new().cpu_devices(3))?;
            same("devices", client.devices().len(), 3)
        }),
        case("an unknown option is refused", |subject| {
            subject.client()?;
            let options = ClientOptions::new().set("no_such_option", 1);
            match subject.plugin.client(&options) {
                Ok(_) => Err(Finding::unsupported("unknown options are passed over")),
                Err(error) => refused::<()>(Err(error)),
            }
        }),
        case("absent hardware is an error", |subject| {
            if subject.absent_hardware().is_none() {
                return Err(Finding::not_run("the hardware is here"));
            }
            refused(subject.plugin.client(&ClientOptions::new()))
        }),
    ]
}

/// The option is for CPUs; other plugins refuse it.
fn cpu_only(subject: &Subject) -> Result<(), Finding> {
    if subject.client()?.platform_name() == "cpu" {
        return Ok(());
    }
    Err(Finding::unsupported("the option is for CPUs"))
}
