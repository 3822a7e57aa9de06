/** Metadata that no API server takes, whatever the kind. */
import type { Refusal } from "./refusal.ts";

const KEY =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const owner = (name: string, rest: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  name,
  uid: "1",
  ...rest,
});

const withMetadata = (metadata: object): { collection: string; object: object } => ({
  collection: "configmaps",
  object: { metadata: { name: "refused", ...metadata } },
});

export const metadataRefusals: readonly Refusal[] = [
  {
    what: "a label's key with a space",
    ...withMetadata({ labels: { "bad key!": "x" } }),
    causes: [`metadata.labels: Invalid value: "bad key!": ${KEY}`],
  },
  {
    what: "a label's key with two slashes",
    ...withMetadata({ labels: { "a/b/c": "x" } }),
    causes: [
      `metadata.labels: Invalid value: "a/b/c": a valid label key ${KEY.replace("name part ", "")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ],
    older: {
      before: 34,
      causes: [
        `metadata.labels: Invalid value: "a/b/c": a qualified name ${KEY.replace("name part ", "")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ],
    },
  },
  {
    what: "a label's key without its parts",
    ...withMetadata({ labels: { "/": "x" } }),
    causes: [
      'metadata.labels: Invalid value: "/": prefix part must be non-empty',
      'metadata.labels: Invalid value: "/": name part must be non-empty',
      `metadata.labels: Invalid value: "/": ${KEY}`,
    ],
  },
  {
    what: "a label's value that is no word",
    ...withMetadata({ labels: { a: "b c" } }),
    causes: [`metadata.labels: Invalid value: "b c": ${VALUE}`],
  },
  {
    what: "a label's long value",
    ...withMetadata({ labels: { a: "b".repeat(64) } }),
    causes: [`metadata.labels: Invalid value: "${"b".repeat(64)}": must be no more than 63 characters`],
  },
  {
    what: "an annotation's key",
    ...withMetadata({ annotations: { "bad key!": "x" } }),
    causes: [`metadata.annotations: Invalid value: "bad key!": ${KEY}`],
  },
  {
    what: "annotations of 300 KB",
    ...withMetadata({ annotations: { a: "x".repeat(300_000) } }),
    causes: ["metadata.annotations: Too long: may not be more than 262144 bytes"],
    older: { before: 32, causes: ["metadata.annotations: Too long: must have at most 262144 bytes"] },
  },
  {
    what: "a finalizer with a space",
    ...withMetadata({ finalizers: ["x y"] }),
    causes: [
      `metadata.finalizers: Invalid value: "x y": ${KEY}`,
      'metadata.finalizers[0]: Invalid value: "x y": name is neither a standard finalizer name nor is it fully qualified',
    ],
  },
  {
    what: "finalizers that exclude each other",
    ...withMetadata({ finalizers: ["orphan", "foregroundDeletion"] }),
    causes: [
      'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
    ],
    older: {
      before: 24,
      causes: [
        'metadata.finalizers: Invalid value: []string{"orphan", "foregroundDeletion"}: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    },
  },
  {
    what: "two owners that control",
    ...withMetadata({
      ownerReferences: [owner("a", { controller: true }), owner("b", { controller: true })],
    }),
    causes: [
      'metadata.ownerReferences: Invalid value: [{"apiVersion":"v1","kind":"ConfigMap","name":"a","uid":"1","controller":true},{"apiVersion":"v1","kind":"ConfigMap","name":"b","uid":"1","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for ConfigMap/a and ConfigMap/b',
    ],
    older: {
      before: 24,
      causes: [
        'metadata.ownerReferences: Invalid value: []v1.OwnerReference{v1.OwnerReference{APIVersion:"v1", Kind:"ConfigMap", Name:"a", UID:"1", Controller:(*bool)(0x), BlockOwnerDeletion:(*bool)(nil)}, v1.OwnerReference{APIVersion:"v1", Kind:"ConfigMap", Name:"b", UID:"1", Controller:(*bool)(0x), BlockOwnerDeletion:(*bool)(nil)}}: Only one reference can have Controller set to true. Found "true" in references for a and b',
      ],
    },
  },
  {
    what: "an event that owns",
    ...withMetadata({ ownerReferences: [owner("a", { kind: "Event" })] }),
    causes: [
      'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"a","uid":"1"}: /v1, Kind=Event is disallowed from being an owner',
    ],
    older: {
      before: 24,
      causes: [
        'metadata.ownerReferences: Invalid value: v1.OwnerReference{APIVersion:"v1", Kind:"Event", Name:"a", UID:"1", Controller:(*bool)(nil), BlockOwnerDeletion:(*bool)(nil)}: /v1, Kind=Event is disallowed from being an owner',
      ],
    },
  },
  {
    what: "what generated names begin with",
    ...withMetadata({ name: "refused", generateName: "Bad_" }),
    causes: [`metadata.generateName: Invalid value: "Bad_": ${SUBDOMAIN}`],
  },
  {
    what: "a namespace's name with a dot",
    collection: "/namespaces",
    object: { metadata: { name: "a.b" } },
    causes: ['metadata.name: Invalid value: "a.b": must not contain dots'],
    older: {
      before: 34,
      causes: [
        `metadata.name: Invalid value: "a.b": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    },
  },
  {
    what: "a role's name with a slash",
    collection: "rbac.authorization.k8s.io/v1/roles",
    object: { metadata: { name: "a/b%" }, rules: [] },
    causes: [
      `metadata.name: Invalid value: "a/b%": may not contain '/'`,
      `metadata.name: Invalid value: "a/b%": may not contain '%'`,
    ],
  },
  {
    what: "a config map of 1.1 MB",
    collection: "configmaps",
    object: { data: { a: "x".repeat(1_100_000) } },
    causes: ["[]: Too long: may not be more than 1048576 bytes"],
    older: { before: 32, causes: ["[]: Too long: must have at most 1048576 bytes"] },
  },
  {
    what: "a label of an object that is there",
    ...withMetadata({}),
    changed: { metadata: { labels: { "bad key!": "x" } } },
    causes: [`metadata.labels: Invalid value: "bad key!": ${KEY}`],
  },
];
