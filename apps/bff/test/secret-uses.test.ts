/** Every place where an object names a secret, one by one. */
import { expect, test } from "vitest";
import {
  namedByImport,
  namedByImportCron,
  namedByMachine,
  namedByMaker,
  namedByPod,
} from "../src/domain/secret-uses.ts";

const secretOf = (found: { secret: string }[]) => found.map(({ secret }) => secret);
const metadata = { name: "user" };
const ref = { name: "s" };

test.for([
  { volumes: [{ sysprep: { secret: ref } }] },
  { volumes: [{ cloudInitNoCloud: { secretRef: ref } }] },
  { volumes: [{ cloudInitNoCloud: { networkDataSecretRef: ref } }] },
  { volumes: [{ cloudInitConfigDrive: { secretRef: ref } }] },
  { volumes: [{ cloudInitConfigDrive: { networkDataSecretRef: ref } }] },
  { volumes: [{ containerDisk: { imagePullSecret: "s" } }] },
  { volumes: [{ secret: { secretName: "s" } }] },
  { accessCredentials: [{ sshPublicKey: { source: { secret: { secretName: "s" } } } }] },
  { accessCredentials: [{ userPassword: { source: { secret: { secretName: "s" } } } }] },
  { domain: { firmware: { kernelBoot: { container: { imagePullSecret: "s" } } } } },
])("a machine's %j", (spec) => {
  expect(secretOf(namedByMachine({ metadata, spec: { template: { spec } } }, "p"))).toEqual(["s"]);
});

test.for([
  { http: { secretRef: "s" } },
  { http: { secretExtraHeaders: ["s"] } },
  { registry: { secretRef: "s" } },
  { s3: { secretRef: "s" } },
  { gcs: { secretRef: "s" } },
  { imageio: { secretRef: "s" } },
  { vddk: { secretRef: "s" } },
])("a disk's %j, alone, in a machine's template and in a schedule's", (source) => {
  const disk = { metadata, spec: { source } };
  expect(secretOf(namedByImport(disk))).toEqual(["s"]);
  expect(secretOf(namedByMachine({ metadata, spec: { dataVolumeTemplates: [disk] } }, "p"))).toEqual(["s"]);
  expect(secretOf(namedByImportCron({ metadata, spec: { template: disk } }))).toEqual(["s"]);
});

test.for([
  { volumes: [{ secret: { secretName: "s" } }] },
  { volumes: [{ projected: { sources: [{ secret: ref }] } }] },
  { volumes: [{ csi: { nodePublishSecretRef: ref } }] },
  { volumes: [{ azureFile: { secretName: "s" } }] },
  { volumes: [{ iscsi: { secretRef: ref } }] },
  { imagePullSecrets: [ref] },
  { containers: [{ env: [{ valueFrom: { secretKeyRef: ref } }] }] },
  { initContainers: [{ envFrom: [{ secretRef: ref }] }] },
  { ephemeralContainers: [{ envFrom: [{ secretRef: ref }] }] },
])("a pod's %j, and its maker's", (spec) => {
  expect(secretOf(namedByPod({ metadata, spec }))).toEqual(["s"]);
  expect(secretOf(namedByMaker("deployment")({ metadata, spec: { template: { spec } } }))).toEqual(["s"]);
});
