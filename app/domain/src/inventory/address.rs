//! Elastic IP addresses.

use serde::{Deserialize, Serialize};

use super::{Region, Tags};

/// A public address that the account holds, and pays for, used or not.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Address {
    /// Names it: `eipalloc-…`, or the address itself where AWS gives no such id.
    pub id: String,
    /// Where.
    pub region: Region,
    /// The address itself.
    pub public_ip: Option<String>,
    /// That it is in use, and by what: `eipassoc-…`.
    pub association: Option<String>,
    /// The instance that uses it. NAT gateways and load balancers have none.
    pub instance: Option<String>,
    /// The network interface that uses it.
    pub network_interface: Option<String>,
    /// The account of that network interface; a service's own for some load balancers.
    pub network_interface_owner: Option<String>,
    /// The address inside that it leads to.
    pub private_ip: Option<String>,
    /// The pool it was taken from; `amazon`, or the account's own, which costs nothing.
    pub pool: Option<String>,
    /// The group of zones that it is known in.
    pub border_group: Option<String>,
    /// The AWS service that holds it on the account's behalf, such as `alb`.
    pub service_managed: Option<String>,
    /// Its tags.
    pub tags: Tags,
}

impl Address {
    /// What people call it: its `Name` tag.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        super::name(&self.tags)
    }

    /// Whether nothing uses it. One of a NAT gateway or a load balancer is used, though no
    /// instance has it, and one that a service holds isn't the person's to give back.
    #[must_use]
    pub const fn is_idle(&self) -> bool {
        self.association.is_none()
            && self.network_interface.is_none()
            && self.instance.is_none()
            && self.service_managed.is_none()
    }
}
