/** Access reviews, token reviews and token requests: questions that clients POST and nobody stores. */
import { TOKEN_ISSUER } from "../auth/service-account-tokens.ts";
import type { User } from "../auth/user.ts";
import type { PolicyRule, ResourceAttributes } from "../rbac/policy-rule.ts";
import type { Decision } from "../rbac/authorizer.ts";
import { badRequest, StatusError } from "../store/status-error.ts";
import { invalidValue } from "../admission/field-causes.ts";
import type { ApiContext } from "./api-context.ts";
import { isRecord } from "./json-patch.ts";
import { answerTokenRequest } from "./token-request.ts";
import type { ResourceRequest } from "./request-info.ts";

type Json = Record<string, unknown>;

/** Exactly where they are served: another group, version or subresource is another right. */
const REVIEWS = new Set([
  "authorization.k8s.io/v1/selfsubjectaccessreviews",
  "authorization.k8s.io/v1/subjectaccessreviews",
  "authorization.k8s.io/v1/localsubjectaccessreviews",
  "authorization.k8s.io/v1/selfsubjectrulesreviews",
  "authentication.k8s.io/v1/selfsubjectreviews",
  "authentication.k8s.io/v1/tokenreviews",
  "/v1/serviceaccounts/token",
]);

export const isReview = ({
  verb,
  group,
  version,
  resource,
  subresource,
  namespace,
}: ResourceRequest): boolean =>
  verb === "create" &&
  REVIEWS.has(`${group}/${version}/${resource}${subresource === "" ? "" : `/${subresource}`}`) &&
  (namespace !== "") === (resource === "serviceaccounts" || resource === "localsubjectaccessreviews");

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const record = (value: unknown): Json => (isRecord(value) ? value : {});
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The answered review; undefined when there is no such review. */
export async function answerReview(
  context: ApiContext,
  info: ResourceRequest,
  user: User,
  body: unknown,
): Promise<Json | undefined> {
  if (!isRecord(body)) throw badRequest("the request body is not an object");
  const spec = record(body["spec"]);
  const answer = (status: Json): Json => ({
    ...body,
    apiVersion: body["apiVersion"] ?? `${info.group}/${info.version}`,
    metadata: { creationTimestamp: null, ...record(body["metadata"]) },
    status,
  });
  switch (info.resource) {
    case "selfsubjectaccessreviews":
      return answer(decisionStatus(decide(context, user, spec, "SelfSubjectAccessReview")));
    case "subjectaccessreviews":
      return answer(decisionStatus(decide(context, readSubject(spec), spec, "SubjectAccessReview")));
    case "localsubjectaccessreviews": {
      const attributes = record(spec["resourceAttributes"]);
      if (text(attributes["namespace"]) !== info.namespace) {
        throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${info.namespace}`);
      }
      return answer(decisionStatus(decide(context, readSubject(spec), spec, "LocalSubjectAccessReview")));
    }
    case "selfsubjectrulesreviews":
      return answer(rulesStatus(context.authorizer.rulesFor(user, text(spec["namespace"]))));
    case "selfsubjectreviews":
      return answer({ userInfo: userInfo(user) });
    case "tokenreviews": {
      const asked = texts(spec["audiences"]);
      const found = await context.authenticator.checkToken(
        text(spec["token"]),
        asked.length === 0 ? [TOKEN_ISSUER] : asked,
      );
      return answer(
        found === undefined
          ? { user: {}, error: "invalid bearer token" }
          : {
              authenticated: true,
              user: userInfo(found.user),
              audiences: found.audiences,
            },
      );
    }
    case "serviceaccounts":
      return answerTokenRequest(context, info, body, spec);
    default:
      return undefined;
  }
}

const userInfo = (user: User): Json => ({
  username: user.name,
  ...(user.uid === undefined ? {} : { uid: user.uid }),
  groups: user.groups,
  ...(Object.keys(user.extra).length === 0 ? {} : { extra: user.extra }),
});

function readSubject(spec: Json): User {
  const extra = Object.fromEntries(
    Object.entries(record(spec["extra"])).map(([key, value]) => [key, texts(value)]),
  );
  return { name: text(spec["user"]), groups: texts(spec["groups"]), extra };
}

function decide(context: ApiContext, user: User, spec: Json, kind: string): Decision {
  if (isRecord(spec["resourceAttributes"])) {
    const given = spec["resourceAttributes"];
    const attributes: ResourceAttributes = {
      verb: text(given["verb"]),
      group: text(given["group"]),
      version: text(given["version"]),
      resource: text(given["resource"]),
      subresource: text(given["subresource"]),
      namespace: text(given["namespace"]),
      name: text(given["name"]),
    };
    return context.authorizer.authorize(user, attributes);
  }
  if (isRecord(spec["nonResourceAttributes"])) {
    const given = spec["nonResourceAttributes"];
    return context.authorizer.authorizePath(user, { verb: text(given["verb"]), path: text(given["path"]) });
  }
  throw new StatusError(
    422,
    "Invalid",
    `${kind}.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified`,
    {
      group: "authorization.k8s.io",
      kind,
      causes: [
        invalidValue(
          "spec.resourceAttributes",
          null,
          "exactly one of nonResourceAttributes or resourceAttributes must be specified",
        ),
      ],
    },
  );
}

const decisionStatus = ({ allowed, reason }: Decision): Json => ({
  allowed,
  ...(reason === "" ? {} : { reason }),
});

function rulesStatus(rules: PolicyRule[]): Json {
  const resourceRules = rules.filter((rule) => rule.resources !== undefined && rule.resources.length > 0);
  const nonResourceRules = rules.filter(
    (rule) => rule.nonResourceURLs !== undefined && rule.nonResourceURLs.length > 0,
  );
  return { resourceRules, nonResourceRules, incomplete: false };
}
