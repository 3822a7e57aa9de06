/** What virt-api answers to a plain GET of a WebSocket. */
const NO_UPGRADE = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message:
    "websocket: the client is not using the websocket protocol: 'upgrade' token not found in 'Connection' header",
  reason: "BadRequest",
  code: 400,
};

export const NO_UPGRADE_TEXT = `Bad Request\n${JSON.stringify(NO_UPGRADE, null, 1)}`;
