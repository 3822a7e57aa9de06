/** Takes uploads in CDI's place and forgets them: a disk would be what is measured. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** @returns false where the request is for somebody else */
export function takeUpload(request: IncomingMessage, response: ServerResponse): boolean {
  const path = request.url ?? "";
  if (path.endsWith("/uploadtokenrequests")) {
    request.resume();
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify({ kind: "UploadTokenRequest", status: { token: "bench" } }));
    return true;
  }
  if (!path.startsWith("/v1beta1/upload")) return false;
  request.resume();
  request.once("end", () => response.writeHead(200).end());
  return true;
}
