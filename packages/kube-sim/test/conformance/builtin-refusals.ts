/** Objects of other built-in kinds that no API server takes. */
import type { Refusal } from "./refusal.ts";

const refusal =
  (collection: string, base: object, olderCollection?: string) =>
  (what: string, object: object, causes: string[], more: Partial<Refusal> = {}): Refusal => ({
    what,
    collection,
    object: { ...base, ...object },
    causes,
    ...(olderCollection === undefined ? {} : { olderCollection }),
    ...more,
  });

const older = (...causes: string[]): Partial<Refusal> => ({ older: { before: 24, causes } });

const fine = { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, hostPath: { path: "/a" } };
const volume = refusal("/persistentvolumes", { spec: fine });
const attachment = refusal("/storage.k8s.io/v1/volumeattachments", {});
const range = refusal("limitranges", {});
const quota = refusal("resourcequotas", {});
const policy = refusal("networking.k8s.io/v1/networkpolicies", {});
const endpoints = refusal("endpoints", {});
const slice = refusal("discovery.k8s.io/v1/endpointslices", {}, "discovery.k8s.io/v1beta1/endpointslices");
const priority = refusal("/scheduling.k8s.io/v1/priorityclasses", { value: 5 });
const lease = refusal("coordination.k8s.io/v1/leases", {});
const budget = refusal("policy/v1/poddisruptionbudgets", {}, "policy/v1beta1/poddisruptionbudgets");

const NEGATIVE = "must be greater than or equal to 0";

export const builtinRefusals: readonly Refusal[] = [
  volume(
    "a volume's modes, size and kind",
    { spec: { accessModes: ["Sometimes"], capacity: { storage: "0" } } },
    [
      'spec.accessModes: Unsupported value: "Sometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
      "spec: Required value: must specify a volume type",
    ],
    older(
      'spec.accessModes: Unsupported value: "Sometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce"',
      'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
      "spec: Required value: must specify a volume type",
    ),
  ),
  volume("a volume of two kinds", { spec: { ...fine, nfs: { server: "s", path: "/" } } }, [
    "spec.nfs: Forbidden: may not specify more than 1 volume type",
  ]),
  volume(
    "a volume's policy and mode",
    { spec: { ...fine, persistentVolumeReclaimPolicy: "Burn", volumeMode: "Tape" } },
    [
      'spec.persistentVolumeReclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Recycle", "Retain"',
      'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
    ],
  ),
  volume(
    "a volume's source, once it is there",
    {},
    ["spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"],
    { changed: { spec: { hostPath: { path: "/b" } } } },
  ),
  volume("a volume's size, once it is there", {}, [], {
    changed: { spec: { capacity: { storage: "2Gi" } } },
  }),
  attachment("an attachment of nothing", { spec: { attacher: "a.example.com", source: {}, nodeName: "n" } }, [
    "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
  ]),
  range(
    "a range upside down",
    {
      spec: {
        limits: [
          { type: "PersistentVolumeClaim", min: { storage: "2" }, max: { storage: "1" } },
          { type: "PersistentVolumeClaim", min: { storage: "1" } },
        ],
      },
    },
    [
      'spec.limits[0].min[storage]: Invalid value: "2": min value 2 is greater than max value 1',
      'spec.limits[1].type: Duplicate value: "PersistentVolumeClaim"',
    ],
    older(
      'spec.limits[0].min[storage]: Invalid value: resource.Quantity{i:resource.int64Amount{value:2, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"2", Format:"DecimalSI"}: min value 2 is greater than max value 1',
      'spec.limits[1].type: Duplicate value: "PersistentVolumeClaim"',
    ),
  ),
  range(
    "limits of what has none",
    {
      spec: {
        limits: [
          { type: "Machine" },
          { type: "Pod", default: { cpu: "1" } },
          { type: "PersistentVolumeClaim" },
        ],
      },
    },
    [
      'spec.limits[0].type: Invalid value: "Machine": must be a standard limit type or fully qualified',
      "spec.limits[1].default: Forbidden: may not be specified when `type` is 'Pod'",
      "spec.limits[2].limits: Required value: either minimum or maximum storage value is required, but neither was provided",
    ],
  ),
  quota(
    "a quota's amounts",
    { spec: { hard: { pods: "-1", cpu: "1", storage: "1", cats: "1", secrets: "500m" } } },
    [
      `spec.hard[pods]: Invalid value: "-1": ${NEGATIVE}`,
      'spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota',
      'spec.hard[cats]: Invalid value: "cats": must be a standard resource type or fully qualified',
      'spec.hard[cats]: Invalid value: "cats": must be a standard resource for quota',
      'spec.hard[secrets]: Invalid value: "500m": must be an integer',
    ],
    older(
      `spec.hard[pods]: Invalid value: "-1": ${NEGATIVE}`,
      'spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota',
      'spec.hard[cats]: Invalid value: "cats": must be a standard resource type or fully qualified',
      'spec.hard[cats]: Invalid value: "cats": must be a standard resource for quota',
      'spec.hard[secrets]: Invalid value: resource.Quantity{i:resource.int64Amount{value:500, scale:-3}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"500m", Format:"DecimalSI"}: must be an integer',
    ),
  ),
  quota(
    "a quota's scopes, once it is there",
    { spec: { hard: { pods: "1" }, scopes: ["BestEffort"] } },
    ['spec.scopes: Invalid value: ["NotBestEffort"]: field is immutable'],
    {
      changed: { spec: { scopes: ["NotBestEffort"] } },
      ...older('spec.scopes: Invalid value: []core.ResourceQuotaScope{"NotBestEffort"}: field is immutable'),
    },
  ),
  policy(
    "a policy's types and ports",
    {
      spec: {
        podSelector: {},
        policyTypes: ["Sideways"],
        ingress: [{ ports: [{ port: 0, protocol: "X" }], from: [{}] }],
      },
    },
    [
      'spec.ingress[0].ports[0].protocol: Unsupported value: "X": supported values: "TCP", "UDP", "SCTP"',
      "spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      "spec.ingress[0].from[0]: Required value: must specify a peer",
      'spec.policyTypes[0]: Unsupported value: "Sideways": supported values: "Ingress", "Egress"',
    ],
  ),
  policy(
    "a policy's blocks",
    {
      spec: {
        podSelector: {},
        egress: [
          {
            to: [
              { ipBlock: { cidr: "10.0.0.0/8", except: ["11.0.0.0/16"] } },
              { ipBlock: { cidr: "10.0.0.0/8" }, podSelector: {} },
              { ipBlock: { cidr: "ten" } },
            ],
          },
        ],
      },
    },
    [
      'spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
      "spec.egress[0].to[1]: Forbidden: may not specify both ipBlock and another peer",
      'spec.egress[0].to[2].ipBlock.cidr: Invalid value: "ten": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
    older(
      'spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
      "spec.egress[0].to[1]: Forbidden: may not specify both ipBlock and another peer",
      'spec.egress[0].to[2].ipBlock.cidr: Invalid value: "ten": not a valid CIDR',
    ),
  ),
  endpoints(
    "endpoints nowhere",
    {
      subsets: [
        { addresses: [{ ip: "127.0.0.1" }, { ip: "x" }], ports: [{ port: 0 }, { name: "b", port: 1 }] },
        {},
      ],
    },
    [
      'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'subsets[0].addresses[1].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'subsets[0].addresses[1].ip: Invalid value: "x": must be a valid IP address',
      "subsets[0].ports[0].name: Required value",
      "subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      "subsets[1]: Required value: must specify `addresses` or `notReadyAddresses`",
    ],
    older(
      'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8)',
      'subsets[0].addresses[1].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'subsets[0].addresses[1].ip: Invalid value: "x": must be a valid IP address',
      "subsets[0].ports[0].name: Required value",
      "subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      "subsets[1]: Required value: must specify `addresses` or `notReadyAddresses`",
    ),
  ),
  slice(
    "a slice's addresses",
    { addressType: "IPv4", endpoints: [{ addresses: ["::1"] }, { addresses: [] }] },
    [
      'endpoints[0].addresses[0]: Invalid value: "::1": must be a valid IPv4 address',
      "endpoints[1].addresses: Required value: must contain at least 1 address",
    ],
  ),
  slice("a slice's type", { addressType: "Mail", endpoints: [] }, [
    'addressType: Unsupported value: "Mail": supported values: "FQDN", "IPv4", "IPv6"',
  ]),
  priority("a priority of the system's", { value: 1_000_000_001 }, [
    "value: Forbidden: maximum allowed value of a user defined priority is 1000000000",
  ]),
  priority("another priority", {}, ["value: Forbidden: may not be changed in an update."], {
    changed: { value: 6 },
    ...older("Value: Forbidden: may not be changed in an update."),
  }),
  lease(
    "a lease's times",
    { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } },
    [
      "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
      `spec.leaseTransitions: Invalid value: -1: ${NEGATIVE}`,
    ],
    older(
      "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
      "spec.leaseTransitions: Invalid value: -1: must to greater or equal than 0",
    ),
  ),
  budget(
    "a budget of both kinds",
    { spec: { minAvailable: 1, maxUnavailable: 1 } },
    [
      'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
    ],
    older(
      "spec: Invalid value: policy.PodDisruptionBudgetSpec{MinAvailable:(*intstr.IntOrString)(0x), Selector:(*v1.LabelSelector)(nil), MaxUnavailable:(*intstr.IntOrString)(0x)}: minAvailable and maxUnavailable cannot be both set",
    ),
  ),
  refusal("/namespaces", {})("a namespace's finalizers", { spec: { finalizers: ["x"] } }, [
    'spec.finalizers: Invalid value: "x": name is neither a standard finalizer name nor is it fully qualified',
  ]),
];
