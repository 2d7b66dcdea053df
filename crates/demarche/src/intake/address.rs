//! Which addresses a request may go to. Feeds and pages are written by strangers: a link or a redirect in one must
//! not make this program knock at the machine that it runs on, at its neighbours, or at a cloud's inner services.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses that are not public may be asked all the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Private {
    /// None.
    #[default]
    Refused,
    /// Those of these hosts, as they are written in addresses.
    Hosts(Vec<String>),
    /// All.
    Allowed,
}

impl Private {
    /// Whether a host may resolve to an address.
    pub(super) fn admits(&self, host: &str, address: IpAddr) -> bool {
        let host = host.trim_matches(['[', ']']);
        public(address)
            || match self {
                Private::Refused => false,
                Private::Hosts(hosts) => hosts.iter().any(|h| h.trim_matches(['[', ']']).eq_ignore_ascii_case(host)),
                Private::Allowed => true,
            }
    }
}

/// Whether an address belongs to the public network, by the IANA registries of special addresses.
pub(super) fn public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => public_v4(address),
        IpAddr::V6(address) => public_v6(address),
    }
}

fn public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        // This network, shared address space, protocol assignments, benchmarking, old 6to4 relays, reserved.
        || a == 0
        || a == 100 && (64..128).contains(&b)
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || a == 198 && matches!(b, 18 | 19)
        || a >= 240;
    !special
}

fn public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // An IPv4 address in the dress of IPv6 is what it wraps: mapped, translated (NAT64), 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        // Protocol assignments (Teredo among them), documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // Only 2000::/3 is given out to the public network.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_network() {
        let is = |text: &str| public(text.parse().expect("an address"));
        for inner in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "fec0::1",
        ] {
            assert!(!is(inner), "{inner}");
        }
        for outer in [
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "193.0.0.1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            assert!(is(outer), "{outer}");
        }
        let hosts = Private::Hosts(vec!["news.internal".into(), "[::1]".into()]);
        let inner = "10.0.0.1".parse().expect("an address");
        assert!(hosts.admits("News.Internal", inner) && !hosts.admits("other", inner));
        assert!(hosts.admits("::1", "::1".parse().expect("an address")));
    }
}
