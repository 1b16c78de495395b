//! What an object of a plugin depends on.

use crate::api::Api;
use crate::error::Result;
use crate::{Client, Plugin, Topology};

/// What is kept alive for the sake of an object, and takes the errors of giving it up.
#[derive(Clone, Debug)]
pub(crate) enum Owner {
    Plugin(Plugin),
    Client(Client),
    Topology(Topology),
}

impl Owner {
    pub(crate) fn plugin(&self) -> &Plugin {
        match self {
            Self::Plugin(plugin) => plugin,
            Self::Client(client) => client.plugin(),
            Self::Topology(topology) => topology.plugin(),
        }
    }

    pub(crate) fn api(&self) -> &Api {
        self.plugin().api()
    }

    /// The error of an earlier drop, if there is one.
    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Self::Plugin(plugin) => plugin.deferred().take(),
            Self::Client(client) => client.check(),
            Self::Topology(topology) => topology.owner().check(),
        }
    }

    /// Keeps the error of a drop for the next call that checks.
    pub(crate) fn record(&self, result: Result<()>) {
        match self {
            Self::Plugin(plugin) => plugin.deferred().record(result),
            Self::Client(client) => client.record(result),
            Self::Topology(topology) => topology.owner().record(result),
        }
    }
}
