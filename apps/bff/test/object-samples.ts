/** One real object of every catalogued noun, and what its form would send: the generated tests are run on them. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import type { SpecInputOf } from "@kubev/api-types/object-shapes";

interface Sample<N extends ObjectNoun> {
  /** Everything but kind, apiVersion and metadata. */
  object: Record<string, unknown>;
  /** Null where the noun has no form. `name` is put in by the tests. */
  spec: Omit<SpecInputOf<N>, "name"> | null;
}

const template = {
  selector: { matchLabels: { app: "sample" } },
  template: {
    metadata: { labels: { app: "sample" } },
    spec: { containers: [{ name: "web", image: "registry.example.com/web:1" }] },
  },
};

const instanceTypeSample = {
  object: { spec: { cpu: { guest: 2 }, memory: { guest: "4Gi" } } },
  spec: { cpuCores: 4, memoryBytes: 8 * 1024 ** 3, overcommitPercent: 10 },
};
const preferenceSample: Sample<"preference"> = {
  object: { spec: { devices: { preferredDiskBus: "virtio" } } },
  spec: { osType: "linux", diskBus: "scsi", firmware: "efi", minCpuCores: 2 },
};

/** What KubeVirt and CDI let everybody read who is signed in (instancetype.kubevirt.io:view, cdi.kubevirt.io:config-reader). */
export const openToAll: ReadonlySet<ObjectNoun> = new Set<ObjectNoun>([
  "instance-type",
  "preference",
  "storage-profile",
]);

export const objectSamples: { readonly [N in ObjectNoun]: Sample<N> } = {
  vpc: {
    object: { spec: {} },
    spec: {
      projects: ["web-shop"],
      staticRoutes: [{ cidr: "0.0.0.0/0", nextHop: "10.9.0.254" }],
      policyRoutes: [
        { priority: 10, match: "ip4.src == 10.9.0.0/24", action: "reroute", nextHop: "10.9.0.7" },
      ],
      peerings: [{ remoteVpc: "shop-vpc", localConnectIp: "169.254.1.1/30" }],
    },
  },
  subnet: {
    object: {
      spec: {
        vpc: "ovn-cluster",
        cidrBlock: "10.91.0.0/24",
        gateway: "10.91.0.1",
        namespaces: ["nobodys-project"],
      },
    },
    spec: {
      vpc: "ovn-cluster",
      cidrV4: "10.92.0.0/24",
      gatewayType: "centralized",
      gatewayHosts: ["host-1"],
      acls: [{ direction: "to-lport", priority: 10, match: "tcp", action: "drop" }],
    },
  },
  address: {
    object: {
      spec: {
        podName: "",
        namespace: "nobodys-project",
        subnet: "ovn-default",
        nodeName: "",
        v4IpAddress: "10.16.200.1",
        v6IpAddress: "",
        ipAddress: "10.16.200.1",
        macAddress: "02:00:00:00:00:09",
        containerID: "",
        podType: "",
        attachIps: [],
        attachMacs: [],
        attachSubnets: [],
      },
    },
    spec: { subnet: "ovn-default", v4: "10.16.200.2", project: "web-shop" },
  },
  vip: {
    object: { spec: { subnet: "ovn-default", namespace: "nobodys-project" } },
    spec: { subnet: "shop-front", project: "web-shop" },
  },
  "ip-pool": {
    object: { spec: { subnet: "shop-front", ips: ["10.20.0.100..10.20.0.110"] } },
    spec: { subnet: "shop-front", ranges: ["10.20.0.128/28"], projects: ["web-shop"] },
  },
  "network-policy": {
    object: { spec: { podSelector: {}, policyTypes: ["Ingress"] } },
    spec: {
      machine: "shop-web-1",
      restrictsOut: true,
      rules: [
        { direction: "in", peer: "cidr", value: "10.0.0.0/8", protocol: "TCP", port: 443 },
        { direction: "out", peer: "project", value: "data-platform" },
      ],
    },
  },
  "network-attachment": {
    object: { spec: { config: '{"cniVersion":"0.3.1","type":"kube-ovn"}' } },
    spec: { type: "macvlan", master: "eth1" },
  },
  "vpc-egress-gateway": {
    object: {
      spec: {
        vpc: "data-vpc",
        externalSubnet: "public-200",
        policies: [{ snat: true, ipBlocks: ["10.0.0.0/8"] }],
      },
    },
    spec: {
      vpc: "data-vpc",
      externalSubnet: "public-200",
      internalSubnet: "data-main",
      policies: [{ subnets: ["data-main"] }],
    },
  },
  "vpc-nat-gateway": {
    object: { spec: { vpc: "data-vpc", subnet: "data-main", lanIp: "10.30.0.254" } },
    spec: { vpc: "data-vpc", subnet: "data-main", lanIp: "10.30.0.253", selector: ["zone: rack-a"] },
  },
  "iptables-eip": {
    object: { spec: { natGwDp: "shop-gateway" } },
    spec: { gateway: "shop-gateway", v4: "198.51.100.77" },
  },
  "iptables-fip": {
    object: { spec: { eip: "no-eip", internalIp: "10.20.0.9" } },
    spec: { eip: "shop-spare-eip", internalIp: "10.20.0.10" },
  },
  "iptables-snat": {
    object: { spec: { eip: "no-eip", internalCIDR: "10.20.0.0/24" } },
    spec: { eip: "shop-eip", internalCidr: "10.20.2.0/24" },
  },
  "iptables-dnat": {
    object: {
      spec: {
        eip: "no-eip",
        externalPort: "80",
        internalIp: "10.20.0.9",
        internalPort: "80",
        protocol: "tcp",
      },
    },
    spec: { eip: "shop-eip", externalPort: 8080, internalIp: "10.20.0.9", internalPort: 80 },
  },
  "ovn-eip": {
    object: { spec: { externalSubnet: "public-200", type: "nat" } },
    spec: { externalSubnet: "public-200", v4: "203.0.113.77" },
  },
  "ovn-fip": {
    object: { spec: { ovnEip: "no-eip", vpc: "ovn-cluster", v4Ip: "10.50.0.9" } },
    spec: { eip: "office-spare", vpc: "ovn-cluster", v4: "10.50.0.10" },
  },
  "ovn-snat": {
    object: { spec: { ovnEip: "no-eip", vpcSubnet: "office-net" } },
    spec: { eip: "office-out", subnet: "build-net" },
  },
  "ovn-dnat": {
    object: {
      spec: {
        ovnEip: "no-eip",
        vpc: "ovn-cluster",
        v4Ip: "10.50.0.9",
        externalPort: "80",
        internalPort: "80",
      },
    },
    spec: { eip: "office-vpn", vpc: "ovn-cluster", v4: "10.50.0.10", externalPort: 8080, internalPort: 80 },
  },
  "provider-network": {
    object: { spec: { defaultInterface: "eth7" } },
    spec: { interface: "eth9", excludedHosts: ["host-1"] },
  },
  vlan: {
    object: { spec: { id: 901, provider: "physnet" } },
    spec: { vlanId: 900, provider: "physnet" },
  },
  "security-group": {
    object: {
      spec: {
        tier: 0,
        allowSameGroupTraffic: true,
        ingressRules: [
          {
            ipVersion: "ipv4",
            protocol: "tcp",
            priority: 10,
            remoteType: "address",
            remoteAddress: "10.0.0.0/8",
            portRangeMin: 22,
            portRangeMax: 22,
            policy: "allow",
          },
        ],
      },
    },
    spec: {
      allowSameGroupTraffic: false,
      rules: [
        {
          direction: "in",
          protocol: "tcp",
          priority: 100,
          remoteType: "address",
          remote: "0.0.0.0/0",
          portMin: 443,
          portMax: 443,
          policy: "allow",
        },
      ],
    },
  },
  service: {
    object: {
      spec: { type: "ClusterIP", selector: { app: "sample" }, ports: [{ port: 80, targetPort: 8080 }] },
    },
    spec: { type: "ClusterIP", machine: "sample", ports: [{ port: 22, targetPort: 22 }] },
  },
  "storage-class": {
    object: { provisioner: "block.csi.kubev.dev" },
    spec: {
      provisioner: "block.csi.kubev.dev",
      parameters: [{ key: "pool", value: "fast" }],
      bindingMode: "WaitForFirstConsumer",
      expandable: true,
    },
  },
  "storage-profile": {
    object: {
      spec: {},
      status: {
        claimPropertySets: [{ accessModes: ["ReadWriteOnce"], volumeMode: "Block" }],
        cloneStrategy: "copy",
        provisioner: "block.csi.kubev.dev",
      },
    },
    spec: {
      modes: [
        { accessMode: "ReadWriteMany", volumeMode: "Block" },
        { accessMode: "ReadWriteOnce", volumeMode: "Filesystem" },
      ],
      cloneStrategy: "snapshot",
    },
  },
  "volume-snapshot": {
    object: {
      spec: {
        volumeSnapshotClassName: "fast-block-snapshots",
        source: { persistentVolumeClaimName: "shop-db-1-data" },
      },
      status: { readyToUse: true, restoreSize: "500Gi" },
    },
    spec: { disk: "shop-db-1-data" },
  },
  "snapshot-class": { object: { driver: "block.csi.kubev.dev", deletionPolicy: "Delete" }, spec: null },
  "instance-type": instanceTypeSample,
  preference: preferenceSample,
  "project-instance-type": instanceTypeSample,
  "project-preference": preferenceSample,
  "csi-driver": { object: { spec: { attachRequired: true } }, spec: null },
  "csi-node": {
    object: { spec: { drivers: [{ name: "block.csi.kubev.dev", nodeID: "x", allocatable: { count: 8 } }] } },
    spec: null,
  },
  "storage-capacity": {
    object: {
      storageClassName: "fast-block",
      capacity: "2Ti",
      nodeTopology: { matchLabels: { "topology.kubernetes.io/zone": "rack-a" } },
    },
    spec: null,
  },
  "volume-attachment": {
    object: {
      spec: {
        attacher: "block.csi.kubev.dev",
        nodeName: "host-1",
        source: { persistentVolumeName: "no-volume" },
      },
      status: { attached: false, attachError: { message: "rpc error: code = Internal" } },
    },
    spec: null,
  },
  "data-import-cron": {
    object: {
      spec: {
        schedule: "0 3 * * *",
        managedDataSource: "sample-image",
        template: {
          spec: {
            source: { registry: { url: "docker://quay.io/x/y" } },
            storage: { resources: { requests: { storage: "1Gi" } } },
          },
        },
      },
    },
    spec: {
      image: "made-image",
      url: "docker://quay.io/x/y:1",
      schedule: "0 3 * * *",
      sizeBytes: 1024 ** 3,
    },
  },
  pod: {
    object: {
      spec: {
        nodeName: "host-1",
        containers: [
          {
            name: "web",
            image: "registry.example.com/web:1",
            resources: { requests: { cpu: "10m", memory: "16Mi" } },
          },
        ],
      },
      status: { phase: "Succeeded" },
    },
    spec: null,
  },
  deployment: { object: { spec: { ...template, replicas: 0 } }, spec: null },
  "stateful-set": { object: { spec: { ...template, replicas: 0, serviceName: "sample" } }, spec: null },
  "daemon-set": {
    object: {
      spec: {
        ...template,
        template: {
          ...template.template,
          spec: { ...template.template.spec, nodeSelector: { "kubernetes.io/hostname": "no-such-host" } },
        },
      },
    },
    spec: null,
  },
  job: {
    object: {
      spec: {
        suspend: true,
        template: { spec: { ...template.template.spec, restartPolicy: "Never" } },
      },
    },
    spec: null,
  },
  "cron-job": {
    object: {
      spec: {
        schedule: "0 3 * * *",
        suspend: true,
        jobTemplate: { spec: { template: { spec: { ...template.template.spec, restartPolicy: "Never" } } } },
      },
    },
    spec: null,
  },
  "config-map": {
    object: { data: { "app.conf": "verbose = true" } },
    spec: { entries: [{ key: "app.conf", value: "verbose = false" }] },
  },
  "role-binding": {
    object: {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "dora" }],
    },
    spec: { role: "kubevirt.io:view", subjects: [{ kind: "User", name: "dora" }] },
  },
  "service-account": { object: {}, spec: {} },
  "resource-quota": {
    object: { spec: { hard: { "requests.storage": "500Gi", pods: "50" } } },
    spec: { hard: [{ resource: "persistentvolumeclaims", amount: "40" }] },
  },
  "limit-range": {
    object: { spec: { limits: [{ type: "Container", default: { cpu: "1" }, max: { cpu: "4" } }] } },
    spec: { lines: [{ type: "PersistentVolumeClaim", resource: "storage", max: "1Ti" }] },
  },
};
