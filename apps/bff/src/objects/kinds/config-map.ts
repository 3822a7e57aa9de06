/** Config maps: rows keep their keys and sizes, never their texts. */
import type { RawMeta } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";

interface RawConfigMap {
  metadata?: RawMeta;
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
  immutable?: boolean;
}

const entriesOf = ({ data }: RawConfigMap) =>
  Object.entries(data ?? {}).map(([key, value]) => ({ key, value }));

export const configMapKind: ObjectKind<"config-map", RawConfigMap> = {
  noun: "config-map",
  read: ({ data, binaryData, immutable }) => ({
    state: present,
    facts: {
      keys: [...Object.keys(data ?? {}), ...Object.keys(binaryData ?? {})],
      sizeBytes:
        Object.values(data ?? {}).reduce((sum, value) => sum + Buffer.byteLength(value), 0) +
        Object.values(binaryData ?? {}).reduce((sum, value) => sum + Math.floor((value.length * 3) / 4), 0),
      immutable: immutable === true,
    },
  }),
  sort: { size: ({ sizeBytes }) => sizeBytes, keys: ({ keys }) => keys.length },
  words: ({ keys }) => keys,
  detail: (raw) => ({ entries: entriesOf(raw), binaryKeys: Object.keys(raw.binaryData ?? {}) }),
  form: {
    manifest: (spec, project, current) => ({
      ...current,
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { ...current?.metadata, name: spec.name, namespace: project },
      data: Object.fromEntries(spec.entries.map(({ key, value }) => [key, value])),
    }),
    spec: (raw) =>
      raw.immutable === true || raw.binaryData !== undefined
        ? null
        : { name: raw.metadata?.name ?? "", entries: entriesOf(raw) },
    fieldOf: (field) =>
      /metadata\.name|^name/.test(field) ? "name" : field.startsWith("data") ? "entries" : null,
  },
};
