/** The Kube-OVN objects that the forms make. */
import type { SubnetCreate } from "@kubev/api-types/subnets";
import type { VpcCreate } from "@kubev/api-types/vpcs";
import { consoleLabels, managedByValue } from "./console-labels.ts";
import { parseCidr } from "./ip-math.ts";
import { defaultGateway } from "./subnet-rules.ts";

/** An object without a namespace, ready to be sent. */
export interface ClusterManifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels: Record<string, string> };
  spec: Record<string, unknown>;
}

const labels = { [consoleLabels.managedBy]: managedByValue };

/** Gateways are always written out, so that what is previewed is what will be. */
export function subnetManifest(subnet: SubnetCreate): ClusterManifest {
  const families = [
    { cidr: subnet.cidrV4, gateway: subnet.gatewayV4 },
    { cidr: subnet.cidrV6, gateway: subnet.gatewayV6 },
  ].filter((family) => family.cidr !== "");
  const gateways = families.map(({ cidr, gateway }) => {
    const parsed = parseCidr(cidr);
    return gateway === "" && parsed !== null ? defaultGateway(parsed) : gateway;
  });
  return {
    apiVersion: "kubeovn.io/v1",
    kind: "Subnet",
    metadata: { name: subnet.name, labels },
    spec: {
      ...(subnet.vpc === "" ? {} : { vpc: subnet.vpc }),
      ...(families.length === 0
        ? {} // a draft: its CIDR is not written yet
        : { protocol: families.length === 2 ? "Dual" : subnet.cidrV4 === "" ? "IPv6" : "IPv4" }),
      cidrBlock: families.map(({ cidr }) => cidr).join(","),
      gateway: gateways.join(","),
      ...(subnet.excludeIps.length > 0 ? { excludeIps: [...gateways, ...subnet.excludeIps] } : {}),
      ...(subnet.projects.length > 0 ? { namespaces: subnet.projects } : {}),
      natOutgoing: subnet.natOutgoing,
      private: subnet.isPrivate,
      ...(subnet.isPrivate && subnet.allowSubnets.length > 0 ? { allowSubnets: subnet.allowSubnets } : {}),
      ...(subnet.enableDhcp ? { enableDHCP: true } : {}),
    },
  };
}

export function vpcManifest(vpc: VpcCreate): ClusterManifest {
  return {
    apiVersion: "kubeovn.io/v1",
    kind: "Vpc",
    metadata: { name: vpc.name, labels },
    spec: {
      ...(vpc.projects.length > 0 ? { namespaces: vpc.projects } : {}),
      ...(vpc.staticRoutes.length > 0
        ? {
            staticRoutes: vpc.staticRoutes.map((route) => ({
              cidr: route.cidr,
              nextHopIP: route.nextHop,
              policy: route.by === "source" ? "policySrc" : "policyDst",
            })),
          }
        : {}),
    },
  };
}
