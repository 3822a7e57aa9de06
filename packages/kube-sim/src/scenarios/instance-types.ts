/** The instance types and preferences of the embedded cluster: a working set of those KubeVirt ships, by the same names and sizes. */
import type { NewObject } from "../store/kube-object.ts";
import { clusterObject, namespacedObject } from "./scenario-object.ts";

const apiVersion = "instancetype.kubevirt.io/v1beta1";

interface Series {
  prefix: string;
  displayName: string;
  description: string;
  sizes: [size: string, cpus: number, memory: string][];
  spec?: (memory: string) => { cpu?: object; memory?: object; rest?: object };
}

const series: Series[] = [
  {
    prefix: "u1",
    displayName: "General Purpose",
    description: "Fair shares of CPU for everyday machines.",
    sizes: [
      ["nano", 1, "512Mi"],
      ["micro", 1, "1Gi"],
      ["small", 1, "2Gi"],
      ["medium", 1, "4Gi"],
      ["2xmedium", 2, "4Gi"],
      ["large", 2, "8Gi"],
      ["xlarge", 4, "16Gi"],
      ["2xlarge", 8, "32Gi"],
      ["4xlarge", 16, "64Gi"],
      ["8xlarge", 32, "128Gi"],
    ],
  },
  {
    prefix: "o1",
    displayName: "Overcommitted",
    description: "More memory in the guest than is reserved for it; for machines that idle.",
    sizes: [
      ["small", 1, "2Gi"],
      ["medium", 1, "4Gi"],
      ["large", 2, "8Gi"],
      ["xlarge", 4, "16Gi"],
    ],
    spec: () => ({ memory: { overcommitPercent: 50 } }),
  },
  {
    prefix: "m1",
    displayName: "Memory Intensive",
    description: "Much memory on 2 MiB pages.",
    sizes: [
      ["large", 2, "16Gi"],
      ["xlarge", 4, "32Gi"],
      ["2xlarge", 8, "64Gi"],
    ],
    spec: () => ({ memory: { hugepages: { pageSize: "2Mi" } } }),
  },
  {
    prefix: "cx1",
    displayName: "Compute Exclusive",
    description: "CPU cores of its own and memory on 2 MiB pages.",
    sizes: [
      ["medium", 1, "2Gi"],
      ["large", 2, "4Gi"],
      ["xlarge", 4, "8Gi"],
    ],
    spec: () => ({
      cpu: {
        dedicatedCPUPlacement: true,
        isolateEmulatorThread: true,
        numa: { guestMappingPassthrough: {} },
      },
      memory: { hugepages: { pageSize: "2Mi" } },
      rest: { ioThreadsPolicy: "auto" },
    }),
  },
];

function instanceTypes({ prefix, displayName, description, sizes, spec }: Series): NewObject[] {
  return sizes.map(([size, cpus, memory]) => {
    const extra = spec?.(memory) ?? {};
    return clusterObject(apiVersion, "VirtualMachineClusterInstancetype", `${prefix}.${size}`, {
      metadata: {
        labels: {
          "instancetype.kubevirt.io/class": displayName.toLowerCase().replaceAll(" ", "."),
          "instancetype.kubevirt.io/cpu": String(cpus),
          "instancetype.kubevirt.io/memory": memory,
          "instancetype.kubevirt.io/size": size,
          "instancetype.kubevirt.io/vendor": "kubevirt.io",
        },
        annotations: {
          "instancetype.kubevirt.io/displayName": displayName,
          "instancetype.kubevirt.io/description": description,
        },
      },
      spec: { cpu: { guest: cpus, ...extra.cpu }, memory: { guest: memory, ...extra.memory }, ...extra.rest },
    });
  });
}

const gpuType = clusterObject(apiVersion, "VirtualMachineClusterInstancetype", "gn1.xlarge", {
  metadata: {
    labels: {
      "instancetype.kubevirt.io/class": "gpu",
      "instancetype.kubevirt.io/cpu": "4",
      "instancetype.kubevirt.io/memory": "16Gi",
      "instancetype.kubevirt.io/size": "xlarge",
    },
    annotations: {
      "instancetype.kubevirt.io/displayName": "GPU",
      "instancetype.kubevirt.io/description": "One NVIDIA A10 passed through.",
    },
  },
  spec: {
    cpu: { guest: 4 },
    memory: { guest: "16Gi" },
    gpus: [{ name: "gpu1", deviceName: "nvidia.com/GA102GL_A10" }],
  },
});

interface PreferenceFacts {
  name: string;
  displayName: string;
  os: "linux" | "windows";
  cpus: number;
  memory: string;
  efi?: boolean;
}

const preferences: PreferenceFacts[] = [
  { name: "linux", displayName: "Linux", os: "linux", cpus: 1, memory: "32Mi" },
  { name: "linux.efi", displayName: "Linux (UEFI)", os: "linux", cpus: 1, memory: "32Mi", efi: true },
  { name: "alpine", displayName: "Alpine", os: "linux", cpus: 1, memory: "512Mi" },
  { name: "debian", displayName: "Debian", os: "linux", cpus: 1, memory: "512Mi", efi: true },
  { name: "ubuntu", displayName: "Ubuntu", os: "linux", cpus: 1, memory: "2Gi" },
  { name: "fedora", displayName: "Fedora (amd64)", os: "linux", cpus: 1, memory: "2Gi", efi: true },
  { name: "centos.stream9", displayName: "CentOS Stream 9", os: "linux", cpus: 1, memory: "1536Mi" },
  { name: "opensuse.leap", displayName: "openSUSE Leap", os: "linux", cpus: 1, memory: "1536Mi" },
  {
    name: "rhel.9",
    displayName: "Red Hat Enterprise Linux 9 (amd64)",
    os: "linux",
    cpus: 1,
    memory: "1536Mi",
  },
  {
    name: "windows.2k22",
    displayName: "Microsoft Windows Server 2022",
    os: "windows",
    cpus: 2,
    memory: "4Gi",
    efi: true,
  },
  {
    name: "windows.11",
    displayName: "Microsoft Windows 11",
    os: "windows",
    cpus: 2,
    memory: "4Gi",
    efi: true,
  },
];

function preference(facts: PreferenceFacts): NewObject {
  const linux = facts.os === "linux";
  return clusterObject(apiVersion, "VirtualMachineClusterPreference", facts.name, {
    metadata: {
      labels: {
        "instancetype.kubevirt.io/os-type": facts.os,
        "instancetype.kubevirt.io/vendor": "kubevirt.io",
      },
      annotations: { "openshift.io/display-name": facts.displayName },
    },
    spec: {
      annotations: { "vm.kubevirt.io/os": facts.os },
      devices: {
        preferredDiskBus: linux ? "virtio" : "sata",
        preferredInterfaceModel: linux ? "virtio" : "e1000e",
      },
      ...(facts.efi === true && { firmware: { preferredEfi: { secureBoot: false } } }),
      requirements: { cpu: { guest: facts.cpus }, memory: { guest: facts.memory } },
    },
  });
}

export function instanceTypeObjects(): NewObject[] {
  return [...series.flatMap(instanceTypes), gpuType, ...preferences.map(preference)];
}

/** What a project has beside the cluster's. */
export function projectTypeObjects(project: string): NewObject[] {
  return [
    namespacedObject(apiVersion, "VirtualMachineInstancetype", project, "shop.cache", {
      metadata: {
        labels: { "instancetype.kubevirt.io/class": "shop" },
        annotations: {
          "instancetype.kubevirt.io/displayName": "Shop caches",
          "instancetype.kubevirt.io/description": "Much memory for few cores, as the shop's caches want it.",
        },
      },
      spec: { cpu: { guest: 2 }, memory: { guest: "12Gi" } },
    }),
    namespacedObject(apiVersion, "VirtualMachinePreference", project, "shop.linux", {
      metadata: {
        labels: { "instancetype.kubevirt.io/os-type": "linux" },
        annotations: { "openshift.io/display-name": "Linux of the shop" },
      },
      spec: {
        devices: { preferredDiskBus: "scsi", preferredInterfaceModel: "virtio" },
        requirements: { cpu: { guest: 1 }, memory: { guest: "512Mi" } },
      },
    }),
  ];
}
