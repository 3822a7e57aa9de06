/** One real object of every catalogued noun, and what its form would send: the generated tests are run on them. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import type { SpecInputOf } from "@kubev/api-types/object-shapes";

interface Sample<N extends ObjectNoun> {
  /** Everything but kind, apiVersion and metadata. */
  object: Record<string, unknown>;
  /** Null where the noun has no form. `name` is put in by the tests. */
  spec: Omit<SpecInputOf<N>, "name"> | null;
}

export const objectSamples: { readonly [N in ObjectNoun]: Sample<N> } = {
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
};
