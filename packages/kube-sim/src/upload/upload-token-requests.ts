/** POST uploadtokenrequests: gives a token for uploading into one claim. */
import { isRecord } from "../api/json-patch.ts";
import type { ResourceRequest } from "../api/request-info.ts";
import { badRequest, methodNotAllowed } from "../store/status-error.ts";
import type { UploadTokens } from "./upload-tokens.ts";

export const isUploadTokenRequest = (info: ResourceRequest): boolean =>
  info.group === "upload.cdi.kubevirt.io" && info.resource === "uploadtokenrequests";

export async function answerUploadTokenRequest(
  tokens: UploadTokens,
  info: ResourceRequest,
  body: unknown,
): Promise<Record<string, unknown>> {
  if (info.verb !== "create" || info.name !== "") throw methodNotAllowed();
  if (!isRecord(body)) throw badRequest("the request body is not an object");
  const spec = isRecord(body["spec"]) ? body["spec"] : {};
  const { pvcName } = spec;
  if (typeof pvcName !== "string" || pvcName === "") throw badRequest("spec.pvcName must be given");
  const metadata = isRecord(body["metadata"]) ? body["metadata"] : {};
  return {
    ...body,
    apiVersion: "upload.cdi.kubevirt.io/v1beta1",
    kind: "UploadTokenRequest",
    metadata: { creationTimestamp: null, ...metadata, namespace: info.namespace },
    spec,
    status: { token: await tokens.mint({ namespace: info.namespace, claim: pvcName }) },
  };
}
