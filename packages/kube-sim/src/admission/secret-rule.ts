/** What Kubernetes demands of a Secret (pkg/apis/core/validation, ValidateSecret and ValidateSecretUpdate), in its words. */
import { sameJson } from "../store/json-equality.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { invalid } from "../store/status-error.ts";
import type { AdmissionRequest } from "./admission.ts";
import { keyProblems } from "./config-keys.ts";
import { type Cause, forbiddenField, invalidValue, required } from "./field-causes.ts";

type Data = Readonly<Record<string, string | null>>;

const maxBytes = 1024 ** 2;
const accountAnnotation = "kubernetes.io/service-account.name";

/** `stringData` is write-only: it ends up in `data`. */
function withData(secret: KubeObject): KubeObject {
  const { stringData, ...rest } = secret;
  const written = (stringData ?? {}) as Record<string, string>; // a Secret's stringData
  const data = Object.fromEntries(
    Object.entries(written).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
  return {
    ...rest,
    metadata: secret.metadata,
    ...(stringData === undefined ? {} : { data: { ...(secret["data"] as object | undefined), ...data } }), // a Secret's data
    type: secret["type"] ?? "Opaque",
  };
}

function dockerProblems(data: Data, key: string): Cause[] {
  const value = data[key];
  if (typeof value !== "string") return [required(`data[${key}]`)];
  try {
    JSON.parse(Buffer.from(value, "base64").toString("utf8"));
    return [];
  } catch {
    return [invalidValue(`data[${key}]`, "<secret contents redacted>", "invalid character in JSON")];
  }
}

/** What a type of secret must hold. */
function typeProblems(type: unknown, data: Data, annotations: Record<string, string> | undefined): Cause[] {
  const missing = (key: string): Cause[] => (data[key] === undefined ? [required(`data[${key}]`)] : []);
  switch (type) {
    case "kubernetes.io/service-account-token":
      return (annotations?.[accountAnnotation] ?? "") === ""
        ? [required(`metadata.annotations[${accountAnnotation}]`)]
        : [];
    case "kubernetes.io/dockerconfigjson":
      return dockerProblems(data, ".dockerconfigjson");
    case "kubernetes.io/dockercfg":
      return dockerProblems(data, ".dockercfg");
    case "kubernetes.io/basic-auth":
      return data["username"] === undefined && data["password"] === undefined
        ? [...missing("username"), ...missing("password")]
        : [];
    case "kubernetes.io/ssh-auth":
      return missing("ssh-privatekey");
    case "kubernetes.io/tls":
      return [...missing("tls.crt"), ...missing("tls.key")];
    default:
      return [];
  }
}

function changeProblems(secret: KubeObject, old: KubeObject): Cause[] {
  const type = secret["type"];
  const causes =
    type === (old["type"] ?? "Opaque") ? [] : [invalidValue("type", String(type), "field is immutable")];
  const fixed = old["immutable"] === true && !sameJson(secret["data"] ?? {}, old["data"] ?? {});
  return fixed ? [...causes, forbiddenField("data", "field is immutable when `immutable` is set")] : causes;
}

export function admitSecret(object: KubeObject, { kind, old }: AdmissionRequest): KubeObject {
  const secret = withData(object);
  const data = (secret["data"] ?? {}) as Data; // a Secret's data
  const bytes = Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(value ?? "", "base64"), 0);
  const causes = [
    ...Object.keys(data).flatMap((key) => keyProblems("data", key)),
    ...(bytes > maxBytes
      ? [
          {
            reason: "FieldValueTooLong",
            message: `Too long: may not be more than ${maxBytes} bytes`,
            field: "data",
          },
        ]
      : []),
    ...typeProblems(secret["type"], data, secret.metadata.annotations),
    ...(old === undefined ? [] : changeProblems(secret, old)),
  ];
  if (causes.length > 0) throw invalid(kind, object.metadata.name, causes);
  return secret;
}
