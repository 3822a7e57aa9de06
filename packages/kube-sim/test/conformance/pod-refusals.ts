/** Pods, and changes of pods, that no API server takes. */
import type { Refusal } from "./refusal.ts";

const container = (rest: object = {}): object => ({ name: "a", image: "a:1", ...rest });

const pod = (what: string, spec: object, causes: string[], older?: Refusal["older"]): Refusal => ({
  what,
  collection: "pods",
  object: { spec: { containers: [container()], ...spec } },
  causes,
  ...(older === undefined ? {} : { older }),
});

const ofContainer = (what: string, rest: object, causes: string[], older?: Refusal["older"]): Refusal =>
  pod(
    what,
    { containers: [container(rest)], volumes: [{ name: "v", emptyDir: {} }] },
    causes.map((cause) => `spec.containers[0].${cause}`),
    older && { ...older, causes: older.causes.map((cause) => `spec.containers[0].${cause}`) },
  );

const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const PROTOCOL = 'ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"';

const HALF =
  'resource.Quantity{i:resource.int64Amount{value:500, scale:-3}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"500m", Format:"DecimalSI"}';

const RANGE = "must be between 1 and 65535, inclusive";

const change = (what: string, changed: object, causes: string[], older?: Refusal["older"]): Refusal => ({
  what,
  collection: "pods",
  object: {
    spec: {
      containers: [container({ resources: { requests: { cpu: "1" } } })],
      activeDeadlineSeconds: 100,
      tolerations: [{ key: "kept", operator: "Exists" }],
    },
  },
  changed: { spec: changed },
  causes,
  ...(older === undefined ? {} : { older }),
});

const CHANGEABLE =
  "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
const FIXED = `spec: Forbidden: pod updates may not change fields other than ${CHANGEABLE}`;
const OLD_FIXED =
  "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)";
const oldFixed = { before: 25, causes: [OLD_FIXED] };

export const podRefusals: readonly Refusal[] = [
  pod("a pod without containers", { containers: [] }, ["spec.containers: Required value"]),
  pod("two containers of one name", { containers: [container(), container()] }, [
    'spec.containers[1].name: Duplicate value: "a"',
  ]),
  pod("an init container with a container's name", { initContainers: [container()] }, [
    'spec.initContainers[0].name: Duplicate value: "a"',
  ]),
  pod(
    "an init container with a probe",
    { initContainers: [container({ name: "b", livenessProbe: { exec: { command: ["a"] } } })] },
    [
      "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
    ],
    {
      before: 28,
      causes: [
        "spec.initContainers[0].livenessProbe: Invalid value: core.Probe{Handler:core.Handler{Exec:(*core.ExecAction)(0x), HTTPGet:(*core.HTTPGetAction)(nil), TCPSocket:(*core.TCPSocketAction)(nil)}, InitialDelaySeconds:0, TimeoutSeconds:1, PeriodSeconds:10, SuccessThreshold:1, FailureThreshold:3}: must not be set for init containers",
      ],
    },
  ),
  ofContainer("a container's name", { name: "A_" }, [`name: Invalid value: "A_": ${LABEL}`]),
  ofContainer("a container without an image", { image: "" }, ["image: Required value"]),
  ofContainer("a container without a name", { name: "" }, ["name: Required value"]),
  pod("a restart policy", { restartPolicy: "Sometimes" }, [
    'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
  ]),
  pod("a DNS policy", { dnsPolicy: "Mine" }, [
    'spec.dnsPolicy: Unsupported value: "Mine": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
  ]),
  ofContainer("when to pull", { imagePullPolicy: "Soon" }, [
    'imagePullPolicy: Unsupported value: "Soon": supported values: "Always", "IfNotPresent", "Never"',
  ]),
  ofContainer("a mount of no volume", { volumeMounts: [{ name: "w", mountPath: "/w" }] }, [
    'volumeMounts[0].name: Not found: "w"',
  ]),
  ofContainer(
    "two mounts at one place",
    {
      volumeMounts: [
        { name: "v", mountPath: "/v" },
        { name: "v", mountPath: "/v" },
      ],
    },
    ['volumeMounts[1].mountPath: Invalid value: "/v": must be unique'],
  ),
  ofContainer("a mount at no place", { volumeMounts: [{ name: "v", mountPath: "" }] }, [
    "volumeMounts[0].mountPath: Required value",
  ]),
  pod(
    "two volumes of one name",
    {
      volumes: [
        { name: "v", emptyDir: {} },
        { name: "v", emptyDir: {} },
      ],
    },
    ['spec.volumes[1].name: Duplicate value: "v"'],
  ),
  pod("a volume of two kinds", { volumes: [{ name: "v", emptyDir: {}, hostPath: { path: "/" } }] }, [
    "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
  ]),
  pod("volumes that say too little", { volumes: [{ name: "v", secret: {} }, { configMap: {} }] }, [
    "spec.volumes[0].secret.secretName: Required value",
    "spec.volumes[1].configMap.name: Required value",
    "spec.volumes[1].name: Required value",
  ]),
  pod(
    "a path up",
    { volumes: [{ name: "v", hostPath: { path: "/a/../b", type: "Hole" } }] },
    [
      "spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
      'spec.volumes[0].hostPath.type: Unsupported value: "Hole": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
    {
      before: 25,
      causes: [
        "spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
        'spec.volumes[0].hostPath.type: Unsupported value: "Hole": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
      ],
    },
  ),
  ofContainer(
    "two ports of one name",
    {
      ports: [
        { name: "p", containerPort: 1 },
        { name: "p", containerPort: 2 },
      ],
    },
    ['ports[1].name: Duplicate value: "p"'],
  ),
  ofContainer(
    "ports out of range",
    {
      ports: [
        { containerPort: 70_000, hostPort: 70_000 },
        { containerPort: 0, protocol: "UDP" },
      ],
    },
    [
      `ports[0].containerPort: Invalid value: 70000: ${RANGE}`,
      `ports[0].hostPort: Invalid value: 70000: ${RANGE}`,
      "ports[1].containerPort: Required value",
    ],
  ),
  ofContainer(
    "a port's name and protocol",
    { ports: [{ name: "A--", containerPort: 1, protocol: "X" }] },
    [
      'ports[0].name: Invalid value: "A--": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'ports[0].name: Invalid value: "A--": must contain at least one letter (a-z)',
      'ports[0].name: Invalid value: "A--": must not contain consecutive hyphens',
      'ports[0].name: Invalid value: "A--": must not begin or end with a hyphen',
      PROTOCOL,
    ],
    {
      before: 24,
      causes: [
        'ports[0].name: Invalid value: "A--": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'ports[0].name: Invalid value: "A--": must contain at least one letter or number (a-z, 0-9)',
        'ports[0].name: Invalid value: "A--": must not contain consecutive hyphens',
        'ports[0].name: Invalid value: "A--": must not begin or end with a hyphen',
        PROTOCOL,
      ],
    },
  ),
  ofContainer(
    "more asked for than allowed",
    { resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } },
    ['resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    {
      before: 29,
      causes: ['resources.requests: Invalid value: "2": must be less than or equal to cpu limit'],
    },
  ),
  ofContainer("less than nothing", { resources: { requests: { memory: "-1" } } }, [
    'resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0',
  ]),
  ofContainer("a resource of no container", { resources: { requests: { pods: "1", gpus: "1" } } }, [
    'resources.requests[pods]: Invalid value: "pods": must be a standard resource for containers',
    'resources.requests[gpus]: Invalid value: "gpus": must be a standard resource type or fully qualified',
    'resources.requests[gpus]: Invalid value: "gpus": must be a standard resource for containers',
  ]),
  ofContainer(
    "half a device",
    { resources: { limits: { "example.com/gpu": "500m" } } },
    [
      'resources.limits[example.com/gpu]: Invalid value: "500m": must be an integer',
      'resources.requests[example.com/gpu]: Invalid value: "500m": must be an integer',
    ],
    {
      before: 24,
      causes: [
        `resources.limits[example.com/gpu]: Invalid value: ${HALF}: must be an integer`,
        `resources.requests[example.com/gpu]: Invalid value: ${HALF}: must be an integer`,
      ],
    },
  ),
  ofContainer("a device without a limit", { resources: { requests: { "example.com/gpu": "1" } } }, [
    "resources.limits: Required value: Limit must be set for non overcommitable resources",
  ]),
  ofContainer(
    "a variable's name",
    { env: [{ name: "a=b" }, { value: "x" }] },
    [
      "env[0].name: Invalid value: \"a=b\": a valid environment variable name must consist only of printable ASCII characters other than '='",
      "env[1].name: Required value",
    ],
    {
      before: 32,
      causes: [
        "env[0].name: Invalid value: \"a=b\": a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')",
        "env[1].name: Required value",
      ],
    },
  ),
  ofContainer(
    "a variable of two values",
    { env: [{ name: "A", value: "x", valueFrom: { secretKeyRef: { name: "s", key: "" } } }] },
    [
      "env[0].valueFrom.secretKeyRef.key: Required value",
      'env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
    ],
  ),
  ofContainer("variables from nowhere", { envFrom: [{}] }, [
    'envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
  ]),
  ofContainer(
    "a probe of nothing, and one that never ends",
    { livenessProbe: {}, readinessProbe: { tcpSocket: { port: 1 }, periodSeconds: -1 } },
    [
      "livenessProbe: Required value: must specify a handler type",
      "readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
    ],
  ),
  ofContainer(
    "how often a container must be alive",
    { livenessProbe: { exec: { command: ["a"] }, successThreshold: 2 } },
    ["livenessProbe.successThreshold: Invalid value: 2: must be 1"],
  ),
  pod("no time to live", { activeDeadlineSeconds: 0 }, [
    "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
  ]),
  pod("a toleration of everything, in part", { tolerations: [{ effect: "NoExecute" }] }, [
    'spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"',
  ]),
  pod("a toleration for a time", { tolerations: [{ key: "a", tolerationSeconds: 1 }] }, [
    "spec.tolerations[0].effect: Invalid value: \"\": effect must be 'NoExecute' when `tolerationSeconds` is set",
  ]),
  pod("an effect of taints", { tolerations: [{ key: "a", effect: "Fall" }] }, [
    'spec.tolerations[0].effect: Unsupported value: "Fall": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
  ]),
  pod("a selector of nodes", { nodeSelector: { a: "/" } }, [
    "spec.nodeSelector: Invalid value: \"/\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  ]),
  change(
    "another image",
    { containers: [container({ image: "a:2", resources: { requests: { cpu: "1" } } })] },
    [],
  ),
  change("a shorter life", { activeDeadlineSeconds: 50 }, []),
  change("a longer life", { activeDeadlineSeconds: 500 }, [
    "spec.activeDeadlineSeconds: Invalid value: 500: must be less than or equal to previous value",
  ]),
  change("another restart policy", { restartPolicy: "Never" }, [FIXED], oldFixed),
  change(
    "another command",
    { containers: [container({ command: ["b"], resources: { requests: { cpu: "1" } } })] },
    [FIXED],
    oldFixed,
  ),
  change(
    "more of it",
    { containers: [container({ resources: { requests: { cpu: "2" } } })] },
    [FIXED],
    oldFixed,
  ),
  change("one container more", { containers: [container(), container({ name: "b" })] }, [
    "spec.containers: Forbidden: pod updates may not add or remove containers",
  ]),
  change("a toleration less", { tolerations: [] }, [
    "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
  ]),
  change(
    "a toleration more",
    {
      tolerations: [
        {
          key: "node.kubernetes.io/not-ready",
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 3,
        },
        {
          key: "node.kubernetes.io/unreachable",
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 300,
        },
        { key: "kept", operator: "Exists" },
        { key: "mine", operator: "Exists" },
      ],
    },
    [],
  ),
];
