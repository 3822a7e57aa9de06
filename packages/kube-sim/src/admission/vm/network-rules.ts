/** Networks and interfaces. Source: KubeVirt's pkg/network/admitter. */
import type { Interface, Report, VmiTemplateSpec } from "./vm-shape.ts";

const INVALID = "FieldValueInvalid";
const MODELS = ["e1000", "e1000e", "igb", "ne2k_pci", "pcnet", "rtl8139", "virtio"];
const MAC = /^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/;
const RESERVED_MAC = "02:00:00:00:00:00";

export function checkNetworks(spec: VmiTemplateSpec, path: string, report: Report): void {
  const networks = spec.networks ?? [];
  const interfaces = spec.domain?.devices?.interfaces ?? [];
  const nicAt = (index: number): string => `${path}.domain.devices.interfaces[${index}]`;
  checkNetworkKinds(spec, path, report);
  if (networks.filter(({ pod }) => pod !== undefined).length > 1) {
    report(
      "FieldValueDuplicate",
      `${path}.interfaces`,
      `more than one interface is connected to a pod network in ${path}.interfaces`,
    );
  }
  const attached = new Set<string>();
  interfaces.forEach((nic, index) => {
    const network = networks.find(({ name }) => name === nic.name);
    if (attached.has(nic.name)) {
      report(
        "FieldValueDuplicate",
        `${nicAt(index)}.name`,
        "Only one interface can be connected to one specific network",
      );
      return;
    }
    attached.add(nic.name);
    if (network === undefined) {
      report(INVALID, `${nicAt(index)}.name`, `${nicAt(index)}.name '${nic.name}' not found.`);
      return;
    }
    if (nic.masquerade !== undefined && network.pod === undefined) {
      report(INVALID, `${nicAt(index)}.name`, "Masquerade interface only implemented with pod network");
    }
    if (bindings(nic).length !== 1 && !(bindings(nic).length === 0 && network.pod !== undefined)) {
      report(
        INVALID,
        `${nicAt(index)}.name`,
        `logical ${nic.name} interface must have exactly one binding method or binding plugin`,
      );
    }
    checkNic(nic, nicAt(index), report);
  });
  networks.forEach(({ name }, index) => {
    if (attached.has(name)) return;
    report(
      "FieldValueRequired",
      `${path}.networks[${index}].name`,
      `${path}.networks[${index}].name '${name}' not found.`,
    );
  });
}

const bindings = (nic: Interface): string[] =>
  (["bridge", "masquerade", "sriov", "binding", "macvtap", "slirp", "passt", "passtBinding"] as const).filter(
    (method) => nic[method] !== undefined,
  );

function checkNetworkKinds(spec: VmiTemplateSpec, path: string, report: Report): void {
  const networks = spec.networks ?? [];
  networks.forEach((network, index) => {
    const at = `${path}.networks[${index}]`;
    if (network.pod === undefined && network.multus === undefined) {
      report("FieldValueRequired", at, "should have a network type");
    } else if (network.pod !== undefined && network.multus !== undefined) {
      report("FieldValueRequired", at, "should have only one network type");
    } else if (network.multus !== undefined && !network.multus.networkName) {
      report("FieldValueRequired", at, "CNI delegating plugin must have a networkName");
    }
    const first = networks.findIndex(({ name }) => name === network.name);
    if (first !== index) {
      report(
        "FieldValueDuplicate",
        `${at}.name`,
        `Network with name "${network.name}" already exists, every network must have a unique name`,
      );
    }
  });
  const defaults = networks.filter(({ multus }) => multus?.default === true).length;
  if (defaults > 1) report(INVALID, `${path}.networks`, "Multus CNI should only have one default network");
}

function checkNic(nic: Interface, at: string, report: Report): void {
  if (nic.model !== undefined && !MODELS.includes(nic.model)) {
    report(
      "FieldValueNotSupported",
      `${at}.model`,
      `interface ${at}.name uses model ${nic.model} that is not supported.`,
    );
  }
  if (nic.macAddress !== undefined && nic.macAddress !== "") {
    if (!MAC.test(nic.macAddress)) {
      report(
        INVALID,
        `${at}.macAddress`,
        `interface ${at}.name has malformed MAC address (${nic.macAddress}).`,
      );
    } else if (nic.macAddress.replaceAll("-", ":").toLowerCase() === RESERVED_MAC) {
      report(
        INVALID,
        `${at}.macAddress`,
        "The requested MAC address is reserved for the in-pod bridge. Please choose another one.",
      );
    }
  }
  nic.ports?.forEach(({ port = 0 }, index) => {
    if (port > 0 && port < 65_536) return;
    report(INVALID, `${at}.ports[${index}].port`, "Port field must be in range 0 < x < 65536.");
  });
}
