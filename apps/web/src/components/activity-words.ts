/** The audit trail's action names as the console says them. */
const words: Record<string, string> = {
  create: "Create",
  update: "Change",
  delete: "Delete",
  upload: "Upload",
  start: "Start",
  startPaused: "Start paused",
  stop: "Stop",
  forceStop: "Force stop",
  restart: "Restart",
  forceRestart: "Force restart",
  pause: "Pause",
  unpause: "Resume",
  reset: "Reset",
  softReboot: "Reboot the guest",
  "console.vnc.open": "Open the screen",
  "console.vnc.close": "Close the screen",
  "console.vnc.takeover": "Take over the screen",
  "console.serial.open": "Open the serial console",
  "console.serial.close": "Close the serial console",
  "session.open": "Sign in",
  "session.close": "Sign out",
};

/** The words of `action`; an unknown one is shown as it is. */
export function activityWords(action: string): string {
  return words[action] ?? action;
}
