/** What NAT rules of a gateway pod and those of OVN itself have in common: external addresses and who uses them, ports. */
import type { FieldError } from "@kubev/api-types/errors";
import { reasonOf } from "../../domain/reasons.ts";
import type { Related } from "../object-kind.ts";
import { mustExist } from "./network-object.ts";

type Family = "iptables" | "ovn";

/** Of an external address's `status.nat`, e.g. `fip,dnat`. */
export const usesOf = (nat: string | undefined) => (nat ?? "").split(",").filter((use) => use !== "");

/** A floating IP wants its external address for itself (`alone`); the others share one. */
export function eipProblems(
  related: Related,
  family: Family,
  { eip, name }: { eip: string; name: string },
  alone = false,
): FieldError[] {
  const missing = mustExist(related, `${family}-eip`, eip, "eip");
  if (missing.length > 0) return missing;
  const rivals = [
    ...related.objects(`${family}-fip` as const),
    ...(alone
      ? [...related.objects(`${family}-snat` as const), ...related.objects(`${family}-dnat` as const)]
      : []),
  ];
  const rival = rivals.find((one) => one.facts.eip === eip && one.name !== name);
  return rival === undefined
    ? []
    : [{ path: "eip", reason: reasonOf("eip-taken", { name: eip, by: rival.name }) }];
}

/** As Kube-OVN stores the ports of a rule: all of it text. */
export interface RawPorts {
  protocol: string;
  externalPort: string;
  internalPort: string;
}

interface Ports {
  protocol: "tcp" | "udp";
  externalPort: number;
  internalPort: number;
}

export const portFacts = (spec: Partial<RawPorts> | undefined): RawPorts => ({
  protocol: spec?.protocol ?? "",
  externalPort: spec?.externalPort ?? "",
  internalPort: spec?.internalPort ?? "",
});

export const portSpec = (spec: Partial<RawPorts> | undefined): Ports => ({
  protocol: spec?.protocol === "udp" ? "udp" : "tcp",
  externalPort: Number(spec?.externalPort ?? 0),
  internalPort: Number(spec?.internalPort ?? 0),
});

export const portManifest = ({ protocol, externalPort, internalPort }: Ports): RawPorts => ({
  protocol,
  externalPort: String(externalPort),
  internalPort: String(internalPort),
});

/** Two rules cannot lead the same port of one external address. */
export function portProblems(
  related: Related,
  family: Family,
  spec: Ports & { name: string; eip: string },
): FieldError[] {
  const rival = [...related.objects(`${family}-dnat` as const)].find(
    ({ name, facts }) =>
      name !== spec.name &&
      facts.eip === spec.eip &&
      facts.protocol === spec.protocol &&
      facts.externalPort === String(spec.externalPort),
  );
  return rival === undefined
    ? []
    : [
        {
          path: "externalPort",
          reason: reasonOf("dnat-port-taken", { port: spec.externalPort, by: rival.name }),
        },
      ];
}
