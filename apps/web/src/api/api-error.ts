/** Every way a request to the console's API can fail, as data. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import type { ApiError as ApiErrorBody } from "@kubev/api-types/errors";

export type ApiErrorDetail = ApiErrorBody["error"];

/** Codes of the wire plus the two that only the browser can see. */
export type FailureCode = ApiErrorDetail["code"] | "network" | "unreadable";

export class ApiError extends Error {
  readonly code: FailureCode;
  readonly httpStatus: number;
  readonly operation: OperationName;
  readonly detail: ApiErrorDetail | undefined;

  constructor(input: {
    code: FailureCode;
    httpStatus: number;
    operation: OperationName;
    detail?: ApiErrorDetail | undefined;
  }) {
    super(`${input.operation}: ${input.code}`);
    this.name = "ApiError";
    this.code = input.code;
    this.httpStatus = input.httpStatus;
    this.operation = input.operation;
    this.detail = input.detail;
  }
}

/** Whether a right is missing: nobody's fault, and trying again does not bring it. */
export const isForbidden = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.code === "forbidden";

/** The error of a failed answer; a body that is not ours (a proxy's page) becomes `unreadable`. */
export function errorFromBody(operation: OperationName, httpStatus: number, text: string): ApiError {
  try {
    const body = JSON.parse(text) as Partial<ApiErrorBody>; // as: checked field by field below
    if (typeof body.error?.code === "string")
      return new ApiError({ code: body.error.code, httpStatus, operation, detail: body.error });
  } catch {
    // Not JSON: said as `unreadable` below.
  }
  return new ApiError({ code: "unreadable", httpStatus, operation });
}
