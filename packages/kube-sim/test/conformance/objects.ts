/** Objects one by one: creation, reading, replacing, dry runs, names, preconditions. */
import { beforeAll, describe, expect, test } from "vitest";
import { configMap, configMapsOf, deployment, newNamespace } from "./namespaces.ts";
import type { Target } from "./target.ts";

export function objects(api: () => Target): void {
  describe("objects", () => {
    let maps: string;
    let namespace: string;
    beforeAll(async () => {
      namespace = await newNamespace(api());
      maps = configMapsOf(namespace);
    });

    test("are created with what the server adds, and read back the same", async () => {
      const created = await api().call(maps, { body: configMap("first") });
      expect(created.code).toBe(201);
      expect(created.body).toMatchObject({ kind: "ConfigMap", apiVersion: "v1", data: { key: "value" } });
      const { uid, resourceVersion, creationTimestamp, managedFields } = created.body.metadata;
      expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(resourceVersion).toMatch(/^[1-9]\d*$/);
      expect(creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(managedFields).toHaveLength(1);
      expect(managedFields[0]).toMatchObject({
        operation: "Update",
        apiVersion: "v1",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:data": { ".": {}, "f:key": {} } },
      });
      const read = await api().call(`${maps}/first`);
      expect(read.code).toBe(200);
      expect(read.body).toEqual(created.body);
    });

    test("that exist are not created again", async () => {
      await api().call(maps, { body: configMap("twice") });
      const again = await api().call(maps, { body: configMap("twice") });
      expect(again.code).toBe(409);
      expect(again.body).toEqual({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: 'configmaps "twice" already exists',
        reason: "AlreadyExists",
        details: { name: "twice", kind: "configmaps" },
        code: 409,
      });
    });

    test("that do not exist are not found", async () => {
      const missing = await api().call(`${maps}/missing`);
      expect(missing.code).toBe(404);
      expect(missing.body).toEqual({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: 'configmaps "missing" not found',
        reason: "NotFound",
        details: { name: "missing", kind: "configmaps" },
        code: 404,
      });
      expect((await api().call(`${maps}/missing`, { method: "DELETE" })).body.reason).toBe("NotFound");
    });

    test("of a namespace that does not exist are refused", async () => {
      const refused = await api().call(configMapsOf("nowhere"), { body: configMap("x") });
      expect(refused.code).toBe(404);
      expect(refused.body.message).toBe('namespaces "nowhere" not found');
    });

    test("need a name, and a valid one", async () => {
      const nameless = await api().call(maps, { body: { data: {} } });
      expect(nameless.code).toBe(422);
      expect(nameless.body).toMatchObject({
        reason: "Invalid",
        message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
        details: {
          kind: "ConfigMap",
          causes: [
            {
              reason: "FieldValueRequired",
              message: "Required value: name or generateName is required",
              field: "metadata.name",
            },
          ],
        },
      });
      const wrong = await api().call(maps, { body: configMap("No_Name") });
      expect(wrong.code).toBe(422);
      expect(wrong.body.message).toContain(
        'ConfigMap "No_Name" is invalid: metadata.name: Invalid value: "No_Name": a lowercase RFC 1123 subdomain must consist of',
      );
      expect(wrong.body.details.causes).toMatchObject([
        { reason: "FieldValueInvalid", field: "metadata.name" },
      ]);
    });

    test("get a name of their prefix", async () => {
      const made = await api().call(maps, { body: { metadata: { generateName: "made-" } } });
      expect(made.code).toBe(201);
      expect(made.body.metadata.name).toMatch(/^made-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
      expect(made.body.metadata.generateName).toBe("made-");
    });

    test("must be of the path's namespace, name and kind", async () => {
      const other = await api().call(maps, { body: configMap("x", {}, { namespace: "default" }) });
      expect(other.code).toBe(400);
      expect(other.body.message).toBe(
        "the namespace of the provided object does not match the namespace sent on the request",
      );
      await api().call(maps, { body: configMap("path") });
      const renamed = await api().call(`${maps}/path`, { method: "PUT", body: configMap("object") });
      expect(renamed.code).toBe(400);
      expect(renamed.body.message).toBe(
        "the name of the object (object) does not match the name on the URL (path)",
      );
      const kind = await api().call(maps, { body: { ...configMap("y"), kind: "Secret" } });
      expect(kind.code).toBe(400);
      expect(kind.body.message).toContain("Secret in version");
    });

    test("that are no JSON are refused", async () => {
      const broken = await api().call(maps, { body: "{" });
      expect(broken.code).toBe(400);
      expect(broken.body.reason).toBe("BadRequest");
    });

    test("are replaced unless they have changed meanwhile", async () => {
      const { body } = await api().call(maps, { body: configMap("replaced") });
      const second = await api().call(`${maps}/replaced`, {
        method: "PUT",
        body: { ...body, data: { key: "2" } },
      });
      expect(second.code).toBe(200);
      expect(Number(second.body.metadata.resourceVersion)).toBeGreaterThan(
        Number(body.metadata.resourceVersion),
      );
      const stale = await api().call(`${maps}/replaced`, {
        method: "PUT",
        body: { ...body, data: { key: "3" } },
      });
      expect(stale.code).toBe(409);
      expect(stale.body).toMatchObject({
        reason: "Conflict",
        message:
          'Operation cannot be fulfilled on configmaps "replaced": the object has been modified; please apply your changes to the latest version and try again',
        details: { name: "replaced", kind: "configmaps" },
      });
      const { resourceVersion: _version, ...unversioned } = body.metadata;
      const blind = await api().call(`${maps}/replaced`, {
        method: "PUT",
        body: { ...body, metadata: unversioned },
      });
      expect(blind.code).toBe(200);
    });

    test("that are replaced by the same keep their version", async () => {
      const { body } = await api().call(maps, { body: configMap("same") });
      const same = await api().call(`${maps}/same`, { method: "PUT", body });
      expect(same.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
    });

    test("of another uid are not touched", async () => {
      const { body } = await api().call(maps, { body: configMap("uid") });
      const uid = "00000000-0000-4000-8000-000000000000";
      const changed = await api().call(`${maps}/uid`, {
        method: "PUT",
        body: { ...body, metadata: { ...body.metadata, uid } },
      });
      expect(changed.code).toBe(409);
      expect(changed.body.message).toContain(
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${body.metadata.uid}`,
      );
      const deleted = await api().call(`${maps}/uid`, { method: "DELETE", body: { preconditions: { uid } } });
      expect(deleted.code).toBe(409);
      expect(deleted.body.message).toBe(
        `Operation cannot be fulfilled on ConfigMap "uid": the UID in the precondition (${uid}) does not match the UID in record (${body.metadata.uid}). The object might have been deleted and then recreated`,
      );
      const version = await api().call(`${maps}/uid`, {
        method: "DELETE",
        body: { preconditions: { resourceVersion: "1" } },
      });
      expect(version.code).toBe(409);
      expect(version.body.message).toBe(
        `Operation cannot be fulfilled on ConfigMap "uid": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${body.metadata.resourceVersion}). The object might have been modified`,
      );
    });

    test("are only tried in a dry run", async () => {
      const tried = await api().call(`${maps}?dryRun=All`, { body: configMap("dry") });
      expect(tried.code).toBe(201);
      expect(tried.body.metadata.uid).toBeDefined();
      expect((await api().call(`${maps}/dry`)).code).toBe(404);
      await api().call(maps, { body: configMap("kept") });
      expect((await api().call(`${maps}/kept?dryRun=All`, { method: "DELETE" })).code).toBe(200);
      expect((await api().call(`${maps}/kept`)).code).toBe(200);
      const wrong = await api().call(`${maps}?dryRun=Some`, { body: configMap("dry") });
      expect(wrong.code).toBe(422);
      expect(wrong.body.message).toMatch(
        /^CreateOptions\.meta\.k8s\.io "" is invalid: dryRun: Unsupported value: .*"Some".*: supported values: "All"$/,
      );
    });

    test("of config maps have keys that can be file names", async () => {
      const { code, body } = await api().call(maps, { body: configMap("keys", { "with/slash": "1" }) });
      expect(code).toBe(422);
      expect(body.message).toContain(
        'ConfigMap "keys" is invalid: data[with/slash]: Invalid value: "with/slash": a valid config key must consist of alphanumeric characters',
      );
    });

    test("of immutable config maps keep their data", async () => {
      const { body } = await api().call(maps, { body: { ...configMap("fixed"), immutable: true } });
      const changed = await api().call(`${maps}/fixed`, {
        method: "PUT",
        body: { ...body, data: { key: "2" } },
      });
      expect(changed.code).toBe(422);
      expect(changed.body.message).toBe(
        'ConfigMap "fixed" is invalid: data: Forbidden: field is immutable when `immutable` is set',
      );
    });

    test("with a status get and change it by its own path alone", async () => {
      const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      const status = { observedGeneration: 7 };
      const created = await api().call(deployments, { body: { ...deployment("web", 0), status } });
      expect(created.code).toBe(201);
      expect(created.body.metadata.generation).toBe(1);
      expect(created.body.status).toEqual({});
      const scaled = await api().call(`${deployments}/web`, {
        method: "PATCH",
        headers: { "content-type": "application/merge-patch+json" },
        body: { spec: { replicas: 2 }, status: { observedGeneration: 9 } },
      });
      expect(scaled.body.metadata.generation).toBe(2);
      expect(scaled.body.status.observedGeneration).not.toBe(9);
      const labelled = await api().call(`${deployments}/web`, {
        method: "PATCH",
        headers: { "content-type": "application/merge-patch+json" },
        body: { metadata: { labels: { a: "b" } } },
      });
      expect(labelled.body.metadata.generation).toBe(2);
      const told = await api().call(`${deployments}/web/status`, {
        method: "PATCH",
        headers: { "content-type": "application/merge-patch+json" },
        body: { spec: { replicas: 5 }, status: { collisionCount: 3 } },
      });
      expect(told.code).toBe(200);
      expect(told.body.spec.replicas).toBe(2);
      expect(told.body.status.collisionCount).toBe(3);
    });

    test("scale by a subresource", async () => {
      const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      await api().call(deployments, { body: deployment("scaled", 0) });
      const read = await api().call(`${deployments}/scaled/scale`);
      expect(read.body).toMatchObject({
        kind: "Scale",
        apiVersion: "autoscaling/v1",
        spec: {},
        status: { replicas: 0, selector: "app=scaled" },
      });
      const written = await api().call(`${deployments}/scaled/scale`, {
        method: "PUT",
        body: { ...read.body, spec: { replicas: 3 } },
      });
      expect(written.code).toBe(200);
      expect(written.body.spec.replicas).toBe(3);
      expect((await api().call(`${deployments}/scaled`)).body.spec.replicas).toBe(3);
      const negative = await api().call(`${deployments}/scaled/scale`, {
        method: "PUT",
        body: { ...written.body, spec: { replicas: -1 } },
      });
      expect(negative.code).toBe(422);
      expect(negative.body.message).toContain(
        "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
      );
    });

    test("are asked for by methods that exist", async () => {
      const odd = await api().call(maps, { method: "PUT", body: configMap("x") });
      expect(odd.code).toBe(405);
      expect(odd.body).toMatchObject({
        reason: "MethodNotAllowed",
        message: "the server does not allow this method on the requested resource",
      });
      const unknown = await api().call(`/api/v1/namespaces/${namespace}/gadgets`);
      expect(unknown.code).toBe(404);
      expect(unknown.body).toMatchObject({
        kind: "Status",
        reason: "NotFound",
        message: "the server could not find the requested resource",
        code: 404,
      });
      const group = await api().call(`/apis/gadgets.example.com/v1/namespaces/${namespace}/gadgets`);
      expect(group.code).toBe(404);
      expect(group.headers["content-type"]).toContain("text/plain");
      expect(group.text).toBe("404 page not found\n");
    });

    test("come as JSON or YAML, and as nothing that is not known", async () => {
      await api().call(maps, { body: configMap("shown") });
      const yaml = await api().call(`${maps}/shown`, { headers: { accept: "application/yaml" } });
      expect(yaml.code).toBe(200);
      expect(yaml.headers["content-type"]).toBe("application/yaml");
      expect(yaml.text).toContain("kind: ConfigMap");
      const unknown = await api().call(`${maps}/shown`, { headers: { accept: "image/png" } });
      expect(unknown.code).toBe(406);
      expect(unknown.body).toMatchObject({ reason: "NotAcceptable", code: 406 });
      const written = await api().call(maps, {
        body: "metadata: {name: from-yaml}\ndata: {key: value}\n",
        headers: { "content-type": "application/yaml" },
      });
      expect(written.code).toBe(201);
      const media = await api().call(maps, { body: "x", headers: { "content-type": "text/plain" } });
      expect(media.code).toBe(415);
      expect(media.body.reason).toBe("UnsupportedMediaType");
    });
  });
}
