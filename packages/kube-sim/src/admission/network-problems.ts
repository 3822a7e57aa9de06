/** What is wrong with network policies and endpoints. Source: pkg/apis/{networking,core,discovery}/validation. */
import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";
import type { ObjectSelector } from "../controllers/object-selector.ts";
import type { KubeObject } from "../store/kube-object.ts";
import {
  type Cause,
  forbiddenField,
  immutable,
  invalidValue,
  required,
  unsupported,
} from "./field-causes.ts";
import { PROTOCOLS } from "./container-problems.ts";
import { selectorProblems } from "./label-selector-problems.ts";
import { labelProblems, portNameProblems, portNumberProblems, subdomainProblems } from "./name-formats.ts";

interface Port {
  name?: string;
  port?: number | string;
  protocol?: string;
}

interface Peer {
  podSelector?: ObjectSelector;
  namespaceSelector?: ObjectSelector;
  ipBlock?: { cidr?: string; except?: string[] };
}

interface PolicySpec {
  podSelector?: ObjectSelector;
  ingress?: { ports?: Port[]; from?: Peer[] }[];
  egress?: { ports?: Port[]; to?: Peer[] }[];
  policyTypes?: string[];
}

export function networkPolicyProblems(policy: KubeObject): Cause[] {
  const spec = (policy["spec"] ?? {}) as PolicySpec; // decoded by its type
  const causes = selectorProblems(spec.podSelector, "spec.podSelector");
  for (const [index, { ports = [], from = [] }] of (spec.ingress ?? []).entries())
    causes.push(...ruleProblems(ports, from, `spec.ingress[${index}]`, "from"));
  for (const [index, { ports = [], to = [] }] of (spec.egress ?? []).entries())
    causes.push(...ruleProblems(ports, to, `spec.egress[${index}]`, "to"));
  const types = spec.policyTypes ?? [];
  if (types.length > 2)
    return [...causes, invalidValue("spec.policyTypes", types, "may not specify more than two policyTypes")];
  for (const [index, type] of types.entries())
    if (type !== "Ingress" && type !== "Egress")
      causes.push(unsupported(`spec.policyTypes[${index}]`, type, ["Ingress", "Egress"]));
  return causes;
}

const ruleProblems = (ports: Port[], peers: Peer[], at: string, side: string): Cause[] => [
  ...ports.flatMap((port, index) => policyPortProblems(port, `${at}.ports[${index}]`)),
  ...peers.flatMap((peer, index) => peerProblems(peer, `${at}.${side}[${index}]`)),
];

function policyPortProblems({ port, protocol = "TCP" }: Port, at: string): Cause[] {
  const supported = ["TCP", "UDP", "SCTP"];
  const causes = supported.includes(protocol) ? [] : [unsupported(`${at}.protocol`, protocol, supported)];
  if (port === undefined) return causes;
  const problems = typeof port === "number" ? portNumberProblems(port) : portNameProblems(port);
  return [...causes, ...problems.map((problem) => invalidValue(`${at}.port`, port, problem))];
}

function peerProblems({ podSelector, namespaceSelector, ipBlock }: Peer, at: string): Cause[] {
  const causes = [
    ...selectorProblems(podSelector, `${at}.podSelector`),
    ...selectorProblems(namespaceSelector, `${at}.namespaceSelector`),
    ...(ipBlock === undefined ? [] : blockProblems(ipBlock, `${at}.ipBlock`)),
  ];
  const others = [podSelector, namespaceSelector].filter((one) => one !== undefined).length;
  if (others === 0 && ipBlock === undefined) causes.push(required(at, "must specify a peer"));
  if (others > 0 && ipBlock !== undefined)
    causes.push(forbiddenField(at, "may not specify both ipBlock and another peer"));
  return causes;
}

const CIDR_TEXT = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

function parsed(cidr: string): { address: string; bits: number; family: "ipv4" | "ipv6" } | undefined {
  const [address = "", length = "", ...more] = cidr.split("/");
  const bits = /^[0-9]+$/.test(length) ? Number(length) : Number.NaN;
  if (more.length > 0 || isIP(address) === 0 || !(bits <= (isIPv4(address) ? 32 : 128))) return undefined;
  return { address, bits, family: isIPv4(address) ? "ipv4" : "ipv6" };
}

function blockProblems({ cidr = "", except = [] }: NonNullable<Peer["ipBlock"]>, at: string): Cause[] {
  if (cidr === "") return [required(`${at}.cidr`)];
  const whole = parsed(cidr);
  if (whole === undefined) return [invalidValue(`${at}.cidr`, cidr, CIDR_TEXT)];
  const block = new BlockList();
  block.addSubnet(whole.address, whole.bits, whole.family);
  return except.flatMap((one, index) => {
    const here = `${at}.except[${index}]`;
    const part = parsed(one);
    if (part === undefined) return [invalidValue(here, one, CIDR_TEXT)];
    return part.bits > whole.bits && block.check(part.address, part.family)
      ? []
      : [invalidValue(here, one, "must be a strict subset of `cidr`")];
  });
}

const special = (low: string, bits: number, high: string, moreBits: number): BlockList => {
  const list = new BlockList();
  list.addSubnet(low, bits, "ipv4");
  list.addSubnet(high, moreBits, "ipv6");
  return list;
};

/** Where no endpoint can be. */
const SPECIAL: [BlockList, string][] = [
  [special("0.0.0.0", 32, "::", 128), "may not be unspecified (0.0.0.0 or ::)"],
  [special("127.0.0.0", 8, "::1", 128), "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  [
    special("169.254.0.0", 16, "fe80::", 10),
    "may not be in the link-local range (169.254.0.0/16, fe80::/10)",
  ],
  [
    special("224.0.0.0", 24, "ff02::", 16),
    "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
  ],
];

function addressProblems(address: string, at: string): Cause[] {
  if (isIP(address) === 0)
    return [
      invalidValue(at, address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
      invalidValue(at, address, "must be a valid IP address"),
    ];
  const family = isIPv4(address) ? "ipv4" : "ipv6";
  return SPECIAL.filter(([list]) => list.check(address, family)).map(([, text]) =>
    invalidValue(at, address, text),
  );
}

interface Subset {
  addresses?: { ip?: string; hostname?: string }[];
  notReadyAddresses?: { ip?: string; hostname?: string }[];
  ports?: Port[];
}

export function endpointsProblems(endpoints: KubeObject): Cause[] {
  const subsets = (endpoints["subsets"] ?? []) as Subset[]; // decoded by its type
  return subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }, index) => {
    const at = `subsets[${index}]`;
    const causes =
      addresses.length + notReadyAddresses.length === 0
        ? [required(at, "must specify `addresses` or `notReadyAddresses`")]
        : [];
    for (const [field, list] of Object.entries({ addresses, notReadyAddresses }))
      for (const [position, { ip = "", hostname = "" }] of list.entries()) {
        const here = `${at}.${field}[${position}]`;
        causes.push(...addressProblems(ip, `${here}.ip`));
        if (hostname !== "")
          causes.push(
            ...labelProblems(hostname).map((text) => invalidValue(`${here}.hostname`, hostname, text)),
          );
      }
    for (const [position, { name = "", port = 0, protocol = "TCP" }] of ports.entries()) {
      const here = `${at}.ports[${position}]`;
      if (name === "" && ports.length > 1) causes.push(required(`${here}.name`));
      if (name !== "")
        causes.push(...labelProblems(name).map((text) => invalidValue(`${here}.name`, name, text)));
      causes.push(
        ...portNumberProblems(Number(port)).map((text) => invalidValue(`${here}.port`, port, text)),
      );
      if (!PROTOCOLS.includes(protocol)) causes.push(unsupported(`${here}.protocol`, protocol, PROTOCOLS));
    }
    return causes;
  });
}

const ADDRESS_TYPES = ["FQDN", "IPv4", "IPv6"];

export function endpointSliceProblems(slice: KubeObject, old: KubeObject | undefined): Cause[] {
  const { addressType = "", endpoints = [] } = slice as unknown as {
    addressType?: string;
    endpoints?: { addresses?: string[] }[];
  }; // decoded by its type
  const causes: Cause[] = [];
  if (addressType === "") causes.push(required("addressType"));
  else if (!ADDRESS_TYPES.includes(addressType))
    causes.push(unsupported("addressType", addressType, ADDRESS_TYPES));
  for (const [index, { addresses = [] }] of endpoints.entries()) {
    const at = `endpoints[${index}].addresses`;
    if (addresses.length === 0) causes.push(required(at, "must contain at least 1 address"));
    for (const [position, address] of addresses.entries()) {
      const wrong = (text: string) => causes.push(invalidValue(`${at}[${position}]`, address, text));
      if (addressType === "IPv4" && !isIPv4(address)) wrong("must be a valid IPv4 address");
      if (addressType === "IPv6" && !isIPv6(address)) wrong("must be a valid IPv6 address");
      if (addressType === "FQDN") subdomainProblems(address.replace(/\.$/, "")).forEach(wrong);
    }
  }
  if (old !== undefined && old["addressType"] !== addressType)
    causes.push(immutable("addressType", addressType));
  return causes;
}
