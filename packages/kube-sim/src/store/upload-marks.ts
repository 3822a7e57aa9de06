/** Where the upload proxy leaves word for CDI's controller: annotations of the claim (docs/sim-differences.md). */
export const uploadStateAnnotation = "kubesim/upload-state";
export const uploadErrorAnnotation = "kubesim/upload-error";
export const uploadProgressAnnotation = "kubesim/upload-progress";
