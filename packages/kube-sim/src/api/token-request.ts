/** Mints tokens of service accounts, bound to an object where that is asked for. Source: pkg/registry/core/serviceaccount/storage/token.go. */
import { invalidValue } from "../admission/field-causes.ts";
import { type BoundObject, BOUND_RESOURCES } from "../auth/service-account-tokens.ts";
import { badRequest, conflict, notFound, StatusError } from "../store/status-error.ts";
import type { ApiContext } from "./api-context.ts";
import { isRecord } from "./json-patch.ts";
import type { ResourceRequest } from "./request-info.ts";

type Json = Record<string, unknown>;

/** Source: pkg/apis/authentication/validation. */
const LEAST_SECONDS = 600;
/** What kube-sim gives at most, as `--service-account-max-token-expiration` says on a real server. */
const MOST_SECONDS = 48 * 3600;

const AUDIENCE = "https://kubernetes.default.svc.cluster.local";

function readSeconds(given: unknown): number {
  const asked = given ?? 3600;
  if (typeof asked !== "number" || !Number.isInteger(asked))
    throw badRequest(
      `TokenRequest in version "v1" cannot be handled as a TokenRequest: json: cannot unmarshal ${typeof asked} into Go struct field TokenRequestSpec.spec.expirationSeconds of type int64`,
    );
  const wrong =
    asked < LEAST_SECONDS
      ? "may not specify a duration less than 10 minutes"
      : asked > 2 ** 32
        ? "may not specify a duration larger than 2^32 seconds"
        : undefined;
  if (wrong === undefined) return Math.min(asked, MOST_SECONDS);
  const cause = invalidValue("spec.expirationSeconds", asked, wrong);
  throw new StatusError(
    422,
    "Invalid",
    `TokenRequest.authentication.k8s.io "" is invalid: ${cause.field}: ${cause.message}`,
    { group: "authentication.k8s.io", kind: "TokenRequest", causes: [cause] },
  );
}

function readBound(context: ApiContext, info: ResourceRequest, given: unknown): BoundObject | undefined {
  if (!isRecord(given)) return undefined;
  const { kind, name, uid } = given;
  const resource = typeof kind === "string" ? BOUND_RESOURCES[kind] : undefined;
  if (resource === undefined || typeof kind !== "string" || typeof name !== "string") {
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(info.name)} to object with kind ${JSON.stringify(kind)}`,
    );
  }
  const found = context.store.get({
    group: "",
    resource,
    name,
    ...(kind === "Node" ? {} : { namespace: info.namespace }),
  });
  if (found === undefined) throw notFound({ group: "", resource }, name);
  if (typeof uid === "string" && uid !== "" && uid !== found.metadata.uid) {
    throw conflict(
      { group: "", resource: kind },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  const { serviceAccountName } = (found["spec"] ?? {}) as { serviceAccountName?: string }; // a Pod's, if it is one
  if (kind === "Pod" && serviceAccountName !== info.name) {
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(info.name)} to pod running with different serviceaccount name.`,
    );
  }
  return { kind, name, uid: found.metadata.uid };
}

export async function answerTokenRequest(
  context: ApiContext,
  info: ResourceRequest,
  body: Json,
  spec: Json,
): Promise<Json> {
  const { namespace, name } = info;
  const accounts = { group: "", resource: "serviceaccounts" };
  const account = context.store.get({ ...accounts, namespace, name });
  if (account === undefined) throw notFound(accounts, name);
  const seconds = readSeconds(spec["expirationSeconds"]);
  const asked = Array.isArray(spec["audiences"]) ? spec["audiences"].map(String) : [];
  const audiences = asked.length === 0 ? [AUDIENCE] : asked;
  const bound = readBound(context, info, spec["boundObjectRef"]);
  const subject = { namespace, name, uid: account.metadata.uid };
  const token = await context.serviceAccounts.mint(subject, audiences, seconds, bound);
  return {
    ...body,
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace, creationTimestamp: null },
    spec: { ...spec, audiences, expirationSeconds: seconds },
    status: {
      token,
      expirationTimestamp: `${new Date(context.now() + seconds * 1000).toISOString().slice(0, 19)}Z`,
    },
  };
}
