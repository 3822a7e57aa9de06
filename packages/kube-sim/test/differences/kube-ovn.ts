/** Differences of Kube-OVN that a request shows. */
import { eventually, type TestCluster } from "../cluster.ts";
import type { Difference } from "./difference.ts";
import { once, stored } from "./stored.ts";

const ovn = "/apis/kubeovn.io/v1";
const pods = "/api/v1/namespaces/default/pods";

const make = (cluster: TestCluster, kind: string, resource: string, name: string, spec: object) =>
  stored(cluster, `${ovn}/${resource}`, "kubeovn.io/v1", kind, name, { spec });

const isReady = (body: { status?: { conditions?: { type: string; status: string }[] } }): boolean =>
  body.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;

/** Whether a subnet with this fault becomes ready. */
const taken =
  (name: string, spec: object): Difference["stillDiffers"] =>
  async (cluster) => {
    await make(cluster, "Subnet", "subnets", name, spec);
    return isReady(
      await once(cluster, `${ovn}/subnets/${name}`, ({ status }) => status?.conditions !== undefined),
    );
  };

export const kubeOvn: readonly Difference[] = [
  {
    id: "gateways-without-pods",
    stillDiffers: async (cluster) => {
      await make(cluster, "Subnet", "subnets", "ovn-vpc-external-network", { cidrBlock: "10.201.0.0/24" });
      await make(cluster, "VpcNatGateway", "vpc-nat-gateways", "podless", {
        vpc: "ovn-cluster",
        subnet: "ovn-default",
      });
      await make(cluster, "IptablesEIP", "iptables-eips", "podless", { natGwDp: "podless" });
      await once(cluster, `${ovn}/iptables-eips/podless`, ({ status }) => status?.ready === true);
      const { code } = await cluster.call(
        "/apis/apps/v1/namespaces/kube-system/statefulsets/vpc-nat-gw-podless",
      );
      return code === 404;
    },
  },
  {
    id: "no-idle-finalizers",
    stillDiffers: async (cluster) => {
      await make(cluster, "Vip", "vips", "idle", { subnet: "ovn-default" });
      const { metadata } = await once(
        cluster,
        `${ovn}/vips/idle`,
        ({ status }) => status?.v4ip !== undefined,
      );
      return metadata.finalizers === undefined;
    },
  },
  {
    id: "every-host-has-the-interface",
    stillDiffers: async (cluster) => {
      await make(cluster, "ProviderNetwork", "provider-networks", "nowhere", { defaultInterface: "none0" });
      const { status } = await once(
        cluster,
        `${ovn}/provider-networks/nowhere`,
        (body) => body.status?.ready !== undefined,
      );
      return status.ready === true;
    },
  },
  {
    id: "subnet-extras-unchecked",
    stillDiffers: taken("unchecked", {
      cidrBlock: "10.202.0.0/24",
      private: true,
      allowSubnets: ["no cidr"],
    }),
  },
  {
    id: "subnet-vlan-unchecked",
    stillDiffers: taken("untagged", { cidrBlock: "10.203.0.0/24", vlan: "there-is-none" }),
  },
  {
    id: "no-subnet-event",
    stillDiffers: async (cluster) => {
      const annotations = { "ovn.kubernetes.io/logical_switch": "there-is-none" };
      await stored(cluster, pods, "v1", "Pod", "subnetless", {
        metadata: { annotations },
        spec: { containers: [{ name: "a", image: "a" }] },
      });
      const event = await eventually(async () => {
        const { body } = await cluster.call("/api/v1/namespaces/default/events");
        return body.items.find(
          (one: { reason: string; involvedObject: { name: string } }) =>
            one.reason === "AcquireAddressFailed" && one.involvedObject.name === "subnetless",
        );
      });
      return event.message.endsWith(": no subnet");
    },
  },
  {
    id: "second-interfaces-unaddressed",
    stillDiffers: async (cluster) => {
      const attachments = "/apis/k8s.cni.cncf.io/v1/namespaces/default/network-attachment-definitions";
      const config = JSON.stringify({ type: "kube-ovn", provider: "second.default.ovn" });
      await stored(cluster, attachments, "k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", "second", {
        spec: { config },
      });
      await make(cluster, "Subnet", "subnets", "second", {
        cidrBlock: "10.204.0.0/24",
        provider: "second.default.ovn",
      });
      await stored(cluster, pods, "v1", "Pod", "second", {
        metadata: { annotations: { "k8s.v1.cni.cncf.io/networks": "default/second" } },
        spec: { containers: [{ name: "a", image: "a" }] },
      });
      const { metadata } = await once(
        cluster,
        `${pods}/second`,
        (body) => body.metadata.annotations["ovn.kubernetes.io/allocated"] === "true",
      );
      return metadata.annotations["second.default.ovn.kubernetes.io/ip_address"] === undefined;
    },
  },
  {
    id: "stored-only-networks",
    stillDiffers: async (cluster) => {
      await make(cluster, "QoSPolicy", "qos-policies", "idle", {
        bindingType: "EIP",
        bandwidthLimitRules: [],
      });
      // made later, and done with
      await make(cluster, "Vpc", "vpcs", "later", {});
      await once(cluster, `${ovn}/vpcs/later`, ({ status }) => status?.standby === true);
      const { metadata, status } = (await cluster.call(`${ovn}/qos-policies/idle`)).body;
      return metadata.finalizers === undefined && status === undefined;
    },
  },
  {
    id: "reserved-addresses-stay",
    stillDiffers: async (cluster) => {
      await make(cluster, "IP", "ips", "reserved.default", {
        podName: "reserved",
        namespace: "default",
        subnet: "ovn-default",
        podType: "VirtualMachine",
      });
      const machines = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines";
      await stored(cluster, machines, "kubevirt.io/v1", "VirtualMachine", "reserved", {
        spec: {
          runStrategy: "Halted",
          template: { spec: { domain: { memory: { guest: "64Mi" }, devices: {} } } },
        },
      });
      await once(cluster, `${ovn}/ips/reserved.default`, ({ spec }) => spec.v4IpAddress !== "");
      await cluster.call(`${machines}/reserved`, { method: "DELETE" });
      await eventually(async () => (await cluster.call(`${machines}/reserved`)).code === 404);
      return (await cluster.call(`${ovn}/ips/reserved.default`)).code === 200;
    },
  },
];
