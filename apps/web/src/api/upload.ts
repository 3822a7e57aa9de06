/** Sends one file with progress and cancel. XMLHttpRequest, because fetch cannot tell how much has left the machine. */
import { ApiError, errorFromBody } from "./api-error.ts";

export interface UploadProgress {
  sentBytes: number;
  totalBytes: number;
}

/** The part of XMLHttpRequest that is used, so that tests can stand in for it. */
export interface UploadTransport {
  status: number;
  responseText: string;
  upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null };
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(body: Blob): void;
  abort(): void;
}

export interface Upload {
  /** Resolves with the reply's JSON; rejects with ApiError. */
  done: Promise<unknown>;
  cancel: () => void;
}

export class UploadCancelled extends Error {
  constructor() {
    super("The upload was cancelled.");
    this.name = "UploadCancelled";
  }
}

/** Starts sending `file` to `url` by PUT. */
export function startUpload(
  url: string,
  file: Blob,
  onProgress: (progress: UploadProgress) => void,
  createTransport: () => UploadTransport = () => new XMLHttpRequest() as unknown as UploadTransport, // as: the real one is wider
): Upload {
  const transport = createTransport();
  const done = new Promise<unknown>((resolve, reject) => {
    let sentBytes = 0;
    transport.upload.onprogress = ({ loaded }) => {
      sentBytes = loaded;
      onProgress({ sentBytes, totalBytes: file.size });
    };
    transport.onload = () => {
      if (transport.status < 200 || transport.status >= 300) {
        reject(errorFromBody("uploadImage", transport.status, transport.responseText));
        return;
      }
      try {
        resolve(JSON.parse(transport.responseText));
      } catch {
        reject(new ApiError({ code: "unreadable", httpStatus: transport.status, operation: "uploadImage" }));
      }
    };
    // what did not leave as a whole did not arrive as one
    transport.onerror = () =>
      reject(
        new ApiError({
          code: sentBytes < file.size ? "upload-incomplete" : "network",
          httpStatus: 0,
          operation: "uploadImage",
        }),
      );
    transport.onabort = () => reject(new UploadCancelled());
  });
  transport.open("PUT", url);
  transport.setRequestHeader("content-type", "application/octet-stream");
  transport.send(file);
  return { done, cancel: () => transport.abort() };
}
