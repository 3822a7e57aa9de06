/** VPCs and subnets. */
export const networkReasons = [
  // Facts about a subnet to know first.
  "vpc-no-way-out", // vpc
  "vpc-no-cluster-dns", // vpc
  "subnet-is-private",
  "subnet-underlay", // vlan

  "subnet-no-nat", // the default VPC's: its machines reach no other network

  // VPCs and subnets.
  "subnet-built-in", // name
  "subnet-in-use", // name, count
  "subnet-is-deleting",
  "subnet-validation-failed", // the controller's words in upstreamText
  "subnet-settling",
  "vpc-built-in", // name
  "vpc-has-subnets", // name, count
  "vpc-is-deleting",
  "vpc-settling",
  "vpc-missing", // name
  "cidr-syntax", // cidr
  "cidr-family", // cidr, family
  "cidr-host-bits", // cidr, network
  "cidr-too-small", // cidr
  "cidr-special", // cidr
  "cidr-upper-case", // cidr
  "cidr-overlaps-subnet", // cidr, subnet, other
  "cidr-holds-host", // cidr, host, ip
  "gateway-outside", // gateway, cidr
  "gateway-not-usable", // gateway, cidr
  "exclude-syntax", // value
  "exclude-outside", // value
  "allow-syntax", // value
  "subnet-named-as-vpc", // name
  "project-missing", // name
  "project-outside-vpc", // project, vpc
  "project-of-other-vpc", // project, vpc
  "nat-only-default-vpc", // vpc
  "route-next-hop-syntax", // value
  "peering-one-sided", // vpc, remote: the remote VPC does not name this one
  "peering-no-route", // vpc, remote, cidr, nextHop
  "peering-link-apart", // own, other, remote
  "peering-with-itself",
  "peering-with-default", // vpc
  "peering-twice", // vpc
  "peering-address", // value
  "peering-overlap", // vpc, cidr, other
  "named-object-missing", // kind: as Kubernetes calls it; name
  "object-immutable", // the cluster's words in upstreamText
  "ip-syntax", // value
  "address-of-pod",
  "address-of-machine", // name
  "address-name", // name: what it must be called
  "ip-pool-not-applied", // the controller's words in upstreamText
  "ip-pool-overlap", // value, pool
  "nat-gateway-needs-external", // subnet
  "nat-gateway-needs-route", // vpc, lanIp
  "nat-gateway-in-use", // name
  "eip-in-use", // name, uses
  "eip-taken", // name, by
  "dnat-port-taken", // port, by
  "ovn-eip-needs-vlan", // subnet
  "vpc-not-external", // vpc
  "provider-network-hosts", // hosts
  "provider-network-in-use", // vlans
  "vlan-conflict", // id
  "vlan-taken", // id, by
  "vlan-in-use", // subnets
  "attachment-needs-subnet", // provider
  "subnet-not-of-vpc", // name, vpc
  "subnet-vpc-fixed",
  "subnet-gateway-in-use", // count
  "subnet-cidr-in-use", // count
] as const;
