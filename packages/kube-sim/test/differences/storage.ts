/** Differences of CDI and CSI that a request shows. */
import type { TestCluster } from "../cluster.ts";
import type { Difference } from "./difference.ts";
import { once, stored } from "./stored.ts";

const claims = "/api/v1/namespaces/default/persistentvolumeclaims";
const cdi = "/apis/cdi.kubevirt.io/v1beta1";
const dataVolumes = `${cdi}/namespaces/default/datavolumes`;

const resources = { requests: { storage: "16Mi" } };
const dataVolume = (cluster: TestCluster, name: string, source: object, spec: object = {}) =>
  stored(cluster, dataVolumes, "cdi.kubevirt.io/v1beta1", "DataVolume", name, {
    spec: { source, storage: { storageClassName: "fast-block", resources }, ...spec },
  });
const claim = (cluster: TestCluster, name: string, spec: object = {}) =>
  stored(cluster, claims, "v1", "PersistentVolumeClaim", name, {
    spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast-block", resources, ...spec },
  });

const running = (body: { status?: { conditions?: { type: string; message?: string }[] } }) =>
  body.status?.conditions?.find(({ type }) => type === "Running")?.message;

export const storage: readonly Difference[] = [
  {
    id: "no-group-snapshots",
    stillDiffers: async (cluster) => {
      const groups = "/apis/groupsnapshot.storage.k8s.io/v1";
      await stored(
        cluster,
        `${groups}/namespaces/default/volumegroupsnapshots`,
        "groupsnapshot.storage.k8s.io/v1",
        "VolumeGroupSnapshot",
        "group",
        { spec: { source: { selector: { matchLabels: { group: "a" } } } } },
      );
      // made later, and done with
      await claim(cluster, "after-group");
      await once(cluster, `${claims}/after-group`, ({ status }) => status?.phase === "Bound");
      const { body } = await cluster.call(`${groups}/namespaces/default/volumegroupsnapshots/group`);
      return body.status === undefined;
    },
  },
  {
    id: "upload-tokens-hs256",
    stillDiffers: async (cluster) => {
      await claim(cluster, "token");
      const { body } = await cluster.call(
        "/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/default/uploadtokenrequests",
        {
          body: {
            apiVersion: "upload.cdi.kubevirt.io/v1beta1",
            kind: "UploadTokenRequest",
            metadata: { name: "token" },
            spec: { pvcName: "token" },
          },
        },
      );
      const [head = ""] = (body.status.token as string).split(".");
      return (JSON.parse(Buffer.from(head, "base64url").toString()) as { alg: string }).alg === "HS256"; // a JWT's head
    },
  },
  {
    id: "no-imports-from-outside",
    stillDiffers: async (cluster) => {
      await dataVolume(cluster, "outside", { http: { url: "http://images.example.com/a.img" } });
      const body = await once(cluster, `${dataVolumes}/outside`, (one) => (running(one) ?? "") !== "");
      return running(body)?.includes("this embedded cluster reaches no address outside itself") === true;
    },
  },
  {
    id: "classic-phases",
    stillDiffers: async (cluster) => {
      await dataVolume(
        cluster,
        "waits",
        { blank: {} },
        { storage: { storageClassName: "standard-file", resources } },
      );
      const { status } = await once(
        cluster,
        `${dataVolumes}/waits`,
        (body) => !["", "Pending", undefined].includes(body.status?.phase),
      );
      return status.phase === "WaitForFirstConsumer";
    },
  },
  {
    id: "no-populators",
    stillDiffers: async (cluster) => {
      const api = "cdi.kubevirt.io/v1beta1";
      await stored(
        cluster,
        `${cdi}/namespaces/default/volumeimportsources`,
        api,
        "VolumeImportSource",
        "import",
        {
          spec: { source: { blank: {} } },
        },
      );
      await claim(cluster, "populated", {
        dataSourceRef: { apiGroup: "cdi.kubevirt.io", kind: "VolumeImportSource", name: "import" },
      });
      // made later, and done with
      await claim(cluster, "after-populated");
      await once(cluster, `${claims}/after-populated`, ({ status }) => status?.phase === "Bound");
      return (await cluster.call(`${claims}/populated`)).body.status.phase === "Pending";
    },
  },
  {
    id: "crons-without-digest",
    stillDiffers: async (cluster) => {
      const crons = `${cdi}/namespaces/default/dataimportcrons`;
      const source = { registry: { url: "docker://registry.example.com/a" } };
      await stored(cluster, crons, "cdi.kubevirt.io/v1beta1", "DataImportCron", "cron", {
        spec: {
          schedule: "0 3 * * *",
          managedDataSource: "cron",
          template: { spec: { source, storage: { resources } } },
        },
      });
      const { status } = await once(
        cluster,
        `${crons}/cron`,
        (body) => body.status?.conditions !== undefined,
      );
      return status.conditions.some((one: { reason: string }) => one.reason === "NoDigest");
    },
  },
  {
    id: "archives-are-images",
    stillDiffers: async (cluster) => {
      await dataVolume(cluster, "archive", { upload: {} }, { contentType: "archive" });
      const { metadata } = await once(cluster, `${claims}/archive`, () => true);
      return metadata.annotations["cdi.kubevirt.io/storage.contentType"] === "kubevirt";
    },
  },
  {
    id: "upload-state-in-annotations",
    stillDiffers: async (cluster) => {
      await dataVolume(cluster, "upload", { upload: {} });
      await once(cluster, `${dataVolumes}/upload`, ({ status }) => status?.phase === "UploadReady");
      const { metadata } = (await cluster.call(`${claims}/upload`)).body;
      const { code } = await cluster.call("/api/v1/namespaces/default/pods/cdi-upload-upload");
      return metadata.annotations["kubesim/upload-state"] === "ready" && code === 404;
    },
  },
  {
    id: "no-filesystem-overhead",
    stillDiffers: async (cluster) => {
      await dataVolume(
        cluster,
        "overhead",
        { blank: {} },
        { storage: { storageClassName: "archive", resources } },
      );
      const { spec } = await once(cluster, `${claims}/overhead`, () => true);
      return spec.resources.requests.storage === "16Mi";
    },
  },
  {
    id: "invented-capacity",
    stillDiffers: async (cluster) => {
      const { items } = await once(
        cluster,
        "/apis/storage.k8s.io/v1/csistoragecapacities",
        (body) => body.items.length > 0,
      );
      // what other proofs hold of it meanwhile is little
      return items.every(({ capacity }: { capacity: string }) =>
        /^(?:6[34]Ti|6[45]\d{3}Gi|6[67]\d{6}Mi)$/.test(capacity),
      );
    },
  },
  {
    id: "orphan-profiles-kept",
    stillDiffers: async (cluster) => {
      const profiles = "/apis/cdi.kubevirt.io/v1beta1/storageprofiles";
      const body = {
        apiVersion: "cdi.kubevirt.io/v1beta1",
        kind: "StorageProfile",
        metadata: { name: "orphan" },
        spec: {},
      };
      await cluster.call(profiles, { body });
      // a profile that is made behind it has been looked at: then this one has been, too
      await cluster.call("/apis/storage.k8s.io/v1/storageclasses", {
        body: { metadata: { name: "behind" }, provisioner: "x.example.com" },
      });
      await once(cluster, `${profiles}/behind`, (one) => one.status !== undefined);
      return (await cluster.call(`${profiles}/orphan`)).code === 200;
    },
  },
  {
    id: "hand-made-volumes-unprofiled",
    stillDiffers: async (cluster) => {
      await stored(cluster, "/api/v1/persistentvolumes", "v1", "PersistentVolume", "hand-made", {
        spec: {
          storageClassName: "by-hand",
          accessModes: ["ReadWriteOnce"],
          capacity: { storage: "1Gi" },
          csi: { driver: "by.hand", volumeHandle: "a" },
        },
      });
      await stored(
        cluster,
        "/apis/storage.k8s.io/v1/storageclasses",
        "storage.k8s.io/v1",
        "StorageClass",
        "by-hand",
        {
          provisioner: "kubernetes.io/no-provisioner",
        },
      );
      const { status } = await once(
        cluster,
        `${cdi}/storageprofiles/by-hand`,
        (body) => body.status?.conditions !== undefined,
      );
      return status.claimPropertySets.length === 0;
    },
  },
];
